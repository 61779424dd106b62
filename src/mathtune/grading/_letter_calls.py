"""Letters before a bracket that are functions, whatever their name, and no factors: `N(t)`, `E[X^2]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.algebra import (
    Add,
    Apply,
    Expression,
    Multiply,
    Rational,
    Variable,
    add,
    multiply,
    power,
    symbols,
)
from mathtune.latex import Accent, Group, Node, Number, Power, Product, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[[Node], Expression]

__all__ = ["mean", "of_one_term"]


def of_one_term(node: Node, following: Node, at: int, formula: Formula) -> Expression | None:
    """`N(t)`, `y(2)`, `T(2x)`: a function, since nobody puts brackets around a single factor.

    Of numbers only behind nothing else, for 3x(2) is a step of a calculation; never of the letter itself.
    """
    if isinstance(following, Power):
        value = of_one_term(node, following.base, at, formula)
        return None if value is None else power(value, formula(following.exponent))
    if not isinstance(node, Symbol) or not isinstance(following, Group) or following.opening != "(":
        return None
    inner = following.body
    if not (isinstance(inner, Number) and (not at or inner.text == "0")) and not _is_one_term(inner):
        return None
    letter = formula(node)
    if not isinstance(letter, Variable) or inner is None:
        return None
    value = formula(inner)
    return None if letter.name in symbols(value) else Apply(f"{node.name}(", (value,))


def mean(node: Node, following: Node, formula: Formula) -> Expression | None:
    r"""`E[X^2]`: the mean of what a capital letter names, term by term and without its factors."""
    if isinstance(following, Power):
        value = mean(node, following.base, formula)
        return None if value is None else power(value, formula(following.exponent))
    if type(node) not in _MEANS or node != _MEANS[type(node)]:
        return None
    if not isinstance(following, Group) or following.body is None:
        return None
    value = formula(following.body)
    if not any(name[0].isupper() for name in symbols(value)):
        return None
    return add(*map(_mean_of, value.terms if isinstance(value, Add) else (value,)))


_MEANS: dict[type, Node] = {Symbol: Symbol("E"), Accent: Accent("mathbb", Symbol("E"))}


def _mean_of(term: Expression) -> Expression:
    if isinstance(term, Multiply) and isinstance(term.factors[0], Rational):
        return multiply(term.factors[0], Apply("E(", (multiply(*term.factors[1:]),)))
    return Apply("E(", (term,)) if symbols(term) else term


def _is_one_term(node: Node | None) -> bool:
    """A letter that functions depend on, with a number before, behind or above it."""
    if isinstance(node, Power):
        return isinstance(node.exponent, Number) and _is_one_term(node.base)
    if isinstance(node, Product) and len(node.factors) == len(("factor", "factor")):
        letters = [factor for factor in node.factors if not isinstance(factor, Number)]
        return len(letters) == 1 and _is_one_term(letters[0])
    return isinstance(node, Symbol) and node.name in _ARGUMENTS


_ARGUMENTS = frozenset("txnszuX") | {"theta", "tau", "omega"}
