"""What became of a response: right, wrong, or one of the ways in which it is neither.

The split keeps a fall through shorter or unfinished responses from being read as lost skill.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from mathtune.answers import How
from mathtune.grading import Outcome, Reason

if TYPE_CHECKING:
    from mathtune.answers import Answer
    from mathtune.generation import Response
    from mathtune.grading import Verdict

__all__ = ["Category", "categorise"]

# Signs by which a response says "this is my answer"; what is merely its last number may be the middle of a
# calculation that was cut off.
_SAID_OUTRIGHT = frozenset({How.BOXED, How.HASH, How.TAG, How.FIELD, How.PHRASE})
_REFUSED = frozenset({"refused", "content_filter"})


class Category(str, Enum):
    """What became of a response.

    `unparsed_gold` depends on the problem alone, never on the response: such problems count in no accuracy.
    All other categories do, and only `correct` counts as right.

    >>> Category("cut_off").label
    'cut off'
    """

    CORRECT = "correct"
    WRONG = "wrong"
    FORM_ONLY = "form_only"
    NO_ANSWER = "no_answer"
    CUT_OFF = "cut_off"
    REFUSED = "refused"
    UNPARSED = "unparsed"
    UNDECIDED = "undecided"
    UNPARSED_GOLD = "unparsed_gold"

    def __str__(self) -> str:
        return self.value

    @property
    def label(self) -> str:
        """The category in words."""
        return _LABELS[self]


_LABELS = {
    Category.CORRECT: "correct",
    Category.WRONG: "wrong answer",
    Category.FORM_ONLY: "right but for its form",
    Category.NO_ANSWER: "no answer",
    Category.CUT_OFF: "cut off",
    Category.REFUSED: "refused",
    Category.UNPARSED: "answer not read",
    Category.UNDECIDED: "undecided",
    Category.UNPARSED_GOLD: "gold answer not read",
}


def categorise(response: Response, answer: Answer | None, verdict: Verdict) -> Category:
    """Say what became of a response whose problem has a gold answer that can be read."""
    right = verdict.outcome is Outcome.EQUAL
    if response.finish_reason == "length" or verdict.reason is Reason.CUT_OFF:
        said = answer is not None and answer.how in _SAID_OUTRIGHT
        return Category.CORRECT if right and said else Category.CUT_OFF
    if right:
        return Category.CORRECT
    if answer is None:
        refused = response.finish_reason in _REFUSED or response.refusal is not None
        return Category.REFUSED if refused else Category.NO_ANSWER
    if verdict.outcome is Outcome.UNDECIDED:
        return Category.UNPARSED if verdict.reason is Reason.UNPARSED_ANSWER else Category.UNDECIDED
    return Category.FORM_ONLY if verdict.reason is Reason.DIFFERENT_FORM else Category.WRONG
