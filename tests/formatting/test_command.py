"""`mathtune format` and `mathtune data` as a user meets them."""

from __future__ import annotations

import itertools
import json

import pytest

from mathtune.cli import main
from mathtune.evaluation import sample_solutions
from mathtune.formatting import ChatFormatter, check_file, read_lineage
from mathtune.problems import known_datasets, read_problems
from mathtune.testing import StubServer

DRILLS = ["mathtune:drills", "--split", "train", "--limit", "12"]


@pytest.fixture
def run_directory(tmp_path):
    """A run of twelve drills, four samples each: half of the responses right."""
    drills = read_problems("mathtune:drills", split="train", limit=12)
    golds = {drill.problem: drill.answer for drill in drills}
    turns = itertools.count()

    def chat(messages, model, request):
        gold = next(gold for text, gold in golds.items() if text in messages[-1]["content"])
        return f"So $\\boxed{{{gold}}}$." if next(turns) % 2 else "Who knows."

    with StubServer(chat=chat) as server:
        solutions = sample_solutions(
            drills, "m", 4, directory=tmp_path / "runs", client=server.client(), concurrency=1,
            formatter=ChatFormatter(system="Be brief."),
        )  # fmt: skip
    return solutions.run.directory


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("kind", "method", "keys"),
    [("chat", "supervised", {"messages"}), ("reinforcement", "reinforcement", {"messages", "answer"})],
)
def test_problems_become_chats_or_tasks(kind, method, keys, tmp_path, capsys):
    """Each kind gives a file that its method takes, with its lineage beside it."""
    out = tmp_path / "out.jsonl"
    assert main(["format", *DRILLS[:1], str(out), *DRILLS[1:], "--kind", kind, "--system", "Be brief."]) == 0
    assert "12 examples of 12 problems" in capsys.readouterr().out
    assert [f for f in check_file(out, method=method) if f.severity == "error"] == []
    assert keys <= lines(out)[0].keys()
    assert read_lineage(out)["problems"]["count"] == 12


@pytest.mark.parametrize(
    ("kind", "method"), [("chat", "supervised"), ("preference", "dpo"), ("reinforcement", "reinforcement")]
)
def test_a_run_becomes_training_data_of_every_kind(kind, method, run_directory, tmp_path, capsys):
    """Verified responses to learn, verified before failed ones to prefer, asked as the run asked."""
    out = tmp_path / "out.jsonl"
    assert main(["format", str(run_directory), str(out), "--kind", kind]) == 0
    assert "24 of 48 responses verified" in capsys.readouterr().out
    assert check_file(out, method=method, formatter=ChatFormatter(system="Be brief.")) == []
    assert len(lines(out)) == 12


def test_what_cannot_be_done_is_said(run_directory, tmp_path, capsys):
    """Pairs need responses, and a run is taken as it is; both are errors with what to do."""
    out = str(tmp_path / "out.jsonl")
    assert main(["format", *DRILLS[:1], out, *DRILLS[1:], "--kind", "preference"]) == 1
    assert "give the directory of a run" in capsys.readouterr().err
    assert main(["format", str(run_directory), out, "--limit", "3"]) == 1
    assert "a run is taken whole" in capsys.readouterr().err


def test_every_known_dataset_is_listed_and_shown_within_80_columns(capsys):
    """The list has a head and a line for each; one by name shows columns, answer, licence and traps."""
    assert main(["data", "list"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 1 + len(known_datasets())
    for known in known_datasets():
        assert main(["data", "list", known.name]) == 0
    said = capsys.readouterr().out
    assert max(map(len, [*shown, *said.splitlines()])) <= 80
    assert said.count("licence ") >= len(known_datasets())
    assert main(["data", "list", "nobody"]) == 1
    assert "mathtune data list" in capsys.readouterr().err
