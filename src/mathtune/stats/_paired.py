"""Two models on the same problems: only the problems that changed sides say anything."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ._interval import Interval, normal_quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["mcnemar_exact", "paired_difference_interval", "paired_mean_interval"]

_BISECTIONS = 60  # halves [-1, 1] down to the spacing of floats


def mcnemar_exact(lost: int, won: int) -> float:
    """Give the two-sided p-value of the exact McNemar test.

    If neither model were better, each problem that changed sides would be lost or won by the toss of a fair
    coin; the p-value is how often such a coin gives a split at least as uneven. Source: Q. McNemar (1947),
    Psychometrika 12; exact form by the binomial distribution, as in `statsmodels`'s
    `mcnemar(exact=True)`.

    Args:
        lost: Problems that the first model solves and the second does not.
        won: Problems that the second model solves and the first does not.

    Raises:
        ValueError: A count is negative.

    >>> mcnemar_exact(lost=1, won=9)
    0.021484375
    >>> mcnemar_exact(lost=4, won=4)
    1.0
    """
    from scipy.special import betainc

    _check_counts(lost, won)
    changed, fewer = lost + won, min(lost, won)
    if lost == won:
        return 1.0
    # P(X <= fewer) for X ~ Binomial(changed, 1/2), as an incomplete beta function: right also far out.
    return min(1.0, 2 * float(betainc(changed - fewer, fewer + 1, 0.5)))


def paired_difference_interval(lost: int, won: int, total: int, confidence: float = 0.95) -> Interval:
    """Give (won - lost) / total, the difference of two paired proportions, with Tango's interval.

    The interval holds each difference that a score test would not reject. Source: T. Tango (1998),
    "Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design", Statistics in Medicine 17; recommended over the Wald, exact and hybrid intervals by Fagerland,
    Lydersen and Laake (2014), Statistics in Medicine 33.

    Args:
        lost: Problems that the first model solves and the second does not.
        won: Problems that the second model solves and the first does not.
        total: All paired problems; with 0 nothing is known: the estimate is NaN, the interval [-1, 1].
        confidence: Share of such intervals that hold the true difference.

    Raises:
        ValueError: The counts are impossible, or `confidence` is no number between 0 and 1.

    >>> interval = paired_difference_interval(lost=5, won=15, total=100)
    >>> round(interval.low, 3), interval.estimate, round(interval.high, 3)
    (0.013, 0.1, 0.192)
    """
    _check_counts(lost, won)
    if lost + won > total:
        raise ValueError(f"expected lost + won <= total, not {lost} + {won} of {total}")
    z = normal_quantile(confidence)
    if total == 0:
        return Interval(estimate=math.nan, low=-1.0, high=1.0, confidence=confidence)
    estimate = (won - lost) / total
    low = -1.0 if lost == total else _crossing(lambda d: _score(lost, won, total, d) > z, -1.0, estimate)
    high = 1.0 if won == total else _crossing(lambda d: _score(lost, won, total, d) >= -z, estimate, 1.0)
    return Interval(estimate=estimate, low=low, high=high, confidence=confidence)


def paired_mean_interval(differences: Sequence[float], confidence: float = 0.95) -> Interval:
    """Give the mean of paired differences within [-1, 1] with an interval that small cells do not deceive.

    For problems with several samples, a difference is the second model's share of right samples minus the
    first's. Two made-up problems, one lost and one won, are added before the usual interval is taken: so no
    cell is certain because its few problems happened to agree. With differences of -1, 0 and 1 this is the
    interval of D. G. Bonett and R. M. Price (2012), "Adjusted Wald confidence interval for a difference of
    binomial proportions based on paired data", Journal of Educational and Behavioral Statistics 37. It holds
    the truth in 95 % of studies or more; with smaller made-up changes it would be shorter, but hold it in
    two of three studies only where a tenth of ten problems changes altogether and the rest not at all.

    Args:
        differences: One a problem, each between -1 and 1; of none nothing is known: NaN and [-1, 1].
        confidence: Share of such intervals that hold the true mean.

    Raises:
        ValueError: A difference lies outside [-1, 1], or `confidence` is no number between 0 and 1.

    >>> interval = paired_mean_interval([0.25, 0.5, 0.0, -0.25, 0.75, 0.25])
    >>> round(interval.low, 3), interval.estimate, round(interval.high, 3)
    (-0.216, 0.25, 0.591)
    """
    z = normal_quantile(confidence)
    if not all(-1 <= difference <= 1 for difference in differences):
        raise ValueError("differences of shares lie between -1 and 1")
    if not differences:
        return Interval(estimate=math.nan, low=-1.0, high=1.0, confidence=confidence)
    total, more = math.fsum(differences), len(differences) + 2
    middle = total / more
    variance = (math.fsum(d * d for d in differences) + 2) / more - middle * middle
    reach = z * math.sqrt(variance / more)
    estimate = total / len(differences)
    # Shrunk towards 0, the interval could miss an estimate at the very end of its range.
    low, high = min(estimate, max(-1.0, middle - reach)), max(estimate, min(1.0, middle + reach))
    return Interval(estimate=estimate, low=low, high=high, confidence=confidence)


def _score(lost: int, won: int, total: int, difference: float) -> float:
    """Give Tango's score statistic: standard errors between the data and a true `difference`."""
    gap = won - lost - total * difference
    linear = (2 * total - won + lost) * difference - won - lost
    constant = -lost * difference * (1 - difference)
    root = math.sqrt(max(0.0, linear * linear - 8 * total * constant))
    # The likeliest share of lost problems among all data with this difference (Tango's q21).
    likely_lost = (root - linear) / (4 * total)
    variance = total * (2 * likely_lost + difference * (1 - difference))
    if variance <= 0:
        return math.copysign(math.inf, gap) if gap else 0.0
    return gap / math.sqrt(variance)


def _crossing(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Give the point between `low` and `high` where `holds` turns from true to false."""
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2


def _check_counts(lost: int, won: int) -> None:
    if lost < 0 or won < 0:
        raise ValueError(f"counts cannot be negative: lost {lost!r}, won {won!r}")
