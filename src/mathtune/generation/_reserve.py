"""Room on the disk for answers that are under way when it runs full: they are paid for, so they must fit."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Final

from mathtune.errors import StorageError

from ._lease import is_alive

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Reserve"]

SIZE: Final = 8 << 20  # bytes: a hundred long answers, and SQLite's log of them
_PIECE: Final = 1 << 20


class Reserve:
    """A file that takes up room until it is spent.

    Args:
        folder: The folder of the store's leases; reserves of owners that have died are removed from it.
        owner: The lease under which this one is held.

    Raises:
        StorageError: There is no such room: then nothing should be asked for that costs money.
    """

    def __init__(self, folder: Path, owner: str) -> None:
        for left in folder.glob("*.reserve"):
            if not is_alive(folder, left.stem):
                left.unlink(missing_ok=True)
        self._path = folder / f"{owner}.reserve"
        try:
            self._fill()
        except OSError as error:
            self.spend()
            if error.errno != errno.EFBIG:  # a limit on the size of files says nothing of the disk's room
                said = f"no room for answers under way ({SIZE >> 20} MiB): {error.strerror}; free some space"
                raise StorageError(error.errno, said, str(folder)) from error

    def _fill(self) -> None:
        with self._path.open("wb") as stream:
            for _ in range(SIZE // _PIECE):
                stream.write(os.urandom(_PIECE))  # a file system may keep zeros without room
            stream.flush()
            os.fsync(stream.fileno())

    def spend(self) -> bool:
        """Give the room free; tell whether there was any."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True
