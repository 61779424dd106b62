"""A mean over problems and over seeds: other problems could have been asked, other seeds trained.

Scores come as a table, a row a run (a seed of one recipe) and a column a problem; every run answers every
problem, so problems and seeds are crossed. A mean over such a table has two sources of chance, and a plain
interval over problems forgets one of them: docs/design/0012-several-seeds.md has what that costs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import attrs

from ._interval import Interval, normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CrossedDifference", "SeedSpread", "crossed_difference", "crossed_interval"]

_BISECTIONS = 60
_SMALLEST_LOG = math.log(1e-16)  # of p-values: what is smaller rests on no data


@attrs.frozen(kw_only=True)
class _Error:
    """The variance of a mean in its two parts.

    Attributes:
        problems: The part that other problems would change.
        seeds: The part that other seeds would change, with its degrees of freedom, for each recipe of
            several seeds.
    """

    problems: float
    seeds: tuple[tuple[float, int], ...]

    def with_seeds(self, seeds: int) -> _Error:
        """Give the error with another number of seeds of the last recipe."""
        *others, (variance, freedom) = self.seeds
        return attrs.evolve(self, seeds=(*others, (variance * (freedom + 1) / seeds, seeds - 1)))

    def reach(self, level: float) -> float:
        """Give half the width of the interval that misses the truth in a share `level` of studies."""
        from scipy.special import ndtri, stdtrit

        parts = [float(ndtri(level / 2)) ** 2 * self.problems]
        parts += [float(stdtrit(freedom, level / 2)) ** 2 * variance for variance, freedom in self.seeds]
        return math.sqrt(math.fsum(parts))


@attrs.frozen(kw_only=True)
class SeedSpread:
    """How the seeds of a recipe differ.

    Attributes:
        differences: How much better each run of the recipe is than what it is compared with.
        deviation: Their standard deviation; NaN for one run.
        by_chance: What that would be about if all seeds were equally good and differed by the luck of single
            problems alone; NaN for one run.
    """

    differences: tuple[float, ...]
    deviation: float
    by_chance: float

    @property
    def better(self) -> int:
        """How many seeds are better than what they are compared with."""
        return sum(difference > 0 for difference in self.differences)


@attrs.frozen(kw_only=True)
class CrossedDifference:
    """How much better the runs of one recipe are than those of another, or than one model.

    Attributes:
        estimate: The mean difference over problems and seeds.
        seeds: How the second recipe's seeds differ.
    """

    estimate: float
    seeds: SeedSpread
    _shrunk: float = attrs.field(repr=False)  # the share of real problems among those with the made-up ones
    _error: _Error = attrs.field(repr=False)

    def interval(self, confidence: float = 0.95) -> Interval:
        """Give the difference with the interval that holds it in so many of such studies.

        Raises:
            ValueError: `confidence` is no number between 0 and 1.
        """
        normal_quantile(confidence)
        middle, reach = self.estimate * self._shrunk, self._error.reach(1 - confidence)
        return _interval(self.estimate, middle, reach, (-1.0, 1.0), confidence)

    @property
    def p_value(self) -> float:
        """The level of the interval that ends at 0: the two-sided p-value of "no difference"."""
        away, low, high = abs(self.estimate * self._shrunk), _SMALLEST_LOG, 0.0
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            if self._error.reach(math.exp(middle)) > away:
                low = middle
            else:
                high = middle
        return math.exp(high)

    def detectable(
        self, *, level: float = 0.05, power: float = 0.8, seeds: int | None = None
    ) -> float | None:
        """Give the smallest true difference that is found with a chance of about `power`, or None.

        By Student's quantiles; simulated, it is too low by up to a fifth with three seeds, and by up to a
        tenth with five and more.

        Args:
            level: The test's level; divide it by the number of tests where they are corrected together.
            power: Wanted chance to find it.
            seeds: Of so many seeds of the second recipe, lying as far apart as these; None is as many.

        Raises:
            ValueError: The second recipe has one run, or `seeds` is below 2: nothing tells how they differ.
        """
        error = self._error
        if seeds is not None:
            if seeds < 2 or math.isnan(self.seeds.deviation):
                raise ValueError(
                    f"expected at least 2 seeds, had {len(self.seeds.differences)}, asked {seeds}"
                )
            error = error.with_seeds(seeds)
        found = (error.reach(level) + error.reach(2 * (1 - power))) / self._shrunk
        return round(found, 4) if found <= 1 else None


def crossed_difference(
    first: Sequence[Sequence[float]], second: Sequence[Sequence[float]]
) -> CrossedDifference:
    """Compare a recipe that was trained with several seeds with one model, or with another such recipe.

    The variance of the mean difference is split as for two-way clusters (A. C. Cameron, J. B. Gelbach and
    D. L. Miller (2011), "Robust Inference With Multiway Clustering", Journal of Business & Economic
    Statistics 29): by problems, plus by seeds, less what both hold. There are many problems and few seeds, so
    each part is taken times its own quantile, the normal one and Student's with a degree of freedom less
    than seeds (W. G. Howe (1974), "Approximate Confidence Limits on the Mean of X + Y Where X and Y Are Two
    Tabled Independent Random Variables", JASA 69). Welch and Satterthwaite's one quantile for both held the
    truth in 87 to 93 % of studies of two or three unlike seeds; this one in 95 % or more
    (`bench/stats_coverage.py`). One lost and one won problem are made up, as in `paired_mean_interval`,
    which this is for recipes of one run each.

    Args:
        first: The scores of the model, or of each run of the first recipe: a row a run, a score from 0 to 1
            a problem.
        second: Those of the second, on the same problems in the same order.

    Raises:
        ValueError: There is no run or no problem, the rows differ in length, or a score lies outside [0, 1].

    >>> base = [[1, 0, 0, 1, 0] * 40]
    >>> tuned = [[1, 1, 0, 1, 0] * 40, [1, 1, 0, 1, 0] * 38 + [1, 0, 0, 1, 0] * 2, [1, 1, 0, 1, 0] * 40]
    >>> gain = crossed_difference(base, tuned)
    >>> interval = gain.interval()
    >>> round(gain.estimate, 3), round(interval.low, 3), round(interval.high, 3)
    (0.197, 0.137, 0.252)
    >>> [round(difference, 2) for difference in gain.seeds.differences]
    [0.2, 0.19, 0.2]
    """
    tables = [_table(first), _table(second)]
    if tables[0].shape[1] != tables[1].shape[1]:
        raise ValueError("expected the same problems in both recipes")
    differences = tables[1].mean(axis=0) - tables[0].mean(axis=0)
    total = len(differences)
    shrunk = total / (total + 2)
    middle = float(differences.mean()) * shrunk
    rows = (float((differences**2).sum()) + 2) / (total + 2) - middle**2
    deviation, by_chance = _spread(tables[1])
    apart = tuple(float(mean) for mean in tables[1].mean(axis=1) - tables[0].mean())
    return CrossedDifference(
        estimate=float(differences.mean()),
        seeds=SeedSpread(differences=apart, deviation=deviation, by_chance=by_chance),
        shrunk=shrunk,
        error=_error(rows / (total + 2), tables, shrunk),
    )


def crossed_interval(scores: Sequence[Sequence[float]], confidence: float = 0.95) -> Interval:
    """Give the mean score of a recipe's runs with an interval that knows of problems and of seeds.

    It is `crossed_difference`'s with z² made-up problems, half of them wholly right and half wholly wrong, as
    in `clustered_interval`, which this is for one run.

    Args:
        scores: A row a run, a score from 0 to 1 a problem.
        confidence: Share of such intervals that hold the true mean.

    Raises:
        ValueError: There is no run or no problem, the rows differ in length, or a score lies outside [0, 1].

    >>> interval = crossed_interval([[1, 1, 0, 0] * 50, [1, 0, 1, 0] * 50, [1, 1, 0, 0] * 49 + [0, 0, 0, 0]])
    >>> round(interval.estimate, 3), round(interval.low, 2), round(interval.high, 2)
    (0.497, 0.44, 0.55)
    """
    z = normal_quantile(confidence)
    table = _table(scores)
    means = table.mean(axis=0)
    more = len(means) + z * z
    middle = (float(means.sum()) + z * z / 2) / more
    rows = float(((means - middle) ** 2).sum()) + z * z / 2 * (middle**2 + (1 - middle) ** 2)
    error = _error(rows / more**2, [table], len(means) / more)
    return _interval(float(means.mean()), middle, error.reach(1 - confidence), (0.0, 1.0), confidence)


def _table(scores: Sequence[Sequence[float]]) -> Any:  # noqa: ANN401  (a numpy array, imported late)
    import numpy as np

    if not len(scores) or not len(scores[0]) or len({len(run) for run in scores}) > 1:
        raise ValueError("expected at least one run, and of each run a score for each problem")
    table = np.asarray(scores, dtype=float)
    if table.min() < 0 or table.max() > 1:
        raise ValueError("scores lie between 0 and 1")
    return table


def _error(problems: float, tables: Sequence[Any], shrunk: float) -> _Error:
    """Split the variance of a mean; what both parts hold, luck with single problems, counts once."""
    seeds, both = [], 0.0
    for table in tables:
        if len(table) > 1:
            deviation, by_chance = (part * shrunk for part in _spread(table))
            seeds.append((deviation**2 / len(table), len(table) - 1))
            both += min(deviation, by_chance) ** 2 / len(table)
    return _Error(problems=max(0.0, problems - both), seeds=tuple(seeds))


def _spread(table: Any) -> tuple[float, float]:  # noqa: ANN401  (a numpy array, imported late)
    """Give the standard deviation of the runs' means, and what it is about for runs equally good."""
    runs, problems = table.shape
    if runs == 1:
        return math.nan, math.nan
    means = table.mean(axis=1)
    rest = table - means[:, None] - table.mean(axis=0) + table.mean()
    freedom = max(1, problems - 1) * (runs - 1)
    return float(means.std(ddof=1)), math.sqrt(float((rest**2).sum()) / freedom / problems)


def _interval(
    estimate: float, middle: float, reach: float, ends: tuple[float, float], confidence: float
) -> Interval:
    # Shrunk by the made-up problems, the interval could miss an estimate at the very end of its range.
    low, high = min(estimate, max(ends[0], middle - reach)), max(estimate, min(ends[1], middle + reach))
    return Interval(estimate=estimate, low=low, high=high, confidence=confidence)
