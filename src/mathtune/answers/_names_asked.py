"""The name that answers a question for one: "Penicillin was discovered by Alexander Fleming in 1928"."""

from __future__ import annotations

import functools
import re

from ._answer import Answer, How
from ._offered import Word, affirmed
from ._questions import content_of
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
_OR = re.compile(r"\bor\b")
_COPULA = re.compile(r"\b(?:is|was|are|were) (?:the |called |named |located in |in )?[\"\u201c]?\Z")

# A verb and more behind a name, up to the next clause.
_CLAUSE = re.compile(r" [a-z]+ [^,;]{1,60}(?:[,;]| and|[,;]? but|,? while|,? whereas|, and) \Z")


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
    sentence = response[start:end]
    found = [name for name in _names(sentence) if name.text.lower() not in question[0].lower()]
    names = affirmed(sentence, _of_clause(sentence, found, question[0]) or found, problem)
    if not names:
        return None
    guess = len(names) > 1 and _OR.search(sentence, names[0].end, names[-1].place)
    led = [name for name in names if _COPULA.search(sentence, 0, name.place)]
    first, last = (names[0], names[-1]) if guess else (led or names)[:1] * 2
    return Answer(sentence[first.place : last.end], (start + first.place, start + last.end), How.CONCLUSION)


def _of_clause(sentence: str, names: list[Word], question: str) -> list[Word]:
    """The name whose clause has most of the question's words: "Ann came second and Bob came first"."""
    if not names[1:]:
        return []
    ends = [*(name.place for name in names[1:]), len(sentence)]
    clauses = [sentence[name.end : end] for name, end in zip(names, ends, strict=True)]
    if not all(map(_CLAUSE.match, clauses[:-1])):
        return []
    hits = [len(content_of(clause) & content_of(question)) for clause in clauses]
    return [names[hits.index(max(hits))]] if hits.count(max(hits)) == 1 else []


@functools.lru_cache(maxsize=1024)
def _question(problem: str) -> re.Match[str] | None:
    """The question for a name; none where the problem asks how many."""
    return None if "how " in problem else _ASKS.search(problem)


def _names(sentence: str) -> list[Word]:
    """The names in a sentence, without words that only begin it."""
    found = (_name(sentence, *name.span()) for name in _NAME.finditer(sentence))
    return [name for name in found if name.text]


def _name(text: str, start: int, end: int) -> Word:
    first, _, rest = text[start:end].partition(" ")
    opens = first.endswith("ing") and not rest and text.startswith((" the ", " these ", " all "), end)
    start = end - len(rest) if first in _OPENING or opens else start
    return Word(start, text[start:end])
