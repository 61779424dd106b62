"""A problem's text -> how it asks: how many, when, by or at what, which letter, or what a noun names."""

from __future__ import annotations

import functools
import re

import attrs

__all__ = [
    "COMPARING",
    "PLURAL",
    "SENTENCE_END",
    "Question",
    "content_of",
    "demanded",
    "question_of",
    "stems_of",
]

# Problems are asked at their end.
MAX_QUESTION = 600
# Where a sentence of a problem ends.
SENTENCE_END = re.compile(r"(?<=[.?!])\$?\s+(?=[A-Z$\\])")
_COUNT = re.compile(
    r"\b(?:how many|number of)\s+(.{2,80}?)(?=\bhow many|\bnumber of|[?.]|\Z)", re.IGNORECASE | re.DOTALL
)
_COUNTED = re.compile(r"(?:\$[A-Za-z]\$-)?[A-Za-z][A-Za-z'-]*")
# How many "of the 40 students", "of these numbers".
_OF_ALL = re.compile(r"\Aof (?:the|these|those|his|her|their)\s+|\$?\d+\$?\s+")
_AGE = re.compile(r"\bhow old\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:what|which) year\b", re.IGNORECASE)
_DATE = re.compile(r"\b(?:what|which) (?:date|day of the year)\b", re.IGNORECASE)
_BEHIND = re.compile(r"(?:\A|[,;] )(by|at) (?:what|which|how many) (?!time)", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:what(?:'s| is| was| are| were| will be| would be)|find|determine|calculate|compute|state|give"
    r"|solve for)"
    r" (?:the |its |his |her |their )?(?:all )?(.{1,80})"
    r"|\b(?:what|which) (values? of \$[A-Za-z]\$.{1,40})",
    re.IGNORECASE | re.DOTALL,
)
_LETTER = re.compile(
    r"(?:(?:integer |possible )?values? (?:of|for) )?(?:\$([A-Za-z])\$|([A-Za-z]))"
    r"(?=[?.,]|\s(?:in|if|such|when|for|will|gives?|makes?|is|does|satisf\w+|m(?:in|ax)imi[sz]es)\b|\Z)"
)
_ENDS_NOUN = re.compile(
    r"""[?.,:;(]
  | \s(?:of|in|for|if|when|that|which|who|whose|is|are|was|were|does|do|did|can|could|will|would|should|must
    |has|have|had|per|to|at|on|from|with|by|there|lie|satisfy|after|before|between|he|she|they|it|you|we
    |such\ (?:that|as))\b
  | \s\$(?![A-Za-z]\$-) | \s\\""",
    re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z]+")
# What is asked for, up to the conditions.
_DEMANDED = re.compile(
    r"\b(?:how|what|which|find|determine|calculate|compute|state|give|evaluate)\b(.{1,200}?)"
    r"(?=\b(?:if|when|given|such that|so that|in case)\b|[?]|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# A formula that states something about what is asked for.
_CONDITION = re.compile(r"\$[^$]{0,200}[=<>+^\d][^$]{0,200}\$")
# Of two things the larger is the largest.
_COMPARATIVES = {
    "largest": "larger", "greatest": "larger", "greater": "larger", "bigger": "larger", "biggest": "larger",
    "smallest": "smaller", "least": "smaller", "lesser": "smaller", "oldest": "older", "youngest": "younger",
    "longest": "longer", "shortest": "shorter", "tallest": "taller", "highest": "higher", "lowest": "lower",
}  # fmt: skip
_NAME_WORD = re.compile(r"\\[a-z]+|[A-Za-z]+|(?<=\()-?\d+(?=\))")
PLURAL = re.compile(r"(?:[A-Za-z]-)?[A-Za-z]{2,}[^s\W]s|people|children|men|women|feet")
COMPARING = frozenset(["more", "fewer", "less"])
# Words that name nothing.
_COMMON = (
    "is are was were be been do does doe did has have had will he she it they we there each the a an"
    " of in on at to for his her their its many much how what which"
)
_EMPTY = frozenset(_COMMON.split())
# Nouns under which a problem asks for anything.
_GENERAL = frozenset(
    ["value", "values", "number", "numbers", "answer", "result", "solution", "solutions", "total", "amount"]
)
# Signs around a value that belong to its writing.
_AROUND = "$\\() ,."
# A number of these may be written as a sum of money or a share.
_MONEY = frozenset(["dollars", "cents", "percent"])


@attrs.frozen
class Question:
    """How a problem asks.

    Args:
        kind: "count", "year", "date", "behind", "letter" or "named".
        word: The noun without its plural, the preposition or the letter; empty for a year or date.
        compares: A count of how many more or fewer.
        asked: The sentence that asks.
    """

    kind: str
    word: str
    compares: bool = False
    asked: str = ""

    def gives(self, value: str) -> bool:
        """Whether the sentence that asks holds a value itself, which then is not what it asks for.

        >>> Question("count", "week", asked="In how many weeks will he drink 6 cups?").gives("6")
        True
        """
        bare, asked = value.replace("$", "").strip(_AROUND), self.asked.replace("$", "")
        place = asked.find(bare) if bare else -1
        while place >= 0:
            beside = asked[place - 1 : place] + asked[place + len(bare) :][:1]
            if not any(map(str.isalnum, beside)):
                return True
            place = asked.find(bare, place + 1)
        return False


def question_of(problem: str) -> Question | None:
    """How a problem asks, where it is for one thing.

    >>> question_of("A bag holds 12 slips. How many slips have a 2?").word
    'slip'
    >>> question_of("By what number must 12 be multiplied to get 30?").word
    'by'
    """
    return _question(problem[-MAX_QUESTION:])


@functools.lru_cache(maxsize=1024)
def _question(end: str) -> Question | None:
    asked = SENTENCE_END.split(end.strip())[-1]
    question = _kind_of(asked)
    return question and attrs.evolve(question, asked=asked)


def _kind_of(asked: str) -> Question | None:
    counts = _COUNT.findall(asked)
    if counts:
        return _counted(counts[0]) if len(counts) == 1 else None
    if _AGE.search(asked):
        return Question("count", "old")
    if _YEAR.search(asked) or _DATE.search(asked):
        return Question("year" if _YEAR.search(asked) else "date", "")
    behind = _BEHIND.search(asked)
    if behind is not None:
        return Question("behind", behind[1].lower())
    named = _NAMED.search(asked)
    return _named(named[1] or named[2]) if named else None


def demanded(problem: str) -> frozenset[str]:
    """What names something between the last "how many", "what" or "find" of a problem and its conditions.

    >>> sorted(demanded("There are 3 more cats than dogs. How many cats are there if 9 are dogs?"))
    ['cat']
    """
    return _demanded(problem[-MAX_QUESTION:])


@functools.lru_cache(maxsize=1024)
def _demanded(end: str) -> frozenset[str]:
    for sentence in reversed(SENTENCE_END.split(end.strip())[-2:]):
        asked = " ".join(_DEMANDED.findall(_CONDITION.sub(" ", sentence)))
        if asked:
            return content_of(asked)
    return frozenset()


def content_of(text: str) -> frozenset[str]:
    """The stems of the words of a text that name something."""
    return frozenset(stems_of(text)) - _EMPTY


def stems_of(text: str) -> list[str]:
    """The words of a text without capitals and plurals; letters, commands and arguments as they are."""
    return [_stem(word) for word in _NAME_WORD.findall(text.replace("\u2212", "-"))]


def _stem(word: str) -> str:
    if len(word) == 1 or word.startswith("\\"):
        return word
    word = word.lower()
    if word in _COMPARATIVES:
        return _COMPARATIVES[word]
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def _counted(behind: str) -> Question | None:
    """The noun behind "how many": the first plural."""
    words = _COUNTED.findall(_ENDS_NOUN.split(" " + _OF_ALL.sub("", behind), maxsplit=1)[0])
    if not words or not _MONEY.isdisjoint(map(str.lower, words)):
        return None
    place = next((index for index, word in enumerate(words) if PLURAL.fullmatch(word)), len(words) - 1)
    if words[place + 1 : place + 2] == ["and"]:
        return None  # "how many apples and pears": neither number alone
    noun = words[place].rpartition("-")[2].lower().removesuffix("s")
    return Question("count", noun, compares=words[0].lower() in COMPARING)


def _named(behind: str) -> Question | None:
    """The letter or noun behind "what is the"."""
    letter = _LETTER.match(behind)
    if letter is not None:
        return Question("letter", letter[1] or letter[2])
    words = _WORD.findall(_ENDS_NOUN.split(" " + behind, maxsplit=1)[0])
    noun = words[-1].lower() if words else ""
    return Question("named", noun) if noun and noun not in _GENERAL else None
