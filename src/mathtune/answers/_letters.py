"""The value of the letter that a problem asks for: out of `x = 3, y = 4`, of a tuple, or behind "at"."""

from __future__ import annotations

import re

from ._answer import Answer, How

__all__ = ["at_letter", "is_of", "of_letter"]

_PART = re.compile(r"(?<![A-Za-z\\])([A-Za-z]) ?= ?([^=<>,;$]{1,40}?)(?=\s?(?:[,;$]|and\b|\\text|\Z))")
_TUPLE = re.compile(r"\((\w(?:, ?\w){1,4})\) ?= ?\$?\(?\Z")
_LABELS = re.compile(r"(?<![A-Za-z\\])([A-Za-z])\s?=")
# A number that nothing is done with, and so much of a response before its end in which it may stand.
_NUMBER = (
    r"-?(?:\d+(?:[./]\d+)?|\\[dt]?frac\{-?\d{1,9}\}\{\d{1,9}\})(?=[.,;]?(?:\s|\Z)(?!\s?[-+*/^=])|[$\\]\)?)"
)
WINDOW = 1_200


def at_letter(text: str, start: int, end: int, letter: str) -> Answer | None:
    """The place of an extreme value, where the letter is asked for: "This minimum is reached at $x = 3$"."""
    place = re.compile(rf"\b(?:when|where|at|for) \$?{letter}\s?=\s?(-?\w[^$=,]*?)[.,]?\$?[.,]?\s*\Z").search(
        text, start, end
    )
    return Answer(place[1], place.span(1), How.CONCLUSION) if place else None


def of_letter(text: str, start: int, answer: Answer, letter: str) -> Answer | None:
    """The value of a letter out of `x = 3, y = 4`, out of (3, 4) behind `(x, y) =`, or stated elsewhere."""
    begin, end = answer.span
    if "=" in answer.text:
        found = [mark for mark in _PART.finditer(text, begin, end) if mark[1] == letter]
        others = any(mark[1] != letter for mark in _PART.finditer(text, begin, end))
        if len(found) == 1 and others:
            return Answer(found[0][2], found[0].span(2), How.CONCLUSION)
        return _stated(text, answer, letter)
    names = _TUPLE.search(text, start, begin + 1) if answer.text.startswith("(") else None
    letters, values = (names[1].split(",") if names else []), answer.text.strip("()").split(",")
    places = [place for place, name in enumerate(letters) if name.strip() == letter]
    if len(letters) != len(values) or len(places) != 1:
        return None
    return Answer(values[places[0]].strip(), answer.span, How.CONCLUSION)


def _stated(text: str, answer: Answer, letter: str) -> Answer | None:
    """What a response says last of a letter, if its answer is another's: "So x = 3. Then y = 7"."""
    labels = _LABELS.findall(answer.text)
    if len(labels) != 1 or labels[0] == letter or not answer.text.startswith(labels[0]):
        return None
    said = re.compile(rf"(?<![\w\\^_{{.=+*/-]){letter}\s?=\s?({_NUMBER})?")
    last = list(said.finditer(text, max(0, len(text) - WINDOW)))[-1:]
    return Answer(last[0][1], last[0].span(1), How.CONCLUSION) if last and last[0][1] else None


def is_of(answer: Answer, letter: str) -> bool:
    """Whether an answer gives the values of a letter, each as it is."""
    labels = _LABELS.findall(answer.text)
    return set(labels) == {letter} and len(labels) == answer.text.count("=")
