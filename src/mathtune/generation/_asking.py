"""Asking every request once: claim, send, keep, with workers that share one gate.

Nothing is gathered in memory: an answer goes to the journal and is forgotten here.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.client import translated
from mathtune.errors import LedgerError, MathtuneError, ProtocolError

from ._cost import usage_of
from ._faults import Fault, advice_for, pause_before_next, refusal_of
from ._gate import Gate
from ._response import is_completion, read_usage
from ._store import Claimed
from ._window import Window

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Sequence

    from openai import AsyncOpenAI

    from ._cost import Spending
    from ._journal import Journal
    from ._pace import Pace
    from ._request import Request

__all__ = ["Asker", "Tally", "with_note"]

_ELSEWHERE_PAUSE = 0.25  # seconds between looks at a request that another process is asking
_FAILURES_IN_A_ROW = 3  # requests given up with no answer between them: the server is down


@attrs.define
class Tally:
    """What has happened so far; one thread counts, others may look.

    Attributes:
        done: Requests that have an answer.
        asked: Requests sent by this call.
        asked_again: Those of them that a process had asked which died before the answer came.
        limited: How often the server said "too many".
        faults: How often an answer failed to come for another passing reason.
    """

    done: int = 0
    asked: int = 0
    asked_again: int = 0
    limited: int = 0
    faults: int = 0


class Asker:
    """Ask requests of a server until all have an answer in the journal.

    Args:
        clients: The clients to ask through, taken in turn by the workers; their own retries must be off.
        journal: Where claims and answers are written.
        tally: Where to count.
        spending: Where to count what it costs.
        pace: How to ask.
    """

    def __init__(
        self,
        clients: Sequence[AsyncOpenAI],
        journal: Journal,
        tally: Tally,
        *,
        spending: Spending,
        pace: Pace,
    ) -> None:
        self._clients = clients
        self._journal = journal
        self._tally = tally
        self._pace = pace
        self._clock = pace.clock
        self._gate = Gate(Window(pace.concurrency), spending, pace.clock)
        self._spending = spending
        self._queue: deque[Request] = deque()
        self._halted = False
        self._waiting: set[asyncio.Task[None]] = set()
        self._served = False
        self._unheard = 0  # requests of which the server has neither answered nor failed the first attempt
        self._failed: list[tuple[Request, ProtocolError]] = []
        self._failures_in_a_row = 0

    async def ask_all(self, requests: Iterable[Request]) -> None:
        """Ask, and return when every request has its answer, or after `halt`.

        Raises:
            ProtocolError: The server refused for good, or some requests failed for too long.
            CostLimitError: Another request might cost too much.
            StorageError: The disk refused.
        """
        self._queue.extend(requests)
        count = min(self._pace.concurrency, len(self._queue))
        clients = itertools.cycle(self._clients)
        workers = [asyncio.create_task(self._work(next(clients))) for _ in range(count)]
        try:
            await self._finished(workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        if self._failed:
            raise _unanswered(self._failed)

    def halt(self) -> None:
        """Send no more requests; those under way may still bring their answers."""
        self._halted = True
        for task in tuple(self._waiting):
            task.cancel()

    async def _finished(self, workers: list[asyncio.Task[None]]) -> None:
        """Wait for all workers; the first error halts the others and is raised when they have stopped."""
        errors: list[BaseException] = []
        pending = set(workers)
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
            errors += [error for task in done if not task.cancelled() and (error := task.exception())]
            if errors:
                self.halt()
        if errors:
            raise errors[0]

    async def _work(self, client: AsyncOpenAI) -> None:
        while self._queue and not self._halted:
            await self._settle(self._queue.popleft(), client)

    async def _settle(self, request: Request, client: AsyncOpenAI) -> None:
        claimed = await self._journal.claim(request.key, request.body["model"])
        if claimed is Claimed.ANSWERED:
            self._tally.done += 1
        elif claimed is Claimed.IN_BATCH:
            raise LedgerError(
                "some of these requests are in a batch that has not ended;"
                ' use mode="batch" again to fetch their answers'
            )
        elif claimed is Claimed.ELSEWHERE:
            self._queue.append(request)
            await self._wait(self._clock.sleep(_ELSEWHERE_PAUSE))
        else:
            if claimed is Claimed.AGAIN:
                self._tally.asked_again += 1
                self._pace.report("asked_again", problem=request.problem_id, sample=request.sample)
            with contextlib.suppress(_GivenUpError):
                await self._ask(request, client)

    async def _ask(self, request: Request, client: AsyncOpenAI) -> None:
        """Bring one request to its answer, through as many attempts as its faults deserve."""
        in_doubt = False  # whether the server may have acted though no answer came
        try:
            for attempt in itertools.count(1):
                await self._wait(self._gate.enter())
                before, in_doubt = in_doubt, True
                sent_at, answer, error = await self._attempt(request, client, is_first=attempt == 1)
                if error is not None:
                    in_doubt = before or error.status is None or error.status >= 500
                    answer = await self._face(error, request, attempt, sent_at)
                if answer is not None:
                    await self._journal.keep(request.key, answer)
                    self._tally.done += 1
                    return
        except (MathtuneError, _GivenUpError, asyncio.CancelledError):
            if not in_doubt:
                await self._journal.release(request.key)
            raise

    async def _attempt(
        self, request: Request, client: AsyncOpenAI, *, is_first: bool
    ) -> tuple[float, str | None, ProtocolError | None]:
        """Send once, having entered the gate; give when it was sent, and the answer or the error."""
        sent_at = self._clock.now()
        self._unheard += is_first
        try:
            return sent_at, await self._send(request, client), None
        except ProtocolError as error:
            return sent_at, None, error
        finally:
            self._unheard -= is_first
            self._gate.leave()

    async def _send(self, request: Request, client: AsyncOpenAI) -> str:
        self._tally.asked += 1
        with translated(f"ask {request.body['model']}"):
            reply = await client.chat.completions.with_raw_response.create(
                model=request.body["model"],
                messages=[],  # openai walks these through its types, a fifth of all work; extra_body it sends
                extra_body=request.body,
                extra_headers={"Idempotency-Key": request.key},
            )
        answer: str = reply.content.decode("utf-8", "replace")
        raw = _decoded(answer)
        if not is_completion(raw):
            self._pay_for_nothing(raw)
            raise ProtocolError("the server's answer holds no choices", status=200, body=raw)
        self._spending.pay(usage_of(request, raw))
        self._take_served(reply.headers)
        return answer

    def _pay_for_nothing(self, raw: object) -> None:
        """Count what a server says that it took for an answer without choices: it is asked once more."""
        counted = read_usage(raw.get("usage")) if isinstance(raw, Mapping) else None
        if counted is not None:
            self._spending.pay(counted)

    def _take_served(self, headers: Mapping[str, str]) -> None:
        self._served = True
        self._failures_in_a_row = 0
        window = self._gate.window
        window.served()
        if pause := pause_before_next(headers):
            window.closed_for(now=self._clock.now(), wait=pause)

    async def _face(self, error: ProtocolError, request: Request, attempt: int, sent_at: float) -> str | None:
        """Do what a fault calls for; give the answer that it amounts to, or None to ask again."""
        absent = not self._served and not self._unheard  # nothing answered, and nobody left to hear from
        advice = advice_for(error, attempt=attempt, absent=absent, chance=self._pace.chance())
        self._pace.report(
            advice.fault.name.lower(),
            problem=request.problem_id,
            sample=request.sample,
            attempt=attempt,
            wait=advice.wait,
            under_way_at_most=self._gate.window.limit,
            message=str(error),
        )
        if advice.fault is Fault.LIMITED:
            self._tally.limited += 1
            self._gate.window.limited(now=self._clock.now(), sent_at=sent_at, wait=advice.wait)
            return None
        if advice.fault is Fault.TRANSIENT:
            self._tally.faults += 1
            await self._wait(self._clock.sleep(advice.wait))
            return None
        if advice.fault is Fault.REFUSED:
            return refusal_of(error)
        if advice.fault is Fault.GIVEN_UP and self._may_go_on_without(request, error):
            raise _GivenUpError
        raise error

    def _may_go_on_without(self, request: Request, error: ProtocolError) -> bool:
        self._failed.append((request, error))
        self._failures_in_a_row += 1
        return self._failures_in_a_row < _FAILURES_IN_A_ROW

    async def _wait(self, what: Awaitable[None]) -> None:
        """Await something that `halt` may break off."""
        task = asyncio.ensure_future(what)
        self._waiting.add(task)
        if self._halted:
            task.cancel()
        try:
            await task
        finally:
            self._waiting.discard(task)


class _GivenUpError(Exception):
    """A request is left without an answer; the others go on."""


def _decoded(answer: str) -> Any:  # noqa: ANN401  (a JSON body)
    """Refuse what is no JSON, as a proxy's page of HTML, before it is kept as an answer."""
    try:
        return json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"the server's answer is not JSON ({error})", status=200) from error


def _unanswered(failed: list[tuple[Request, ProtocolError]]) -> ProtocolError:
    """Give the last error again, saying which problems are without an answer."""
    ids = sorted({request.problem_id for request, _ in failed})
    shown = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
    return with_note(failed[-1][1], f"no answer for {len(failed)} of the requests (problems {shown})")


def with_note(error: ProtocolError, note: str) -> ProtocolError:
    """Give a copy of `error` whose message goes on with `note`."""
    copy = type(error)(
        f"{error}; {note}",
        status=error.status,
        code=error.code,
        param=error.param,
        body=error.body,
        request_id=error.request_id,
    )
    copy.__cause__ = error
    return copy
