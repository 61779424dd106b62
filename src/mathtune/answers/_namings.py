"""What the last sentences of a response give a name to: "the length is 12 and the width is 5", "$x = 3$".

A clause names one value: by a link ("its radius is 4", "Mean: 14", "a length of 12"), before its noun ("11
boys"), in a formula (`x = 5`), or right behind its noun ("with center $(1, 2)$"). Asked only where the gold
answer has several values, for a response has many such clauses.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from . import _tokens as kinds
from ._answer import How
from ._closing import before_closing_signs
from ._code import NOTES, blanked
from ._runs import is_calculation
from ._sentences import sentences_of
from ._statement import Statement
from ._texts import plain_answer
from ._thinking import mask_thinking
from ._tokens import tokens_of
from ._turns import UNFIT
from ._words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._tokens import Token

__all__ = ["WINDOW", "Naming", "last_list", "namings", "readable"]

# Several values stand in the last lines.
WINDOW = 600
# Longer than "the standard deviation of the sample".
MAX_NAME = 8
# Words of a noun right before its value, as in "and remainder 5".
MAX_BARE = 3
_JOINING = frozenset([",", ";", "and", "or"])
_PARTING_KINDS = frozenset({kinds.COMMA, kinds.STOP, kinds.NEWLINE})
# Words that part one named value from the next, beside those that join.
_PARTING = frozenset(
    ["and", "or", "with", "while", "whereas", "so", "hence", "therefore", "thus", "then", "giving", "gives",
     "when", "if", "where", "at", "but", "as", "has", "have"]
)  # fmt: skip
# A clause that begins with one of these says under what, not what.
_CONDITIONS = frozenset(["if", "when", "where", "at", "suppose", "assume", "let", "as", "since", "because"])
# After these a noun stands right before its value: "with center (1, 2)".
_BARE_LINKS = frozenset(["with", "has", "have"])
# Nouns that only count the values of an unknown.
_COUNTED = frozenset(
    ["one", "only", "first", "second", "other", "others", "solution", "solutions", "root", "roots", "value",
     "values", "possible", "answer"]
)  # fmt: skip
_SPEAKERS = frozenset(["we", "you"])
_BULLETS = frozenset("*-\u2022")
_OWNING = frozenset(["has", "have"])
_EMPTY_WORDS = _BARE_LINKS | {
    "the", "a", "an", "its", "their", "our", "his", "her", "this", "that", "we", "get", "find", "obtain",
    "there", "is", "are", "so", "either", "then", "thus", "hence", "therefore",
}  # fmt: skip
_VALUES = frozenset({kinds.NUMBER, kinds.COMMAND, kinds.OPEN, kinds.OPERATOR, *kinds.FORMULAS})
_BARE_VALUES = frozenset({kinds.NUMBER, *kinds.FORMULAS})
# All that a value without a name may be written with, and money's sign.
_BARE_KINDS = _BARE_VALUES | {kinds.OPERATOR, kinds.OPEN, kinds.CLOSE}
_REJECTED = frozenset(UNFIT.split("|"))
# After a number these compare: "the hypotenuse is 5 more than".
_COMPARING = frozenset(
    ["more", "less", "fewer", "greater", "longer", "shorter", "larger", "smaller", "older", "younger",
     "times"]
)  # fmt: skip
_NAMING = frozenset({kinds.WORD, kinds.LETTER, kinds.INLINE, kinds.COMMAND})
_EQUATION = re.compile(r"(?:\$|\\\(|\\\[)?\s{0,4}([^=<>\s][^=<>]{0,40}?)\s{0,4}=(?!=)(.+)\Z", re.DOTALL)
# One letter, or a function of one or of a number: what a solution is a value of.
_SYMBOL = re.compile(
    r"[A-Za-z]\([-\u2212]?\w{1,3}\)|(?:\\[a-z]+|[A-Za-z])'?(?:_(?:\w|\{\w{1,4}\}))?|\\[a-z]+\s?(?:\\[a-z]+|[A-Za-z])"
)
_CALL = re.compile(r"(?<![A-Za-z\\])[A-Za-z]\([-\u2212]?\w{1,3}\)\Z")
_COMMAND = re.compile(r"\\[a-z]+")


class Naming(NamedTuple):
    """A name, the value that a clause gives it, and which of the last sentences that is in."""

    name: str
    value: str
    sentence: int


def namings(
    response: str, window: int = WINDOW, enough: Callable[[list[Naming]], bool] | None = None
) -> list[Naming]:
    """The named values of the last sentences, or of those that are enough, in the text's order."""
    text, sentences = _last_sentences(response, window)
    words = words_of(text[-window:])
    found: list[Naming] = []
    denying: list[Statement] = []
    for place, (start, end) in reversed([*enumerate(sentences)]):
        if _is_prose(text, start, end):
            continue
        clauses = [Statement(text, clause, words) for clause in _clauses(text, start, end) if clause]
        named = [Naming(*pair, place) for pair in _pairs(clauses)]
        found = [one for one in named if not _is_rejected(one, denying)] + found
        if enough is not None and enough(found):
            break
        denying += [clause for clause in clauses if _denies(clause)]
    return found


@functools.lru_cache(maxsize=1)
def _last_sentences(response: str, window: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """What is read of a response, and its last sentences: two questions about them follow each other."""
    text = readable(response)
    return text, tuple(sentences_of(text, max(0, len(text) - window), len(text)))


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether a sentence is words alone, and none of mathematics: it has no value, and denies none."""
    if _NO_PROSE.search(text, start, end):
        return False
    return kinds.MATH_WORDS.isdisjoint(_PLAIN_WORD.findall(text[start:end].lower()))


_NO_PROSE = re.compile(r"[^A-Za-z\s,.;:?]")
_PLAIN_WORD = re.compile(r"[a-z]+")


def _pairs(clauses: list[Statement]) -> Iterator[tuple[str, str]]:
    """Name and value of each clause, unless the next goes on with another value, or rejects it."""
    named: list[tuple[Statement, tuple[str, str] | None]] = []
    for clause in clauses:
        before = named[-1][1] if named else None
        named.append((clause, _named(clause) or (_worked_out(clause, before[0]) if before else None)))
    for (_, pair), (after, following) in itertools.zip_longest(named, named[1:], fillvalue=(None, None)):
        if pair and not (after and (_is_bare(after) or _rejects(after))):
            yield _of_unknown(pair, following)


def _of_unknown(pair: tuple[str, str], following: tuple[str, str] | None) -> tuple[str, str]:
    """A value under its unknown, where the next clause gives another: "the zeros are x = 1 and x = 2"."""
    noun, _, unknown = pair[0].rpartition(" ")
    return (unknown, pair[1]) if noun and following and following[0] == unknown else pair


def _worked_out(clause: Statement, name: str) -> tuple[str, str] | None:
    """The result of a calculation, under the name before it: of "the numbers are 2(3) = 6 and 3(3) = 9"."""
    if clause.kinds[0] not in _BARE_VALUES:
        return None
    start, end = clause.tokens[0].start, clause.tokens[-1].end
    left = _COMMAND.sub("", clause.text[start:end].rpartition("=")[0])
    answer = plain_answer(clause.text, start, end, How.CONCLUSION) if left else None
    if answer is None or any(map(str.isalpha, left)):
        return None
    return name, answer.text.rpartition("=")[2].strip()


def _is_bare(clause: Statement) -> bool:
    """Whether a clause is a value alone: the second of "the legs are $12 and $6", which have one name."""
    told = "=" in clause.text[clause.tokens[0].start : clause.tokens[-1].end]
    return not told and _BARE_KINDS.issuperset(clause.kinds[: len(clause.tokens)])


def _rejects(clause: Statement) -> bool:
    """Whether a clause says of the value before it that it does not count: "which is extraneous"."""
    return clause.pieces[0] in {"which", "but", "this"} and _denies(clause)


def _is_rejected(naming: Naming, denying: list[Statement]) -> bool:
    """Whether a later sentence says that a value does not count: "But $x = -1$ is impossible"."""
    if not denying:
        return False
    said = f"{naming.name}={naming.value}".replace(" ", "").lower()
    pieces = (piece for clause in denying for piece in clause.pieces)
    return any(piece.strip("$\\() ").replace(" ", "") == said for piece in pieces)


def _denies(clause: Statement) -> bool:
    return not (clause.words.negation.isdisjoint(clause.seen) and _REJECTED.isdisjoint(clause.seen))


def readable(response: str) -> str:
    """A response without what holds no answer; nothing where it was cut off while thinking."""
    text, begin = mask_thinking(response)
    return "" if begin is None else before_closing_signs(blanked(text, NOTES)).rstrip(" .")


def _clauses(text: str, start: int, end: int) -> Iterator[list[Token]]:
    """The parts of a sentence between commas, joining words and line breaks, outside of brackets."""
    clause: list[Token] = []
    depth = 0
    before = ""
    is_row = text.startswith("|", start)
    for token in tokens_of(text, start, end):
        kind, word = token.kind, token.piece
        if kind == kinds.OPEN:
            depth += 1
        elif kind == kinds.CLOSE and depth:
            depth -= 1
        parts = not depth and (kind in _PARTING_KINDS or word in _PARTING)
        if parts and not _is_placed(word, before, clause):
            yield clause
            clause = [token] if word in _CONDITIONS or word in _BARE_LINKS else []
        elif kind != kinds.BOLD and not (word == "|" and is_row) and (clause or word not in _BULLETS):
            clause.append(token)
        before = word
    yield clause


def _is_placed(word: str, before: str, clause: list[Token]) -> bool:
    """Whether a word that parts clauses leads to a value: "its center is at (1, 2)", "Ann has 7"."""
    if word == "at":
        return before in {"is", "are"}
    return word in _OWNING and all(token.kind == kinds.WORD for token in clause)


def _named(clause: Statement) -> tuple[str, str] | None:
    """Name and value of a clause."""
    if _VALUES.isdisjoint(clause.kinds) and "\u03c0" not in clause.seen:
        return None
    if clause.pieces[0] in _CONDITIONS or _compares(clause):
        return None
    colon = clause.kinds.index(kinds.COLON) if kinds.COLON in clause.kinds else -1
    if clause.kinds[colon + 1] == kinds.LETTER and clause.pieces[colon + 2] == "=":  # "the values are: x = 2"
        clause = Statement(clause.text, clause.tokens[colon + 1 :], clause.words)
    counts = _before_noun(clause) if _owns(clause) else None
    return _equation(clause) or counts or _linked(clause) or _before_noun(clause) or _beside_noun(clause)


def _owns(clause: Statement) -> bool:
    """Whether somebody has a number of things: "she has 12 dimes"."""
    place = next((index for index, piece in enumerate(clause.pieces) if piece in _OWNING), -2)
    return clause.kinds[place + 1] == kinds.NUMBER and clause.kinds[place + 2] == kinds.WORD


def _compares(clause: Statement) -> bool:
    """Whether a value only compares: "Ben is 4 years younger"."""
    first = next((index for index, kind in enumerate(clause.kinds) if kind in _BARE_VALUES), None)
    return first is not None and not _COMPARING.isdisjoint(clause.pieces[first + 1 :])


def _equation(clause: Statement) -> tuple[str, str] | None:
    """Name and value of the formula `x = 5` that ends a clause, or that "from the first equation" follows."""
    ends = (i for i in range(1, len(clause.tokens)) if clause.pieces[i] in clause.words.circumstance)
    last = next(ends, len(clause.tokens)) - 1
    token, before = clause.tokens[last], range(1, last)
    if any(clause.pieces[i - 1] in clause.words.copula and clause.kinds[i] in _VALUES for i in before):
        return None  # "the period is 3 for the graph of $y = f(x)$"
    found = _EQUATION.match(clause.text, token.start, token.end) if token.kind in kinds.FORMULAS else None
    if found is None or not _SYMBOL.fullmatch(found[1]):
        return None
    answer = plain_answer(clause.text, token.start, token.end, How.CONCLUSION)
    value = answer.text.rpartition("=")[2].strip() if answer else ""
    linked = last > 0 and clause.pieces[last - 1] in clause.words.copula  # "the first term is $a = 3$"
    noun = _name(clause, 0, last - 1) if linked else None
    name = found[1] if noun is None or _COUNTED.issuperset(noun.lower().split()) else f"{noun} {found[1]}"
    return (name, value) if value else None


def _linked(clause: Statement) -> tuple[str, str] | None:
    """Name and value on the two sides of a link."""
    for link in range(1, min(len(clause.tokens) - 1, _FARTHEST_LINK)):
        if _links(clause, link):
            value = _value(clause, link + 1)
            name = _name(clause, 0, link)
            if name and value:
                return name, value
    return None


_FARTHEST_LINK = 200  # tokens into a clause; no name is so long


def _links(clause: Statement, index: int) -> bool:
    """Whether a copula, a colon, a sign of equality, or "of" leads from a name to its value."""
    words, piece = clause.words, clause.pieces[index]
    if clause.kinds[index] == kinds.COLON or piece in {"=", "\u2248"} or piece in words.copula:
        return True
    return (piece == "of" or piece in words.verb) and clause.kinds[index + 1] in _VALUES


def _value(clause: Statement, first: int) -> str | None:
    """What stands behind a link, to the end of the clause; of a calculation the result."""
    words, after = clause.words, len(clause.tokens)
    while first < after and (clause.pieces[first] in words.filler or clause.pieces[first] in {"at", "of"}):
        first += 1
    if first >= after or (clause.kinds[first] not in _VALUES and clause.pieces[first] != "\u03c0"):
        return None
    signs = [index for index in range(first, after - 1) if clause.pieces[index] in {"=", "\u2248"}]
    first = signs[-1] + 1 if signs else first
    ends = (index for index in range(first + 1, after) if clause.pieces[index] in words.circumstance)
    last = next(ends, after) - 1
    last -= last > first and clause.kinds[last] == kinds.OPEN  # "is 3 (at x = 1)"
    start, end = clause.tokens[first].start, clause.tokens[last].end
    answer = plain_answer(clause.text, start, end, How.CONCLUSION)
    return answer.text if answer else None


def _before_noun(clause: Statement) -> tuple[str, str] | None:
    """Noun and value of "11 boys" and "5 + 6 = 11 boys", and of "Ann gets 11 sweets" all words."""
    places = [index for index, kind in enumerate(clause.kinds) if kind in {kinds.NUMBER, kinds.INLINE}]
    if not places:
        return None
    first, last = places[0], places[-1]
    if clause.pieces[last + 1] in clause.words.copula and clause.pieces[last + 2] in clause.words.negation:
        return None  # "3 is not a root"
    if clause.pieces[first - 1] in clause.words.negation:
        return None
    worked_out = "=" in clause.pieces[first:last] and is_calculation(clause, first, last)
    worked_out &= clause.kinds[first - 1] in {kinds.WORD, ""} or clause.pieces[first - 1] == "$"
    after = last + 1 + (clause.pieces[last + 1] == "%")
    if not (worked_out or (first == last and clause.kinds[after] == kinds.WORD)):
        return None
    names = _name(clause, 0, first), _name(clause, after, len(clause.tokens))
    span = clause.tokens[last].start, clause.tokens[after - 1].end
    name = " ".join(filter(None, names))
    return (name, clause.text[slice(*span)].strip("$")) if name else None


def _beside_noun(clause: Statement) -> tuple[str, str] | None:
    """Noun and value of "with center $(1, 2)$", and of the "radius $3$" that follows it."""
    first = next((index for index, kind in enumerate(clause.kinds) if kind in _VALUES), 0)
    if not first or clause.kinds[first - 1] != kinds.WORD or "=" in clause.seen:
        return None
    if clause.pieces[first - 1] in clause.words.circumstance:  # "divide by 5"
        return None
    verbs = [index + 1 for index in range(first) if clause.pieces[index] in clause.words.verb]
    begin = verbs[-1] if verbs else 0
    name, value = _name(clause, begin, first), _value(clause, first)
    return (name, value) if name and value and first - begin <= MAX_BARE else None


def _name(clause: Statement, first: int, after: int) -> str | None:
    """The words and letters from one token to another, without those that name nothing."""
    if clause.kinds[after - 1] == kinds.CLOSE and (call := _call(clause, after)):
        return call
    tokens = [clause.tokens[index] for index in range(first, after) if clause.pieces[index] != "-"]
    while tokens and tokens[-1].kind == kinds.CLOSE:  # "the least common multiple (LCM)"
        opening = [place for place, token in enumerate(tokens) if token.kind == kinds.OPEN]
        tokens = tokens[: opening[-1]] if opening else []
    speakers = [place for place, token in enumerate(tokens) if token.piece in _SPEAKERS]
    if speakers and not all(token.kind in _NAMING for token in tokens):
        tokens = tokens[speakers[-1] :]  # "dividing 47 by 6 we get a quotient"
    if not all(token.kind in _NAMING for token in tokens):
        return None
    pieces = [clause.text[token.start : token.end].strip("$\\() ") for token in tokens]
    kept = [piece for piece in pieces if piece.lower() not in _EMPTY_WORDS]
    if pieces in (["a"], ["A"]):
        return pieces[0]
    return " ".join(kept) if 0 < len(kept) <= MAX_NAME else None


def _call(clause: Statement, after: int) -> str | None:
    """The value of a function that ends before a token, as a name: "f(-2)"."""
    start = clause.tokens[after - 1].end
    call = _CALL.search(clause.text, clause.tokens[0].start, start)
    return call[0] if call else None


def last_list(response: str) -> list[str]:
    """The values that only commas and joining words part, with which the last sentence ends."""
    text, sentences = _last_sentences(response, WINDOW)
    tokens = list(tokens_of(text, *sentences[-1])) if sentences else []
    pieces = [token.piece for token in tokens]
    values: list[str] = []
    end = len(tokens)
    while (start := _value_start(tokens, end)) < end:
        values.insert(0, text[tokens[start].start : tokens[end - 1].end])
        end = _before_joint(pieces, start)
        if end == start:
            break
    denied = end > 0 and pieces[end - 1] in words_of(text).negation
    return [] if denied else values


def _value_start(tokens: list[Token], end: int) -> int:
    """Where the formula, number or bracket begins that ends before a token; that token where none does."""
    if end and tokens[end - 1].kind in {kinds.NUMBER, *kinds.FORMULAS}:
        return end - 1
    depth = 0
    for index in range(end - 1, -1, -1):
        depth += (tokens[index].kind == kinds.CLOSE) - (tokens[index].kind == kinds.OPEN)
        if depth == 0:
            return index if tokens[index].kind == kinds.OPEN else end
    return end


def _before_joint(pieces: list[str], end: int) -> int:
    """Where a comma or joining word begins, or either with an "at", that ends before a token."""
    first = place = end - (pieces[end - 1 : end] == ["at"])
    while first and pieces[first - 1] in _JOINING:
        first -= 1
    return first if first < place else end
