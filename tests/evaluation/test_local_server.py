"""Tests of Evaluator against the real local server and its small model."""

from __future__ import annotations

import pytest

from mathtune.client import connect
from mathtune.evaluation import Evaluator, load_run
from mathtune.generation import Sampling
from mathtune.problems import read_problems

pytestmark = [pytest.mark.local, pytest.mark.processes]


def test_live_and_in_a_batch_a_real_model_says_the_same(tmp_path):
    """At temperature 0 both ways give the same responses, verdicts and tokens."""
    pytest.importorskip("torch", reason="the extra `local` is not installed")
    from mathtune.server import DRILLS_MODEL, LocalServer

    problems = read_problems("mathtune:drills", split="test", limit=6)
    with LocalServer() as server:
        client, sampling = connect(server.base_url), Sampling(max_tokens=200)
        live, batch = (
            Evaluator(client, directory=tmp_path / mode, sampling=sampling, mode=mode).evaluate(
                problems, model=DRILLS_MODEL
            )
            for mode in ("live", "batch")
        )
    assert live.accuracy().correct > 0
    assert [r.response.text for r in live.results] == [r.response.text for r in batch.results]
    assert [r.category for r in live.results] == [r.category for r in batch.results]
    assert live.manifest["tokens"] == batch.manifest["tokens"]
    assert live.manifest["tokens"]["completion"] > 0
    assert load_run(batch.directory) == batch
