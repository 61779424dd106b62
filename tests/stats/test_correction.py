import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from mathtune.stats import benjamini_hochberg, holm

p_values = st.lists(st.floats(0, 1), max_size=60)
METHODS = [(holm, "holm"), (benjamini_hochberg, "fdr_bh")]


@pytest.mark.parametrize(("adjust", "name"), METHODS)
@settings(max_examples=12)  # statsmodels collects all garbage in each call of its Holm method
@given(values=p_values)
def test_the_corrections_agree_with_statsmodels(adjust, name, values):
    """The adjusted p-values are statsmodels's, in the order given."""
    oracle = multipletests(values, method=name)[1] if values else []
    assert adjust(values) == pytest.approx(tuple(oracle), abs=1e-12)


@pytest.mark.parametrize(("adjust", "name"), METHODS)
@given(values=p_values)
def test_a_correction_never_helps(adjust, name, values):
    """An adjusted p-value is no smaller than it was and keeps the ranking."""
    pairs = sorted(zip(values, adjust(values), strict=True))
    assert all(before <= after + 1e-12 for before, after in pairs)
    assert [after for _, after in pairs] == sorted(after for _, after in pairs)


def test_holm_keeps_the_family_wise_level():
    """With 8 true nulls, at least one false finding comes in about 5 % of families, not 34 %."""
    chance = random.Random(7)
    families = 4_000
    false = sum(min(holm([chance.random() for _ in range(8)])) <= 0.05 for _ in range(families))
    assert 0.03 < false / families < 0.065


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_value_is_refused(adjust, value):
    """A number outside [0, 1] is an error."""
    with pytest.raises(ValueError, match="p-value"):
        adjust([0.5, value])
