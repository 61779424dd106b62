"""Running a coroutine from plain code, in a thread of its own.

It works where a loop runs already, as in a notebook, and Ctrl-C reaches the caller and not the middle of a
transaction.
"""

from __future__ import annotations

import _thread
import asyncio
import concurrent.futures
import contextlib
import sys
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

__all__ = ["run_apart"]

_TICK = 0.1  # seconds between two looks at the progress
_T = TypeVar("_T")


def run_apart(
    work: Callable[[], Coroutine[object, object, _T]],
    *,
    halt: Callable[[], None],
    tick: Callable[[], None],
) -> _T:
    """Run a coroutine to its end in a thread of its own. Each Ctrl-C pulls one more brake.

    Args:
        work: Makes the coroutine.
        halt: Called in the coroutine's loop on the first Ctrl-C: start nothing new. A second one cancels.
        tick: Called here about ten times a second.

    Raises:
        KeyboardInterrupt: After Ctrl-C, once the coroutine has ended.
    """
    apart = _Apart(work)
    presses: list[KeyboardInterrupt] = []
    while True:
        try:
            apart.begin()
            for loop, task in apart.started:
                _pull((halt, task.cancel)[: len(presses)], loop)
            if len(presses) == 1:
                print("\nwaiting for the responses under way; Ctrl-C again leaves them", file=sys.stderr)  # noqa: T201  (said to who pressed the keys)
            while not apart.ended:
                apart.listen()
                tick()
            break
        except KeyboardInterrupt as press:  # all else is done within the `try`: the next one may come at once
            presses += [press]
    if presses:
        raise presses[-1]
    return apart.ended[0].result()


class _Apart(Generic[_T]):
    """A coroutine on its way in a thread of its own, as the thread that waits for it sees it.

    Lists and a queue in C: Ctrl-C in the midst of a future's own lock would leave it locked for ever.
    """

    def __init__(self, work: Callable[[], Coroutine[object, object, _T]]) -> None:
        self.started: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[_T]]] = []
        self.ended: list[concurrent.futures.Future[_T]] = []
        self._work = [work]
        self._news: SimpleQueue[None] = SimpleQueue()

    def begin(self) -> None:
        """Start the work where it has not begun, and wait until it can be stopped.

        Ctrl-C may have come before the thread was there or after, so there may be two: one finds the work.
        It breaks the condition by which `threading.Thread.start` waits, so that is left out.
        """
        if self._work:
            _thread.start_new_thread(self._run, ())
        while not self.started and not self.ended:  # where no more files can be opened there is no loop
            self.listen()

    def listen(self) -> None:
        """Wait for news, a tick at the longest."""
        with contextlib.suppress(Empty):
            self._news.get(timeout=_TICK)

    def _run(self) -> None:
        try:
            work = self._work.pop()
        except IndexError:
            return
        result: concurrent.futures.Future[_T] = concurrent.futures.Future()
        try:
            result.set_result(asyncio.run(self._main(work)))
        except BaseException as error:  # noqa: BLE001  (raised again in the caller's thread)
            result.set_exception(error)
        self.ended.append(result)
        self._news.put(None)

    async def _main(self, work: Callable[[], Coroutine[object, object, _T]]) -> _T:
        task = asyncio.ensure_future(work())
        self.started.append((asyncio.get_running_loop(), task))
        self._news.put(None)
        return await task


def _pull(brakes: Sequence[Callable[[], object]], loop: asyncio.AbstractEventLoop) -> None:
    """Pull brakes, those that were pulled before once more: that changes nothing."""
    with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
        for brake in brakes:
            loop.call_soon_threadsafe(brake)
