r"""Two values, of which what follows refuses one: "$x = 4$ or $x = -1$, but $-1$ is extraneous" leaves 4."""

from __future__ import annotations

import re

from ._answer import Answer
from ._turns import REFUSED, UNFIT

__all__ = ["left_of_two"]

# Refusals stand at the end.
WINDOW = 400
# No word of a refusal stands further before the value that it refuses.
MAX_REFUSAL = 80
MAX_VALUE = 40  # characters, of what is written as below
_NUMBER = (
    r"(?:-\s?)?(?:\\[dt]?frac\{-?\d{1,6}\}\{\d{1,6}\}|\d{0,6}\\sqrt\{\d{1,6}\}|\d{1,9}(?:[./]\d{1,9})?)"
    r"(?![\d{\\])"
)
# With blanks escaped, for the patterns in verbose form.
_VALUE = rf"[$\\(]{{0,3}}(?:[A-Za-z]\ ?=\ ?)?({_NUMBER})[$\\)]{{0,3}}"
# How a value may begin: at most places none does.
_BEGINS = r"(?:[$\\(\d-]|[A-Za-z] ?=)"
# The Chinese "or" and "and", and what is put in brackets behind a root that does not count.
_OR = " ?[\u6216\u548c\uff0c\u3001]"
_DROPPED = r"\ ?[(\uff08][^()\uff08\uff09\n]{0,12}\u820d\u53bb?[)\uff09]"
_TWO = re.compile(rf"(?={_BEGINS}){_VALUE}(?:,? (?:or|and) |, |{_OR} ?){_VALUE}(?![\w+*/^=-])")
# What stands before the second of two: found fast, and seldom there.
_SECOND = re.compile(rf"(?:(?:,| or| and) |{_OR} ?){_BEGINS}")
_WHICH = (
    rf"(?:{_VALUE}|the\ (latter|second|former|first|negative|positive)"
    r"(?:\ (?:one|root|solution|value|answer))?)"
)
# What leaves a refusal open, or denies it: "if -1 is extraneous", "no reason why".
_OPEN = r"\b(?:if|whether|unless|why|no|not|never|perhaps|maybe|may|might)\b"
_REFUSAL = re.compile(
    rf"""[\s.;:]{{0,3}}(?:{_DROPPED}|\(?(?:{UNFIT})\b|,\ which\ {REFUSED}
    |(?:(?!{_OPEN})[A-Za-z ,']){{0,60}}?(?:{_WHICH}\ {REFUSED}
     |\b(?:we|I)\ (?:must\ |can\ |have\ to\ )?(?:reject|discard|exclude|disregard)\ {_WHICH}))""",
    re.VERBOSE | re.IGNORECASE,
)
# The one that alone is kept: "and only the first is positive".
_KEPT = re.compile(
    rf"""[\s.;:,]{{0,3}}(?:and|but|so|of\ (?:which|these|them))?,?\ ?only\ {_WHICH}
    \ (?:is|works|fits|holds|counts|lies|makes|satisfies|remains|can|solves)\b(?!\ not)""",
    re.VERBOSE | re.IGNORECASE,
)


def left_of_two(text: str, answer: Answer) -> Answer | None:
    """The other one of two values, where the response refuses one behind them.

    >>> from mathtune.answers import How
    >>> left_of_two("So x is 4 or -1, but -1 is extraneous.", Answer("4 or -1", (8, 15), How.CONCLUSION)).text
    '4'
    """
    start = answer.span[0]
    if len(text) - start > WINDOW:
        return None
    end = text[max(0, start - MAX_REFUSAL) :]
    if not (  # most responses refuse nothing
        "ject" in end
        or "xtraneous" in end
        or "iscard" in end
        or "isregard" in end
        or "xclude" in end
        or "ossible" in end
        or "valid" in end
        or "atisfy" in end
        or "t work" in end
        or "a solution" in end
        or "t allowed" in end
        or "in the domain" in end
        or "nly the " in end
        or "\u820d" in end
    ):
        return None
    begin = max(0, len(text) - WINDOW)
    second = _SECOND.search(text, begin)
    if second is None:
        return None
    for two in _TWO.finditer(text, max(begin, second.start() - MAX_VALUE)):
        refusal = _REFUSAL.match(text, two.end())
        if refusal and two.start() <= start < refusal.end():
            return _left(two, refusal, answer)
        kept = None if refusal else _KEPT.match(text, two.end())
        if kept and two.start() <= start < kept.end() and (place := _place(two, kept)) >= 0:
            return Answer(two[place + 1], two.span(place + 1), answer.how)
    return None


def _left(two: re.Match[str], refusal: re.Match[str], answer: Answer) -> Answer | None:
    """The one that is not refused; None where that does not tell one of them."""
    refused = _place(two, refusal)
    if refused < 0 or _plain(two[1]) == _plain(two[2]):
        return None
    group = 2 - refused
    return Answer(two[group], two.span(group), answer.how)


def _place(two: re.Match[str], said: re.Match[str]) -> int:
    """Which of two values is meant: 0 or 1, the second where nothing is said; -1 for neither."""
    values = [_plain(two[1]), _plain(two[2])]
    which = next((group for group in said.groups() if group), None)
    if which is None or which.lower() in {"latter", "second"}:
        return 1
    if which.lower() in {"former", "first"}:
        return 0
    if which.lower() in {"negative", "positive"}:
        signs = [value.startswith("-") == (which.lower() == "negative") for value in values]
        return signs.index(True) if sum(signs) == 1 else -1
    return values.index(_plain(which)) if _plain(which) in values else -1


def _plain(value: str) -> str:
    return value.replace(" ", "")
