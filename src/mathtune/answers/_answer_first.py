r"""An answer before the bullets that explain it: "You save $20.\n\n- Old price: $80\n- New price: $60".

A colon before the bullets would make steps of them, and so would a bullet that concludes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._digressions import is_in_answer
from ._extract import extract_answer
from ._sentences import sentences_of
from ._turns import CONCLUDING

if TYPE_CHECKING:
    from ._answer import Answer

__all__ = ["answer_before_bullets"]

WINDOW = 800
_BULLETS = re.compile(
    r"[.!]\*{0,2}\s{0,3}\n\s{0,3}((?:[ \t]{0,4}[-*\u2022] [^\n]{1,200}(?:\n|\Z)){2,12})\s*\Z"
)
_CONCLUDES = re.compile(
    rf"\b(?:{CONCLUDING}|total|answer|result|altogether|final\w*|finally)\b", re.IGNORECASE
)
_VALUE = re.compile(r"\d+(?:[.,/]\d+)*")


def answer_before_bullets(response: str, problem: str) -> Answer | None:
    r"""The value that the last sentence before closing bullets gives, if they only explain it.

    >>> said = "You save $20.\n\n- Old price: $80\n- New price: $60"
    >>> answer_before_bullets(said, "How much do you save?").text
    '$20'
    """
    bullets = _BULLETS.search(response, max(0, len(response) - WINDOW))
    if bullets is None or _CONCLUDES.search(bullets[1]):
        return None
    before = response[: bullets.start() + 1]
    answer = extract_answer(before)
    if answer is None:
        return None
    sentences = sentences_of(before, 0, len(before))
    last, values = sentences[-1], _VALUE.findall(answer.text)
    given = len(values) != 1 or values[0] in _VALUE.findall(problem)
    if given or answer.span[0] < last[0]:
        return None
    return answer if len(sentences) == 1 or is_in_answer(before, last, answer.span, problem) else None
