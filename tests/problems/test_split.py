"""Splits that share nothing, and mixtures by weight."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError
from mathtune.problems import Problem, Problems, mix, read_problems, split

LONG = (
    "A train with {} cars leaves the station at noon and a second one with {} cars follows it an hour later "
    "on the same track. How many cars are there together in both of the trains?"
)


@pytest.fixture(scope="module")
def drills():
    return read_problems("mathtune:drills", split="train", limit=400)


def test_parts_are_a_partition_in_order(drills):
    """Each problem is in one part, and parts keep the order."""
    parts = split(drills, {"train": 0.8, "dev": 0.1, "test": 0.1})
    assert sorted(p.id for part in parts.values() for p in part) == sorted(p.id for p in drills)
    for part in parts.values():
        assert list(part) == [p for p in drills if p in set(part)]


def test_parts_have_the_same_mixture(drills):
    """Each subject is divided by the same shares as the whole."""
    parts = split(drills, {"train": 3, "test": 1}, by="subject", near=None)
    for subject, count in Counter(p.subject for p in drills).items():
        assert abs(sum(p.subject == subject for p in parts["test"]) - count / 4) <= 1


def test_near_problems_stay_together():
    """Problems of one wording are never on two sides, whatever their numbers."""
    same = [Problem(id=f"t{n}", problem=LONG.format(n, n + 7), answer="1") for n in range(10, 30)]
    other = [Problem(id=f"o{n}", problem=f"What is ${n}$ squared?", answer="1") for n in range(60)]
    for seed in range(5):
        parts = split([*same, *other], {"a": 1, "b": 1}, by="subject", seed=seed)
        assert {sum(p in set(same) for p in part) for part in parts.values()} == {0, 20}
        assert abs(len(parts["a"]) - 40) <= 1
    alone = split([*same, *other], {"a": 1, "b": 1}, by="subject", near=None)
    assert 0 < sum(p in set(same) for p in alone["a"]) < 20


@given(st.randoms(use_true_random=False), st.integers(0, 5))
def test_a_split_depends_on_the_seed_and_not_on_the_order(rng, seed):
    """Shuffled problems fall into the same parts."""
    problems = [Problem(id=str(n), problem=f"What is ${n}+1$?", subject="ab"[n % 2]) for n in range(30)]
    shuffled = rng.sample(problems, len(problems))
    one, two = (split(p, {"x": 2, "y": 1}, by="subject", seed=seed) for p in (problems, shuffled))
    assert {name: set(part) for name, part in one.items()} == {name: set(part) for name, part in two.items()}


def test_what_cannot_be_split_is_refused():
    """Shares have to be positive, ids unique."""
    with pytest.raises(DataError, match="positive share"):
        split([], {"train": 1, "test": 0})
    with pytest.raises(DataError, match="used twice"):
        split([Problem(id="1", problem="a"), Problem(id="1", problem="b")], {"x": 1})


def made(prefix, count):
    return [Problem(id=f"{n}", problem=f"{prefix} {n}", subject=prefix) for n in range(count)]


def test_a_mixture_has_its_weights_and_new_ids():
    """Sources come by weight, their ids with the source's name, so that equal ids do not clash."""
    mixed = mix({"easy": made("e", 30), "hard": made("h", 30)}, {"easy": 1, "hard": 2}, total=30)
    assert Counter(p.metadata["part"] for p in mixed) == {"easy": 10, "hard": 20}
    assert all(p.id == f"{p.metadata['part']}:{p.problem.split()[1]}" for p in mixed)


def test_every_beginning_of_a_mixture_is_mixed():
    """Sources do not come one after the other."""
    mixed = mix({"a": made("a", 200), "b": made("b", 200)})
    assert 30 < sum(p.subject == "a" for p in mixed[:100]) < 70


def test_without_weights_everything_is_taken():
    """Weights default to the sizes, so that nothing is lost."""
    assert len(mix({"a": made("a", 5), "b": made("b", 9)})) == 14
    assert len(mix({"a": made("a", 5), "b": made("b", 9)}, {"a": 1, "b": 1})) == 10


def test_a_short_source_is_told_or_repeated():
    """Shortage is accounted for as in balance."""
    sources = {"a": made("a", 3), "b": made("b", 30)}
    with pytest.warns(UserWarning, match="a has 3 of 10"):
        assert len(mix(sources, {"a": 1, "b": 1}, total=20)) == 13
    assert len(mix(sources, {"a": 1, "b": 1}, total=20, short="repeat")) == 20
    with pytest.raises(DataError, match="there is no cell"):
        mix(sources, {"c": 1})


def test_what_was_skipped_in_the_sources_stays_known():
    """The account of each source is the account of the mixture."""
    error = DataError("no answer", line=4)
    assert mix({"a": Problems(made("a", 2), skipped=[error])}).skipped == (error,)
