r"""The text of an answer without what wraps it: `**`, quotes, `$...$`, `\(...\)`, `\[...\]`, `[...]`."""

from __future__ import annotations

import re

from ._answer import Answer, How
from ._escapes import undo_escapes
from ._rows import result_of_rows, unknowns_of_rows
from ._sides import result_of_sides
from ._words import words_of

__all__ = ["in_english", "plain_answer"]

# Asterisks of bold, which open or close; those of a power stand between two values.
_BOLD = re.compile(r"(?<![\w)])\*\*|\*\*(?![\w(])")
# By so many characters at the end of a response its language is known.
LANGUAGE_WINDOW = 1_200
# A comma between digits that parts no thousands.
_DECIMAL = re.compile(r"(?<![\d,.])(\d+),(\d{1,2}|\d{4,})(?![\d,])")
# Points that part thousands, as other numbers and money show: 1.234.567, 1.500,50, 1.500 Euro.
_GROUPED = re.compile(
    r"(?<![\d,.])[1-9]\d{0,2}(?:(?:\.\d{3}){2,5}(?![\d.])"
    r"|\.\d{3}(?=,\d{1,2}(?!\d)| ?(?:€|[Ee]uros?|Dollars?|dólares|pesos)))"
)
_UNIT = re.compile(r" ?[A-Za-z\u00b0%][A-Za-z\u00b0 ^/23]{0,30}")
# All that `str.isspace` holds for, and what may stand beside it.
_SPACE = frozenset(
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_BEFORE = _SPACE | {"\x00"}
_BEHIND = _SPACE | frozenset(".,;:")
# What opens and closes, by the first character.
_PAIRS = {
    "*": (("**", "**"),),
    "$": (("$$", "$$"), ("$", "$")),
    "\\": (("\\(", "\\)"), ("\\[", "\\]")),
    "`": (("`", "`"),),
    '"': (('"', '"'),),
    "\u201c": (("\u201c", "\u201d"),),
    "'": (("'", "'"),),
}
# All of them, and a list's bracket.
_WRAPPERS = (*(opening for pairs in _PAIRS.values() for opening, _ in pairs), "[")


# A delimiter or a space of LaTeX that has lost what it stood beside.
_MARKS = frozenset("\\()[],;:! ")


def plain_answer(text: str, start: int, end: int, how: How) -> Answer | None:
    """The answer at a span, unwrapped; None where nothing is left."""
    content = text[start:end]
    if content.isalnum():  # a number or a letter, with nothing to take off
        return Answer(content, (start, end), how)
    start, end = _trimmed(text, start, end)
    while text.startswith(_WRAPPERS, start) and (inner := _unwrapped(text, start, end)) != (start, end):
        start, end = inner
    united = _with_unit(text, start, end) if text.startswith("$", start, end) else None
    if united is not None:
        return Answer(united[0], united[1], how)
    unknowns = unknowns_of_rows(text, start, end) if "\\begin" in content else None
    if unknowns is not None:
        return Answer(unknowns, (start, end), how)
    rows = result_of_rows(text, start, end) if "\\begin" in content else (start, end)
    if rows == (start, end):
        start, end = rows = result_of_sides(text, start, end)
    content = text[slice(*rows)]
    if "**" in content:
        content = _BOLD.sub("", content)
    if rows != (start, end):  # alignment marks of the row; those of a matrix in it stay
        content = content.replace("&=", "=") if "\\begin" in content else content.replace("&", "")
    content = undo_escapes(content, doubled=True).strip()
    told = content and not (content[0] == "\\" and _MARKS.issuperset(content))
    return Answer(content, rows, how) if told else None


def in_english(answer: Answer, response: str) -> Answer:
    """The answer with a point for a decimal comma and commas for "et" or "und", as mathematics is read.

    Args:
        answer: As it was written.
        response: The response, in whose language it is.
    """
    text = answer.text
    grouped = "." in text and _GROUPED.search(text)
    if "," not in text and text.count(" ") < 2 and not grouped:
        return answer
    words = words_of(response[-LANGUAGE_WINDOW:])
    if words.decimal:
        if grouped:
            text = _GROUPED.sub(lambda found: found[0].replace(".", ""), text)
        text = _DECIMAL.sub(_with_point, text)
        for joint in words.conjunction:
            text = re.sub(rf"(?<=[\d$)\]}}]) {re.escape(joint)} (?=[-\\$\d(A-Za-z])", ", ", text)
    return answer if text == answer.text else Answer(text, answer.span, answer.how)


def _with_point(found: re.Match[str]) -> str:
    """A number with a point for its comma; two numbers in brackets are a pair or an interval anywhere."""
    before, behind = found.string[: found.start()].rstrip(" -+")[-1:], found.string[found.end() :].lstrip()
    paired = before in _OPENING and behind[:1] in _CLOSING
    return found[0] if paired else f"{found[1]}.{found[2]}"


_OPENING, _CLOSING = ("(", "["), (")", "]")


def _with_unit(text: str, start: int, end: int) -> tuple[str, tuple[int, int]] | None:
    """The result of a calculation with the unit behind its dollar signs: `$2 + 3 = 5$ cm` -> `5 cm`."""
    if text.count("$", start, end) != 2:
        return None
    close = text.rfind("$", start + 1, end)
    unit = text[close + 1 : end]
    if not _UNIT.fullmatch(unit):
        return None
    inner = _trimmed(text, start + 1, close)
    result = result_of_sides(text, *inner)
    return None if result == inner else (text[slice(*result)] + unit, (result[0], end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _BEFORE:
        start += 1
    while start < end and text[end - 1] in _BEHIND and (text[end - 1] != "." or end - start > 1):
        end -= 1
    return start, end


def _unwrapped(text: str, start: int, end: int) -> tuple[int, int]:
    for opening, closing in _PAIRS.get(text[start : start + 1], ()):
        if (
            end - start > len(opening) + len(closing)
            and text.startswith(opening, start)
            and text.endswith(closing, start, end)
        ):
            inside = start + len(opening), end - len(closing)
            content = text[slice(*inside)].replace("\\$", "")
            if opening not in content and closing not in content:
                return _trimmed(text, *inside)
    if text.startswith("[", start) and text.endswith("]", start, end):
        inside = start + 1, end - 1
        if not any(mark in text[slice(*inside)] for mark in ",;[]"):  # [90], not the list [1, 2]
            return _trimmed(text, *inside)
    return start, end
