"""The equation that an answer is the last side of: "So $2x+3y=6$." answers 6, or the line itself.

Which of them is meant the response does not tell; the gold answer does, so that this is asked only for a gold
answer that is an equation.
"""

from __future__ import annotations

import re

from ._answer import Answer

__all__ = ["equation_around"]

# Longer than any equation that is an answer.
MAX_EQUATION = 300

_FORMULA = re.compile(r"(?:\$\$?|\\\(|\\\[|\\begin\{equation\*?\})(?=[^$]*\Z)")
# Outside of a formula it begins behind the last word, or mark of a sentence: "So the line is 2x + 3y = 6".
_BEFORE = re.compile(r"[A-Za-z]{3,}|[:;!?$\n\\]|[.,](?!\d)")
_SHORT_WORDS = frozenset({"so", "is", "as", "at", "be", "by", "if", "in", "it", "of", "on", "or", "to", "we"})
# What may stand between an equation's last side and the end of its formula.
_END = re.compile(r"[\s.,;!\\]*(?:\$|\\\)|\\\]|\\end\{|\Z)")


def equation_around(response: str, answer: Answer) -> Answer | None:
    r"""Give the equation whose last side is an answer, where there is exactly one sign of equality.

    Args:
        response: What a model said.
        answer: What was extracted from it.

    >>> equation_around("So $2x + 3y = 6$.", Answer("6", (14, 15), "conclusion")).text
    '2x + 3y = 6'
    >>> equation_around("So the sum is 6.", Answer("6", (14, 15), "conclusion")) is None
    True
    """
    start, end = answer.span
    before = response[max(0, start - MAX_EQUATION) : start]
    if "=" not in before or response[start:end] != answer.text:
        return None
    left = _left_of(before, ends_formula=_END.match(response, end) is not None).lstrip()
    if left.count("=") != 1 or left.startswith("=") or "=" in answer.text:
        return None
    return Answer(left + answer.text, (start - len(left), end), answer.how)


def _left_of(before: str, *, ends_formula: bool) -> str:
    """What belongs to an equation before its last side."""
    if ends_formula and (openings := list(_FORMULA.finditer(before))):
        return before[openings[-1].end() :]
    start = max((found.end() for found in _BEFORE.finditer(before)), default=0)
    words = before[start:].split(" ")
    while words and (not words[0] or words[0].lower() in _SHORT_WORDS):
        words.pop(0)
    return " ".join(words)
