"""Tests of Run and its directory."""

from __future__ import annotations

import json
import subprocess
import sys

import attrs
import pyarrow.parquet as pq
import pytest

from mathtune.errors import DataError, StorageError
from mathtune.evaluation import Category, load_run
from mathtune.evaluation._log import Log


def test_a_run_comes_back_from_its_directory_equal(run):
    """Nothing is lost on the way through the files."""
    assert load_run(run.directory) == run
    assert load_run(str(run.directory)).results[0].problem.metadata == {"n": 0}


def test_the_directory_reads_without_mathtune(run):
    """JSON and Parquet with plain columns, a row for each response, hashes of the problems."""
    config = json.loads((run.directory / "config.json").read_text())
    assert config["model"] == "m"
    responses = pq.read_table(run.directory / "responses.parquet").to_pylist()
    grades = pq.read_table(run.directory / "grades.parquet").to_pylist()
    problems = pq.read_table(run.directory / "problems.parquet").to_pylist()
    assert [row["problem_id"] for row in responses] == [f"p{n}" for n in range(8)]
    assert [row["correct"] for row in grades] == [result.correct for result in run.results]
    assert json.loads(responses[0]["raw"])["choices"][0]["message"]["content"] == responses[0]["text"]
    assert len({row["sha256"] for row in problems}) == 8


def test_accuracy_by_subject_and_level(run):
    """Groups add up to the whole, and come in order."""
    by_subject = run.by("subject")
    assert list(by_subject) == ["Algebra", "Geometry"]
    assert [(a.correct, a.total) for a in by_subject.values()] == [(2, 4), (1, 4)]
    assert list(run.by("level")) == [1, 2]
    assert list(run.by("subject", "level")) == [
        ("Algebra", 1),
        ("Algebra", 2),
        ("Geometry", 1),
        ("Geometry", 2),
    ]


def test_groups_without_a_name_come_last(run):
    """A problem without a subject is a group of its own."""
    bare = attrs.evolve(run.results[0], problem=attrs.evolve(run.results[0].problem, subject=None))
    assert list(attrs.evolve(run, results=[bare, *run.results[1:]]).by("subject")) == [
        "Algebra",
        "Geometry",
        None,
    ]


def test_an_unknown_field_is_an_error(run):
    """A misspelt field does not make one silent group."""
    with pytest.raises(AttributeError, match="subjct"):
        run.by("subjct")


def test_counts_name_every_category(run):
    """Categories that did not occur are there with zero."""
    counts = run.counts()
    assert list(counts) == list(Category)
    assert sum(counts.values()) == 8
    assert counts[Category.UNDECIDED] == 0


def test_the_interval_is_wilsons(run):
    """With one sample a problem: 3 of 8 at 95 %."""
    accuracy = run.accuracy()
    assert accuracy.estimate == 3 / 8
    assert (accuracy.low, accuracy.high) == pytest.approx((0.1368, 0.6943), abs=1e-4)
    assert run.accuracy(0.99).low < accuracy.low


def test_it_prints_as_a_table(run):
    """The table fits a terminal and says what is not right."""
    text = str(run)
    assert text.splitlines()[0] == "m: 37.5 % (3 of 8; 95 % interval 13.7 % to 69.4 %)"
    assert "Geometry" in text
    assert "not right: wrong answer 1, no answer 1, cut off 2, refused 1" in text
    assert max(map(len, text.splitlines())) <= 100


def test_hostile_names_neither_move_the_cursor_nor_become_html(run):
    """Names come from data sets and servers."""
    hostile = "<img src=x onerror=alert(1)>\x1b[2J"
    first = run.results[0]
    changed = attrs.evolve(first, problem=attrs.evolve(first.problem, subject=hostile))
    named = attrs.evolve(run, model=hostile, results=[changed, *run.results[1:]])
    assert "\x1b" not in str(named)
    assert "<img" not in named._repr_html_()
    assert "&lt;img" in named._repr_html_()


def test_a_directory_without_a_run_says_what_is_missing(tmp_path):
    """The path and the file are named."""
    with pytest.raises(DataError, match=r"config\.json"):
        load_run(tmp_path)


def test_a_run_that_is_not_finished_says_how_to_go_on(tmp_path):
    """A folder that holds a log alone is a run under way: the same call finishes it."""
    (tmp_path / "log.jsonl").write_text("{}\n")
    with pytest.raises(DataError, match="not finished: evaluate the same again"):
        load_run(tmp_path)


def test_a_folder_of_runs_names_those_it_holds(run):
    """Given the folder around the runs, the error names the runs in it."""
    with pytest.raises(DataError, match=f"holds runs: {run.directory.name}"):
        load_run(run.directory.parent)


def test_a_log_that_cannot_be_written_says_why_once(tmp_path):
    """A file where the folder should be is told by name and reason, with the system's number for it."""
    (tmp_path / "run").write_text("")
    with pytest.raises(StorageError) as caught:
        Log(tmp_path / "run" / "log.jsonl").tell("started")
    assert caught.value.errno is not None
    assert str(caught.value).startswith(f"{tmp_path / 'run' / 'log.jsonl'}: cannot write: ")
    assert str(caught.value).count(str(tmp_path)) == 1


@pytest.mark.parametrize("name", ["config.json", "manifest.json", "problems.parquet", "responses.parquet"])
def test_a_damaged_file_is_a_data_error(run, name):
    """A file that was cut or overwritten is named, whatever its reader would raise."""
    (run.directory / name).write_bytes(b"[1, 2")
    with pytest.raises(DataError):
        load_run(run.directory)


def test_a_table_of_another_run_is_noticed(run, evaluator, problems):
    """Grades whose rows are not those of the responses are refused."""
    other = evaluator.evaluate(problems[::-1], model="m")
    (other.directory / "grades.parquet").rename(run.directory / "grades.parquet")
    with pytest.raises(DataError, match="side by side"):
        load_run(run.directory)


def test_it_is_a_table_for_other_tools(run):
    """pandas, polars and datasets see the same rows."""
    pandas, polars, dataset = run.to_pandas(), run.to_polars(), run.to_dataset()
    for column, values in run.to_arrow().to_pydict().items():
        assert polars[column].to_list() == dataset[column][:] == values
        assert pandas[column].astype(object).where(pandas[column].notna(), None).tolist() == values
    assert polars["correct"].sum() == run.accuracy().correct


FULL = """
import resource, signal, sys
from mathtune.errors import StorageError
from mathtune.evaluation import load_run, save_run
from pathlib import Path

run = load_run(sys.argv[1])
import pyarrow.parquet
resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))
try:
    save_run(run, Path(sys.argv[2]))
except StorageError as error:
    print("refused:", error)
"""


@pytest.mark.processes
def test_a_full_disk_leaves_whole_files_or_none(run, tmp_path):
    """Where a file cannot be written to its end, it is not there, and the error names it."""
    target = tmp_path / "full"
    command = [sys.executable, "-c", FULL, str(run.directory), str(target)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert out.startswith("refused: ")
    assert str(target) in out
    assert not (target / "manifest.json").exists(), "a run that is not whole must not look like one"
    assert {path.name for path in target.iterdir()} <= {"config.json", "problems.parquet"}
    with pytest.raises(DataError, match=r"manifest\.json"):
        load_run(target)
