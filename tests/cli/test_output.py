"""What becomes of a command whose words cannot be written, or are no longer read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mathtune.evaluation import import_run


@pytest.mark.processes
def test_a_reader_that_has_seen_enough_ends_it_quietly():
    """`mathtune data list | head -1` ends without a traceback."""
    words = [sys.executable, "-m", "mathtune", "data", "list"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.processes
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp932"])
def test_words_are_said_in_any_encoding(tmp_path, encoding):
    """What the terminal's encoding has no sign for is spelled out, and never ends a command."""
    rows = [{"problem": f"{n}+1?", "answer": str(n + 1), "response": str(n + 1)} for n in range(4)]
    folders = [str(import_run(rows, model=m, directory=tmp_path).directory) for m in ("base", "tuned")]
    words = [sys.executable, "-m", "mathtune", "compare", *folders, "--names", "∑", "--names", "é"]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    ended = subprocess.run(words, capture_output=True, env=environment, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    text = ended.stdout.decode(encoding)
    assert ("∑" in text) is (encoding == "cp932")
    assert ("\\u2211" in text) is (encoding != "cp932")


@pytest.mark.processes
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_cannot_be_written_is_said_in_a_line():
    """A full disk behind `>` ends a command with one line and an exit code."""
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "mathtune", "data", "list"]
        ended = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 1
    assert ended.stderr == b"mathtune: cannot write the output: No space left on device\n"


@pytest.mark.processes
def test_another_fault_is_not_blamed_on_the_output():
    """An OSError without a file's name, such as a server's, is shown as what it is."""
    command = (
        "import mathtune.cli as cli\ndef main(): raise ConnectionResetError(104, 'reset')\ncli.main = main\n"
    )
    words = [sys.executable, "-c", command + "from mathtune.__main__ import run; run()"]
    ended = subprocess.run(words, capture_output=True, check=False)
    assert ended.returncode == 1
    assert b"cannot write" not in ended.stderr
    assert ended.stderr.endswith(b"ConnectionResetError: [Errno 104] reset" + os.linesep.encode())


def test_reports_are_written_whoever_reads_the_words(tmp_path):
    """`mathtune compare ... --html page | head` and `regrade ... --output | head` leave whole files."""
    rows = [{"problem": f"{n}+1?", "answer": str(n + 1), "response": str(n + 1)} for n in range(4)]
    folders = [str(import_run(rows, model=m, directory=tmp_path).directory) for m in ("base", "tuned")]
    page, again = tmp_path / "page.html", tmp_path / "again"
    for words in (["compare", *folders, "--html", page], ["regrade", *folders, "--output", again]):
        command = [sys.executable, "-m", "mathtune", *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            process.stdout.close()
        assert process.returncode == 141
    assert page.read_text().endswith("</html>")
    assert len(list(again.glob("*/manifest.json"))) == 2
