"""The form of an answer, where the policy asks for one: factored, expanded, reduced, exact, decimal, mixed.

A form is a property of the tree, of what was written; the value was compared before.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mathtune.latex import (
    Fraction,
    Group,
    Node,
    Number,
    Power,
    Prefix,
    Product,
    Relation,
    Root,
    Sum,
    Where,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["has_form"]


def has_form(tree: Node, form: str) -> bool:
    r"""Whether an answer is written in a form.

    >>> from mathtune.latex import parse
    >>> has_form(parse(r"\frac{1}{2}"), "reduced"), has_form(parse(r"\frac{2}{4}"), "reduced")
    (True, False)
    >>> has_form(parse("(x-1)(x+1)"), "factored"), has_form(parse("(2x-2)(x+1)"), "factored")
    (True, False)
    """
    return _FORMS[form](_body(tree))


def _body(tree: Node) -> Node:
    """The value without its name and brackets."""
    if isinstance(tree, Relation) and set(tree.operators) == {"="}:
        return _body(tree.sides[-1])
    if isinstance(tree, Where):
        return _body(tree.body)
    if isinstance(tree, Group) and tree.opening in ("", "(") and tree.body is not None:
        return _body(tree.body)
    return tree


def _nodes(tree: Node) -> Iterator[Node]:
    yield tree
    if isinstance(tree, (Sum, Product)):
        children: tuple[Node | None, ...] = tree.terms if isinstance(tree, Sum) else tree.factors
    elif isinstance(tree, Fraction):
        children = (tree.numerator, tree.denominator)
    elif isinstance(tree, Power):
        children = (tree.base, tree.exponent)
    elif isinstance(tree, Root):
        children = (tree.radicand, tree.index)
    elif isinstance(tree, Prefix):
        children = (tree.argument,)
    else:
        children = (tree.body,) if isinstance(tree, Group) else ()
    for child in children:
        if child is not None:
            yield from _nodes(child)


def _is_exact(tree: Node) -> bool:
    return not any(isinstance(node, Number) and "." in node.text for node in _nodes(tree))


def _is_decimal(tree: Node) -> bool:
    return isinstance(tree.argument if isinstance(tree, Prefix) else tree, Number)


def _is_mixed(tree: Node) -> bool:
    body = tree.argument if isinstance(tree, Prefix) else tree
    pair = isinstance(body, Product) and body.operators[0] == "" and isinstance(body.factors[0], Number)
    return pair or (isinstance(body, Number) and body.text.isdigit())


def _is_reduced(tree: Node) -> bool:
    """No fraction that cancels, no root with a square in it, no sum or product of numbers left to do."""
    for node in _nodes(tree):
        if isinstance(node, Fraction) and _cancels(node.numerator, node.denominator):
            return False
        if isinstance(node, Product) and node.operators == ("/",) and _cancels(*node.factors):
            return False
        if isinstance(node, Root) and node.index is None and _has_square(node.radicand):
            return False
        if isinstance(node, (Sum, Product)) and _numbers_left(node):
            return False
    return True


def _whole(node: Node) -> int | None:
    inner = node.argument if isinstance(node, Prefix) else node
    return (
        int(inner.text)
        if isinstance(inner, Number) and inner.text.isdigit() and len(inner.text) < 19
        else None
    )


def _cancels(numerator: Node, denominator: Node) -> bool:
    top, below = _whole(numerator), _whole(denominator)
    return top is not None and below is not None and (math.gcd(top, below) > 1 or below == 1)


def _has_square(radicand: Node) -> bool:
    number = _whole(radicand)
    if number is None or number > 10**6:
        return False
    return any(number % (root * root) == 0 for root in range(2, math.isqrt(number) + 1))


def _numbers_left(node: Sum | Product) -> bool:
    parts = node.terms if isinstance(node, Sum) else node.factors
    wanted = isinstance(node, Sum) or all(operator in ("*", "×") for operator in node.operators)
    return wanted and sum(_whole(part) is not None for part in parts) > 1


def _is_expanded(tree: Node) -> bool:
    """No bracketed sum is multiplied or raised to a power."""
    for node in _nodes(tree):
        parts = node.factors if isinstance(node, Product) else (node.base,) if isinstance(node, Power) else ()
        if any(isinstance(_body(part), Sum) for part in parts):
            return False
    return True


def _is_factored(tree: Node) -> bool:
    """As many factors as the polynomial has over the rationals, none with a number left to take out."""
    if isinstance(tree, Prefix):
        return _is_factored(tree.argument)
    parts = tree.factors if isinstance(tree, Product) else (tree,)
    return all(map(_is_irreducible, parts))


def _is_irreducible(part: Node) -> bool:
    """A polynomial factor in one letter that flint cannot split; anything else counts as a factor."""
    from ._formulas import NotScalarError, formula
    from ._intervals import UnsolvableError
    from ._roots import polynomial_in

    body = _body(part.base if isinstance(part, Power) else part)
    if not isinstance(body, Sum):
        return True
    try:
        coefficients = polynomial_in(formula(body))
    except (NotScalarError, UnsolvableError):
        return True
    import flint

    scale = math.lcm(*(c.denominator for c in coefficients))
    content, factors = flint.fmpz_poly([int(c * scale) for c in coefficients]).factor()
    return abs(int(content)) == 1 and sum(times for _factor, times in factors) == 1


_FORMS: dict[str, Callable[[Node], bool]] = {
    "any": lambda _tree: True,
    "exact": _is_exact,
    "decimal": _is_decimal,
    "mixed": _is_mixed,
    "reduced": _is_reduced,
    "expanded": _is_expanded,
    "factored": _is_factored,
}
