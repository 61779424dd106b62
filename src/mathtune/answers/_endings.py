"""How a response ends that came to no conclusion: a failed program, a question, a loop, half a formula."""

from __future__ import annotations

import functools
import re

from ._code import ends_in_failure
from ._sentences import QUESTION_MARKS, sentences_of
from ._words import in_any_language

__all__ = ["breaks_off", "ends_midway"]

MAX_QUESTION = 600
# Characters in which a repetition shows, of a part so long so many times; of a shorter one, which digits may
# repeat, for so many characters.
MAX_REPETITIONS = 1_600
MIN_PERIOD = 16
MIN_REPETITIONS = 4
MIN_LENGTH = 240
# Fewer of the last characters may come again without a repetition: "is not a solution".
_PROBE = MIN_PERIOD * (MIN_REPETITIONS - 1)
_STOP = re.compile(r"\n|\.(?= )")
_ENDS = tuple(".!?\n)]}$*_")
_MATHEMATICS = re.compile(r"[\d\\$]")
# So many lines of code in so many characters show a program.
MAX_CODE = 300
MIN_CODE_LINES = 3
# What has no right side yet, or the comma of a list that was to go on.
_MIDWAY = re.compile(r"(?:(?<![-=])[+=(^{&<-]|(?:, ?[^\s,]{1,16}){3},)\s*\Z")
# The last sign of either: of any other text, nothing more is looked at.
_MIDWAY_SIGNS = tuple("+=(^{&<-,")
MAX_LIST = 80
# Words that end no sentence.
_OPENING = (" the", " an", " and", " of", " by", " is", " are", " to", " be", " we", " than", " equals")
# Before half a formula, a conclusion stands in so many characters.
CONCLUSION_WINDOW = 300
# A dollar sign that opens a formula rather than is money, or closes one.
_OPENING_DOLLAR = re.compile(r"(?:\A|(?<!\d)[\s(])\$(?!\s*-?[\d.])[^$]*\Z")
_PROSE = re.compile(r"[A-Za-z]{2} +[A-Za-z]{2}")
_EQUATION = re.compile(r"[\\=]")


def breaks_off(text: str) -> bool:
    """Whether a response stops before it concludes anything, so that only what it calls its answer is one."""
    return (
        ends_in_failure(text)
        or _ends_in_code(text)
        or _ends_in_question(text)
        or _ends_in_repetition(text)
        or ends_midway(text)
    )


def _ends_in_code(text: str) -> bool:
    """Whether the last lines are a program's, as a model may write that has lost its way."""
    if ";" not in text[-MAX_CODE:]:
        return False
    lines = [line.strip() for line in text[-MAX_CODE:].split("\n")]
    return sum(line.endswith((";", ") {")) or line == "}" for line in lines) >= MIN_CODE_LINES


def _ends_in_question(text: str) -> bool:
    """Whether the last sentence asks about numbers or formulas, as a problem does, rather than answers."""
    end = len(text.rstrip(" \t\n*_\"')"))
    if not text.endswith(QUESTION_MARKS, 0, end):
        return False
    sentences = sentences_of(text, max(0, end - MAX_QUESTION), end - 1)
    return bool(sentences) and _MATHEMATICS.search(text, *sentences[-1]) is not None


def _ends_in_repetition(text: str) -> bool:
    """Whether the same part comes over and over until the end, where a model never stopped.

    Of whole sentences the last is to break off, and none to conclude: "So x is 5." may be said twice.
    """
    tail = text[-MAX_REPETITIONS:]
    before = tail.rfind(tail[-_PROBE:], 0, len(tail) - 1)
    if before < 0:
        return False
    period = len(tail) - before - _PROBE
    loop = tail[-period:]
    times = MIN_REPETITIONS if period >= MIN_PERIOD else MIN_LENGTH // period
    if not (tail.endswith(loop * times) and any(map(str.isalnum, loop))):
        return False
    concludes = any(map(_opens_conclusion, _STOP.split(loop * 2)))
    return not _STOP.search(loop) or not (concludes or tail.rstrip().endswith(_ENDS))


def _opens_conclusion(sentence: str) -> bool:
    opening = sentence.lstrip(" *_(").lower()
    return opening.startswith(_concluding()) and not opening.startswith("so far")


@functools.cache
def _concluding() -> tuple[str, ...]:
    """What a concluding sentence may begin with, in any language."""
    return tuple(in_any_language("concluding"))


def ends_midway(text: str) -> bool:
    r"""Whether a response breaks off within a formula or list, with no conclusion just before.

    >>> ends_midway(r"We add: \[ 2 + 3 ="), ends_midway("It costs $5.")
    (True, False)
    """
    if _ends_in_display(text):
        return True
    if not (_lacks_right_side(text) or _ends_inline(text) or text.rstrip().endswith(_OPENING)):
        return False
    before = _STOP.split(text[-CONCLUSION_WINDOW:])[:-1]  # "Thus $x = 4$. The degree of $x^2"
    return not any(map(_opens_conclusion, before))


def _lacks_right_side(text: str) -> bool:
    begin = max(0, len(text) - MAX_LIST)
    return text[begin:].rstrip().endswith(_MIDWAY_SIGNS) and _MIDWAY.search(text, begin) is not None


def _ends_in_display(text: str) -> bool:
    part = text[text.rfind("\n\n", 0, len(text.rstrip())) + 1 :]  # no formula has an empty line
    if "\\" in part:
        if "\\begin{" in part and part.count("\\begin{") > part.count("\\end{"):
            return True
        if _is_open(part, "\\[", "\\]"):
            return True
    place = part.rfind("$$") if "$" in part else -1
    if place >= 0 and (part.count("$$") - part.count("\\$$")) % 2:
        return _EQUATION.search(part, place) is not None  # else, it may be money
    return False


def _ends_inline(text: str) -> bool:
    line = text[text.rfind("\n", 0, len(text.rstrip())) + 1 :]
    if "\\" in line and _is_open(line, "\\(", "\\)"):
        return True
    odd = (line.count("$") - line.count("\\$")) % 2
    opening = _OPENING_DOLLAR.search(line, max(0, line.rfind("$") - 1)) if odd else None  # only the last one
    return opening is not None and ("\\" in opening[0] or not _PROSE.search(opening[0]))  # else "$x per box"


def _is_open(part: str, opening: str, closing: str) -> bool:
    """Whether the last formula never closes; a row that breaks before a bracket opens none."""
    place = part.rfind(opening)
    return place >= 0 and part[place - 1 : place] != "\\" and part.find(closing, place) < 0
