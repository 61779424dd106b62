"""Drawings, a calculator's notes, programs, colours, borders of tables hold no answer: they are blanked."""

from __future__ import annotations

import re

__all__ = [
    "NOTES",
    "PROGRAMS",
    "blanked",
    "ends_in_failure",
    "without_borders",
    "without_colours",
    "without_struck_out",
]

# An answer stands near the end: so many characters from there are looked at.
WINDOW = 16_384
NOTES = (("[asy]", "[/asy]"), ("<<", ">>"), ("<!--", "-->"))
PROGRAMS = (("```python", "```"),)
# The last line of a program that failed: "NameError: name 'x' is not defined".
_FAILURE = re.compile(r"\n[ \t]{0,8}[A-Z]\w{2,40}(?:Error|Exception)(?:: [^\n]{0,1000})?\s{0,100}\Z")
_LONGEST_FAILURE = 1_200
_STRUCK_OUT = re.compile(r"~~[A-Za-z0-9$][^~\n]{0,200}~~")
# The line under the head of a Markdown table, and the bar that closes one of its rows.
_HEAD_RULE = re.compile(r"\n[ \t]{0,3}\|[ \t]{0,3}:?-{2}")
_BORDER = re.compile(r"(?<=\n)(\|[^\n]*[^\s|][ \t]{0,9})\|(?=[ \t]{0,9}(?:\n|<|\Z))")
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,32}m")


def blanked(text: str, kinds: tuple[tuple[str, str], ...]) -> str:
    """The text with what stands between such signs in its last part overwritten by spaces, if it ends."""
    for opening, closing in kinds:
        if opening[0] in text and text.rfind(opening) >= 0:  # twice as fast as `in`
            text = _blanked(text, opening, closing)
    return text


def without_struck_out(text: str) -> str:
    """The text without what Markdown strikes out, keeping the length: `~~15 mph~~ 12 mph`."""
    if "~" not in text:  # ten times as fast as to look for both
        return text
    return _STRUCK_OUT.sub(lambda struck: " " * len(struck[0]), text) if "~~" in text else text


def without_borders(text: str) -> str:
    """The text without the bars that close the rows of a Markdown table, keeping the length."""
    if "|" not in text or "--" not in text:  # one character is found at once
        return text
    begin = max(0, len(text) - WINDOW)
    rule = _HEAD_RULE.search(text, begin)
    if rule is None:
        return text
    return text[: rule.end()] + _BORDER.sub(r"\1 ", text[rule.end() :])


def without_colours(text: str) -> str:
    """The text without the colours of a terminal, keeping the length."""
    return _COLOUR.sub(lambda colour: " " * len(colour[0]), text) if "\x1b" in text else text


def ends_in_failure(text: str) -> bool:
    """Whether a program failed at the end of a response, so that nothing was concluded."""
    begin = max(0, len(text) - _LONGEST_FAILURE)
    named = text.rfind("E", begin) >= 0 and ("Error" in text[begin:] or "Exception" in text[begin:])
    return named and _FAILURE.search(text, begin) is not None


def _blanked(text: str, opening: str, closing: str) -> str:
    parts: list[str] = []
    last, start = 0, text.find(opening, max(0, len(text) - WINDOW))
    while start >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        last, before = end + len(closing), last
        blank = " " * (last - start)
        if text[start - 1] == "$" and start > before and text[last : last + 1].isdecimal():
            parts += [text[before : start - 1], blank, "$"]  # "$<<2*3=6>>6": money's sign stays beside it
        else:
            parts += [text[before:start], blank]
        start = text.find(opening, last)
    return "".join([*parts, text[last:]])
