"""The number that a last clause says in a word, of what the problem asks for: "the distance is zero"."""

from __future__ import annotations

import re

from ._answer import Answer, How
from ._questions import content_of, demanded, question_of, stems_of

__all__ = ["said_in_word"]

MAX_CLAUSE = 120
# The last letters of the words below, and of units and closing words behind them.
_ENDS = frozenset("eotrxnsdgylmhf")
_TO_NINE = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_PARTS = "halves|(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|twentieth)s?"
_NUMBER = rf"(?:(?:{_TENS})(?:[- ](?:{_TO_NINE}))?|{_TEENS}|{_TO_NINE}|zero)"
# What a last clause comes to, behind a verb or sign of coming to it: "which leaves her with fifteen to go".
_COME_TO = re.compile(
    rf"""(?:\b(?:leaves?|leaving|gives?|giving|makes?|making|gets?|reach(?:es)?|(?:are|is)\ (?:now\ )?at
    |comes?\ to|adds?\ up\ to|simplifies\ to|(?:brings?|takes?)\ (?:us|it|that|them)\ (?:up\ )?to)
    |[\u2013\u2014:]|\b(?:so|hence|thus|therefore),?|,\ or(?=\ (?:{_TO_NINE})[ -](?:{_PARTS})))
    (?:\ (?:her|him|them|us|you|it))?(?:\ with)?(?:\ (?:just|exactly|only|a\ total\ of))?
    \ ((?:{_NUMBER})(?:[ -](?:{_PARTS}))?)(?:\ ((?!and\b|or\b|of\b)[a-z]{{2,15}}))?
    (?:\ (?:to\ go|left(?:\ over)?|in\ all|altogether|of\ them|in\ total))?\Z""",
    re.IGNORECASE | re.VERBOSE,
)
# Units that may stand behind a number in words.
_UNITS = frozenset(
    ["seconds", "minutes", "hours", "days", "weeks", "months", "years", "cents", "dollars", "euros",
     "metres", "meters", "feet", "inches", "miles", "degrees", "percent", "litres", "liters", "pounds"]
)  # fmt: skip
_NONE = re.compile(
    r"\b(?:none(?: of (?:them|these|those|the [a-z]{2,20}))?|no [a-z]{2,20}(?= (?:is |are )?(?:left|remain)))"
    r"(?: (?:is|are|was|were|has|have|remains?|remaining|left)){0,2}\Z"
    r"|\bnone of (?:them|these|those|the [a-z]{2,20}) (?:is|are|was|were) (?:an? )?([a-z]{2,20})\Z",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?:\A|[.,;:]\s|\n|\b(?:so|that|hence|thus|therefore|and|but) )([^.,;:\d\n]{3,80}?)"
    r" (?:is|are|was|were|equals|be) (?:therefore |thus |just |only |exactly |equal to )?"
    r"(zero|one|two|three|four|five|six|seven|eight|nine|ten)\Z",
    re.IGNORECASE,
)
# What is asked of those that are left.
_REMAINS = re.compile(r"\b(?:left|remain\w*|still|now)\b", re.IGNORECASE)
_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)


def said_in_word(response: str, last: int, problem: str) -> Answer | None:
    """The number in a word with which a response ends, where its clause names what is asked for.

    Args:
        response: What a model said.
        last: Where its last word ends.
        problem: The problem's text.

    >>> said_in_word("They are 5 - 5 apart, so the distance is zero", 45, "What is the distance?").text
    'zero'
    """
    if response[last - 1 : last] not in _ENDS:
        return None
    begin = max(0, last - MAX_CLAUSE)
    none = _NONE.search(response, begin, last)
    if none is not None:
        counted = _MANY.search(problem)
        if none[1] is not None and demanded(problem).isdisjoint(stems_of(none[1])):
            return None
        held = counted and (_REMAINS.search(none[0]) is None or _REMAINS.search(problem, counted.end()))
        return Answer("none", none.span(), How.CONCLUSION) if held else None
    come_to = _COME_TO.search(response, begin, last)
    if come_to is not None and (answer := _comes_to(come_to, problem)):
        return answer
    said = _SAID.search(response, begin, last)
    if said is None or re.search(rf"\b{said[2]}\b", problem, re.IGNORECASE):
        return None
    named, question = content_of(said[1]), question_of(problem)
    asked = demanded(problem) if question is None else {question.word}
    return Answer(said[2], said.span(2), How.CONCLUSION) if asked and asked <= named else None


def _comes_to(said: re.Match[str], problem: str) -> Answer | None:
    """What a calculation comes to, unless the problem gives it, or it counts another thing."""
    number, noun = said[1], said[2]
    if re.search(rf"\b{re.escape(number)}\b", problem, re.IGNORECASE):
        return None
    question = question_of(problem)
    counts = question is not None and question.kind == "count" and question.word in content_of(noun or "")
    counted = noun is None or noun.lower() in _UNITS or counts
    with_unit = noun is not None and noun.lower() in _UNITS
    end = said.end(2) if with_unit else said.end(1)
    return Answer(said.string[said.start(1) : end], (said.start(1), end), How.CONCLUSION) if counted else None
