"""A value -> the purpose behind it: "it takes 45 minutes to cook 90 eggs", "he should pay $5 to get 3"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _tokens as kinds

if TYPE_CHECKING:
    from ._runs import Run
    from ._statement import Statement

__all__ = ["MAX_COUNTED", "purpose_behind"]

# Words of what is needed: "9 cups of flour to make".
MAX_COUNTED = 4
# Verbs of what somebody is to do, alone or before a "to".
_OBLIGING = frozenset(["should", "must"])
_OBLIGING_TO = frozenset(["has", "have", "needs", "need", "ought"])
# Those who calculate get results: "we must divide 36 by 3 to get 12".
_CALCULATORS = frozenset(["we", "you"])


def purpose_behind(statement: Statement, run: Run) -> int:
    """Where the "to" stands with which a purpose follows a run; 0 where none does."""
    words, pieces = statement.words, statement.pieces
    passive = pieces[run.after + 1] in words.copula and pieces[run.after + 2] in words.need
    needed = passive or pieces[run.first - 1] in words.need  # "6 vans are needed to carry all 48"
    needed = needed or _is_obliged(statement, run)
    place = run.after
    while needed and place - run.after < MAX_COUNTED and statement.kinds[place] == kinds.WORD:
        if pieces[place] in words.versus:
            break
        place += 1
    if pieces[place] not in words.versus:
        return 0
    verb = pieces[place + 1]
    leads = verb in words.verb or verb in words.copula or verb in words.filler or verb in words.determiner
    return place if not leads or (needed and statement.kinds[place + 1] == kinds.WORD) else 0


def _is_obliged(statement: Statement, run: Run) -> bool:
    """Whether somebody is to do something with a value: "he should set it at 50", "she has to save $20"."""
    pieces = statement.pieces
    by = pieces[run.first - 1] == "by"  # "he must multiply 5 by 3 to get 15"
    if by or not _CALCULATORS.isdisjoint(pieces[: run.first]):
        return False
    return any(
        pieces[index] in _OBLIGING or (pieces[index] in _OBLIGING_TO and pieces[index + 1] == "to")
        for index in range(run.first)
    )
