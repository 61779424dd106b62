"""How well a score separates right from wrong."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["area_under_roc"]


def area_under_roc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Give the chance that a right one has a higher score than a wrong one, ties counted half.

    0.5 is what a coin would reach, 1 a perfect separation. Source: J. A. Hanley and B. J. McNeil (1982), "The
    meaning and use of the area under a ROC curve", Radiology 143.

    Args:
        scores: One a response.
        right: Whether it is right.

    Returns:
        The area, or NaN where all are right or all are wrong.

    Raises:
        ValueError: Lengths differ.

    >>> area_under_roc([0.9, 0.8, 0.7, 0.6], [True, False, True, False])
    0.75
    """
    ordered = sorted(zip(scores, map(bool, right), strict=True))
    above, wrong_below, wrong = 0.0, 0, sum(not is_right for _, is_right in ordered)
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        rights = [is_right for _, is_right in group]
        rights_here, wrong_here = sum(rights), len(rights) - sum(rights)
        above += rights_here * (wrong_below + wrong_here / 2)
        wrong_below += wrong_here
    pairs = wrong * (len(ordered) - wrong)
    return above / pairs if pairs else math.nan
