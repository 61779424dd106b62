"""`mathtune data`: which datasets are known, and whether one is fit for use."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from cyclopts import App

from mathtune.errors import DataError
from mathtune.problems import check_problems, known_dataset, known_datasets, read_problems

from ._source import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mathtune.problems import KnownDataset

__all__ = ["data"]

data = App(name="data", help="Known datasets, and checks of any source.", sort_key=0)

_WIDTH = 80


@data.command(name="list")
def list_datasets(name: str | None = None, /) -> None:
    """List the published datasets whose columns, answers and traps are known, or all that is known of one.

    Args:
        name: The short name or the hub id of one.
    """
    if name is None:
        known = known_datasets()
        width = max(len(each.name) for each in known)
        print(f"{'name':<{width}}  {'hub id':<40} {'problems':>11}")
        for each in known:
            print(f"{each.name:<{width}}  {each.id:<40} {_rows(each):>11}")
        return
    one = known_dataset(name)
    if one is None:
        raise DataError("not among the known datasets, which `mathtune data list` shows", path=name)
    for line in _all(one):
        print(line)


@data.command
def check(
    source: str,
    /,
    *,
    selection: Selection = Selection(),
    against: list[str] | None = None,
    against_split: str | None = None,
) -> int:
    """Say what a source holds and what is wrong with it; the exit code is 1 where something is.

    Counts by subject and level, rows that cannot be read, repeated problems, gold answers that are missing,
    cannot be read or are not equal to themselves, and problems that a test set holds.

    Args:
        source: A .json, .jsonl, .parquet or .csv file, a folder in MATH's layout, a hub id, or
            mathtune:drills.
        against: A test set, read likewise, whose problems must not be in the source; may be repeated.
        against_split: The split of the test sets, where they have some.
    """
    tests = {name: read_problems(name, split=against_split) for name in against or ()}
    report = check_problems(selection.read(source, usual="skip"), against=tests or None)
    print(report)
    return int(bool(report.skipped or report.repeated or report.doubts or report.contaminated))


def _rows(known: KnownDataset) -> str:
    counted = [rows for rows in known.splits.values() if rows is not None]
    return f"{sum(counted):,}" if counted else "?"


def _all(known: KnownDataset) -> Iterator[str]:
    """Give all that is known of a dataset, in lines that a terminal shows whole."""
    splits = ", ".join(f"{name} {rows:,}" if rows else name for name, rows in known.splits.items())
    facts = {
        "id": known.id,
        "splits": splits,
        "configs": ", ".join(known.configs),
        "columns": ", ".join(known.columns),
        "answer": known.answer,
        "form": known.form,
        "licence": known.licence or "not known",
        "from": known.url or "",
        "revision": known.revision or "the newest",
        "holds": ", ".join(known.holds),
    }
    yield known.name
    for fact, text in facts.items():
        if text:
            yield from textwrap.wrap(f"{fact:<9} {text}", _WIDTH, subsequent_indent=" " * 10)
    for trap in known.traps:
        yield from textwrap.wrap(f"{'trap':<9} {trap}", _WIDTH, subsequent_indent=" " * 10)
