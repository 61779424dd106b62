"""A verdict as a sentence that a student understands, with both answers in it."""

from __future__ import annotations

import re

from ._verdict import Reason

__all__ = ["explained"]

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


def explained(reason: Reason, gold: str, given: str) -> str:
    """Say why, with the expected answer and the given one as they were understood.

    >>> explained(Reason.SAME_VALUE, "1/2", "0.5")
    'The answer 0.5 has the same value as the expected answer 1/2.'
    """
    gold, given = _shown(gold), _shown(given)
    sentence = _SENTENCES[reason]
    if gold == given:
        otherwise = _READ_OTHERWISE if reason in _OTHERWISE else sentence
        sentence = _SAME_TWICE.get(reason, otherwise)
    return sentence.format(gold=gold, given=given)


def _shown(form: str) -> str:
    """A value as it stands in a sentence: words in quotation marks, long ones cut."""
    text = " ".join(_TEXT_COMMAND.sub(r"\1", form).replace("$", "").split())
    if len(text) > _SHOWN:
        text = f"{text[:_SHOWN].rstrip()} ..."
    words = [word for word in text.split() if word.strip(".,;:!?'").isalpha() and len(word) > 1]
    return f'"{text}"' if len(words) > 1 or not text else text
