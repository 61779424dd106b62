import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import xlogy
from scipy.stats import binom, multinomial
from statsmodels.stats.contingency_tables import mcnemar

from mathtune.stats import mcnemar_exact, paired_difference_interval, paired_mean_interval

sides = st.integers(0, 3_000)
tables = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 2_000))


@given(sides, sides)
def test_mcnemar_agrees_with_statsmodels(lost, won):
    """The p-value is statsmodels's, and the same whichever model is called the first."""
    oracle = mcnemar([[0, lost], [won, 0]], exact=True).pvalue if lost + won else 1.0
    assert mcnemar_exact(lost, won) == pytest.approx(min(1.0, oracle), rel=1e-9)
    assert mcnemar_exact(lost, won) == mcnemar_exact(won, lost)


def test_mcnemar_keeps_its_level():
    """When neither model is better, 5 % findings are at most 5 % (exact, over all splits)."""
    for changed in range(1, 120):
        false = sum(
            binom.pmf(won, changed, 0.5)
            for won in range(changed + 1)
            if mcnemar_exact(changed - won, won) <= 0.05
        )
        assert false <= 0.05


def test_mcnemar_reaches_far_tails():
    """A split that chance never gives has a p-value above 0 and far below any level."""
    assert 0 < mcnemar_exact(0, 1_000) < 1e-300


@given(tables)
def test_the_interval_holds_the_estimate_and_mirrors(table):
    """Low <= estimate <= high within [-1, 1]; calling the other model the first turns it around."""
    lost, won, same = table
    total = lost + won + same
    ours = paired_difference_interval(lost, won, total) if total else None
    if ours is None:
        assert math.isnan(paired_difference_interval(0, 0, 0).estimate)
        return
    mirror = paired_difference_interval(won, lost, total)
    assert -1 <= ours.low <= ours.estimate <= ours.high <= 1
    assert ours.estimate == pytest.approx((won - lost) / total)
    assert (mirror.low, mirror.high) == pytest.approx((-ours.high, -ours.low), abs=1e-9)


@pytest.mark.parametrize("table", [(5, 15, 100), (0, 7, 40), (3, 3, 12), (40, 12, 400), (1, 0, 44)])
def test_the_ends_are_where_the_score_test_turns(table):
    """At each end, the score test with a likelihood found by search (not by formula) gives z = 1.96."""
    lost, won, total = table
    ours = paired_difference_interval(lost, won, total)
    assert _score_by_search(lost, won, total, ours.low) == pytest.approx(1.959964, abs=2e-3)
    assert _score_by_search(lost, won, total, ours.high) == pytest.approx(-1.959964, abs=2e-3)


def _score_by_search(lost, won, total, difference):
    def unlikelihood(share):
        return -(
            xlogy(lost, share)
            + xlogy(won, share + difference)
            + xlogy(total - lost - won, 1 - 2 * share - difference)
        )

    floor, ceiling = max(0.0, -difference), (1 - difference) / 2
    share = minimize_scalar(
        unlikelihood, bounds=(floor, ceiling), method="bounded", options={"xatol": 1e-12}
    ).x
    variance = total * (2 * share + difference - difference**2)
    return (won - lost - total * difference) / math.sqrt(variance)


def test_no_change_at_all_is_not_certainty():
    """When no problem changed sides, the interval is z²/(n + z²) to either side, not a point."""
    ours = paired_difference_interval(0, 0, 20)
    assert (ours.low, ours.high) == pytest.approx((-0.16113, 0.16113), abs=1e-5)


@pytest.mark.parametrize("total", [12, 30])
@pytest.mark.parametrize(("lost", "won"), [(0.1, 0.1), (0.05, 0.25), (0.3, 0.3), (0.02, 0.08)])
def test_the_interval_covers_as_promised(lost, won, total):
    """About 95 % of intervals hold the true difference, also for a dozen problems (exact)."""
    tables = [(b, c, total - b - c) for b in range(total + 1) for c in range(total + 1 - b)]
    chances = multinomial.pmf(tables, total, [lost, won, 1 - lost - won])
    covered = sum(
        chance
        for (b, c, _), chance in zip(tables, chances, strict=True)
        if paired_difference_interval(b, c, total).contains(won - lost)
    )
    assert 0.93 <= covered <= 0.999


@pytest.mark.parametrize("table", [(-1, 0, 3), (0, -1, 3), (2, 2, 3)])
def test_impossible_tables_are_refused(table):
    """Counts that cannot be are an error, not an interval."""
    with pytest.raises(ValueError, match=r"negative|<= total"):
        paired_difference_interval(*table)


@given(tables)
def test_the_mean_interval_of_single_samples_is_bonett_and_prices(table):
    """With differences of -1, 0 and 1, the interval is the published adjusted Wald interval."""
    lost, won, same = table
    ours = paired_mean_interval([-1.0] * lost + [1.0] * won + [0.0] * same)
    size = lost + won + same + 2
    first, second = (lost + 1) / size, (won + 1) / size
    reach = 1.959964 * math.sqrt((first + second - (second - first) ** 2) / size)
    if size > 2:
        assert ours.low == pytest.approx(min(ours.estimate, max(-1, second - first - reach)), abs=1e-6)
        assert ours.high == pytest.approx(max(ours.estimate, min(1, second - first + reach)), abs=1e-6)
    else:
        assert math.isnan(ours.estimate)


@pytest.mark.parametrize("problems", [5, 20, 100])
@pytest.mark.parametrize("gain", [0.0, 0.2])
def test_the_mean_interval_covers_as_promised(problems, gain):
    """At least 94 % of intervals hold the true difference, with four samples of each problem."""
    generator = np.random.default_rng(13)
    studies = 800
    covered = 0
    for _ in range(studies):
        skill = generator.beta(0.6, 0.6, problems)
        first = generator.binomial(4, skill) / 4
        second = generator.binomial(4, skill + gain * (1 - skill)) / 4
        covered += paired_mean_interval((second - first).tolist()).contains(gain / 2)
    assert covered / studies > 0.94


def test_a_few_unchanged_problems_are_not_certainty():
    """Two problems that did not change leave much room to either side."""
    ours = paired_mean_interval([0.0, 0.0])
    assert ours.low < -0.5
    assert ours.high > 0.5


def test_differences_beyond_one_are_refused():
    """A difference of shares cannot exceed 1."""
    with pytest.raises(ValueError, match="between -1 and 1"):
        paired_mean_interval([1.5])
