import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test

from mathtune.stats import mcnemar_exact, sign_flip_exact


@given(st.integers(0, 300), st.integers(0, 300))
def test_one_sample_a_problem_is_the_mcnemar_test(lost, won):
    """With differences of -1 and 1, the p-value is that of the exact McNemar test."""
    assert sign_flip_exact([-1] * lost + [1] * won + [0] * 5) == pytest.approx(
        mcnemar_exact(lost, won), rel=1e-9
    )


@given(st.lists(st.integers(-5, 5), max_size=9))
def test_every_setting_of_the_signs_is_counted(differences):
    """The p-value is the share of all settings of the signs whose sum is as far out."""
    seen = abs(sum(differences))
    settings = list(itertools.product((1, -1), repeat=len(differences)))
    far = sum(abs(sum(s * d for s, d in zip(signs, differences, strict=True))) >= seen for signs in settings)
    assert sign_flip_exact(differences) == pytest.approx(far / len(settings), rel=1e-9)


def test_it_agrees_with_scipy():
    """SciPy's permutation test of paired samples gives the same p-value."""
    first, second = [3, 1, 4, 1, 5, 2, 2, 0, 4, 3], [4, 1, 5, 4, 5, 4, 1, 2, 5, 3]
    oracle = permutation_test(
        (second, first),
        lambda a, b: sum(a) - sum(b),
        permutation_type="samples",
        n_resamples=100_000,
    )
    differences = [b - a for a, b in zip(first, second, strict=True)]
    assert sign_flip_exact(differences) == pytest.approx(oracle.pvalue, rel=1e-9)


def test_sums_beyond_counting_are_refused():
    """Sizes that would need a table of gigabytes are an error before any is laid out."""
    with pytest.raises(ValueError, match="too many to count"):
        sign_flip_exact([10**9, 1])
