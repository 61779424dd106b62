"""`mathtune grade`: a table of responses and gold answers to verdicts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mathtune.errors import DataError, StorageError
from mathtune.files import read_json_lines, write_bytes, write_json_lines
from mathtune.grading import grade as grade_response
from mathtune.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mathtune.grading import Verdict

__all__ = ["grade"]

SUFFIXES = (".jsonl", ".parquet")


def grade(
    table: Path,
    /,
    *,
    output: Path | None = None,
    response: str = "response",
    gold: str = "answer",
    context: str | None = None,
) -> None:
    """Grade responses against gold answers.

    Args:
        table: A .jsonl or .parquet file, a row a response.
        output: Where to write the rows with their verdicts, .jsonl or .parquet; nowhere unless given.
        response: The column of the response, whole or its answer alone.
        gold: The column of the gold answer.
        context: The column of the problem's text, where there is one.
    """
    for path in (table, output):
        if path is not None and path.suffix not in SUFFIXES:
            raise DataError(f"expected a file ending in {' or '.join(SUFFIXES)}", path=path)
    fields = (response, gold) if context is None else (response, gold, context)
    graded = []
    rows = list(_rows(table))
    if not rows:
        raise DataError("holds no responses", path=table)
    for number, row in progress_bar(rows, label="Grading"):
        texts = [_text(row, field, table, number) for field in fields]
        verdict = grade_response(texts[0], texts[1], context=texts[2] if context else None)
        graded.append(row | _columns(verdict))
    if output is not None:
        _write(graded, output)
    counts = Counter(row["outcome"] for row in graded)
    said = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    print(f"{len(graded)} responses: {said}")


def _rows(table: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if table.suffix == ".parquet":
        yield from enumerate(_parquet_rows(table), 1)
        return
    for number, row in read_json_lines(table):
        if not isinstance(row, dict):
            raise DataError(f"expected an object, got {type(row).__name__}", path=table, line=number)
        yield number, row


def _parquet_rows(table: Path) -> list[dict[str, Any]]:
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(table) as file:
            rows: list[dict[str, Any]] = file.read().to_pylist()
    except pyarrow.ArrowException as error:
        raise DataError(f"not a Parquet file that can be read ({error})", path=table) from error
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror or error}", str(table)) from error
    return rows


def _text(row: dict[str, Any], field: str, table: Path, number: int) -> str:
    value = row.get(field)
    if isinstance(value, str):
        return value
    if field not in row:
        columns = ", ".join(row) or "none"
        raise DataError(f"no such column, only {columns}", path=table, line=number, field=field)
    found = "null" if value is None else type(value).__name__
    raise DataError(f"expected text, found {found}", path=table, line=number, field=field)


def _columns(verdict: Verdict) -> dict[str, str]:
    return {"outcome": verdict.outcome.value, "reason": verdict.reason.value, "tier": verdict.tier}


def _write(rows: list[dict[str, Any]], output: Path) -> None:
    if output.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        stream = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), stream)
        write_bytes(output, [stream.getvalue()])
    else:
        write_json_lines(output, rows)
