import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from mathtune.stats import clustered_interval, majority, majority_at_k, pass_at_k


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


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.sampled_from([0.9, 0.95, 0.99]))
def test_with_one_sample_a_problem_it_is_the_interval_of_agresti_and_coull(right, confidence):
    """It is what statsmodels calls agresti_coull, but for an end that would leave out the estimate itself."""
    low, high = proportion_confint(sum(right), len(right), alpha=1 - confidence, method="agresti_coull")
    ours = clustered_interval(right, range(len(right)), confidence)
    assert ours.low == pytest.approx(min(ours.estimate, low))
    assert ours.high == pytest.approx(max(ours.estimate, high))


def test_in_large_studies_the_error_is_statsmodels_clustered_one():
    """With thousands of problems of different sizes, the made-up ones make no difference."""
    generator = np.random.default_rng(2)
    clusters = generator.integers(0, 4_000, 20_000)
    scores = (generator.random(20_000) < 0.2 + 0.6 * (clusters % 2)).astype(float)
    fitted = sm.OLS(scores, np.ones(20_000)).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}
    )
    ours = clustered_interval(scores.tolist(), clusters.tolist())
    assert (ours.low, ours.high) == pytest.approx(fitted.conf_int()[0], abs=2e-4)


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


def test_a_few_problems_that_are_never_solved_may_not_have_been_met():
    """Where a model solves most problems always and one in twenty never, the interval allows for that."""
    generator = np.random.default_rng(6)
    clusters, covered = np.repeat(np.arange(25), 8).tolist(), 0
    for _ in range(300):
        skill = np.repeat(generator.choice([0.98, 0.0], 25, p=[0.96, 0.04]), 8)
        scores = (generator.random(200) < skill).astype(float).tolist()
        covered += clustered_interval(scores, clusters).contains(0.96 * 0.98)
    assert covered / 300 > 0.93


def test_one_wrong_sample_more_makes_no_one_surer():
    """From all right to all but one, the interval goes down and gets no narrower."""
    clusters = [number // 8 for number in range(200)]
    every, all_but_one = (clustered_interval([1] * (200 - n) + [0] * n, clusters) for n in (0, 1))
    assert all_but_one.low < every.low
    assert all_but_one.width >= every.width


def test_samples_that_agree_are_worth_one():
    """Problems that each have the same result in all samples tell what one sample of each would."""
    several = clustered_interval([1] * 16 + [0] * 8, [number // 8 for number in range(24)])
    assert several == clustered_interval([1, 1, 0], "abc")


@pytest.mark.parametrize(("scores", "clusters"), [([], []), ([1.0], ["a", "b"]), ([2.0], ["a"])])
def test_what_are_no_clustered_scores_is_refused(scores, clusters):
    """Each score has its problem, lies in [0, 1], and there is at least one."""
    with pytest.raises(ValueError, match=r"cluster for each score|between 0 and 1"):
        clustered_interval(scores, clusters)
