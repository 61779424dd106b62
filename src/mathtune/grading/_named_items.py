"""Lists whose items have names or are said to be true or false: `A: 3, B: 5`, `T, F, T`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.latex import List, Node, Number, Prefix, Product, Sum, Symbol, Text, Word, to_text

from ._phrases import are_opposed
from ._values import Items, Labelled, Phrase, Value

if TYPE_CHECKING:
    from ._values import Read
    from ._words import ReadText

__all__ = ["by_name", "labelled_parts", "truth_values", "with_opposed_names"]


def truth_values(node: List, read: Read) -> Value | None:
    """`T, F, T`: the truth of several statements, in their order."""
    del read
    if not _SAID.issuperset(map(type, node.items)):
        return None
    said = [_TRUTH.get(item) for item in node.items]
    kept = tuple(Phrase(word) for word in said if word)
    return Items(kind="tuple", items=kept, opening="(", closing=")") if len(kept) == len(said) else None


_TRUTH: dict[Node, str] = {
    kind(written): word
    for word in ("true", "false")
    for kind in (Symbol, Word, Text)
    for written in (word[0].upper(), word, word.capitalize(), word.upper())
}
_SAID = frozenset(map(type, _TRUTH))


def by_name(node: List, read: Read) -> Value | None:
    """`A: 3, B: 5`: a value for each name."""
    named = [_name_and_value(item) for item in node.items]
    kept = tuple(Labelled(pair[0], read(pair[1])) for pair in named if pair)
    return Items(kind="list", items=kept) if len(kept) == len(named) > 1 else None


def _name_and_value(node: Node) -> tuple[str, Node] | None:
    if isinstance(node, Sum) and len(node.terms) == 2:  # Min: -3
        node = Product(node.terms, ("",))
    if not isinstance(node, Product) or not isinstance(node.factors[1], (Number, Prefix)):
        return None
    first = node.factors[0]
    rest = node.factors[1] if len(node.factors) == 2 else Product(node.factors[1:], node.operators[1:])
    if isinstance(first, Text):
        name = first.text.strip()
        return (name[:-1], rest) if name.endswith(":") else None
    return (to_text(first), rest) if isinstance(first, Symbol) and node.operators[0] == ":" else None


_PART = re.compile(
    r"(?:\A|[,;]|\band\b|(?<![-+*/=])\s(?=\((?:[a-h1-9]|iii|ii?)\)\s|[a-h][.)]\s))\s*(?:and\s+)?"
    r"(?:\((?:([a-h])|(iii|ii?)|([1-9])(?!\)\s*\())\)|([a-h])[.)](?=\s))\s*"
)


_MARKS = ("abcdefgh", ("i", "ii", "iii"), "123456789")


def labelled_parts(text: str, read: ReadText) -> Value | None:
    """`(a) 12, (b) 5`, `(1) 12; (2) 5`, `a. 12, b. 5`: the answers to the parts of a problem, in order."""
    if text[:1].isalpha() and _NOUN.match(text):
        return _by_noun(text, read)
    found = list(_PART.finditer(text)) if text[:1] == "(" or text[1:2] in {".", ")"} else []
    if len(found) < 2:
        return None
    ends = [part.start() for part in found[1:]] + [len(text)]
    parts = sorted(
        (part[part.lastindex or 0], text[part.end() : end]) for part, end in zip(found, ends, strict=True)
    )
    names = [name for name, _part in parts]
    if not any(names == list(marks[: len(parts)]) for marks in _MARKS):
        return None
    values = [read(part.strip()) for _name, part in parts]
    kept = tuple(value for value in values if value is not None)
    return Items(kind="tuple", items=kept, opening="(", closing=")") if len(kept) == len(values) else None


# What a curve, a division, a polynomial or a sample has one of; its value may stand behind it without a sign.
_NOUN = re.compile(
    r"(?:\A|[,;]\s*(?:and |with )?|\s(?:and|with) )(?:the |its |a )?"
    r"(cent(?:er|re)|radius|diameter|vertex|focus|directrix|slope|[xy]-intercept|amplitude|period|eccentricity"
    r"|quotient|remainder|degree|leading coefficient|mean|median|mode|standard deviation|variance"
    r"|maximum|minimum|length|width|height|area|perimeter|circumference|volume|sum|product|domain|range)"
    r"(?: is| at| =|:)?\s+(?=[^a-zA-Z\s])",
    re.IGNORECASE,
)


def _by_noun(text: str, read: ReadText) -> Value | None:
    """`center (2, -3), radius 4`: a value for each thing."""
    found = list(_NOUN.finditer(text))
    names = [noun[1].lower().replace("centre", "center") for noun in found]
    ends = [noun.start() for noun in found[1:]] + [len(text)]
    values = [read(text[noun.end() : end].strip()) for noun, end in zip(found, ends, strict=True)]
    kept = tuple(
        Labelled(name, value) for name, value in zip(names, values, strict=True) if value is not None
    )
    several = 1 < len(kept) == len(values) == len(set(names))
    return Items(kind="list", items=kept) if several else None


def with_opposed_names(items: list[Value]) -> list[Value]:
    """`max at x = 1, min at x = 2`: the names say which is which, so they are part of the values."""
    names = [item.label for item in items if isinstance(item, Labelled) and " at " in item.label]
    if len(names) < 2 or not any(are_opposed(names[0], name) for name in names[1:]):
        return items
    return [
        Items(kind="tuple", items=(Phrase(item.label), item.value), opening="(", closing=")")
        if isinstance(item, Labelled)
        else item
        for item in items
    ]
