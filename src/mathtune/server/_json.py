"""JSON as it comes in the body of a request, and as it was stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn

from starlette.concurrency import run_in_threadpool

from ._errors import ApiError

if TYPE_CHECKING:
    from starlette.requests import Request

LONG_BODY: Final = 1 << 16  # bytes that are decoded while others are answered


async def read_json(request: Request) -> Any:  # noqa: ANN401  (JSON is any value)
    """Decode a body: strict JSON, and only text that can be written as UTF-8 again.

    Raises:
        ApiError: 400.
    """
    raw = await request.body()
    if len(raw) > LONG_BODY:
        return await run_in_threadpool(_decoded, raw)
    return _decoded(raw)


def kept(text: str | None, default: Any) -> Any:  # noqa: ANN401  (JSON is any value)
    """Decode what is stored; what is damaged shows as nothing and hides neither its object nor others."""
    try:
        return default if text is None else json.loads(text)
    except ValueError:
        return default


def _decoded(raw: bytes) -> Any:  # noqa: ANN401  (JSON is any value)
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
        if b"\\u" in raw:
            json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate cannot be stored or answered
    except (ValueError, RecursionError) as error:
        message = "We could not parse the JSON body of your request. Expected a JSON object in UTF-8."
        raise ApiError(400, message, code="invalid_json") from error
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
