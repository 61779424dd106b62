"""The last lines as one list, where each is an item that holds nothing but a value: `(a) 3`, `(b) 7`.

Lines with prose are steps rather than answers: they are not read here. Parts in one line are named alike.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from ._answer import Answer, How
from ._runs import runs_of
from ._statement import Statement
from ._texts import plain_answer
from ._tokens import tokens_of
from ._words import words_of

if TYPE_CHECKING:
    from ._words import Words

__all__ = ["parts", "parts_before"]

# Longer than any line that holds nothing but a value.
MAX_LINE = 200
_ITEM = re.compile(
    rf"""[ \t]{{0,8}}(?:
    \*{{0,2}}\(?([a-h])\)[*:]{{0,3}}  # (a), **(b)**, c):
  | [-*\u2022])[ \t]+  # a bullet
    (?=(\S.{{0,{MAX_LINE}}}$))""",
    re.VERBOSE,
)
# One unknown a line, or one labelled thing of several: `x = 2`, `$$y = 3$$`, `First number: 8`.
_ASSIGNMENT = re.compile(
    r"[ \t*$]{0,8}(?:\\[(\[])?\s{0,4}(?:([A-Za-z])\*{0,2}\s?[=:]|([A-Z][a-z]+) ([a-z]+)\*{0,2}:)\*{0,2}"
    rf"\s{{0,4}}(?=(\S.{{0,{MAX_LINE}}}$))"
)
_LETTERS = "abcdefgh"
# A part in a line, up to its value: `Part (b): `, `ii) $`.
_IN_LINE = re.compile(
    r"(?:(?<=\A)|(?<=[\s*]))(?:(?:Part|Question) \(?|\(?(?=[a-h]\)|i{1,3}\)))([a-h1-9A-H]|i{1,3})\)?"
    r"(?::|\*|(?<=\)))[*:]{0,3}\s[$\\(]{0,3}"
)
_ORDERS = (tuple(_LETTERS), tuple(_LETTERS.upper()), tuple("12345678"), ("i", "ii", "iii"))
_BEFORE_VALUE = ":)* $\\"  # the last but one sign of such a name
# Longer than parts that are nothing but values, and than the name of the last.
MAX_IN_LINE = 200
MAX_NAME = 40
_NAME_ENDS = tuple(f"{mark})" for order in _ORDERS for mark in order)
_UNBRACKETED = re.compile(r"(?:Part|Question) \w{1,3}\Z")


def parts(text: str, begin: int, end: int, words: Words) -> Answer | None:
    """The values of the items with which `text[begin:end]` ends, as one list; None where it has none."""
    line = text.rfind("\n", begin, end) + 1 or begin
    if _ASSIGNMENT.match(text, line, end):
        return _assignments(text, begin, end, words)
    return _items(text, begin, end, words) if _ITEM.match(text, line, end) else None


def _assignments(text: str, begin: int, end: int, words: Words) -> Answer | None:
    """The values of several unknowns, one a line, as one list."""
    found: list[tuple[str, Answer]] = []
    last = end
    while end > begin:
        start = text.rfind("\n", begin, end) + 1 or begin
        line = _ASSIGNMENT.match(text, start, end)
        value = (
            _only_value(text, line.end(), _without_delimiters(text, line.end(), end), words) if line else None
        )
        if line is None or value is None:
            break
        found.insert(0, (line[1] or f"{line[2]} {line[3]}", value))
        end = len(text[begin:start].rstrip()) + begin
    names = [name for name, _ in found]
    alike = all(len(name) == 1 for name in names) or len({name.split()[-1] for name in names}) == 1
    if len(names) < 2 or len(set(names)) < len(names) or not alike:
        return None
    joined = ", ".join(f"{name} = {value.text}" if len(name) == 1 else value.text for name, value in found)
    return Answer(joined, (found[0][1].span[0], last), How.CONCLUSION)


def _without_delimiters(text: str, start: int, end: int) -> int:
    while (
        end > start
        and text[end - 1] in "*$ ].)\\"
        and text[start:end].count("(") < text[start:end].count(")") + (text[end - 1] != ")")
    ):
        end -= 1
    return end


def _items(text: str, begin: int, end: int, words: Words) -> Answer | None:
    """The values of lettered or bulleted lines as one list."""
    items: list[tuple[str, Answer]] = []
    while end > begin:
        start = text.rfind("\n", begin, end) + 1 or begin
        item = _ITEM.match(text, start, end)
        value = _only_value(text, item.end(), end, words) if item else None
        if item is None or value is None:
            break
        items.insert(0, (item[1] or "", value))
        end = len(text[begin:start].rstrip()) + begin
    letters = "".join(letter for letter, _ in items)
    if len(items) < 2 or letters not in ("", _LETTERS[: len(items)]):
        return None
    first, last = items[0][1], items[-1][1]
    return Answer(", ".join(value.text for _, value in items), (first.span[0], last.span[1]), How.CONCLUSION)


def _only_value(text: str, start: int, end: int, words: Words) -> Answer | None:
    statement = Statement(text, list(tokens_of(text, start, end)), words)
    runs = runs_of(statement, 0)
    if len(runs) != 1 or runs[0].first > 0 or runs[0].after < len(statement.tokens) - 1:
        return None
    return plain_answer(text, start, statement.tokens[runs[0].after - 1].end, How.CONCLUSION)


def parts_before(text: str, answer: Answer) -> Answer | None:
    """The values of parts in one line, the last of which an answer is.

    >>> parts_before("Part (a): 3. Part (b): 5.", Answer("5", (23, 24), How.CONCLUSION)).text
    '3, 5'
    """
    start, end = answer.span
    if text[start - 2 : start - 1] not in _BEFORE_VALUE:
        return None  # as most answers
    near = text[max(0, start - MAX_NAME) : start]
    named = "Part" in near or "Question" in near
    if not (named or ")" in near):
        return None
    last = near.rstrip("$\\( :*")
    bracketed = last[-1:] == ")" and last.endswith(_NAME_ENDS)
    if not (bracketed or (named and _UNBRACKETED.search(last))):
        return None
    names = list(_IN_LINE.finditer(text, max(0, start - MAX_IN_LINE), start))
    found = tuple(name[1] for name in names)
    if len(found) < 2 or names[-1].end() != start or found not in {order[: len(found)] for order in _ORDERS}:
        return None
    words, values = words_of(text[max(0, start - MAX_IN_LINE) :]), []
    for name, following in itertools.pairwise(names):
        stop = len(text[: following.start()].rstrip(" *,;.\n").removesuffix(" and"))
        values.append(_only_value(text, name.end(), stop, words))
    if not all(values):
        return None
    joined = ", ".join(value.text for value in (*values, answer) if value)
    return Answer(joined, (names[0].end(), end), answer.how)
