"""What a comparison says: an outcome, a reason from a closed set, and who decided."""

from __future__ import annotations

from enum import Enum

import attrs

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


_SENTENCES = {
    Reason.SAME_TEXT: "is written exactly like the expected answer",
    Reason.SAME_VALUE: "has the same value as the expected answer",
    Reason.SAME_WORDS: "says the same in words as the expected answer",
    Reason.ROUNDED: "gives the expected answer when rounded to as many digits",
    Reason.WITHIN_TOLERANCE: "lies within the allowed tolerance of the expected answer",
    Reason.SAME_CHOICE: "is the option that the expected answer names",
    Reason.DIFFERENT_VALUE: "has another value than the expected answer",
    Reason.DIFFERENT_KIND: "is another kind of object than the expected answer",
    Reason.DIFFERENT_COUNT: "has another number of parts than the expected answer",
    Reason.DIFFERENT_UNIT: "is given in a unit that does not fit the expected answer",
    Reason.DIFFERENT_WORDS: "says something else than the expected answer",
    Reason.DIFFERENT_FORM: "has the right value but not the form that was asked for",
    Reason.REPEATS_PROBLEM: "only repeats the problem instead of giving the expected answer",
    Reason.TOO_COMPLEX: "would cost too much work to compare with the expected answer",
    Reason.NO_COMMON_DOMAIN: "could not be compared: no point was found where both have a value",
    Reason.UNPARSED_ANSWER: "could not be read as mathematics",
}


@attrs.frozen
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
    gold_form: str = ""
    given_form: str = ""

    def __bool__(self) -> bool:
        return self.outcome is Outcome.EQUAL

    def explain(self) -> str:
        """Say it in a sentence.

        >>> Verdict(Outcome.EQUAL, Reason.SAME_VALUE, "exact", "1/2", "0.5").explain()
        'The answer 0.5 has the same value as the expected answer 1/2.'
        """
        if self.reason is Reason.NO_ANSWER:
            return f"The response gives no answer; expected was {self.gold_form}."
        if self.reason is Reason.CUT_OFF:
            return f"The response was cut off before its answer; expected was {self.gold_form}."
        if self.reason is Reason.UNPARSED_GOLD:
            return f"The expected answer {self.gold_form!r} could not be read, so nothing can be said."
        sentence = _SENTENCES[self.reason].replace(
            "the expected answer", f"the expected answer {self.gold_form}"
        )
        return f"The answer {self.given_form} {sentence}."
