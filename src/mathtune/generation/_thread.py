"""Running a coroutine from plain code, in a thread of its own.

It works where a loop runs already, as in a notebook, and Ctrl-C reaches the caller and not the middle of a
transaction.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import sys
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import TypeAlias

__all__ = ["run_apart"]

_TICK = 0.1  # seconds between two looks at the progress
_T = TypeVar("_T")
_Started: TypeAlias = "concurrent.futures.Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[_T]]]"


def run_apart(
    work: Callable[[], Coroutine[object, object, _T]],
    *,
    halt: Callable[[], None],
    tick: Callable[[], None],
) -> _T:
    """Run a coroutine to its end in a thread of its own.

    Args:
        work: Makes the coroutine.
        halt: Called in the coroutine's loop on the first Ctrl-C: start nothing new. A second one cancels.
        tick: Called here about ten times a second.

    Raises:
        KeyboardInterrupt: After Ctrl-C, once the coroutine has ended.
    """
    started: _Started[_T] = concurrent.futures.Future()
    ended: concurrent.futures.Future[_T] = concurrent.futures.Future()

    async def main() -> _T:
        task = asyncio.ensure_future(work())
        started.set_result((asyncio.get_running_loop(), task))
        return await task

    def run() -> None:
        try:
            ended.set_result(asyncio.run(main()))
        except BaseException as error:  # noqa: BLE001  (raised again in the caller's thread)
            if not started.done():  # there is no loop, as where no more files can be opened
                started.set_exception(error)
            ended.set_exception(error)

    threading.Thread(target=run, name="mathtune-generation", daemon=True).start()
    return _watched(started, ended, halt, tick)


def _watched(
    started: _Started[_T],
    ended: concurrent.futures.Future[_T],
    halt: Callable[[], None],
    tick: Callable[[], None],
) -> _T:
    """Wait for the end; each Ctrl-C pulls one more brake."""
    presses: list[KeyboardInterrupt] = []
    while True:
        try:
            loop, task = started.result()
            _pull((halt, task.cancel)[: len(presses)], loop)
            if len(presses) == 1:
                print("\nwaiting for the responses under way; Ctrl-C again leaves them", file=sys.stderr)  # noqa: T201  (said to who pressed the keys)
            while not ended.done():
                concurrent.futures.wait([ended], timeout=_TICK)
                tick()
            break
        except KeyboardInterrupt as press:  # all else is done within the `try`: the next one may come at once
            presses += [press]
    if presses:
        raise presses[-1]
    return ended.result()


def _pull(brakes: Sequence[Callable[[], object]], loop: asyncio.AbstractEventLoop) -> None:
    """Pull brakes, those that were pulled before once more: that changes nothing."""
    with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
        for brake in brakes:
            loop.call_soon_threadsafe(brake)
