"""`mathtune data`: which datasets are known, and whether one is fit for use."""

from __future__ import annotations

from cyclopts import App

from mathtune.problems import check_problems, known_datasets, read_problems

from ._source import Selection

__all__ = ["data"]

data = App(name="data", help="Known datasets, and checks of any source.")


@data.command(name="list")
def list_datasets() -> None:
    """List the published datasets whose columns, answers and traps are known."""
    for known in known_datasets():
        splits = ", ".join(f"{name} {rows:,}" if rows else name for name, rows in known.splits.items())
        print(f"{known.name:<24} {known.id:<44} {splits}")


@data.command
def check(source: str, /, *, selection: Selection = Selection(), against: str | None = None) -> int:
    """Say what a source holds and what is wrong with it; the exit code is 1 where something is.

    Counts by subject and level, rows that cannot be read, repeated problems, gold answers that are missing,
    cannot be read or are not equal to themselves, and problems that a test set holds.

    Args:
        source: A .json, .jsonl or .parquet file, a folder in MATH's layout, a hub id, or mathtune:drills.
        against: A test set, read likewise, whose problems must not be in the source.
    """
    report = check_problems(
        selection.read(source), against=None if against is None else read_problems(against)
    )
    print(report)
    return int(bool(report.skipped or report.repeated or report.doubts or report.contaminated))
