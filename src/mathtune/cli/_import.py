"""`mathtune import`: responses that are there already to a run of graded responses."""

from __future__ import annotations

from pathlib import Path

from mathtune.evaluation import import_run
from mathtune.policy import Policy
from mathtune.reports import sampling_metrics

from ._flags import PolicyFlags

__all__ = ["import_"]


def import_(
    table: Path,
    /,
    *,
    model: str,
    response: str = "response",
    gold: str | None = None,
    problem: str | None = None,
    id: str | None = None,  # noqa: A002  (the flag is called so)
    subject: str | None = None,
    level: str | None = None,
    directory: Path = Path("runs/eval"),
    policy: PolicyFlags = Policy(),
) -> None:
    """Make a run of responses that you have already, whoever asked for them; nothing is asked.

    The run can be compared, regraded and so on like one of mathtune evaluate. Rows of one problem (by its id,
    else its text) are its samples. A column finish_reason, where there is one, tells what was cut off.

    Args:
        table: A .json, .jsonl, .parquet or .csv file: a row a response, with the problem and its gold answer.
        model: The name of the model that gave the responses.
        response: The column of the response: a text, or a list of several samples.
        gold: The column of the gold answer, where it is not called answer, target or the like.
        problem: The column of the problem's text, where it is not called problem, question or the like.
        id: The column by which rows of other files are known to be on the same problem: --id problem goes by
            its text.
        subject: The column of the subject, where it is not called subject, type, topic or the like.
        level: The column of the level, where it is not called level.
        directory: Where runs are kept.
        policy: What counts as the same answer.
    """
    named = {"answer": gold, "problem": problem, "id": id, "subject": subject, "level": level}
    columns = {field: column for field, column in named.items() if column is not None}
    run = import_run(
        table, model=model, response=response, columns=columns, policy=policy, directory=directory
    )
    print(run)
    if any(result.response.sample for result in run.results):
        print(sampling_metrics(run, policy=policy))
    print(f"kept in {run.directory}")
