"""A run of mathematics -> the value that it gives: without calculation, brackets, rounded side or comma."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import _tokens as kinds
from ._runs import CONSTANTS, is_calculation

if TYPE_CHECKING:
    from ._runs import Run
    from ._statement import Statement

__all__ = ["PLURAL_COPULAS", "Value", "value_of_run"]

PLURAL_COPULAS = frozenset(["are", "were"])

_IRRATIONAL = frozenset({"π", "√", "∛", "sqrt", "pi"})
_TRAILING = frozenset("%\u00b0!\u2032'\u00b2\u00b3\u20ac\u00a3)")


_ENDS_VALUE = frozenset({kinds.NUMBER, kinds.WORD, kinds.INLINE})
# What a value begins with that is rounded.
_ROUNDED = ("\u2248", "approx", "sim")
LONGEST_MONTH = 31
_PARTS = frozenset(["half", "third", "quarter", "fifth", "sixth", "eighth", "tenth"])


class Value(NamedTuple):
    """Where a value stands, and whether its sentence states it, rather than only holds it."""

    start: int
    end: int
    stated: bool


def value_of_run(statement: Statement, run: Run, *, stated: bool) -> Value:
    first, after = run
    vector = statement.pieces[first] == "<" and statement.pieces[after - 1] == ">"
    while after > first + 1 and not vector and _dangling(statement, after - 1):
        after -= 1
    if after > first + 1:
        first, after = _without_brackets(statement, first, after)
        after = _before_bracket(statement, first, _before_decimal(statement, first, after))
        first = _after_calculation(statement, first, after)
    first -= _is_date(statement, first) or _is_signed(statement, first)
    after = _with_part(statement, _out_of(statement, first, after))
    return Value(statement.tokens[first].start, statement.tokens[after - 1].end, stated)


def _is_signed(statement: Statement, first: int) -> bool:
    """Whether a number's sign stands before it as a word, behind a copula or alone: "y equals minus 3"."""
    words, pieces = statement.words, statement.pieces
    if pieces[first - 1] not in words.sign or statement.kinds[first] != kinds.NUMBER:
        return False
    return first == 1 or pieces[first - 2] in words.copula or pieces[first - 2] in words.filler


def _out_of(statement: Statement, first: int, after: int) -> int:
    """Where a probability ends that is said in two numbers, "3 out of 4" or "5 in 36"; else as given."""
    pieces = statement.pieces
    if statement.words.ratio.isdisjoint(statement.seen):
        return after
    behind = first + 1
    if pieces[behind] == "in":
        behind += 1
    elif pieces[behind : behind + 2] == ["out", "of"]:
        behind += 2
    else:
        return after
    return behind + 1 if statement.kinds[behind] == kinds.NUMBER and behind + 1 >= after else after


def _with_part(statement: Statement, after: int) -> int:
    """Where a mixed number ends whose fraction is said: "1 and a half"."""
    pieces = statement.pieces
    if pieces[after : after + 2] == ["and", "a"] and pieces[after + 2] in _PARTS:
        return after + 3 + (pieces[after + 3] in statement.words.unit)
    return after


def _is_date(statement: Statement, first: int) -> bool:
    """Whether a month stands before the number of its day: "October 30"."""
    if statement.pieces[first - 1] not in statement.words.month:
        return False
    day = statement.pieces[first].strip("$\\() ")
    capital = statement.text[statement.tokens[first - 1].start].isupper()
    return capital and day.isdecimal() and len(day) <= 2 and int(day) <= LONGEST_MONTH


def _dangling(statement: Statement, index: int) -> bool:
    kind = statement.kinds[index]
    if statement.pieces[index] == "!":  # "there are 5!." counts, "it is 42!" cheers
        return not statement.text.startswith(".", statement.tokens[index].end)
    if kind == kinds.OPERATOR and "\u2070" <= statement.pieces[index] <= "\u208e":
        return False
    return kind in {kinds.BOLD, kinds.COMMA} or (
        kind == kinds.OPERATOR and statement.pieces[index] not in _TRAILING | CONSTANTS | {"|", "$"}
    )


def _without_brackets(statement: Statement, first: int, after: int) -> tuple[int, int]:
    """Drop the round brackets around a calculation: "(35 + 70 = 105)", not "(1, 2)", "(C)" or "(1)(2)"."""
    if statement.pieces[first] != "(" or statement.pieces[after - 1] != ")" or after - first <= 3:
        return first, after
    if "," in statement.text[statement.tokens[first].start : statement.tokens[after - 1].end]:
        return first, after
    depth = 0
    for index in range(first, after - 1):
        depth += (statement.kinds[index] == kinds.OPEN) - (statement.kinds[index] == kinds.CLOSE)
        if depth == 0:
            return first, after
    return first + 1, after - 1


def _before_bracket(statement: Statement, first: int, after: int) -> int:
    """Where a value ends that a bracket behind it says once more: "1/8 (12.5%)", "12 cm (0.12 m)"."""
    if statement.kinds[after - 1] != kinds.CLOSE or statement.pieces[first] == "(":
        return after
    opening = next((i for i in range(after - 2, first, -1) if statement.kinds[i] == kinds.OPEN), first)
    inside = statement.kinds[opening + 1 : after - 1]
    before = statement.tokens[opening - 1]
    apart = before.end < statement.tokens[opening].start and before.kind in _ENDS_VALUE
    said = inside[:1] == [kinds.NUMBER] and kinds.COMMA not in inside and kinds.LETTER not in inside
    measured = said and (len(inside) > 1 or before.kind != kinds.NUMBER)
    listed = [piece for piece in statement.pieces[opening + 1 : after - 1] if piece != ","]
    lists = before.kind == kinds.NUMBER and kinds.COMMA in inside  # "17 (2, 3, 5, 7, 11, 13, 17)"
    measured = measured or (lists and before.piece in {*listed, str(len(listed))})
    measured = measured or statement.pieces[opening + 1].lstrip("$\\( ").startswith(_ROUNDED)
    return opening if opening > first and apart and measured else after


def _before_decimal(statement: Statement, first: int, after: int) -> int:
    """Where the exact value ends in "10π ≈ 31.42"; "7.5 ≈ 8" stays as it is."""
    if "≈" not in statement.seen:
        return after
    for index in range(first + 1, after - 1):
        if statement.pieces[index] == "≈":
            side = index - 1
            while side > first and statement.pieces[side] not in {"=", "≈"}:
                side -= 1
            exact = {statement.pieces[place] for place in range(side, index)} & _IRRATIONAL
            exact_side = bool(exact) or _is_rounded(statement, side, index)
            return index if exact_side and index - first > 1 else after
    return after


def _is_rounded(statement: Statement, side: int, sign: int) -> bool:
    """Whether a decimal follows a side of whole numbers: "7/12 ≈ 0.5833", not "7.5 / 2 ≈ 3.8"."""
    numbers = [
        statement.pieces[index] for index in range(side, sign) if statement.kinds[index] == kinds.NUMBER
    ]
    return (
        bool(numbers) and "." in statement.pieces[sign + 1] and not any("." in number for number in numbers)
    )


def _after_calculation(statement: Statement, first: int, after: int) -> int:
    """Skip the calculation in "5 + 3 = 8" or "price = 3 * 2 = 6", whose left side is no unknown."""
    depth = signs = 0
    begin = part = first
    for index in range(first, after - 1):
        kind = statement.kinds[index]
        depth += (kind == kinds.OPEN) - (kind == kinds.CLOSE)
        if depth == 0 and (kind == kinds.COMMA or _joins_values(statement, index)):
            worked_out = begin > part and kinds.NUMBER in statement.kinds[part : begin - 1]
            several = statement.pieces[first - 1] in PLURAL_COPULAS  # "the legs are 2(3) = 6 and 2(4) = 8"
            if several or not (worked_out and "=" in statement.pieces[index + 1 : after]):
                return first  # a list; "20 + 80 = 100, 100 + 160 = 260" goes on
            begin = part = index + 1
            signs = 0
            continue
        if depth == 0 and statement.pieces[index] in {"=", "≈"}:
            signs += 1
            if signs > 1 or is_calculation(statement, begin, index):
                begin = index + 1
    return begin


def _joins_values(statement: Statement, index: int) -> bool:
    """Whether an "and" stands here that does not join words only: "3 and 5", not "19 pink and red hats"."""
    if statement.pieces[index] not in statement.words.conjunction:
        return False
    return not statement.kinds[index - 1] == statement.kinds[index + 1] == kinds.WORD
