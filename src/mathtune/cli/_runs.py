"""`mathtune runs`: which runs are kept, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mathtune.errors import DataError
from mathtune.evaluation import STORE, list_runs
from mathtune.evaluation import remove_unfinished as remove_folders
from mathtune.generation import kept_responses

if TYPE_CHECKING:
    from mathtune.evaluation import KeptRun

__all__ = ["runs"]

_MINUTES = len("2026-11-23 08:15")  # of a time in ISO 8601


def runs(
    directory: Path = Path("runs/eval"),
    /,
    *,
    remove_unfinished: bool = False,
    with_responses: bool = False,
    dry_run: bool = False,
) -> None:
    """List the runs that are kept, the last one last: when they ended, how many responses are right, where.

    The folders are what compare, regrade, similarity and format take. Responses of runs that are not finished
    are kept in responses.sqlite, whatever becomes of the folders; evaluate the same again to go on.

    Args:
        directory: Where mathtune evaluate and mathtune import keep runs.
        remove_unfinished: Remove the folders of runs that were begun and never finished, and name them.
        with_responses: With --remove-unfinished: also folders that hold a file of responses.
        dry_run: With --remove-unfinished: only name what would be removed.
    """
    if not remove_unfinished and (with_responses or dry_run):
        raise DataError(
            "goes with --remove-unfinished", field="with_responses" if with_responses else "dry_run"
        )
    kept = list_runs(directory)
    if not kept:
        raise DataError("holds no runs", path=directory)
    if remove_unfinished:
        _remove_unfinished(directory, responses=with_responses, dry_run=dry_run)
        return
    print(f"{'ended (UTC)':<16}  {'right':>6}  {'of':>6}  {'accuracy':>8}  run")
    for run in kept:
        print(_line(run))


def _remove_unfinished(directory: Path, *, responses: bool, dry_run: bool) -> None:
    unfinished = remove_folders(directory, responses=responses, dry_run=dry_run)
    done = "would be removed" if dry_run else "removed"
    for run in unfinished:
        held = ", ".join(file.name for file in run.files)
        print(f"left, {run.left}" if run.left else f"{done} ({held})", run.directory, sep=": ")
    if not unfinished:
        print("no unfinished runs")
    store = directory / STORE
    for model, count in kept_responses(store).models.items():
        print(f"{count:,} responses of {model} stay in {store}")


def _line(run: KeptRun) -> str:
    if run.ended is None:
        return f"{'not finished':<40}  {run.directory}"
    share = f"{100 * run.correct / run.total:.1f} %" if run.total else ""
    when = run.ended[:_MINUTES].replace("T", " ")
    return f"{when}  {run.correct:>6}  {run.total:>6}  {share:>8}  {run.directory}"
