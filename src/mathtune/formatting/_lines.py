"""Examples to and from JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from mathtune.errors import ExampleError
from mathtune.files import read_json_lines, write_json_lines

from ._example import Example
from ._lineage import write_lineage

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from mathtune.problems import Problem

__all__ = ["read_jsonl", "write_jsonl"]


class Line(Protocol):
    """Anything that is one line of a fine-tuning file."""

    def to_dict(self) -> dict[str, Any]:
        """Give the line's object."""
        ...


def write_jsonl(
    examples: Iterable[Line], path: str | os.PathLike[str], *, made_of: Iterable[Problem] | None = None
) -> Path:
    """Write one example a line, in one step: a reader never sees half a file.

    Args:
        examples: What to write, in order, each an `Example`, a `Preference` or a `ReinforcementExample`.
            An iterator is written as it comes.
        path: The file; its folder is made if missing.
        made_of: The problems that the examples come from. Their hashes are written beside the file
            (`train.jsonl.lineage.json`), from where they get into the manifests of jobs and runs.

    Raises:
        StorageError: The disk refused. A file that was there is as it was.
        TypeError: One of them is no example, as a row that is a dict already.

    >>> import tempfile
    >>> from mathtune.formatting import Message
    >>> one = Example((Message("user", "1+1?"), Message("assistant", "2")))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_jsonl(write_jsonl([one], f"{folder}/train.jsonl")) == [one]
    True
    """
    written = write_json_lines(path, map(_line, examples))
    if made_of is not None:
        write_lineage(written, made_of)
    return written


def _line(example: Line) -> dict[str, Any]:
    if not hasattr(example, "to_dict"):
        kind = type(example).__name__
        raise TypeError(f"expected examples, found {kind}: Example.from_dict makes one of a row")
    return example.to_dict()


def read_jsonl(path: str | os.PathLike[str]) -> list[Example]:
    """Read back what `write_jsonl` wrote, or any other chat fine-tuning file.

    Raises:
        DataError: A line is not JSON; path and line are named.
        ExampleError: A line is no example; path, line and field are named.
        StorageError: The file cannot be read.

    >>> import tempfile
    >>> from mathtune.formatting import Message
    >>> examples = [Example((Message("user", "1+1?"), Message("assistant", "2")))]
    >>> with tempfile.TemporaryDirectory() as here:
    ...     read_jsonl(write_jsonl(examples, f"{here}/train.jsonl")) == examples
    True
    """
    return [_example(row, path, line) for line, row in read_json_lines(path)]


def _example(row: object, path: object, line: int) -> Example:
    try:
        return Example.from_dict(row)
    except ExampleError as error:
        raise ExampleError(error.message, path=path, line=line, field=error.field) from error
