"""Whether a process that claimed work is still alive, told by the operating system and not by a clock.

An owner holds SQLite's lock on a small file of its own. The system takes the lock back in whatever way the
process ends, `kill -9` included, so nothing has to be timed and a stopped laptop loses no claim. SQLite's own
locking is used because it works alike on Linux, macOS and Windows, between threads too.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import weakref
from typing import TYPE_CHECKING
from uuid import uuid4

from mathtune.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Lease", "is_alive"]


class Lease:
    """A sign of life, from its making to `close()` or to the end of the process.

    Attributes:
        owner: The name under which claims are made.
    """

    def __init__(self, folder: Path) -> None:
        self.owner = uuid4().hex
        path = _path(folder, self.owner)
        self._held: tuple[Path, list[sqlite3.Connection]] = (path, [])
        # Before there is anything to give up: wherever Ctrl-C falls, nothing stays when the process ends.
        self._at_end = weakref.finalize(self, _give_up, *self._held, os.getpid())
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._held[1].append(sqlite3.connect(path, isolation_level=None, check_same_thread=False))
            self._held[1][0].execute("BEGIN EXCLUSIVE")
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{path}: cannot write: {error}") from error

    def close(self) -> None:
        """Give the sign of life up."""
        _give_up(*self._held, os.getpid())
        self._at_end.detach()


def _give_up(path: Path, connections: list[sqlite3.Connection], process: int) -> None:
    if os.getpid() != process:
        return  # the end of a fork is not its parent's
    for connection in connections:
        connection.close()
    path.unlink(missing_ok=True)


def is_alive(folder: Path, owner: str) -> bool:
    """Whether the process that claims as `owner` still runs; the file of one that does not is removed."""
    path = _path(folder, owner)
    if not path.exists():
        return False
    address = f"{path.absolute().as_uri()}?mode=rw"  # never makes the file anew
    try:
        with contextlib.closing(
            sqlite3.connect(address, uri=True, isolation_level=None, timeout=0)
        ) as connection:
            connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:  # locked; or gone this moment, which the next look will tell
        return True
    with contextlib.suppress(FileNotFoundError):  # another process may have found the same
        path.unlink()
    return False


def _path(folder: Path, owner: str) -> Path:
    return folder / f"{owner}.alive"
