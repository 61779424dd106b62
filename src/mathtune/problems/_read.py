"""Read problems from any source: interpret its rows, and account for those that are bad."""

from __future__ import annotations

import hashlib
import itertools
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs

from mathtune.errors import DataError

from ._columns import COLUMNS
from ._drills import drills
from ._problem import Problems
from ._row import problem_from
from ._sources import records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._problem import Problem
    from ._row import Record
    from ._sources import Source

__all__ = ["read_problems", "read_rows"]

_DRILLS = "mathtune:drills"
_FLAGS = {
    "answer": "--gold",
    "problem": "--problem",
    "id": "--id",
    "subject": "--subject",
    "level": "--level",
}


def read_problems(
    source: Source,
    *,
    split: str | None = None,
    config: str | None = None,
    limit: int | None = None,
    on_error: Literal["raise", "skip"] = "raise",
) -> Problems:
    r"""Read problems with their gold answers.

    The gold is the row's own answer, else what follows `####`, else the solution's last balanced `\boxed`.
    Columns are found under the names that datasets use for them; those that are no field go to `metadata`.

    Args:
        source: A `.json`, `.jsonl`, `.parquet` or `.csv` file, a folder in MATH's layout
            (`train/algebra/1.json`), a folder that `datasets` reads or has saved, a hub id,
            `"mathtune:drills"`, or rows in memory (mappings, a `datasets.Dataset`, a pandas or polars frame).
        split: One split, where the source has some; None reads all, and `metadata["split"]` tells which.
        config: One config of a hub dataset, one subject folder of MATH's layout, one subject of the drills.
        limit: At most this many problems, the first ones.
        on_error: What to do with a bad row: `"raise"`, or `"skip"` it, keep its error in `.skipped` and warn.

    Raises:
        DataError: There is no such source, split or config; it is empty; an id is used twice; or a row is bad
            and `on_error` is `"raise"`. File, line and field are named.
        StorageError: A file cannot be read.
        UnreachableError: The hub cannot be reached.

    >>> rows = [{"question": "What is $2+3$?", "answer": "Count on: 4, 5.\n#### 5"}]
    >>> read_problems(rows)[0].answer
    '5'
    >>> read_problems("mathtune:drills", split="test", limit=3)
    <Problems: 3; arithmetic 1, fractions 1, linear equations 1>
    """
    if on_error not in ("raise", "skip"):
        raise DataError(f"expected 'raise' or 'skip', found {on_error!r}", field="on_error")
    if limit is not None and limit < 1:
        raise DataError(f"expected at least 1, found {limit}", field="limit")
    if isinstance(source, str) and source == _DRILLS:
        return _drills(split, config, limit)
    kept: list[Problem] = []
    skipped: list[DataError] = []
    for read in _unique(records(source, split, config)):
        if not isinstance(read, DataError):
            kept.append(read)
        elif on_error == "raise":
            raise _with_advice(read)
        else:
            skipped.append(read)
        if len(kept) == limit:
            break
    _report(skipped, len(kept))
    return Problems(kept, skipped=skipped)


def read_rows(source: Source, *, columns: Mapping[str, str], apart: str) -> Iterator[tuple[Problem, Record]]:
    """Give the problem of each row, as often as it comes, and the row beside it.

    A row without an id of its own, or with the problem's text for one, has the beginning of its SHA-256 for
    one, so that the same problem in another file has it too.

    Args:
        source: As for `read_problems`, without splits.
        columns: What the source calls the fields that have no usual name there, as `{"answer": "label"}`.
        apart: A column that tells nothing of the problem, whatever it is called.

    Raises:
        DataError: A row lacks a named column, or holds no problem; file, line and field are named.
        StorageError: A file cannot be read.

    >>> rows = [{"question": "1+1?", "label": "2", "solution": "I say 3."}]
    >>> [(problem, _)] = read_rows(rows, columns={"answer": "label"}, apart="solution")
    >>> problem.answer, problem.solution
    ('2', None)
    """
    for record in records(source, None, None):
        row = _with_usual_names(record, columns, apart) if isinstance(record.row, Mapping) else record.row
        try:
            problem = problem_from(attrs.evolve(record, row=row))
        except DataError as error:
            raise _with_naming(error, columns) from error
        if problem.id in {record.key, problem.problem}:
            problem = attrs.evolve(problem, id=hashlib.sha256(problem.problem.encode()).hexdigest()[:12])
        yield problem, record


def _with_usual_names(record: Record, columns: Mapping[str, str], apart: str) -> dict[str, Any]:
    """Give a row with the named columns under the names that its fields go by, and without `apart`."""
    row: Mapping[str, Any] = record.row  # type: ignore[assignment]  # the caller looked
    for column in (*columns.values(), apart):
        if column not in row:
            message = f"no such column, only {', '.join(map(str, row)) or 'none'}"
            flags = ", ".join(["--response", *_FLAGS.values()])
            raise record.error(f"{message}; say which it is with response= or columns= ({flags})", column)
    named = {COLUMNS[field][0]: row[column] for field, column in columns.items()}
    spent = {column for field, column in columns.items() if field != "id"}  # an id may be any of them
    taken = {*spent, *named, apart}
    return named | {name: value for name, value in row.items() if name not in taken}


def _drills(split: str | None, config: str | None, limit: int | None) -> Problems:
    splits = ("train", "test") if split is None else (split,)
    subjects = None if config is None else (config,)
    each = (drills(s, limit=limit, subjects=subjects) for s in splits)  # type: ignore[arg-type]  # drills() checks
    return Problems(itertools.islice(itertools.chain.from_iterable(each), limit))


def _unique(found: Iterator[Record]) -> Iterator[Problem | DataError]:
    """Interpret each row, and take an id that came before as an error that names both rows."""
    seen: dict[str, Record] = {}
    for record in found:
        try:
            problem = problem_from(record)
        except DataError as error:
            yield error
            continue
        first = seen.setdefault(problem.id, record)
        if first is record:
            yield problem
        else:
            yield record.error(f"id {problem.id!r} is used twice, first in {first.path}:{first.line}", "id")


def _with_advice(error: DataError) -> DataError:
    message = f"{error.message}; mend the row, or leave such rows out with on_error='skip' (--on-error skip)"
    return DataError(message, path=error.path, line=error.line, field=error.field)


def _with_naming(error: DataError, columns: Mapping[str, str]) -> DataError:
    """Say how to name the column of a field that was not found and not named."""
    if error.field not in {"problem", "answer"} or error.field in columns:
        return error
    message = f"{error.message}; say which column it is with columns= ({_FLAGS[error.field]})"
    return DataError(message, path=error.path, line=error.line, field=error.field)


def _report(skipped: list[DataError], kept: int) -> None:
    if skipped:
        total = len(skipped) + kept
        warnings.warn(f"{len(skipped)} of {total} rows were skipped; the first: {skipped[0]}", stacklevel=3)
