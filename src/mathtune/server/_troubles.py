"""Work that cannot go on for now: left alone for a while, each time for longer, while other work goes on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_PAUSE: Final = 1.0  # seconds; each further trouble in a row doubles it
LONGEST_PAUSE: Final = 30.0


@attrs.frozen
class Trouble:
    """Why a piece of work is left alone for a while.

    Attributes:
        status: In which it could not be taken further; one that is cancelled meanwhile does not wait.
        tries: How often in a row it was tried.
        until: When it is tried again, on the clock of `Troubles`.
    """

    status: str
    tries: int
    until: float


class Troubles:
    """Pieces of work, by name, that wait to be tried again.

    Args:
        clock: Seconds, rising.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._troubles: dict[str, Trouble] = {}
        self._looked_at = clock()

    def add(self, name: str, status: str = "") -> int:
        """Leave a piece of work alone for a while; give how often in a row it was tried."""
        before = self._troubles.get(name)
        tries = 1 if before is None else before.tries + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 30))
        self._troubles[name] = Trouble(status, tries, self._clock() + pause)
        return tries

    def over(self, name: str) -> None:
        """Forget the trouble of a piece of work that went on, or ended."""
        self._troubles.pop(name, None)

    def waiting(self) -> list[tuple[str, str]]:
        """Give name and status of what is to be left alone now."""
        self._looked_at = now = self._clock()
        return [(name, trouble.status) for name, trouble in self._troubles.items() if trouble.until > now]

    def longest_wait(self) -> float | None:
        """Give the seconds until the first that waited at the last look is tried again; None if nothing did.

        0 where a pause has ended since: nobody has looked at that piece of work again.
        """
        now, ends = self._clock(), [trouble.until for trouble in self._troubles.values()]
        return min((max(0.0, end - now) for end in ends if end > self._looked_at), default=None)
