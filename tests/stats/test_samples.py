import itertools
import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from mathtune.stats import clustered_interval, majority, pass_at_k


@pytest.mark.parametrize(("samples", "correct"), [(5, 0), (5, 2), (6, 5), (7, 7)])
def test_pass_at_k_counts_the_draws_that_pass(samples, correct):
    """It is the share of all draws of k samples that hold a right one."""
    right = [True] * correct + [False] * (samples - correct)
    for k in range(1, samples + 1):
        draws = list(itertools.combinations(right, k))
        assert pass_at_k(samples, correct, k) == pytest.approx(sum(map(any, draws)) / len(draws))


@pytest.mark.parametrize("counts", [(5, 6, 1), (5, 2, 6), (5, 2, 0), (5, -1, 1)])
def test_pass_at_k_refuses_what_has_no_unbiased_estimate(counts):
    """More draws than samples, or impossible counts, are an error."""
    with pytest.raises(ValueError, match="k <= samples"):
        pass_at_k(*counts)


@given(st.lists(st.one_of(st.none(), st.integers(0, 4)), max_size=20))
def test_the_majority_has_the_most_votes(classes):
    """The chosen sample's class is the commonest, its position the first of it; no answers, no choice."""
    chosen = majority(classes)
    named = [name for name in classes if name is not None]
    if not named:
        assert chosen is None
        return
    assert named.count(classes[chosen]) == max(map(named.count, named))
    assert classes.index(classes[chosen]) == chosen


def test_clustered_interval_agrees_with_statsmodels():
    """The standard error is the cluster-robust one of statsmodels, up to its small-sample factor."""
    generator = np.random.default_rng(2)
    clusters = generator.integers(0, 40, 300)
    scores = (generator.random(300) < 0.2 + 0.6 * (clusters % 2)).astype(float)
    fitted = sm.OLS(scores, np.ones(300)).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}, use_t=True
    )
    groups = len(set(clusters.tolist()))
    ours = clustered_interval(scores.tolist(), clusters.tolist())
    reach = (fitted.conf_int()[0, 1] - fitted.conf_int()[0, 0]) / 2 * math.sqrt(groups / (groups - 1))
    assert ours.estimate == pytest.approx(scores.mean())
    assert ours.width / 2 == pytest.approx(reach, rel=1e-6)


def test_the_clustered_interval_covers_as_promised():
    """About 95 % of intervals hold the true accuracy; taking samples for problems would miss it often."""
    generator = np.random.default_rng(9)
    studies, problems, samples = 500, 40, 8
    clusters = np.repeat(np.arange(problems), samples).tolist()
    together = apart = 0
    for _ in range(studies):
        skill = generator.beta(0.5, 0.5, problems)
        scores = (generator.random(problems * samples) < np.repeat(skill, samples)).astype(float).tolist()
        together += clustered_interval(scores, clusters).contains(0.5)
        apart += clustered_interval(scores, range(len(scores))).contains(0.5)
    assert 0.92 < together / studies < 0.98
    assert apart / studies < 0.75


def test_one_problem_says_nothing_about_others():
    """From samples of a single problem, the interval is all of [0, 1]."""
    alone = clustered_interval([1, 1, 0], ["a", "a", "a"])
    assert (alone.low, alone.high) == (0, 1)


@pytest.mark.parametrize(("scores", "clusters"), [([], []), ([1.0], ["a", "b"])])
def test_scores_without_clusters_are_refused(scores, clusters):
    """Each score has its problem, and there is at least one."""
    with pytest.raises(ValueError, match="cluster for each score"):
        clustered_interval(scores, clusters)
