"""The answer of a response that never names one: bold, a last display, what the last sentence concludes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._answer import Answer, How
from ._clauses import clause_after_condition, last_clause
from ._code import PROGRAMS, blanked
from ._parts import parts
from ._predicates import (
    bearer_of,
    choice_of,
    counted_of,
    denial_of,
    name_of,
    named_of,
    predicate_of,
    subject_of,
    verdict_of,
    word_of,
)
from ._sentences import sentences_before, sentences_of
from ._statement import Statement
from ._texts import plain_answer
from ._tokens import tokens_of
from ._values import is_verdict, value_of
from ._words import in_any_language, nouns, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._tokens import Token
    from ._values import Value
    from ._words import Words

__all__ = ["bare", "conclusion", "last_number", "whole"]

# A conclusion stands in the last lines: characters looked at first, and where they hold none.
WINDOWS = (300, 1_200)
MAX_SENTENCES = 20
# Of a longer sentence, which is no prose, only the end is read: so many characters, so many tokens.
MAX_SENTENCE = 500
MAX_TOKENS = 120
# A verdict that opens a response, and the first word of its reasons.
_HEAD = re.compile(
    r"[\s*_]{0,8}([^\W\d_]{2,12})\*{0,2}[.,:!\u2013\u2014-][*_\s\u2013\u2014-]{1,6}([^\W\d_]*)"
)
MAX_REASONS = 600
# What may stand before the first word of a sentence, and characters of it that are looked at.
MAX_MARKS = 3
MAX_OPENING = 40
_MARKS = frozenset({kinds.OPEN, kinds.BOLD, kinds.OTHER})
_DISPLAY_ENDS = ("\\]", "$$", "}")
# Where the last number of all is looked for: first near the end.
NUMBER_WINDOWS = (200, 16_384)
_NUMBER = re.compile(r"(?<!\bnot )-?\d{1,100}(?:,\d{3}){0,20}(?:\.\d{1,100})?")
_WORD = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_MATHEMATICS = re.compile(r"[\d\\$]")
_TELLING = frozenset({kinds.NUMBER, kinds.COMMAND, *kinds.FORMULAS})
_PAIRS = re.compile(
    r"(?<!\w)\$?([a-z])\$? (?:is|equals) \$?(-?\d[\d./]{0,20})\$?,? and"
    r" \$?([a-z])\$? (?:is|equals) \$?(-?\d[\d./]{0,20})\$?$"
)
_BARE_SYMBOL = re.compile(r"(?:\$|\\\()?\s*[A-Za-z]\s*(?:\$|\\\))?")
_COUNT = re.compile(r"\$?\d[\d,.]*\$?")
_NUMERIC = re.compile(r"[\d=<>]")
MAX_WHOLE = 100
# No sign of a claim, a program or a unit written onto its number, and something that is no word.
_BARE = re.compile(
    r"""\s*(?!\*\*)(?=\S*[\d\\])(?:
    [^\s\\:;#$`"'<>?%\u0080-\U0010ffffA-Za-z]  # a digit or sign
  | \\(?:(?!boxed|fbox)[A-Za-z]+(?![A-Za-z])|[^\sA-Za-z])  # a command
  | [A-Za-z](?![A-Za-z])  # a letter
    )+\s*""",
    re.VERBOSE,
)
MAX_WHOLE_WORDS = 5
# Where words stand without spaces, a speaker begins them.
_UNSPACED_SPEAKERS = (
    "\u6211",
    "\u62b1\u6b49",
    "\u65e0\u6cd5",
    "\u4e0d\u77e5\u9053",
    "\u308f\u304b",
    "\u5206\u304b",
    "\u79c1",
    "\u7533\u3057\u8a33",
    "\ubaa8\ub974",
    "\uc8c4\uc1a1",
)


def conclusion(text: str) -> Answer | None:
    """The value that the last sentences conclude."""
    text = blanked(text, PROGRAMS)
    end = _before_unclosed(text, len(text.rstrip()))
    begin = max(0, end - WINDOWS[1])
    words = words_of(text[begin:end])
    lettered = parts(text, begin, end, words)
    if lettered is not None:
        return lettered
    verdict = _verdict(text, end, words)
    if verdict is not None:
        return verdict
    for window in WINDOWS:
        sentences = sentences_before(text, end, window, widest=window == WINDOWS[-1])
        sentences = _without_check(text, sentences[-MAX_SENTENCES:], words)
        answer = _concluded(text, sentences, words)
        if answer is not None:
            return answer
    return None


def _verdict(text: str, end: int, words: Words) -> Answer | None:
    """The "yes" with which a short response begins that goes on to give reasons, concluding nothing else."""
    head = _HEAD.match(text, 0, end)
    if head is None or head[1].lower() not in words.verdict or head[2].lower() in words.speaker:
        return None
    concludes = any(
        text[start : start + MAX_OPENING].lower().startswith(words.conclusion)
        for start, _ in sentences_of(text, head.end(1) + 1, end)
    )
    return None if concludes or end > MAX_REASONS else Answer(head[1], head.span(1), How.CONCLUSION)


def _before_unclosed(text: str, end: int) -> int:
    """Where a formula begins that a cut-off response leaves open; the end where there is none."""
    dollar = text.rfind("$", max(0, end - WINDOWS[0]), end)
    if dollar < 0 or text.count("$", 0, end) % 2 == 0:
        return end
    before = text[max(0, dollar - 9) : dollar].rstrip()
    money = text[dollar + 1 : dollar + 3].lstrip(".")[:1].isdigit() or before[-1:].isdigit()
    return end if money else dollar


def _concluded(text: str, sentences: list[tuple[int, int]], words: Words) -> Answer | None:
    """The value of the last sentence that has one, unless it only holds it and one before concludes."""
    held: Answer | None = None
    aside: Statement | None = None
    is_last = True
    for start, end in reversed(sentences):
        may_matter = (
            _may_overrule(held, text, start, end, words) if held else is_last or _may_tell(text, start, end)
        )
        if not may_matter:
            continue
        tokens = list(tokens_of(text, _readable(text, start, end), end))
        statement = Statement(text, tokens[-MAX_TOKENS:], words)
        if _is_afterthought(statement):
            aside = aside or statement
            continue
        tells = _tells(tokens)
        if is_last and not tells:
            alone = not _MATHEMATICS.search(text, sentences[0][0], end)
            predicate = _predicate(statement, alone=alone)
            if predicate is not None:
                return predicate
        is_last = False
        answer = _answer(statement) if tells else None
        if answer is None:
            continue
        if held and not (answer.how is How.DISPLAY or _concludes(statement)):
            if answer.how is not How.LAST_NUMBER and f"= {answer.text}".endswith(f"= {held.text}"):
                return held  # what the last sentence holds was the result before it
            continue
        if answer.how is not How.LAST_NUMBER:
            return answer
        held = held or answer
    return held or (_answer(aside) if aside and _tells(aside.tokens) else None)


def _may_overrule(held: Answer, text: str, start: int, end: int, words: Words) -> bool:
    """Whether, at a cheap look, an earlier sentence may say more than the last, which only holds a value."""
    sentence = text[start:end]
    return (
        sentence[:40].lower().startswith(words.conclusion)
        or sentence.rstrip().endswith(_DISPLAY_ENDS)
        or (f"= {held.text}" in sentence and not held.text.isalpha())
    )


def _readable(text: str, start: int, end: int) -> int:
    """Where to read a sentence from: a long one without formulas is no prose, so that its end will do."""
    if end - start <= MAX_SENTENCE or "$" in text[start:end] or "\\" in text[start:end]:
        return start
    return max(start, text.find(" ", end - MAX_SENTENCE, end))


def _predicate(statement: Statement, *, alone: bool) -> Answer | None:
    """The words that a sentence without mathematics concludes: "Therefore, the function is even"."""
    last = statement.pieces[len(statement.tokens) - 1]
    subject = subject_of(statement) if last in statement.words.rejected else None
    if subject is not None:
        return plain_answer(statement.text, *subject, How.CONCLUSION)
    if alone and len(statement.tokens) > 1 and is_verdict(statement, 0):
        first = statement.tokens[0]
        return plain_answer(statement.text, first.start, first.end, How.CONCLUSION)
    verdict = verdict_of(statement) or choice_of(statement) or named_of(statement)
    if verdict is not None:
        return plain_answer(statement.text, *verdict, How.CONCLUSION)
    clause = last_clause(statement)
    concludes = clause > 0 or _follows(statement)
    if not (concludes or alone):
        return None
    part = Statement(statement.text, statement.tokens[clause:], statement.words)
    span = (concludes and (denial_of(part) or bearer_of(part))) or predicate_of(part)
    if span is None:
        span = counted_of(part)
    if span is None and concludes:
        span = name_of(part, first=0 if clause else 1)
    return plain_answer(statement.text, *span, How.CONCLUSION) if span else None


def _concludes(statement: Statement) -> bool:
    return statement.opening().startswith(statement.words.conclusion)


def _follows(statement: Statement) -> bool:
    """Whether a sentence concludes, or at least begins with "so", which many a step does, too."""
    return statement.pieces[0] in statement.words.therefore or _concludes(statement)


def last_number(text: str) -> Answer | None:
    """The last number of all, where even the last lines tell nothing."""
    for window in NUMBER_WINDOWS:
        begin = max(0, len(text) - window)
        numbers = list(_NUMBER.finditer(text, begin)) if _DIGIT.search(text, begin) else ()
        if numbers:
            return Answer(numbers[-1][0], numbers[-1].span(), How.LAST_NUMBER)
    return None


def bare(text: str) -> Answer | None:
    r"""A response without a space that is a formula or a number, whole: `44`, `x=\frac{1}{2}`."""
    if len(text) > MAX_WHOLE:
        return None
    return plain_answer(text, 0, len(text), How.CONCLUSION) if _BARE.fullmatch(text) else None


def whole(text: str) -> Answer | None:
    """A short response that is nothing but an answer; a sentence in which somebody speaks is none."""
    stripped = text.strip()
    if not stripped or len(stripped) > MAX_WHOLE or "\n" in stripped:
        return None
    words = re.findall(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?", stripped.lower().replace("\u2019", "'"))
    if len(stripped.split()) > MAX_WHOLE_WORDS or _speaks(words):
        return None
    return plain_answer(text, 0, len(text), How.WHOLE)


def _speaks(words: list[str]) -> bool:
    """Whether somebody speaks, or announces an answer that never comes: "I do not know", "The answer is"."""
    speaker = in_any_language("speaker")
    if words != ["i"] and any(word in speaker or word.startswith(_UNSPACED_SPEAKERS) for word in words):
        return True
    announcing = in_any_language("copula") | in_any_language("filler")
    return (
        bool(words)
        and any(word in nouns() for word in words)
        and all(word in nouns() or word in announcing for word in words)
    )


def _tells(tokens: Sequence[Token]) -> bool:
    return any(kind in _TELLING for kind, _, _ in tokens)


def _may_tell(text: str, start: int, end: int) -> bool:
    """Whether a sentence, at a cheap look, may hold mathematics."""
    if _MATHEMATICS.search(text, start, end):
        return True
    sentence = text[start:end].lower()
    return not sentence.isascii() or not kinds.MATH_WORDS.isdisjoint(_WORD.findall(sentence))


def _is_afterthought(statement: Statement) -> bool:
    """Whether a sentence only explains, gives an example or bids farewell, without an own "so" or "only"."""
    pieces, words = statement.pieces, statement.words
    first = 0
    while first < MAX_MARKS and (statement.kinds[first] in _MARKS or pieces[first] in {"*", "_"}):
        first += 1
    aside = statement.kinds[0] == kinds.OPEN and statement.kinds[1] == kinds.WORD
    if not aside and not statement.opening(first).startswith(words.afterthought):
        return False
    return aside or (words.therefore.isdisjoint(pieces[3:]) and words.exclusive.isdisjoint(pieces[1:]))


def _without_check(text: str, sentences: list[tuple[int, int]], words: Words) -> list[tuple[int, int]]:
    """The sentences before a check of the answer that goes to the end and concludes nothing itself."""
    openings = [text[start : start + MAX_OPENING].lstrip(" *_(").lower() for start, _ in sentences]
    concluding = (*words.conclusion, *words.therefore)
    for index, opening in enumerate(openings):
        heading = opening.lstrip("# ") if opening.startswith("##") else opening  # one mark may be a program's
        if heading.startswith(words.check):
            later = openings[index + 1 :]
            return sentences if any(one.startswith(concluding) for one in later) else sentences[:index]
    return sentences


def _answer(statement: Statement) -> Answer | None:
    bold = _bold_value(statement)
    if bold:
        return plain_answer(statement.text, bold.start, bold.end, How.BOLD)
    pairs = _pairs(statement)
    if pairs:
        return pairs
    last = statement.tokens[-1]
    if last.kind == kinds.DISPLAY or (
        last.kind == kinds.NEWLINE and statement.tokens[-2].kind == kinds.DISPLAY
    ):
        display = next(token for token in reversed(statement.tokens) if token.kind == kinds.DISPLAY)
        return plain_answer(statement.text, display.start, display.end, How.DISPLAY)
    quality = (
        verdict_of(statement)
        or word_of(statement)
        or named_of(statement)
        or _denial(statement)
        or _quality(statement)
    )
    if quality:
        return plain_answer(statement.text, *quality, How.CONCLUSION)
    value = value_of(statement, claimed=False)
    if value is None:
        return None
    symbol = _BARE_SYMBOL.fullmatch(statement.text, value.start, value.end) is not None
    how = How.CONCLUSION if (value.stated or _follows(statement)) and not symbol else How.LAST_NUMBER
    return plain_answer(statement.text, value.start, value.end, how)


def _pairs(statement: Statement) -> Answer | None:
    """The unknowns of "So x is 2 and y is 3" as one list."""
    if "and" not in statement.seen:
        return None
    text, start, end = statement.text, statement.tokens[0].start, statement.tokens[-1].end
    found = _PAIRS.search(text, start, end)
    if found is None or found[1] == found[3]:
        return None
    return Answer(f"{found[1]} = {found[2]}, {found[3]} = {found[4]}", found.span(), How.CONCLUSION)


def _denial(statement: Statement) -> tuple[int, int] | None:
    """The words of "Hence $f$ has no root"; not those of "there are $2$ places where $f$ is not defined"."""
    span = denial_of(statement) if _follows(statement) else None
    value = value_of(statement, claimed=False) if span else None
    counted = value is not None and value.stated and _COUNT.fullmatch(statement.text, value.start, value.end)
    return None if counted else span


def _quality(statement: Statement) -> tuple[int, int] | None:
    """The words of "Therefore, $f(x)$ is even", where nothing in the clause is a number."""
    clause = last_clause(statement) or clause_after_condition(statement)
    if not (clause or _follows(statement)):
        return None
    part = Statement(statement.text, statement.tokens[clause:], statement.words)
    last = [kind for kind in part.kinds if kind not in {"", kinds.BOLD}][-1:]
    formulas = [token for token in part.tokens if token.kind not in {kinds.WORD, kinds.BOLD}]
    if last != [kinds.WORD] or any(_NUMERIC.search(part.text, token.start, token.end) for token in formulas):
        return None
    if kinds.NUMBER in statement.kinds[:clause]:
        before = value_of(
            Statement(statement.text, statement.tokens[:clause], statement.words), claimed=False
        )
        if before is not None and before.stated:
            return None  # "Angle B measures 60°, so the triangle is acute"
    span = bearer_of(part) or predicate_of(part)
    if span is None and clause and not formulas and counted_of(part) is None:
        span = name_of(part, first=0)
        return span if span and span[0] == part.tokens[0].start else None
    if span is None or any(span[0] <= token.start < span[1] for token in formulas):
        return None
    return None if part.text[: span[0]].endswith(" the ") else span


def _bold_value(statement: Statement) -> Value | None:
    """The last bold passage that holds mathematics and is no heading."""
    if kinds.BOLD not in statement.kinds:
        return None
    marks = [index for index, token in enumerate(statement.tokens) if token.kind == kinds.BOLD]
    for opening, closing in reversed(list(zip(marks[::2], marks[1::2], strict=False))):
        if (
            statement.kinds[opening - 2] == kinds.BOLD
            and statement.pieces[opening - 1] in statement.words.conjunction
        ):
            return None  # two bold values are one list, of which the last is not the answer
        inside = Statement(statement.text, statement.tokens[opening + 1 : closing], statement.words)
        if (
            _tells(inside.tokens)
            and inside.tokens[-1].kind != kinds.COLON
            and statement.kinds[closing + 1] != kinds.COLON
        ):
            return value_of(inside, claimed=True)
    return None
