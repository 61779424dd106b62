"""The answer of a response that never names one: bold, a last display, what the last sentence concludes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._answer import Answer, How
from ._code import PROGRAMS, blanked
from ._parts import parts
from ._refuted import is_label, is_withdrawn
from ._sentences import QUESTION_MARKS, sentences_before, sentences_of
from ._stated import answer_of, concludes, said_of, tells
from ._statement import Statement
from ._texts import plain_answer
from ._tokens import tokens_of
from ._words import in_any_language, nouns, words_of

if TYPE_CHECKING:
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
# An amount or an option alone on the first line, and the heading of its explanation below.
_FIRST_LINE = re.compile(
    r"[\s*_]{0,8}([$-]{0,2}\d[\d,]{0,30}(?:[./]\d{1,30})?\$?%?(?:\ [A-Za-z]{1,20}){0,2}"
    r"|\(?[A-H]\)?(?=\.?[*\n]))\.?[*_ ]{0,4}\n"
    r"\s{0,8}[*_#]{0,4} ?(?:Explanation|Reason(?:ing)?|Rationale|Justification|Solution|Working)\b"
    r"[*_ ]{0,4}(?::|\n)"
)
# What may stand before the first word of a sentence, and characters of it that are looked at.
MAX_MARKS = 3
MAX_OPENING = 40
# Words among which a sentence calls itself an aside: "Their product, incidentally, is 4".
MAX_ASIDE = 6
_MARKS = frozenset({kinds.OPEN, kinds.BOLD, kinds.OTHER})
# Openings of sentences that state something, as a conclusion does.
_SUBJECTS = ("the ", "there ", "it ", "he ", "she ", "they ", "each ")
_DISPLAY_ENDS = ("\\]", "$$", "}")
# The letter of an option at the end of a response, and characters that it takes with its signs.
_LETTER = re.compile(r"[\s\u3400-\u9fff]\*{0,2}\(?([A-H])\)?[.!\u3002]?\*{0,2}[.!\u3002]?\Z")
MAX_LETTER = 12
# The one option that a last clause calls right in Chinese, and signs of others before it.
_RIGHT = ("\u6b63\u786e", "\u7b26\u5408")
_RIGHT_OPTION = re.compile(
    r"(?:\u9009\u9879\s?)?(?<![A-Za-z])\(?([A-H])\)?\s?(?:\u9009\u9879|\u9879)?\s?\u662f?"
    r"(?:\u6b63\u786e|\u7b26\u5408\u9898\u610f)\u7684?(?:\u9009\u9879|\u7b54\u6848)?[.\u3002]?\Z"
)
_JOINED = ("\u3001", "\u548c", "\u6216", "\u53ca", "\u4e0e")
# A remark in brackets: how it ends and begins, and characters of it that are looked at.
_REMARK_ENDS = (")", ").")
_REMARK = re.compile(
    r"(?<=[.!?$})\]\s]\s)\([A-Z][a-z]* [a-z$\\](?=.*[.][$]?\))"
    r"|(?<=[.!?]\s)\([^()\n]{1,80}? [a-z]{2,}(?: [a-z$\\]|\.)",
    re.DOTALL,
)
MAX_REMARK = 1_000
# Where something is largest, behind how large: the Chinese "then x = 3", "equal if and only if a = b".
_UNSPACED_STOPS = ("\u3002", "\uff0e", "\u7acb", "\u53f7", "\uff09")
_PLACE = re.compile(
    r"[\uff0c,(\uff08]\s?(?:\u6b64\u65f6|\u5f53\u4e14\u4ec5\u5f53|\u5f53(?=[$\\A-Za-z]))"
    # and no other value behind it: "is", "in all", "greatest value 5"
    r"(?![^\u3002\n]*(?:[\u4e3a\u662f\u5171]|\u6700[\u5927\u5c0f]\u503c\W{0,3}[\d$]))[^\u3002\n]*[\u3002\uff0e]?\Z"
)
MAX_PLACE = 120
# The last number of all stands near the end, and is no longer than this.
NUMBER_WINDOW = 16_384
MAX_NUMBER = 300
_DIGITS = "0123456789"
_OF_NUMBERS = _DIGITS + "-,."
# Marks that are no answer by themselves.
_PUNCTUATION = "*_#~`!?.,:;'\"- \t\n"
# What follows a dollar sign that is money: "$.50", and "$<<2+3=5>>5" with its note blanked.
_AMOUNT = re.compile(r"\s*\.?\d")
_NUMBER = re.compile(r"(?<!\bnot )-?\d{1,100}(?:,\d{3}){0,20}(?:\.\d{1,100})?")
_WORD = re.compile(r"[a-z]+")
# Words by which a sentence says what is not the case, before its number.
_DENIAL = re.compile(
    r"(?:\bnot|n['\u2019]t|\bcannot|\bnever|\bwrong|\bno longer|\bdoubt|\b(?:any|every)thing (?:but|except)"
    r"|\bfor (?:instance|example))\b[^.;:!?\n=]*\Z",
    re.IGNORECASE,
)
_DENIED = re.compile(r"[$)\\]{0,3} (?:is|are|was|were|can|does|do|would)(?: ?not|n['\u2019]t)\b")
MAX_DENIAL = 60
# What a check says that did not come out.
_FAILS = re.compile(
    r"\bbut (?:it|this|that|we) (?:should|needs?|must|is not)\b"
    r"|\b(?:(?:does|is) not|(?:does|is)n['\u2019]t) (?:match|equal|work|hold|correct|right)\b"
    r"|[\u2717\u2718\u274c]"
)
_MATHEMATICS = re.compile(r"[\d\\$]")
MAX_WHOLE = 100
# No sign of a claim, a program or a unit written onto its number, and something that is no word.
_BARE = re.compile(
    r"""\s*(?!\*\*)(?=\S*[\d\\])(?:
    [^\s\\:;#$`"'<>?%\u0080-\U0010ffffA-Za-z]  # a digit or sign
  | \\(?:(?!boxed|fbox)[A-Za-z]+(?![A-Za-z])|[^\sA-Za-z()[\]])  # a command
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
    end = _before_unclosed(text, _before_remark(text, len(text.rstrip())))
    if text[end - 1 : end] in _UNSPACED_STOPS and (
        place := _PLACE.search(text, max(0, end - MAX_PLACE), end)
    ):
        end = place.start()
    begin = max(0, end - WINDOWS[1])
    words = words_of(text[begin:end])
    lettered = parts(text, begin, end, words)
    if lettered is not None:
        return lettered
    verdict = _verdict(text, end, words) or _choice(text, end, words)
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
    """The "yes" or amount with which a response begins that goes on to give reasons, concluding nothing."""
    head, ends = _FIRST_LINE.match(text, 0, end), words.concluding
    if head is None:
        ends = words.conclusion
        head = _HEAD.match(text, 0, end) if end <= MAX_REASONS else None
        if head is None or head[1].lower() not in words.verdict or head[2].lower() in words.speaker:
            return None
    begin = max(head.end(1) + 1, end - WINDOWS[1])
    openings = (_opening(text, start) for start, _ in sentences_of(text, begin, end))
    return (
        None
        if any(opening.startswith(ends) for opening in openings)
        else Answer(head[1], head.span(1), How.CONCLUSION)
    )


def _choice(text: str, end: int, words: Words) -> Answer | None:
    """The letter of an option that a last sentence only names: "Hence, B.", "I'd go with option (C)"."""
    if any(word in text[max(0, end - MAX_LETTER) : end] for word in _RIGHT):
        right = _RIGHT_OPTION.search(text, max(0, end - 2 * MAX_LETTER), end)
        several = right is not None and text.endswith(_JOINED, 0, right.start())
        return Answer(right[1], right.span(1), How.CONCLUSION) if right and not several else None
    letter = _LETTER.search(text, max(0, end - MAX_LETTER), end)
    if letter is None:
        return None
    start = sentences_of(text, max(0, end - MAX_OPENING), end)[-1][0]
    opening = text[start : letter.start()].strip(" \n*").lower()
    chosen = opening.removesuffix(" option").removesuffix(" choice").rstrip(",:")
    if chosen not in words.conclusion + words.choosing and chosen not in words.therefore:
        return None
    return Answer(letter[1], letter.span(1), How.CONCLUSION)


def _before_unclosed(text: str, end: int) -> int:
    """Where a formula begins that a cut-off response leaves open; the end where there is none."""
    dollar = text.rfind("$", max(0, end - WINDOWS[0]), end)
    if dollar < 0 or text.count("$", 0, end) % 2 == 0:
        return end
    before = text[max(0, dollar - 9) : dollar].rstrip()
    money = _AMOUNT.match(text, dollar + 1, end) is not None or before[-1:].isdecimal()
    return end if money else dollar


def _before_remark(text: str, end: int) -> int:
    """Where a last remark in brackets begins that has sentences of its own: "(This also holds for 3.)"."""
    if not text.endswith(_REMARK_ENDS, 0, end):
        return end
    position, begin = text.rfind(")", 0, end), max(0, end - MAX_REMARK)
    depth = 1
    while depth and position > begin:
        opening, closing = text.rfind("(", begin, position), text.rfind(")", begin, position)
        position = max(opening, closing)
        depth += 1 if closing > opening else -1
    remark = depth == 0 and _REMARK.match(text, position) is not None
    return len(text[:position].rstrip()) if remark and text[:position].rstrip() else end


def _concluded(text: str, sentences: list[tuple[int, int]], words: Words) -> Answer | None:
    """The value of the last sentence that has one, unless it only holds it and one before concludes."""
    held: Answer | None = None
    aside: Statement | None = None
    is_last = True
    for index in range(len(sentences) - 1, -1, -1):
        start, end = sentences[index]
        may_matter = (
            _may_overrule(held, text, start, end, words) if held else is_last or _may_tell(text, start, end)
        )
        if not may_matter or text.startswith(QUESTION_MARKS, end):
            continue
        tokens = list(tokens_of(text, _readable(text, start, end), end))
        statement = Statement(text, tokens[-MAX_TOKENS:], words)
        preceding = sentences[index - 1][0] if index else start
        if _is_afterthought(statement) or _is_remark(statement, preceding):
            aside = aside or statement
            continue
        telling = tells(statement)
        if is_last and not telling:
            alone = not _MATHEMATICS.search(text, sentences[0][0], end)
            predicate = said_of(statement, alone=alone)
            if predicate is not None:
                return predicate
        is_last = False
        answer = answer_of(statement) if telling else None
        if answer is None:
            continue
        if held and not (answer.how is How.DISPLAY or concludes(statement)):
            if answer.how is not How.LAST_NUMBER and f"= {answer.text}".endswith(f"= {held.text}"):
                return held  # what the last sentence holds was the result before it
            continue
        if answer.how is not How.LAST_NUMBER:
            return answer
        held = held or answer
    return held or (answer_of(aside) if aside and tells(aside) else None)


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


def last_number(text: str) -> Answer | None:
    """The last number of all, where even the last lines tell nothing."""
    last = max(map(text.rfind, _DIGITS))  # ten times as fast as a pattern from the front
    if last < len(text) - NUMBER_WINDOW:
        return None
    begin = len(text[: last + 1].rstrip(_OF_NUMBERS))  # of the last one, before which nothing need be read
    end = last + 1 if text.isascii() else len(text)  # digits of other scripts may stand behind
    numbers = list(_NUMBER.finditer(text, max(begin, last - MAX_NUMBER), end))
    if not numbers:
        return None
    start, end = numbers[-1].span()
    denied = _DENIAL.search(text, max(0, start - MAX_DENIAL), start)
    denied = denied or _DENIED.match(text, end)
    asked = text.startswith(QUESTION_MARKS, end)
    if denied or asked or is_label(text, start) or is_withdrawn(text, end):
        return None
    return Answer(text[start:end], (start, end), How.LAST_NUMBER)


def bare(text: str) -> Answer | None:
    r"""A response without a space that is a formula or a number, whole: `44`, `x=\frac{1}{2}`."""
    stripped = text if len(text) <= MAX_WHOLE else text.strip()
    if len(stripped) > MAX_WHOLE:
        return None
    return plain_answer(text, 0, len(text), How.CONCLUSION) if _BARE.fullmatch(stripped) else None


def whole(text: str) -> Answer | None:
    """A short response that is nothing but an answer; a sentence in which somebody speaks is none."""
    stripped = text.strip()
    if not stripped.strip(_PUNCTUATION) or len(stripped) > MAX_WHOLE or "\n" in stripped:
        return None
    words = re.findall(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?", stripped.lower().replace("\u2019", "'"))
    if len(stripped.split()) > MAX_WHOLE_WORDS or _speaks(words) or _refutes(words):
        return None
    return plain_answer(text, 0, len(text), How.WHOLE)


def _refutes(words: list[str]) -> bool:
    """Whether an answer is called wrong: "12 is wrong"; the word alone may be one."""
    return len(words) > 1 and not {"wrong", "incorrect"}.isdisjoint(words)


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
    while first < MAX_MARKS and (
        statement.kinds[first] in _MARKS
        or pieces[first] in {"*", "_", "just"}
        or pieces[first] in words.conjunction
    ):
        first += 1
    aside = statement.kinds[0] == kinds.OPEN and statement.kinds[1] == kinds.WORD
    aside = aside or "incidentally" in pieces[:MAX_ASIDE] or "let me know" in " ".join(pieces[:MAX_ASIDE])
    if not aside and not statement.opening(first).startswith(words.afterthought):
        return False
    return aside or (words.therefore.isdisjoint(pieces[3:]) and words.exclusive.isdisjoint(pieces[1:]))


def _is_remark(statement: Statement, preceding: int) -> bool:
    """Whether a sentence only compares a conclusion, or supposes something else.

    Args:
        statement: The sentence.
        preceding: Where the sentence before it begins, which is to conclude or to state something.
    """
    words, pieces, seen = statement.words, statement.pieces, statement.seen
    linked = pieces[0] == "that's"
    if linked or (pieces[0] in words.demonstrative and pieces[1] in words.copula):
        remarks = not words.comparison.isdisjoint(seen) or pieces[2 - linked] in words.approximately
    else:
        remarks = pieces[0] in words.condition and not words.hypothetical.isdisjoint(seen)
    if not remarks or "=" in seen or not words.therefore.isdisjoint(seen):
        return False
    return _opening(statement.text, preceding).startswith((*words.concluding, *_SUBJECTS))


def _without_check(text: str, sentences: list[tuple[int, int]], words: Words) -> list[tuple[int, int]]:
    """The sentences before a check of the answer that goes to the end and concludes nothing itself."""
    for index, (start, _) in enumerate(sentences):
        opening = _opening(text, start)
        heading = opening.lstrip("# ") if opening.startswith("##") else opening  # one mark may be a program's
        if heading.startswith(words.check):
            if _FAILS.search(text, start, sentences[-1][1]):
                return sentences
            later = (_opening(text, begin) for begin, _ in sentences[index + 1 :])
            return sentences if any(one.startswith(words.concluding) for one in later) else sentences[:index]
    return sentences


def _opening(text: str, start: int) -> str:
    return text[start : start + MAX_OPENING].removeprefix("\\textbf{").lstrip(" *_(").lower()
