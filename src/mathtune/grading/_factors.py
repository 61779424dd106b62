"""Products as they are written -> expressions: `2 1/2`, `f(x)`, `d/dx sin x`, `60° 42'`."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)

from __future__ import annotations

import math
from itertools import product, starmap
from typing import TYPE_CHECKING

from mathtune.algebra import (
    Add,
    Apply,
    Expression,
    Multiply,
    Rational,
    Variable,
    add,
    apply,
    divide,
    multiply,
    rational,
)
from mathtune.latex import (
    Fraction,
    Group,
    Grouped,
    Node,
    Number,
    Postfix,
    Power,
    Product,
    Root,
    Subscript,
    Symbol,
    Word,
)

from ._calculus import differential_operator, differentiated
from ._dots import product_with_dots
from ._functions import chosen, within
from ._letter_calls import mean, of_one_term
from ._letters import FUNCTION_LETTERS, LONGEST_RUN, called, hypergeometric
from ._numerals import DEGREE, integer, number_value
from ._slopes_in_line import slope_in_line, slope_of_letters
from ._values import NotScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[[Node], Expression]
    _Scaled = tuple[Expression, Expression]

__all__ = ["product_value", "remainder"]


def product_value(node: Product, formula: Formula) -> Expression:
    r"""The expression that a product means; `2x` and `3\sqrt{2}`, half of all, need no rule for more."""
    if node.operators == ("",) and type(node.factors[0]) is Number:
        number, sign = node.factors
        if type(sign) is Root or (type(sign) is Symbol and sign.name != "ldots"):
            return multiply(formula(number), formula(sign))
    return _in_order(node, formula)


def _in_order(node: Product, formula: Formula) -> Expression:
    """The factors one by one: some take what stands beside them, and an operator what stands before it."""
    factors, operators = list(node.factors), list(node.operators)
    if "ldots" in [factor.name for factor in factors if type(factor) is Symbol]:
        return _dotted(factors, operators, formula)
    whole = _angle(factors, operators, formula) if type(factors[0]) is Postfix else None
    if operators[:2] == ["/", ""]:
        whole = _derivative_in_line(factors, operators, formula)
    if whole is not None:
        return whole
    parts: list[Expression] = []  # multiplied in one go: one by one, a long product costs its square
    at = 0
    while at < len(factors):
        operator = operators[at - 1] if at else "*"
        factor, used = _factor(factors, operators, at, formula)
        if operator == "mod":
            parts = [remainder(_multiplied(parts), factor)]
        elif operator in ("/", "÷", ":"):
            parts.append(divide(rational(1), factor))
        elif operator in _FIELDS and parts and parts[-1] == _NABLA:
            parts[-1] = Apply(_FIELDS[operator], (factor,))
        elif operator in ("", "*", "×"):
            parts += (_CROSS, factor) if operator == "×" else (factor,)
        else:
            raise NotScalarError
        at += used
    return _multiplied(parts) if "×" in operators else multiply(*parts)


_ONE = rational(1)
_CROSS = Variable("×")
_NABLA = Variable("nabla")
# What the sign behind a nabla makes of a field; without one it is a gradient.
_FIELDS = {"×": "curl(", "*": "divergence("}


def remainder(value: Expression, modulus: Expression) -> Expression:
    r"""`7^{-1} \bmod 11` is 8: what times the denominator leaves the numerator."""
    if not isinstance(value, Rational) or not isinstance(modulus, Rational) or value.digits is not None:
        return apply("mod", value, modulus)
    below, whole = value.value.denominator, int(modulus.value)
    if modulus.value == whole > 1 and math.gcd(below, whole) == 1:
        value = rational(value.value.numerator * pow(below, -1, whole))
    return apply("mod", value, modulus)


_DOTS = Symbol("ldots")


def _dotted(factors: list[Node], operators: list[str], formula: Formula) -> Expression:
    r"""`2 \cdot 4 \cdots 100`."""
    at = factors.index(_DOTS)
    if not set(operators) <= {"", "*", "×"} or factors.count(_DOTS) > 1:
        raise NotScalarError
    return product_with_dots([formula(factor) for factor in factors if factor != _DOTS], at)


def _multiplied(parts: list[Expression]) -> Expression:
    """The product, where a cross between vectors is theirs; the second may stand behind a factor."""
    done: list[Expression] = []
    crossed: list[_Scaled] = []  # what stands before a cross that no vector follows yet
    for part in parts:
        if part is not _CROSS:
            vectors = _vectors(part) if crossed else []
            done.append(_cross(crossed, vectors) if vectors else part)
            crossed = [] if vectors else crossed
        elif not crossed and (crossed := _vectors(done[-1])):
            del done[-1]
    return multiply(*done, add(*starmap(multiply, crossed)) if crossed else _ONE)


def _vectors(value: Expression) -> list[_Scaled]:
    """The terms of a sum of vectors with an arrow or in bold, each as a factor and a vector."""
    found: list[_Scaled] = []
    for term in value.terms if type(value) is Add else (value,):
        factors = term.factors if type(term) is Multiply else (term,)
        vectors = [factor for factor in factors if _is_vector(factor)]
        if len(vectors) != 1:
            return []
        found.append((multiply(*(factor for factor in factors if factor is not vectors[0])), vectors[0]))
    return found


def _is_vector(value: Expression) -> bool:
    if not isinstance(value, Variable | Apply) or value.name in _SHARES:
        return False
    return value.name.startswith(("vec ", "hat ", "cross("))


_SHARES = ("hat p", "hat q")  # estimated shares, which are numbers


def _cross(one: list[_Scaled], other: list[_Scaled]) -> Expression:
    """The cross product, term by term; of two vectors turned round it is the opposite, of one twice zero."""
    if len(one) * len(other) > _MOST_TERMS:
        raise NotScalarError
    terms: list[Expression] = []
    for (scale, first), (factor, second) in product(one, other):
        pair = sorted((first, second), key=repr)
        sign = rational((pair[0] is first) - (pair[0] == second))
        terms.append(multiply(scale, factor, sign, Apply("cross(", tuple(pair))))
    return add(*terms)


_MOST_TERMS = 64


def _derivative_in_line(factors: list[Node], operators: list[str], formula: Formula) -> Expression | None:
    """`d/dx sin x`, as plain text has it."""
    if factors[0] not in (Symbol("d"), Symbol("partial")):
        return None
    found = differential_operator(Fraction(factors[0], factors[1]))
    if found is None:
        return None
    rest = Product(tuple(factors[2:]), tuple(operators[2:]))
    return differentiated(formula(rest), formula(found[0]), formula(found[1]))


def _factor(factors: list[Node], operators: list[str], at: int, formula: Formula) -> tuple[Expression, int]:
    """The value that starts at `at`, and how many factors it takes: mixed numbers and f(x) take several."""
    node = factors[at]
    if at + 1 == len(factors) or operators[at] != "":
        slashed = at + 1 < len(factors) and operators[at] == "/"
        return (slope_in_line(factors, at) if slashed else None) or (formula(node), 1)
    following = factors[at + 1]
    choice = chosen(factors, at, formula)
    if choice is not None:
        return choice
    if type(node) in _SIGNS and type(following) in _SIGNS and type(following) is not Number:
        written = slope_of_letters(factors, operators, at) if node == _PARTIAL else None
        return written or (formula(node), 1)  # as in most products: 2x, 3√2
    if isinstance(node, (Number, Grouped)):
        mixed = _mixed(factors, operators, at, formula)
        if mixed is not None:
            return mixed
        if isinstance(following, (Number, Grouped)):
            raise NotScalarError  # two numbers side by side
        return formula(node), 1
    return _applied(factors, operators, at, formula)


# `d`, `d^2`, `\partial_x`
_OF_SLOPES = frozenset([Symbol, Power, Subscript])


def _applied(factors: list[Node], operators: list[str], at: int, formula: Formula) -> tuple[Expression, int]:
    """A derivative's sign, a function's name or a letter, and what it is applied to, if it is."""
    node, following = factors[at], factors[at + 1]
    written = slope_of_letters(factors, operators, at) if type(node) in _OF_SLOPES else None
    if written is not None:
        return written
    operator = differential_operator(node) if isinstance(node, (Fraction, Group)) else None
    if operator is not None:
        rest = Product(tuple(factors[at + 1 :]), tuple(operators[at + 1 :]))
        value = differentiated(formula(rest), formula(operator[0]), formula(operator[1]))
        return value, len(factors) - at
    behind = factors[at + 2] if at + 2 < len(factors) else None
    several = hypergeometric(factors, at, formula) if isinstance(node, Subscript) else None
    if several is not None:
        return several
    run = _letters_and_call(node.text, following, formula) if isinstance(node, Word) else None
    value_of_call = run or called(node, following, formula)
    value_of_call = (
        value_of_call or of_one_term(node, following, at, formula) or mean(node, following, formula)
    )
    value_of_call = (
        value_of_call or _numbered(node, following, behind, formula) or within(node, following, formula)
    )
    return (formula(node), 1) if value_of_call is None else (value_of_call, 2)


# What is a factor by itself, whatever stands beside it but a number.
_SIGNS = frozenset([Number, Symbol, Root])
_PARTIAL = Symbol("partial")


def _letters_and_call(word: str, following: Node, formula: Formula) -> Expression | None:
    """`xf(x)`: the last letter of a run is the function's name; `Var(2X)` has a name of several letters."""
    if len(word) >= _SHORTEST_NAME and word.istitle() and isinstance(following, Group):
        inside = following.body if following.opening == "(" else None
        return None if inside is None else Apply(f"{word}(", (formula(inside),))
    if word[-1] not in FUNCTION_LETTERS or not word[:-1].islower() or len(word) > LONGEST_RUN:
        return None
    inner = called(Symbol(word[-1]), following, formula)
    return None if inner is None else multiply(formula(Word(word[:-1])), inner)


_SHORTEST_NAME = 3


def _numbered(node: Node, following: Node, behind: Node | None, formula: Formula) -> Variable | None:
    """`C1`, as plain text has the constant C_1: a factor would stand in front."""
    if not isinstance(node, Symbol) or not isinstance(following, Number) or following.text not in _DIGITS:
        return None
    if node.name in _WHOLE and behind == _PI:
        return None  # n2π is n times 2π
    return Variable(f"{node.name}_{following.text}") if isinstance(formula(node), Variable) else None


_DIGITS = frozenset("0123456789")
_WHOLE = frozenset("nkm")
_PI = Symbol("pi")


def _mixed(
    factors: list[Node], operators: list[str], at: int, formula: Formula
) -> tuple[Expression, int] | None:
    r"""`2\frac12` and `2 1/2`: a whole number right before a proper fraction of whole numbers."""
    node = factors[at]
    if not (isinstance(node, Number) and node.text.isdecimal()) or (at and operators[at - 1] == ""):
        return None
    after = factors[at + 1]
    if isinstance(after, Fraction) and _is_proper(after.numerator, after.denominator):
        return add(number_value(node.text), formula(after)), 2
    slash = at + 2 < len(factors) and operators[at + 1] == "/"
    if slash and isinstance(after, Number) and _is_proper(after, factors[at + 2]):
        return add(number_value(node.text), formula(Fraction(after, factors[at + 2]))), 3
    return None


def _is_proper(numerator: Node, denominator: Node) -> bool:
    if not (isinstance(numerator, Number) and isinstance(denominator, Number)):
        return False
    both = numerator.text.isdecimal() and denominator.text.isdecimal()
    return both and integer(numerator.text) < integer(denominator.text)


def _angle(factors: list[Node], operators: list[str], formula: Formula) -> Expression | None:
    r"""`60^\circ 42' 5''` is one angle."""
    if not isinstance(factors[0], Postfix) or factors[0].operator != "°" or any(operators):
        return None
    scales = {"°": 1, "'": 60, "''": 3600, '"': 3600}
    terms = []
    for factor in factors:
        marks, inner = "", factor
        while isinstance(inner, Postfix) and inner.operator in ("'", '"', "°"):
            marks, inner = marks + inner.operator, inner.argument
        if marks not in scales or not isinstance(inner, Number):
            return None
        terms.append(divide(formula(inner), rational(scales[marks])))
    return multiply(add(*terms), DEGREE)
