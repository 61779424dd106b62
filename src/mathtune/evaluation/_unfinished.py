"""Folders of runs that were begun and never finished, taken away without losing what was paid for.

An evaluation writes its responses to the store beside the runs' folders (`responses.sqlite`) as they come,
and the files of its own folder only when all of them are there. So an unfinished run's folder holds a log,
and after a kill at the very end perhaps copies of what the store has. The store is never touched here.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import attrs

from mathtune.errors import StorageError
from mathtune.generation import kept_responses

from ._directory import LOG, MANIFEST, RESPONSES, RUN_FILES, STORE

__all__ = ["UnfinishedRun", "remove_unfinished"]

# How `mathtune.files` names what it has not yet moved into place.
_HALF_WRITTEN = re.compile(r"\.(.+)\.[0-9a-f]{8}\.tmp")


@attrs.frozen(kw_only=True)
class UnfinishedRun:
    """An unfinished run's folder, and what becomes of it.

    Attributes:
        directory: The folder.
        files: The files in it.
        left: Why it is left as it is; None where it is removed.
    """

    directory: Path
    files: tuple[Path, ...]
    left: str | None = None


def remove_unfinished(
    directory: str | os.PathLike[str], *, responses: bool = False, dry_run: bool = False
) -> list[UnfinishedRun]:
    """Remove the folders of runs that were begun and never finished; what was answered stays in the store.

    Only folders go whose log says that an `Evaluator` began a run there, and only if they hold nothing but a
    run's own files. While a process is asking in the directory none goes. A later evaluation of the same
    begins a new folder and asks for nothing that the store holds.

    Args:
        directory: The folder of the runs' folders, for example "runs/eval".
        responses: Remove also folders that hold a file of responses; they are left otherwise, for they may be
            the only copy where the store was moved away.
        dry_run: Only say what would be removed.

    Raises:
        StorageError: A folder cannot be read or removed. What was not removed is listed as before.
        LedgerError: The store beside the folders is none.

    >>> remove_unfinished("no/such/folder")
    []
    """
    asking = kept_responses(Path(directory) / STORE).asking
    begun = sorted(log.parent for log in Path(directory).glob(f"*/{LOG}") if not _is_whole(log.parent))
    unfinished = [_looked_at(folder, asking=asking, responses=responses) for folder in begun]
    if not dry_run:
        for run in unfinished:
            if run.left is None:
                _remove(run)
    return unfinished


def _is_whole(folder: Path) -> bool:
    return os.path.lexists(folder / MANIFEST)  # a damaged or dangling one tells of a run all the same


def _looked_at(folder: Path, *, asking: bool, responses: bool) -> UnfinishedRun:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror}", str(folder)) from error
    names = {entry: _whole_name(entry) for entry in entries}
    left = None
    if asking:
        left = "a process is asking in this directory; run it again when that has ended"
    elif folder.is_symlink() or not _is_ours(folder / LOG):
        left = "no evaluation began here"
    elif others := [
        e.name for e in entries if names[e] not in RUN_FILES or not e.is_file() or e.is_symlink()
    ]:
        left = f"it holds other things too: {', '.join(others)}"
    elif RESPONSES in names.values() and not responses:
        left = f"it holds {RESPONSES}"
    return UnfinishedRun(directory=folder, files=tuple(entries), left=left)


def _whole_name(entry: Path) -> str:
    half = _HALF_WRITTEN.fullmatch(entry.name)
    return half[1] if half else entry.name


def _is_ours(log: Path) -> bool:
    """Whether a log begins as that of an `Evaluator` does."""
    try:
        with log.open(encoding="utf-8") as stream:
            first = json.loads(stream.readline())
    except (OSError, ValueError):
        return False
    return isinstance(first, dict) and first.get("event") == "started" and "model" in first


def _remove(run: UnfinishedRun) -> None:
    """Remove a folder, its log last: what a kill leaves is still known as an unfinished run."""
    try:
        for file in sorted(run.files, key=lambda file: file.name == LOG):
            file.unlink(missing_ok=True)
        run.directory.rmdir()
    except OSError as error:
        raise StorageError(error.errno, f"cannot remove: {error.strerror}", str(run.directory)) from error
