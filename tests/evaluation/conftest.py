"""Problems, and a model that answers them by a table."""

from __future__ import annotations

import re

import pytest

from mathtune.evaluation import Evaluator
from mathtune.problems import Problem
from mathtune.testing import Reply, StubServer

# What the model says to each problem; the gold answer of number n is n + 1.
ANSWERS = {
    0: r"So it is $\boxed{1}$.",
    1: r"\boxed{7}",
    2: "",
    3: "<think>Let me see, 3 + 1 is",
    4: Reply(text=r"First I add. Then $\boxed{5}$ and that", finish_reason="length"),
    5: Reply(text="Let me write 5 + 1 = 6", finish_reason="length"),
    6: Reply(text="", finish_reason="content_filter"),
    7: r"The answer is $\boxed{\frac{16}{2}}$.",
}


@pytest.fixture
def problems():
    subjects = ("Algebra", "Geometry")
    return [
        Problem(
            id=f"p{n}",
            problem=f"What is {n} + 1?",
            answer=str(n + 1),
            subject=subjects[n % 2],
            level=1 + n // 4,
            source="made up",
            metadata={"n": n},
        )
        for n in range(8)
    ]


def number_of(messages):
    return int(re.search(r"What is (\d+)", messages[-1]["content"])[1])


@pytest.fixture
def server():
    with StubServer(chat=lambda messages, _model, _request: ANSWERS[number_of(messages)]) as stub:
        yield stub


@pytest.fixture
def evaluator(server, tmp_path):
    return Evaluator(server.client(), directory=tmp_path / "eval")


@pytest.fixture
def run(evaluator, problems):
    return evaluator.evaluate(problems, model="m")
