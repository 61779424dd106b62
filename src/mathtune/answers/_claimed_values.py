"""Where a claim begins -> the value that it states, up to the end of its sentence, line or list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._answer import Answer
from ._statement import Statement
from ._texts import plain_answer
from ._tokens import tokens_of
from ._values import value_of

if TYPE_CHECKING:
    from ._answer import How
    from ._run_values import Value
    from ._tokens import Token
    from ._words import Words

__all__ = ["SHORT_VALUE", "stated"]

# The usual case at once: a number, a list of them or an option's letter that ends its sentence or line.
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,9}|\d{1,40})(?:\.\d{1,40})?"
_ITEM = r"-?\d{1,40}(?:[./]\d{1,40})?"
SHORT_VALUE = rf"(?:-?\$)?-?{_DIGITS}(?:/\d{{1,40}}|%)?|[\[(]{_ITEM}(?:, ?{_ITEM}){{1,20}}[\])]|\([A-Ha-h]\)"
_SHORT = re.compile(
    rf"[\s*]{{0,8}}(?:\$(-?{_DIGITS})\$|({SHORT_VALUE}))"
    r"(?=\.?\*{0,2}(?:\s{0,4}\Z|\n)|\. {1,2}[A-Z])"
)
# A formula alone, likewise; with two words in it, its signs may be money's.
_FORMULA = re.compile(
    r"\s{0,4}(\$(?!\s|[^$\n]{0,200}[A-Za-z]{2} (?: |[A-Za-z]{2}))[^$\n]{1,200}(?<![\s\\])\$)"
    r"(?=\.?(?:\s{0,4}\Z|\n)|\. |(?<=[^.]\.\$) {1,2}([A-Z][a-z]*))"
)
# A word likewise, if it is a "yes" or a "true".
_VERDICT = re.compile(r" {0,4}([A-Za-z]{2,12})(?=\.? {0,4}(?:\Z|\n))")
# A program's name for it, no answer.
_IDENTIFIER = re.compile(r"(?:\b[A-Za-z]{2,}|^)_[A-Za-z]{2,}")
# What ends a line whose statement goes on below.
_GOING_ON = frozenset({kinds.COLON, kinds.COMMA, kinds.OPERATOR, kinds.NEWLINE, kinds.BOLD})
_BULLET = re.compile(r"[ \t]{0,8}(?:[-*\u2022]|\d{1,2}[.)])[ \t]+(?=\S)")


def stated(text: str, start: int, end: int, words: Words, how: How) -> Answer | None:
    """The value of the statement that begins at `start`."""
    short = _SHORT.match(text, start, end)
    if short is not None:
        group = short.lastindex or 0
        return Answer(short[group], short.span(group), how)
    formula = _only_formula(text, start, end, words)
    if formula is not None:
        return _named(text, *formula, how)
    verdict = _VERDICT.match(text, start, end)
    if verdict is not None and verdict[1].lower() in words.rejected:
        return None
    if verdict is not None and verdict[1].lower() in words.verdict:
        return Answer(verdict[1], verdict.span(1), how)
    listed = _listed(text, start, end, words, how)
    if listed is not None:
        return listed
    value = _claimed_value(Statement(text, _statement_tokens(text, start, end), words))
    return _named(text, value.start, value.end, how) if value else None


def _only_formula(text: str, start: int, end: int, words: Words) -> tuple[int, int] | None:
    """Span of the formula that is the whole statement: the usual case at once."""
    formula = _FORMULA.match(text, start, end)
    if formula is None:
        return None
    following = (formula[2] or "").lower()  # behind a full stop in the formula: "$(3, 0).$ Or $(0, 3).$"
    joined = following in words.conjunction or following in words.hedge
    return None if joined else formula.span(1)


def _named(text: str, start: int, end: int, how: How) -> Answer | None:
    """The answer at a span, unless it is a program's name for it."""
    if text.find("_", start, end) >= 0 and _IDENTIFIER.search(text[start:end]):
        return None
    return plain_answer(text, start, end, how)


def _listed(text: str, start: int, end: int, words: Words, how: How) -> Answer | None:
    """The values of a bulleted list as one: the answer of several lines."""
    if text.find("\n", start, end) < 0:
        return None
    parts: list[Answer] = []
    while start < end and text[start] in ":*_ \t\n" and not _BULLET.match(text, start, end):
        start += 1
    while bullet := _BULLET.match(text, start, end):
        newline = text.find("\n", bullet.end(), end)
        line_end = end if newline < 0 else newline
        statement = Statement(text, _statement_tokens(text, bullet.end(), line_end), words)
        value = value_of(statement, claimed=True)
        part = plain_answer(text, value.start, value.end, how) if value else None
        if part is None:
            return None
        parts.append(part)
        start = line_end + 1
    if len(parts) < 2:
        return None
    return Answer(", ".join(part.text for part in parts), (parts[0].span[0], parts[-1].span[1]), how)


def _statement_tokens(text: str, start: int, end: int) -> list[Token]:
    """Tokens from `start` to the end of the sentence or line."""
    tokens: list[Token] = []
    for token in tokens_of(text, start, end):
        if token.kind == kinds.STOP and tokens:
            break
        if token.kind == kinds.NEWLINE:
            if not tokens:
                continue
            if tokens[-1].kind not in _GOING_ON:
                break
        tokens.append(token)
    return tokens


def _claimed_value(statement: Statement) -> Value | None:
    if statement.tokens and _rejected(statement):
        return None
    return value_of(statement, claimed=True)


def _rejected(statement: Statement) -> bool:
    first = statement.pieces[0]
    if statement.pieces[1] in statement.words.number:
        return False  # "one hundred"
    return first in statement.words.rejected and statement.kinds[1] in {
        "",
        kinds.WORD,
        kinds.COMMA,
        kinds.COLON,
    }
