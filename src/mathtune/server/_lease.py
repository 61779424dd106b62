"""Locks between processes that the system frees when their holder dies: one for a folder, one for the device.

Advisory `flock`, so Linux and macOS.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self


class FileLock:
    """A lock on a file. Each object is a holder of its own, also within one process.

    Args:
        path: The file; made if missing, and never removed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, *, wait: bool = True) -> bool:
        """Take the lock; with `wait=False` answer False where another holds it."""
        import fcntl

        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(descriptor)
            return False
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; nothing, where it is not held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class DeviceLease:
    """The right to compute, for one process at a time.

    Training gives it back between steps, so that generation waits for a step and not for a job. Who waits
    stands at a turnstile (a second lock, held while waiting), so that the one who just gave it back cannot
    snatch it again.

    Args:
        folder: Where the two lock files lie.
    """

    def __init__(self, folder: Path) -> None:
        self._turnstile = FileLock(folder / "turnstile.lock")
        self._device = FileLock(folder / "device.lock")

    def acquire(self) -> None:
        """Wait for the device."""
        with self._turnstile:
            self._device.acquire()

    def release(self) -> None:
        """Give the device back."""
        self._device.release()

    def give_way(self) -> None:
        """Let whoever waits have a turn, and take the device again after it."""
        self.release()
        self.acquire()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
