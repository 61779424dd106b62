"""Values: Problem and Problems."""

from __future__ import annotations

import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError
from mathtune.problems import Problem, Problems, balance, deduplicate, plan_balance

problems = st.builds(
    Problem,
    id=st.text(min_size=1),
    problem=st.text(min_size=1),
    solution=st.none() | st.text(),
    answer=st.none() | st.text(),
    subject=st.none() | st.text(),
    level=st.none() | st.integers(1, 5),
    source=st.text(),
    metadata=st.dictionaries(st.text(), st.none() | st.integers() | st.text()),
)


@given(problems)
def test_a_problem_comes_back_from_its_dict_and_from_pickle(problem):
    """A problem survives to_dict and pickling."""
    assert Problem.from_dict(problem.to_dict()) == problem
    assert pickle.loads(pickle.dumps(problem)) == problem


def test_a_problem_cannot_be_changed():
    """A problem is frozen, and does not see later changes of the metadata it was given."""
    metadata = {"year": 2020}
    problem = Problem(id="1", problem="$1+1$", metadata=metadata)
    metadata["year"] = 1999
    assert problem.metadata == {"year": 2020}
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        problem.answer = "2"


@given(st.lists(problems, max_size=8), st.slices(8))
def test_problems_are_a_sequence(items, part):
    """Problems behave as the tuple of what they hold; slices and sums are Problems, too."""
    both = Problems(items)
    assert list(both) == items
    assert len(both) == len(items)
    assert isinstance(both[part], Problems)
    assert list(both[part]) == items[part]
    assert both + Problems(items[:2]) == Problems([*items, *items[:2]])
    assert all(item in both for item in items)


def test_skipped_rows_stay_with_the_problems():
    """A slice and a sum still tell which rows were left out."""
    error, other = DataError("no answer", line=3), DataError("no problem", line=9)
    one = Problems([Problem(id="1", problem="$1$")], skipped=[error])
    two = Problems([Problem(id="2", problem="$2$")], skipped=[other])
    assert one[:0].skipped == (error,)
    assert (one + two).skipped == (error, other)
    assert "2 skipped" in repr(one + two)


@pytest.mark.parametrize("items", [[{"problem": "1+1?"}], "rows.jsonl", [Problem(id="1", problem="?"), 3]])
def test_what_is_no_problem_is_refused(items):
    """Rows that nobody has read yet, or a file's name, are told how they become problems."""
    for take in (Problems, balance, plan_balance, deduplicate):
        with pytest.raises(TypeError, match=r"^expected problems, found (dict|str|int).*read_problems"):
            take(items)


def test_a_notebook_shows_problems_escaped():
    """Text of a dataset cannot bring markup into a notebook."""
    shown = Problems([Problem(id="<b>", problem="<script>alert(1)</script>")])._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
