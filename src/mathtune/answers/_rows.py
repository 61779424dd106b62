r"""A calculation over several rows -> its result: `\begin{align*} 1+3 &= 2+2 \\ &= 4 \end{align*}` -> `4`."""

from __future__ import annotations

import re

__all__ = ["result_of_rows", "unknowns_of_rows"]

_CALCULATION = re.compile(r"\\begin\{(?:align|alignat|gather|eqnarray|split|multline)(?:ed)?\*?\}")
_MARK = re.compile(r"\\begin\{|\\end\{|\\\\|\\left|\\right|[{}()\[\]]|=")
_CONGRUENT = re.compile(r"\\equiv(?![a-z])[~\s]*")
_MODULUS = re.compile(r"\\p?mod(?![a-z])|\\bmod|\(\s*\\?mod")
# A last cell of words only: "&\\text{added 1}".
_NOTE = re.compile(r"&+\s*\\text\{[^{}]*\}[\s.,]*\Z")
_OPENING = frozenset({"{", "\\begin{", "\\end{"})
_AROUND = re.compile(
    r"(?:\s|&|\\q?quad\b|\\Rightarrow\b|\\Longrightarrow\b|\\implies\b|\\iff\b|\\therefore\b|\\[,; ]|\.|,)+"
)
# A row that gives an unknown its number.
_UNKNOWN = re.compile(r"[\s&]*([A-Za-z])\s*&?=\s*(-?(?:\d+(?:\.\d+)?|\\[dt]?frac\{-?\d+\}\{\d+\}))[\s.,;]*\Z")


def unknowns_of_rows(text: str, start: int, end: int) -> str | None:
    """The numbers of several unknowns that rows give one by one."""
    opening = _CALCULATION.search(text, start, end)
    rows = _rows(text, opening.end(), end) if opening else []
    found = [_UNKNOWN.match(text, *row) for row in rows if text[slice(*row)].strip()]
    known = {row[1]: row[2] for row in found if row}
    several = 1 < len(known) == len(found)
    return ", ".join(f"{name} = {number}" for name, number in known.items()) if several else None


def result_of_rows(text: str, start: int, end: int) -> tuple[int, int]:
    """Span of the result of the calculation in `text[start:end]`; the span as given where it is none."""
    opening = _CALCULATION.search(text, start, end)
    if opening is None:
        return start, end
    rows = _rows(text, opening.end(), end)
    for first, last in reversed(rows):
        note = _NOTE.search(text, first, last)
        last = note.start() if note else last  # noqa: PLW2901  (the row without what explains it)
        first, last = _trimmed(text, first, last)  # noqa: PLW2901  (the row without its alignment marks)
        if first < last:
            return _right_side(text, first, last)
    return start, end


def _rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    r"""Spans between the `\\` that stand at the level of the environment itself."""
    rows: list[tuple[int, int]] = []
    braces = environments = 0
    begin = start
    for mark in _MARK.finditer(text, start, end):
        braces += (mark[0] in _OPENING) - (mark[0] == "}")
        if mark[0] == "\\begin{":
            environments += 1
        elif mark[0] == "\\end{":
            if environments == 0:
                return [*rows, (begin, mark.start())]
            environments -= 1
        elif mark[0] == "\\\\" and braces <= 0 and environments == 0:
            rows.append((begin, mark.start()))
            begin = mark.end()
    rows.append((begin, end))
    return rows


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    around = _AROUND.match(text, start, end)
    start = around.end() if around else start
    while start < end and text[end - 1] in " \t\r\n.,;&":
        end -= 1
    return start, end


def _right_side(text: str, start: int, end: int) -> tuple[int, int]:
    """What follows the last equality sign of a row that continues another; any other row is whole."""
    congruence = _CONGRUENT.match(text, start, end)
    if congruence is not None:
        modulus = _MODULUS.search(text, congruence.end(), end)
        return _trimmed(text, congruence.end(), modulus.start() if modulus else end)
    if text[start] != "=":
        return start, end
    depth, last = 0, start + 1
    for mark in _MARK.finditer(text, start, end):
        if mark[0] in "{([":
            depth += 1
        elif mark[0] in "})]":
            depth -= 1
        elif mark[0] == "=" and depth <= 0:
            last = mark.end()
    return _trimmed(text, last, end)
