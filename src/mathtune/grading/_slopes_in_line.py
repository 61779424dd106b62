r"""Derivatives that are written as products -> their names: `dy/dx`, `d^2y/dx^2`, `\partial_x u`."""

from __future__ import annotations

from mathtune.algebra import Expression, Variable
from mathtune.latex import Group, Node, Number, Power, Product, Subscript, Symbol, Word, to_text

from ._slopes import named_slope, slope

__all__ = ["slope_in_line", "slope_of_letters"]

_SIGNS = (Symbol("d"), Symbol("partial"))


def slope_in_line(factors: list[Node], at: int) -> tuple[Expression, int] | None:
    """`dy/dx` and `(d v)/(d t)` in plain text: the name of a derivative."""
    pair = factors[at : at + 2]
    if not all(isinstance(part, (Word, Group)) for part in pair):
        return None
    name = "/".join(map(to_text, pair))
    return None if slope(name) is None else (Variable(named_slope(name)), 2)


def slope_of_letters(factors: list[Node], operators: list[str], at: int) -> tuple[Expression, int] | None:
    r"""`d^2y/dx^2`, `\partial u/\partial x`, `\partial_x u`: a derivative, where a d begins it."""
    sign = factors[at]
    while isinstance(sign, (Power, Subscript)):
        sign = sign.base
    if sign not in _SIGNS:
        return None
    if operators[at : at + 2] == ["", "/"]:
        taken = 4 if factors[at + 2] in _SIGNS and operators[at + 2 : at + 3] == [""] else 3
        above, below = factors[at : at + 2], factors[at + 2 : at + taken]
        name = "/".join(to_text(Product(tuple(part), ("",) * (len(part) - 1))) for part in (above, below))
        return None if slope(name) is None else (Variable(named_slope(name)), taken)
    indices, function = _indices(factors[at]), factors[at + 1]
    if indices is None or not isinstance(function, Symbol):
        return None
    return Variable(f"∂{function.name}/∂{''.join(sorted(indices))}"), 2


def _indices(sign: Node) -> str | None:
    r"""The variables of `\partial_{xy}`, `\partial_x^2` and `\partial^2_x`, each as often as it is taken."""
    if isinstance(sign, Power):
        inner, times = _indices(sign.base), _times(sign)
        return None if inner is None or len(inner) > 1 or not times else inner * times
    if not isinstance(sign, Subscript) or not isinstance(sign.index, (Symbol, Word)):
        return None
    letters = to_text(sign.index)
    if isinstance(sign.base, Power) and sign.base.base == Symbol("partial") and len(letters) == 1:
        return letters * _times(sign.base) or None
    return letters if sign.base == Symbol("partial") else None


def _times(node: Power) -> int:
    """How often it is taken; 0 where that is no number."""
    exponent = node.exponent.text if isinstance(node.exponent, Number) else ""
    return int(exponent) if exponent in _ORDERS else 0


_ORDERS = frozenset("123456789")
