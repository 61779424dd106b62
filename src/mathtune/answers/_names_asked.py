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
    |what\ (?:is|was)\ the\ (?:capital|name)\b
    |(?:which|what)\ (?:person|runner|student|player|team|child|girl|boy|man|woman|friend|city|country|state
    |river|ocean|planet|continent)\b)[^?.\n]{0,200}""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z][\w\u2019-]*(?:(?: of| de| von| van)? [A-Z][\w\u2019-]*){0,5}")
# Words that only begin a sentence.
_OPENING = frozenset(
    [
        *(
            "The",
            "It",
            "So",
            "Therefore",
            "Thus",
            "Hence",
            "Since",
            "According",
            "In",
            "At",
            "By",
            "As",
            "After",
            "A",
        ),
        *(
            "Because",
            "This",
            "That",
            "He",
            "She",
            "They",
            "We",
            "I",
            "However",
            "Finally",
            "Based",
            "From",
            "When",
        ),
    ]
)
_BY = re.compile(r"\bby (?:the )?\Z")
_COPULA = re.compile(r"\b(?:is|was|are|were) (?:the |called |named |located in |in )?[\"\u201c]?\Z")
_COMPARED = re.compile(r"\b(?:than|against|unlike|not|over) (?:the )?\Z")


def name_asked(response: str, problem: str) -> Answer | None:
    """The name in the last sentence that the question does not hold itself; None for other questions.

    >>> name_asked("The Prado is in Madrid, Spain.", "In which city is the Prado?").text
    'Madrid'
    """
    question = _question(problem[:MAX_PROBLEM])
    spans = sentences_of(response, max(0, len(response) - WINDOW), len(response)) if question else []
    if question is None or not spans:
        return None
    start, end = spans[-1]
    names = [name for name in _NAME.finditer(response, start, end) if _is_new(name[0], question[0])]
    names = [name for name in names if not _COMPARED.search(response, start, name.start())]
    led = [name for name in names if _COPULA.search(response, start, name.start())]
    led = led or [name for name in names if question[1] and _BY.search(response, start, name.start())]
    return _answer(response, (led or names)[0]) if names else None


@functools.lru_cache(maxsize=1024)
def _question(problem: str) -> re.Match[str] | None:
    """The question for a name; none where the problem asks how many."""
    return None if "how " in problem else _ASKS.search(problem)


def _is_new(name: str, question: str) -> bool:
    """Whether a name is one, and no part of the question."""
    return name not in _OPENING and name not in question


def _answer(text: str, name: re.Match[str]) -> Answer:
    """The name without a word that only begins the sentence."""
    first, _, rest = name[0].partition(" ")
    start = name.end() - len(rest) if first in _OPENING and rest else name.start()
    return Answer(text[start : name.end()], (start, name.end()), How.CONCLUSION)
