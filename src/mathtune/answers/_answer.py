"""The value that extraction gives: which text is the answer, where it stood, and how it was known."""

from __future__ import annotations

from enum import Enum

import attrs

__all__ = ["Answer", "How"]


class How(str, Enum):
    """The sign by which an answer was known, strongest first."""

    BOXED = "boxed"
    HASH = "hash"
    TAG = "tag"
    FIELD = "field"
    PHRASE = "phrase"
    BOLD = "bold"
    DISPLAY = "display"
    CONCLUSION = "conclusion"
    LAST_NUMBER = "last_number"
    WHOLE = "whole"

    def __str__(self) -> str:
        return self.value


@attrs.frozen
class Answer:
    """The final answer of a response.

    Args:
        text: The answer as written, without its box, delimiters or phrase.
        span: Where it stands in the response as given: first character, and one after the last. The slice is
            `text`, unless several boxes were joined or JSON's escapes undone.
        how: The sign by which it was known.

    >>> Answer("12", (0, 2), How.WHOLE).text
    '12'
    """

    text: str
    span: tuple[int, int]
    how: How
