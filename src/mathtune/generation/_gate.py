"""Where requests wait their turn: no more under way than window and purse allow, none before it opens."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._clock import Clock
    from ._cost import Spending
    from ._window import Window

__all__ = ["Gate"]


class Gate:
    """Let requests through as a `Window` and a `Spending` allow.

    Args:
        window: How many may be under way, and from when.
        spending: Whether another may be paid.
        clock: The time by which the window opens.
    """

    def __init__(self, window: Window, spending: Spending, clock: Clock) -> None:
        self.window = window
        self._spending = spending
        self._clock = clock
        self._inside = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        """Wait for a turn; every `enter` that returned needs a `leave`.

        Raises:
            CostLimitError: Nothing is under way and another request might cost too much.
        """
        while True:
            closed_for = self.window.opens_at - self._clock.now()
            if closed_for > 0:
                await self._clock.sleep(closed_for)
            elif self._inside >= self.window.limit:
                await self._turn()
            elif not self._spending.allows(self._inside):
                if not self._inside:
                    raise self._spending.exhausted
                await self._turn()
            else:
                self._inside += 1
                return

    def leave(self) -> None:
        """Make room for the next."""
        self._inside -= 1
        self._call(self.window.limit - self._inside)

    async def _turn(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # called and cancelled at once
                self._call(1)
            raise

    def _call(self, count: int) -> None:
        while count > 0 and self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                count -= 1
