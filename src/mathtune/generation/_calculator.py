"""A calculator that a model may call: mathtune's own algebra on mathtune's own reading of the text.

Nothing of the model's text is run as code. Every call has a budget of work and answers with a text, also
where it cannot help.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.algebra import (
    FLINT,
    Budget,
    BudgetExceededError,
    Expression,
    Rational,
    add,
    negate,
    numeric_value,
    precision,
    symbols,
)
from mathtune.errors import LatexSyntaxError
from mathtune.grading import NotScalarError, formula
from mathtune.latex import Relation, parse

from ._terms import TOO_LARGE, Terms, UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Calculator"]

_LONGEST = 2_000  # characters of an expression
_MOST_DIGITS = 100
_DIGITS = 15
_LONGEST_NUMBER = 2_000  # characters of an exact result
_MOST_DEGREE = 64
_LARGEST_SQUARE = 1_000  # prime squares up to this one are taken out of roots
_BITS_A_DIGIT = 3.33
_SPARE_BITS = 64


class _RefusalError(Exception):
    """What the calculator says instead of a result."""


@attrs.frozen(kw_only=True)
class Calculator:
    r"""The tools that a model may call: evaluate, simplify, solve.

    Attributes:
        work: Units of work that one call may cost.

    >>> Calculator().call("evaluate", '{"expression": "1/3 + 1/6"}')
    '1/2'
    >>> Calculator().call("solve", '{"equation": "x^2 = 5x - 6", "unknown": "x"}')
    'x = 2 or x = 3'
    """

    work: int = 50_000

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The tools as the protocol describes them to a model."""
        return [{"type": "function", "function": _described(*row)} for row in _TOOLS]

    def call(self, name: str, arguments: str) -> str:
        """Answer a call; never raises on any text.

        Args:
            name: The tool's name.
            arguments: The arguments as a JSON object, as a model wrote it.
        """
        try:
            return self._answer(name, arguments)
        except _RefusalError as refusal:
            return f"error: {refusal}"
        except LatexSyntaxError as error:
            return f"error: cannot read the expression: {error.message} (at {error.start})"
        except ZeroDivisionError:
            return "error: division by zero"
        except UnfitError as error:
            return f"error: {error}"
        except (BudgetExceededError, RecursionError, OverflowError, MemoryError):
            return f"error: {TOO_LARGE}"

    def _answer(self, name: str, arguments: str) -> str:
        if name not in _CALLS:
            raise _RefusalError(f"no tool {name[:50]!r}; there are {', '.join(_CALLS)}")
        try:
            given = json.loads(arguments)
        except ValueError as error:
            raise _RefusalError(f"the arguments are not JSON ({error})"[:200]) from error
        if not isinstance(given, dict):
            raise _RefusalError("expected a JSON object of arguments")
        return _CALLS[name](given, Budget(self.work))


def _evaluate(given: Mapping[str, Any], budget: Budget) -> str:
    """Give the exact value, or as many digits as wanted."""
    expression, digits = _expression(given, "expression"), given.get("digits")
    if unknown := symbols(expression):
        raise _RefusalError(f"{', '.join(sorted(unknown))} has no value; use simplify or solve")
    if isinstance(expression, Rational) and digits is None:
        return _exact(expression.value)
    if digits is None:
        terms = Terms.read(expression)
        return str(terms) if terms.is_rational else f"{terms}, about {_decimals(expression, _DIGITS, budget)}"
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= _MOST_DIGITS:
        raise _RefusalError(f"digits is a whole number from 1 to {_MOST_DIGITS}")
    return _decimals(expression, digits, budget)


def _simplify(given: Mapping[str, Any], budget: Budget) -> str:
    """Give one fraction in lowest terms, multiplied out, and its factors where they differ."""
    budget.spend(1)
    terms = Terms.read(_expression(given, "expression"))
    out, factored = str(terms), terms.factored
    if len(out) > _LONGEST_NUMBER:
        raise UnfitError(TOO_LARGE)
    return out if factored in {out, f"({out})"} else f"{out} = {factored}"


def _solve(given: Mapping[str, Any], budget: Budget) -> str:
    """Give all solutions of an equation that is rational in one unknown, the complex ones too."""
    left, right = _sides(_text(given, "equation"))
    gap = add(left, negate(right))
    names = symbols(gap)
    unknown = given.get("unknown") or (next(iter(names)) if len(names) == 1 else "x")
    if unknown not in names:
        raise _RefusalError(f"the unknown {str(unknown)[:20]!r} does not occur")
    terms = Terms.read(gap)
    coefficients = _coefficients(terms.numerator, str(unknown))
    if len(coefficients) == 2:
        return f"{unknown} = {_linear(coefficients)}"
    if any(not coefficient.is_constant() for coefficient in coefficients):
        raise _RefusalError("beyond degree 1 the coefficients have to be rational numbers")
    roots = _roots([_rational(coefficient) for coefficient in coefficients], budget)
    return " or ".join(f"{unknown} = {root}" for root in roots) if roots else "no solution"


def _text(given: Mapping[str, Any], name: str) -> str:
    text = given.get(name)
    if not isinstance(text, str) or not text.strip():
        raise _RefusalError(f"expected the text {name!r}")
    if len(text) > _LONGEST:
        raise _RefusalError(f"the {name} is longer than {_LONGEST} characters")
    return text


def _expression(given: Mapping[str, Any], name: str) -> Expression:
    try:
        return formula(parse(_text(given, name)))
    except NotScalarError as error:
        raise _RefusalError("expected one number or formula, without = or commas") from error


def _sides(text: str) -> tuple[Expression, Expression]:
    tree = parse(text)
    try:
        if isinstance(tree, Relation) and tree.operators == ("=",):
            return formula(tree.sides[0]), formula(tree.sides[1])
        return formula(tree), Rational(Fraction(0))
    except NotScalarError as error:
        raise _RefusalError("expected one equation with one =") from error


def _exact(value: Fraction) -> str:
    if value.numerator.bit_length() + value.denominator.bit_length() > _LONGEST_NUMBER * _BITS_A_DIGIT:
        raise UnfitError(TOO_LARGE)
    return str(value)


def _decimals(expression: Expression, digits: int, budget: Budget) -> str:
    """Give a number to so many digits, all of them right."""
    value = numeric_value(expression, budget, int(digits * _BITS_A_DIGIT) + _SPARE_BITS)
    if value is None:
        raise _RefusalError("the expression has no value")
    text = _complex(value, digits)
    if "nan" in text or "[" in text:
        raise _RefusalError("the value could not be found to so many digits")
    return text


def _coefficients(polynomial: Any, unknown: str) -> list[Any]:  # noqa: ANN401  (flint publishes no types)
    """Give the coefficients in one unknown, constant first, as polynomials in the rest."""
    context = polynomial.context()
    place = list(context.names()).index(unknown) if unknown in context.names() else None
    if place is None:
        raise _RefusalError(f"the equation does not depend on {unknown}, or not as a rational function")
    rows: dict[int, dict[tuple[int, ...], Any]] = {}
    for monomial, coefficient in polynomial.to_dict().items():
        rest = (*monomial[:place], 0, *monomial[place + 1 :])
        rows.setdefault(int(monomial[place]), {})[rest] = coefficient
    degree = max(rows, default=0)
    if not 1 <= degree <= _MOST_DEGREE:
        raise _RefusalError("there is nothing to solve" if not degree else "the degree is too high")
    return [context.from_dict(rows.get(power, {})) for power in range(degree + 1)]


def _linear(coefficients: list[Any]) -> str:
    constant, slope = coefficients
    return str(Terms(-constant, slope).lowest())


def _rational(constant: Any) -> Fraction:  # noqa: ANN401
    if constant.is_zero():
        return Fraction(0)
    value = constant.leading_coefficient()
    return Fraction(int(value.p), int(value.q))


def _roots(coefficients: list[Fraction], budget: Budget) -> list[str]:
    """Give the roots of a polynomial over the rationals: exact to degree 2, else to fifteen digits."""
    from flint import fmpz_poly

    common = math.lcm(*(c.denominator for c in coefficients))
    budget.spend(len(coefficients) ** 3)
    _, factors = fmpz_poly([int(c * common) for c in coefficients]).factor()
    ordered = sorted((factor for factor, _ in factors), key=_place)
    return [root for factor in ordered for root in _roots_of(factor)]


def _place(factor: Any) -> tuple[int, Fraction]:  # noqa: ANN401
    """Order factors by degree, linear ones by their root."""
    coefficients = factor.coeffs()
    return len(coefficients), Fraction(-int(coefficients[0]), int(coefficients[1] or 1))


def _roots_of(factor: Any) -> list[str]:  # noqa: ANN401
    coefficients = [int(c) for c in factor.coeffs()]
    if len(coefficients) == 2:
        return [str(Fraction(-coefficients[0], coefficients[1]))]
    if len(coefficients) == 3:
        return _quadratic(*coefficients)
    with FLINT, precision(int(_DIGITS * _BITS_A_DIGIT) + _SPARE_BITS):
        return [f"about {_complex(root, _DIGITS)}" for root, _ in factor.complex_roots()]


def _quadratic(constant: int, linear: int, square: int) -> list[str]:
    """Give both roots of an irreducible quadratic by its formula, the square part taken out of the root."""
    outside, inside = _split_square(linear * linear - 4 * square * constant)
    shrink = math.gcd(linear, outside, 2 * square)
    middle, reach, below = -linear // shrink, outside // shrink, 2 * square // shrink
    root = f"sqrt({abs(inside)})" if abs(inside) != 1 else ""
    parts = [part for part in ("" if reach == 1 else str(reach), "i" if inside < 0 else "", root) if part]
    distance = "*".join(parts) or "1"
    start = f"{middle} " if middle else ""
    return [_over(f"{start}{sign} {distance}".strip(), below) for sign in "+-"]


def _over(top: str, below: int) -> str:
    top = top.removeprefix("+ ").replace("- ", "-", 1) if top[0] in "+-" and top[1] == " " else top
    return top if below == 1 else f"({top})/{below}"


def _split_square(number: int) -> tuple[int, int]:
    """Give (s, d) with number = s² d, d without square factors below the bound that is looked at."""
    outside, inside = 1, number
    for prime in range(2, _LARGEST_SQUARE):
        while inside % (prime * prime) == 0:
            outside, inside = outside * prime, inside // (prime * prime)
    return outside, inside


def _complex(value: Any, digits: int) -> str:  # noqa: ANN401
    real, imaginary = (str(part.str(digits, radius=False)) for part in (value.real, value.imag))
    if value.imag.contains(0):
        return real
    sign = "-" if imaginary.startswith("-") else "+"
    return f"{real} {sign} {imaginary.removeprefix('-')}*i"


def _described(name: str, purpose: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"name": name, "description": purpose, "parameters": schema}


_FORMULA = {"type": "string", "description": "LaTeX or plain mathematics, for example 3/4 + sqrt(2)"}
_TOOLS: tuple[tuple[str, str, dict[str, Any], list[str]], ...] = (
    (
        "evaluate",
        "Give the exact value of an expression without unknowns, or its decimals; log is the natural one.",
        {
            "expression": _FORMULA,
            "digits": {"type": "integer", "description": f"decimals wanted, 1 to {_MOST_DIGITS}"},
        },
        ["expression"],
    ),
    (
        "simplify",
        "Multiply out and reduce an expression with unknowns, and give its factors.",
        {"expression": _FORMULA},
        ["expression"],
    ),
    (
        "solve",
        "Solve an equation that is polynomial or rational in one unknown.",
        {
            "equation": {"type": "string", "description": "for example x^2 - 5x + 6 = 0"},
            "unknown": {"type": "string", "description": "for example x"},
        },
        ["equation"],
    ),
)
_CALLS: dict[str, Callable[[Mapping[str, Any], Budget], str]] = {
    "evaluate": _evaluate,
    "simplify": _simplify,
    "solve": _solve,
}
