"""However long a text and however many of them: memory and work are bounded."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from mathtune.grading import equivalent, grade

MOST_MEGABYTES = 300
# Ten times what is promised, for a machine that is busy: what grows with the text takes far longer.
MOST_SECONDS = 2.5
LONG_TEXTS = Path(__file__).parent / "long_texts.py"


@pytest.mark.skipif(sys.platform != "linux", reason="no /proc to tell the most memory held")
def test_ten_megabytes_of_anything_cost_little():
    """Whatever is repeated and wherever it stands, a verdict takes a moment, and memory stays small."""
    tries = subprocess.run([sys.executable, LONG_TEXTS], capture_output=True, text=True, check=True).stdout
    found = [json.loads(line) for line in tries.splitlines()]
    assert len(found) > 400
    assert [one for one in found if one[2] > MOST_SECONDS or one[3] > MOST_MEGABYTES] == []


def kept_megabytes(work):
    """What is still held when some work is done."""
    tracemalloc.start()
    work()
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / 1e6


def test_gold_answers_that_dots_make_long_are_not_kept():
    """Two thousand numbers in forty characters, each time others: their values are not remembered."""

    def work():
        for start in range(40):
            assert not equivalent(f"{start}, {start + 1}, \\ldots, {start + 1_999}", "5")
            assert not equivalent(f"{start}, {start + 1}, &hellip;, {start + 1_998}", "5")

    assert kept_megabytes(work) < 10


def test_problems_that_are_long_are_not_kept():
    """Of a thousand problems of a hundred thousand characters, memory holds a part of each at most."""

    def work():
        for number in range(300):
            problem = f"{'Cats are red. ' * 8_000} How many cats are there in house {number}?"
            assert not grade("So there are 5 cats.", "6", context=problem)

    assert kept_megabytes(work) < 15
