"""The usual close of a response without a box, "The answer is 18.", found at once.

It gives what the other ways come to, at a fifth of their cost: nothing behind takes the value back, and
nothing in its sentence makes it a part of the answer or the answer under a condition.
"""

from __future__ import annotations

import re

from ._answer import Answer, How
from ._claimed_values import SHORT_VALUE

__all__ = ["usual_close"]

# From the letter behind the T of its "the" on. The hope is what models were taught to add by common examples.
_CLOSE = re.compile(
    rf"he (?:final )?answer is:? (?:({SHORT_VALUE}|[Tt]rue|[Ff]alse|[Yy]es|[Nn]o)|\$(-?\d{{1,40}})\$)\."
    r"(?: I hope it is correct\.)?[ \n]*\Z"
)
_OPENINGS = ("T", "So t", "So, t", "Thus, t", "Hence, t", "Therefore, t", "Final Answer: T")
_BEGINNINGS = tuple(stop + opening for stop in ("\n", ". ") for opening in _OPENINGS)
# Characters of the end in which it stands.
MAX_CLOSE = 100


def usual_close(text: str) -> Answer | None:
    """The short value of the sentence with which a response ends; None where it is not the usual one.

    >>> usual_close("He has 3 * 6 = 18 left. The answer is 18.").text
    '18'
    >>> usual_close("He may check whether the answer is 18.") is None
    True
    """
    close = _CLOSE.search(text, max(0, len(text) - MAX_CLOSE))
    if close is None or not (close.start() == 1 or text.endswith(_BEGINNINGS, 0, close.start())):
        return None
    group = close.lastindex or 0
    return Answer(close[group], close.span(group), How.PHRASE)
