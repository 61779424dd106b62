import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from mathtune.stats import area_under_roc

scored = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=60)


@given(scored)
def test_the_area_is_the_mann_whitney_statistic(pairs):
    """The area is SciPy's U, as a share of all pairs of a right and a wrong one; ties count half."""
    rights = [score for score, right in pairs if right]
    wrongs = [score for score, right in pairs if not right]
    ours = area_under_roc(*zip(*pairs, strict=True))
    if rights and wrongs:
        oracle = mannwhitneyu(rights, wrongs).statistic / (len(rights) * len(wrongs))
        assert ours == pytest.approx(oracle)
    else:
        assert math.isnan(ours)


def test_scores_and_labels_pair_up():
    """A score without a label is an error."""
    with pytest.raises(ValueError, match="zip"):
        area_under_roc([0.5], [])
