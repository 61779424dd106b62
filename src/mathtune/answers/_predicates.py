"""A statement -> what it says in words: a property, a name, a denial; or the subject that it calls right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._clauses import last_clause, opens_reason
from ._run_values import value_of_run
from ._runs import runs_of
from ._statement import Statement
from ._values import MARKS, after_fillers, words_span
from ._words import UNSPACED

if TYPE_CHECKING:
    from ._tokens import Token
    from ._words import Words

__all__ = [
    "bearer_of",
    "before_reason",
    "choice_of",
    "denial_of",
    "kind_of",
    "labelled_of",
    "name_of",
    "named_of",
    "predicate_of",
    "subject_of",
    "verdict_of",
    "word_of",
]

MAX_PREDICATE_WORDS = 3
MAX_NAMES = 3
MAX_LABELLED = 7
_SET_WORD = re.compile(r"(?:\$|\\\()\\(?:text|textbf|mathrm|mbox)\{\(?[A-Za-z ]{1,30}\)?\}\.?(?:\$|\\\))")
# Words between a subject and its copula: "the 8th row is".
MAX_NOUN_WORDS = 3


def predicate_of(statement: Statement) -> tuple[int, int] | None:
    """Span of the few words after the last copula: "the function is even" -> "even"; or of a verdict."""
    pieces, words, length = statement.pieces, statement.words, _before_contrast(statement)
    for index in range(1, length):
        if pieces[index] in words.verdict and pieces[index - 1] in words.copula:
            if statement.kinds[index + 1] == kinds.WORD and pieces[index + 1] in words.absence:
                return statement.tokens[index].start, statement.tokens[index + 1].end  # "no solutions"
            doubtful = pieces[index + 1] in words.conjunction
            return None if doubtful else (statement.tokens[index].start, statement.tokens[index].end)
    kind = kind_of(statement)
    if kind is not None:
        return kind
    reach = MAX_PREDICATE_WORDS + (
        pieces[length - 1 - MAX_PREDICATE_WORDS] in words.negation
    )  # "neither even nor odd"
    for index in range(length - 1, max(-1, length - 2 - reach), -1):
        if pieces[index] in words.copula and (index or "'" in pieces[0]):  # "it's an ellipse"
            begin = after_fillers(statement, index + 1)
            return None if pieces[begin] in words.rejected else words_span(statement, begin)
    return None


def _before_contrast(statement: Statement) -> int:
    """Where a statement ends before ", not even" behind what it says."""
    index = len(statement.tokens) - 2
    denies = statement.pieces[index] in statement.words.negation and statement.kinds[index - 1] == kinds.COMMA
    return index - 1 if index > 1 and denies else index + 2


def named_of(statement: Statement) -> tuple[int, int] | None:
    """Span of the proper name that ends a sentence behind a copula: "3 days after Monday is Thursday"."""
    words, last = statement.words, statement.last()
    if last > 0 and statement.text[statement.tokens[1].start : statement.tokens[last].end].islower():
        return None  # no capital to begin a name
    described = _described(statement, names=True)
    if described and described[0] > last_clause(statement):
        return statement.tokens[described[0]].start, statement.tokens[described[1] - 1].end
    while last > 1 and statement.pieces[last] in words.trailing:  # "it's a Tuesday again"
        last -= 1
    first = last
    while first > 0 and _is_name(statement, first - 1):
        first -= 1
    place = first - 1
    while place > 0 and _before_name(statement, place):
        place -= 1
    word, before = statement.pieces[place], statement.pieces[place - 1]
    leads = word in words.copula or word in words.verb or f"{before} {word}" in words.verb
    named = _is_name(statement, last) or (_is_initial(statement, last) and word in words.copula)
    if place < 0 or not named or not leads:
        return None
    return statement.tokens[first].start, statement.tokens[last].end


def kind_of(statement: Statement) -> tuple[int, int] | None:
    """Span of what the subject is: "is an ellipse with semi-axes 3 and 2", "is an **even** function"."""
    kind = _described(statement, names=False)
    if kind is None:
        return None
    first = kind[0] - (statement.pieces[kind[0] - 1] in statement.words.article)
    return statement.tokens[first].start, statement.tokens[kind[1] - 1].end


def _described(statement: Statement, *, names: bool) -> tuple[int, int] | None:
    """The ends of a few words behind a copula that stand in bold, or that details follow.

    Args:
        statement: The sentence.
        names: A name is looked for, which any circumstance may follow: "is Ann with 5", "a Friday 9 days on".
    """
    words, pieces = statement.words, statement.pieces
    if words.copula.isdisjoint(statement.seen):
        return None
    details = words.circumstance if names else words.describing | words.defining
    for link in range(len(statement.tokens) - 2, 0, -1):
        if pieces[link] not in words.copula:
            continue
        first = after = _behind_link(statement, link + 1)
        article, bold = pieces[first - 1] in words.article, statement.kinds[first - 1] == kinds.BOLD
        while statement.kinds[after] == kinds.WORD and pieces[after] not in details:
            after += 1
        if not 0 < after - first <= MAX_PREDICATE_WORDS or names != _is_name(statement, first):
            continue
        if bold and statement.kinds[after] == kinds.BOLD and statement.kinds[after + 1] != kinds.COLON:
            return first, after
        behind = after + (statement.kinds[after] == kinds.COMMA)
        counted = names and article and statement.kinds[behind] == kinds.NUMBER
        measured = not (names or article) or not words.measure.isdisjoint(pieces[first:after])
        if not measured and (pieces[behind] in details or counted):
            return first, after
    return None


def _behind_link(statement: Statement, index: int) -> int:
    """Where words begin behind a copula and its fillers, an article and a mark of bold."""
    words = statement.words
    while statement.kinds[index] == kinds.BOLD or (
        statement.pieces[index] not in words.copula
        and (statement.pieces[index] in words.article or statement.pieces[index] in words.filler)
    ):
        index += 1
    return index


def before_reason(statement: Statement) -> Statement | None:
    """The part of a sentence before "because" and the like, where one stands."""
    for index in range(2, len(statement.tokens)):
        if opens_reason(statement, index):
            end = index - 1 if statement.pieces[index - 1] == "even" else index  # "even though"
            while end > 1 and statement.kinds[end - 1] == kinds.COMMA:
                end -= 1
            return Statement(statement.text, statement.tokens[:end], statement.words)
    return None


def _before_name(statement: Statement, index: int) -> bool:
    """Whether a word or mark may stand between a copula and a name: "is then a Friday"."""
    words, word = statement.words, statement.pieces[index]
    return word not in words.copula and (
        statement.kinds[index] == kinds.BOLD or word in words.filler or word in words.determiner
    )


def _is_initial(statement: Statement, index: int) -> bool:
    """Whether a single letter is the name of something: "the ninth letter is M"."""
    return statement.kinds[index] == kinds.LETTER and statement.text[statement.tokens[index].start].isupper()


def _is_name(statement: Statement, index: int) -> bool:
    piece = statement.pieces[index]
    if statement.kinds[index] != kinds.WORD or piece in statement.words.copula or piece.endswith("'s"):
        return False
    token = statement.tokens[index]
    return statement.text[token.start].isupper() and not statement.text[token.start : token.end].isupper()


def bearer_of(statement: Statement) -> tuple[int, int] | None:
    """Span of "Ann is the winner", which answers who it is and what Ann is; of "B is the least", of B."""
    pieces, words, last = statement.pieces, statement.words, len(statement.tokens) - 1
    first = 0
    if pieces[0] in words.therefore:
        first = 2 if statement.kinds[1] == kinds.COMMA else 1
    initial = _is_initial(statement, first)
    definite = pieces[first + 1] in words.copula and pieces[first + 2] in words.determiner - words.article
    if not (definite and (initial or _is_name(statement, first))) or statement.kinds[last] != kinds.WORD:
        return None
    if last - first > 1 + MAX_PREDICATE_WORDS:
        return None
    return statement.tokens[first].start, statement.tokens[first if initial else last].end


def counted_of(statement: Statement) -> tuple[int, int] | None:
    """Span of a number in words with its unit: "a total of eighteen dollars", "one and a quarter pizzas"."""
    words, pieces = statement.words, statement.pieces
    for index in range(len(statement.tokens)):
        after = index
        while _is_numeral(statement, after, opens=after == index):
            after += 1
        if pieces[index - 1] in words.determiner:
            continue
        if after > index and pieces[after] in words.conjunction and pieces[after + 1] == "a":
            after += 3
        if after > index:
            after += pieces[after] in words.unit
            return statement.tokens[index].start, statement.tokens[min(after, len(statement.tokens)) - 1].end
    return None


def _is_numeral(statement: Statement, index: int, *, opens: bool) -> bool:
    """Whether a word belongs to a number: "two hundred and thirty-four"; "one" only before such a word."""
    words, piece, following = statement.words, statement.pieces[index], statement.pieces[index + 1]
    if _is_number_word(words, piece):
        return True
    if opens:
        return piece == "one" and (following in words.number or following == "and")
    return piece == "and" and _is_number_word(words, following)


def _is_number_word(words: Words, piece: str) -> bool:
    first, hyphen, second = piece.partition("-")
    return first in words.number and (not hyphen or second in words.number or second == "one")


def labelled_of(statement: Statement, *, alone: bool) -> tuple[int, int] | None:
    """Span of the words behind "Label:", or behind any colon where the whole response is a few sentences.

    Args:
        statement: The last sentence, which has no mathematics.
        alone: Nor has one before it.
    """
    if kinds.COLON not in statement.kinds:
        return None
    colon = statement.kinds.index(kinds.COLON)
    behind = statement.tokens[colon + 1 :]
    heads = alone or statement.pieces[colon - 1] in statement.words.label
    if not heads or colon == 0 or not 0 < len(behind) <= MAX_LABELLED:
        return None
    address = statement.pieces[colon] == ":" and statement.tokens[colon].end == behind[0].start
    return None if address else (behind[0].start, behind[-1].end)


def choice_of(statement: Statement) -> tuple[int, int] | None:
    """Span of a sentence that is nothing but a choice: "(C)"."""
    if statement.kinds[: len(statement.tokens)] != [kinds.OPEN, kinds.LETTER, kinds.CLOSE]:
        return None
    start, end = statement.tokens[0].start, statement.tokens[-1].end
    return (start, end) if statement.text[start + 1].isupper() else None


def word_of(statement: Statement) -> tuple[int, int] | None:
    r"""Span of a word that is set as a formula, as only an answer is: `$\text{Friday}$`."""
    if not _SET_WORD.search(statement.text, statement.tokens[0].start, statement.tokens[-1].end):
        return None
    for token in reversed(statement.tokens):
        if token.kind == kinds.INLINE and _SET_WORD.fullmatch(statement.text, token.start, token.end):
            return token.start, token.end
    return None


def verdict_of(statement: Statement) -> tuple[int, int] | None:
    """Span of a "yes" between commas: "Therefore, yes, it is a square"."""
    if statement.words.verdict.isdisjoint(statement.seen):
        return None
    for index in range(1, len(statement.tokens) - 1):
        if statement.pieces[index] in statement.words.verdict:
            bold = statement.kinds[index - 1] == statement.kinds[index + 1] == kinds.BOLD
            if statement.kinds[index - 1 - bold] == statement.kinds[index + 1 + bold] == kinds.COMMA:
                return statement.tokens[index].start, statement.tokens[index].end
    return None


def subject_of(statement: Statement) -> tuple[int, int] | None:
    """Span of the value before a copula that no other value follows: "so 5 is the final", "(C) is right"."""
    words = statement.words
    last = len(statement.tokens) - 1
    while last > 0 and (
        statement.kinds[last] in MARKS
        or statement.pieces[last] in words.rejected
        or statement.pieces[last] in words.filler
    ):
        last -= 1
    if last < 1 or statement.pieces[last] not in words.copula:
        return None
    runs = [run for run in runs_of(statement, 0) if run.after <= last]
    if runs and last - runs[-1].after <= MAX_NOUN_WORDS:
        value = value_of_run(statement, runs[-1], stated=True)
        return value.start, value.end
    if statement.kinds[last - 1] == kinds.LETTER:  # "A is right", where it is no article
        return statement.tokens[last - 1].start, statement.tokens[last - 1].end
    return None


def denial_of(statement: Statement) -> tuple[int, int] | None:
    """Span of the words that deny an answer or say how something ends: "no solution", "does not exist"."""
    words, pieces, length = statement.words, statement.pieces, len(statement.tokens)
    if statement.kinds[length - 1] != kinds.WORD:
        return None
    first = length - 1
    if pieces[first] >= UNSPACED:
        return _unspaced_denial(statement.tokens[first], words)
    if pieces[first] in words.outcome:
        while first and pieces[first - 1] in words.denial:
            first -= 1
        first = next(
            (index for index in range(first, max(-1, first - 4), -1) if pieces[index] == "no"), first
        )
        if first == length - 1 and pieces[first] in words.negation:
            return None  # the German "nicht" of another verb
    elif pieces[first] in words.absence:
        first = next(
            (index for index in range(length - 2, length - 5, -1) if pieces[index] in words.none), -1
        )
    else:
        return None
    denied = not words.negation.isdisjoint(pieces[max(0, first - 3) : max(0, first)])
    return None if first < 0 or denied else (statement.tokens[first].start, statement.tokens[-1].end)


def _unspaced_denial(token: Token, words: Words) -> tuple[int, int] | None:
    """Span of the denial with which a sentence without spaces ends, unless it is denied in its turn."""
    ending = max((one for one in words.absence if token.piece.endswith(one)), key=len, default="")
    before = token.piece.removesuffix(ending)
    denied = not ending or any(word in before for word in words.negation)
    return None if denied else (token.end - len(ending), token.end)


def name_of(statement: Statement, first: int) -> tuple[int, int] | None:
    """Span of the only proper name in a sentence from a token on: "Therefore, Ann walks fastest" -> "Ann"."""
    capitals = [
        index
        for index, token in enumerate(statement.tokens)
        if index >= first and token.kind == kinds.WORD and statement.text[token.start].isupper()
    ]
    if not capitals or capitals[-1] - capitals[0] != len(capitals) - 1 or len(capitals) > MAX_NAMES:
        return None
    return statement.tokens[capitals[0]].start, statement.tokens[capitals[-1]].end
