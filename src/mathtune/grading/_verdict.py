"""What a comparison says: an outcome, a reason from a closed set, and who decided."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import attrs

from mathtune.latex import to_text

if TYPE_CHECKING:
    from mathtune.latex import Node

__all__ = ["Outcome", "Reason", "Verdict"]


class Outcome(str, Enum):
    """Equal, different, or not decided."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDECIDED = "undecided"

    def __str__(self) -> str:
        return self.value


class Reason(str, Enum):
    """Why. Each value is explained in `docs/engine/what-counts-as-equal.md`."""

    SAME_TEXT = "same_text"
    SAME_VALUE = "same_value"
    SAME_WORDS = "same_words"
    ROUNDED = "rounded"
    WITHIN_TOLERANCE = "within_tolerance"
    SAME_CHOICE = "same_choice"
    DIFFERENT_VALUE = "different_value"
    DIFFERENT_KIND = "different_kind"
    DIFFERENT_COUNT = "different_count"
    DIFFERENT_UNIT = "different_unit"
    DIFFERENT_WORDS = "different_words"
    DIFFERENT_FORM = "different_form"
    REPEATS_PROBLEM = "repeats_problem"
    TOO_COMPLEX = "too_complex"
    NO_COMMON_DOMAIN = "no_common_domain"
    NO_ANSWER = "no_answer"
    CUT_OFF = "cut_off"
    UNPARSED_GOLD = "unparsed_gold"
    UNPARSED_ANSWER = "unparsed_answer"

    def __str__(self) -> str:
        return self.value


_LONGEST_FORM = 500


def _printed(form: str | Node) -> str:
    return form if isinstance(form, str) else to_text(form)[:_LONGEST_FORM]


@attrs.frozen(repr=False)
class Verdict:
    """The result of a comparison; true in a condition only if the outcome is `Outcome.EQUAL`.

    Attributes:
        outcome: Equal, different or undecided.
        reason: Why, from a closed set.
        tier: The name of the tier that decided.
        gold_form: The expected answer as it was understood, in plain text.
        given_form: The given answer as it was understood.

    >>> bool(Verdict(Outcome.UNDECIDED, Reason.TOO_COMPLEX))
    False
    """

    outcome: Outcome
    reason: Reason
    tier: str = ""
    # Texts, or trees, which are printed when somebody asks for them, as for most verdicts nobody does.
    _gold: str | Node = attrs.field(default="", alias="gold_form", eq=_printed)
    _given: str | Node = attrs.field(default="", alias="given_form", eq=_printed)

    @property
    def gold_form(self) -> str:
        return _printed(self._gold)

    @property
    def given_form(self) -> str:
        return _printed(self._given)

    def __bool__(self) -> bool:
        return self.outcome is Outcome.EQUAL

    def __repr__(self) -> str:
        fields = (f"{name}={getattr(self, name)!r}" for name in _FIELDS)
        return f"Verdict({', '.join(fields)})"

    def __reduce__(self) -> tuple[type[Verdict], tuple[object, ...]]:
        return Verdict, tuple(getattr(self, name) for name in _FIELDS)

    def explain(self) -> str:
        """Say it in a sentence that names both answers.

        >>> Verdict(Outcome.EQUAL, Reason.SAME_VALUE, "exact", "1/2", "0.5").explain()
        'The answer 0.5 has the same value as the expected answer 1/2.'
        >>> Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_WORDS, "words", "the red ball", "blue").explain()
        'The answer blue says something else than the expected answer "the red ball".'
        """
        from ._explained import explained  # a module above this one: it knows all reasons

        return explained(self.reason, self.gold_form, self.given_form)


_FIELDS = ("outcome", "reason", "tier", "gold_form", "given_form")
