"""The form of an answer, where the policy asks for one: factored, expanded, simplified, mixed and more.

A form is a property of the tree, of what was written; the value was compared before.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mathtune.algebra import Multiply, Rational, multiply
from mathtune.latex import (
    Fraction,
    Group,
    List,
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

from ._formulas import NotScalarError, formula
from ._measures import part_unit
from ._polynomials import have_common_factor, is_irreducible, polynomials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mathtune.algebra import Expression
    from mathtune.policy import Form

__all__ = ["has_form"]


def has_form(tree: Node, form: Form, gold: Node | None = None) -> bool:
    r"""Whether an answer is written in a form; "digits" is measured by the gold answer.

    >>> from mathtune.latex import parse
    >>> has_form(parse(r"\frac{1}{2}"), "reduced"), has_form(parse(r"\frac{2}{4}"), "reduced")
    (True, False)
    >>> has_form(parse("(x-y)(x+y)"), "factored"), has_form(parse("(2x-2y)(x+y)"), "factored")
    (True, False)
    >>> has_form(parse("0.50"), "digits", parse("0.25")), has_form(parse("0.5"), "digits", parse("0.25"))
    (True, False)
    """
    if form == "digits":
        return gold is None or _places(tree) >= _places(gold)
    return _FORMS[form](_body(tree))


def _body(tree: Node) -> Node:
    """The value without its name, brackets and unit."""
    if isinstance(tree, Relation) and set(tree.operators) == {"="}:
        return _body(tree.sides[-1])
    if isinstance(tree, Where):
        return _body(tree.body)
    if isinstance(tree, Group) and tree.opening in ("", "(") and tree.body is not None:
        return _body(tree.body)
    bare, unit = part_unit(tree)
    return tree if unit is None else _body(bare)


def _places(tree: Node) -> int:
    """The most decimal places of any number in it."""
    texts = [node.text for node in _nodes(_body(tree)) if isinstance(node, Number)]
    return max((len(text.partition(".")[2]) for text in texts), default=0)


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
    elif isinstance(tree, (List, Relation)):
        children = tree.items if isinstance(tree, List) else tree.sides
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
    """A whole number, a fraction below one, or both side by side."""
    body = tree.argument if isinstance(tree, Prefix) else tree
    if isinstance(body, Product) and body.operators == ("",) and _whole(body.factors[0]) is not None:
        return _is_proper(body.factors[1])
    return _whole(body) is not None or _is_proper(body)


def _is_proper(node: Node) -> bool:
    top = _whole(node.numerator) if isinstance(node, Fraction) else None
    below = _whole(node.denominator) if isinstance(node, Fraction) else None
    return top is not None and below is not None and top < below


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


def _is_simplified(tree: Node) -> bool:
    """Reduced, with like terms collected and no root below a fraction's line."""
    if not _is_reduced(tree):
        return False
    for node in _nodes(tree):
        below = node.denominator if isinstance(node, Fraction) else None
        if below is not None and any(isinstance(part, Root) for part in _nodes(below)):
            return False
        if isinstance(node, Sum) and _has_like_terms(node):
            return False
    return True


def _has_like_terms(node: Sum) -> bool:
    """`2x + 3x`, `√2 + 3√2`: terms that differ by a number only."""
    seen: set[Expression] = set()
    for term in node.terms:
        try:
            value = formula(term)
        except NotScalarError:
            return False
        factors = value.factors if isinstance(value, Multiply) else (value,)
        kind = multiply(*(factor for factor in factors if not isinstance(factor, Rational)))
        if kind in seen:
            return True
        seen.add(kind)
    return False


def _whole(node: Node) -> int | None:
    inner = node.argument if isinstance(node, Prefix) else node
    return (
        int(inner.text)
        if isinstance(inner, Number) and inner.text.isdecimal() and len(inner.text) < 19
        else None
    )


def _cancels(numerator: Node, denominator: Node) -> bool:
    """Whether numerator and denominator have a common factor, a number or a polynomial."""
    top, below = _whole(numerator), _whole(denominator)
    if top is not None and below is not None:
        return math.gcd(top, below) > 1 or below == 1
    pair = polynomials(numerator, denominator)
    return pair is not None and have_common_factor(*pair)


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
    """A polynomial factor that cannot be split; anything else counts as a factor."""
    body = _body(part.base if isinstance(part, Power) else part)
    found = polynomials(body) if isinstance(body, Sum) else None
    return found is None or is_irreducible(found[0])


_FORMS: dict[str, Callable[[Node], bool]] = {
    "any": lambda _tree: True,
    "exact": _is_exact,
    "decimal": _is_decimal,
    "mixed": _is_mixed,
    "reduced": _is_reduced,
    "simplified": _is_simplified,
    "expanded": _is_expanded,
    "factored": _is_factored,
}
