"""One proportion: how many out of how many."""

from __future__ import annotations

import math

from ._interval import Interval, normal_quantile

__all__ = ["wilson_interval"]


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Give the Wilson score interval of a proportion.

    It stays within [0, 1] and keeps its coverage for small samples and for proportions near 0 or 1, where
    the textbook's "estimate ± 1.96 standard errors" does not. Source: E. B. Wilson (1927), "Probable
    inference, the law of succession, and statistical inference", JASA 22; recommended by Brown, Cai and
    DasGupta (2001), Statistical Science 16.

    Args:
        successes: How many succeeded, 0 to `trials`.
        trials: How many were tried; with 0 nothing is known: the estimate is NaN, the interval [0, 1].
        confidence: Share of such intervals that hold the true proportion.

    Raises:
        ValueError: The counts are impossible, or `confidence` is no number between 0 and 1.

    >>> interval = wilson_interval(8, 10)
    >>> round(interval.low, 3), interval.estimate, round(interval.high, 3)
    (0.49, 0.8, 0.943)
    """
    z = normal_quantile(confidence)  # refuses 95 for 0.95, also where nothing was tried
    if not 0 <= successes <= trials:
        raise ValueError(f"expected 0 <= successes <= trials, not {successes!r} of {trials!r}")
    if trials == 0:
        return Interval(estimate=math.nan, low=0.0, high=1.0, confidence=confidence)
    share = successes / trials
    middle = share + z * z / (2 * trials)
    reach = z * math.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    scale = 1 + z * z / trials
    # At 0 and 1 the formula gives exactly that end; floating point would miss it by 1e-17.
    low = 0.0 if successes == 0 else (middle - reach) / scale
    high = 1.0 if successes == trials else (middle + reach) / scale
    return Interval(estimate=share, low=low, high=high, confidence=confidence)
