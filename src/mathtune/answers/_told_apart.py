"""Which of the values that a sentence names a problem asks for: "7 boys and 9 girls", "x = 3 and y = 4".

The words that only one of the names has tell it from the others. The value is taken whose own words the
problem asks for, if every other name has a word that it does not ask for: "7 boys" where it asks how many
boys there are, neither where it asks how many more boys than girls.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._answer import Answer, How
from ._namings import namings
from ._questions import content_of, demanded
from ._turns import CONCLUDING

if TYPE_CHECKING:
    from ._namings import Naming

__all__ = ["IN_TWO_UNITS", "JOINT", "RESULT", "either", "named_together", "told_apart"]

# Before what comes out of the values before it.
RESULT = re.compile(
    rf"\b(?:{CONCLUDING}|leaving|leaves|leading|yielding|giving|which makes)\b", re.IGNORECASE
)
# Between clauses of one rank.
JOINT = re.compile(r",(?!\d)|;|\b(?:and|while|but|whereas)\b")
# An amount in two units: "5 dollars and 25 cents".
IN_TWO_UNITS = re.compile(
    r"\b(?:dollars?|hours?|minutes?|feet|foot|pounds?|years?),? (?:and )?\d+ [a-z]+\b", re.IGNORECASE
)
# What shows that the values of a sentence make another, or are no answers: a total, a condition, a rate.
_UNEQUAL = re.compile(
    r"\b(?:total|altogether|together|combined|if|since|because|when|which|each(?![ .]{0,2}\Z)|per|every"
    r"|another|more|fewer|less|namely|rather|instead|not|\d{1,4}(?:st|nd|rd|th)|and (?:this|that|it|they))\b"
    r"|, \w+ing\b|\\\[",
    re.IGNORECASE,
)
# What begins a name that only says where, when or of what.
_OPENINGS = "in after before of since to from by for at under out during within"
_CIRCUMSTANCES = frozenset(_OPENINGS.split())
_PLAIN = re.compile(r"[\s$\\(]{0,4}-?[^\s]{1,40}?[$)]{0,2}(?: [a-z/^]{1,12}[\d\u00b2\u00b3]?){0,3}")
_COUNTED = r"\d[\d,]* (?:[a-z]{2,20} )?[a-z]{2,20}s"
_AMOUNTS = re.compile(
    r"[A-Za-z', ]{0,60}?"
    rf"({_COUNTED}(?:,| and(?: [A-Za-z ]{{1,40}})?) {_COUNTED}(?: [a-z]{{1,20}})?"
    r"|\$\d[\d,.]* and [A-Za-z ]{1,40} \$\d[\d,.]*?)\.?"
)
_VALUE = re.compile(r"[\d$\\]")


def told_apart(text: str, start: int, end: int, answer: Answer | None, problem: str) -> Answer | None:
    """The value in `text[start:end]` whose name the problem asks for, where others stand beside it.

    >>> response = "So the class has 7 boys and 9 girls."
    >>> told_apart(response, 0, len(response), None, "How many girls are there?").text
    '9'
    """
    asked = demanded(problem)
    named = _parallel(text, start, end, answer) if asked else []
    one = _only(named, asked) if named else None
    if one is None:
        return None
    bare = one.value.split(" ")[0]  # "$48$ square units" has its unit behind the dollar sign
    value = one.value if text.rfind(one.value, start, end) >= 0 else bare
    place = text.rfind(value, start, end)
    return Answer(value, (place, place + len(value)), How.CONCLUSION) if place >= 0 else None


def named_together(text: str, start: int, end: int, answer: Answer) -> Answer:
    """All of "7 boys and 9 girls", where no question tells which of two amounts of one rank is meant.

    >>> named_together("So 7 boys and 9 girls came.", 0, 26, Answer("9", (14, 15), How.CONCLUSION)).text
    '7 boys and 9 girls came'
    """
    if " or " in text[start:end]:
        return either(text, start, end, answer)
    amounts = _AMOUNTS.fullmatch(text, start, end)
    if amounts is None or not _parallel(text, start, end, answer):
        return answer
    return Answer(amounts[1], amounts.span(1), answer.how)


def either(text: str, start: int, end: int, answer: Answer) -> Answer:
    """All values that a sentence gives one unknown: "either $x = 6$, or $x - 4 = -2$, so that $x = 2$".

    >>> either("$x = 6$ or $x = 2$", 0, 18, Answer("x = 2", (12, 17), How.CONCLUSION)).text
    'x = 6, x = 2'
    """
    last = text.rfind(" or ", start, end)
    if answer.text.count("=") > 1 or text.find(" but ", start, end) >= 0:
        return answer
    begin = max((mark.end() for mark in RESULT.finditer(text, start, last)), default=start)
    named = namings(text[begin:end])
    values = list(dict.fromkeys(one.value for one in named))
    unknown = {one.name for one in named}
    if len(values) < 2 or len(unknown) > 1 or len(named[0].name) > 1 or values[-1] not in answer.text:
        return answer
    return Answer(", ".join(f"{named[0].name} = {value}" for value in values), answer.span, answer.how)


def _parallel(text: str, start: int, end: int, answer: Answer | None) -> list[Naming]:
    """The values that clauses of one rank name, with all words of their clauses; none where one outweighs."""
    begin = max((mark.end() for mark in RESULT.finditer(text, start, end)), default=start)
    colon = text.find(": ", begin, end)
    if colon > 0 and answer is not None and answer.span[1] <= colon:  # "30 members: 18 girls and 12 boys"
        begin, answer = colon + 1, None
    clauses = [clause for clause in JOINT.split(text[begin:end]) if _VALUE.search(clause)]
    if len(clauses) < 2 or _UNEQUAL.search(text, begin, end) or IN_TWO_UNITS.search(text, begin, end):
        return []
    named = namings(text[begin:end])
    if len(named) != len(clauses) or not all(map(_is_plain, named, clauses)):
        return []
    if not (answer is None or _is_among(answer, named)):
        return []
    behind = (
        clause.rpartition(one.value.split(" ")[0])[2] for one, clause in zip(named, clauses, strict=True)
    )
    return [one._replace(name=f"{one.name} {rest}") for one, rest in zip(named, behind, strict=True)]


def _is_plain(naming: Naming, clause: str) -> bool:
    """Whether a name is no circumstance of what follows, and its value no sentence."""
    first = naming.name.split()[0].lower() not in _CIRCUMSTANCES or clause.lstrip(" $").startswith(
        naming.value
    )
    return first and _PLAIN.fullmatch(naming.value) is not None


def _is_among(answer: Answer, named: list[Naming]) -> bool:
    """Whether an answer is one of the named values, or holds several of them."""
    return any(one.value.strip("$") in answer.text or answer.text in one.value for one in named)


def _only(named: list[Naming], asked: frozenset[str]) -> Naming | None:
    """The one whose own words are asked for, where each other has one that is not."""
    names = [content_of(one.name) for one in named]
    own = [
        name.difference(*(other for other in names[:index] + names[index + 1 :]))
        for index, name in enumerate(names)
    ]
    hits = [len(words & asked) for words in own]
    misses = [len(words - asked) for words in own]
    scores = [hit - miss if hit else -len(asked) for hit, miss in zip(hits, misses, strict=True)]
    best = max(range(len(named)), key=scores.__getitem__)
    apart = all(misses[:best] + misses[best + 1 :]) and scores.count(scores[best]) == 1
    return named[best] if hits[best] and apart else None
