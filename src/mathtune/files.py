"""Whole files or none: text is written beside its target and moved into place.

A reader never sees half a file, and a full disk or a kill leaves the old one as it was.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mathtune.errors import DataError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "decode_json",
    "name_as_text",
    "read_csv",
    "read_json_lines",
    "write_bytes",
    "write_json_lines",
    "write_text",
]


def write_text(path: str | os.PathLike[str], parts: str | Iterable[str]) -> Path:
    """Write text to `path` in one step: temporary file, fsync, rename.

    Args:
        path: The target; its folder is made if missing.
        parts: The text, whole or in parts.

    Raises:
        StorageError: The disk refused. The target is as it was before.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text(f"{folder}/a.txt", ["one ", "two"]).read_text()
    'one two'
    """
    whole = (parts,) if isinstance(parts, str) else parts
    return write_bytes(path, (part.encode() for part in whole))


def write_bytes(path: str | os.PathLike[str], parts: Iterable[bytes]) -> Path:
    """Write bytes to `path` in one step (see `write_text`).

    Raises:
        StorageError: The disk refused. The target is as it was before.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_bytes(f"{folder}/a", [b"one ", b"two"]).read_bytes()
    b'one two'
    """
    target = Path(path)
    # Named before it is made: Ctrl-C in the midst of making it leaves nothing behind either.
    temporary = target.parent / f".{target.name}.{secrets.token_hex(4)}.tmp"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as stream:
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        if isinstance(error, StorageError):
            raise
        raise StorageError(error.errno, f"cannot write: {error.strerror}", str(target)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def write_json_lines(path: str | os.PathLike[str], rows: Iterable[Any]) -> Path:
    """Write one JSON value a line, UTF-8, in one step (see `write_text`)."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    # half a surrogate pair is no UTF-8, and with a backslash it is JSON
    return write_bytes(path, (line.encode("utf-8", "backslashreplace") for line in lines))


def read_json_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, Any]]:
    """Give (line number from 1, value) for each line that is not blank.

    Raises:
        DataError: A line is not UTF-8 or not JSON; path and line are named.
        StorageError: The file cannot be opened.
    """
    try:
        stream = Path(path).open("rb")  # noqa: SIM115  (closed by the `with` below; only opening is translated)
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror}", str(path)) from error
    with stream:
        for number, raw in enumerate(stream, 1):
            if raw.strip():
                yield number, decode_json(raw, path=path, line=number)


# The standard library's 131,072 characters are less than a reasoning model's thoughts.
_LONGEST_CELL = 100_000_000


def read_csv(path: str | os.PathLike[str]) -> Iterator[tuple[int, dict[str, str] | DataError]]:
    """Give (line number from 1, columns by the names in the first line) for each row of a CSV file.

    A row may go over several lines, within quotes; its number is that of its last one. In the place of a row
    with more or fewer columns than names stands the error that it is, so that those behind it are still read.

    Raises:
        DataError: It is no CSV in UTF-8, or has two columns of one name; path and line are named.
        StorageError: The file cannot be opened.
    """
    try:
        stream = Path(path).open(encoding="utf-8-sig", newline="")  # noqa: SIM115  (closed by the `with` below)
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror}", str(path)) from error
    # It is one limit for the whole process, so it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    with stream:
        rows = csv.reader(stream, strict=True)
        try:
            names = next(rows, [])
            twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
            if twice is not None:
                raise DataError(f"two columns are called {twice!r}", path=path, line=1)
            for row in filter(None, rows):
                yield rows.line_num, _named(row, names, path, rows.line_num)
        except (csv.Error, UnicodeDecodeError) as error:
            raise DataError(f"not CSV in UTF-8 ({error})", path=path, line=rows.line_num + 1) from error


def _named(row: list[str], names: list[str], path: object, line: int) -> dict[str, str] | DataError:
    if len(row) == len(names):
        return dict(zip(names, row, strict=True))
    message = f"expected {len(names)} columns, as the first line names, found {len(row)}"
    return DataError(message, path=path, line=line)


def decode_json(raw: bytes, *, path: object, line: int | None = None) -> Any:  # noqa: ANN401  (JSON is any value)
    """Decode JSON in UTF-8, with or without a byte order mark at the beginning of the file.

    Args:
        raw: A line, or a whole file.
        path: The file, for errors.
        line: The line's number from 1; None for a whole file.

    Raises:
        DataError: It is no JSON in UTF-8, or deeper or longer than anything sensible; the line is named.

    >>> decode_json(b'{"answer": 4}', path="a.jsonl", line=1)
    {'answer': 4}
    """
    begins = line is None or line == 1  # where Windows' editors put a byte order mark
    try:
        return json.loads(raw.decode("utf-8-sig" if begins else "utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 (byte {error.start}: {error.reason})", path=path, line=line) from error
    except json.JSONDecodeError as error:
        where = f"not JSON ({error.msg} at character {error.colno})"
        raise DataError(where, path=path, line=line or error.lineno) from error
    except RecursionError as error:
        raise DataError("not JSON that can be read (nested too deeply)", path=path, line=line) from error
    except ValueError as error:  # Python reads whole numbers of a few thousand digits only
        raise DataError("not JSON that can be read (a number is too long)", path=path, line=line) from error


def name_as_text(path: str | os.PathLike[str]) -> str:
    r"""Give a path as text that JSON, Parquet and SQLite can hold.

    On Linux a name is bytes of any encoding; for those that are no UTF-8 Python puts half surrogate pairs.

    >>> name_as_text("data/gr\udcf6sse.jsonl") == "data/gr\N{REPLACEMENT CHARACTER}sse.jsonl"
    True
    """
    return os.fsencode(path).decode("utf-8", "replace")


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can."""
    with contextlib.suppress(OSError):  # Windows cannot open a folder; the file itself is safe by now
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
