"""What a paired test can see: its power, the smallest difference it finds, the problems it needs.

With one sample a problem by the exact McNemar test itself, not by a normal approximation that promises too
much in small cells. With several samples a problem the changes have any size: there it is an approximation.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "mcnemar_power",
    "minimal_detectable_difference",
    "minimal_detectable_mean_difference",
    "problems_needed",
]

_STEP = 1e-4  # a hundredth of a percentage point: finer than anyone reports
_NEVER = 1e-12  # so few expected changes are none; scipy's binomial overflows near the smallest floats
_MOST_PROBLEMS = 10_000_000  # beyond this, the wanted difference is below any use


def mcnemar_power(difference: float, total: int, *, changing: float = 0.0, level: float = 0.05) -> float:
    """Give the chance that the exact McNemar test finds a true difference.

    Args:
        difference: True difference of the two accuracies, -1 to 1.
        total: Paired problems.
        changing: Share of problems that change sides, lost and won together; at least the difference.
        level: The test's level, 0.05 for 5 % false alarms at most.

    Raises:
        ValueError: A share or the level is out of range.

    >>> round(mcnemar_power(0.1, 200, changing=0.2), 2)
    0.88
    """
    if not -1 <= difference <= 1 or not 0 <= changing <= 1:
        raise ValueError(f"shares lie within 1: difference {difference!r}, changing {changing!r}")
    if not 0 < level < 1:
        raise ValueError(f"the level lies between 0 and 1, not {level!r}")
    changing = max(changing, abs(difference))
    if total * changing < _NEVER:
        return 0.0
    return _power(total, changing, (changing + abs(difference)) / (2 * changing), level)


def minimal_detectable_difference(
    total: int, *, changing: float = 0.0, level: float = 0.05, power: float = 0.8
) -> float | None:
    """Give the smallest true difference that the exact McNemar test finds with a chance of `power`.

    Args:
        total: Paired problems.
        changing: Share of problems that change sides though nothing got better or worse, as observed; more
            coming and going hides more.
        level: The test's level; divide it by the number of tests where they are corrected together.
        power: Wanted chance to find it.

    Returns:
        A difference of accuracies between 0 and 1, or None where not even "all lost" would be found.

    >>> minimal_detectable_difference(200, changing=0.2)
    0.0912
    >>> minimal_detectable_difference(5) is None
    True
    """
    low, high = 0, round(1 / _STEP)
    if mcnemar_power(1.0, total, changing=changing, level=level) < power:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if mcnemar_power(middle * _STEP, total, changing=changing, level=level) < power:
            low = middle
        else:
            high = middle
    return round(high * _STEP, 4)


def minimal_detectable_mean_difference(
    differences: Sequence[float], *, samples: int, level: float = 0.05, power: float = 0.8
) -> float | None:
    """Give the smallest true mean difference that the sign-flip test finds with a chance of about `power`.

    For problems with several samples, a difference is the second model's share of right samples minus the
    first's. What counts is how much they scatter: eight samples a problem scatter less than one. By Student's
    quantiles, as for the paired t-test, but never less than what the exact test asks for at the least: enough
    problems that each change by a single sample. Simulated with 2 and 8 samples (`bench/stats_coverage.py`),
    it is too low by up to an eighth with 20 problems, by up to a sixteenth with 50 and 100.

    Args:
        differences: One a problem, as observed, each between -1 and 1.
        samples: Samples of each problem.
        level: The test's level; divide it by the number of tests where they are corrected together.
        power: Wanted chance to find it.

    Returns:
        A difference between 0 and 1, or None where not even "all lost" would be found.

    Raises:
        ValueError: There are no samples, or the level is out of range.

    >>> minimal_detectable_mean_difference([0.25, 0, -0.25, 0.5, 0] * 20, samples=4)
    0.0725
    >>> minimal_detectable_mean_difference([0.5] * 5, samples=2) is None
    True
    """
    from scipy.special import stdtrit

    if samples < 1:
        raise ValueError(f"expected at least one sample of each problem, not {samples!r}")
    total = len(differences)
    least = minimal_detectable_difference(total, level=level, power=power)
    if least is None:
        return None
    mean = math.fsum(differences) / total
    variance = math.fsum((d - mean) ** 2 for d in differences) / (total - 1)
    reach = float(stdtrit(total - 1, 1 - level / 2) + stdtrit(total - 1, power))
    return round(min(1.0, max(least / samples, reach * math.sqrt(variance / total))), 4)


def problems_needed(
    difference: float, *, changing: float = 0.0, level: float = 0.05, power: float = 0.8
) -> int:
    """Give the number of paired problems with which a true difference is found with a chance of `power`.

    Args:
        difference: True difference of the two accuracies, not 0.
        changing: Share of problems that change sides, lost and won together.
        level: The test's level.
        power: Wanted chance to find it.

    Raises:
        ValueError: The difference is 0 or needs more than ten million problems.

    >>> problems_needed(0.05, changing=0.2)
    658
    """
    high = 1
    while mcnemar_power(difference, high, changing=changing, level=level) < power:
        high *= 2
        if difference == 0 or high > _MOST_PROBLEMS:
            raise ValueError(f"no number of problems that could be had shows a difference of {difference!r}")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if mcnemar_power(difference, middle, changing=changing, level=level) < power:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=4096)
def _power(total: int, changing: float, leaning: float, level: float) -> float:
    """Sum over the counts of changed problems: their chance times the chance of a significant split."""
    import numpy as np
    from scipy.special import bdtr, bdtrc
    from scipy.stats import binom

    middle, spread = total * changing, math.sqrt(total * changing * (1 - changing))
    # Eight standard deviations leave out less than 1e-15.
    changed = np.arange(
        max(1, math.floor(middle - 8 * spread - 8)), min(total, math.ceil(middle + 8 * spread + 8)) + 1
    )
    fewest = binom.ppf(level / 2, changed, 0.5)  # the largest losing side that could be significant ...
    fewest = np.where(bdtr(fewest, changed, 0.5) <= level / 2, fewest, fewest - 1)  # ... and is
    found = np.where(
        fewest < 0,
        0.0,
        bdtr(np.maximum(fewest, 0), changed, 1 - leaning)
        + bdtrc(changed - np.maximum(fewest, 0) - 1, changed, 1 - leaning),
    )
    return float(np.sum(binom.pmf(changed, total, changing) * found))
