"""From a response to its answer: the ways, strongest first; the first that finds something wins."""

from __future__ import annotations

import re

from mathtune.policy import Policy

from ._answer import Answer, How
from ._boxes import find_boxes
from ._thinking import mask_thinking

__all__ = ["extract_answer"]

DEFAULT = Policy()


def extract_answer(response: str, *, policy: Policy = DEFAULT) -> Answer | None:  # noqa: ARG001  (until Policy names the weakest sign)
    r"""Take the final answer out of a response.

    Args:
        response: What a model wrote, or any text.
        policy: What counts as an answer.

    Returns:
        The answer, or None where there is none, also where the response was cut off while thinking.

    >>> extract_answer(r"So $x = \boxed{\frac{1}{2}}$.")
    Answer(text='\\frac{1}{2}', span=(15, 26), how=<How.BOXED: 'boxed'>)
    """
    text, cut_off = mask_thinking(response)
    if cut_off:
        return None
    boxes = find_boxes(text)
    if boxes:
        return Answer(boxes[-1].text, boxes[-1].inner, How.BOXED)
    numbers = list(re.finditer(r"\d[\d,]{0,40}(?:\.\d{1,40})?", text))
    return Answer(numbers[-1][0], numbers[-1].span(), How.LAST_NUMBER) if numbers else None
