"""Propositions in plain words and in Maxima's: `p implies not q`, `(p or q) and r`, `true xor false`.

The words become the tree that the signs would have given; what it means stands in `_logic`.
"""

from __future__ import annotations

import re

from mathtune.latex import List, Node, Prefix, Relation, Symbol

__all__ = ["said_proposition"]

# A text in nothing but such words and lone letters; anything else is seen at its first other word.
_WORDS = r"not|and|or|xor|xnor|nand|nor|implies|iff|true|false|nounand|nounor|nounnot"
_ALL = re.compile(rf"[\s()]*(?:(?:{_WORDS}|[A-Za-z])(?![A-Za-z])[\s()]*){{2,40}}\Z")
# One word that only logic has; `A or B` and `3 and 4` may be lists.
_SURE = re.compile(r"\b(?:not|xor|xnor|nand|nor|implies|iff|true|false|nounand|nounor|nounnot)\b")
_MOST_BRACKETS = 20
_WORD = re.compile(r"[A-Za-z]+|[()]")

# The loosest first; what stands on one line is read from the left.
_BINDING = (
    ("iff", "xnor"),
    ("implies",),
    ("xor",),
    ("or", "nounor", "nor"),
    ("and", "nounand", "nand"),
)


def said_proposition(text: str) -> Node | None:
    """The tree of a proposition in words; None for all other texts.

    >>> said_proposition("p implies q").operators
    ('⇒',)
    >>> said_proposition("p or q") is None
    True
    """
    if (
        text[:1].isdecimal()
        or not _ALL.match(text)
        or text.count("(") > _MOST_BRACKETS
        or not _SURE.search(text)
    ):
        return None
    words = [*_WORD.findall(text), ""]
    found = _joined(words, 0, 0)
    return found[0] if found is not None and found[1] == len(words) - 1 else None


def _joined(words: list[str], at: int, level: int) -> tuple[Node, int] | None:
    """JOINED = PART { connective PART }, with connectives of one level."""
    if level == len(_BINDING):
        return _single(words, at)
    found = _joined(words, at, level + 1)
    while found is not None and words[found[1]] in _BINDING[level]:
        left, at = found
        right = _joined(words, at + 1, level + 1)
        found = None if right is None else (_connected(words[at], left, right[0]), right[1])
    return found


def _single(words: list[str], at: int) -> tuple[Node, int] | None:
    """SINGLE = `not` SINGLE | `(` JOINED `)` | letter."""
    word = words[at]
    if word in ("not", "nounnot"):
        found = _single(words, at + 1)
        return None if found is None else (Prefix("¬", found[0]), found[1])
    if word == "(":
        found = _joined(words, at + 1, 0)
        return None if found is None or words[found[1]] != ")" else (found[0], found[1] + 1)
    letter = len(word) == 1 and word.isalpha()
    return (Symbol(word), at + 1) if letter or word in ("true", "false") else None


def _connected(word: str, left: Node, right: Node) -> Node:
    if word == "implies":
        return Relation(("⇒",), (left, right))
    if word in ("iff", "xnor", "xor"):
        same = Relation(("⇔",), (left, right))
        return Prefix("¬", same) if word == "xor" else same
    joined = List("and" if word in ("and", "nounand", "nand") else "or", (left, right))
    return Prefix("¬", joined) if word in ("nand", "nor") else joined
