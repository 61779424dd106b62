"""To SymPy, for those who go on calculating: objects are built one by one, no text is ever evaluated."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.algebra import (
    Add,
    Apply,
    Bound,
    BudgetExceededError,
    Constant,
    Expression,
    Multiply,
    Power,
    Rational,
    Variable,
)
from mathtune.errors import LatexSyntaxError, MissingExtraError
from mathtune.latex import parse

from ._grade import TOO_COMPLEX
from ._reading import read
from ._sequences import is_longer_than_written
from ._values import Equation, Inequality, Items, Labelled, Named, Quantity, Region, Table, Value
from ._words import ProseError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["to_sympy"]

_NO_OBJECT = (NotImplementedError, *TOO_COMPLEX)  # the limit of `x` where `x` approaches `x`


def to_sympy(text: str) -> Any:  # noqa: ANN401  (any kind of SymPy object)
    r"""Read an answer and build the SymPy object that it means.

    `x = 5` is an equation, a list a set, `(1, 2)` a tuple, `[1, 2)` an interval; so is what a union joins.
    A percentage and an angle in degrees are numbers, any other unit is a symbol.

    Args:
        text: LaTeX or plain mathematics.

    Raises:
        LatexSyntaxError: The text is no mathematics that we can read, or SymPy has no object for it.
        MissingExtraError: SymPy is not installed.

    >>> to_sympy(r"\frac{x}{2} + \sqrt{3}")
    x/2 + sqrt(3)
    >>> to_sympy(r"(-\infty, 2] \cup [3, 4)")
    Union(Interval(-oo, 2), Interval.Ropen(3, 4))
    """
    try:
        import sympy
    except ImportError as error:
        raise MissingExtraError("sympy", "sympy", "to_sympy") from error
    tree = parse(text)
    try:
        if is_longer_than_written(tree):
            raise BudgetExceededError
        return _value(read(tree), sympy)
    except (ProseError, KeyError, AttributeError, TypeError, ValueError, *_NO_OBJECT) as error:
        raise LatexSyntaxError("expected mathematics that SymPy knows", text, 0, len(text)) from error


def _value(value: Value, sympy: ModuleType) -> Any:  # noqa: ANN401
    if isinstance(value, Quantity):
        return _quantity(value, sympy)
    if isinstance(value, Labelled):
        return sympy.Eq(_label(value, sympy), _value(value.value, sympy), evaluate=False)
    if isinstance(value, Items):
        return _items(value, sympy)
    if isinstance(value, Equation):
        return sympy.Eq(_expression(value.left, sympy), _expression(value.right, sympy), evaluate=False)
    if isinstance(value, Inequality):
        relation = {"<": sympy.Lt, "≤": sympy.Le, "≠": sympy.Ne}[value.operator]
        return relation(_expression(value.left, sympy), _expression(value.right, sympy), evaluate=False)
    if isinstance(value, Region):
        return _region(value, sympy)
    if isinstance(value, Named):
        return getattr(sympy.S, _SETS[value.name])
    if isinstance(value, Table):
        return sympy.Matrix([[_value(cell, sympy) for cell in row] for row in value.rows])
    raise ProseError


_SETS = {"R": "Reals", "Z": "Integers", "N": "Naturals", "Q": "Rationals", "C": "Complexes"}


def _quantity(value: Quantity, sympy: ModuleType) -> Any:  # noqa: ANN401
    """A percentage and an angle are numbers; any other unit is a symbol to multiply with."""
    number = _expression(value.expression, sympy)
    if value.unit is None:
        return number
    if value.unit == "percent":
        return number / 100
    return number * (sympy.pi / 180 if value.unit == "degree" else sympy.Symbol(value.unit))


def _label(value: Labelled, sympy: ModuleType) -> Any:  # noqa: ANN401
    if not value.arguments:
        return sympy.Symbol(value.label)
    return sympy.Function(value.label)(*map(sympy.Symbol, value.arguments))


def _items(value: Items, sympy: ModuleType, *, is_set: bool = False) -> Any:  # noqa: ANN401
    """A pair with a square bracket, or among sets, is an interval; without one it is a point."""
    items = [_value(item, sympy) for item in value.items]
    if value.kind == "tuple" and len(items) == 2 and (is_set or "[" in value.opening or "]" in value.closing):
        return sympy.Interval(*items, left_open=value.opening == "(", right_open=value.closing == ")")
    ordered = value.kind == "tuple" or any(isinstance(item, Labelled) for item in value.items)
    return sympy.Tuple(*items) if ordered else sympy.FiniteSet(*items)


def _region(value: Region, sympy: ModuleType) -> Any:  # noqa: ANN401
    """Sets are joined as sets, statements as statements."""
    parts = [
        _items(part, sympy, is_set=True) if isinstance(part, Items) else _value(part, sympy)
        for part in value.parts
    ]
    joins = {"or": (sympy.Union, sympy.Or), "and": (sympy.Intersection, sympy.And)}
    joins["minus"] = (sympy.Complement, None)
    join = joins[value.operator][not all(isinstance(part, sympy.Set) for part in parts)]
    if join is None:
        raise ProseError
    return join(*parts)


def _expression(value: Expression, sympy: ModuleType) -> Any:  # noqa: ANN401
    if isinstance(value, Rational):
        return sympy.Rational(value.value.numerator, value.value.denominator)
    if isinstance(value, Variable):
        return sympy.Symbol(value.name)
    if isinstance(value, Constant):
        return {"pi": sympy.pi, "e": sympy.E, "i": sympy.I, "infty": sympy.oo}[value.name]
    if isinstance(value, Add):
        return sympy.Add(*(_expression(term, sympy) for term in value.terms))
    if isinstance(value, Multiply):
        return sympy.Mul(*(_expression(factor, sympy) for factor in value.factors))
    if isinstance(value, Power):
        return _power(_expression(value.base, sympy), _expression(value.exponent, sympy), sympy)
    if isinstance(value, Apply):
        arguments = [_expression(argument, sympy) for argument in value.arguments]
        if value.name in _GROWING and any(one.is_Rational and abs(one) > _LARGEST for one in arguments):
            raise ProseError
        if value.name.endswith("("):
            return sympy.Function(value.name[:-1])(*arguments)
        return _applied(_NAMES.get(value.name, value.name), arguments, sympy)
    return _bound(value, sympy)


def _applied(name: str, arguments: list[Any], sympy: ModuleType) -> Any:  # noqa: ANN401
    """A function; SymPy works out what it can at once, so it is only let where that is little work."""
    function = getattr(sympy, name)
    if _is_little_work(name, arguments, sympy):
        return function(*arguments)
    if not isinstance(function, type):  # gcd and the like, which can only be worked out
        raise ProseError
    return function(*arguments, evaluate=False)


def _is_little_work(name: str, arguments: list[Any], sympy: ModuleType) -> bool:
    """Whether no number is large, and no function of functions is looked through, again at every depth."""
    numbers = [one for argument in arguments for one in argument.atoms(sympy.Rational)]
    if any(max(abs(int(one.p)), int(one.q)) > _LARGEST for one in numbers):
        return False
    if name not in _ELEMENTARY:
        return name in _OF_ANYTHING or all(one.is_Rational for one in arguments)
    below = [inner for one in arguments for outer in one.atoms(sympy.Function) for inner in outer.args]
    return not any(inner.has(sympy.Function, sympy.Integral, sympy.Sum) for inner in below)


def _power(base: Any, exponent: Any, sympy: ModuleType) -> Any:  # noqa: ANN401
    """A power; SymPy works out those of numbers at once, in products too, however large they become."""
    numbers = [one for one in base.atoms(sympy.Rational) if abs(one) not in (0, 1)]
    if numbers:
        bits = sum(max(int(one.p).bit_length(), int(one.q).bit_length()) for one in numbers)
        times = exponent.atoms(sympy.Rational)
        largest = max(map(abs, times), default=0)
        whole = all(one.is_Integer for one in times)
        if largest > _LARGEST or bits > (_MOST_BITS / max(largest, 1) if whole else _MOST_UNDER_ROOT):
            raise ProseError
    if not exponent.free_symbols and any(inner.exp.has(sympy.Pow) for inner in exponent.atoms(sympy.Pow)):
        raise ProseError  # a tower of numbers, of which each product would be worked out anew
    if not (exponent.is_Integer or base.free_symbols) and len(base.atoms(sympy.Pow)) > _MOST_ROOTS:
        raise ProseError
    return sympy.Pow(base, exponent)


_LARGEST = 10_000
_MOST_BITS = 100_000
_MOST_UNDER_ROOT = 1_000  # bits of a number that SymPy looks for factors of
_MOST_ROOTS = 10  # of numbers under a root, whose sign takes SymPy twice as long to find at every depth
# Functions that SymPy simplifies for any argument, in little time; others only for numbers.
_ELEMENTARY = frozenset([
    "log", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot", "asec", "acsc",
    "sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "acosh", "atanh", "Abs", "re", "im", "arg",
    "conjugate", "sign", "real_root",
])  # fmt: skip
_OF_ANYTHING = frozenset(["gcd", "lcm"])  # which SymPy cannot leave undone
# Functions of whole numbers that SymPy works out at once as well.
_GROWING = frozenset(["factorial", "double factorial", "binom", "nPr", "Gamma", "zeta", "Beta"])

_NAMES = {
    "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot",
    "arcsec": "asec",
    "arccsc": "acsc", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "abs": "Abs",
    "ceil": "ceiling",
    "binom": "binomial", "Gamma": "gamma", "max": "Max", "min": "Min", "mod": "Mod",
    "root": "real_root", "J": "besselj", "Y": "bessely", "I": "besseli", "K": "besselk", "Ai": "airyai",
    "Bi": "airybi", "Beta": "beta", "W": "LambertW", "sgn": "sign",
}  # fmt: skip


def _bound(value: Bound, sympy: ModuleType) -> Any:  # noqa: ANN401
    variable = sympy.Symbol(value.variable)
    body = _expression(value.body, sympy)
    if value.kind == "lim" and value.lower is not None:
        return sympy.Limit(body, variable, _expression(value.lower, sympy))
    kind = {"sum": sympy.Sum, "prod": sympy.Product, "int": sympy.Integral}[value.kind]
    if value.lower is None or value.upper is None:
        return kind(body, variable)
    return kind(body, (variable, _expression(value.lower, sympy), _expression(value.upper, sympy)))
