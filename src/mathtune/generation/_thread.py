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
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import TypeAlias

__all__ = ["run_apart"]

_TICK = 0.1  # seconds between two looks at the progress
_T = TypeVar("_T")
_Started: TypeAlias = "list[tuple[asyncio.AbstractEventLoop, asyncio.Task[_T]]]"
_Ended: TypeAlias = "list[concurrent.futures.Future[_T]]"


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
    # Lists and a queue in C: Ctrl-C in the midst of a future's own lock would leave it locked for ever.
    started: _Started[_T] = []
    ended: _Ended[_T] = []
    news: SimpleQueue[None] = SimpleQueue()

    async def main() -> _T:
        task = asyncio.ensure_future(work())
        started.append((asyncio.get_running_loop(), task))
        news.put(None)
        return await task

    def run() -> None:
        result: concurrent.futures.Future[_T] = concurrent.futures.Future()
        try:
            result.set_result(asyncio.run(main()))
        except BaseException as error:  # noqa: BLE001  (raised again in the caller's thread)
            result.set_exception(error)
        ended.append(result)
        news.put(None)

    threading.Thread(target=run, name="mathtune-generation", daemon=True).start()
    return _watched(started, ended, news, halt, tick)


def _watched(
    started: _Started[_T],
    ended: _Ended[_T],
    news: SimpleQueue[None],
    halt: Callable[[], None],
    tick: Callable[[], None],
) -> _T:
    """Wait for the end; each Ctrl-C pulls one more brake."""
    presses: list[KeyboardInterrupt] = []
    while True:
        try:
            while (
                not started and not ended
            ):  # without a loop, as where no more files can be opened, it only ends
                _listen(news)
            for loop, task in started:
                _pull((halt, task.cancel)[: len(presses)], loop)
            if len(presses) == 1:
                print("\nwaiting for the responses under way; Ctrl-C again leaves them", file=sys.stderr)  # noqa: T201  (said to who pressed the keys)
            while not ended:
                _listen(news)
                tick()
            break
        except KeyboardInterrupt as press:  # all else is done within the `try`: the next one may come at once
            presses += [press]
    if presses:
        raise presses[-1]
    return ended[0].result()


def _listen(news: SimpleQueue[None]) -> None:
    with contextlib.suppress(Empty):
        news.get(timeout=_TICK)


def _pull(brakes: Sequence[Callable[[], object]], loop: asyncio.AbstractEventLoop) -> None:
    """Pull brakes, those that were pulled before once more: that changes nothing."""
    with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
        for brake in brakes:
            loop.call_soon_threadsafe(brake)
