"""From a figure in a report back to the rows that the model was trained on."""

from __future__ import annotations

import hashlib
import json

import pytest

import mathtune as mt
from mathtune.errors import DataError
from mathtune.evaluation import load_run
from mathtune.testing import Fault, StubServer

SUMS = [
    mt.Problem(
        id=f"s{n}", problem=f"What is ${n}+1$?", answer=str(n + 1), subject="sums", source="sums.jsonl"
    )
    for n in range(24)
]


@pytest.fixture
def made_file(tmp_path):
    return mt.write_jsonl(
        mt.ChatFormatter().format_all(SUMS[:12]), tmp_path / "train.jsonl", made_of=SUMS[:12]
    )


def test_a_figure_can_be_followed_to_the_rows_behind_it(made_file, tuner_of, tmp_path):
    """Run on disk -> model and checkpoint -> job -> file's bytes -> each problem, all by hashes and ids."""
    with StubServer(chat=lambda messages, model, _: r"\boxed{13}" if "ft:" in model else "?") as server:
        tuner = tuner_of(server)
        job = tuner.tune(made_file, model="base", metadata={"note": "v1"})
        tuner.manifest(job)
        evaluator = mt.Evaluator(
            server.client(), directory=tmp_path / "eval", lineage=tuner.manifest_path(job)
        )
        saved = tuner.checkpoints(job)[0].model
        runs = [evaluator.evaluate(SUMS[12:], model=m) for m in ("base", job.fine_tuned_model, saved)]
    report = mt.compare(*runs[:2])
    assert "sums" in str(report)
    run = json.loads((load_run(runs[1].directory).directory / "manifest.json").read_text())
    tuning = run["tuning"]
    assert tuning["model"] == runs[1].model
    assert tuning["job"]["id"] == job.id
    assert tuning["request"]["metadata"]["note"] == "v1"
    file = tuning["files"]["training_file"]
    assert file["id"] == tuning["job"]["training_file"]
    assert file["sha256"] == hashlib.sha256(made_file.read_bytes()).hexdigest()
    rows = file["made_of"]["rows"]
    assert [(row["id"], row["sha256"]) for row in rows] == [(p.id, p.sha256) for p in SUMS[:12]]
    assert file["made_of"]["sources"] == {"sums.jsonl": 12}
    asked = runs[1].results[0].problem
    assert asked.sha256 == SUMS[12].sha256
    assert asked.sha256 not in {row["sha256"] for row in rows}
    # a checkpoint's run has it too, the base model's has none
    assert runs[2].manifest["tuning"] == tuning
    assert runs[0].manifest["tuning"] is None


def test_a_server_that_shows_no_checkpoints_has_a_manifest_without(made_file, tuner_of):
    """The lineage of a job does not hang on what the server calls its checkpoints."""
    with StubServer(faults=[Fault(on="checkpoints", status=404, times=None)]) as server:
        tuner = tuner_of(server)
        job = tuner.tune(made_file, model="base")
        manifest = tuner.manifest(job)
    assert (manifest["model"], manifest["checkpoints"]) == (job.fine_tuned_model, {})
    assert json.loads(tuner.manifest_path(job.id).read_text()) == manifest


def test_what_was_sent_counts_not_what_lies_there_now(made_file, tuner_of):
    """The lineage is kept when the job starts; a file written anew afterwards does not change it."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.start(made_file, model="base")
        other = mt.write_jsonl(mt.ChatFormatter().format_all(SUMS[12:]), made_file, made_of=SUMS[12:])
        again = tuner.start(other, model="base")
        first, second = (
            [row["id"] for row in tuner.manifest(each)["files"]["training_file"]["made_of"]["rows"]]
            for each in (job, again)
        )
    assert (first[0], second[0]) == ("s0", "s12")


def test_a_file_changed_by_hand_has_no_lineage(made_file, tuner_of):
    """The hash beside the file tells; a broken note is an error before the upload."""
    made_file.write_text(made_file.read_text() + made_file.read_text().splitlines()[0] + "\n")
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.start(made_file, model="base")
        assert tuner.manifest(job)["files"]["training_file"]["made_of"] is None
        made_file.with_name("train.jsonl.lineage.json").write_text("[]")
        asked = len(server.requests)
        with pytest.raises(DataError, match=r"expected the lineage of train\.jsonl"):
            tuner.start(made_file, model="base", seed=2)
        assert len(server.requests) == asked


def test_a_file_that_is_no_manifest_is_refused_before_anything_is_asked(tmp_path):
    """`lineage=` with another file is an error that names it."""
    (tmp_path / "other.json").write_text("{}")
    with StubServer() as server:
        evaluator = mt.Evaluator(
            server.client(), directory=tmp_path / "eval", lineage=tmp_path / "other.json"
        )
        with pytest.raises(DataError, match=r"other\.json"):
            evaluator.evaluate(SUMS, model="m")
        assert server.requests == []
