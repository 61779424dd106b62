r"""Several boxes that together are one list: "$\boxed{1}$ and $\boxed{2}$".

Boxes that only a comma or an "and" joins are one answer. So are candidates that only an "or" joins, or that
stand three or more in a row: guessing earns nothing, because a list of guesses is not the gold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._answer import Answer, How
from ._boxes import find_boxes
from ._thinking import mask_thinking
from ._words import in_any_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._boxes import Box

__all__ = ["all_boxed", "box_list"]

# Longer than any "for part (a), and"; what is longer is an argument.
MAX_CONNECTOR = 120
# Words beside the "and": "papers and", "for part (a) and".
MAX_OTHER_WORDS = 4
# So many boxes in a row without a word between them are a list, or guesses; of two, one may be a result.
MIN_BARE_LIST = 3

_DELIMITER = re.compile(
    r"\$+|\\[()\[\]]|\\q?quad\b|\\(?:text|mbox|textrm|mathrm)\s?\{|\\[ ,;!:\\]|[{}&*_#|~]"
    r"|\b\d{1,2}[.)]\s|\n\s{0,8}-\s"
)
_LABEL = re.compile(r"[^\s=]{1,16}\s?(?:=|:|\\in\b|\\to\b)\s{0,4}$")
# What goes on from earlier boxes: "then the other roots are".
_CONDITION = re.compile(
    r"[$.)\\]{0,3},? (?:\\text\{ ?)?(?:if|when|unless|otherwise|depending)\b"
    r"|[$.;,)\\]{0,3}\s(?:and |but )?(?:[Ii]f|[Ww]hen|[Oo]therwise)\b[^.;\n]{1,80}?"
    r"\banswer (?:is|would be) [$\\(]{0,3}\Z"
)
_OTHERS = re.compile(r"\b(?:other|remaining)\b(?! (?:hand|side|words|than)\b)[^.\n]*\Z")
_NAME = re.compile(r"(?<![A-Za-z\\])([A-Za-z])\s?=\s?\Z")
MAX_NAME = 8
_COMMAS = ",;\u3001\uff0c\uff1b"
_BOXED = How.BOXED  # a member of an enumeration takes ten times as long to look up


def all_boxed(response: str) -> Answer | None:
    r"""All boxes of a response as one list, where there are several with different contents.

    For a gold answer of as many parts: a solution may box its parts one by one, with prose between them.

    >>> all_boxed(r"First $x = \boxed{1}$. Later we see that $\boxed{2}$ fits, too.").text
    '1, 2'
    >>> all_boxed(r"It is \boxed{1}, so \boxed{1}.") is None
    True
    """
    if response.count("ox") < 2:  # no two boxes, however escaped: most responses
        return None
    text, begin = mask_thinking(response)
    boxes = [] if begin is None else find_boxes(text)
    answer = _joined(boxes) if boxes else None
    return answer if answer and len(_distinct(boxes)) > 1 else None


def box_list(text: str, boxes: list[Box]) -> Answer:
    """The last box, with those before it that belong to the same list."""
    if len(boxes) == 1:
        return Answer(boxes[0].text, boxes[0].inner, _BOXED)
    group = _linked(text, boxes, _is_conjunction)
    bare = _linked(text, boxes, _is_bare)
    if len(_distinct(bare)) >= MIN_BARE_LIST and len(bare) > len(group):
        group = bare
    if 1 < len(group) < len(boxes):
        group = _with_earlier(text, boxes, group)
    return _joined(group)


def _with_earlier(text: str, boxes: list[Box], group: list[Box]) -> list[Box]:
    """A last list with the boxes that it goes on from: "the other roots are", or `x =` before all."""
    if _OTHERS.search(text, max(0, group[0].start - MAX_CONNECTOR), group[0].start):
        return boxes
    names = {_name_before(text, box) for box in boxes}
    return boxes if len(names) == 1 and "" not in names else group


def _name_before(text: str, box: Box) -> str:
    """The letter whose value a box holds."""
    named = _NAME.search(text, max(0, box.start - MAX_NAME), box.start)
    return named[1] if named else ""


def _linked(text: str, boxes: list[Box], joins: Callable[[str], bool]) -> list[Box]:
    """The last boxes, as far back as what stands between neighbours joins them."""
    first = len(boxes) - 1
    while first and joins(text[boxes[first - 1].end : boxes[first].start]):
        first -= 1
    return boxes[first:]


def _joined(boxes: list[Box]) -> Answer:
    parts = _distinct(boxes) if len(boxes) > 1 else [boxes[0].text]
    if len(parts) == 1:
        return Answer(boxes[-1].text, boxes[-1].inner, How.BOXED)
    return Answer(", ".join(parts), (boxes[0].inner[0], boxes[-1].inner[1]), How.BOXED)


def _distinct(boxes: list[Box]) -> list[str]:
    return list({"".join(box.text.split()): box.text for box in boxes}.values())


def _is_bare(between: str) -> bool:
    """Whether nothing but marks stands between two boxes."""
    return len(between) <= MAX_CONNECTOR and not _DELIMITER.sub(" ", between).strip(" \n\t.,;:-")


def _is_conjunction(between: str) -> bool:
    """Whether two boxes are joined by a comma, an "and" or an "or", or by a condition of the first."""
    if len(between) > MAX_CONNECTOR:
        return False
    condition = _CONDITION.match(between)
    if condition and ". " not in between[condition.start() + 3 :]:
        return True
    plain = _LABEL.sub("", _DELIMITER.sub(" ", between).strip()).strip()
    if not plain:
        return "$" not in between and "\n" not in between and "\\]" not in between
    if not plain.strip(_COMMAS):
        return True
    words = {word.strip(_COMMAS + ".:()").lower() for word in plain.split()}
    joining = words & (in_any_language("conjunction") | in_any_language("hedge"))
    if "." in plain.rstrip(".") and not joining:
        return False
    others = words - joining - {""}
    return bool(joining) and len(others) <= MAX_OTHER_WORDS and not others & in_any_language("disjoining")
