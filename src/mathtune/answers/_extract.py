"""From a response to its answer: the ways, strongest first; the first that finds something wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.policy import Policy

from ._boxes import find_boxes, has_empty_box
from ._claims import final_claim, last_claim, last_field, last_tag
from ._conclusions import conclusion, whole
from ._escapes import restore_commands
from ._groups import box_list
from ._thinking import mask_thinking

if TYPE_CHECKING:
    from ._answer import Answer

__all__ = ["extract_answer"]

DEFAULT = Policy()

# More than half a million tokens. Of a longer response, only the end is looked at, where the answer stands.
MAX_RESPONSE = 2_000_000


def extract_answer(
    response: str,
    *,
    policy: Policy = DEFAULT,  # noqa: ARG001  (until Policy names the weakest sign)
) -> Answer | None:
    r"""Take the final answer out of a response.

    Args:
        response: What a model wrote, or any text.
        policy: What counts as an answer.

    Returns:
        The answer, or None where there is none, also where the response was cut off while thinking.

    >>> extract_answer(r"So $x = \boxed{\frac{1}{2}}$.")
    Answer(text='\\frac{1}{2}', span=(15, 26), how=<How.BOXED: 'boxed'>)
    """
    offset = max(0, len(response) - MAX_RESPONSE)
    answer = _answer(response[offset:] if offset else response)
    if answer is None or not offset:
        return answer
    return attrs.evolve(answer, span=(answer.span[0] + offset, answer.span[1] + offset))


def _answer(response: str) -> Answer | None:
    text, cut_off = mask_thinking(restore_commands(response))
    if cut_off:
        return None
    boxes = find_boxes(text)
    if boxes:
        return final_claim(text, boxes[-1].end) or box_list(text, boxes)
    answer = last_tag(text) or last_field(text) or last_claim(text)
    if answer or has_empty_box(text):
        return answer
    return conclusion(text) or whole(text)
