"""Questions in, responses out, each request asked once: the function that the rest of the package serves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from mathtune.client import resolve_client

from ._cost import Spending, estimate_of, usage_of
from ._pace import Pace
from ._request import requests_for
from ._response import Response, read_usage
from ._sampling import Sampling

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from openai import AsyncOpenAI, OpenAI
    from typing_extensions import TypeIs

    from ._cost import Estimate, Price
    from ._request import Question, Request
    from ._response import Usage
    from ._store import Store

__all__ = ["Generation", "address_of", "estimate", "generate"]

_CHUNK = 500  # answers read from the store at a time
_EARLIER = 200  # responses of a model from which the length of the next is judged


@attrs.frozen(kw_only=True)
class Generation:
    """The responses of one call of `generate`, in the order of the questions and their samples.

    They stay in the store; iterating reads them from there, a few hundred at a time.

    Attributes:
        requests: What was to be asked.
        path: The store.
        stored: How many requests had an answer before this call.
        asked: How many were sent by this call, further attempts included.
        asked_again: How many requests of this call had been under way when another process died.
        limited: How often the server said "too many requests".
        faults: How often an answer failed to come for another passing reason.
        cost: What all the responses have cost in USD, those from the store included; None without a price.
    """

    requests: tuple[Request, ...] = attrs.field(repr=False)
    path: Path
    stored: int
    asked: int
    asked_again: int
    limited: int
    faults: int
    cost: float | None

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
    pace: Pace | None = None,
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
        pace: How to ask; None is `Pace()`.

    Raises:
        DataError: Two questions under one id.
        ProtocolError: The server refused for good, or could not be reached. What came before is kept.
        CostLimitError: Another request could cost more than is left. What came before is kept.
        StorageError: The disk refused. What came before is kept.
        KeyboardInterrupt: After Ctrl-C; its message says what is kept.

    >>> import tempfile
    >>> from mathtune.formatting import Message
    >>> from mathtune.generation import Question
    >>> from mathtune.testing import StubServer
    >>> sums = [Question(f"sum {n}", [Message("user", f"What is {n}+1?")]) for n in range(3)]
    >>> with StubServer(chat=lambda *_: "It is 2.") as server, tempfile.TemporaryDirectory() as here:
    ...     generation = generate(sums, model="any", path=f"{here}/r.sqlite", client=server.client())
    ...     [(response.problem_id, response.text) for response in generation][:1], generation.asked
    ([('sum 0', 'It is 2.')], 3)
    """
    from ._session import ask_missing
    from ._store import Store

    how = pace or Pace()
    given = _resolved(client)
    requests = _requests(questions, given, model, sampling)
    with Store(Path(path)) as store:
        missing = _missing(requests, store)
        asked = {request.key for request in missing}
        spending = Spending(how.price, how.cost_limit, _paid(requests, store) if how.price else ())
        tally = ask_missing(missing, store, given, how, spending)
    return Generation(
        requests=requests,
        path=Path(path),
        stored=sum(request.key not in asked for request in requests),
        asked=tally.asked,
        asked_again=tally.asked_again,
        limited=tally.limited,
        faults=tally.faults,
        cost=spending.spent if how.price else None,
    )


def estimate(
    questions: Iterable[Question],
    *,
    model: str,
    path: str | os.PathLike[str],
    client: OpenAI | AsyncOpenAI | None = None,
    sampling: Sampling | None = None,
    price: Price | None = None,
) -> Estimate:
    """Say what `generate` would ask and cost; asks nobody.

    Args:
        questions: What would be asked.
        model: The model's name at the server.
        path: The store of responses.
        client: The client that would be asked through.
        sampling: How it would be sampled; None is `Sampling()`.
        price: The price of the tokens, if it is known.

    >>> import tempfile
    >>> from openai import OpenAI
    >>> from mathtune.formatting import Message
    >>> from mathtune.generation import Question
    >>> nobody = OpenAI(base_url="http://127.0.0.1:9/v1", api_key="any")
    >>> with tempfile.TemporaryDirectory() as here:
    ...     asked = [Question("1", [Message("user", "2+2?")])]
    ...     print(estimate(asked, model="m", path=f"{here}/r.sqlite", client=nobody))
    1 of 1 requests to send: about 5 tokens read and 500 written (assuming 500 a response)
    """
    from ._store import Store

    requests = _requests(questions, client, model, sampling)
    with Store(Path(path)) as store:
        answers = map(json.loads, store.answers_of(model, _EARLIER))
        known = [usage for raw in answers if (usage := read_usage(raw.get("usage")))]
        return estimate_of(requests, _missing(requests, store), known, price)


def _requests(
    questions: Iterable[Question],
    client: OpenAI | AsyncOpenAI | None,
    model: str,
    sampling: Sampling | None,
) -> tuple[Request, ...]:
    base_url = address_of(client)
    return tuple(requests_for(questions, base_url=base_url, model=model, sampling=sampling or Sampling()))


def _missing(requests: Iterable[Request], store: Store) -> list[Request]:
    """Give the requests without an answer, each key once."""
    by_key = {request.key: request for request in requests}
    stored = store.answered(by_key)
    return [request for key, request in by_key.items() if key not in stored]


def _paid(requests: Iterable[Request], store: Store) -> list[Usage]:
    by_key = {request.key: request for request in requests}
    return [usage_of(by_key[key], json.loads(answer)) for key, answer in store.answers(by_key).items()]


def address_of(client: OpenAI | AsyncOpenAI | None) -> str:
    """Give the address of the server that a client talks to; None takes the environment's."""
    return str(_resolved(client).base_url)


def _resolved(client: OpenAI | AsyncOpenAI | None) -> OpenAI | AsyncOpenAI:
    return client if _is_async(client) else resolve_client(client)


def _is_async(client: OpenAI | AsyncOpenAI | None) -> TypeIs[AsyncOpenAI]:
    return hasattr(client, "__aenter__")
