"""The wording of problems, to compare them by: layout is nothing, numbers can be masked."""

from __future__ import annotations

import re

__all__ = ["exact_key", "masked", "numbers", "shingles", "wording", "words"]

# A command, a number, a word, or one sign. Braces, dollars and spacing are layout and no word.
_WORD = re.compile(r"\\[a-zA-Z]+|\d+(?:\.\d+)?|[^\W\d_]+|[^\s\w{}$\\~]|_")
_LAYOUT = frozenset(
    f"\\{name}"
    for name in (
        *("left", "right", "big", "Big", "bigg", "Bigg", "displaystyle", "textstyle", "hspace"),
        *("quad", "qquad", "text", "textbf", "mathrm", "mbox"),
    )
)
_SAME = {"\\dfrac": "\\frac", "\\tfrac": "\\frac", "\\le": "\\leq", "\\ge": "\\geq", "\\to": "\\rightarrow"}
_DRAWING = re.compile(r"\[asy\].*?\[/asy\]", re.DOTALL)  # MATH's diagrams: long, and much the same
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MASK = "#"
_SHORTEST = 20
_WIDTH = 4  # words in a shingle: an idiom of the field has more often three


def words(text: str, *, drawings: bool = False) -> list[str]:
    r"""Give the words, signs and commands of a text in lower case, without layout.

    >>> words(r"Compute $\dfrac{1}{2}+x$.")
    ['compute', '\\frac', '1', '2', '+', 'x', '.']
    """
    source = text if drawings else _DRAWING.sub(" ", text)
    found = (_SAME.get(word, word) for word in _WORD.findall(source) if word not in _LAYOUT)
    return [word if word[0] == "\\" else word.lower() for word in found]


def exact_key(text: str) -> str:
    """Give what is equal for texts that differ in layout only."""
    return " ".join(words(text, drawings=True))


def numbers(text: str) -> list[str]:
    """Give the numbers of a text in order, those of its drawings included."""
    return _NUMBER.findall(text)


def masked(found: list[str]) -> list[str]:
    """Give the words with each number as `#`."""
    return [_MASK if word[0].isdecimal() else word for word in found]


def wording(text: str) -> set[str]:
    """Give the shingles of a text with masked numbers, or of a short text the text itself.

    Below 20 words wordings with masked numbers agree by necessity ("What is # + # ?").
    """
    found = words(text)
    return shingles(masked(found)) if len(found) >= _SHORTEST else {exact_key(text)}


def shingles(found: list[str], width: int = _WIDTH) -> set[str]:
    """Give the runs of `width` words; a shorter text is one run."""
    return {" ".join(found[n : n + width]) for n in range(max(1, len(found) - width + 1))}
