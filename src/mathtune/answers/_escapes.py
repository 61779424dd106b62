r"""Undo what JSON and Python string literals do to LaTeX: doubled backslashes, and `\t`, `\f`, `\b` eaten."""

from __future__ import annotations

import re

__all__ = ["restore_commands", "undo_escapes"]

# A control character where a command's first letter belongs: `\times` read as a tab and "imes".
_EATEN = re.compile(
    r"[\x08\x0c]|\t(?=ext|imes|heta|frac|an\b|au\b|ilde|riangle|o\b)|\r(?=ight|ho\b|angle)|\n(?=eq\b|abla|mid|otin)"
)
# A control character that stands for the backslash alone: a tab and "times". A pattern for each, because `re`
# looks for one first character thirty times as fast as for one of several.
_SWAPPED = tuple(
    (sign, re.compile(rf"{sign}(?=(?:d?frac|times|text|theta|sqrt|cdot)(?![a-z]))")) for sign in "\x08\x0c\t"
)
_LETTER = {"\x08": r"\b", "\x0c": r"\f", "\t": r"\t", "\r": r"\r", "\n": r"\n"}


def undo_escapes(text: str, *, doubled: bool = False) -> str:
    r"""Give LaTeX with single backslashes and whole commands.

    Args:
        text: A piece of LaTeX.
        doubled: Its surroundings are escaped; then every run of backslashes of even length is halved, unless
            some run is odd, which shows that this piece is not.

    >>> undo_escapes(r"\\frac{1}{2}", doubled=True)
    '\\frac{1}{2}'
    """
    if not text.isprintable():
        text = _EATEN.sub(lambda match: _LETTER[match[0]], text)
    if doubled and "\\\\" in text and "\\" not in text.replace("\\\\", ""):
        text = text.replace("\\\\", "\\")
    return text


def restore_commands(text: str) -> str:
    r"""Put a backslash where a control character took its place; the length stays.

    >>> restore_commands("3 \ttimes 4")
    '3 \\times 4'
    """
    for sign, swapped in _SWAPPED:
        if sign in text:
            text = "\\".join(swapped.split(text))
    return text
