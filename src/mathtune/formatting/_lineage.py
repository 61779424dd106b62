"""What a fine-tuning file was made of, kept beside it: the file's hash, and a hash for each problem.

`train.jsonl` has its lineage in `train.jsonl.lineage.json`. It counts only while the file is as it
was: whoever reads it compares the hash.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mathtune._version import __version__
from mathtune.errors import DataError, StorageError
from mathtune.files import name_as_text, write_text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from mathtune.problems import Problem

__all__ = ["problems_digest", "read_lineage", "write_lineage"]

_BLOCK = 1 << 20


def write_lineage(path: str | os.PathLike[str], problems: Iterable[Problem]) -> Path:
    """Write down what problems a file was made of.

    Args:
        path: The file, as it lies there now.
        problems: What it was made of, in order.

    Raises:
        StorageError: The disk refused.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as here:
    ...     _ = (Path(here) / "t.jsonl").write_text("{}")
    ...     write_lineage(Path(here) / "t.jsonl", []).name
    't.jsonl.lineage.json'
    """
    file, made_of = Path(path), list(problems)
    lineage = {
        "mathtune": __version__,
        "file": {"name": name_as_text(file.name), "sha256": _sha256(file)},
        "problems": {
            "count": len(made_of),
            "sha256": problems_digest(made_of),
            "sources": dict(Counter(problem.source for problem in made_of)),
            "revisions": _revisions(made_of),
            "rows": [{"id": p.id, "source": p.source, "sha256": p.sha256} for p in made_of],
        },
    }
    return write_text(_beside(file), json.dumps(lineage, ensure_ascii=False, indent=1) + "\n")


def read_lineage(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Give what a file was made of; None where nobody wrote it down, or the file is another one by now.

    Raises:
        DataError: What is written beside it is no lineage.
        StorageError: It cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as here:
    ...     file = Path(here) / "t.jsonl"
    ...     _ = file.write_text("{}"), write_lineage(file, [])
    ...     print(read_lineage(file)["problems"]["count"])
    ...     _ = file.write_text("{...}")
    ...     print(read_lineage(file))
    0
    None
    """
    file = Path(path)
    beside = _beside(file)
    try:
        text = beside.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror}", str(beside)) from error
    try:
        lineage = json.loads(text)
        written = lineage["file"]["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"expected the lineage of {file.name}: delete it or write it anew", path=beside
        ) from error
    return dict(lineage) if written == _sha256(file) else None


def problems_digest(problems: Iterable[Problem]) -> str:
    """Give the SHA-256 over the hashes of problems in order.

    >>> problems_digest([])[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256("".join(problem.sha256 for problem in problems).encode()).hexdigest()


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.lineage.json")


def _revisions(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Give the commits that the problems of each source were read at, where that is known."""
    found: dict[str, set[str]] = {}
    for problem in problems:
        if isinstance(problem.metadata.get("revision"), str):
            found.setdefault(problem.source, set()).add(problem.metadata["revision"])
    return {source: sorted(revisions) for source, revisions in sorted(found.items())}


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror}", str(file)) from error
    return digest.hexdigest()
