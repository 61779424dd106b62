from __future__ import annotations

import json
import time

import attrs
import pytest

from mathtune.tuning import FineTuner


@attrs.define
class FastClock:
    """A clock that a sleep moves on at once; it starts a day ago, as servers stamp with the real one."""

    now: float = attrs.field(factory=lambda: time.time() - 86_400)
    slept: float = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock():
    return FastClock()


def chat_lines(count, *, first=0):
    for number in range(first, first + count):
        question = {"role": "user", "content": f"What is {number} + 1?"}
        yield {"messages": [question, {"role": "assistant", "content": rf"\boxed{{{number + 1}}}"}]}


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def training_file(tmp_path):
    return write_lines(tmp_path / "train.jsonl", chat_lines(12))


@pytest.fixture
def tuner_of(tmp_path, clock):
    """Make a tuner of a stub server, in the same run directory each time, with a clock that does not wait."""

    def make(server, **options):
        settings = {"directory": tmp_path / "tune", "clock": clock, "sleep": clock.sleep, **options}
        return FineTuner(server.client(max_retries=0), **settings)

    return make
