"""Carries batches out in the background: checks their lines, has them answered, writes their files."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool

from ._batch_request import find_faults, read_lines
from ._batches import CANCELLING, FINALIZING, IN_PROGRESS, VALIDATING
from ._errors import ApiError, internal, is_of_place
from ._troubles import Troubles

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from ._batch_request import BatchLine
    from ._batches import BatchStore
    from ._chats import Chats

LOG: Final = logging.getLogger("mathtune.server")
WAVE: Final = 256  # requests that are asked together; their answers are written down together
LEFT: Final = {
    "expired": ("batch_expired", "This request could not be executed before the completion window expired."),
    "cancelled": ("batch_cancelled", "This request was not executed because the batch was cancelled."),
}
LOST: Final = {
    "code": "server_error",
    "message": "The server cannot read the batch's requests, or cannot carry them out. See its log.",
    "param": None,
    "line": None,
}


class BatchWorker:
    """One task that carries out one batch at a time, oldest first.

    Args:
        batches: Where batches are stored.
        chats: What answers.
        clock: Seconds since 1970.
    """

    def __init__(self, *, batches: BatchStore, chats: Chats, clock: Callable[[], float]) -> None:
        self._batches = batches
        self._chats = chats
        self._clock = clock
        self._work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; batches that an earlier server left are taken up where they were."""
        self._work.set()
        self._task = asyncio.get_running_loop().create_task(self._serve())

    async def stop(self) -> None:
        """Stop; what is under way is taken up by the next server."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def wake(self) -> None:
        """Say that there may be something to do."""
        self._work.set()

    async def _serve(self) -> None:
        troubles = Troubles()
        while True:
            self._work.clear()
            batch_id, status = "", ""
            try:
                row = await run_in_threadpool(self._batches.next, but=troubles.waiting())
                if row is not None:
                    batch_id, status = row["id"], row["status"]
                    await self._advance(row)
                troubles.over(batch_id)
            except Exception as error:  # (one batch's trouble must not end the work for all others)
                troubles.add(batch_id, status)
                if isinstance(error, ApiError) or is_of_place(error):  # who answers is not there, or no room
                    LOG.warning("batch %s has to wait: %s", batch_id or "?", error)
                else:
                    LOG.exception("batch %s cannot go on", batch_id or "?")
                    await run_in_threadpool(self._give_up, batch_id, status)
            if not batch_id:
                await self._wait(troubles.longest_wait())

    async def _wait(self, seconds: float | None) -> None:
        """Wait until there may be something to do."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._work.wait(), seconds)

    async def _advance(self, row: sqlite3.Row) -> None:
        """Take a batch one status further."""
        batch_id, status = row["id"], row["status"]
        if status == VALIDATING:
            await self._validate(batch_id)
        elif status == IN_PROGRESS and self._clock() >= row["expires_at"]:
            await run_in_threadpool(self._end, batch_id, "expired")
        elif status == IN_PROGRESS:
            lines = await run_in_threadpool(self._next_lines, batch_id)
            if lines:
                await self._answer_all(batch_id, lines)
            else:
                await run_in_threadpool(self._end, batch_id, "completed")
        elif status == CANCELLING:
            await run_in_threadpool(self._end, batch_id, "cancelled")
        else:
            raise RuntimeError(f"{batch_id} is {status}; {FINALIZING} is passed in one transaction")

    async def _validate(self, batch_id: str) -> None:
        total, model, faults = await run_in_threadpool(self._find_faults, batch_id)
        if model is not None and not faults:
            try:
                await self._chats.model(model)
            except ApiError as error:
                if error.status >= 500:  # who may have it is not there
                    raise
                fault = {"code": error.code, "message": error.message, "param": "body.model", "line": None}
                faults = [fault]
        await run_in_threadpool(self._batches.validated, batch_id, total, model, faults)

    def _find_faults(self, batch_id: str) -> tuple[int, str | None, list[dict[str, Any]]]:
        with self._batches.input(batch_id).open("rb") as lines:
            return find_faults(lines)

    def _next_lines(self, batch_id: str) -> list[BatchLine]:
        done = self._batches.done(batch_id)
        with self._batches.input(batch_id).open("rb") as lines:
            return list(itertools.islice(read_lines(lines, done=done), WAVE))

    async def _answer_all(self, batch_id: str, lines: list[BatchLine]) -> None:
        """Have lines answered and keep the answers, also where some lines can have none now."""
        ends = await asyncio.gather(*(self._answer(line) for line in lines), return_exceptions=True)
        answers = [end for end in ends if not isinstance(end, BaseException)]
        await run_in_threadpool(self._batches.keep, batch_id, answers)
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _answer(self, line: BatchLine) -> tuple[int, str, int, dict[str, Any]]:
        """Give line, custom id, HTTP status and body."""
        try:
            completion = await self._chats.complete(line.body)
        except ApiError as error:
            if error.status == 503:  # who answers is not there: the line is asked again
                raise
            return line.number, line.custom_id, error.status, error.envelope()
        except Exception as error:  # (one request's trouble is that request's)
            if is_of_place(error):
                raise
            LOG.exception("request %s of a batch", line.custom_id)
            return line.number, line.custom_id, 500, internal().envelope()
        return line.number, line.custom_id, 200, completion

    def _end(self, batch_id: str, status: str) -> None:
        left = list[tuple[str, str, str]]()
        if status in LEFT and self._batches.row(batch_id)["total"]:  # else its lines were never checked
            with self._batches.input(batch_id).open("rb") as lines:
                left = [
                    (line.custom_id, *LEFT[status])
                    for line in read_lines(lines, done=self._batches.done(batch_id))
                ]
        self._batches.end(batch_id, status, left)
        self._batches.input(batch_id).unlink(missing_ok=True)

    def _give_up(self, batch_id: str, status: str) -> None:
        """End a batch that cannot go on, with the answers it has; where that fails now, it is tried again."""
        if not batch_id:
            return
        last = "cancelled" if status == CANCELLING else "failed"
        try:
            self._batches.end(batch_id, last, left=(), faults=[LOST])
            self._batches.input(batch_id).unlink(missing_ok=True)
        except Exception:  # (the same that kept the batch from going on, for one)
            LOG.exception("cannot write down that batch %s has ended", batch_id)
