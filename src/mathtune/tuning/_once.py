"""Do something that costs money at most once, over a network that loses answers.

A server gives no transaction: a request may have been acted on although its answer never came. So whoever is
not sure looks for the deed before trying again, and keeps looking for a while, because a slow server may act
after the connection is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.client import retry_after
from mathtune.errors import ProtocolError, RateLimitError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    Raw = dict[str, Any]

__all__ = ["Deed", "may_have_acted"]

_TRIES = 3
_FIRST_WAIT = 1.0
"""Seconds; doubled from look to look."""


def may_have_acted(error: ProtocolError) -> bool:
    """Tell whether the server may have done what it was asked, or be only briefly unable to.

    >>> may_have_acted(UnreachableError("cut off")), may_have_acted(ProtocolError("no", status=400))
    (True, False)
    """
    if isinstance(error, (UnreachableError, RateLimitError)):
        return True
    return error.status is None or error.status in {408, 409} or error.status >= 500


@attrs.frozen(kw_only=True)
class Deed:
    """Something to be done once.

    Attributes:
        act: Sends the request and gives the answer.
        find: Looks for what the request makes, and gives it or None.
        settling: Seconds after which a lost request is taken to have had no effect.
        clock: Gives Unix seconds.
        sleep: Waits for seconds.
    """

    act: Callable[[], Raw]
    find: Callable[[], Raw | None]
    settling: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def done(self, *, unsure: bool) -> Raw:
        """Find or do the deed.

        Args:
            unsure: Whether an earlier try was sent whose outcome nobody knows.

        Raises:
            ProtocolError: The server refused, or after all tries nobody knows; a later call looks first.
        """
        if unsure and (found := self._searched()) is not None:
            return found
        tries = 0
        while True:
            tries += 1
            try:
                return self.act()
            except ProtocolError as error:
                if not may_have_acted(error):
                    raise
                self.sleep(retry_after(error) or 0.0)
                found = self._searched()
                if found is not None:
                    return found
                if tries == _TRIES:
                    raise

    def _searched(self) -> Raw | None:
        """Look until it is found or the time to settle is over; a look that fails proves nothing."""
        until = self.clock() + self.settling
        wait = _FIRST_WAIT
        while True:
            last = self.clock() >= until
            try:
                found = self.find()
            except ProtocolError as error:
                if last or not may_have_acted(error):
                    raise
                found = None
            if found is not None or last:
                return found
            self.sleep(wait)
            wait *= 2
