"""What goes wrong at a user's: each process ends in a line that helps, and leaves whole files behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mathtune.testing import Fault, StubServer, failing

pytestmark = pytest.mark.processes

EXAMPLES = Path(__file__).parents[2] / "examples"
NOWHERE = "http://127.0.0.1:9/v1"  # the discard port: nobody answers
NO_KEY = "set the environment variable OPENAI_API_KEY"
KEY = "sk-test-not-to-be-shown-anywhere"
# The command, where no file may grow beyond argv[1] bytes: what a full disk is to a process.
SMALL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from mathtune.cli import main
sys.exit(main())
"""


def start(folder, *words, server=None, how=("-m", "mathtune")):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    if server is not None:
        environment |= {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": KEY}
    return subprocess.Popen(
        [sys.executable, *how, *map(str, words)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    """Give the exit code and all that was printed: never a traceback, never the key."""
    said = "".join(process.communicate(timeout=100))
    assert "Traceback" not in said
    assert KEY not in said
    return process.returncode, said


def run(folder, *words, server=None, disk=None):
    how = ("-m", "mathtune") if disk is None else ("-c", SMALL_DISK, str(disk))
    return finish(start(folder, *words, server=server, how=how))


def interrupt(process, condition):
    """Press Ctrl-C once something has come about."""
    while not condition() and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def folder(tmp_path):
    """Give a folder with problems, a fine-tuning file, responses, and what is wrong with each of them."""
    sums = [{"problem": f"What is {n} + 1?", "answer": str(n + 1), "subject": "Sums"} for n in range(40)]
    asked = [{"role": "user", "content": "What is 1 + 1?"}, {"role": "assistant", "content": r"\boxed{2}"}]
    write_rows(tmp_path / "sums.jsonl", sums)
    write_rows(tmp_path / "train.jsonl", [{"messages": asked}] * 12)
    write_rows(tmp_path / "few.jsonl", [{"messages": asked}] * 9)
    write_rows(tmp_path / "graded.jsonl", [{"response": r"\boxed{1}", "answer": "1"}] * 30)
    write_rows(tmp_path / "twice.jsonl", [{**row, "id": "a"} for row in sums[:2]])
    write_rows(tmp_path / "fields.jsonl", [sums[0], {"problem": "What is 1 + 1?"}])
    write_rows(tmp_path / "boxless.jsonl", [{"problem": "What is 1 + 1?", "solution": "It is 2."}])
    (tmp_path / "broken.jsonl").write_text(json.dumps(sums[0]) + '\n{"problem": \n')
    (tmp_path / "torn.jsonl").write_text((tmp_path / "train.jsonl").read_text() + '{"messages": [\n')
    for name in ("empty.jsonl", "empty.json", "empty.parquet"):
        (tmp_path / name).write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("format empty.json out.jsonl", "empty.json: the file is empty"),
        ("format empty.parquet out.jsonl", "empty.parquet: not a Parquet file"),
        ("format broken.jsonl out.jsonl", "broken.jsonl:2: not JSON"),
        ("format fields.jsonl out.jsonl", "fields.jsonl:2, field 'answer': no answer"),
        ("format boxless.jsonl out.jsonl", "leave such rows out with on_error='skip'"),
        ("format twice.jsonl out.jsonl", "twice.jsonl:2, field 'id': id 'a' is used twice"),
        ("format sums.jsonl out.jsonl --total 5", "--balance-by"),
        ("tune empty.jsonl --model m", "0 examples; give at least 10"),
        ("tune few.jsonl --model m", "9 examples; give at least 10"),
        ("tune torn.jsonl --model m", "torn.jsonl:13: no JSON"),
        ("evaluate empty.jsonl --model m", "empty.jsonl: holds no problems"),
        ("evaluate broken.jsonl --model m", "broken.jsonl:2: not JSON"),
        ("evaluate twice.jsonl --model m", "id 'a' is used twice"),
        ("evaluate sums.jsonl --model m", NO_KEY),
        ("tune train.jsonl --model m", "is the server running and base_url right?"),
        ("evaluate sums.jsonl --model m", "is the server running and base_url right?"),
        ("grade empty.jsonl", "empty.jsonl: holds no responses"),
        ("grade empty.parquet", "empty.parquet: not a Parquet file"),
        ("grade gone.parquet", "gone.parquet: cannot read"),
        ("grade sums.jsonl", "field 'response': no such column, only problem, answer, subject"),
        ("grade graded.jsonl --output out.csv", "out.csv: expected a file ending in .jsonl or .parquet"),
        ("grade graded.jsonl --output sums.jsonl/a.parquet", "cannot write"),
        ("compare one", "at least two runs"),
        ("serve --model a=./gone", "no folder ./gone"),
    ],
)
def test_a_mistake_is_told_and_leaves_no_file(folder, words, told, monkeypatch, capfd):
    """The message names file, line, field and what to do, the exit code is 1, and no output file is begun."""
    from mathtune.cli import main

    monkeypatch.chdir(folder)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", NOWHERE if told != NO_KEY else "https://api.openai.com/v1")
    code, said = main(words.split()), "".join(capfd.readouterr())
    assert (code, said.startswith("mathtune: ")) == (1, True), said
    assert told in said
    assert not [path.name for path in folder.iterdir() if path.name.startswith(("out", "."))]


def test_skipped_rows_are_told_in_a_line(folder):
    """A warning of the library is a line of the command, without the line of code that gave it."""
    code, said = run(folder, "format", "fields.jsonl", "out.jsonl", "--on-error", "skip")
    assert code == 0
    assert "mathtune: warning: 1 of 2 rows were skipped; the first: fields.jsonl:2" in said
    assert ".py" not in said


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(on="*", status=401, code="invalid_api_key", times=None), "set OPENAI_API_KEY"),
        (Fault(on="*", status=404, code="model_not_found", times=None), "does not offer 'm'"),
        (Fault(on="*", status=429, code="insufficient_quota", times=None), "out of money"),
    ],
    ids=["wrong key", "unknown model", "no money"],
)
@pytest.mark.parametrize("words", ["tune train.jsonl", "evaluate sums.jsonl --concurrency 4"])
def test_a_refusal_is_told_and_not_repeated(folder, words, fault, told):
    """A server's no ends the work with what to do, and no problem is asked for it twice."""
    with StubServer(faults=[fault]) as server:
        code, said = run(folder, *words.split(), "--model", "m", server=server)
        assert server.count("upload") == 0
        assert server.count("chat") <= 4
    assert code == 1
    assert told in said


def test_a_job_that_failed_is_told_and_started_anew(folder):
    """The server's reason is passed on; after it the same words make a new job of the file that is there."""
    words = ("tune", "train.jsonl", "--model", "m", "--directory", "tuning")
    stages = failing(code="invalid_training_file", message="Line 3 is no good.")
    with StubServer(stages=stages) as server:
        for jobs in (1, 2):
            code, said = run(folder, *words, server=server)
            assert (code, server.count("create_job"), server.count("upload")) == (1, jobs, 1)
            assert "Line 3 is no good. [invalid_training_file]" in said


def test_ctrl_c_while_tuning_leaves_one_job(folder):
    """Stopped at the upload, then at the job's creation, then while following: it ends with the one job."""
    kinds = ("upload", "create_job", "events")
    words = ("tune", "train.jsonl", "--model", "m", "--directory", "tuning")
    with StubServer(faults=[Fault(on=kind, delay=0.3, acts=True) for kind in kinds]) as server:
        for kind in kinds:
            process = start(folder, *words, server=server)
            interrupt(process, lambda kind=kind: server.count(kind))
            code, said = finish(process)
            assert (code, "mathtune: " in said) == (130, True)
        assert f"job {server.jobs[0]['id']} goes on" in said
        code, said = run(folder, *words, server=server)
        assert (code, len(server.jobs), server.count("upload")) == (0, 1, 1)
        assert f"{server.jobs[0]['id']} succeeded" in said


def test_ctrl_c_while_evaluating_loses_no_answer(folder):
    """What was sent is waited for and kept, the way on is told, and the next run asks only the rest."""
    gate = threading.Event()

    def held(messages, model, request):
        gate.wait(10)
        return r"\boxed{1}"

    words = ("evaluate", "sums.jsonl", "--model", "m", "--directory", "runs", "--concurrency", "4")
    with StubServer(chat=held) as server:
        process = start(folder, *words, server=server)
        interrupt(process, lambda: server.count("chat") == 4)
        assert "waiting for the responses under way" in next(line for line in process.stderr if line.strip())
        gate.set()
        code, said = finish(process)
        assert code == 130
        assert "run the same again" in said
        assert run(folder, *words, server=server)[0] == 0
        assert server.count("chat") == 40


def test_ctrl_c_while_formatting_leaves_the_old_file(folder):
    """A file that was being made anew is the old one, and no unfinished one stays beside it."""
    rows = ({"problem": f"What is {n} + 1?", "answer": str(n + 1)} for n in range(30_000))
    write_rows(folder / "many.jsonl", rows)
    (folder / "out").mkdir()
    (folder / "out/train.jsonl").write_text("old")
    process = start(folder, "format", "many.jsonl", "out/train.jsonl")
    interrupt(process, lambda: len(os.listdir(folder / "out")) == 2)
    assert finish(process)[0] == 130
    assert os.listdir(folder / "out") == ["train.jsonl"]
    assert (folder / "out/train.jsonl").read_text() == "old"


@pytest.mark.parametrize("script", ["fine_tune_gpt3_5_math.py", "fine_tune_gpt4omini_math.py"])
def test_ctrl_c_in_an_example_says_how_to_go_on(folder, script):
    """The scripts end in a sentence too, and their job is not made twice."""
    slow = Fault(on="job", delay=0.3, acts=True, times=None)
    flags = ("--data-path", "sums.jsonl", "--output-dir", "out")
    with StubServer(faults=[slow]) as server:
        process = start(folder, *flags, server=server, how=[EXAMPLES / script])
        interrupt(process, lambda: server.count("job"))
        code, said = finish(process)
        assert code == 1
        assert "run the same again" in said
        assert len(server.jobs) == 1


@pytest.mark.parametrize(
    "words",
    [
        "format sums.jsonl kept/old.jsonl",
        "grade graded.jsonl --output kept/old.jsonl",
        "grade graded.jsonl --output kept/old.parquet",
    ],
)
def test_a_full_disk_leaves_the_old_file(folder, words):
    """Where the new file does not fit, the error names it, and what was there is there."""
    kept = folder / "kept"
    kept.mkdir()
    old = folder / words.split()[-1]
    old.write_text("old")
    code, said = run(folder, *words.split(), disk=100)
    assert (code, os.listdir(kept), old.read_text()) == (1, [old.name], "old")
    assert f"{old.relative_to(folder)}: cannot write" in said


def test_a_full_disk_while_tuning_or_evaluating_is_told_before_anything_is_paid(folder):
    """Without room for the ledger or the store nothing is asked for; with room again all is done once."""
    tune = ("tune", "train.jsonl", "--model", "m", "--directory", "tuning")
    evaluate = ("evaluate", "sums.jsonl", "--model", "m", "--directory", "runs")
    with StubServer() as server:
        for words in (tune, evaluate):
            code, said = run(folder, *words, server=server, disk=2000)
            assert code == 1, said
            assert "sqlite: cannot" in said
        assert server.count("create_job") == server.count("upload") == server.count("chat") == 0
        assert [run(folder, *words, server=server)[0] for words in (tune, evaluate)] == [0, 0]
        assert (server.count("create_job"), server.count("upload"), server.count("chat")) == (1, 1, 40)
