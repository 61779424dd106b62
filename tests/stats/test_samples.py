import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t
from statsmodels.stats.proportion import proportion_confint

from mathtune.stats import clustered_interval, majority, majority_at_k, pass_at_k, wilson_interval


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


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_majority_at_k_averages_over_draws(k):
    """It is the average over all draws of k samples; with one sample it is the plain accuracy."""
    classes = ["right", "wrong", "right", None]
    votes = []
    for draw in itertools.combinations(classes, k):
        counts = {name: draw.count(name) for name in draw if name is not None}
        tied = [name for name, count in counts.items() if count == max(counts.values())]
        votes.append(tied.count("right") / len(tied) if tied else 0)
    assert majority_at_k(classes, "right", k) == pytest.approx(sum(votes) / len(votes))
    assert majority_at_k(classes, "right", 1) == 0.5


def test_majority_at_k_draws_where_there_are_too_many_ways():
    """With six in ten samples right and the wrong ones split, nine votes are mostly right; seeds fix it."""
    classes = ["right"] * 38 + [f"wrong {n % 2}" for n in range(26)]
    found = majority_at_k(classes, "right", 9)
    assert found == majority_at_k(classes, "right", 9)
    assert found > 0.85
    assert found != majority_at_k(classes, "right", 9, seed=1)


@pytest.mark.parametrize("k", [0, 4])
def test_majority_at_k_needs_enough_samples(k):
    """A vote of more samples than there are is an error."""
    with pytest.raises(ValueError, match="1 <= k <= 3"):
        majority_at_k(["a", "b", "c"], "a", k)


def test_the_effective_size_comes_from_statsmodels_clustered_error():
    """Wilson's interval for as many samples as the clustered error of statsmodels says."""
    generator = np.random.default_rng(2)
    clusters = generator.integers(0, 40, 300)
    scores = (generator.random(300) < 0.2 + 0.6 * (clusters % 2)).astype(float)
    fitted = sm.OLS(scores, np.ones(300)).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}
    )
    groups = len(set(clusters.tolist()))
    variance = fitted.bse[0] ** 2 * groups / (groups - 1)
    few = (norm.ppf(0.975) / t.ppf(0.975, groups - 1)) ** 2
    size = scores.mean() * (1 - scores.mean()) / variance * few
    low, high = proportion_confint(scores.mean() * size, size, method="wilson")
    ours = clustered_interval(scores.tolist(), clusters.tolist())
    assert groups < size < 300
    assert (ours.low, ours.high) == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize("problems", [10, 40])
@pytest.mark.parametrize("shape", [0.5, 3.0])
def test_the_clustered_interval_covers_as_promised(problems, shape):
    """About 95 % of intervals hold the true accuracy, however alike the samples of a problem are."""
    generator = np.random.default_rng(9)
    studies, samples = 500, 8
    clusters = np.repeat(np.arange(problems), samples).tolist()
    covered = 0
    for _ in range(studies):
        skill = generator.beta(shape, shape / 4, problems)
        scores = (generator.random(problems * samples) < np.repeat(skill, samples)).astype(float)
        covered += clustered_interval(scores.tolist(), clusters).contains(0.8)
    assert 0.92 < covered / studies < 0.995


def test_samples_taken_for_problems_would_be_overconfident():
    """Where samples of a problem agree, an interval that took them for problems misses the truth often."""
    generator = np.random.default_rng(4)
    missed = 0
    for _ in range(300):
        scores = np.repeat(generator.random(40) < 0.5, 8).astype(float).tolist()
        missed += not clustered_interval(scores, range(320)).contains(0.5)
    assert missed / 300 > 0.3


def test_agreement_of_a_few_problems_is_not_certainty():
    """Two problems solved in all samples are worth two successes, not sixteen; one is worth one."""
    two = clustered_interval([1] * 16, ["a", "b"] * 8)
    one = clustered_interval([1] * 16, ["a"] * 16)
    assert two.low == pytest.approx(wilson_interval(2, 2).low)
    assert one.low == pytest.approx(wilson_interval(1, 1).low)


def test_a_sample_of_each_problem_gives_wilsons_interval():
    """With one sample a problem, the interval is nearly Wilson's own."""
    ours, plain = clustered_interval([1] * 300 + [0] * 200, range(500)), wilson_interval(300, 500)
    assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high), abs=1e-3)


@pytest.mark.parametrize(("scores", "clusters"), [([], []), ([1.0], ["a", "b"]), ([2.0], ["a"])])
def test_what_are_no_clustered_scores_is_refused(scores, clusters):
    """Each score has its problem, lies in [0, 1], and there is at least one."""
    with pytest.raises(ValueError, match=r"cluster for each score|between 0 and 1"):
        clustered_interval(scores, clusters)
