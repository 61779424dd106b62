"""HTML in answers from web pages: scripts, tags that only change the look, and signs by their names."""

# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._signs import VECTOR, between_statements, simple
from ._tokens import reread

if TYPE_CHECKING:
    from ._tokens import Token

__all__ = ["ampersand", "less"]

_TAGS = {
    "<sup>": [("op", "^"), ("{", "{")], "</sup>": [("}", "}")], "<sub>": [("op", "_"), ("{", "{")],
    "</sub>": [("}", "}")], "<br>": [("line", "\\\\")], "<br/>": [("line", "\\\\")],
}  # fmt: skip
_LOOKS = re.compile(
    r"</?(b|i|u|em|strong|span|p|div|code|font|tt|math|mrow|mn|mi|mo)(?:\s[^<>]{0,200})?>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")


def less(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """A tag, the opening of a vector `<1, 2>`, or the relation."""
    for written, token in _TAGS.items():
        if text.startswith(written, position):
            tokens.extend((kind, value, position, position + len(written), False) for kind, value in token)
            return position + len(written)
    looks = _LOOKS.match(text, position)
    if looks and (looks.group()[1] == "/" or f"</{looks.group(1)}" in text):
        return looks.end()
    whole = not tokens and "," in text and text.rstrip().endswith(">")
    if whole or _opens_vector(text, position, tokens):
        tokens.append(("open", "⟨", position, position + 1, spaced))
        return position + 1
    return simple(text, position, tokens, spaced)


def _opens_vector(text: str, position: int, tokens: list[Token]) -> bool:
    """Whether a vector begins: behind a sign, or behind a factor if it ends the text."""
    found = VECTOR.match(text, position)
    if found is None:
        return False
    behind_sign = not tokens or tokens[-1][0] in {"op", "rel", "open", "sep", "bar"}
    return behind_sign or found.end() == len(text)


def ampersand(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """`&lt;` is read as `<`; any other `&` parts cells."""
    found = _ENTITY.match(text, position)
    if not found and not tokens:  # `&= 5`, a line of an aligned calculation
        return position + 1
    if not found:
        return between_statements(text, position, tokens, spaced)
    import html

    sign, end = html.unescape(found.group()), found.end()
    if sign == found.group() or "&" in sign:
        return simple(text, position, tokens, spaced)
    if sign in "<>" and text.startswith("=", end):
        sign, end = sign + "=", end + 1
    tokens.extend((*token[:2], position, end, spaced) for token in reread(sign))
    return end
