"""Of joined formulas those that say the same kind of thing as the last: a value, a relation or a term."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._run_values import PLURAL_COPULAS

if TYPE_CHECKING:
    from ._runs import Run
    from ._statement import Statement
    from ._tokens import Token

__all__ = ["last_of_kind"]

_DELIMITER = re.compile(r"^\s*(?:\$+|\\[(\[])")
# The value of a function: f(x).
_CALLED = [kinds.LETTER, kinds.OPEN, kinds.LETTER, kinds.CLOSE]
_ARROWS = frozenset("\u2192\u21d2\u27f9")
_SYMBOL = re.compile(
    r"(?:m?\\(?:angle|triangle)\s?)?[A-Za-z]+'?(?:_(?:\w|\{[^{}]{1,8}\}))?"  # x, x_1, AB, \angle A
    r"(?:\([A-Za-z0-9, ]{1,8}\))?"  # f(x)
    r"|\([A-Za-z, ]{1,12}\)?"  # (x, y)
)


def last_of_kind(statement: Statement, run: Run) -> Run:
    """Of joined formulas, those that say the same kind of thing as the last.

    "$a = 2$ and $b = 3$, so $a + b = 5$" ends in a result; "$x = 1$ and $x = 2$" is a list.
    """
    if run.after - run.first == 1:
        return run
    kind, first = None, run.first
    for index in range(run.after - 1, run.first - 1, -1):
        if statement.kinds[index] in kinds.FORMULAS:
            here = _relation_kind(statement.text, statement.tokens[index])
            if kind is not None and (here != kind or kind == "relation"):
                return run._replace(first=first)
            kind, first = here, index
        elif statement.kinds[index] not in {kinds.COMMA, kinds.WORD, kinds.BOLD}:
            return run._replace(first=_behind_relation(statement, run))
    return run


def _behind_relation(statement: Statement, run: Run) -> int:
    """Where, of formulas without delimiters, the value of an unknown begins behind a relation of it.

    "log x = 3, x = 1000" and "2x = 6, x = 3" end in a result; "x = 3, y = 4" is a list.
    """
    within, conjunction = range(run.first, run.after), statement.words.conjunction
    parted = (i for i in within if statement.kinds[i] == kinds.COMMA or statement.pieces[i] in conjunction)
    comma = max(parted, default=0)
    if not comma or statement.pieces[run.first - 1] in PLURAL_COPULAS:
        return run.first
    unknown = statement.pieces[comma + 1]
    left = next((i for i in range(run.first, comma) if statement.pieces[i] == "="), run.first)
    related = left - run.first > 1 and unknown in statement.pieces[run.first : left]
    named = statement.kinds[run.first : left] == _CALLED
    solved = statement.kinds[comma + 1] == kinds.LETTER and statement.pieces[comma + 2] == "="
    if not (solved and related) or named:
        return run.first
    arrows = (i for i in range(run.first + 1, comma) if statement.pieces[i - 1] in _ARROWS)
    listed = (i for i in arrows if statement.pieces[i : i + 2] == [unknown, "="])
    return next(listed, comma + 1)  # "x² = 4 → x = 2 or x = -2"


def _relation_kind(text: str, formula: Token) -> str:
    """What a formula says: a symbol's "value" (`x = 5`), another "relation" (`x + y = 5`), a "term" (`5`)."""
    left, equals, _ = text[formula.start : formula.end].partition("=")
    if equals:
        return "value" if _SYMBOL.fullmatch(_DELIMITER.sub("", left).strip()) else "relation"
    return "term"
