"""The value of the letter that a problem asks for: out of `x = 3, y = 4`, of a tuple, or behind "at"."""

from __future__ import annotations

import re

from ._answer import Answer, How

__all__ = ["at_letter", "is_of", "of_letter"]

_PART = re.compile(r"(?<![A-Za-z\\])([A-Za-z]) ?= ?([^=<>,;$]{1,40}?)(?=\s?(?:[,;$]|and\b|\\text|\Z))")
_TUPLE = re.compile(r"\((\w(?:, ?\w){1,4})\) ?= ?\$?\(?\Z")
_LABELS = re.compile(r"(?<![A-Za-z\\])([A-Za-z])\s?=")


def at_letter(text: str, start: int, end: int, letter: str) -> Answer | None:
    """The place of an extreme value, where the letter is asked for: "This minimum is reached at $x = 3$"."""
    place = re.compile(rf"\b(?:when|where|at|for) \$?{letter}\s?=\s?(-?\w[^$=,]*?)[.,]?\$?[.,]?\s*\Z").search(
        text, start, end
    )
    return Answer(place[1], place.span(1), How.CONCLUSION) if place else None


def of_letter(text: str, start: int, answer: Answer, letter: str) -> Answer | None:
    """The value of a letter out of `x = 3, y = 4`, or out of (3, 4) behind `(x, y) =`."""
    begin, end = answer.span
    if "=" in answer.text:
        found = [mark for mark in _PART.finditer(text, begin, end) if mark[1] == letter]
        others = any(mark[1] != letter for mark in _PART.finditer(text, begin, end))
        return Answer(found[0][2], found[0].span(2), How.CONCLUSION) if len(found) == 1 and others else None
    names = _TUPLE.search(text, start, begin + 1) if answer.text.startswith("(") else None
    letters, values = (names[1].split(",") if names else []), answer.text.strip("()").split(",")
    places = [place for place, name in enumerate(letters) if name.strip() == letter]
    if len(letters) != len(values) or len(places) != 1:
        return None
    return Answer(values[places[0]].strip(), answer.span, How.CONCLUSION)


def is_of(answer: Answer, letter: str) -> bool:
    """Whether an answer gives the values of a letter, each as it is."""
    labels = _LABELS.findall(answer.text)
    return set(labels) == {letter} and len(labels) == answer.text.count("=")
