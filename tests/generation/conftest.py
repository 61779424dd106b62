"""Questions, and time that passes only by being waited for."""

from __future__ import annotations

import asyncio

import pytest

from mathtune.formatting import Message
from mathtune.generation import Clock, Question


class FakeClock:
    """Time that passes only by being waited for."""

    def __init__(self):
        self.time = 0.0
        self.waits: list[float] = []

    def clock(self):
        return Clock(now=lambda: self.time, sleep=self.sleep)

    async def sleep(self, seconds):
        self.waits.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


@pytest.fixture
def fake():
    return FakeClock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "responses.sqlite"


@pytest.fixture
def questions():
    """Give a function that makes so many questions."""
    return lambda count: [Question(str(n), (Message("user", f"What is {n}?"),)) for n in range(count)]
