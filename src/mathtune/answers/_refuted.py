"""Numbers that no answer is, by the words beside them: "page 17", "17 is wrong", "17, which was wrong"."""

from __future__ import annotations

import re

__all__ = ["is_label", "is_withdrawn"]

_LABEL = re.compile(
    r"\b(?:page|problem|question|exercise|chapter|section|figure|lemma|theorem)s? #?\Z", re.IGNORECASE
)
MAX_LABEL = 20
SHORTEST_REMARK = len(" is wrong")
_WITHDRAWN = re.compile(
    r"\$?(?: (?:is|was) |,? (?:which|but (?:that|this|it)) [a-z ]{0,30}(?<!not ))"
    r"(?:wrong|incorrect|mistaken)\b"
    r"|\$?,? but (?:neither|none) (?:of (?:them|these|those|which) )?"
    r"(?:(?:is|are|was|were|can|holds?|works?|fits?|solves?|satisf[a-z]{1,4}|meets?|lies?|gives?|does|do)\b)"
)


def is_label(text: str, start: int) -> bool:
    """Whether the number that begins here only names something.

    >>> is_label("See page 17.", 9)
    True
    """
    return _LABEL.search(text, max(0, start - MAX_LABEL), start) is not None


def is_withdrawn(text: str, end: int) -> bool:
    """Whether what follows a value takes it back.

    >>> is_withdrawn("It was 17, which turned out to be wrong.", 9)
    True
    """
    return len(text) - end >= SHORTEST_REMARK and _WITHDRAWN.match(text, end) is not None
