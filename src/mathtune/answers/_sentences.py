r"""The end of a response -> its sentences, as spans.

Only marks are looked at: what may end a sentence, and the formulas in which nothing does. The words between
are read later, and only those of the sentences that matter, from the last one backwards.
"""

from __future__ import annotations

import re

from ._tokens import PLAIN_FORMULA, formula_end

__all__ = ["QUESTION_MARKS", "sentences_before", "sentences_of"]

# What ends a sentence that answers nothing.
QUESTION_MARKS = ("?", "\uff1f", "\u061f")

# Each alternative begins with a single character: for these `re` looks first, as it never does for a set.
_MARK = re.compile(
    r"""\n
  | """
    + PLAIN_FORMULA
    + r"""(?=[-,.;:)]|[ ][a-z=])()  # a formula that closes no sentence
  | \$\$? | \\[\[(] | \\begin\{[A-Za-z]+\*?\}  # a formula opens
  | \\[^A-Za-z\n]  # a command that may be a mark: \!
  | <\|\w{2,24}\|>|</?(?!su[bp]>)[A-Za-z]{2,12}(?:\ ?[-+])?>|</s>|\[/?[A-Z]{3,12}\]  # markup
  | !(?=["'\u201d]|\s+(?![-+*/=^<>]))  # 5! = 120 goes on
  | \.(?=[\s*_"'\u201d)\]]|$|\\|\$)
    (?<![AaPp]\.(?=\s?[Mm]\b))(?<![AaPp]\.[Mm]\.)(?<![AaPp]\.\ [Mm]\.)  # 5 p.m. goes on
    (?<!\b[IiEe]\.[EeGg]\.)(?<!\b(?:[Ee]q|Rs|vs)\.)  # as an abbreviation does
  | \?(?=[\s*_"'\u201d)\]]|$|\\|\$)
  | \u3002|\uff0e(?<![A-H]\uff0e)(?!\d)|\uff01|\uff1f|\u0964|\u061f""",
    re.VERBOSE,
)
# The number of a step: "2. Then we divide".
_ENUMERATOR = re.compile(r"\n\s{0,20}\d{1,3}")
_LONGEST_ENUMERATOR = 24
_INSIDE = re.compile(r"[^ \n]")
_STOP = re.compile(r"\n|\.(?= )")
_FORMULAS = ("\\[", "\\(", "\\begin{")
_DISPLAYS = ("\\[", "$$", "\\b")
_PAIRS = (("\\[", "\\]"), ("\\(", "\\)"), ("\\begin{", "\\end{"))
_DELIMITER = re.compile(r"\\(?:[()\[\]]|(?:begin|end)\{)")
_COLONS_AND_COMMAS = frozenset(":\uff1a,;\u3001\uff0c\uff1b\u060c")


def sentences_before(text: str, end: int, window: int, *, widest: bool) -> list[tuple[int, int]]:
    """The sentences that begin in the window before `end`.

    Args:
        text: The response.
        end: Where to look back from.
        window: How many characters to look back.
        widest: No wider window will be asked for: a sentence with a doubtful beginning is better than none.
    """
    return sentences_of(text, _start(text, end - window, end, widest=widest), end)


def _start(text: str, begin: int, end: int, *, widest: bool) -> int:
    """The first line or sentence after `begin` outside of formulas; `end` where none is."""
    if begin <= 0:
        return 0
    without_dollars = end
    for stop in _STOP.finditer(text, begin, end):
        if _is_whole(text, stop.end(), end):
            if text.count("$", stop.end(), end) % 2 == 0:
                return stop.end()
            without_dollars = min(without_dollars, stop.end())
    return without_dollars if widest else end  # an odd dollar may be money


def _is_whole(text: str, begin: int, end: int) -> bool:
    """Whether no formula ends in the part that began before it."""
    if not _DELIMITER.search(text, begin, end):
        return True
    return all(
        text.count(opening, begin, end) == text.count(closing, begin, end) for opening, closing in _PAIRS
    )


def sentences_of(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a part, without the full stops and line breaks that end them."""
    spans: list[tuple[int, int]] = []
    start = position = begin
    while mark := _MARK.search(text, position, end):
        place, position = mark.span()
        if mark.lastindex:
            continue
        sign = text[place]
        cut = place
        if sign in "$\\":
            if sign == "\\" and not text.startswith(_FORMULAS, place):
                continue
            formula = formula_end(text, place, position, end)
            if formula < 0:
                continue
            cut = position = formula
            if not _closes_sentence(text, place, formula):
                continue
        elif sign == "\n" and not _line_ends(text, start, place):
            continue
        if sign != "." or cut - start > _LONGEST_ENUMERATOR or not _ENUMERATOR.fullmatch(text, start, cut):
            spans.append((start, cut))
        start = position
    spans.append((start, end))
    return [(first.start(), last) for start, last in spans if (first := _INSIDE.search(text, start, last))]


def _closes_sentence(text: str, start: int, end: int) -> bool:
    r"""Whether a sentence ends with the formula: by a full stop inside, `$x = 5.$ Hence`, or as a display."""
    following = text[end : end + 4].strip(" \n(")
    if not following[:1].isupper():
        return False
    if text.startswith(_DISPLAYS, start):
        return following[1:2].islower()
    inner = text[start:end].rstrip("$])\\ \n")
    return inner.endswith(".") and not inner.endswith("..")


def _line_ends(text: str, start: int, newline: int) -> bool:
    """Whether a sentence ends with its line: not before a displayed formula, nor within wrapped prose."""
    before = text[start:newline].rstrip(" \t\r\f\v\u00a0\u3000")
    if not before.lstrip():
        return False
    following = text[newline + 1 : newline + 5].lstrip(" \t")
    if before[-1] == "\n" or not following:
        return not following.startswith(_DISPLAYS)
    return not (before[-1] in _COLONS_AND_COMMAS or following.startswith(_DISPLAYS) or following[0].islower())
