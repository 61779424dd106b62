"""A folder of runs, by their manifests."""

from __future__ import annotations

import json

import pytest

from mathtune.errors import DataError
from mathtune.evaluation import Category, import_run, list_runs


def test_kept_runs_come_by_their_time_with_what_came_of_them(run, evaluator, problems, tmp_path):
    """Each run has its model, problems and counts as `load_run` would give them; unfinished ones are last."""
    folder = evaluator.directory
    rows = [{"problem": "1+1?", "answer": answer, "response": "2"} for answer in ("2",)]
    imported = import_run(rows, model="mine", directory=folder)
    for kept, ended in ((run, "2026-01-02T00:00:00+00:00"), (imported, "2026-01-01T00:00:00+00:00")):
        path = kept.directory / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"ended": ended}))
    (folder / "begun").mkdir()
    (folder / "begun" / "log.jsonl").write_text("{}\n")
    first, second, third = list_runs(folder)
    assert (first.model, first.problems, first.correct, first.total) == ("mine", 1, 1, 1)
    assert (second.directory, second.model, second.problems) == (run.directory, "m", 8)
    assert second.counts == {category: count for category, count in run.counts().items() if count}
    assert (second.correct, second.total) == (run.accuracy().correct, run.accuracy().total)
    assert (third.directory, third.ended, third.total) == (folder / "begun", None, 0)


def test_gold_answers_that_cannot_be_read_do_not_count(tmp_path):
    """The total is that of the accuracy, not of the responses."""
    rows = [{"problem": f"{n}?", "answer": gold, "response": "2"} for n, gold in enumerate(["2", r"\frac{"])]
    import_run(rows, model="m", directory=tmp_path)
    [kept] = list_runs(tmp_path)
    assert kept.counts[Category.UNPARSED_GOLD] == 1
    assert (kept.correct, kept.total) == (1, 1)


def test_a_damaged_manifest_is_a_data_error(tmp_path):
    """It is named rather than passed over."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("[1")
    with pytest.raises(DataError, match=r"manifest\.json"):
        list_runs(tmp_path)
