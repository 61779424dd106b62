"""What a comparison says: an outcome, a reason from a closed set, and who decided."""

from __future__ import annotations

import re
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


# What is said of an answer, with the expected one in its place.
_SENTENCES = {
    Reason.SAME_TEXT: "The answer {given} is written exactly like the expected answer {gold}.",
    Reason.SAME_VALUE: "The answer {given} has the same value as the expected answer {gold}.",
    Reason.SAME_WORDS: "The answer {given} says the same as the expected answer {gold}.",
    Reason.ROUNDED: "The answer {given} agrees with the expected answer {gold} in all digits that are given.",
    Reason.WITHIN_TOLERANCE: "The answer {given} is near enough to the expected answer {gold}.",
    Reason.SAME_CHOICE: "The answer {given} is the option that was expected, {gold}.",
    Reason.DIFFERENT_VALUE: "The answer {given} has another value than the expected answer {gold}.",
    Reason.DIFFERENT_KIND: "The answer {given} is not of the same kind as the expected answer {gold}.",
    Reason.DIFFERENT_COUNT: "The answer {given} has more or fewer values than the expected answer {gold}.",
    Reason.DIFFERENT_UNIT: "The unit of the answer {given} does not fit the expected answer {gold}.",
    Reason.DIFFERENT_WORDS: "The answer {given} says something else than the expected answer {gold}.",
    Reason.DIFFERENT_FORM: "The answer {given} has the value of the expected answer {gold}, "
    "but not the form that was asked for.",
    Reason.REPEATS_PROBLEM: "The answer {given} only repeats the problem and does not work out the expected "
    "answer {gold}.",
    Reason.TOO_COMPLEX: "The answer {given} is too complex to be compared with the expected answer {gold}.",
    Reason.NO_COMMON_DOMAIN: "The answer {given} could not be compared with the expected answer {gold}: "
    "no point was found where both have a value.",
    Reason.NO_ANSWER: "The response gives no answer; expected was {gold}.",
    Reason.CUT_OFF: "The response was cut off before its answer; expected was {gold}.",
    Reason.UNPARSED_GOLD: "The expected answer {gold} could not be read, so nothing can be said.",
    Reason.UNPARSED_ANSWER: "The answer {given} could not be read as mathematics; expected was {gold}.",
}
_SAME_TWICE = {
    Reason.SAME_TEXT: "The answer {given} is the expected one.",
    Reason.SAME_VALUE: "The answer {given} is the expected one.",
    Reason.SAME_WORDS: "The answer {given} is the expected one.",
    Reason.SAME_CHOICE: "The answer {given} is the option that was expected.",
}
# Two ways of writing may look alike when they are shown, as `5m` and `5\text{m}`.
_OTHERWISE = frozenset(
    [Reason.DIFFERENT_VALUE, Reason.DIFFERENT_KIND, Reason.DIFFERENT_COUNT, Reason.DIFFERENT_WORDS]
)
_READ_OTHERWISE = (
    "The answer {given} looks like the expected one, but as it is written it means something else."
)
_SHOWN = 100
_TEXT_COMMAND = re.compile(r"\\(?:text|textbf|mathrm|mbox)\s*\{([^{}]*)\}")


def _shown(form: str) -> str:
    """A value as it stands in a sentence: words in quotation marks, long ones cut."""
    text = " ".join(_TEXT_COMMAND.sub(r"\1", form).replace("$", "").split())
    if len(text) > _SHOWN:
        text = f"{text[:_SHOWN].rstrip()} ..."
    words = [word for word in text.split() if word.strip(".,;:!?'").isalpha() and len(word) > 1]
    return f'"{text}"' if len(words) > 1 or not text else text


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
        gold, given = _shown(self.gold_form), _shown(self.given_form)
        sentence = _SENTENCES[self.reason]
        if gold == given:
            otherwise = _READ_OTHERWISE if self.reason in _OTHERWISE else sentence
            sentence = _SAME_TWICE.get(self.reason, otherwise)
        return sentence.format(gold=gold, given=given)


_FIELDS = ("outcome", "reason", "tier", "gold_form", "given_form")
