"""To SymPy, for those who go on calculating: objects are built one by one, no text is ever evaluated."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.algebra import Add, Apply, Bound, Constant, Expression, Multiply, Power, Rational, Variable
from mathtune.errors import LatexSyntaxError, MissingExtraError
from mathtune.latex import parse

from ._reading import read
from ._values import Equation, Inequality, Items, Labelled, Quantity, Table, Value
from ._words import ProseError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["to_sympy"]


def to_sympy(text: str) -> Any:  # noqa: ANN401  (any kind of SymPy object)
    r"""Read an answer and build the SymPy object that it means.

    Args:
        text: LaTeX or plain mathematics.

    Raises:
        LatexSyntaxError: The text is no mathematics that we can read, or SymPy has no object for it.
        MissingExtraError: SymPy is not installed.

    >>> to_sympy(r"\frac{x}{2} + \sqrt{3}")
    x/2 + sqrt(3)
    """
    try:
        import sympy
    except ImportError as error:
        raise MissingExtraError("sympy", "dev", "to_sympy") from error
    tree = parse(text)
    try:
        return _value(read(tree), sympy)
    except (ProseError, KeyError, AttributeError) as error:
        raise LatexSyntaxError("expected mathematics that SymPy knows", text, 0, len(text)) from error


def _value(value: Value, sympy: ModuleType) -> Any:  # noqa: ANN401
    if isinstance(value, Quantity):
        return _expression(value.expression, sympy)
    if isinstance(value, Labelled):
        return _value(value.value, sympy)
    if isinstance(value, Items):
        parts = [_value(item, sympy) for item in value.items]
        return sympy.Tuple(*parts) if value.kind == "tuple" else sympy.FiniteSet(*parts)
    if isinstance(value, Equation):
        return sympy.Eq(_expression(value.left, sympy), _expression(value.right, sympy))
    if isinstance(value, Inequality):
        relation = {"<": sympy.Lt, "≤": sympy.Le, "≠": sympy.Ne}[value.operator]
        return relation(_expression(value.left, sympy), _expression(value.right, sympy))
    if isinstance(value, Table):
        return sympy.Matrix([[_value(cell, sympy) for cell in row] for row in value.rows])
    raise ProseError


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
        return sympy.Pow(_expression(value.base, sympy), _expression(value.exponent, sympy))
    if isinstance(value, Apply):
        arguments = [_expression(argument, sympy) for argument in value.arguments]
        if value.name.endswith("("):
            return sympy.Function(value.name[:-1])(*arguments)
        return getattr(sympy, _NAMES.get(value.name, value.name))(*arguments)
    return _bound(value, sympy)


_NAMES = {
    "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot",
    "arcsec": "asec",
    "arccsc": "acsc", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "abs": "Abs",
    "ceil": "ceiling",
    "binom": "binomial", "Gamma": "gamma", "max": "Max", "min": "Min", "mod": "Mod",
    "root": "real_root",
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
