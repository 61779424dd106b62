import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from mathtune.stats import wilson_interval

counts = st.integers(1, 5_000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


@given(counts, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_agrees_with_statsmodels(count, confidence):
    """The interval is the one that statsmodels gives."""
    ours = wilson_interval(*count, confidence=confidence)
    low, high = proportion_confint(*count, alpha=1 - confidence, method="wilson")
    assert ours.low == pytest.approx(max(0, low), abs=1e-12)
    assert ours.high == pytest.approx(min(1, high), abs=1e-12)


@given(counts)
def test_wilson_holds_its_estimate_and_mirrors(count):
    """The interval stays in [0, 1], holds the estimate, and failures give the mirror image."""
    successes, trials = count
    ours, mirror = wilson_interval(successes, trials), wilson_interval(trials - successes, trials)
    assert 0 <= ours.low <= ours.estimate <= ours.high <= 1
    assert ours.low == pytest.approx(1 - mirror.high, abs=1e-12)


def test_nothing_tried_is_nothing_known():
    """Of no trials nothing is known: no estimate, and the interval is all there is."""
    nothing = wilson_interval(0, 0)
    assert math.isnan(nothing.estimate)
    assert (nothing.low, nothing.high) == (0, 1)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 3), (4, 3), (0, -1)])
def test_impossible_counts_are_refused(successes, trials):
    """Counts that cannot be are an error, not an interval."""
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(successes, trials)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
def test_a_confidence_in_percent_is_refused(confidence):
    """A confidence of 95 meant 0.95; the message says so."""
    with pytest.raises(ValueError, match=r"0\.95 is 95 %"):
        wilson_interval(1, 2, confidence)


@pytest.mark.parametrize("trials", [10, 50, 400])
def test_wilson_covers_as_promised(trials):
    """Over all true accuracies, 95 % of intervals hold the truth, and never far fewer (exact)."""
    intervals = [wilson_interval(k, trials) for k in range(trials + 1)]
    covered = [
        sum(binom.pmf(k, trials, p) for k, i in enumerate(intervals) if i.contains(p))
        for p in (step / 100 for step in range(5, 96))
    ]
    assert sum(covered) / len(covered) == pytest.approx(0.95, abs=0.01)
    assert min(covered) > 0.88
