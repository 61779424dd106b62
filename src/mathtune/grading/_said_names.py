"""Names in prose: `Mr. Smith`, `I and II only`, `x and y are equal`, `option b`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._values import Phrase

if TYPE_CHECKING:
    from ._values import Value
    from ._words import ReadText

__all__ = ["TITLES", "equal_letters", "only_these", "titled", "untitled"]

_LETTER = r"([A-Za-z]|pO?H)"
_EQUAL = re.compile(rf"{_LETTER} and {_LETTER} are (?:both )?(?:equal|the same)\Z")


def equal_letters(text: str, read: ReadText) -> Value | None:
    """`x and y are equal`."""
    found = _EQUAL.match(text)
    return read(f"{found[1]} = {found[2]}") if found else None


_NUMERAL = r"(?:I{1,3}|I?V|VI{0,3})"
_ONLY = re.compile(rf"([Oo]nly )?({_NUMERAL}(?:(?:, ?(?:and )?| and | & ){_NUMERAL}){{0,4}})( only)?\Z")


def only_these(text: str, read: ReadText) -> Value | None:
    """`I and II only`: of several statements these and no other, as a bare list says, too."""
    found = _ONLY.match(text)
    return read(found[2]) if found and (found[1] or found[3]) else None


_IN_SHORT = {"professor": "prof", "doctor": "dr", "mister": "mr", "missus": "mrs"}
TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof", "sir", "uncle", "aunt", "coach", "captain"])
_TITLED = re.compile(r"([A-Z][a-z]{1,8})\.? ([A-Z][a-z]+)\Z")


def titled(text: str) -> Value | None:
    """`Dr. Lee`: one name."""
    found = _TITLED.match(text)
    title = _IN_SHORT.get(found[1].lower(), found[1].lower()) if found else ""
    return Phrase(f"{title} {found[2].lower()}") if found and title in TITLES else None


def untitled(words: str) -> str:
    """The name without its title.

    >>> untitled("mr smith"), untitled("john smith")
    ('smith', 'john smith')
    """
    title, _, name = words.partition(" ")
    return name if name and title in TITLES else words
