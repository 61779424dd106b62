"""The one value that every estimate comes back in."""

from __future__ import annotations

from statistics import NormalDist

import attrs

__all__ = ["Interval"]


@attrs.frozen(kw_only=True)
class Interval:
    """An estimate with a confidence interval.

    Attributes:
        estimate: The estimate; NaN where there was nothing to estimate from.
        low: Lower end of the interval.
        high: Upper end of the interval.
        confidence: Share of such intervals that hold the true value, between 0 and 1.

    >>> Interval(estimate=0.5, low=0.4, high=0.6, confidence=0.95).contains(0.45)
    True
    """

    estimate: float
    low: float
    high: float
    confidence: float

    def contains(self, value: float) -> bool:
        """Whether `value` lies in the closed interval."""
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        """Distance between the ends."""
        return self.high - self.low


def normal_quantile(confidence: float) -> float:
    """Give z such that a standard normal lies within ±z with probability `confidence`.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1 (0.95 is 95 %), not {confidence!r}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
