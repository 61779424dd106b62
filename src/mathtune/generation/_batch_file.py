"""The files of the Batch API: requests to lines, lines to answers. No I/O.

Format: one JSON object a line. In: `custom_id, method, url, body`. Out, in any order: `custom_id` and either
`response` (`status_code`, `body`) or `error`. The limits are OpenAI's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import ProtocolError

from ._response import is_completion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ._request import Request

__all__ = ["Line", "read_line", "split"]

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
_ENDPOINT = "/v1/chat/completions"


def split(
    requests: Iterable[Request], *, most: int = MOST_REQUESTS, most_bytes: int = MOST_BYTES
) -> Iterator[dict[str, bytes]]:
    """Give the requests in as few files as the limits allow: for each file, its lines by key."""
    lines: dict[str, bytes] = {}
    size = 0
    for request in requests:
        line = _line(request)
        if lines and (len(lines) == most or size + len(line) > most_bytes):
            yield lines
            lines, size = {}, 0
        lines[request.key] = line
        size += len(line)
    if lines:
        yield lines


def _line(request: Request) -> bytes:
    row = {"custom_id": request.key, "method": "POST", "url": _ENDPOINT, "body": request.body}
    return json.dumps(row).encode() + b"\n"


@attrs.frozen(kw_only=True)
class Line:
    """One line of an output or error file.

    Attributes:
        key: The request's key.
        answer: The server's completion as JSON, where there is one.
        error: What came instead; None also for a request that was not run in time.
    """

    key: str
    answer: str | None = None
    error: ProtocolError | None = None


def read_line(line: bytes) -> Line | None:
    """Read a line; None for one that names no request."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    key = row.get("custom_id") if isinstance(row, dict) else None
    if not isinstance(key, str):
        return None
    reply = row.get("response")
    if not isinstance(reply, dict):
        return Line(key=key)
    body = reply.get("body")
    if reply.get("status_code") == 200 and is_completion(body):
        return Line(key=key, answer=json.dumps(body))
    return Line(key=key, error=_error(reply.get("status_code"), body))


def _error(status: object, body: object) -> ProtocolError:
    said: Mapping[str, Any] = body.get("error") or {} if isinstance(body, dict) else {}
    said = said if isinstance(said, dict) else {"message": str(said)}
    code, param = said.get("code"), said.get("param")
    return ProtocolError(
        f"a request of the batch failed [HTTP {status}: {said.get('message')}]",
        status=status if isinstance(status, int) else None,
        code=code if isinstance(code, str) else None,
        param=param if isinstance(param, str) else None,
        body=body,
    )
