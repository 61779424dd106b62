"""Balance: laws over made problems, and the shares it promises."""

from __future__ import annotations

import warnings
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError
from mathtune.problems import Problem, Problems, balance, plan_balance


def made(**counts):
    """Problems of the named subjects, their levels in turn."""
    return [
        Problem(id=f"{subject}-{n}", problem=f"{subject} {n}", subject=subject, level=n % 3 + 1)
        for subject, count in counts.items()
        for n in range(count)
    ]


def subjects(problems):
    return dict(Counter(p.subject for p in problems))


counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 12), min_size=1)


@given(counts, st.integers(0, 9), st.randoms(use_true_random=False))
def test_a_selection_depends_on_the_seed_and_not_on_the_order(sizes, seed, rng):
    """Shuffled problems give the same selection, in their own order."""
    problems = made(**sizes)
    shuffled = rng.sample(problems, len(problems))
    chosen, again = balance(problems, seed=seed), balance(shuffled, seed=seed)
    assert set(chosen) == set(again)
    assert list(chosen) == [p for p in problems if p in set(chosen)]
    assert list(again) == [p for p in shuffled if p in set(again)]


@given(counts)
def test_without_a_total_every_cell_gives_as_many_as_the_smallest_has(sizes):
    """Equal shares without a short cell."""
    assert subjects(balance(made(**sizes))) == dict.fromkeys(sizes, min(sizes.values()))


@given(counts, st.integers(1, 80), st.sampled_from(["equal", "proportional", "square-root"]))
def test_targets_add_up_to_the_total(sizes, total, shares):
    """Rounding never loses or gains a problem, and equal cells differ by one at most."""
    plan = plan_balance(made(**sizes), total=total, shares=shares)
    assert sum(cell.target for cell in plan.cells) == total
    if shares == "equal":
        assert max(c.target for c in plan.cells) - min(c.target for c in plan.cells) <= 1


@given(counts, st.integers(1, 80))
def test_a_short_cell_gives_all_it_has_and_is_told(sizes, total):
    """With short="report" each cell gives at most what it has, and a warning tells."""
    problems = made(**sizes)
    plan = plan_balance(problems, total=total)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        chosen = balance(problems, total=total)
    expected = {c.key[0]: min(c.available, c.target) for c in plan.cells if c.target}
    assert subjects(chosen) == expected
    assert bool(caught) == bool(plan.short) == (len(chosen) < total)


@given(counts, st.integers(1, 80))
def test_repeating_meets_every_target_under_new_ids(sizes, total):
    """With short="repeat" the total is met, no id occurs twice, and repeats are spread evenly."""
    chosen = balance(made(**sizes), total=total, short="repeat")
    assert len(chosen) == total
    assert len({p.id for p in chosen}) == total
    times = Counter(p.problem for p in chosen)
    for subject in sizes:
        own = [times[p.problem] for p in made(**sizes) if p.subject == subject]
        assert max(own) - min(own) <= 1


def test_weights_say_how_much_a_short_cell_should_count():
    """With short="weight" what is missing is made up by a factor."""
    chosen = balance(made(a=2, b=9), total=10, short="weight")
    assert subjects(chosen) == {"a": 2, "b": 5}
    assert {p.metadata.get("weight") for p in chosen if p.subject == "a"} == {2.5}
    assert not any("weight" in p.metadata for p in chosen if p.subject == "b")


def test_given_shares_are_obeyed():
    """Weights may be given by value or by tuple of values; a cell that is not named gets nothing."""
    problems = made(a=20, b=20, c=20)
    assert subjects(balance(problems, shares={"a": 3, "b": 1}, total=12)) == {"a": 9, "b": 3}
    chosen = balance(problems, by=("subject", "level"), shares={("a", 1): 1, ("c", 2): 1}, total=6)
    assert Counter((p.subject, p.level) for p in chosen) == {("a", 1): 3, ("c", 2): 3}


def test_square_root_lies_between_equal_and_proportional():
    """A cell with a hundred times more gets ten times more."""
    problems = made(a=4, b=400)
    assert subjects(balance(problems, shares="square-root", total=11)) == {"a": 1, "b": 10}
    assert subjects(balance(problems, shares="proportional", total=101)) == {"a": 1, "b": 100}


def test_a_budget_of_tokens_is_kept():
    """With a size the total is what the problems measure together, and no cell exceeds its share."""
    problems = made(a=30, b=30)
    chosen = balance(problems, total=100, size=lambda p: 7)
    assert subjects(chosen) == {"a": 7, "b": 7}


def test_problems_without_the_field_are_left_out_and_counted():
    """A problem of unknown level is in no cell, which is told."""
    problems = [*made(a=3, b=3), Problem(id="x", problem="?", subject="a")]
    with pytest.warns(UserWarning, match="1 problems without subject and level are left out"):
        chosen = balance(problems, by=("subject", "level"))
    assert "x" not in {p.id for p in chosen}
    assert plan_balance(problems, by="level").left_out == 1


def test_metadata_are_fields_too():
    """A key of the metadata divides problems as a field does, also where it holds a list."""
    problems = [Problem(id=str(n), problem=f"{n}", metadata={"tags": [n % 2]}) for n in range(5)]
    assert len(balance(problems, by="tags")) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "colour"}, "no problem has the field 'colour'"),
        ({"by": ()}, "at least one field"),
        ({"total": 0}, "more than 0"),
        ({"shares": "fair"}, "expected one of equal, proportional, square-root"),
        ({"shares": {"z": 1}}, "there is no cell"),
        ({"shares": {"a": -1}}, "at least 0"),
        ({"shares": {"a": 0}}, "one of them above"),
        ({"short": "ignore"}, "expected 'report', 'repeat' or 'weight'"),
    ],
)
def test_what_cannot_be_obeyed_is_refused(options, message):
    """A field, share or option that does not exist is an error that names it."""
    with pytest.raises(DataError, match=message):
        balance(made(a=2, b=2), **options)


def test_two_problems_of_one_id_are_refused():
    """A selection that could not tell problems apart is no selection."""
    problems = made(a=2)
    with pytest.raises(DataError, match="'a-0' is used twice"):
        balance(problems + problems)


def test_nothing_balances_to_nothing():
    """No problems give no problems; what was skipped on reading stays known."""
    error = DataError("no answer", line=2)
    assert len(balance([])) == 0
    assert balance(Problems(made(a=1), skipped=[error])).skipped == (error,)


def test_seeds_differ():
    """Another seed gives another selection."""
    problems = made(a=50, b=50)
    assert balance(problems, total=20, seed=1) != balance(problems, total=20, seed=2)
