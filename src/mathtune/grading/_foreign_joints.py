"""What other languages say beside values: `60°或120°`, `2 wenn n gerade, sonst 3`, `最小值为-1`."""

# ruff: noqa: RUF001  (the stops of Chinese texts)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._languages import ELSE, OF_CONDITIONS
from ._values import Phrase

if TYPE_CHECKING:
    from ._values import Value
    from ._words import ReadText

__all__ = ["conditional", "joined", "stated"]

_JOINTS = {
    "或": " or ",
    "和": ", ",
    "与": ", ",
    "、": ", ",
    "，": ", ",
    "并且": " and ",
    "且": " and ",
    "；": "; ",
}


_TWO_EQUATIONS = re.compile(r"([a-z])\s*=\s*([^=]+?) (?:[yoóe]) \1\s*=\s*([^=]+)\Z")


def joined(text: str, read_text: ReadText) -> Value | None:
    """Joints of other languages between values: `60°或120°`, `x = 1 y x = 2`."""
    found = _TWO_EQUATIONS.match(text)  # x = 1 y x = 2, in Spanish
    translated = f"{found[1]} = {found[2]} or {found[1]} = {found[3]}" if found else text
    for sign, joint in _JOINTS.items():
        translated = translated.replace(sign, joint)
    if translated == text or not any(c in "0123456789" for c in text):
        return None
    return read_text(translated)


_STATED = re.compile(r"[\u4e00-\u9fff]+[为是]-\d")


def stated(text: str) -> Value | None:
    """`最小值为-1` is no difference."""
    return None if text.isascii() or not _STATED.match(text) else Phrase(text)


_WORD = re.compile(r"[^\W\d_]{2,}|[éèи](?= )")
# The joint before a value, which elsewhere is a letter: `2 si n es par y 3 si n es impar`.
_AND_VALUE = re.compile(r" [ye] (?=[-\d\\$])")


def conditional(text: str, read_text: ReadText) -> Value | None:
    """`2 wenn n gerade ist, sonst 3`: cases under conditions in another language."""
    if OF_CONDITIONS.keys().isdisjoint(text.split()):
        return None
    for phrase in ELSE:
        text = text.replace(phrase, "otherwise")
    words = set(_WORD.findall(text)) - {"otherwise"}
    if not OF_CONDITIONS.keys() >= words:
        return None
    translated = _WORD.sub(lambda found: OF_CONDITIONS.get(found[0], found[0]), _AND_VALUE.sub(", ", text))
    return read_text(_VERB_LAST.sub(r" is \1", translated))


# The German verb stands last.
_VERB_LAST = re.compile(r" (even|odd|positive|negative) is\b")
