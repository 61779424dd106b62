"""What a response itself calls its answer: `#### 5`, "the answer is 5", "Final answer: 5", "5 is the answer".

The last claim counts; one that says nothing ("the answer is correct") is passed over.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._answer import Answer, How
from ._claimed_values import stated
from ._predicates import subject_of
from ._refuted import is_withdrawn
from ._sentences import sentences_of
from ._statement import Statement
from ._texts import plain_answer
from ._tokens import tokens_of
from ._words import (
    UNSPACED,
    WINDOW,
    beginnings_by_sign,
    kinds_of_letters,
    lowered,
    nouns,
    nouns_by_beginning,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._tokens import Token
    from ._words import Words

    # Where its name ends, that name, its place, and where the word ends that it opens.
    _Marker = tuple[int, str, int, int]
    # What nouns begin with, by a part that some have in common.
    _Groups = dict[str, tuple[str, ...]]

__all__ = [
    "MAX_CLAIMS",
    "MAX_COMPLEMENT",
    "PLURALS",
    "SUPPOSED",
    "USUAL",
    "after_hash",
    "after_noun",
    "last_claim",
    "verb_before",
]

# Most responses claim their answer in so many characters at the end, where it is looked for first.
TAIL = 400
# Longer than the words before a noun by which it is known as none.
LONGEST_LEAD = 40
# The word "answer" may stand there very often; after this many claims without a value, the search ends.
MAX_CLAIMS = 100
# So far from the part that a group of nouns has in common, none of them goes.
LONGEST_NOUN = 40
# Of more nouns, it pays to look only where their common part stands.
MANY_NOUNS = 3
# Longer than any statement of an answer.
MAX_STATEMENT = 2_000
# Characters that may stand between "answer" and its copula: "the answer to the second part of the question".
MAX_COMPLEMENT = 160
# Longer than "should therefore be".
MAX_MODAL = 24
# Characters of a sentence before its "is the answer".
MAX_SUBJECT = 400

_LABEL = "a:"
_HASH = "####"
# What the noun of most claims begins with.
USUAL = "ans"
PLURALS = ("s", "n", "en")
# The usual case at once: " is: " and a number or formula.
_COPULA = re.compile(r"(?: is|\*{0,2}:\*{0,2}| is:| ?(?:->|=>|\u2192|\u21d2))(?=\s{1,4}(?:-?\d|\$))")
SUPPOSED = re.compile(r"\bif\b[^.!?\n]*\Z", re.IGNORECASE)
_CALL = re.compile(r"([A-Za-z_]{2,40})\(")
_NEXT_WORD = re.compile(r" +([A-Za-z]{2,})(?![\w'\u2019-])")
_ARTICLES = frozenset({"the", "my", "our"})
# "If the answer were 5", "we check our answer: if".
_BEFORE_ARTICLE = (
    "if ", "suppose ", "assume ", "assuming ", "whether ", "check ", "checking ", "verify ", "verifying ",
    "confirm ", "rate ",
)  # fmt: skip
_ASKED = re.compile(r"[^.\n?]{0,80}\?")
_VALUE_SIGNS = frozenset("0123456789-$\\([{*.")
_SENTENCE_END = re.compile(r"[*_ ]{0,4}(?:[.!][*_]{0,4}(?:\s|\Z)|\n|\Z)")
_NONSPACE = re.compile(r"\S")
_WRAPPING = frozenset({kinds.BOLD, kinds.CLOSE, kinds.OTHER})
# Scripts that use a Latin letter for a choice only.
_NON_LATIN = "\u0370"
_HEADING = re.compile(r"\d+[.)]\s+[A-Z]|[A-Z][a-z]+\s*\d*\s*:")


def last_claim(text: str) -> Answer | None:
    """What follows the last `####`, "the answer is" or the like, in any language of `phrases.json`."""
    last = None
    for marker, place, after in itertools.islice(_markers(text), MAX_CLAIMS):
        answer = _claimed(text, marker, place, after)
        if answer is None or is_withdrawn(text, answer.span[1]):
            continue
        if last is not None:
            return answer if answer.text.startswith(last.text) else last
        last = answer
        if last.span[1] != len(text.rstrip()):
            break  # else the same claim over and over, cut off in the middle of the last
    return last


def _claimed(text: str, marker: str, place: int, after: int) -> Answer | None:
    """The value that a marker claims."""
    if marker == _HASH:
        return after_hash(text, after)
    if marker == _LABEL:
        end = min(len(text), after + MAX_STATEMENT)
        return stated(text, after, end, words_of(text[after:end]), How.PHRASE)
    return after_noun(text, place, after, nouns()[marker])


def _markers(text: str) -> Iterator[tuple[str, int, int]]:
    """Give (marker, its place, where it ends), last first, with the label of the last line among them.

    The end of the text is looked at before the rest, which most responses need not have read. Where it is
    English, the rest claims its answer in no other language.
    """
    start, end = max(0, len(text) - WINDOW), len(text)
    border = max(start, text.rfind(".", start, max(start, end - TAIL)))  # no marker stands across it
    label = text.rstrip().rfind("\n") + 1
    labelled = text[label : label + len(_LABEL)].lower() == _LABEL
    is_english = False
    for first, last in ((border, end), (start, border)):
        lower = lowered(text[first:last])
        others = _unusual("english" if is_english else kinds_of_letters(lower))
        for _, name, place, after in _markers_in(lower, others):
            if labelled and first + place < label:
                labelled = False
                yield _LABEL, label, label + len(_LABEL)
            yield name, first + place, first + after
        is_english = " the " in lower  # no other language has the word
    if labelled:
        yield _LABEL, label, label + len(_LABEL)


def _markers_in(lower: str, others: _Groups) -> Iterator[_Marker]:
    """The markers of a part in small letters, last first.

    What follows the last usual noun, by which most responses claim their answer, comes before the rest.
    """
    end = len(lower)
    while end > 0:
        usual = _last_marker(lower, USUAL, 0, end)
        begin = usual[2] if usual else 0
        yield from _unusual_markers(lower, begin, end, others)
        if usual:
            yield usual
        end = begin


def _unusual_markers(lower: str, begin: int, end: int, others: _Groups) -> Iterator[_Marker]:
    """The markers of a part but the usual one, last first."""
    last = _last_markers(lower, begin, end, others)
    while last:
        marker = max(last)  # ends last
        last.remove(marker)
        yield marker
        before = _last_marker(lower, marker[1], begin, marker[2])
        if before:
            last.append(before)


def _last_markers(lower: str, begin: int, end: int, others: _Groups) -> list[_Marker]:
    """Of each marker but the usual one the last place in a part, if it stands there at all."""
    part = lower[begin:end]
    if max(map(part.rfind, others)) < 0:
        return []
    found: list[_Marker] = []
    for sign, group in others.items():
        last = part.rfind(sign)
        if last < 0:
            continue
        first = max(0, part.find(sign) - LONGEST_NOUN) if len(group) > MANY_NOUNS else 0
        for name in group:
            limit = min(end, begin + last + LONGEST_NOUN)
            marker = _last_marker(lower, name, begin + first, limit)
            if marker:
                found.append(marker)
    return found


def _last_marker(lower: str, name: str, begin: int, end: int) -> _Marker | None:
    """The last place in a part where a marker stands.

    Args:
        lower: The response in small letters.
        name: The mark, or what a noun begins with.
        begin: Where the part begins.
        end: Where it ends.
    """
    place = lower.rfind(name, begin, end)
    verb = ""
    while place >= 0:
        if verb and lower.endswith(verb, 0, place):  # lost models say "this answer" over and over
            lower = lower.replace(verb + name, " " * len(verb + name))
            after = 0
        else:
            after = _marker_end(lower, name, place)
        if after:
            verb = "" if name == _HASH else verb_before(lower, name, place)
            if not verb:
                return place + len(name), name, place, after
        place = lower.rfind(name, begin, place)
    return None


@functools.cache
def _unusual(letters: str) -> _Groups:
    """All markers but the usual one that a text with such letters can hold."""
    groups = beginnings_by_sign(letters) | {_HASH: (_HASH,)}
    del groups[USUAL]
    return groups


def _marker_end(lower: str, name: str, place: int) -> int:
    """Where a mark ends, or a noun, in its plural, too; 0 where that is only part of a word."""
    if name == _HASH:
        return place + len(name)
    if lower[place] < UNSPACED and lower[place - 1 : place].isalpha():
        return 0
    end = _noun_end(name).match(lower, place + len(name))
    return end.end() if end else 0


@functools.cache
def _noun_end(name: str) -> re.Pattern[str]:
    """What may follow the name of a noun: the rest of a longer one, a plural, and no further letter."""
    rests = [noun.removeprefix(name) for noun in reversed(nouns_by_beginning()[name])]  # the longest first
    whole = "" if name[0] >= UNSPACED else rf"(?:{'|'.join(PLURALS)})??(?![^\W\d_]|_)"
    return re.compile(f"(?:{'|'.join(map(re.escape, rests))}){whole}")


def after_hash(text: str, after: int) -> Answer | None:
    """GSM8K's `#### 5`; a Markdown heading of the fourth rank is none."""
    end = _line_end(text, after)
    line = text[after:end].strip()
    if not line or _HEADING.match(line):
        return None
    words = words_of(line)
    below = _NONSPACE.search(text, end) if line[0].isalpha() else None
    if below:  # one letter is an option, unless something is said of it
        said = lowered(text[below.start() : below.start() + LONGEST_NOUN])
        if len(line) > 1 or not said.startswith(words.afterthought):
            return None
    return stated(text, after, end, words, How.HASH)


def _line_end(text: str, start: int) -> int:
    limit = min(len(text), start + MAX_STATEMENT)
    newline = text.find("\n", start, limit)
    return limit if newline < 0 else newline


def after_noun(text: str, place: int, after: int, words: Words) -> Answer | None:
    if text.startswith(" would", after) and SUPPOSED.search(text, max(0, place - MAX_COMPLEMENT), place):
        return None  # "if the coin were fair, the answer would be 1/2"
    copula = _COPULA.match(text, after)
    begin = copula.end() if copula else _claim_start(text, place, after, words)
    if begin is None:
        return _before_noun(text, place, after, words)
    if text[begin - 1] == "=" and _is_code(text[begin : _line_end(text, begin)]):
        return None
    return stated(text, begin, min(len(text), begin + MAX_STATEMENT), words, How.PHRASE)


def _is_code(value: str) -> bool:
    """Whether a program computes the value: `ans = solve(x)`, not `answer = sqrt(2)`."""
    return any(name.lower() not in kinds.MATH_WORDS for name in _CALL.findall(value))


def _before_noun(text: str, place: int, after: int, words: Words) -> Answer | None:
    """The value of a sentence that ends in its noun: "so 5 is the answer"."""
    if not _SENTENCE_END.match(text, after):
        return None
    sentences = sentences_of(text, max(0, place - MAX_SUBJECT), place)
    if not sentences or sentences[-1][1] < place:
        return None
    statement = Statement(text, list(tokens_of(text, *sentences[-1])), words)
    value = subject_of(statement)
    return plain_answer(text, *value, How.PHRASE) if value else None


def verb_before(lower: str, name: str, place: int) -> str:
    """What makes a noun none: "to answer", or another answer than the response's own: "this answer".

    The word before it, with what parts it from others; no text where it is a noun.
    """
    begin = max(0, place - LONGEST_LEAD)
    before = lower[begin:place].rstrip(" *_")
    rest = len(before.rstrip("abcdefghijklmnopqrstuvwxyz"))
    word = before[rest:]
    if word in nouns()[name].verb_before:
        return lower[max(0, begin + rest - 1) : place]
    supposed = word in _ARTICLES and lower.endswith(_BEFORE_ARTICLE, 0, place - len(word) - 1)
    return lower[begin:place] if supposed else ""


def _claim_start(text: str, place: int, after: int, words: Words) -> int | None:
    """Where the claim begins that the noun announces, or None where it announces none."""
    word = _NEXT_WORD.match(text, after)
    if word is not None:  # the usual cases
        following = word[1].lower()
        if following not in words.leading:
            return None  # "we will answer the question"
        if following in words.copula:
            return word.end()
    begin = _value_at_once(text, place, after)
    if begin is None:
        begin = _after_modal(text, after, words)
    return _after_complement(text, after, words) if begin is None else begin


def _after_complement(text: str, after: int, words: Words) -> int | None:
    """Where a colon or copula ends that follows the noun, over words that belong to the noun."""
    for seen, token in enumerate(tokens_of(text, after, min(len(text), after + MAX_COMPLEMENT))):
        if token.kind == kinds.COLON or token.piece in {"=", "\u2192"}:
            return token.end
        copula = _copula_length(token, words)
        if copula:
            return token.start + copula
        if token.kind in {kinds.STOP, kinds.NEWLINE}:
            return None
        if token.kind not in _WRAPPING and seen == 0 and not _is_complement(token, words):
            return None
    return None


def _after_modal(text: str, after: int, words: Words) -> int | None:
    """Where a value, no property, follows "should be": "the answer must be 5", not "must be an integer"."""
    following = text[after : after + MAX_MODAL].lower()
    if not following.startswith(words.modal):
        return None
    begin = after + next(len(modal) for modal in words.modal if following.startswith(modal))
    return begin if text[begin : begin + 1] in _VALUE_SIGNS else None


def _value_at_once(text: str, place: int, after: int) -> int | None:
    """Where a value follows the noun without a copula: "Answer $5$", or on the line below a heading."""
    for token in tokens_of(text, after, min(len(text), after + MAX_COMPLEMENT)):
        if token.kind in kinds.FORMULAS or token.kind == kinds.NUMBER:
            return None if _ASKED.match(text, token.end) else token.start
        if token.kind == kinds.LETTER and text[place] >= _NON_LATIN:
            return token.start
        if token.kind == kinds.NEWLINE:
            return token.end if _is_heading(text, place) else None
        if token.kind not in _WRAPPING:
            return None
    return None


def _is_complement(token: Token, words: Words) -> bool:
    return token.piece in words.complement


def _copula_length(token: Token, words: Words) -> int:
    """How much of the token is a copula: all of it, or its head where words are not spaced."""
    piece = token.piece
    if piece in words.copula:
        return token.end - token.start
    if token.kind != kinds.WORD or piece < UNSPACED:
        return 0
    return max((len(copula) for copula in words.copula if piece.startswith(copula)), default=0)


def _is_heading(text: str, place: int) -> bool:
    """Whether the noun ends a heading: `### Final Answer`, `**Answer**`, "Step 5: State the final answer"."""
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return len(line) <= 40
