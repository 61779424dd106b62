"""Questions in, responses out, each request asked once: the function that the rest of the package serves."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from mathtune.client import async_client, resolve_client
from mathtune.errors import DataError, ProtocolError, StorageError
from mathtune.progress import progress_bar

from ._clock import Clock
from ._request import requests_for
from ._response import Response
from ._sampling import Sampling

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator

    from openai import AsyncOpenAI, OpenAI
    from typing_extensions import TypeIs

    from ._asking import Tally
    from ._request import Question, Request
    from ._store import Store

__all__ = ["Generation", "generate"]

_CHUNK = 500  # answers read from the store at a time
_POOL = 16  # connections of one client


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
        concurrency: The most requests under way; how many there are follows from the server's answers.
        clock: Time, for tests.
        chance: Gives numbers from 0 to 1 that spread the waits.

    Raises:
        DataError: Two questions under one id, or a concurrency below 1.
        ProtocolError: The server refused for good, or could not be reached. What came before is kept.
        StorageError: The disk refused. What came before is kept.
        KeyboardInterrupt: After Ctrl-C; its message says what is kept.
    """
    from ._store import Store

    if concurrency < 1:
        raise DataError(f"expected at least 1, got {concurrency}", field="concurrency")
    given = client if _is_async(client) else resolve_client(client)
    requests = tuple(
        requests_for(questions, base_url=str(given.base_url), model=model, sampling=sampling or Sampling())
    )
    with Store(Path(path)) as store:
        keys = {request.key: request for request in requests}
        stored = store.answered(keys)
        missing = [request for key, request in keys.items() if key not in stored]
        tally = _ask(missing, store, given, _Pace(concurrency, clock or Clock(), chance))
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


@attrs.frozen
class _Pace:
    """How fast to ask: the arguments of `generate` that say so."""

    concurrency: int
    clock: Clock
    chance: Callable[[], float]


def _ask(missing: list[Request], store: Store, client: OpenAI | AsyncOpenAI, pace: _Pace) -> Tally:
    """Ask what is missing; an interrupt or error leaves with a message that says what is kept."""
    from ._asking import Asker, Tally, with_note
    from ._journal import Journal
    from ._thread import run_apart

    tally = Tally()
    askers: list[Asker] = []

    async def work() -> None:
        journal = Journal(store)
        twins = [async_client(client) for _ in range(_pools(client, pace.concurrency))]
        try:
            asker = Asker(
                [twin.with_options(max_retries=0) for twin in twins],
                journal,
                tally,
                concurrency=pace.concurrency,
                clock=pace.clock,
                chance=pace.chance,
            )
            askers.append(asker)
            await asker.ask_all(missing)
        finally:
            await journal.close()
            for twin in twins:
                if twin is not client:
                    await twin.close()

    def halt() -> None:
        for asker in askers:
            asker.halt()

    if not missing:
        return tally
    with progress_bar(total=len(missing), label="asking", unit="response") as bar:
        try:
            run_apart(work, halt=halt, tick=lambda: bar.update(tally.done - bar.n))
        except KeyboardInterrupt as interrupt:
            raise KeyboardInterrupt(_kept(tally, len(missing), store)) from interrupt
        except ProtocolError as error:
            raise with_note(error, _kept(tally, len(missing), store)) from error
        except StorageError as error:
            raise StorageError(f"{error}; {_kept(tally, len(missing), store)}") from error
        bar.update(tally.done - bar.n)
    return tally


def _pools(client: OpenAI | AsyncOpenAI, concurrency: int) -> int:
    """Give how many clients to ask through.

    A client's pool looks at all its connections for each request, so many small pools cost less than a large
    one. An asynchronous client is used as it is.
    """
    return 1 if _is_async(client) else -(-concurrency // _POOL)


def _is_async(client: OpenAI | AsyncOpenAI | None) -> TypeIs[AsyncOpenAI]:
    return hasattr(client, "__aenter__")


def _kept(tally: Tally, total: int, store: Store) -> str:
    return (
        f"{tally.done} of {total} missing responses came and are kept in {store.path};"
        " run the same again to go on from there"
    )
