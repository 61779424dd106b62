"""Last sentences about something else than the question.

Of "The area is 63. Its perimeter, for its part, is 32." the last has a value, but no word that is asked
for; it concludes nothing, and goes on with nothing. The sentence before it answers, if its value stands in a
clause with the words that are asked for. So does one before sentences that only say again what the problem
gives.
"""

from __future__ import annotations

import re

from ._questions import content_of, demanded, question_of
from ._told_apart import JOINT
from ._turns import CONCLUDING

__all__ = ["hits_of", "is_about_else", "is_in_answer", "only_restates"]

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
# What concludes, works out, labels, or counts or takes up what stands before.
_GOES_ON = re.compile(
    rf"[=\\]|\w:|\A\s*(?:There\b|These\b|[-*|#(])|\b(?:{CONCLUDING}|total|altogether|only|such"
    r"|correct|(?:this|that|it|they) (?:is|are)|which (?:would |will )?(?:give|leave|make|yield)s?)\b",
    re.IGNORECASE,
)
# Said of what is given, it takes up nothing: "Only 918 tons remain".
_ONLY = re.compile(r"\bonly\b", re.IGNORECASE)
# What is supposed besides: "if it rained, there would be 5".
_CONDITION = r"\b(?:if|had|otherwise|instead)\b"
_SUPPOSES = re.compile(
    rf"{_CONDITION}[^.]{{1,200}}\bwould\b|\bwould\b[^.]{{1,200}}{_CONDITION}", re.IGNORECASE
)


def is_about_else(sentence: str, problem: str) -> bool:
    """Whether a last sentence with a value has no word that the problem asks for, or only supposes something.

    >>> is_about_else("Its perimeter, for its part, is 32.", "What is the area?")
    True
    """
    if _GOES_ON.search(sentence) or not _DIGIT.search(sentence):
        return False
    asked, own = demanded(problem), content_of(sentence)
    supposed = "would" not in problem and _SUPPOSES.search(sentence) is not None
    return bool(asked and own) and (supposed or own.isdisjoint(asked))


def only_restates(sentence: str, problem: str) -> bool:
    """Whether all values of a sentence that concludes nothing are given by the problem.

    >>> only_restates("Only 918 tons remain.", "Of the grain, 918 tons remain. How much was it at first?")
    True
    """
    values = frozenset(_NUMBER.findall(sentence))
    concludes = _GOES_ON.search(_ONLY.sub("", sentence))
    return bool(values) and not concludes and values <= frozenset(_NUMBER.findall(problem))


def hits_of(sentence: str, problem: str) -> int:
    """How many words that the problem asks for a sentence has."""
    return len(demanded(problem) & content_of(sentence))


def is_in_answer(text: str, sentence: tuple[int, int], span: tuple[int, int], problem: str) -> bool:
    """Whether the clause around a value has the noun that the problem asks for, or half of the words."""
    begin = max((mark.end() for mark in JOINT.finditer(text, sentence[0], span[0])), default=sentence[0])
    stop = JOINT.search(text, span[1], sentence[1])
    asked, question = demanded(problem), question_of(problem)
    hits = asked & content_of(text[begin : stop.start() if stop else sentence[1]])
    if _SUPPOSES.search(text, *sentence):
        return False
    return 2 * len(hits) >= len(asked) or (question is not None and question.word in hits)
