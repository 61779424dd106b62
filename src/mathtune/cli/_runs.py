"""`mathtune runs`: which runs are kept, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mathtune.errors import DataError
from mathtune.evaluation import list_runs

if TYPE_CHECKING:
    from mathtune.evaluation import KeptRun

__all__ = ["runs"]

_MINUTES = len("2026-11-23 08:15")  # of a time in ISO 8601


def runs(directory: Path = Path("runs/eval"), /) -> None:
    """List the runs that are kept, the last one last: when they ended, how many responses are right, where.

    The folders are what compare, regrade, similarity and format take.

    Args:
        directory: Where mathtune evaluate and mathtune import keep runs.
    """
    kept = list_runs(directory)
    if not kept:
        raise DataError("holds no runs", path=directory)
    print(f"{'ended (UTC)':<16}  {'right':>6}  {'of':>6}  {'accuracy':>8}  run")
    for run in kept:
        print(_line(run))


def _line(run: KeptRun) -> str:
    if run.ended is None:
        return f"{'not finished':<40}  {run.directory}"
    share = f"{100 * run.correct / run.total:.1f} %" if run.total else ""
    when = run.ended[:_MINUTES].replace("T", " ")
    return f"{when}  {run.correct:>6}  {run.total:>6}  {share:>8}  {run.directory}"
