"""A sentence -> the answer that it states, with mathematics or in words alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._answer import Answer, How
from ._clauses import clause_after_condition, last_clause
from ._predicates import (
    bearer_of,
    before_reason,
    choice_of,
    counted_of,
    denial_of,
    kind_of,
    labelled_of,
    name_of,
    named_of,
    predicate_of,
    subject_of,
    verdict_of,
    word_of,
)
from ._refuted import is_label, is_withdrawn
from ._statement import Statement
from ._texts import plain_answer
from ._values import is_verdict, value_of
from ._words import UNSPACED

if TYPE_CHECKING:
    from ._run_values import Value
    from ._tokens import Token

__all__ = ["answer_of", "concludes", "said_of", "tells"]

_PAIRS = re.compile(
    r"(?<!\w)\$?([a-z])\$? (?:is|equals) \$?(-?\d[\d./]{0,20})\$?,? and"
    r" \$?([a-z])\$? (?:is|equals) \$?(-?\d[\d./]{0,20})\$?$"
)
_BARE_SYMBOL = re.compile(r"(?:\$|\\\()?\s*[A-Za-z]\s*(?:\$|\\\))?")
_COUNT = re.compile(r"\$?\d[\d,.]*\$?")
_NUMERIC = re.compile(r"[\d=<>]")
# Words of a sentence that leaves open what it says.
_OPENLY = frozenset({"whether", "suppose", "assume"})
# Verbs before the "if" of a question.
_DECIDING = frozenset(
    [
        "decide",
        "determine",
        "check",
        "see",
        "ask",
        "test",
        "tell",
        "know",
        "find",
        "out",
        "verify",
        "say",
        "wonder",
    ]
)
_TELLING = frozenset({kinds.NUMBER, kinds.COMMAND, *kinds.FORMULAS})


def answer_of(statement: Statement) -> Answer | None:
    """The answer of a sentence with mathematics: its bold value, its display, its words or its value."""
    bold = _bold_value(statement)
    if bold:
        return plain_answer(statement.text, bold.start, bold.end, How.BOLD)
    pairs = _pairs(statement)
    if pairs:
        return pairs
    display = _last_display(statement)
    if display:
        return plain_answer(statement.text, display.start, display.end, How.DISPLAY)
    quality = (
        verdict_of(statement)
        or word_of(statement)
        or named_of(statement)
        or _denial(statement)
        or _quality(statement)
        or _explained(statement)
    )
    if quality:
        return plain_answer(statement.text, *quality, How.CONCLUSION)
    return _valued(statement)


def _last_display(statement: Statement) -> Token | None:
    """The display that ends a sentence, unless it only lists what was counted: ", namely"."""
    place = len(statement.tokens) - 1
    if place > 0 and statement.kinds[place] == kinds.NEWLINE:
        place -= 1
    if statement.kinds[place] != kinds.DISPLAY:
        return None
    before = place - 1 - (statement.kinds[place - 1] == kinds.NEWLINE)
    return None if statement.pieces[before] in statement.words.listing else statement.tokens[place]


def _valued(statement: Statement) -> Answer | None:
    """The value of a sentence, unless words are what it says of its subject."""
    value = value_of(statement, claimed=False)
    kind = kind_of(statement) if value is None or not value.stated else None
    if kind:
        return plain_answer(statement.text, *kind, How.CONCLUSION)
    if value is None:
        return None
    symbol = _BARE_SYMBOL.fullmatch(statement.text, value.start, value.end) is not None
    if is_label(statement.text, value.start) or is_withdrawn(statement.text, value.end):
        return None
    stated = value.stated or _follows(statement) or _is_shown(statement, value)
    how = How.CONCLUSION if stated and not symbol else How.LAST_NUMBER
    return plain_answer(statement.text, value.start, value.end, how)


def _is_shown(statement: Statement, value: Value) -> bool:
    """Whether the reason for a value works it out: "they spend 10 hours outside, because 20 / 2 = 10"."""
    if "=" not in statement.seen or statement.words.reason.isdisjoint(statement.seen):
        return False
    *_, sign, last = statement.pieces[: len(statement.tokens)]
    first = next(index for index, token in enumerate(statement.tokens) if token.end > value.start)
    return sign == "=" and statement.pieces[first] == last


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
    span = denial_of(statement)
    if span is None or not (_follows(statement) or _is_clause(statement)):
        return None
    value = value_of(statement, claimed=False)
    counted = value is not None and value.stated and _COUNT.fullmatch(statement.text, value.start, value.end)
    return None if counted else span


def _is_clause(statement: Statement) -> bool:
    """Whether the last word is a clause by itself, as where words are written without spaces."""
    last = len(statement.tokens) - 1
    return last > 0 and statement.kinds[last - 1] == kinds.COMMA and statement.pieces[last] >= UNSPACED


def _quality(statement: Statement) -> tuple[int, int] | None:
    """The words of "Therefore, $f(x)$ is even", where nothing in the clause is a number."""
    last = statement.last()
    if statement.kinds[last] != kinds.WORD:
        return None
    clause = last_clause(statement) or clause_after_condition(statement)
    tokens = statement.tokens[clause:]
    formulas = [token for token in tokens if token.kind not in {kinds.WORD, kinds.BOLD}]
    numeric = (_NUMERIC.search(statement.text, token.start, token.end) for token in formulas)
    if last < clause or not (clause or _follows(statement)) or any(numeric):
        return None
    part = Statement(statement.text, tokens, statement.words)
    if last_clause(statement) and kinds.NUMBER in statement.kinds[:clause]:
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


def _explained(statement: Statement) -> tuple[int, int] | None:
    """The words that a reason with values in it follows: "It is even, because $f(-x) = f(x)$"."""
    words, seen = statement.words, statement.seen
    if words.reason.isdisjoint(seen) or (words.copula.isdisjoint(seen) and words.outcome.isdisjoint(seen)):
        return None
    part = before_reason(statement)
    if part is None or part.pieces[0] in words.demonstrative:
        return None
    named = named_of(part)
    if named or _NUMERIC.search(part.text, part.tokens[0].start, part.tokens[-1].end):
        return named
    return denial_of(part) or predicate_of(part)


def said_of(statement: Statement, *, alone: bool) -> Answer | None:
    """The words that a sentence without mathematics concludes: "Therefore, the function is even"."""
    if _is_left_open(statement):
        return None
    last = statement.pieces[len(statement.tokens) - 1]
    subject = subject_of(statement) if last in statement.words.rejected else None
    if subject is not None:
        return plain_answer(statement.text, *subject, How.CONCLUSION)
    if alone and len(statement.tokens) > 1 and is_verdict(statement, 0):
        first = statement.tokens[0]
        return plain_answer(statement.text, first.start, first.end, How.CONCLUSION)
    verdict = verdict_of(statement) or choice_of(statement) or named_of(statement)
    verdict = verdict or labelled_of(statement, alone=alone)
    if verdict is not None:
        return plain_answer(statement.text, *verdict, How.CONCLUSION)
    clause = last_clause(statement)
    if not clause and statement.pieces[0] in statement.words.reason:
        clause = clause_after_condition(statement)  # "Since these differ, the limit does not exist"
    concludes = clause > 0 or _follows(statement)
    if not (concludes or alone):
        return None
    part = Statement(statement.text, statement.tokens[clause:], statement.words)
    part = before_reason(part) or part
    span = denial_of(part) or (concludes and bearer_of(part)) or predicate_of(part)
    if span is None:
        span = counted_of(part)
    if span is None and concludes:
        span = name_of(part, first=0 if clause else 1)
    return plain_answer(statement.text, *span, How.CONCLUSION) if span else None


def _is_left_open(statement: Statement) -> bool:
    """Whether a sentence leaves open what it says: "it remains to see whether f is even", "decide if"."""
    if not _OPENLY.isdisjoint(statement.seen):
        return True
    return "if" in statement.seen and any(
        piece in _DECIDING and statement.pieces[index + 1] == "if"
        for index, piece in enumerate(statement.pieces)
    )


def concludes(statement: Statement) -> bool:
    return statement.opening().startswith(statement.words.conclusion)


def _follows(statement: Statement) -> bool:
    """Whether a sentence concludes, or at least begins with "so", which many a step does, too."""
    return statement.pieces[0] in statement.words.therefore or concludes(statement)


def tells(statement: Statement) -> bool:
    return not _TELLING.isdisjoint(statement.kinds)


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
            tells(inside)
            and inside.tokens[-1].kind != kinds.COLON
            and statement.kinds[closing + 1] != kinds.COLON
        ):
            return value_of(inside, claimed=True)
    return None
