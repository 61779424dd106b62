"""Texts of models and data sets as markup that is safe to put into a page.

Everything is escaped; what a reader could not see (controls, marks that turn text around) is spelled out; a
text of a megabyte is shown by its beginning and end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["gist", "shown_text"]

_MOST_SHOWN = 12_000  # characters; a long derivation has half as many
_GIST = 160
# C0 and C1 controls but tab and newline, zero-width characters, bidirectional controls, byte order mark.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def gist(text: str) -> str:
    """Give the beginning of a text on one line."""
    line = " ".join(_HIDDEN.sub(" ", text[: 4 * _GIST]).split())
    return line if len(line) <= _GIST else f"{line[:_GIST]}…"


def shown_text(text: str) -> Markup:
    """Give a text as markup: all of it where it is of reasonable length, else its beginning and end."""
    from markupsafe import Markup

    if len(text) <= _MOST_SHOWN:
        return _escaped(text)
    half = _MOST_SHOWN // 2
    left_out = Markup('<span class="cut">{:,} characters are not shown here</span>')
    return _escaped(text[:half]) + left_out.format(len(text) - 2 * half) + _escaped(text[-half:])


def _escaped(text: str) -> Markup:
    from markupsafe import Markup, escape

    parts, position = [], 0
    hidden = Markup('<span class="control">U+{:04X}</span>')
    for match in _HIDDEN.finditer(text.replace("\r\n", " \n")):
        parts += [escape(text[position : match.start()]), hidden.format(ord(match.group()))]
        position = match.end()
    return Markup("").join([*parts, escape(text[position:])])
