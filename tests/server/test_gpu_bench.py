"""What `make gpu` runs, on a CPU: the same code in the same precision with a very small model."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "bench" / "gpu.py"

pytestmark = [
    pytest.mark.local,
    pytest.mark.processes,
    pytest.mark.skipif(not SCRIPT.exists(), reason="the bench is not part of this distribution"),
]


def run(*options):
    """Give what the script prints."""
    command = [sys.executable, str(SCRIPT), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_trains_and_answers_in_bfloat16():
    """A model is made, trained by adapters and asked through the server; both speeds are printed."""
    said = run("--device", "cpu", "--rows", "24", "--batch", "4", "--questions", "4", "--length", "8")
    assert "random weights in bfloat16" in said
    assert re.search(r"training: [\d,]+ tokens/s \(\d+ steps of 4 rows in \d+ s, loss \d", said)
    assert re.search(r"generation: [\d,]+ tokens/s \(4 questions at once", said)


def test_it_says_that_there_is_no_gpu():
    """Without a device nothing is measured, and that is no failure."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    assert run() == "No CUDA device here: nothing is measured.\n"
