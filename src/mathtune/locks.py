"""Locks that Ctrl-C does not leave taken, whatever the moment (docs/design/0010).

A lock of the standard library is taken and given back in C, and up to Python 3.13 no signal is looked for
between that and the block of its `with`. Python 3.14 looks there and then leaves without giving the lock back
(python/cpython#148874, mended in 3.15): all other threads would wait for ever.
"""

from __future__ import annotations

import sys
import threading
from _thread import RLock

__all__ = ["new_lock"]


def new_lock() -> RLock:
    """Give a lock for `with`, which the thread that holds it may take again."""
    return _HeldOrNot() if sys.version_info[:2] == (3, 14) else threading.RLock()


class _HeldOrNot(RLock):  # type: ignore[misc]  # typeshed calls it final, Python does not
    """A lock whose taking is undone where Ctrl-C falls right behind it."""

    def __enter__(self) -> bool:  # type: ignore[override]  # typeshed's is `acquire`, arguments and all
        taken: list[bool] = []
        try:
            taken.extend(map(self.acquire, (True,)))  # taken and noted in one call of C, or neither
        except BaseException:
            if taken:
                self.release()
            raise
        return True
