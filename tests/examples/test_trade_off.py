"""The demo, with so few drills that it shows that it runs and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.local
@pytest.mark.processes
def test_the_demo_runs_from_nothing_to_a_report(tmp_path):
    """It starts a server, trains on both sets with two seeds, asks five models and writes the comparison."""
    flags = ["--rows=28", "--test-per-subject=2", "--epochs=1", "--seeds=2", f"--directory={tmp_path}"]
    command = [sys.executable, str(ROOT / "examples/trade_off.py"), *flags]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.count("All problems") == 2
    assert "second (%): balanced, 2 seeds" in ended.stdout
    assert "trigonometry" in (tmp_path / "report.html").read_text()
    narrow, balanced = (questions(tmp_path / f"{name}.jsonl") for name in ("narrow", "balanced"))
    assert (len(narrow), len(balanced)) == (28, 56)
    assert Counter(narrow) <= Counter(balanced)


def questions(path):
    return [json.loads(line)["messages"][0]["content"] for line in path.read_text().splitlines()]


def test_a_server_that_is_not_there_is_said_in_a_line(tmp_path):
    """Without a server the demo stops with one plain line."""
    flags = ["--base-url=http://127.0.0.1:9/v1", "--rows=14", f"--directory={tmp_path}"]
    command = [sys.executable, str(ROOT / "examples/trade_off.py"), *flags]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("stopped: ")
