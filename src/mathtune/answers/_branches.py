"""Values under conditions: "4 if n is even and 5 if it is odd" is one answer, and neither 4 nor 5."""

from __future__ import annotations

import re

from ._answer import Answer

__all__ = ["condition_near", "with_branches"]

# A condition begins so near to its value, or not at all.
MAX_APART = 60
# Longer than the rest of a sentence of two conditions.
MAX_REST = 300
_PARITY = r"(?:all |any )?(?:even|odd|positive|negative)\b|[$\\(]{0,3}[a-z][$\\) ]{0,3}(?:is )?(?:even|odd)\b"
# In English; in German; in French and Spanish.
_CONDITION = (
    rf"\b(?:if|when|whenever|unless|assuming|provided|depending|for (?={_PARITY})"
    r"|falls\b|wenn\b|si\b|quand\b|lorsque\b|cuando\b)"
)
_ELSE = "otherwise|else|sonst|ansonsten|sinon|de lo contrario|en (?:caso contrario|otro caso)"
_UNIT = r"[$)\\]{0,3}(?: [a-z]{1,15}){0,2}?"
# Behind a value: its unit, and the first condition, or the other value and the one for that.
_FIRST = re.compile(
    rf"{_UNIT},?[$)\\]{{0,2}} \(?(or,? (?:[$\\(]{{0,3}}-?\d[^\s,;]{{0,20}},? )?)?{_CONDITION}"
)
_NUMBER = rf"[$\\(]{{0,3}}-?(?:\d|[A-H]\b|\\[dt]?frac|\\sqrt|\\pi)[^\s,;()]{{0,40}}{_UNIT}"
_IS = r"(?:(?:(?:it|this|that)(?:['\u2019]s| is)|(?:the )?(?:answer|result|value) is) )?"
_AND = "and|or|but|und|aber|et|mais|y|pero"
_OTHER = re.compile(
    rf"(?:[,;)] (?:(?:{_AND}) )?| (?:{_AND}) ){_IS}{_NUMBER},? \(?(?:{_CONDITION}|(?:{_ELSE})\b)"
    rf"|\b(?:{_ELSE}|in which case),? {_IS}[$\\(]{{0,3}}-?(?:\d|[A-H]\b)"
    r"|, but (?:actually )?(?:it|the (?:correct |right |true )?(?:answer|value)) is [$\\(]{0,3}-?\d"
)
# Before a value: "if n is even, the answer is 4; if n is odd, it is".
_SUBJECT = r"(?:answer|result|value|it) (?:is|would be)"
_LED = re.compile(
    rf"\b(?:if|when|for|assuming)\b[^.;\n]{{1,80}}?\b{_SUBJECT} ({_NUMBER})[.;,]{{0,2}} (?:and |but )?"
    rf"(?:if|when|for|otherwise|else)\b[^.;\n]{{0,80}}?{_SUBJECT} [$\\(]{{0,3}}\Z",
    re.IGNORECASE,
)
# How what stands before such a value ends, with its delimiters and without.
_BEFORE = " $\\("
_COPULAS = ("is ", "be ", "IS ", "BE ")
# Before a value, the last condition stands in so many characters.
MAX_LED = 90
# The same in Chinese: "if ..., the answer is 4; if ..., the answer is".
_WHEN = "(?:\u5982\u679c|\u82e5|\u5f53)"
_ANSWER = "\u7b54\u6848\u5c31?[\u662f\u4e3a]"
_LED_UNSPACED = re.compile(
    rf"{_WHEN}[^\u3002\n]{{1,60}}?{_ANSWER}([^\u3002\n]{{1,20}}?)[\uff1b\uff0c\u3002;,] ?"
    rf"(?:{_WHEN}|\u5426\u5219)[^\u3002\n]{{0,60}}?{_ANSWER}[ $]{{0,2}}\Z"
)
_OTHERWISE = re.compile(
    rf"[$)\\]{{0,3}}[.;] (?:[Oo]therwise|[Ee]lse),? {_IS}[$\\(]{{0,3}}-?\d[^.;\n]{{0,40}}"
)
_SIGNS = "$\\()., "  # around a value
# What the first condition begins with behind its value, or that value's delimiters.
_BEHIND = "$)\\ ,.;"
SHORTEST_CONDITION = len(" if odd")
_UNLESS = re.compile(rf" {_IS}[$\\(]{{0,3}}-?\d")
_STOP = re.compile(r'[.?!](?=[\s)$*]|\Z)|\n|"(?=\s{0,8}(?:[}\]]|,\s{0,8}"))')  # of a sentence, or of a field


def with_branches(text: str, answer: Answer) -> Answer | None:
    """A value with the conditions under which it and another one are the answer.

    >>> from mathtune.answers import How
    >>> with_branches("It is 4 if n is even, 5 otherwise.", Answer("4", (6, 7), How.CONCLUSION)).text
    '4 if n is even, 5 otherwise'
    """
    start, end = answer.span
    led = _led(text, start)
    if led is not None and led[1].strip(_SIGNS) != answer.text.strip(_SIGNS):
        return Answer(text[led.start() : end], (start, end), answer.how)
    if not condition_near(text, end):
        return None
    other = _OTHERWISE.match(text, end)
    if other is not None:
        return Answer(text[start : other.end()], (start, other.end()), answer.how)
    first = _FIRST.match(text, end)
    if first is None:
        return None
    begin = first.end()
    found = _STOP.search(text, begin, begin + MAX_REST)
    stop = found.start() if found else min(len(text), begin + MAX_REST)
    unless = text.endswith("unless", 0, begin) and _UNLESS.match(text, begin)
    if not (first[1] or unless or _OTHER.search(text, begin, stop)):
        return None
    start -= text[start - 1 : start] == "$"  # a formula, which ends before its condition
    return Answer(text[start:stop], (start, stop), answer.how)


def _led(text: str, start: int) -> re.Match[str] | None:
    """The conditions before a value, and the other value among them."""
    begin = max(0, start - MAX_REST)
    if not text.isascii() and "\u7b54\u6848" in text[begin:start]:
        return _LED_UNSPACED.search(text, begin, start)
    if text[start - 1 : start] not in _BEFORE:
        return None
    clause = text[max(0, start - MAX_LED, text.rfind("\n", begin, start)) : start].rpartition(". ")[2]
    if not ("f " in clause or "hen " in clause or "or " in clause or "therwise" in clause or "lse" in clause):
        return None  # most values follow no condition
    if not clause.rstrip("$\\(").endswith(_COPULAS):
        return None
    return _LED.search(text, begin, start)


def condition_near(text: str, end: int) -> bool:
    """Whether a condition may stand behind a value, at a cheap look."""
    if len(text) - end < SHORTEST_CONDITION or text[end] not in _BEHIND:
        return False
    near = text[end : end + MAX_APART]
    return (
        "if" in near
        or "when" in near
        or " si " in near
        or "uand" in near
        or "lorsque" in near
        or "falls" in near
        or "wenn" in near
        or "for" in near
        or "unless" in near
        or "therwise" in near
        or "assuming" in near
        or "provided" in near
        or "depending" in near
    )
