"""Time as an argument, so that a test of minutes takes none."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["Clock"]


async def _sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


@attrs.frozen(kw_only=True)
class Clock:
    """Where the time comes from and how it is waited for.

    Attributes:
        now: Gives seconds that only grow.
        sleep: Waits for so many seconds.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = _sleep
