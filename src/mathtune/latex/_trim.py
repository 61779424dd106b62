"""What the parser learns from all tokens before it reads the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._tokens import Token

__all__ = ["lone_bars", "single_braces", "trim"]


def trim(tokens: list[Token]) -> None:
    """Leave out what is no mathematics: a sentence's end, an equals sign at the start, Markdown's stars."""
    while len(tokens) > 1 and tokens[-2][0] in ("sep", "line", "stop"):
        del tokens[-2]
    if tokens[0][0] not in _MAY_LEAD and tokens[0][:2] not in _DROPPED:
        return
    first, last = 0, len(tokens) - 1
    while tokens[first][0] in ("line", "sep") or tokens[first][:2] in _LEADING:
        first += 1
    while tokens[first][:2] in _STARS and first < last - 1 and tokens[first][:2] == tokens[last - 1][:2]:
        first, last = first + 1, last - 1
    if first:
        tokens[last:-1] = []
        tokens[:first] = []


_MAY_LEAD = frozenset(["line", "sep"])
_LEADING = frozenset([("rel", "≈"), ("rel", "="), ("rel", "⇒")])
_STARS = frozenset([("op", "*"), ("op", "^"), ("op", "_")])
_DROPPED = _LEADING | _STARS


def single_braces(tokens: list[Token]) -> None:
    """Leave out the inner one of two pairs of braces around one script: `x^{{2}}` is x^{2}, and no set."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for at, (kind, *_) in enumerate(tokens):
        if kind == "{":
            opened.append(at)
        elif kind == "}" and opened:
            partners[opened.pop()] = at
    doubled: set[int] = set()
    for at in sorted(partners):
        script = tokens[at - 1][:2] in _SCRIPTS or at in doubled
        if script and partners.get(at + 1) == partners[at] - 1:
            doubled |= {at + 1, partners[at + 1]}
    if doubled:
        tokens[:] = [token for at, token in enumerate(tokens) if at not in doubled]


_SCRIPTS = frozenset([("op", "^"), ("op", "_")])


def lone_bars(tokens: list[Token]) -> frozenset[int]:
    """The bars that stand alone in their brackets: they part, as in `P(A|B)`; others come in pairs."""
    lone: list[int] = []
    inside: list[list[int]] = [[]]
    for at, (kind, value, *_) in enumerate(tokens):
        if kind == "bar":
            inside[-1].append(at)
        elif kind in ("open", "{"):
            inside.append([])
        elif kind in ("close", "}") and len(inside) > 1:
            bars = inside.pop()
            if len(bars) == 1 and value in ")]":
                lone += bars
    return frozenset(lone)
