"""A test's script as a training of the local server: a step of it is reported at each look at a job."""

from __future__ import annotations

import base64
import csv
import json
import threading
from pathlib import Path

import attrs
import pytest

from mathtune.server._reports import RESULT_COLUMNS
from mathtune.server._runner import Exit

AUTO = {"n_epochs": 3, "batch_size": 1, "learning_rate_multiplier": 1.0}
CHANGED_BY_TRAINING = {"fine_tuned_model", "trained_tokens", "error"}
STATUSES = {"validating_files", "queued", "running", "paused", "succeeded", "failed", "cancelled"}


@attrs.frozen(kw_only=True)
class Step:
    """What happens at one look.

    Attributes:
        reports: What the training says.
        asks: What somebody else asks of the job: "cancel" or "pause".
        ends: Whether the training is at its end.
    """

    reports: tuple[dict, ...] = ()
    asks: str | None = None
    ends: bool = False


def steps_of(stages):
    """Give the steps of a training that takes the course of a script; skip the test where none does."""
    steps, told = [], False
    for stage in stages:
        _check(stage)
        figures = [_metrics(event.get("data")) for event in stage.events if not isinstance(event, str)]
        figures = [report for report in figures if report is not None]
        told = told or bool(figures)
        if stage.status == "running":
            steps.append(Step(reports=tuple(figures)))
        elif stage.status in ("paused", "cancelled"):
            steps.append(Step(asks={"paused": "pause", "cancelled": "cancel"}[stage.status]))
        elif stage.status == "failed":
            steps.append(Step(reports=({"type": "failed", **stage.changes["error"]},), ends=True))
        elif stage.status == "succeeded":
            rows = () if told or stage.metrics is None else _rows(stage.metrics)
            saved = [_checkpoint(checkpoint) for checkpoint in stage.checkpoints]
            tokens = {"type": "succeeded", "trained_tokens": stage.changes.get("trained_tokens", 0)}
            steps.append(Step(reports=(*rows, *saved, tokens), ends=True))
    return steps


def _check(stage):
    if stage.status not in STATUSES:
        pytest.skip(f"another provider's word: {stage.status}")
    if "id" in stage.changes:
        pytest.skip("another provider's mistake: a job without an id")
    if stage.status == "running" and stage.changes:
        pytest.skip("another provider's cache: an older copy of a job")
    if stage.status == "succeeded" and "fine_tuned_model" not in stage.changes:
        pytest.skip("another provider's policy: a job that succeeds, and its model withheld")


def _metrics(data):
    if data is None or "step" not in data:
        return None
    return {"type": "metrics", "total_steps": data["step"], **data}


def _rows(table):
    """Read a result file, in any of the forms that servers give it, back into what was measured."""
    text = (table if b"," in table else base64.b64decode(table)).decode("utf-8-sig")
    for row in csv.DictReader(text.splitlines()):
        values = {RESULT_COLUMNS[name]: float(value) for name, value in row.items() if value}
        yield _metrics({**values, "step": int(row["step"])})


def _checkpoint(given):
    return {**given["metrics"], "type": "checkpoint", "step": given["step_number"]}


class ScriptedRunner:
    """Carries jobs out as a script has it.

    Args:
        steps: What happens, a step at each look.
        ask: Asks something of a job by its id, as another client would.
    """

    def __init__(self, steps, ask):
        self.steps = steps
        self.ask = ask
        self.due = 0  # looks that have not been followed by their steps
        self.changed = threading.Condition()

    def look(self):
        """Let the job under way go on by a step."""
        with self.changed:
            self.due += 1
            self.changed.notify_all()

    def run(self, folder, stop):
        order = json.loads(folder.order.read_text())
        with self.changed:
            self.due = 0
        with Path(order["log"]).open("a") as log:

            def say(report):
                log.write(json.dumps(report) + "\n")
                log.flush()

            if not self.steps[0].ends or len(self.steps) > 1:
                say(self._start(order))
            for step in self.steps:
                if not self._waits_for_look(stop):
                    return Exit(code=-15)
                for report in step.reports:
                    say(_with_folder(report, folder))
                if step.asks:
                    self.ask(folder.path.name, step.asks)
                    stop.wait()
                    return Exit(code=-15)
                self._done()
                if step.ends:
                    return Exit(code=0)
        stop.wait()  # a script without an end goes on until somebody stops it
        return Exit(code=-15)

    def _start(self, order):
        sent = order["hyperparameters"]
        chosen = {name: value for name, value in AUTO.items() if sent.get(name) in (None, "auto")}
        return {"type": "started", "total_steps": len(self.steps), "hyperparameters": chosen}

    def _waits_for_look(self, stop):
        """Wait for a look; give whether one came before the job was to stop."""
        with self.changed:
            while not self.due:
                self.changed.wait(0.01)
                if stop.is_set():
                    return False
        return True

    def _done(self):
        with self.changed:
            self.due -= 1


def _with_folder(report, folder):
    """Give a report with the folder of the weights that it tells of, made."""
    name = {"checkpoint": f"checkpoint-{report.get('step')}", "succeeded": "model"}.get(report["type"])
    if name is None:
        return report
    (folder.output / name).mkdir(parents=True, exist_ok=True)
    return {**report, "folder": str(folder.output / name)}
