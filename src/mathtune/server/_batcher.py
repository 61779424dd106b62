"""Brings chat requests that arrive together to the model together.

While one batch is being generated the next gathers, so batches grow with the load by themselves.
"""

from __future__ import annotations

import asyncio
import collections
import logging
from typing import TYPE_CHECKING, Final

import attrs

from ._errors import ApiError, internal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._chat_request import ChatRequest
    from ._generator import Answer, Generator

LOG: Final = logging.getLogger("mathtune.server")
GATHER_SECONDS: Final = 0.005
LARGEST_BATCH: Final = 160  # texts; more gains nothing on two cores (measured for the packaged model)
MOST_WAITING: Final = 20_000
ENDING: Final = ApiError(503, "The server is shutting down.", kind="server_error", code="shutting_down")


@attrs.frozen(eq=False)
class _Waiting:
    request: ChatRequest
    answer: asyncio.Future[Answer]


class Batcher:
    """Gathers requests by model and has them answered, one batch at a time.

    Args:
        generator: What answers.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        # by model, in the order in which the models were first asked and not yet served
        self._queues: collections.OrderedDict[str, collections.deque[_Waiting]] = collections.OrderedDict()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def ask(self, source: str, request: ChatRequest) -> Answer:
        """Wait for a model's answer.

        Raises:
            ApiError: What the generator said of this request; 429 when too many wait.
        """
        if sum(map(len, self._queues.values())) >= MOST_WAITING:
            message = f"Rate limit reached: {MOST_WAITING} requests are waiting. Try again later."
            raise ApiError(
                429, message, code="rate_limit_exceeded", kind="requests", headers={"retry-after": "1"}
            )
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(source, collections.deque()).append(_Waiting(request, answer))
        self._arrived.set()
        return await answer

    def start(self) -> None:
        """Begin to serve; inside a running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._serve())

    async def stop(self) -> None:
        """Stop; those who wait are told that the server ends."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        for queue in self._queues.values():
            self._give(list(queue), [ENDING] * len(queue))
        self._queues.clear()

    async def _serve(self) -> None:
        while True:
            await self._arrived.wait()
            await asyncio.sleep(GATHER_SECONDS)
            if not self._queues:
                self._arrived.clear()
                continue
            source, batch = self._next_batch()
            if batch:
                await self._answer(source, batch)

    def _next_batch(self) -> tuple[str, list[_Waiting]]:
        """Take what fits into a batch from the model whose turn it is."""
        source, queue = self._queues.popitem(last=False)
        batch, size = list[_Waiting](), 0
        while queue and (not batch or size + queue[0].request.n <= LARGEST_BATCH):
            waiting = queue.popleft()
            if not waiting.answer.cancelled():  # its client has gone
                batch.append(waiting)
                size += waiting.request.n
        if queue:
            self._queues[source] = queue
        return source, batch

    async def _answer(self, source: str, batch: list[_Waiting]) -> None:
        requests = [waiting.request for waiting in batch]
        answers: list[Answer | ApiError]
        try:
            answers = [*await asyncio.to_thread(self._generator.generate, source, requests)]
        except ApiError as error:
            answers = [error] * len(batch)
        except asyncio.CancelledError:
            self._give(batch, [ENDING] * len(batch))
            raise
        except Exception:  # (one model's trouble must not end the service for all others)
            LOG.exception("generation by %s", source)
            answers = [internal()] * len(batch)
        self._give(batch, answers)

    def _give(self, batch: list[_Waiting], answers: Sequence[Answer | ApiError]) -> None:
        for waiting, answer in zip(batch, answers, strict=True):
            if waiting.answer.done():
                continue
            if isinstance(answer, ApiError):
                waiting.answer.set_exception(answer)
            else:
                waiting.answer.set_result(answer)
