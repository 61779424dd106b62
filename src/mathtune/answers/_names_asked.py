"""The name that answers a question for one: "Penicillin was discovered by Alexander Fleming in 1928"."""

from __future__ import annotations

import functools
import re

from ._answer import Answer, How
from ._sentences import sentences_of

__all__ = ["name_asked"]

MAX_PROBLEM = 2_000
WINDOW = 600
# A question for a person, a place or the like.
_ASKS = re.compile(
    r"""(?:\A|[.?!:\n]\s{0,4})(?:(?:In|At|On|To|From|By)\ )?
    (?:(who|whose)\b|where\ (?:is|was|are|were|did|does)\b|name\ the\b|what\ does\ \S{1,30}\ stand\ for
    |what\ (?:is|was)\ the\ (?:[a-z]{2,20}\ )?(?:capital|name|city|country|river|ocean|planet|mountain|lake)\b
    |(?:which|what)\ (?:person|runner|student|player|quarterback|team|child|girl|boy|man|woman|friend|city
    |country|state|river|ocean|planet|continent|mountain|lake|plan|company|store|shop|car|train|brand|school
    |class|bank|machine|month|day|animal)\b)[^?.\n]{0,200}""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z][\w\u2019-]*(?:(?: of| de| von| van)? [A-Z][\w\u2019-]*){0,5}")
# Words that only begin a sentence.
_OPENINGS = (
    "The It So Therefore Thus Hence Since According In At By As After A An Because This That He She They We I"
    " However Finally Based From When On Unlike Like With For If Both Neither Either Not"
)
_OPENING = frozenset(_OPENINGS.split())
_BY = re.compile(r"\bby (?:the )?\Z")
_RESULT = re.compile(r", (?:and )?(?:so|thus|hence|therefore) ")
# What a name as the subject of its sentence does.
_BEARS = re.compile(r"(?:, [^,.]{1,60},)? (?:is|was|has|had|won|came|did)\b")
_OR = re.compile(r"\bor\b")
_COPULA = re.compile(r"\b(?:is|was|are|were) (?:the |called |named |located in |in )?[\"\u201c]?\Z")
_DENIED = re.compile(
    r"(?:\b(?:than|against|unlike|not|over|neither|nor)|n['\u2019]t) (?:the |by )?\Z", re.IGNORECASE
)


def name_asked(response: str, problem: str) -> Answer | None:
    """The name in the last sentence that the question does not hold itself; None for other questions.

    >>> name_asked("The Prado is in Madrid, Spain.", "In which city is the Prado?").text
    'Madrid'
    """
    question = _question(problem[:MAX_PROBLEM])
    spans = sentences_of(response, max(0, len(response) - WINDOW), len(response)) if question else []
    if question is None or not spans:
        return None
    names = [name for name in _names(response, *spans[-1]) if name.text.lower() not in question[0].lower()]
    results = [mark.end() for mark in _RESULT.finditer(response, *spans[-1])]
    names = [name for name in names if results and name.span[0] >= results[-1]] or names
    if len(names) > 1 and _OR.search(response, names[0].span[1], names[-1].span[0]):
        start, end = names[0].span[0], names[-1].span[1]
        return Answer(response[start:end], (start, end), How.CONCLUSION)  # a guess
    led = [name for name in names if _COPULA.search(response, spans[-1][0], name.span[0])]
    led = led or [name for name in names[:1] if _BEARS.match(response, name.span[1])]
    led = led or [name for name in names if question[1] and _BY.search(response, spans[-1][0], name.span[0])]
    return (led or names)[0] if names else None


@functools.lru_cache(maxsize=1024)
def _question(problem: str) -> re.Match[str] | None:
    """The question for a name; none where the problem asks how many."""
    return None if "how " in problem else _ASKS.search(problem)


def _names(text: str, start: int, end: int) -> list[Answer]:
    """The names in a sentence that it does not deny or only compares with."""
    found = (_name(text, *name.span()) for name in _NAME.finditer(text, start, end))
    return [name for name in found if name and not _DENIED.search(text, start, name.span[0])]


def _name(text: str, start: int, end: int) -> Answer | None:
    """The name without a word that only begins the sentence; None where nothing is left."""
    first, _, rest = text[start:end].partition(" ")
    opens = first.endswith("ing") and not rest and text.startswith((" the ", " these ", " all "), end)
    if first in _OPENING or opens:
        start = end - len(rest)
    return Answer(text[start:end], (start, end), How.CONCLUSION) if start < end else None
