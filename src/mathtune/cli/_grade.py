"""`mathtune grade`: a table of responses and gold answers to verdicts, however long the table is."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mathtune.errors import DataError, StorageError
from mathtune.files import read_csv, read_json_lines, write_bytes, write_json_lines
from mathtune.grading import VERDICT_COLUMNS, Outcome, Reason, grade_stream, text_of
from mathtune.policy import Policy
from mathtune.progress import progress_bar

from ._flags import PolicyFlags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow
    import pyarrow.parquet

    from mathtune.grading import Verdict

__all__ = ["grade"]

READ = (".jsonl", ".parquet", ".csv")
WRITTEN = (".jsonl", ".parquet")
# Rows that are in memory at once, and their characters: a response may be ten megabytes long.
CHUNK = 1_000
MOST_CHARACTERS = 10_000_000


def grade(
    table: Path,
    /,
    *,
    output: Path | None = None,
    response: str = "response",
    gold: str = "answer",
    context: str | None = None,
    policy: PolicyFlags = Policy(),
) -> None:
    """Grade responses against gold answers.

    What is a number in the table is read as its digits; what is null is no answer, or no gold answer that can
    be read. The output has the columns outcome, reason and tier besides: the verdicts of an earlier grading
    are replaced, columns of these names that hold anything else are refused.

    Args:
        table: A .jsonl, .parquet or .csv file, a row a response.
        output: Where to write the rows with their verdicts, .jsonl or .parquet; nowhere unless given.
        response: The column of the response, whole or its answer alone.
        gold: The column of the gold answer.
        context: The column of the problem's text, where there is one.
        policy: What counts as the same answer.
    """
    for path, suffixes in ((table, READ), (output, WRITTEN)):
        if path is not None and path.suffix not in suffixes:
            raise DataError(f"expected a file ending in {' or '.join(suffixes)}", path=path)
    rows = _rows(table)
    first = next(rows, None)
    if first is None:
        raise DataError("holds no responses", path=table)
    counts: Counter[str] = Counter()
    shown = progress_bar(itertools.chain([first], rows), total=_length(table), label="Grading")
    kept = shown if output is None else _without_others(shown, table)
    graded = _graded(kept, table, (response, gold, context), policy, counts)
    if output is None:
        for _row in graded:
            pass
    elif output.suffix == ".parquet":
        _write_parquet(graded, output, table)
    else:
        write_json_lines(output, graded)
    said = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    print(f"{counts.total()} response{'' if counts.total() == 1 else 's'}: {said}")


def _without_others(
    rows: Iterable[tuple[int, dict[str, Any]]], table: Path
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows without verdicts of an earlier grading; what the verdicts' columns hold else is not lost."""
    for number, row in rows:
        taken = {name: row[name] for name in VERDICT_COLUMNS if row.get(name) is not None}
        if taken and not (len(taken) == len(VERDICT_COLUMNS) and _is_verdict(taken)):
            message = "holds no verdict of an earlier grading, and this one's would replace it: rename it"
            raise DataError(message, path=table, line=number, field=next(iter(taken)))
        yield number, {name: cell for name, cell in row.items() if name not in VERDICT_COLUMNS}


def _is_verdict(columns: dict[str, Any]) -> bool:
    return columns["outcome"] in list(map(str, Outcome)) and columns["reason"] in list(map(str, Reason))


def _graded(
    rows: Iterable[tuple[int, dict[str, Any]]],
    table: Path,
    fields: tuple[str, str, str | None],
    policy: Policy,
    counts: Counter[str],
) -> Iterator[dict[str, Any]]:
    """The rows with their verdicts; `counts` grows by their outcomes."""
    waiting: list[dict[str, Any]] = []  # `grade_stream` takes a row and gives a verdict, so one row waits

    def texts() -> Iterator[tuple[str, str, str | None]]:
        for number, row in rows:
            waiting.append(row)
            yield _texts(row, fields, table, number)

    for verdict in grade_stream(texts(), policy=policy):
        counts[verdict.outcome.value] += 1
        yield waiting.pop() | _columns(verdict)


def _rows(table: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if table.suffix == ".parquet":
        yield from enumerate(_parquet_rows(table), 1)
        return
    for number, row in read_csv(table) if table.suffix == ".csv" else read_json_lines(table):
        if isinstance(row, DataError):
            raise row
        if not isinstance(row, dict):
            raise DataError(f"expected an object, got {type(row).__name__}", path=table, line=number)
        yield number, row


def _parquet_rows(table: Path) -> Iterator[dict[str, Any]]:
    import pyarrow
    import pyarrow.parquet

    try:
        with table.open("rb") as stream, pyarrow.parquet.ParquetFile(stream) as file:
            yield from (row for batch in file.iter_batches(_rows_at_once(file)) for row in batch.to_pylist())
    except pyarrow.ArrowException as error:
        raise DataError(f"not a Parquet file that can be read ({error})", path=table) from error
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror or error}", str(table)) from error


def _rows_at_once(file: pyarrow.parquet.ParquetFile) -> int:
    """How many rows of a Parquet file make a batch: fewer, where they are long."""
    groups = [file.metadata.row_group(place) for place in range(file.num_row_groups)]
    longest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
    return max(1, min(CHUNK, MOST_CHARACTERS // max(longest, 1)))


def _length(table: Path) -> int:
    """How many rows the progress bar has to expect; blank lines count."""
    if table.suffix == ".parquet":
        import pyarrow.parquet

        return int(pyarrow.parquet.read_metadata(table).num_rows)
    with table.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))


def _texts(
    row: dict[str, Any], fields: tuple[str, str, str | None], table: Path, number: int
) -> tuple[str, str, str | None]:
    response, gold, context = fields
    problem = None if context is None else _text(row, context, table, number)
    return _text(row, response, table, number) or "", _text(row, gold, table, number) or "", problem


def _text(row: dict[str, Any], field: str, table: Path, number: int) -> str | None:
    if field not in row:
        columns = ", ".join(row) or "none"
        message = f"no such column, only {columns}; say which it is with --response, --gold or --context"
        raise DataError(message, path=table, line=number, field=field)
    try:
        return text_of(row[field])
    except TypeError as error:
        raise DataError(str(error), path=table, line=number, field=field) from error


def _columns(verdict: Verdict) -> dict[str, str]:
    return {name: str(getattr(verdict, name)) for name in VERDICT_COLUMNS}


def _schema(table: Path) -> pyarrow.Schema:
    """The columns of the input, and the verdict's; of JSON lines the types that all of them need."""
    import pyarrow
    import pyarrow.parquet

    if table.suffix == ".parquet":
        schema = pyarrow.parquet.read_schema(table)
    else:
        rows = (row for _number, row in _rows(table))
        parts = [_in_columns(chunk, table).schema for chunk in _chunks(rows)]
        try:
            schema = pyarrow.unify_schemas(parts, promote_options="permissive")
        except pyarrow.ArrowException as error:
            raise _unlike(table, error) from error
    kept = [field for field in schema if field.name not in VERDICT_COLUMNS]
    return pyarrow.schema([*kept, *((name, pyarrow.string()) for name in VERDICT_COLUMNS)])


def _in_columns(
    rows: list[dict[str, Any]], table: Path, schema: pyarrow.Schema | None = None
) -> pyarrow.Table:
    import pyarrow

    try:
        return pyarrow.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError as error:
        raise DataError("holds half a surrogate pair, which no Parquet file can", path=table) from error
    except OverflowError as error:
        raise DataError(
            "holds a whole number of over 64 bits, which no Parquet file can", path=table
        ) from error
    except pyarrow.ArrowException as error:
        raise _unlike(table, error) from error


def _unlike(table: Path, error: Exception) -> DataError:
    return DataError(f"no Parquet column holds values of such different kinds ({error})", path=table)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += _characters(row)
        if len(chunk) >= CHUNK or size >= MOST_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _characters(cell: object) -> int:
    """How many characters a cell holds, itself or in the lists and objects that it is made of."""
    if isinstance(cell, str):
        return len(cell)
    parts = cell.values() if isinstance(cell, dict) else cell if isinstance(cell, list) else ()
    return sum(map(_characters, parts))


def _write_parquet(rows: Iterable[dict[str, Any]], output: Path, table: Path) -> None:
    """A Parquet file ends with its table of contents, so it is written aside and then put in its place."""
    import pyarrow.parquet

    schema = _schema(table)
    try:
        with tempfile.TemporaryFile() as aside:
            with pyarrow.parquet.ParquetWriter(aside, schema) as writer:
                for chunk in _chunks(rows):
                    writer.write_table(_in_columns(chunk, table, schema))
            aside.seek(0)
            write_bytes(output, iter(lambda: aside.read(1 << 20), b""))
    except StorageError:
        raise
    except OSError as error:  # of the file aside, at the latest when it is closed
        message = f"cannot write: {error.strerror or error}"
        raise StorageError(error.errno, message, str(output)) from error
