from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import openai
import pytest

from mathtune.server import DRILLS_MODEL, LocalServer
from mathtune.server._settings import packaged_models
from mathtune.testing import Fault, StubServer

ROOT = Path(__file__).parents[2]
MATH = ROOT / "../shared/data/math_train.jsonl"
SCRIPTS = ["fine_tune_gpt3_5_math", "fine_tune_gpt4omini_math"]
SHORT = dict(zip(SCRIPTS, ["--n-epochs=1", "--total=14"], strict=True))  # less to train, for the test's sake

needs_math = pytest.mark.skipif(not MATH.exists(), reason="the rows of MATH are not beside this checkout")


def run(script, *flags):
    command = [sys.executable, str(ROOT / "examples" / f"{script}.py"), *map(str, flags)]
    return subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)


@pytest.fixture(scope="module")
def processed_data(tmp_path_factory):
    """Give a file with the eight shortest problems of each of MATH's subjects."""
    by_subject = defaultdict(list)
    for line in MATH.read_text().splitlines():
        row = json.loads(line)
        by_subject[row["type"]].append(row)
    rows = [row for rows in by_subject.values() for row in sorted(rows, key=lambda row: len(str(row)))[:8]]
    path = tmp_path_factory.mktemp("data") / "processed_data.json"
    path.write_text(json.dumps(rows))
    return path


@pytest.fixture(scope="module")
def local_server(tmp_path_factory):
    if not packaged_models():
        pytest.skip("the packaged model is missing: scripts/train_base_model.py makes it")
    with LocalServer(tmp_path_factory.mktemp("server")) as server:
        yield server


@needs_math
@pytest.mark.local
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_whole_job_runs_on_rows_of_math(script, local_server, processed_data, tmp_path):
    """From processed_data.json to a report: one job is trained, both models are asked and compared."""
    jobs = openai.OpenAI(base_url=local_server.base_url, api_key="k").fine_tuning.jobs
    before = len(list(jobs.list()))
    flags = [
        f"--data_path={processed_data}",
        f"--output_dir={tmp_path / 'out'}",
        f"--base-url={local_server.base_url}",
        f"--model={DRILLS_MODEL}",
        "--max-tokens=16",
        SHORT[script],
    ]
    said = run(script, *flags)
    assert said.returncode == 0, said.stderr
    assert "Counting & Probability" in said.stdout
    assert "All problems" in said.stdout
    assert "<html" in (tmp_path / "out" / "report.html").read_text()
    assert len(list(jobs.list())) == before + 1


@needs_math
@pytest.mark.local
def test_a_second_run_trains_and_asks_nothing_anew(local_server, processed_data, tmp_path):
    """Started again with the same flags, a script ends with the same table from the same job."""
    flags = [
        f"--data-path={processed_data}",
        f"--output-dir={tmp_path}",
        f"--base-url={local_server.base_url}",
    ]
    flags += [f"--model={DRILLS_MODEL}", "--max-tokens=4", "--n-epochs=1"]
    first, again = (run("fine_tune_gpt3_5_math", *flags) for _ in range(2))
    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert again.stdout == first.stdout


@pytest.fixture
def sums(tmp_path):
    """Give a file of made problems."""
    rows = [
        {
            "problem": f"What is ${n} + {n * n}$?",
            "solution": rf"$\boxed{{{n + n * n}}}$",
            "type": subject,
            "level": 1,
        }
        for n in range(30)
        for subject in ("Sums", "Squares")
    ]
    path = tmp_path / "sums.json"
    path.write_text(json.dumps([{**row, "problem": f"{row['type']}: {row['problem']}"} for row in rows]))
    return path


@pytest.mark.parametrize(
    ("script", "fault", "advice"),
    [
        (
            SCRIPTS[0],
            Fault(on="model", status=404, code="model_not_found", times=None),
            "does not offer 'gpt-3.5",
        ),
        (SCRIPTS[1], Fault(on="create_job", status=403, code="training_not_available"), "mathtune serve"),
    ],
    ids=["model gone", "shut out"],
)
def test_what_stands_in_the_way_is_said_in_a_sentence(script, fault, advice, sums, tmp_path):
    """A model that is gone, or a closed platform, ends in one clear sentence, not in a traceback."""
    flags = ["--data-path", sums, "--output-dir", tmp_path, "--base_url"]
    with StubServer(faults=[fault]) as server:
        said = run(script, *flags, server.base_url)
    assert said.returncode == 1
    assert advice in said.stderr
    assert "Traceback" not in said.stderr
