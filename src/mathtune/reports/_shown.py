"""Texts of models and data sets as markup that is safe to put into a page.

Everything is escaped; mathematics is typeset where it is known (`_mathml.py`) and shown as its source where
it is not; what a reader could not see (controls, marks that turn text around) is spelled out; a text of a
megabyte is shown by its beginning and end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._mathml import MOST_CHARACTERS, mathml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

__all__ = ["Typesetter", "gist", "visible"]

_MOST_SHOWN = 12_000  # characters; a long derivation has half as many
_LEAST_COST = 12  # characters; `$a$` takes as many elements of the page as a longer formula
_GIST = 160
_MOST_UNCLOSED = 64  # openers without an end in one text; each costs a look at the next 3,000 characters
# C0 and C1 controls but tab and newline, zero-width characters, bidirectional controls, byte order mark.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_OPENER = re.compile(
    r"\[asy\]|\\[\[(\\$]|\$\$?|\\boxed\{|\\begin\{(align|equation|gather|cases|array|[pbv]matrix)(\*?)\}"
)
_CLOSERS = {"\\[": "\\]", "\\(": "\\)", "$$": "$$"}
_DOLLAR = re.compile(r"(?<!\\)\$(?!\d)")
_DRAWING = re.compile(r"\[asy\].*?(?:\[/asy\]|\Z)", re.DOTALL)
_TEXT = re.compile(r"\\(?:text|mbox|textrm|textbf|mathrm)\{[^{}]*\}")
_PROSE = re.compile(
    r"(?:^|[\s,.;])(?:and|are|as|at|be|by|find|for|from|get|given|has|have|if|in|is|let|of|on|or|since|so|that|the"
    r"|then|thus|to|we|where|which|with)(?=[\s,.;]|$)",
    re.IGNORECASE,
)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


class Typesetter:
    """Turns texts into markup, and typesets mathematics until its allowance is used up.

    A formula takes some twenty elements of a page, and a page of a million elements opens slowly.

    Args:
        allowance: Characters of LaTeX that may be typeset; what comes after is shown as source.
    """

    def __init__(self, allowance: int) -> None:
        self._left = allowance

    def text(self, text: str) -> Markup:
        """Give a text as markup: all of it where it is of reasonable length, else its beginning and end."""
        from markupsafe import Markup

        if len(text) <= _MOST_SHOWN:
            return self._typeset(text)
        half = _MOST_SHOWN // 2
        left_out = Markup('<span class="cut">{:,} characters are not shown here</span>')
        return _escaped(text[:half]) + left_out.format(len(text) - 2 * half) + _escaped(text[-half:])

    def formula(self, source: str) -> Markup:
        """Give an answer, which is mathematics without dollars, as markup."""
        bare = source.strip().strip("$")
        return self._formula(bare, bare, display=False) or self.text(source)

    def _typeset(self, text: str) -> Markup:
        from markupsafe import Markup

        parts, position = [], 0
        for start, end, source, display in _formulas(text):
            whole = text[start:end]
            shown = _code(whole) if not source else self._formula(source, whole, display=display)
            if shown is not None:
                parts += [_escaped(text[position:start]), shown]
                position = end
        return Markup("").join([*parts, _escaped(text[position:])])

    def _formula(self, source: str, whole: str, *, display: bool) -> Markup | None:
        from markupsafe import Markup

        cost = max(len(whole), _LEAST_COST)
        if cost > self._left or _HIDDEN.search(source):
            return None
        shown = mathml(source, display=display)
        if shown is None:
            return None
        self._left -= cost
        return Markup(shown)  # noqa: S704  (built from escaped texts and fixed elements only)


def visible(text: str) -> str:
    """Give a name or label with a sign in place of each character that could not be seen."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def gist(text: str) -> str:
    """Give the beginning of a text on one line."""
    line = " ".join(_HIDDEN.sub(" ", _DRAWING.sub("[drawing]", text)[: 4 * _GIST]).split())
    return line if len(line) <= _GIST else f"{line[:_GIST]}…"


def _formulas(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Give (start, end, LaTeX, whether displayed) of each formula in a text; a drawing has no LaTeX."""
    position, unclosed = 0, 0
    while unclosed < _MOST_UNCLOSED and (found := _OPENER.search(text, position)):
        start, position = found.span()
        formula = _closed(text, found)
        if formula is None:
            unclosed += 1
        else:
            end, source, display = formula
            yield start, end, source, display
            position = end


def _closed(text: str, opener: re.Match[str]) -> tuple[int, str, bool] | None:
    """Give (end, LaTeX, whether displayed) of the formula that `opener` begins, if it is closed in time."""
    start, mark = opener.end(), opener.group()
    limit = start + MOST_CHARACTERS
    if mark in _CLOSERS:
        stop = text.find(_CLOSERS[mark], start, limit)
        return None if stop < 0 else (stop + 2, text[start:stop], mark != "\\(")
    if mark == "$":
        return _between_dollars(text, start, limit)
    if mark == "[asy]":
        stop = text.find("[/asy]", start)
        return None if stop < 0 else (stop + 6, "", False)
    if mark == "\\boxed{":
        end = _after_braces(text, start, limit)
        return None if end is None else (end, text[opener.start() : end], False)
    if mark.startswith("\\begin"):
        closer = mark.replace("begin", "end", 1)
        stop = text.find(closer, start, limit)
        return None if stop < 0 else (stop + len(closer), text[opener.start() : stop + len(closer)], True)
    return None  # an escaped backslash or dollar


def _between_dollars(text: str, start: int, limit: int) -> tuple[int, str, bool] | None:
    """A formula between single dollars stands in one paragraph and holds no English; "$5 and $10" does."""
    found = _DOLLAR.search(text, start, limit)
    if found is None:
        return None
    source = text[start : found.start()]
    if "\n\n" in source or _PROSE.search(_TEXT.sub("", source)):
        return None
    return found.end(), source, False


def _after_braces(text: str, start: int, limit: int) -> int | None:
    depth = 1
    for found in _BRACE.finditer(text, start, limit):
        depth += (found.group() == "{") - (found.group() == "}")
        if depth == 0:
            return found.end()
    return None


def _code(source: str) -> Markup:
    """A drawing in Asymptote, which MATH's problems hold, as the program that it is."""
    from markupsafe import Markup

    return Markup('<code class="tex">{}</code>').format(_escaped(source))


def _escaped(text: str) -> Markup:
    from markupsafe import Markup, escape

    parts, position = [], 0
    hidden = Markup('<span class="control">U+{:04X}</span>')
    for match in _HIDDEN.finditer(text):
        parts += [escape(text[position : match.start()]), hidden.format(ord(match.group()))]
        position = match.end()
    return Markup("").join([*parts, escape(text[position:])])
