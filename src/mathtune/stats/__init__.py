"""Plain numbers in, intervals, tests and power out; knows neither models nor problems."""

from ._correction import benjamini_hochberg, holm
from ._interval import Interval
from ._paired import mcnemar_exact, paired_difference_interval
from ._proportion import wilson_interval

__all__ = [
    "Interval",
    "benjamini_hochberg",
    "holm",
    "mcnemar_exact",
    "paired_difference_interval",
    "wilson_interval",
]
