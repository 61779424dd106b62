import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.stats import (
    mcnemar_exact,
    mcnemar_power,
    minimal_detectable_difference,
    minimal_detectable_mean_difference,
    problems_needed,
    sign_flip_exact,
)

totals = st.integers(1, 400)
shares = st.floats(0, 1)
# For problems and samples: the most that a problem changes where 80 % of studies find the mean change.
SHIFTS = {(40, 4): 0.59, (40, 8): 0.59, (100, 8): 0.24}


@pytest.mark.parametrize(("difference", "changing"), [(0.0, 0.3), (0.1, 0.2), (-0.15, 0.4), (0.2, 0.2)])
def test_power_is_how_often_the_test_finds_it(difference, changing):
    """The computed power is the share of simulated studies in which the test finds the difference."""
    chance, studies, total = random.Random(11), 3_000, 80
    lose, win = (changing - difference) / 2, (changing + difference) / 2
    found = 0
    for _ in range(studies):
        draws = [chance.random() for _ in range(total)]
        lost, won = sum(d < lose for d in draws), sum(lose <= d < lose + win for d in draws)
        found += mcnemar_exact(lost, won) <= 0.05
    assert mcnemar_power(difference, total, changing=changing) == pytest.approx(found / studies, abs=0.03)


@given(totals, shares, st.sampled_from([0.05, 0.01, 0.001]))
def test_false_alarms_stay_below_the_level(total, changing, level):
    """With no difference, the chance to "find" one is at most the level, whatever changes sides."""
    assert mcnemar_power(0.0, total, changing=changing, level=level) <= level + 1e-12


@given(totals, shares)
def test_the_smallest_difference_is_found_and_a_smaller_one_is_not(total, changing):
    """Power reaches 80 % at the smallest detectable difference and not a step below it."""
    smallest = minimal_detectable_difference(total, changing=changing)
    if smallest is None:
        assert mcnemar_power(1.0, total, changing=changing) < 0.8
        return
    assert mcnemar_power(smallest, total, changing=changing) >= 0.8
    assert mcnemar_power(smallest - 1e-4, total, changing=changing) < 0.8


def test_five_problems_show_nothing():
    """Five problems all lost have p = 0.0625: no difference can be found; six can show one."""
    assert minimal_detectable_difference(5) is None
    assert minimal_detectable_difference(6) == pytest.approx(0.8 ** (1 / 6), abs=1e-3)


@pytest.mark.parametrize(("difference", "changing"), [(0.05, 0.2), (-0.05, 0.2), (0.3, 0.3), (0.01, 0.05)])
def test_the_problems_needed_are_enough(difference, changing):
    """The number given has the power wanted; nine tenths of it has not."""
    needed = problems_needed(difference, changing=changing)
    assert mcnemar_power(difference, needed, changing=changing) >= 0.8
    assert mcnemar_power(difference, needed * 9 // 10, changing=changing) < 0.8


def test_no_difference_needs_no_finite_number_of_problems():
    """A difference of 0 cannot be shown: an error, not an endless search."""
    with pytest.raises(ValueError, match="no number of problems"):
        problems_needed(0.0, changing=0.2)


@pytest.mark.parametrize("arguments", [{"difference": 1.5}, {"changing": -0.1}, {"level": 5}])
def test_shares_out_of_range_are_refused(arguments):
    """A share or level outside its range is an error."""
    with pytest.raises(ValueError, match=r"shares|level"):
        mcnemar_power(**({"difference": 0.1, "total": 50, "changing": 0.2} | arguments))


@pytest.mark.parametrize(("problems", "samples", "level"), [(40, 4, 0.05), (40, 8, 0.05 / 8), (100, 8, 0.05)])
def test_a_mean_difference_of_that_size_is_found_four_times_in_five(problems, samples, level):
    """A true change of the size said is found in about 80 % of simulated studies."""
    generator = np.random.default_rng(3)
    said, found, changed = [], 0, 0.0
    for _ in range(200):
        skill = generator.beta(0.7, 0.7, problems)
        tuned = skill + SHIFTS[problems, samples] * generator.random(problems) * (1 - skill)
        differences = (generator.binomial(samples, tuned) - generator.binomial(samples, skill)).tolist()
        found += sign_flip_exact(differences) <= level
        changed += float((tuned - skill).mean()) / 200
        shares = [difference / samples for difference in differences]
        said.append(minimal_detectable_mean_difference(shares, samples=samples, level=level))
    assert 0.72 < found / 200 < 0.9
    assert changed == pytest.approx(np.median(said), rel=0.1)


def test_eight_samples_show_smaller_changes_than_one():
    """The more samples a problem has, the less its difference scatters, and the less goes unseen."""
    generator = np.random.default_rng(5)
    skill = generator.random(200)
    seen = []
    for samples in (1, 8):
        changes = (generator.binomial(samples, skill) - generator.binomial(samples, skill)) / samples
        seen.append(minimal_detectable_mean_difference(changes.tolist(), samples=samples))
    assert seen[1] < seen[0] / 2


@given(st.integers(1, 60), st.integers(1, 8))
def test_without_any_change_it_is_the_exact_tests_least(total, samples):
    """Where nothing changed there is no scatter, but the test still asks for enough changed problems."""
    least = minimal_detectable_difference(total)
    found = minimal_detectable_mean_difference([0.0] * total, samples=samples)
    assert found == (None if least is None else pytest.approx(least / samples, abs=1e-4))


def test_a_mean_difference_without_samples_is_refused():
    """No samples, no differences."""
    with pytest.raises(ValueError, match="at least one sample"):
        minimal_detectable_mean_difference([0.1] * 20, samples=0)
