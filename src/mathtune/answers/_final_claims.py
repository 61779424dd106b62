"""A claim behind a box, which takes its place: `#### 5`, "Final answer: 5", "so the answer is 5"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._claims import (
    MAX_CLAIMS,
    MAX_COMPLEMENT,
    PLURALS,
    SUPPOSED,
    USUAL,
    after_hash,
    after_noun,
    verb_before,
)
from ._endings import breaks_off
from ._words import WINDOW, nouns

if TYPE_CHECKING:
    from ._answer import Answer
    from ._words import Words

__all__ = ["final_claim"]

# Spaces between "final answer" and its value, where the value follows at once: " is: $5$".
MAX_APART = 4
# So often a model says the same only where it has lost its way.
MANY_TIMES = 4
_FINAL = re.compile(
    r"####|final(?<![a-z]final)[ *_]*([^\W\d_]+)(?!_)"
    r"|(?<![\w\"'</])answer((?:\*\*)?:|\*{0,2} (?:is|should be|must be|has to be)\b):?"
    r"(?=[ *$\\(]{0,8}(?:[-\d\\]|[a-h]\)?\.?\*{0,2}(?:\n|\Z)))"
)
# Of a claim that is not called final, all that stands between its value and the end of its sentence.
_CLAIM_ENDS = re.compile(r"[$)\]\\*]{0,4}(?:\.?\s{0,4}\Z|\.?\*{0,2}\n|[.,;] (?!\d))")
# Before the answer of somebody else.
_OF_OTHERS = re.compile(
    r"\b(?:sa(?:y|ys|id)|claim(?:s|ed)?|thinks?|thought|might|may|would|wrong|incorrect|mistaken(?:ly)?|typical|common)\b",
    re.IGNORECASE,
)


def final_claim(text: str, start: int, behind: str) -> Answer | None:
    """A value right after `####`, "final answer" or "the answer is" behind a box: the last word, over it.

    Args:
        text: The response.
        start: Where the box ends.
        behind: What follows it, in small letters.
    """
    marks = list(_FINAL.finditer(behind, max(0, len(behind) - WINDOW)))[-MAX_CLAIMS:]
    lost = any(mark[2] for mark in marks) and breaks_off(text)
    for mark in reversed(marks):
        after = start + mark.end()
        if mark[2] is not None:
            answer = None if lost else _plain_claim(text, behind, start + mark.start(), start + mark.start(2))
        elif mark[1] is None:
            answer = after_hash(text, after)
        elif words := _announced(mark[1]):
            answer = after_noun(text, start + mark.start(1), after, words)
        else:
            continue
        if answer is not None and text.count(" ", after, answer.span[0]) <= MAX_APART:
            return answer
    return None


def _plain_claim(text: str, behind: str, place: int, after: int) -> Answer | None:
    """The value of "the answer is 5." behind a box, in a response that comes to its end.

    Args:
        text: The response.
        behind: What follows the box, in small letters.
        place: Where "answer" stands.
        after: Where it ends.
    """
    said = text[max(0, place - MAX_COMPLEMENT) : place].rpartition("\n")[2].rpartition(". ")[2]
    said = said.rpartition(", so")[2]
    if (
        SUPPOSED.search(said)
        or _OF_OTHERS.search(said)
        or verb_before(behind, USUAL, place - len(text) + len(behind))
    ):
        return None
    answer = after_noun(text, place, after, nouns()["answer"])
    if answer is None or not _CLAIM_ENDS.match(text, answer.span[1]):
        return None
    repeated = behind.count(text[place : answer.span[1]].lower()) >= MANY_TIMES
    return None if repeated else answer


def _announced(word: str) -> Words | None:
    """The language of a noun that announces an answer, be it in its plural."""
    for plural in ("", *PLURALS):
        words = nouns().get(word.removesuffix(plural))
        if words is not None:
            return words
    return None
