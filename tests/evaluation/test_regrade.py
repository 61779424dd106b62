"""Tests of grading stored responses anew."""

from __future__ import annotations

import attrs

from mathtune.evaluation import Category, Evaluator, load_run, regrade, save_run
from mathtune.policy import Policy
from mathtune.testing import StubServer


def test_the_same_policy_changes_nothing(run, server):
    """Grading twice says the same, and asks nobody."""
    asked = server.count("chat")
    again = regrade(run)
    assert (again.changes, again.after.results) == ((), run.results)
    assert server.count("chat") == asked
    assert str(again) == f"no verdict changed; {run.accuracy()}"


def test_another_policy_lists_every_changed_verdict(tmp_path, problems):
    """Under a tolerance of one per cent 8.01 is 8: each change says from what to what, and why."""
    with StubServer(chat=lambda *_: r"\boxed{8.01}") as server:
        run = Evaluator(server.client(), directory=tmp_path).evaluate(problems, model="m")
    again = regrade(run, policy=Policy(relative_tolerance=0.01))
    assert run.accuracy().correct == 0
    assert again.after.accuracy().correct == 1
    (change,) = again.changes
    assert (change.before.category, change.after.category) == (Category.WRONG, Category.CORRECT)
    assert change.after.problem.id == "p7"
    assert again.by("subject") == {"Geometry": (1, 0)}
    assert "Geometry: +1 -0" in str(again)
    assert "p7: wrong answer (different_value) -> correct" in str(again)
    assert again.after.config["policy"]["relative_tolerance"] == 0.01


def test_a_regraded_run_can_be_kept(run, tmp_path):
    """It goes to a directory of its own and comes back equal; the first one stays."""
    after = regrade(run, policy=Policy(relative_tolerance=0.5)).after
    save_run(after, tmp_path / "again")
    assert load_run(tmp_path / "again") == attrs.evolve(after, directory=tmp_path / "again")
    assert load_run(run.directory) == run
