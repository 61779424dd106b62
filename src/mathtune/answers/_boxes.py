r"""Boxes: `\boxed{...}`, `\fbox{...}`, `\boxed 5`, also where JSON has doubled the backslash or eaten it.

Found by plain searches from the end of the text, so that the length of a response costs next to nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ._escapes import undo_escapes

__all__ = ["Box", "find_boxes", "has_empty_box", "last_boxed", "unboxed", "without_empty_boxes"]

# A guesser may write a million boxes; an honest solution with parts has a few.
MAX_BOXES = 64
# The word "box" may stand in prose, too; after this many that are no command, the search ends.
MAX_MENTIONS = 1_000
# Longer than any answer; bounds the search for the closing brace of a box that has none.
MAX_BOX_LENGTH = 20_000
# All searches for closing braces together may look at this many braces.
MAX_BRACES = 100_000

_NAMES = ("boxed", "\x08oxed")
_BRACE = re.compile(r"[{}]")
# The usual box, whole: with braces in braces in it, none of them escaped.
_FLAT = r"[^{}\\]*(?:\\[^{}][^{}\\]*)*"
_HOLDING_FLAT = _FLAT.replace(r"\\[^{}]", r"(?:\\[^{}]|\{" + _FLAT + r"\})")
_USUAL = re.compile(
    r"(?<!\\)\\boxed\{(" + _FLAT.replace(r"\\[^{}]", r"(?:\\[^{}]|\{" + _HOLDING_FLAT + r"\})") + r")\}"
)
_GAP = re.compile(r"[ \t]{0,8}\n?[ \t]{0,8}")
# `\boxed 5$` without braces: a value, up to the end of its formula, clause or line.
_BARE_START = re.compile(r"[-+]?[\d.(\\]|[A-Za-z](?![A-Za-z])")
_BARE_END = re.compile(r"\$|\\[)\]]|\\end\b|\\\\|[\n,;]|\.(?!\d)|\s[A-Za-z]{2}")
_MINUS = frozenset("-\u2212")
_PERCENT = re.compile(r"\s{0,2}\\?%")
_EMPTY = re.compile(r"\$?\\(?:boxed|fbox)[ \t]{0,8}\{\s{0,20}\}\$?")
_INNER_BOX = re.compile(r"\\(?:boxed|fbox)\s{0,8}(?=\{)")


class Box(NamedTuple):
    """A box: the span of the whole command, its content, and the span of that."""

    start: int
    end: int
    text: str
    inner: tuple[int, int]


def unboxed(text: str) -> str:
    r"""A text with the contents of its boxes in their place.

    >>> unboxed(r"$a=\boxed{2}$, \boxed{3} boys")
    '$a=2$, 3 boys'
    """
    parts, last = [], 0
    for box in find_boxes(text):
        if box.start >= last:
            parts += [text[last : box.start], box.text]
            last = box.end
    return "".join([*parts, text[last:]])


def last_boxed(text: str) -> str | None:
    r"""The content of the last balanced box of a solution, as MATH's solutions give their answer.

    >>> last_boxed(r"Thus $x = \boxed{\frac{1}{2}}$.")
    '\\frac{1}{2}'
    >>> last_boxed("No box") is None
    True
    """
    boxes = find_boxes(text)
    return boxes[-1].text if boxes else None


def find_boxes(text: str) -> list[Box]:
    """The last outermost boxes that hold something, at most `MAX_BOXES`, in the order of the text."""
    boxes: list[Box] = []
    make = tuple.__new__  # half the cost of a named tuple's own constructor
    left, braces = MAX_BOXES, MAX_BRACES
    inner: tuple[int, int] | None
    for place in _mentions(text):
        usual = _USUAL.match(text, place - 1, place + MAX_BOX_LENGTH)
        if usual is not None:
            (start, end), inner = usual.regs
            unit = 1
        else:
            start, end, inner, unit, seen = _unusual(text, place, braces)
            braces -= seen
            if inner is None:
                continue
        while boxes and boxes[-1].start < end:  # an outer box swallows what it holds
            boxes.pop()
        content = text[inner[0] : inner[1]]
        if not content.isalnum():  # most answers are a number or a letter
            if content[:1].isspace() or content[-1:].isspace():
                inner = _stripped(text, *inner)
            content = _cleaned(content, doubled=unit == 2)
        if not content:
            continue
        if text[start - 1 : start] in _MINUS or "%" in text[end : end + 4]:
            content = _with_signs(text, start, end, content)
        boxes.append(make(Box, (start, end, content, inner)))
        left -= 1
        if not left:
            break
    boxes.reverse()
    return boxes


def has_empty_box(text: str) -> bool:
    """Whether a box command stands in the text, be it empty or unclosed."""
    return "ox" in text and any(_opener(text, place) for place in _mentions(text))


def without_empty_boxes(text: str) -> str:
    """The text with its empty boxes overwritten by spaces."""
    return _EMPTY.sub(lambda box: " " * len(box[0]), text)


def _mentions(text: str) -> list[int]:
    """Where the last names of boxes have their "box" or what JSON left of it, last first."""
    sign, offset = ("ox", -1) if "\x08" in text else ("box", 0)
    places: list[int] = []
    place = text.rfind(sign)
    while place >= 0 and len(places) < MAX_MENTIONS:
        places.append(place + offset)
        place = text.rfind(sign, 0, place)
    return places


def _unusual(text: str, place: int, budget: int) -> tuple[int, int, tuple[int, int] | None, int, int]:
    """Give (start of a box, its end, span of its content or None, backslashes that are one, braces seen)."""
    opener = _opener(text, place)
    if opener is None:
        return place, place, None, 1, 0
    start, after, unit = opener
    read = _balanced if text.startswith("{", after) else _content
    inner, end, seen = read(text, after, unit, budget)
    return start, end, inner, unit, seen


def _opener(text: str, place: int) -> tuple[int, int, int] | None:
    """(start, end of its name, backslashes that count as one) of the command that has its "box" at a place.

    None where that belongs to a word, or another command.
    """
    framed = text.startswith(r"\fbox", max(0, place - 2))
    if not framed and not text.startswith(_NAMES, place):
        return None
    name, after = (place - 2, place + 3) if framed else (place, place + 5)
    start = name
    while start and text[start - 1] == "\\" and name - start < 8:
        start -= 1
    following = text[after : after + 1]
    if following.isalpha():
        return None
    if start == name and text[name] == "b" and (following != "{" or text[name - 1 : name].isalpha()):
        return None  # the word in prose; `boxed{5}` is a box that lost its backslash
    backslashes = name - start + framed or 1
    return start, after, 1 if backslashes % 2 else 2


def _content(text: str, after: int, unit: int, budget: int) -> tuple[tuple[int, int] | None, int, int]:
    """Give (span of the content or None, end of the box, braces looked at)."""
    gap = _GAP.match(text, after)
    begin = gap.end() if gap else after
    if text.startswith("{", begin):
        return _balanced(text, begin, unit, budget)
    if text[begin : begin + 2] == r"\{" and unit == 2:
        begin += 1  # Markdown's escaping of everything: \\boxed\{5\}
    if begin == after and text[begin : begin + 1] not in "0123456789\\":
        return None, begin, 0
    if not _BARE_START.match(text, begin):
        return None, begin, 0
    stop = _BARE_END.search(text, begin + 1, begin + 200)
    end = stop.start() if stop else min(len(text), begin + 200)
    return (begin, end), end, 0


def _balanced(text: str, begin: int, unit: int, budget: int) -> tuple[tuple[int, int] | None, int, int]:
    r"""Find the brace that closes the one at `begin`; `\{` is no brace, `unit` backslashes count as one."""
    close = text.find("}", begin, begin + MAX_BOX_LENGTH)
    if close < 0:
        return None, begin, 0
    if text.find("{", begin + 1, close) < 0 and text[close - 1] != "\\":
        return (begin + 1, close), close + 1, 2
    depth = seen = 0
    for match in _BRACE.finditer(text, begin, begin + MAX_BOX_LENGTH):
        seen += 1
        if seen > budget:
            break
        place = match.start()
        if text[place - 1] == "\\" and _is_escaped(text, place, unit):
            continue
        if text[place] == "{":
            depth += 1
            continue
        depth -= 1
        if depth == 0:
            return (begin + 1, place), place + 1, seen
    return None, begin, seen


def _is_escaped(text: str, place: int, unit: int) -> bool:
    run = place
    while text[run - 1] == "\\" and place - run < 8:
        run -= 1
    return (place - run) // unit % 2 == 1


def _cleaned(content: str, *, doubled: bool) -> str:
    content = undo_escapes(content, doubled=doubled).strip()
    if "box" in content:
        content = _INNER_BOX.sub("", content)
        if content.startswith("{") and _balanced(content, 0, 1, MAX_BRACES)[1] == len(content):
            content = content[1:-1]
    for delimiter in ("$$", "$") if "$" in content else ():
        inside = content[len(delimiter) : -len(delimiter)]
        if content.startswith(delimiter) and content.endswith(delimiter) and inside and "$" not in inside:
            content = inside
    return content.strip()


def _with_signs(text: str, start: int, end: int, content: str) -> str:
    r"""The content with a minus that stands before the box, and a percent sign behind it."""
    if text[start - 1 : start] in _MINUS and _is_sign(text, start):
        content = f"-{content}" if content.replace(".", "").isalnum() else f"-({content})"
    if _PERCENT.match(text, end) and not content.endswith("%"):
        content = rf"{content}\%"
    return content


def _is_sign(text: str, start: int) -> bool:
    r"""Whether the minus before the box is no operation: `x = -\boxed{5}`, not `7 -\boxed{5}`."""
    before = text[max(0, start - 20) : start - 1].rstrip()
    return not before or before[-1] in "=$([{&:"


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
