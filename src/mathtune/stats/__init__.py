"""Plain numbers in, intervals, tests and power out; knows neither models nor problems."""

from ._bootstrap import paired_bootstrap
from ._correction import benjamini_hochberg, holm
from ._crossed import CrossedDifference, SeedSpread, crossed_difference, crossed_interval
from ._interval import Interval
from ._paired import mcnemar_exact, paired_difference_interval, paired_mean_interval
from ._power import (
    mcnemar_power,
    minimal_detectable_difference,
    minimal_detectable_mean_difference,
    problems_needed,
)
from ._proportion import wilson_interval
from ._ranking import area_under_roc
from ._samples import clustered_interval, majority, majority_at_k, pass_at_k
from ._signs import sign_flip_exact

__all__ = [
    "CrossedDifference",
    "Interval",
    "SeedSpread",
    "area_under_roc",
    "benjamini_hochberg",
    "clustered_interval",
    "crossed_difference",
    "crossed_interval",
    "holm",
    "majority",
    "majority_at_k",
    "mcnemar_exact",
    "mcnemar_power",
    "minimal_detectable_difference",
    "minimal_detectable_mean_difference",
    "paired_bootstrap",
    "paired_difference_interval",
    "paired_mean_interval",
    "pass_at_k",
    "problems_needed",
    "sign_flip_exact",
    "wilson_interval",
]
