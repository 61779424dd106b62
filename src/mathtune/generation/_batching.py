"""Asking through the Batch API: half the price, an answer within a day, and never a batch made twice.

A batch is written down before it is made, under a name that goes into its metadata. After a crash it is
looked for by that name and taken up where it was. What a batch leaves unanswered (expired, cancelled, failed
lines) goes into the next one; what it answered is kept.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from mathtune.client import translated
from mathtune.errors import ProtocolError, RequestRefusedError

from ._batch_file import read_line, split
from ._cost import usage_of
from ._faults import Fault, advice_for, refusal_of
from ._store import Claim, Keep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from openai import AsyncOpenAI
    from openai.types import Batch

    from ._asking import Tally
    from ._batch_file import Line
    from ._cost import Spending
    from ._pace import Pace
    from ._request import Request
    from ._store import OpenBatch, Store

__all__ = ["BatchAsker"]

_NAME = "mathtune_batch"  # the metadata's key
_FIRST_LOOK, _LONGEST_LOOK = 2.0, 60.0  # seconds between looks at batches under way
_ROUNDS_WITHOUT_ANSWER = 3
_MOST_SILENCES = 20  # looks in a row at a batch that has no status
_TURN = 0.5  # seconds
_ENDED = frozenset({"completed", "failed", "expired", "cancelled", "canceled"})
_T = TypeVar("_T")


class BatchAsker:
    """Ask requests through batches until all have an answer in the store.

    Args:
        client: The client to ask through; its own retries must be off.
        store: Where batches, claims and answers are written.
        tally: Where to count.
        spending: Where to count what it costs.
        pace: How to ask.
    """

    def __init__(
        self,
        client: AsyncOpenAI,
        store: Store,
        tally: Tally,
        *,
        spending: Spending,
        pace: Pace,
    ) -> None:
        self._client = client
        self._store = store
        self._tally = tally
        self._base_url = str(client.base_url)
        self._spending = spending
        self._pace = pace
        self._clock = pace.clock
        self._halted = False
        self._wanted: dict[str, Request] = {}
        self._refusals: list[ProtocolError] = []
        self._silences = Counter[str]()

    def halt(self) -> None:
        """Look no further; batches under way go on at the server."""
        self._halted = True

    async def ask_all(self, requests: Iterable[Request]) -> None:
        """Ask, and return when every request has its answer, or after `halt`.

        Raises:
            ProtocolError: The server refused for good, or brought no answer three times in a row.
            CostLimitError: Not one request more might be paid.
            StorageError: The disk refused.
        """
        self._wanted = wanted = {request.key: request for request in requests}
        vain = 0
        while not self._halted:
            before = self._tally.done
            await self._see_open_batches_end(wanted.keys())
            missing = self._missing(wanted)
            if not missing or self._halted:
                return
            vain = 0 if self._tally.done > before else vain + 1
            if vain > _ROUNDS_WITHOUT_ANSWER or self._refusals:
                raise (
                    self._refusals[-1]
                    if self._refusals
                    else RequestRefusedError(
                        f"{_ROUNDS_WITHOUT_ANSWER} batches in a row ended without an answer"
                    )
                )
            affordable = self._spending.affordable(missing)
            if not affordable:
                raise self._spending.exhausted
            await self._submit(affordable)

    def _missing(self, wanted: dict[str, Request]) -> list[Request]:
        answered = self._store.answered(wanted)
        self._tally.done = len(answered)
        return [request for key, request in wanted.items() if key not in answered]

    async def _submit(self, requests: list[Request]) -> None:
        models = {request.key: request.body["model"] for request in requests}
        for lines in split(requests):
            name = uuid4().hex
            claims = [Claim(key, models[key]) for key in lines]
            keys = self._store.open_batch(name, self._base_url, claims)
            if keys:
                self._tally.asked += len(keys)
                await self._make(name, b"".join(lines[key] for key in keys))

    async def _make(self, name: str, content: bytes) -> None:
        """Make a batch at the server; where it is certain that there is none, its claims are given up."""
        try:
            file = await self._patiently("upload a batch", lambda: self._upload(name, content))
            batch_id = await self._create_once(name, file)
        except ProtocolError as error:
            if error.status is not None and error.status < 500:
                self._store.end_batch(name)
            raise
        self._store.start_batch(name, batch_id)
        self._pace.report("batch_made", batch=batch_id, requests=content.count(b"\n"))

    async def _upload(self, name: str, content: bytes) -> str:
        file = await self._client.files.create(file=(f"{name}.jsonl", content), purpose="batch")
        return file.id

    async def _create_once(self, name: str, file: str) -> str:
        """Create the batch; after a fault that may have left one, look for it before creating another."""

        async def create() -> str:
            batch = await self._client.batches.create(
                input_file_id=file,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={_NAME: name},
                extra_headers={"Idempotency-Key": name},
            )
            return batch.id

        tried = False

        async def find_or_create() -> str:
            nonlocal tried
            found = await self._find(name) if tried else None
            tried = True
            return found or await create()

        return await self._patiently("create the batch", find_or_create)

    async def _find(self, name: str) -> str | None:
        """Give the server's id of the batch of that name, if there is one."""

        async def look() -> str | None:
            seen = set[str]()
            async for batch in self._client.batches.list(limit=100):
                if (batch.metadata or {}).get(_NAME) == name:
                    return batch.id
                if batch.id in seen:  # a server that ignores `after` shows its one page for ever
                    return None
                seen.add(batch.id)
            return None

        return await self._patiently("list the batches", look)

    async def _see_open_batches_end(self, wanted: Iterable[str]) -> None:
        """Fetch from batches as they end, until none is open; waits longer from look to look."""
        look = _FIRST_LOOK
        while not self._halted:
            under_way = 0
            batches = self._store.open_batches(self._base_url)
            for batch in batches:
                under_way += await self._see(batch)
            still_open = self._store.open_batches(self._base_url)
            self._tally.done = len(self._store.answered(wanted)) + under_way
            if not still_open:
                return
            await self._pause(look)
            look = min(_LONGEST_LOOK, look * 1.5)

    async def _see(self, batch: OpenBatch) -> int:
        """Look at one batch and fetch what it has to give; give how many answers it still holds back."""
        batch_id = batch.id
        if batch_id is None:
            if batch.in_making:
                return 0
            batch_id = await self._find(batch.name)
            if batch_id is None:  # its maker died before the server took it
                self._store.end_batch(batch.name)
                return 0
            self._store.start_batch(batch.name, batch_id)
        seen = await self._patiently("look at the batch", lambda: self._client.batches.retrieve(batch_id))
        if seen.status not in _ENDED:
            self._give_up_on_silence(seen)
            return int(seen.request_counts.completed) if seen.request_counts else 0
        self._pace.report("batch_ended", batch=batch_id, status=seen.status)
        await self._fetch(seen)
        self._store.end_batch(batch.name)
        _raise_if_failed(seen)
        return 0

    def _give_up_on_silence(self, seen: Batch) -> None:
        """End what would go on for ever; a word of the provider's own counts as under way.

        Raises:
            ProtocolError: The server showed the batch without a status too many times in a row.
        """
        status: object = seen.status
        if status and isinstance(status, str):
            self._silences.pop(seen.id, None)
            return
        self._silences[seen.id] += 1
        if self._silences[seen.id] == _MOST_SILENCES:
            raise ProtocolError(
                f"expected batch {seen.id} with a status such as 'in_progress' or 'completed', got {status!r}"
                f" {_MOST_SILENCES} times in a row. The batch is left alone; run the same again to take it up"
            )

    async def _fetch(self, batch: Batch) -> None:
        """Keep every answer of a batch that has ended."""
        for file in (batch.output_file_id, batch.error_file_id):
            if file:
                for line in await self._lines(file):
                    self._take(line)

    async def _lines(self, file: str) -> list[Line]:
        content = await self._patiently("fetch a batch's answers", lambda: self._client.files.content(file))
        return [line for raw in content.content.split(b"\n") if (line := read_line(raw))]

    def _take(self, line: Line) -> None:
        if line.answer is not None:
            self._store.write([Keep(line.key, line.answer)])
            if request := self._wanted.get(line.key):
                self._spending.pay(usage_of(request, json.loads(line.answer)))
        elif line.error is not None:
            advice = advice_for(line.error, attempt=1, absent=False, chance=0.0)
            if advice.fault is Fault.REFUSED:
                self._store.write([Keep(line.key, refusal_of(line.error))])
            elif advice.fault is Fault.FINAL:
                self._refusals.append(line.error)
            else:
                self._tally.faults += 1

    async def _patiently(self, doing: str, call: Callable[[], Awaitable[_T]]) -> _T:
        """Do what may be done twice, through as many attempts as its faults deserve."""
        for attempt in itertools.count(1):
            try:
                with translated(doing):
                    return await call()
            except ProtocolError as error:
                await self._wait_or_raise(error, attempt)
        raise AssertionError  # the count does not end

    async def _wait_or_raise(self, error: ProtocolError, attempt: int) -> None:
        advice = advice_for(error, attempt=attempt, absent=False, chance=self._pace.chance())
        if advice.fault not in {Fault.LIMITED, Fault.TRANSIENT}:
            raise error
        self._tally.faults += advice.fault is Fault.TRANSIENT
        self._tally.limited += advice.fault is Fault.LIMITED
        self._pace.report(advice.fault.name.lower(), wait=advice.wait, message=str(error))
        await self._pause(advice.wait)

    async def _pause(self, seconds: float) -> None:
        """Wait in short turns, so that `halt` is heard."""
        while seconds > 0 and not self._halted:
            turn = min(seconds, _TURN)
            await self._clock.sleep(turn)
            seconds -= turn


def _raise_if_failed(batch: Batch) -> None:
    if batch.status == "failed":
        said: list[Any] = list(batch.errors.data or []) if batch.errors else []
        reasons = "; ".join(f"line {e.line}: {e.message}" if e.line else str(e.message) for e in said[:3])
        raise RequestRefusedError(
            f"the server would not run the batch {batch.id}: {reasons or 'it does not say why'}",
            code=said[0].code if said else None,
        )
