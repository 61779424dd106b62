"""Generation in a process of its own, so that a model that takes all memory takes no server down.

The server's side: starts the process when it is first needed and when it has died; one JSON line an order,
one a piece or answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
import sys
from typing import TYPE_CHECKING, Any, Final

import attrs

from ._errors import ApiError
from ._generator import Answer, Choice, Piece

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from typing_extensions import Self

    from ._generator import GenerationRequest

LOG: Final = logging.getLogger("mathtune.server")
GRACE_SECONDS: Final = 2.0
LONGEST_LINE: Final = 1 << 28  # bytes of one answer: a window full of log probabilities, 128 times
MOST_TRIES: Final = 2
ENDING: Final = ApiError(503, "The server is shutting down.", kind="server_error", code="shutting_down")
QUIET: Final = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "TQDM_DISABLE": "1"}


@attrs.define(eq=False, kw_only=True)
class _Asked:
    """A request that waits for its answer.

    Attributes:
        tries: How many processes it was given to.
        told: Whether a piece of the answer has been handed on, so that it cannot begin anew.
    """

    order: bytes
    replies: asyncio.Queue[dict[str, Any] | Exception]
    tries: int = 0
    told: bool = False


class GenerationProcess:
    """A generator that runs `python -m mathtune.server._generation_worker FOLDER PRECISION`.

    Args:
        folder: The server's directory, with the device's locks and the process's log.
        precision: What the networks compute in.
    """

    def __init__(self, folder: Path, *, precision: str = "auto") -> None:
        self._folder = folder
        self._precision = precision
        self._numbers = itertools.count()
        self._asked: dict[int, _Asked] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._talking = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        process, self._process = self._process, None
        for asked in self._asked.values():
            asked.replies.put_nowait(ENDING)
        self._asked.clear()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):  # it has died meanwhile
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE_SECONDS)
        except asyncio.TimeoutError:
            process.kill()
            await process.wait()

    async def write(self, source: str, request: GenerationRequest) -> AsyncGenerator[Piece | Answer, None]:
        """Answer a request; closing the iterator ends the work on it.

        Raises:
            ApiError: 400, when the model cannot be loaded or take the request; 500, when the process failed
                or died twice over it.
            OSError: No process can be started.
        """
        number = next(self._numbers)
        order = {"ask": number, "model": source, "request": attrs.asdict(request, recurse=False)}
        asked = _Asked(order=json.dumps(order).encode() + b"\n", replies=asyncio.Queue())
        self._asked[number] = asked
        try:
            await self._give(asked)
            while True:
                reply = await asked.replies.get()
                if isinstance(reply, Exception):
                    raise reply
                if "piece" in reply:
                    yield _piece(reply["piece"])
                else:
                    yield _answer(reply["answer"])
                    return
        finally:
            if self._asked.pop(number, None) is not None:
                self._cancel(number)

    async def _give(self, asked: _Asked) -> None:
        """Hand a request to the process."""
        asked.tries += 1
        async with self._talking:
            process = await self._running()
            with contextlib.suppress(ConnectionError):  # it has died: its listener asks the next one
                process.stdin.write(asked.order)  # type: ignore[union-attr]  # it was opened as a pipe
                await process.stdin.drain()  # type: ignore[union-attr]  # likewise

    def _cancel(self, number: int) -> None:
        process = self._process
        if process is not None and process.returncode is None and process.stdin is not None:
            process.stdin.write(json.dumps({"cancel": number}).encode() + b"\n")

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            with (self._folder / "generation.log").open("ab") as words:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "mathtune.server._generation_worker"),
                    *(str(self._folder), self._precision),
                    stdin=asyncio.subprocess.PIPE,  # its end tells the process that the server is gone
                    stdout=asyncio.subprocess.PIPE,
                    stderr=words,
                    env={**os.environ, **QUIET},
                    start_new_session=True,  # Ctrl-C at the server's terminal is the server's alone
                    limit=LONGEST_LINE,
                )
            self._listening = asyncio.create_task(self._listen(self._process))
        return self._process

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Hand replies on until the process ends; then have what it left answered by another one."""
        try:
            while (line := await process.stdout.readline()).endswith(b"\n"):  # type: ignore[union-attr]  # a pipe
                self._hand_on(json.loads(line))
        except ValueError:
            LOG.exception("the generation process gave something that is no reply; it is ended")
        with contextlib.suppress(ProcessLookupError):  # as it should be
            process.kill()
        status = await process.wait()
        self._process = None
        await self._ask_again(status)

    def _hand_on(self, reply: dict[str, Any]) -> None:
        asked = self._asked.get(reply["number"])
        if asked is None:  # its client has gone
            return
        asked.told = asked.told or "piece" in reply
        asked.replies.put_nowait(_api_error(reply["error"]) if "error" in reply else reply)
        if "piece" not in reply:
            del self._asked[reply["number"]]

    async def _ask_again(self, status: int) -> None:
        for number, asked in list(self._asked.items()):
            if asked.told or asked.tries >= MOST_TRIES:
                self._asked.pop(number, None)
                asked.replies.put_nowait(_died(status, asked.tries))
                continue
            try:
                await self._give(asked)
            except OSError as error:  # nobody but the asker waits for this
                self._asked.pop(number, None)
                asked.replies.put_nowait(error)


def _died(status: int, tries: int) -> ApiError:
    times = "twice over this request" if tries >= MOST_TRIES else "in the middle of this answer"
    message = f"The generation process ended {times}, with status {status}; is the memory too small?"
    return ApiError(500, message, code="generation_process_died", kind="server_error")


def _piece(item: dict[str, Any]) -> Piece:
    return Piece(**item)


def _answer(item: dict[str, Any]) -> Answer:
    return Answer(
        choices=tuple(Choice(**choice) for choice in item["choices"]), prompt_tokens=item["prompt_tokens"]
    )


def _api_error(fields: dict[str, Any]) -> ApiError:
    return ApiError(
        fields["status"],
        fields["message"],
        code=fields["code"],
        param=fields.get("param"),
        kind="server_error" if fields["status"] >= 500 else "invalid_request_error",
    )
