r"""What a letter runs through, in brackets behind a value: `x = k\pi + 1\ (k \in \mathbb{Z})`."""

from __future__ import annotations

import attrs

from mathtune.latex import Group, Node, Prefix, Product, Relation, Sum

__all__ = ["parted"]


def parted(node: Node) -> tuple[Node, Relation | None]:
    r"""A formula or statement without such brackets at its end, and what stands in them.

    >>> from mathtune.latex import parse
    >>> parted(parse(r"k\pi (k \in \mathbb{Z})")) == (parse(r"k\pi"), parse(r"k \in \mathbb{Z}"))
    True
    """
    if isinstance(node, Relation):
        last, domain = parted(node.sides[-1])
        return (node if domain is None else attrs.evolve(node, sides=(*node.sides[:-1], last))), domain
    if isinstance(node, Sum):
        last, domain = parted(node.terms[-1])
        return (node if domain is None else attrs.evolve(node, terms=(*node.terms[:-1], last))), domain
    if isinstance(node, Prefix):
        last, domain = parted(node.argument)
        return (node if domain is None else attrs.evolve(node, argument=last)), domain
    if not isinstance(node, Product):
        return node, None
    behind = node.factors[-1]
    body = behind.body if isinstance(behind, Group) and behind.opening == "(" else None
    if not isinstance(body, Relation) or body.operators != ("∈",) or node.operators[-1]:
        return node, None
    kept = node.factors[:-1]
    return (kept[0] if len(kept) == 1 else Product(kept, node.operators[:-1])), body
