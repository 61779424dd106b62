"""Questions in, responses out, each request asked once: the function that the rest of the package serves."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs

from mathtune.client import resolve_client
from mathtune.errors import DataError

from ._clock import Clock
from ._request import requests_for
from ._response import Response
from ._sampling import Sampling

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator

    from openai import AsyncOpenAI, OpenAI
    from typing_extensions import TypeIs

    from ._request import Question, Request

__all__ = ["Generation", "generate"]

_CHUNK = 500  # answers read from the store at a time


@attrs.frozen(kw_only=True)
class Generation:
    """The responses of one call of `generate`, in the order of the questions and their samples.

    They stay in the store; iterating reads them from there, a few hundred at a time.

    Attributes:
        requests: What was to be asked.
        base_url: The server's address.
        path: The store.
        stored: How many requests had an answer before this call.
        asked: How many were sent by this call, further attempts included.
        asked_again: How many requests of this call had been under way when another process died.
        limited: How often the server said "too many requests".
        faults: How often an answer failed to come for another passing reason.
    """

    requests: tuple[Request, ...] = attrs.field(repr=False)
    base_url: str
    path: Path
    stored: int
    asked: int
    asked_again: int
    limited: int
    faults: int

    def __len__(self) -> int:
        return len(self.requests)

    def __iter__(self) -> Iterator[Response]:
        from ._store import Store

        with Store(self.path) as store:
            for start in range(0, len(self.requests), _CHUNK):
                chunk = self.requests[start : start + _CHUNK]
                answers = store.answers({request.key for request in chunk})
                for request in chunk:
                    yield Response.from_answer(request, answers[request.key])


def generate(
    questions: Iterable[Question],
    *,
    model: str,
    path: str | os.PathLike[str],
    client: OpenAI | AsyncOpenAI | None = None,
    sampling: Sampling | None = None,
    mode: Literal["live", "batch"] = "live",
    concurrency: int = 16,
    clock: Clock | None = None,
    chance: Callable[[], float] = random.random,
) -> Generation:
    """Ask a model all questions, as many at once as its server takes, and keep every response as it comes.

    What the store at `path` already holds is not asked again, whoever asked it. Blocks with a progress bar,
    also where an event loop is running.

    Args:
        questions: What to ask.
        model: The model's name at the server.
        path: The store of responses, an SQLite file; several processes may share it.
        client: The client to ask through; None takes the environment's.
        sampling: How to sample; None is `Sampling()`.
        mode: "live" asks by single requests. "batch" goes through the server's Batch API: cheaper, within a
            day; interrupted or killed, the same call takes up the batches where they are.
        concurrency: The most requests under way; how many there are follows from the server's answers.
        clock: Time, for tests.
        chance: Gives numbers from 0 to 1 that spread the waits.

    Raises:
        DataError: Two questions under one id, a concurrency below 1, or an unknown mode.
        ProtocolError: The server refused for good, or could not be reached. What came before is kept.
        StorageError: The disk refused. What came before is kept.
        KeyboardInterrupt: After Ctrl-C; its message says what is kept.
    """
    from ._session import Pace, ask_missing
    from ._store import Store

    if concurrency < 1:
        raise DataError(f"expected at least 1, got {concurrency}", field="concurrency")
    if mode not in {"live", "batch"}:
        raise DataError(f'expected "live" or "batch", got {mode!r}', field="mode")
    given = client if _is_async(client) else resolve_client(client)
    requests = tuple(
        requests_for(questions, base_url=str(given.base_url), model=model, sampling=sampling or Sampling())
    )
    with Store(Path(path)) as store:
        keys = {request.key: request for request in requests}
        stored = store.answered(keys)
        missing = [request for key, request in keys.items() if key not in stored]
        pace = Pace(
            in_batches=mode == "batch", concurrency=concurrency, clock=clock or Clock(), chance=chance
        )
        tally = ask_missing(missing, store, given, pace)
    return Generation(
        requests=requests,
        base_url=str(given.base_url),
        path=Path(path),
        stored=len(stored),
        asked=tally.asked,
        asked_again=tally.asked_again,
        limited=tally.limited,
        faults=tally.faults,
    )


def _is_async(client: OpenAI | AsyncOpenAI | None) -> TypeIs[AsyncOpenAI]:
    return hasattr(client, "__aenter__")
