"""Questions in, requests out: each with the key under which its answer is kept.

Two requests with one key are the same request, whoever asks and under whatever problem id, so the second is
answered from the store.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mathtune.formatting import Message

    from ._sampling import Sampling

__all__ = ["Question", "Request", "requests_for"]


def _in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(messages)


@attrs.frozen
class Question:
    """What a model is asked for one problem.

    Attributes:
        problem_id: The problem's id.
        messages: The conversation that the model is to go on with.
        sample: The one sample that is asked for; None asks for all.
        asked: How many of the messages were the question, where others have followed; None: all were.

    >>> from mathtune.formatting import Message
    >>> Question("1", [Message("user", "What is $2+2$?")]).messages[0].content
    'What is $2+2$?'
    """

    problem_id: str
    messages: tuple[Message, ...] = attrs.field(converter=_in_order)
    sample: int | None = attrs.field(default=None, kw_only=True)
    asked: int | None = attrs.field(default=None, kw_only=True)


@attrs.frozen(kw_only=True)
class Request:
    """One sample asked of a model.

    Attributes:
        problem_id: The problem's id.
        sample: Number of the sample, from 0.
        body: The body of the request to `/chat/completions`.
        asked: How many of its messages were the question; the others are earlier turns of the answer.
        key: SHA-256 over server, body and sample number, in hexadecimal.
    """

    problem_id: str
    sample: int
    body: Mapping[str, Any]
    asked: int
    key: str


def requests_for(
    questions: Iterable[Question], *, base_url: str, model: str, sampling: Sampling
) -> Iterator[Request]:
    """Give the requests for all samples of all questions, in order.

    Raises:
        DataError: Two questions under one id, or a text that no JSON in UTF-8 can hold.
    """
    seen: set[tuple[str, int | None]] = set()
    for question in questions:
        if (question.problem_id, question.sample) in seen:
            raise DataError(f"the id {question.problem_id!r} stands for two problems; make ids unique")
        seen.add((question.problem_id, question.sample))
        messages = [_message(question.problem_id, message) for message in question.messages]
        asked = len(messages) if question.asked is None else question.asked
        for sample in range(sampling.n) if question.sample is None else (question.sample,):
            body = {"model": model, "messages": messages, **sampling.body(sample)}
            key = _key(base_url, body, sample)
            yield Request(problem_id=question.problem_id, sample=sample, body=body, asked=asked, key=key)


def _message(problem_id: str, message: Message) -> dict[str, Any]:
    row = message.to_dict()
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise DataError(
            f"problem {problem_id!r}: the character {error.object[error.start]!r} is half of a surrogate pair"
            " and cannot be sent; mend the problem's text"
        ) from error
    return row


def _key(base_url: str, body: Mapping[str, Any], sample: int) -> str:
    whole = {"base_url": base_url.rstrip("/"), "body": body, "sample": sample}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
