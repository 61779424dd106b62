"""From a source to its rows as they lie there: files, MATH's folders, tables in memory.

What a column means is `_row`'s affair, what `datasets` reads is `_hub`'s.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mathtune.errors import DataError, StorageError
from mathtune.files import decode_json, name_as_text, read_csv

from ._hub import hub_records, is_saved_dataset, saved_records
from ._known import KnownDataset, known_dataset
from ._row import Record

__all__ = ["Source", "records"]

Source = Any  # str, os.PathLike, datasets.Dataset, a pandas or polars frame, or an iterable of mappings

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_DATA_FILES = {".arrow", ".csv", ".json", ".jsonl", ".parquet", ".tsv", ".gz", ".zip", ".zst", ".bz2", ".xz"}
_NO_DATA = (
    "the folder holds no problems: expected MATH's layout (train/algebra/1.json), what `save_to_disk` of "
    "`datasets` wrote, or .jsonl, .json, .parquet or .csv files"
)
_SPLIT_NAME = re.compile(
    r"[-._ 0-9/](train(ing)?|test(ing)?|val|valid|validation|dev|eval|evaluation)[-._ 0-9/]"
)
_SPLITS = ("train", "test", "validation", "val", "dev")


def records(source: Source, split: str | None, config: str | None) -> Iterator[Record]:
    """Give the rows of a source in its order.

    Raises:
        DataError: There is no such source, split or config, or it is empty.
        StorageError: A file cannot be read.
        UnreachableError: The hub cannot be reached.
    """
    if isinstance(source, (str, Path)) or hasattr(source, "__fspath__"):
        found = _named_records(str(source), split, config)
    else:
        _refuse(split, config, "a table in memory")
        found = _table_records(source)
    first = next(found, None)
    if first is None:
        raise DataError("holds no problems", path=source if isinstance(source, (str, Path)) else None)
    return itertools.chain((first,), found)


def _named_records(name: str, split: str | None, config: str | None) -> Iterator[Record]:
    path = Path(name)
    if path.is_dir():  # `datasets` wants a name, which "." has not
        return _folder_records(path if path.name not in {"", ".."} else path.resolve(), split, config)
    if path.exists() or path.suffix in _READERS:
        _refuse(split, config, "a single file")
        return _file_records(path)
    known = known_dataset(name)
    if known is not None:
        return _known_records(known, split, config)
    if _HUB_ID.fullmatch(name):
        return hub_records(name, split, (config,))
    raise DataError(
        "expected a file, a folder, a dataset's id on the hub such as openai/gsm8k, or 'mathtune:drills'",
        path=name,
    )


def _known_records(known: KnownDataset, split: str | None, config: str | None) -> Iterator[Record]:
    if known.url is not None:
        raise DataError(f"not on the hub: download it from {known.url} and give the file", path=known.name)
    default: tuple[str | None, ...] = (known.config,) if known.config else known.configs or (None,)
    return hub_records(known.id, split, default if config is None else (config,), known.revision)


def _refuse(split: str | None, config: str | None, what: str) -> None:
    for field, value in (("split", split), ("config", config)):
        if value is not None:
            raise DataError(f"{what} has no {field}s, but {value!r} was asked for", field=field)


# Files


def _file_records(path: Path) -> Iterator[Record]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"expected a file ending in {', '.join(_READERS)}", path=path)
    try:
        yield from reader(path)
    except StorageError:
        raise
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror or error}", str(path)) from error


def _lines(path: Path) -> Iterator[Record]:
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            if raw.strip():
                yield _record(_decoded(raw, path, number), path, number)


def _decoded(raw: bytes, path: Path, line: int) -> object:
    """Give the line's value, or the error that it is, so that the lines behind a bad one are still read."""
    try:
        return decode_json(raw, path=path, line=line)
    except DataError as error:
        return error


def _csv(path: Path) -> Iterator[Record]:
    for number, row in read_csv(path):
        yield _record(row, path, number)


def _whole(path: Path) -> object:
    """Decode a file that is one JSON value.

    Raises:
        DataError: It is empty or no JSON; the line is named.
    """
    raw = path.read_bytes()
    if not raw.strip():
        raise DataError("the file is empty", path=path)
    return decode_json(raw, path=path)


def _listed(path: Path) -> Iterator[Record]:
    """Give the rows of a list, of an object's one list, of an object of rows by id, or one row."""
    whole = _whole(path)
    if isinstance(whole, Mapping):
        lists = [value for value in whole.values() if isinstance(value, list)]
        if whole and all(isinstance(value, Mapping) for value in whole.values()):
            for number, (key, row) in enumerate(whole.items(), 1):
                yield _record(row, path, number, key=key)
            return
        scalars = any(isinstance(value, str) for value in whole.values())
        whole = lists[0] if len(lists) == 1 and not scalars else [whole]
    if not isinstance(whole, list):
        raise DataError(f"expected a list of problems, found {type(whole).__name__}", path=path)
    for number, row in enumerate(whole, 1):
        yield _record(row, path, number)


def _parquet(path: Path) -> Iterator[Record]:
    import pyarrow
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as table:
            rows = (row for batch in table.iter_batches() for row in batch.to_pylist())
            for number, row in enumerate(rows, 1):
                yield _record(row, path, number)
    except pyarrow.ArrowException as error:
        raise DataError(f"not a Parquet file that can be read ({error})", path=path) from error


_READERS = {".json": _listed, ".jsonl": _lines, ".parquet": _parquet, ".csv": _csv}


def _record(row: object, path: Path, number: int, *, key: str | None = None) -> Record:
    own = f"{name_as_text(path.stem)}:{number}" if key is None else key
    return Record(row=row, path=str(path), line=number, key=own, source=name_as_text(path.name))


# Folders


def _folder_records(folder: Path, split: str | None, config: str | None) -> Iterator[Record]:
    if is_saved_dataset(folder):
        return saved_records(folder, split, config)
    files = sorted(folder.rglob("*.json"), key=_in_order)
    if files and all(file.stem.isdecimal() for file in files):
        return _math_records(folder, files, split, config)
    _check_data_files(folder)
    return hub_records(str(folder), split, (config,))


def _check_data_files(folder: Path) -> None:
    """Refuse a folder of which `datasets` would read nothing, or a part without a word.

    Where the name of one file tells of a split, it leaves out all files whose names tell of none.
    """
    found = [file for file in folder.rglob("*") if file.suffix.lower() in _DATA_FILES and file.is_file()]
    if not found:
        raise DataError(_NO_DATA, path=folder)
    without = [file for file in found if not _SPLIT_NAME.search(f"/{file.relative_to(folder)}")]
    described = (folder / "README.md").exists()  # its header may say which files belong to which split
    if without and len(without) < len(found) and not described:
        names = ", ".join(file.name for file in without[:3]) + (", ..." if len(without) > 3 else "")
        raise DataError(
            f"some files are named for a split and {names} for none: read them one by one, or rename them",
            path=folder,
        )


def _math_records(folder: Path, files: list[Path], split: str | None, config: str | None) -> Iterator[Record]:
    """Read MATH's own layout: `train/algebra/1.json`, one object a file.

    An id is the path from the folder that holds the splits, as in MATH-500's `unique_id`.
    """
    root = folder.parent if folder.name in _SPLITS else folder
    found = False
    for file in files:
        parts = file.relative_to(root).parts
        here = parts[0] if parts[0] in _SPLITS else None
        if split in (None, here) and config in (None, file.parent.name):
            found = True
            key, source = name_as_text("/".join(parts)), name_as_text(root.name)
            yield Record(row=_object(file), path=str(file), line=1, key=key, source=source, split=here)
    if not found:
        field, asked = ("split", split) if config is None else ("config", config)
        raise DataError(f"no file of {field} {asked!r} in the folder", path=folder, field=field)


def _object(file: Path) -> object:
    try:
        return _whole(file)
    except DataError as error:
        return error
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror or error}", str(file)) from error


def _in_order(file: Path) -> tuple[str, int, str]:
    return str(file.parent), int(file.stem) if file.stem.isdecimal() else 0, file.name


# Tables in memory


def _table_records(table: object) -> Iterator[Record]:
    rows = _rows(table)
    for number, row in enumerate(rows, 1):
        yield Record(row=row, path="table", line=number, key=str(number), source="table")


def _rows(table: Any) -> Iterable[object]:  # noqa: ANN401  (frames of packages that need not be installed)
    if hasattr(table, "iter_rows"):  # polars
        table = table.iter_rows(named=True)
    elif hasattr(table, "itertuples"):  # pandas
        table = table.to_dict("records")
    if isinstance(table, Iterable):
        return iter(table)
    raise DataError(f"expected a path, a hub id or rows, found {type(table).__name__}")
