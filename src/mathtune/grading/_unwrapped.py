r"""An answer without what wraps it: a formula's delimiters, braces or `\text` around it, a stop, blanks.

Within it, only a script's second pair of braces is taken off: `2A_{{16}}`, as templates print it.

Words and formulas are read by different rules, and each rule would have to look past these by itself.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

__all__ = ["unwrapped"]

_FIRST = frozenset("${ \n\t\r")
_LAST = frozenset(". \n\t\r")
_COMMANDS = frozenset(["\\(", "\\[", "\\d", "\\t", "\\m"])  # and \displaystyle, \text, \mathrm
_MOST = 4  # wrappings around each other: `{$\displaystyle x$}.`
_LONGEST = 2_000  # what is longer is hardly a single answer
_RUNS = re.compile(r"[^\S\n]{2,}")
_DELIMITERS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))
_DISPLAYED = re.compile(r"\\displaystyle(?![A-Za-z])\s*")
# A formula that was written as text, as a whole: \text{x < 3}. Words and names of units stay what they are.
_AS_TEXT = re.compile(r"\\(?:text(?:rm|bf|it|sf|tt|normal)?|mathrm|mathbf|mathsf|mathtt)\{([^{}\\$]+)\}")
_MATHS = re.compile(r"[=<>+*^|]|\d/|[A-Za-z]\(|^[(\[]")
# Braces that LaTeX only groups by, and what makes braces a set.
_SET = re.compile(r"[,;|]|:(?!\d)|(?<!\d):|\\mid|\\dots|\\ldots")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
# A script in two pairs of braces.
_SCRIPT = re.compile(r"([_^])\{\{((?:[^{}\\]|\\[A-Za-z]){1,40})\}\}")
# Latin letters as wide as Chinese characters, and those in circles, by which options are marked.
_WIDE = {wide: wide - 0xFEE0 for wide in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_IN_CIRCLES = {
    0x24B6 + place: f"({letter})" for place, letter in enumerate(ascii_uppercase + ascii_lowercase)
}
_PLAIN_LETTERS = {**_WIDE, **_IN_CIRCLES}
# A stop that ends a sentence, and not a short name (a.m.), an ellipsis or a command.
_STOP = re.compile(r"(?<![.\\\s])(?<!\.[A-Za-z])(?<!\\right)(?<!\\left)\.\Z")


def unwrapped(text: str) -> str:
    r"""The answer itself.

    >>> unwrapped(r" \[ \displaystyle 5  \text{ cm}. \] "), unwrapped("$x$ or $y$"), unwrapped("9 a.m.")
    ('5 \\text{ cm}', '$x$ or $y$', '9 a.m.')
    >>> unwrapped("Ca^{{2+}}")
    'Ca^{2+}'
    >>> unwrapped("\uff21"), unwrapped("\u24d1")
    ('A', '(b)')
    """
    if not text.isascii():
        text = text.translate(_PLAIN_LETTERS)
    if "{{" in text and len(text) <= _LONGEST:
        text = _SCRIPT.sub(r"\1{\2}", text)
    if text[:1] not in _FIRST and text[-1:] not in _LAST and "  " not in text and text[:2] not in _COMMANDS:
        return text
    if len(text) > _LONGEST:
        return text
    text = _RUNS.sub(" ", text).strip()
    for _ in range(_MOST):
        inside = _inside(text)
        if inside == text or not inside:
            break
        text = inside
    return text


def _inside(text: str) -> str:
    """The text without its outermost wrapping."""
    text = _STOP.sub("", text) if text.endswith(".") else text
    if text.startswith("\\displaystyle"):
        return _DISPLAYED.sub("", text, count=1)
    if text.startswith("{"):
        return text[1:-1].strip() if _is_grouped(text) else text
    if text.startswith(("\\text", "\\math")):
        formula = _AS_TEXT.fullmatch(text)
        return formula[1].strip() if formula and _MATHS.search(formula[1]) else text
    for opening, closing in _DELIMITERS:
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening + closing):
            inside = text[len(opening) : -len(closing)]
            alone = opening not in inside and closing not in inside and not inside.endswith("\\")
            return inside.strip() if alone else text
    return text


def _is_grouped(text: str) -> bool:
    """Whether one pair of braces holds all of a text in LaTeX, and is no set."""
    if not text.endswith("}") or "\\" not in text or _SET.search(text):
        return False
    depth = 0
    for found in _BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth <= 0:
            return found.end() == len(text)
    return False
