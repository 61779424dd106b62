"""Unfinished runs are taken away; what was paid for is not."""

from __future__ import annotations

import json

import pytest

from mathtune.errors import ProtocolError
from mathtune.evaluation import Evaluator, list_runs, load_run, remove_unfinished, save_run
from mathtune.generation import kept_responses
from mathtune.testing import Reply, StubServer


@pytest.fixture
def store(evaluator):
    return evaluator.directory / "responses.sqlite"


@pytest.fixture
def stopping():
    """A server that refuses the key after three answers, until it is told to go on."""
    left = [3]

    def answer(*_):
        left[0] -= 1
        return "2" if left[0] >= 0 else Reply(status=401, text="no such key")

    with StubServer(chat=answer) as stub:
        yield stub, left


@pytest.fixture
def unfinished(stopping, evaluator, problems):
    """The folder of a run that its server ended after some responses."""
    begun = Evaluator(stopping[0].client(), directory=evaluator.directory, concurrency=1)
    with pytest.raises(ProtocolError):
        begun.evaluate(problems, model="begun")
    (folder,) = (run.directory for run in list_runs(evaluator.directory) if run.ended is None)
    return folder


def test_only_unfinished_folders_go_and_the_responses_stay(run, unfinished, evaluator, store):
    """The folder goes, the finished run and every response in the store stay as they are."""
    before = kept_responses(store).models
    assert before["begun"] > 0
    (found,) = remove_unfinished(evaluator.directory)
    assert (found.directory, found.left) == (unfinished, None)
    assert not unfinished.exists()
    assert load_run(run.directory) == run
    assert kept_responses(store).models == before
    assert remove_unfinished(evaluator.directory) == []


def test_a_removed_run_goes_on_from_what_is_kept(unfinished, stopping, evaluator, problems):
    """Evaluated again after the removal, only what had no answer is asked."""
    remove_unfinished(evaluator.directory)
    server, left = stopping
    left[0] = 100
    again = Evaluator(server.client(), directory=evaluator.directory).evaluate(problems, model="begun")
    assert again.directory == unfinished
    assert again.manifest["responses"]["from_store"] == 3
    assert 100 - left[0] == len(problems) - 3


def test_a_dry_run_removes_nothing(unfinished, evaluator):
    """What would go is named, and stays."""
    (found,) = remove_unfinished(evaluator.directory, dry_run=True)
    assert [file.name for file in found.files] == ["log.jsonl"]
    assert (unfinished / "log.jsonl").is_file()


def test_files_of_responses_go_only_where_that_is_asked_for(run, unfinished, evaluator):
    """A folder that a kill left with a file of responses, half a one too, is left unless they are named."""
    (unfinished / ".responses.parquet.0123abcd.tmp").write_bytes(b"PAR1")
    (found,) = remove_unfinished(evaluator.directory)
    assert "responses.parquet" in found.left
    save_run(run, unfinished)
    (unfinished / "manifest.json").unlink()
    (found,) = remove_unfinished(evaluator.directory)
    assert "responses.parquet" in found.left
    assert (unfinished / "responses.parquet").is_file()
    (found,) = remove_unfinished(evaluator.directory, responses=True)
    assert found.left is None
    assert not unfinished.exists()


@pytest.mark.parametrize("name", ["notes.txt", "sub", "paper.pdf"])
def test_a_folder_with_anything_else_is_left(unfinished, evaluator, name):
    """What is no file of a run is nobody's to remove; it is named."""
    (unfinished / name).mkdir() if name == "sub" else (unfinished / name).write_text("mine")
    (found,) = remove_unfinished(evaluator.directory, responses=True)
    assert name in found.left
    assert (unfinished / name).exists()
    assert (unfinished / "log.jsonl").exists()


@pytest.mark.parametrize("first", ["", "{}", "[1]", "no json", '{"event": "started"}'])
def test_a_folder_with_another_tools_log_is_left(tmp_path, first):
    """A log.jsonl that no evaluation began is not ours."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "log.jsonl").write_text(first + "\n")
    (found,) = remove_unfinished(tmp_path, responses=True)
    assert found.left == "no evaluation began here"
    assert (tmp_path / "theirs" / "log.jsonl").exists()


def test_a_link_is_left(unfinished, evaluator, tmp_path):
    """A folder that is a link stands elsewhere, and stays; so does a link among its files."""
    (evaluator.directory / "link").symlink_to(unfinished, target_is_directory=True)
    (tmp_path / "elsewhere").write_text("mine")
    (unfinished / "config.json").symlink_to(tmp_path / "elsewhere")
    assert all(one.left for one in remove_unfinished(evaluator.directory, responses=True))
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_nothing_goes_while_somebody_asks(unfinished, evaluator, problems):
    """While a process has the store open, no folder goes: it may be the one at work."""
    seen = []

    def answer(*_):
        seen.append(remove_unfinished(evaluator.directory))
        return "2"

    with StubServer(chat=answer) as stub:
        Evaluator(stub.client(), directory=evaluator.directory).evaluate(problems[:1], model="other")
    assert {one.directory for one in seen[0]} >= {unfinished}
    assert all("is asking" in one.left for one in seen[0])
    assert unfinished.exists()


def test_a_damaged_manifest_beside_it_stands_in_no_ones_way(run, unfinished, evaluator):
    """A run whose manifest cannot be read is left, and the unfinished ones beside it go."""
    (run.directory / "manifest.json").write_text("[1")
    (found,) = remove_unfinished(evaluator.directory, responses=True)
    assert found.directory == unfinished
    assert not unfinished.exists()
    assert (run.directory / "responses.parquet").is_file()


def test_a_finished_run_is_never_taken_for_an_unfinished_one(run, evaluator):
    """A manifest that does not say when the run ended is a manifest all the same."""
    path = run.directory / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["ended"]
    path.write_text(json.dumps(manifest))
    assert remove_unfinished(evaluator.directory, responses=True) == []
    assert path.is_file()
