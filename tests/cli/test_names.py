"""File names as Linux allows them: any bytes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from mathtune.cli import main
from mathtune.evaluation import load_run
from mathtune.testing import StubServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name is text")


def test_a_name_that_is_no_text_is_a_name(tmp_path, monkeypatch, capsys):
    """A file whose name is no UTF-8, as one from an old archive, is read, written, tuned on and evaluated."""
    table, train = (tmp_path / os.fsdecode(name) for name in (b"gr\xf6sse.jsonl", b"train\xff.jsonl"))
    rows = [
        {"problem": f"{n}+1?", "answer": str(n + 1), "solution": f"\\boxed{{{n + 1}}}"} for n in range(12)
    ]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with StubServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        assert main(["format", str(table), str(tmp_path / "train.jsonl")]) == 0
        (tmp_path / "train.jsonl").rename(train)
        assert main(["tune", str(train), "--model", "m", "--directory", str(tmp_path / "t")]) == 0
        assert main(["evaluate", str(table), "--model", "m", "--directory", str(tmp_path / "e")]) == 0
    folder = Path(capsys.readouterr().out.split("kept in ")[1].strip())
    problems = [result.problem for result in load_run(folder).results]
    assert {problem.source for problem in problems} == {"gr\ufffdsse.jsonl"}
    assert problems[0].id == "gr\ufffdsse:1"
