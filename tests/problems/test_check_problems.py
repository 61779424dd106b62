"""The check of a dataset: counts, repetitions, doubtful gold answers, contamination, known traps."""

from __future__ import annotations

from pathlib import Path

import pytest

from mathtune.errors import DataError
from mathtune.problems import Problem, Problems, check_problems, read_problems

DATA = Path(__file__).parents[2] / "../shared/data"


def made(*rows):
    return [
        Problem(**{"id": str(n), "problem": f"What is ${n}+1$?", "answer": str(n + 1)} | row)
        for n, row in enumerate(rows)
    ]


def test_subjects_and_levels_are_counted():
    """Counts are by value, with those without last."""
    report = check_problems(
        made({"subject": "B", "level": 2}, {"subject": "A"}, {"subject": "B", "level": 1}, {})
    )
    assert report.total == 4
    assert list(report.subjects.items()) == [("A", 1), ("B", 2), (None, 1)]
    assert list(report.levels.items()) == [(1, 1), (2, 1), (None, 2)]


def test_doubtful_gold_answers_are_named():
    """A gold answer that is missing or cannot be read is told with its problem."""
    report = check_problems(made({"answer": None}, {"answer": "\\frac{1}{2}"}, {"answer": "\\frac{1}{)("}))
    assert [(doubt.id, doubt.problem) for doubt in report.doubts] == [
        ("0", "missing"),
        ("2", "unreadable"),
    ]


def test_several_boxes_are_named():
    """A solution with more than one box is told: the last one is only a guess."""
    report = check_problems(made({"solution": "\\boxed{1} or \\boxed{2}"}, {"solution": "\\boxed{2}"}))
    assert report.several_boxes == ("0",)


def test_repetitions_skipped_rows_and_contamination_are_in_one_report():
    """What was left out on reading, what comes again and what a test set holds are each told."""
    problems = Problems(made({}, {"problem": "What is $0+1$?"}, {}), skipped=[DataError("no answer", line=7)])
    report = check_problems(problems, against={"sums": made({})})
    assert [(r.problem.id, r.other) for r in report.repeated] == [("1", "0")]
    assert [(r.problem.id, r.where) for r in report.contaminated] == [("0", "sums"), ("1", "sums")]
    expected = {
        "3 problems",
        "1 row not readable",
        "  line 7: no answer",
        "2 problems also in sums",
    }
    assert expected <= set(str(report).splitlines())


def test_a_long_list_is_cut_in_print():
    """Printed are five of a kind and the number of the rest; the report itself holds all."""
    report = check_problems(made(*({"answer": None} for _ in range(12))))
    assert len(report.doubts) == 12
    assert "  and 7 more" in str(report).splitlines()


def test_known_datasets_bring_their_traps():
    """Problems of a dataset of the registry bring its traps, and who else holds its rows."""
    report = check_problems(made({"source": "KbsdJames/Omni-MATH"}))
    assert any("Big-Math holds 2,478" in note for note in report.notes)
    assert any("big-math holds rows of it" in note for note in report.notes)
    assert check_problems(made({"source": "putnam"})).notes == ()


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_the_warts_of_math_are_found():
    """MATH's test split has 90 solutions with several boxes, and one problem that comes twice."""
    report = check_problems(read_problems(DATA / "math_test.jsonl"))
    assert len(report.several_boxes) == 90
    assert [r.reason for r in report.repeated] == ["same text"]
    assert len(report.doubts) < 30
