"""Units behind a value: where the number ends and the words begin."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from mathtune.latex import (
    Fraction,
    Group,
    Node,
    Postfix,
    Power,
    Prefix,
    Product,
    Symbol,
    Text,
    Word,
    to_text,
)

from ._units import is_unit_word

__all__ = ["part_unit", "starts_unit"]


def part_unit(node: Node) -> tuple[Node, str | None]:
    r"""Take the words off the end of a product: `10 \text{ cm}^2`, `70 miles per hour`."""
    if isinstance(node, Postfix) and node.operator == "%":
        return node.argument, "percent"
    if isinstance(node, Postfix) and node.operator == "°":
        return node.argument, "degree"
    if isinstance(node, Prefix) and node.operator == "-":
        body, unit = part_unit(node.argument)
        return (Prefix("-", body), unit) if unit is not None else (node, None)
    if not isinstance(node, Product):
        return node, None
    size = len(node.factors)
    at = next((at for at in range(1, size) if starts_unit(node.factors[at])), size)
    if at < size and not all(
        _is_unit_factor(node.factors[later], later=later > at) for later in range(at, size)
    ):
        at = size
    if at == size:
        last = node.factors[-1]
        if isinstance(last, Postfix) and last.operator == "%":
            return _with_last(node, last.argument), "percent"
        if isinstance(last, Postfix) and last.operator == "°" and node.operators[-1] == "":
            single = not isinstance(node.factors[0], Postfix)
            return (_with_last(node, last.argument), "degree") if single else (node, None)
        return node, None
    head = node.factors[0] if at == 1 else Product(node.factors[:at], node.operators[: at - 1])
    tail = node.factors[at:]
    marks = ("", *node.operators[at:])
    unit = " ".join(f"{mark} {_unit_text(part)}" for mark, part in zip(marks, tail, strict=True)).strip()
    inner, inside = part_unit(head)
    if inside is not None:
        return inner, inside if inside in ("percent", "degree") else f"{inside} {unit}"
    return head, unit


def _with_last(node: Product, last: Node) -> Node:
    return Product((*node.factors[:-1], last), node.operators)


def _is_unit_factor(node: Node, *, later: bool) -> bool:
    if starts_unit(node):
        return True
    base = node.base if isinstance(node, Power) else node
    if isinstance(base, (Word, Postfix)) or (isinstance(base, Symbol) and len(base.name) == 1):
        return later  # miles per hour
    return isinstance(base, Group) and later


def starts_unit(node: Node) -> bool:
    base = node.base if isinstance(node, Power) else node
    if isinstance(base, Text):
        return True
    if isinstance(base, Fraction):
        return starts_unit(base.numerator) and starts_unit(base.denominator)
    if isinstance(base, Word):
        return is_unit_word(base.text) or (len(base.text) > 3 and not base.text.isupper())
    return False


def _unit_text(node: Node) -> str:
    return to_text(node).replace("(", "").replace(")", "") if not isinstance(node, Group) else to_text(node)
