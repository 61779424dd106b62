"""How many requests may be under way: learnt from the server's answers, no I/O and no clock of its own.

The rule is TCP's: the limit grows while the server serves and is halved when it says "too many" (additive
increase, multiplicative decrease; Chiu and Jain, Computer Networks and ISDN Systems 17, 1989; RFC 5681).
Before the first refusal it doubles for each round of answers.
"""

from __future__ import annotations

__all__ = ["Window"]

_START = 8


class Window:
    """The number of requests that may be under way, and the time before which none may start.

    Args:
        ceiling: The most requests under way, at least 1.

    Attributes:
        limit: How many may be under way now.
        opens_at: No request starts before this moment, in seconds of the caller's clock.

    >>> window = Window(ceiling=64)
    >>> window.limit
    8
    >>> window.limited(now=10.0, sent_at=9.0, wait=2.5)
    >>> window.limit, window.opens_at
    (4, 12.5)
    """

    def __init__(self, ceiling: int) -> None:
        self._ceiling = ceiling
        self._size = float(min(ceiling, _START))
        self._doubling = True
        self._halved_at = float("-inf")
        self.opens_at = float("-inf")

    @property
    def limit(self) -> int:
        """How many requests may be under way."""
        return int(self._size)

    def served(self) -> None:
        """A request was answered."""
        self._size = min(self._ceiling, self._size + (1.0 if self._doubling else 1.0 / self._size))

    def limited(self, *, now: float, sent_at: float, wait: float) -> None:
        """A request sent at `sent_at` was refused as one too many; none may start for `wait` seconds.

        Refusals of requests that were sent before the last halving are news of the same jam: they move
        `opens_at` and halve nothing.
        """
        self.closed_for(now=now, wait=wait)
        if sent_at >= self._halved_at:
            self._size = max(1.0, self._size / 2)
            self._doubling = False
            self._halved_at = now

    def closed_for(self, *, now: float, wait: float) -> None:
        """Let no request start for `wait` seconds."""
        self.opens_at = max(self.opens_at, now + wait)
