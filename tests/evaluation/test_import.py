"""Responses that are there already, as a run."""

from __future__ import annotations

import json
import re

import pytest

from mathtune.errors import DataError
from mathtune.evaluation import Category, Solutions, import_run, load_run, regrade
from mathtune.policy import Policy
from mathtune.reports import compare


def row(number, given, **more):
    return {
        "problem": f"What is {number} + 1?",
        "answer": str(number + 1),
        "subject": ("Algebra", "Geometry")[number % 2],
        "response": given,
        **more,
    }


def right(number):
    return rf"It is $\boxed{{{number + 1}}}$."


def write(path, rows):
    path.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return path


def test_the_responses_of_an_evaluator_are_judged_the_same_when_imported(run):
    """The verdicts do not hang on who asked: a run's own table gives its categories again."""
    rows = [each | {"error": None} for each in run.to_arrow().to_pylist()]
    again = import_run(rows, model="m", columns={"answer": "gold", "id": "problem_id"})
    assert [result.category for result in again.results if result.category is not Category.REFUSED] == [
        result.category for result in run.results if result.category is not Category.REFUSED
    ]
    assert [result.problem.id for result in again.results] == [r.problem.id for r in run.results]
    assert again.by("subject") == run.by("subject")


def test_two_files_in_any_order_are_compared_problem_by_problem(tmp_path):
    """Rows without an id are known by their problem's text, whatever their place or their file."""
    base = write(tmp_path / "base.jsonl", [row(n, right(n) if n < 3 else "0") for n in range(12)])
    tuned = write(tmp_path / "tuned.jsonl", [row(n, right(n)) for n in reversed(range(12))])
    runs = [import_run(path, model=path.stem) for path in (base, tuned)]
    cell = compare(*runs).cells[0]
    assert (cell.won, cell.lost, cell.both, cell.total) == (9, 0, 3, 12)


def test_an_id_of_the_row_counts_before_its_text():
    """Two rows with one text and ids of their own are two problems."""
    rows = [row(1, right(1), doc=key) for key in ("a", "b")]
    assert len({r.problem.id for r in import_run(rows, model="m").results}) == 1
    by_id = import_run(rows, model="m", columns={"id": "doc"})
    assert [result.problem.id for result in by_id.results] == ["a", "b"]


def test_ids_of_a_file_alone_give_way_to_the_text():
    """Named as the id, the problem's text pairs rows whose own ids are another in each file."""
    files = [[row(n, right(n), id=f"{name}-{n}") for n in range(3)] for name in ("base", "tuned")]
    with pytest.raises(DataError, match="import both by one id"):
        compare(*(import_run(rows, model="m") for rows in files))
    runs = [import_run(rows, model="m", columns={"id": "problem"}) for rows in files]
    assert compare(*runs).cells[0].both == 3
    first = runs[0].results[0].problem
    assert first.problem == "What is 0 + 1?"
    assert re.fullmatch("[0-9a-f]{12}", first.id)


def test_rows_of_one_problem_and_lists_are_samples():
    """Several rows of a problem, and several texts in a row, are its samples in their order."""
    rows = [row(1, right(1)), row(2, [right(2), "3"]), row(1, "0")]
    results = import_run(rows, model="m").results
    seen = [(each.response.sample, each.response.text, each.problem.answer) for each in results]
    assert seen == [(0, right(1), "2"), (1, "0", "2"), (0, right(2), "3"), (1, "3", "3")]


def test_what_ended_a_response_is_read():
    """finish_reason tells a cut-off response, for a text and for each of a list; null is no answer."""
    rows = [
        row(1, "Let me write 1 + 1 = 2", finish_reason="length"),
        row(2, [right(2), "2 + 1 = 3"], finish_reason=["stop", "length"]),
        row(3, None),
        row(4, 5),
    ]
    categories = [result.category.value for result in import_run(rows, model="m").results]
    assert categories == ["cut_off", "correct", "cut_off", "no_answer", "correct"]


def test_a_column_of_the_responses_is_none_of_the_problem():
    """A response under a name that datasets give to solutions is not taken for one."""
    rows = [{"question": "1+1?", "label": "2", "solution": r"\boxed{2}", "answer": "a note", "tokens": 7}]
    run = import_run(rows, model="m", response="solution", columns={"answer": "label"})
    problem = run.results[0].problem
    assert (problem.answer, problem.solution, problem.metadata) == ("2", None, {})
    assert run.accuracy().correct == 1


def test_a_kept_run_is_a_run(tmp_path):
    """It comes back from its folder equal, can be regraded and taught from; the same goes there again."""
    rows = [row(1, "so 2"), row(2, right(2)), row(3, "half \ud800 a pair")]
    run = import_run(rows, model="a/b", directory=tmp_path)
    assert load_run(run.directory) == run
    assert import_run(rows, model="a/b", directory=tmp_path).directory == run.directory
    assert import_run(rows[:2], model="a/b", directory=tmp_path).directory != run.directory
    other = [*rows[:2], row(3, right(3))]  # of the same problems: the first run must not be lost
    assert import_run(other, model="a/b", directory=tmp_path).directory != run.directory
    assert [
        str(change.after.category) for change in regrade(run, policy=Policy(weakest_sign="boxed")).changes
    ]
    assert len(Solutions(run).examples()) == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"problem": "1+1?", "answer": "2"}], "no such column, only problem, answer"),
        ([row(1, "2"), {"answer": "2", "response": "2"}], r"no problem.*with columns= \(--problem\)"),
        ([{"problem": "1+1?", "key": "2", "response": "2"}], r"no answer.*with columns= \(--gold\)"),
        ([row(1, {"text": "2"})], "expected text or a number, found dict"),
        ([row(1, "2", id="a"), row(2, "3", id="a")], "another problem has the id 'a' too"),
        ([{**row(1, "2"), "answer": "7"}, row(1, "2")], "same problem: '7' there, '2' here"),
        ([], "holds no problems"),
        (["2"], "expected an object with columns"),
    ],
)
def test_what_is_no_table_of_responses_is_refused(rows, message):
    """A missing column, a bad row and an id with two problems are data errors that say which."""
    with pytest.raises(DataError, match=message):
        import_run(rows, model="m")


def test_a_model_has_a_name():
    """Tables and reports tell runs apart by it."""
    with pytest.raises(DataError, match="model"):
        import_run([row(1, "2")], model="")


HARDMATH = {
    "question": "Approximate $e^x$ for small and large $x$.",
    "answer_val": "[1+x, e^x]",
    "small_eval_point": "0.1",
    "small_analytical": "[1.1]",
    "small_numerical": "[1.1052]",
    "large_eval_point": "10.0",
    "large_analytical": "[22026.5]",
    "large_numerical": "[22026.5]",
}


@pytest.mark.parametrize(
    ("response", "category"),
    [
        (r"\boxed{1+x, e^x}", Category.CORRECT),
        (r"\boxed{1+x+\frac{x^2}{2}, e^x}", Category.CORRECT),  # nearer than the gold
        (r"\boxed{1.01+x, 1.01e^x}", Category.CORRECT),  # within 5 %
        (r"\boxed{1+x, x^2}", Category.WRONG),  # near at one end only
        (r"\boxed{1.2+x, e^x}", Category.WRONG),
        (r"\boxed{e^x, 1+x}", Category.WRONG),
    ],
)
def test_a_hardmath_row_is_judged_where_it_says(tmp_path, response, category):
    """An approximation counts if it comes near at every evaluation point of its row; also when read again."""
    run = import_run([HARDMATH | {"response": response}], model="m", directory=tmp_path)
    assert [result.category for result in run.results] == [category]
    again = regrade(load_run(run.directory))
    assert [result.category for result in again.after.results] == [category]


def test_a_hardmath_row_with_broken_points_is_judged_by_its_answer():
    """What cannot be evaluated is compared as every other answer is."""
    broken = HARDMATH | {"small_eval_point": "near zero"}
    rows = [
        broken | {"response": given, "id": given} for given in (r"\boxed{1+x, e^x}", r"\boxed{1.01+x, e^x}")
    ]
    run = import_run(rows, model="m")
    assert [result.category for result in run.results] == [Category.CORRECT, Category.WRONG]
