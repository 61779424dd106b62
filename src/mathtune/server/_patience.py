"""An end to clients that never finish what they begin: connections are few, waiting costs them nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ._errors import ApiError

if TYPE_CHECKING:
    from starlette.types import Message, Receive


def patient_protocol(seconds: float) -> type[asyncio.Protocol]:
    """Give uvicorn's HTTP protocol with a bound on the time that the head of a request may take.

    uvicorn ends idle connections after an answer, but not those that never ask, or ask a letter a minute.
    """
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class PatientProtocol(H11Protocol):
        """Closes a connection on which no request was under way for a while."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
            super().connection_made(transport)
            self._idle = False
            self._look_again()

        def connection_lost(self, exc: Exception | None) -> None:
            self._clock.cancel()
            super().connection_lost(exc)

        def _look_again(self) -> None:
            self._clock = self.loop.call_later(seconds, self._look)

        def _look(self) -> None:
            """Close at the second look in a row that finds no request under way."""
            cycle: Any = self.cycle
            was_idle, self._idle = self._idle, cycle is None or cycle.response_complete
            if was_idle and self._idle:
                self.transport.close()
            else:
                self._look_again()

    return PatientProtocol


def patient_receive(receive: Receive, seconds: float) -> Receive:
    """Bound the time between two pieces of a request's body.

    Raises:
        ApiError: 408, from the function that is given.
    """
    whole = False

    async def receive_in_time() -> Message:
        nonlocal whole
        if whole:  # what comes now is the client's leaving, which may take as long as the answer
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), seconds)
        except asyncio.TimeoutError as error:
            message_text = f"The body of the request did not come: nothing for {seconds:g} seconds."
            raise ApiError(408, message_text, code="request_timeout") from error
        whole = not message.get("more_body", False)
        return message

    return receive_in_time
