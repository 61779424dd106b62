import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.stats import mcnemar_exact, mcnemar_power, minimal_detectable_difference, problems_needed

totals = st.integers(1, 400)
shares = st.floats(0, 1)


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
