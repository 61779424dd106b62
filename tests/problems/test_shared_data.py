"""Published datasets, as they lie beside the repository: every row is read, or the test is skipped."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from mathtune.grading import equivalent
from mathtune.problems import read_problems
from mathtune.problems._columns import COLUMNS

DATA = Path(__file__).parents[2] / "../shared/data"
FILES = sorted(DATA.glob("*.jsonl"))

pytestmark = pytest.mark.skipif(not FILES, reason="needs ../shared/data")


@pytest.fixture(scope="module")
def train():
    return read_problems(DATA / "math_train.jsonl")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_is_read(path):
    """No row is lost, each has a problem and a gold answer, and ids are unique."""
    problems = read_problems(path)
    assert len(problems) == sum(1 for _ in path.open(encoding="utf-8"))
    assert not problems.skipped
    assert all(p.problem.strip() and p.answer and p.answer.strip() for p in problems)
    assert len({p.id for p in problems}) == len(problems)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_column_is_lost(path):
    """Each column of a row is known as a field's, or stands in the metadata as it was."""
    known = {name for names in COLUMNS.values() for name in names}
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    for row, problem in zip(rows, read_problems(path), strict=True):
        rest = {name: value for name, value in row.items() if name in problem.metadata}
        assert {name: problem.metadata[name] for name in rest} == rest
        assert {name.lower().replace(" ", "_") for name in set(row) - set(rest)} <= known


def test_math_has_its_subjects_and_levels(train):
    """The 7,500 problems of MATH's train split fall into seven subjects; two have no level."""
    assert Counter(p.subject for p in train) == {
        "Algebra": 1744,
        "Intermediate Algebra": 1295,
        "Prealgebra": 1205,
        "Geometry": 870,
        "Number Theory": 869,
        "Counting & Probability": 771,
        "Precalculus": 746,
    }
    assert Counter(p.level for p in train)[None] == 2
    assert {p.level for p in train} == {1, 2, 3, 4, 5, None}


def test_known_faults_are_mended(train):
    """Rows with an empty box, with answers boxed one by one, or given away by the question, are patched."""
    patched = {p.answer for p in train if "patch" in p.metadata}
    assert len(patched) == 13
    assert {"0", "2x+1, -2x-1", "12, 18"} <= patched
    mended = [p for p in read_problems(DATA / "gaokao2023en.jsonl") if "patch" in p.metadata]
    assert [p.answer for p in mended] == ["\\frac{3}{10}", "A"]
    assert not any("nswer" in p.problem for p in mended)


def test_gold_answers_of_math_are_those_that_people_wrote():
    """The gold of each of MATH's 5,000 test problems is equal to the answer that a person wrote for it.

    Where the person lists accepted alternatives, the gold is one of them.
    """
    gold = {p.problem: p.answer for p in read_problems(DATA / "math_test.jsonl")}
    people = read_problems(DATA / "math_test_human_types.jsonl")
    differing = [
        (gold[p.problem], p.answer)
        for p in people
        if not any(equivalent(gold[p.problem], text) for text in (p.answer, *p.metadata.get("answer", ())))
    ]
    assert len(differing) <= 2, differing


def test_gold_answers_of_math_agree_with_the_published_ones():
    """The gold of MATH's solutions is the answer that MATH-500 gives for the same problem."""
    boxed = {p.problem: p.answer for p in read_problems(DATA / "math_test.jsonl")}
    published = read_problems(DATA / "math500.jsonl")
    differing = [(p.answer, boxed[p.problem]) for p in published if boxed[p.problem] != p.answer]
    assert len(differing) <= 5, differing
