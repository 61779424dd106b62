"""Means over problems and seeds: both sources of chance count."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.stats import clustered_interval, crossed_difference, crossed_interval, paired_mean_interval

SCORES = st.floats(0, 1, allow_subnormal=False)


def tables(runs):
    """Tables of scores: so many runs, of one to thirty problems."""
    return st.integers(1, 30).flatmap(
        lambda n: st.lists(st.lists(SCORES, min_size=n, max_size=n), min_size=runs, max_size=runs)
    )


def studies(generator, seeds, *, apart, problems=200, number=400):
    """Draw studies of a recipe that is worth ten points, its seeds `apart` by that standard deviation."""
    for _ in range(number):
        skill = 0.1 + 0.7 * generator.random(problems)
        shift = np.clip(generator.normal(0.1, apart, (seeds, 1)), -0.1, 0.2)
        base = generator.random((1, problems)) < skill
        tuned = generator.random((seeds, problems)) < skill + shift
        yield base.astype(float), tuned.astype(float)


@given(tables(2))
def test_one_run_a_side_is_the_paired_interval(scores):
    """Without several seeds nothing is added: the interval is that of paired means."""
    first, second = scores
    ours = crossed_difference([first], [second]).interval()
    theirs = paired_mean_interval([b - a for a, b in zip(first, second, strict=True)])
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(tables(1))
def test_one_run_has_the_clustered_interval(scores):
    """The accuracy of a single run has the interval that it has everywhere."""
    ours = crossed_interval(scores)
    theirs = clustered_interval(scores[0], range(len(scores[0])))
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(tables(4), st.permutations(range(3)))
def test_the_order_of_seeds_and_problems_does_not_matter(scores, order):
    """Seeds are drawn, not ranked; so are problems."""
    base, *tuned = scores
    there = crossed_difference([base], tuned)
    back = crossed_difference([base[::-1]], [tuned[index][::-1] for index in order])
    assert there.interval().low == pytest.approx(back.interval().low, abs=1e-9)
    assert there.p_value == pytest.approx(back.p_value, rel=1e-5, abs=1e-12)


@given(tables(5))
def test_the_other_way_round_is_the_mirror(scores):
    """What one recipe gains on the other, the other loses, and the p-value stays."""
    one, other = scores[:2], scores[2:]
    there, back = crossed_difference(one, other), crossed_difference(other, one)
    assert there.interval().low == pytest.approx(-back.interval().high, abs=1e-9)
    assert there.p_value == pytest.approx(back.p_value, rel=1e-5, abs=1e-12)


@given(tables(4), st.sampled_from([0.5, 0.9, 0.99]))
def test_the_interval_leaves_out_zero_where_the_p_value_is_small(scores, confidence):
    """Test and interval say the same, at every level."""
    base, *tuned = scores
    found = crossed_difference([base], tuned)
    if abs(found.p_value - (1 - confidence)) > 1e-6:
        assert found.interval(confidence).contains(0.0) is (found.p_value > 1 - confidence)


@given(tables(3))
def test_seeds_never_make_one_surer_than_the_problems_alone(scores):
    """Taking other seeds into account widens the interval of the mean over seeds, or leaves it."""
    base, *tuned = scores
    mean = [sum(column) / 2 for column in zip(*tuned, strict=True)]
    ours = crossed_difference([base], tuned).interval()
    theirs = paired_mean_interval([b - a for a, b in zip(base, mean, strict=True)])
    assert ours.width >= theirs.width - 1e-9


@pytest.mark.parametrize(("seeds", "apart"), [(3, 0.0), (3, 0.03), (5, 0.0), (5, 0.03)])
def test_it_holds_the_truth_whether_seeds_differ_or_not(seeds, apart):
    """Simulated: 95 % intervals hold the true gain in about 95 % of studies, over problems alone in fewer."""
    generator = np.random.default_rng(7)
    held = alone = 0
    for base, tuned in studies(generator, seeds, apart=apart):
        held += crossed_difference(base, tuned).interval().contains(0.1)
        alone += paired_mean_interval((tuned.mean(axis=0) - base[0]).tolist()).contains(0.1)
    assert 0.93 <= held / 400 <= 0.995
    assert alone <= held


def test_seeds_that_disagree_are_no_finding():
    """Two seeds up and one down leave it open, though over the problems alone the gain is certain."""
    base = [[0.0, 1.0] * 200]
    up, down = [1.0, 1.0] * 200, [0.0, 0.0] * 150 + [0.0, 1.0] * 50
    found = crossed_difference(base, [up, up, down])
    assert found.seeds.better == 2
    assert found.p_value > 0.05
    assert crossed_difference(base, [up, up, up]).p_value < 1e-6


def test_the_spread_of_equal_seeds_is_what_chance_makes_it():
    """Where seeds differ by the luck of single problems alone, the deviation is about what is said."""
    generator = np.random.default_rng(3)
    tuned = (generator.random((200, 300)) < 0.6).astype(float)
    spread = crossed_difference([[0.0] * 300], tuned).seeds
    assert spread.deviation == pytest.approx(spread.by_chance, rel=0.15)
    assert math.isnan(crossed_difference([[0.0]], [[1.0]]).seeds.deviation)


def test_what_would_be_found_grows_with_the_level_and_shrinks_with_seeds():
    """A stricter test sees less, more seeds show more, and two unlike seeds may show nothing at all."""
    generator = np.random.default_rng(5)
    base, tuned = next(studies(generator, 8, apart=0.03))
    three, eight = crossed_difference(base, tuned[:3]), crossed_difference(base, tuned)
    assert eight.detectable() < three.detectable() < (three.detectable(level=0.01) or 1)
    assert crossed_difference([[0.0] * 9], [[1.0] * 9, [0.0] * 9]).detectable() is None


def test_more_seeds_would_show_more():
    """With more seeds a smaller gain would be found, but none below what the problems show."""
    generator = np.random.default_rng(5)
    base, tuned = next(studies(generator, 4, apart=0.03))
    gain = crossed_difference(base, tuned)
    seen = [gain.detectable(seeds=number) for number in (3, 4, 6, 20, 1_000)]
    assert seen == sorted(seen, reverse=True)
    assert seen[1] == gain.detectable()
    assert seen[-1] > 0.02
    for one in (crossed_difference(base, tuned[:1]), gain):
        with pytest.raises(ValueError, match="at least 2 seeds"):
            one.detectable(seeds=1 if one is gain else 5)


@pytest.mark.parametrize(
    ("first", "second"),
    [([], [[1.0]]), ([[]], [[]]), ([[1, 0]], [[1]]), ([[1, 0], [1]], [[1, 0]]), ([[2]], [[1]])],
)
def test_tables_that_do_not_fit_are_refused(first, second):
    """No run, no problem, rows of unlike length and scores beyond 1 are errors."""
    with pytest.raises(ValueError, match=r"expected|between 0 and 1"):
        crossed_difference(first, second)
