"""What happened in a run, line by line, while it happens: `log.jsonl`."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from mathtune.errors import MathtuneError, StorageError

from ._manifest import now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Log"]


class Log:
    """A file of JSON lines that grows: a rerun adds to what the first run said.

    Args:
        path: The file; made with its folder where missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def tell(self, event: str, **facts: object) -> None:
        """Add a line.

        Raises:
            StorageError: The disk refused.
        """
        line = json.dumps({"time": now(), "event": event, **facts}, default=str)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(line + "\n")
        except OSError as error:
            raise StorageError(error.errno, f"cannot write: {error.strerror}", str(self._path)) from error

    @contextlib.contextmanager
    def framed(self, **facts: object) -> Iterator[None]:
        """Say when a run starts and how it ends."""
        self.tell("started", **facts)
        try:
            yield
        except (MathtuneError, KeyboardInterrupt) as error:
            with contextlib.suppress(StorageError):  # a full disk is what is being told
                self.tell("stopped", error=type(error).__name__, message=str(error))
            raise
        self.tell("finished")
