"""The answer of a response that never names one: bold, a last display, what the last sentence concludes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._answer import Answer, How
from ._texts import plain_answer
from ._tokens import tokens_of
from ._values import Statement, name_of, predicate_of, value_of
from ._words import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._tokens import Token
    from ._values import Value
    from ._words import Words

__all__ = ["conclusion", "last_number", "whole"]

# A conclusion stands in the last lines: characters looked at first, and where they hold none.
WINDOWS = (300, 1_200)
MAX_SENTENCES = 20
# Of a longer sentence, which is no prose, only the end is read.
MAX_TOKENS = 120
# Where the last number of all is looked for: first near the end.
NUMBER_WINDOWS = (200, 16_384)
_NUMBER = re.compile(r"-?\d{1,100}(?:,\d{3}){0,20}(?:\.\d{1,100})?")
_STOP = re.compile(r"\n|\.(?= )")
_TELLING = frozenset({kinds.NUMBER, kinds.COMMAND, *kinds.FORMULAS})
_NUMERIC = re.compile(r"[\d=<>]")
MAX_WHOLE = 100
MAX_WHOLE_WORDS = 5
_CODE = (("[asy]", "[/asy]"), ("```python", "```"), ("<<", ">>"))


def conclusion(text: str) -> Answer | None:
    """The value that the last sentences conclude."""
    text = _without_code(text)
    end = _before_unclosed(text, len(text.rstrip()))
    words = words_of(text[max(0, end - WINDOWS[1]) : end])
    for window in WINDOWS:
        sentences = _sentences(text, _start(text, end - window, end), end)
        answer = _concluded(text, sentences[-MAX_SENTENCES:], words)
        if answer is not None:
            return answer
    return None


def _before_unclosed(text: str, end: int) -> int:
    """Where a formula begins that a cut-off response leaves open; the end where there is none."""
    dollar = text.rfind("$", max(0, end - WINDOWS[0]), end)
    if dollar < 0 or text.count("$", 0, end) % 2 == 0:
        return end
    before = text[max(0, dollar - 9) : dollar].rstrip()
    money = text[dollar + 1 : dollar + 2].isdigit() or before[-1:].isdigit()
    return end if money else dollar


def _start(text: str, begin: int, end: int) -> int:
    """The first line or sentence after `begin` outside of formulas; `end` where none is."""
    if begin <= 0:
        return 0
    last_window = end - begin >= WINDOWS[-1]
    without_dollars = end
    for stop in _STOP.finditer(text, begin, end):
        if _is_whole(text, stop.end(), end):
            if text.count("$", stop.end(), end) % 2 == 0:
                return stop.end()
            without_dollars = min(without_dollars, stop.end())
    return without_dollars if last_window else end  # an odd dollar may be money


def _is_whole(text: str, begin: int, end: int) -> bool:
    """Whether no formula ends in the part that began before it."""
    pairs = (("\\[", "\\]"), ("\\(", "\\)"), ("\\begin{", "\\end{"))
    return all(
        text.count(opening, begin, end) == text.count(closing, begin, end) for opening, closing in pairs
    )


def _concluded(text: str, sentences: list[list[Token]], words: Words) -> Answer | None:
    """The value of the last sentence that has one, unless it only holds it and one before concludes."""
    held: Answer | None = None
    is_last = True
    for tokens in reversed(sentences):
        statement = Statement(text, tokens[-MAX_TOKENS:], words)
        if _is_afterthought(statement):
            continue
        if is_last and not _tells(tokens):
            predicate = _predicate(statement, alone=not any(map(_tells, sentences)))
            if predicate is not None:
                return predicate
        is_last = False
        answer = _answer(statement) if _tells(tokens) else None
        if answer is None or (held and not (answer.how is How.DISPLAY or _concludes(statement))):
            continue
        if answer.how is not How.LAST_NUMBER:
            return answer
        held = held or answer
    return held


def _predicate(statement: Statement, *, alone: bool) -> Answer | None:
    """The words that a sentence without mathematics concludes: "Therefore, the function is even"."""
    concludes = _concludes(statement)
    span = predicate_of(statement) if alone or concludes else None
    if span is None and concludes:
        span = name_of(statement)
    return plain_answer(statement.text, *span, How.CONCLUSION) if span else None


def _concludes(statement: Statement) -> bool:
    opening = " ".join(statement.word(index) for index in range(3))
    return opening.startswith(statement.words.conclusion)


def _without_code(text: str) -> str:
    """Blank drawings and programs in the last part, keeping the length."""
    begin = max(0, len(text) - 10 * WINDOWS[-1])
    part = text[begin:]
    for opening, closing in _CODE:
        start = part.find(opening)
        while start >= 0 and (end := part.find(closing, start + len(opening))) >= 0:
            end += len(closing)
            part = part[:start] + " " * (end - start) + part[end:]
            start = part.find(opening, end)
    return text[:begin] + part


def last_number(text: str) -> Answer | None:
    """The last number of all, where even the last lines tell nothing."""
    for window in NUMBER_WINDOWS:
        numbers = list(_NUMBER.finditer(text, max(0, len(text) - window)))
        if numbers:
            return Answer(numbers[-1][0], numbers[-1].span(), How.LAST_NUMBER)
    return None


def whole(text: str) -> Answer | None:
    """A short response that is nothing but an answer."""
    stripped = text.strip()
    if (
        not stripped
        or len(stripped) > MAX_WHOLE
        or "\n" in stripped
        or len(stripped.split()) > MAX_WHOLE_WORDS
    ):
        return None
    return plain_answer(text, 0, len(text), How.WHOLE)


def _sentences(text: str, begin: int, end: int) -> list[list[Token]]:
    """The sentences of a part, each as its tokens."""
    sentences: list[list[Token]] = []
    current: list[Token] = []
    for token in tokens_of(text, begin, end):
        ends = token.kind == kinds.STOP or (token.kind == kinds.NEWLINE and _line_ends(text, token, current))
        if not ends and (token.kind != kinds.NEWLINE or current):
            current.append(token)
        if ends or (token.kind in kinds.FORMULAS and _closes_sentence(text, token)):
            sentences.append(current)
            current = []
    return [sentence for sentence in [*sentences, current] if sentence]


def _closes_sentence(text: str, formula: Token) -> bool:
    r"""Whether the full stop stands inside of the formula: `$x = 5.$ Hence`."""
    inner = text[formula.start : formula.end].rstrip("$])\\ \n")
    return (
        inner.endswith(".")
        and not inner.endswith("..")
        and text[formula.end : formula.end + 3].strip(" \n")[:1].isupper()
    )


def _line_ends(text: str, newline: Token, current: list[Token]) -> bool:
    """Whether a sentence ends with its line: not before a displayed formula, nor within wrapped prose."""
    if not current:
        return False
    last = current[-1].kind
    following = text[newline.end : newline.end + 4].lstrip(" \t")
    if last == kinds.NEWLINE or not following:
        return not following.startswith(("\\[", "$$", "\\b"))
    return not (
        last in {kinds.COLON, kinds.COMMA}
        or following.startswith(("\\[", "$$", "\\b"))
        or following[0].islower()
    )


def _tells(tokens: Sequence[Token]) -> bool:
    return any(token.kind in _TELLING for token in tokens)


def _is_afterthought(statement: Statement) -> bool:
    """Whether a sentence only explains or bids farewell, without an own "so"."""
    first = 1 if statement.kind(0) in {kinds.OPEN, kinds.BOLD} else 0
    opening = " ".join(statement.word(index) for index in range(first, first + 3))
    if not opening.startswith(statement.words.afterthought):
        return False
    return not any(
        statement.word(index) in statement.words.therefore for index in range(3, len(statement.tokens))
    )


def _answer(statement: Statement) -> Answer | None:
    bold = _bold_value(statement)
    if bold:
        return plain_answer(statement.text, bold.start, bold.end, How.BOLD)
    last = statement.tokens[-1]
    if last.kind == kinds.DISPLAY or (
        last.kind == kinds.NEWLINE and statement.tokens[-2].kind == kinds.DISPLAY
    ):
        display = next(token for token in reversed(statement.tokens) if token.kind == kinds.DISPLAY)
        return plain_answer(statement.text, display.start, display.end, How.DISPLAY)
    quality = _quality(statement)
    if quality:
        return plain_answer(statement.text, *quality, How.CONCLUSION)
    value = value_of(statement, claimed=False)
    if value is None:
        return None
    how = How.CONCLUSION if value.stated or _concludes(statement) else How.LAST_NUMBER
    return plain_answer(statement.text, value.start, value.end, how)


def _quality(statement: Statement) -> tuple[int, int] | None:
    """The words of "Therefore, $f(x)$ is even", where nothing is a number."""
    if not _concludes(statement) or statement.tokens[-1].kind != kinds.WORD:
        return None
    formulas = [token for token in statement.tokens if token.kind != kinds.WORD]
    if any(_NUMERIC.search(statement.text, token.start, token.end) for token in formulas):
        return None
    return predicate_of(statement)


def _bold_value(statement: Statement) -> Value | None:
    """The last bold passage that holds mathematics and is no heading."""
    marks = [index for index, token in enumerate(statement.tokens) if token.kind == kinds.BOLD]
    for opening, closing in reversed(list(zip(marks[::2], marks[1::2], strict=False))):
        if (
            statement.kind(opening - 2) == kinds.BOLD
            and statement.word(opening - 1) in statement.words.conjunction
        ):
            return None  # two bold values are one list, of which the last is not the answer
        inside = Statement(statement.text, statement.tokens[opening + 1 : closing], statement.words)
        if (
            _tells(inside.tokens)
            and inside.tokens[-1].kind != kinds.COLON
            and statement.kind(closing + 1) != kinds.COLON
        ):
            return value_of(inside, claimed=True)
    return None
