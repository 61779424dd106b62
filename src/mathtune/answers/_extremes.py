"""Where a quantity is largest or smallest, told from how large it is there.

A sentence that closes such a problem often holds both: "the maximum of 5 occurs at x = 2", "the smallest
value is 2, reached at x = 3". The question tells which is meant, the letter's value behind the preposition
or the other one.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ._answer import Answer, How
from ._questions import SENTENCE_END

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["extreme_asked"]

MAX_QUESTION = 600
_EXTREME = re.compile(
    r"\b(?:max(?:im(?:um|al|i[sz]e[sd]?))?|min(?:im(?:um|al|i[sz]e[sd]?))?|larg(?:est|er)|greatest|highest"
    r"|smallest|least|lowest|peaks?|most|extrem(?:um|e))\b",
    re.IGNORECASE,
)
_ASKS_PLACE = re.compile(
    r"(?:\A|[,;:] )(?:(?:at|for|in) (?:what|which)|when|where"
    r"|(?:what|which) (?:values? of )?\$?[A-Za-z]\$?(?= ))\b"
    r"|\bvalue of \$?[A-Za-z]\$? (?:at|for|that|which)|\bfind (?!a\b)\$?[A-Za-z]\$?(?![A-Za-z(])",
    re.IGNORECASE,
)
_ASKS_VALUE = re.compile(
    r"\b(?:what(?:'s| is| are)|find|determine|calculate|compute|give|how (?:large|high|much|big|low))\b",
    re.IGNORECASE,
)
_NUMBER = r"-?(?:\\[dt]?frac\{-?\d{1,9}\}\{\d{1,9}\}|\d{1,9}(?:[.,/]\d{1,9})?)"
# The letter's value behind its preposition: "at x = 2", "when t = 3".
_PLACE = re.compile(rf"\b(?:at|when|for)\s\$?([A-Za-z])\s?=\s?({_NUMBER})\$?(?![\d(^/*+-])", re.IGNORECASE)
# What the clause before it must say, to be about the extreme.
_TAKES_PLACE = re.compile(
    rf"(?:{_EXTREME.pattern}|\b(?:occur|happen|reach|attain|achiev|taken|arise)[a-z]*\b)[^,;]*\Z",
    re.IGNORECASE,
)
# A value that no letter's equation gives.
_VALUE = re.compile(
    rf"(?:(?<=\bis )|(?<=\bof )|(?<=\bequals )|(?<=\bto )|(?<=\bbe )|(?<== ))\$?({_NUMBER})\$?(?=[,.;\s]|\Z)"
)


def extreme_asked(text: str, start: int, end: int, answer: Answer, problem: str) -> Answer | None:
    """The place or the value of an extreme, whichever the problem asks for and a sentence gives besides.

    >>> said = "The maximum value of 5 occurs at x = 2"
    >>> taken = Answer("5", (21, 22), How.CONCLUSION)
    >>> extreme_asked(said, 0, len(said), taken, "For which x is f at its maximum?").text
    '2'
    """
    asked = _asked(problem[-MAX_QUESTION:])
    places = list(_PLACE.finditer(text, start, end)) if asked else []
    if len({place.groups() for place in places}) != 1:
        return None
    place = places[-1]
    if not _TAKES_PLACE.search(text, start, place.start()):
        return None
    at_place = place.start() < answer.span[1] and answer.span[0] < place.end()
    if asked == "place":
        return None if at_place else Answer(place[2], place.span(2), How.CONCLUSION)
    values = list(_values(text, start, end, places)) if at_place else []
    return values[0] if len({one.text for one in values}) == 1 else None


def _values(text: str, start: int, end: int, places: list[re.Match[str]]) -> Iterator[Answer]:
    """The values that a sentence states beside those of the letter."""
    for value in _VALUE.finditer(text, start, end):
        if not any(place.start() < value.end(1) and value.start(1) < place.end() for place in places):
            yield Answer(value[1], value.span(1), How.CONCLUSION)


@functools.lru_cache(maxsize=1024)
def _asked(end: str) -> str:
    """What the last sentence of a problem asks of an extreme: its "place", its "value", or nothing."""
    sentence = SENTENCE_END.split(end.strip())[-1]
    if not _EXTREME.search(sentence):
        return ""
    if _ASKS_PLACE.search(sentence):
        return "place"
    return "value" if _ASKS_VALUE.search(sentence) else ""
