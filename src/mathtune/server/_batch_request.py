"""The body of `POST /batches` and the lines of its file, read and checked; nothing here does I/O."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import attrs

from ._arguments import anything, fields, integer, nullable, one_of, text, text_map
from ._errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENDPOINT: Final = "/v1/chat/completions"
WINDOW_SECONDS: Final = 24 * 3_600
MOST_LINES: Final = 50_000
MOST_BYTES: Final = 200 * (1 << 20)
MOST_ERRORS: Final = 100

ARGUMENTS: Final = fields(
    {
        "input_file_id": text(shortest=1),
        "endpoint": one_of(ENDPOINT),
        "completion_window": one_of("24h"),
        "metadata": nullable(text_map(pairs=16, key=64, value=512)),
        "output_expires_after": nullable(
            fields(
                {"anchor": one_of("created_at"), "seconds": integer(3_600, 2_592_000)},
                required=("anchor", "seconds"),
            )
        ),
    },
    required=("input_file_id", "endpoint", "completion_window"),
)
LINE: Final = fields(
    {
        "custom_id": text(shortest=1),
        "method": one_of("POST"),
        "url": one_of(ENDPOINT),
        "body": anything,
    },
    required=("custom_id", "method", "url", "body"),
)


@attrs.frozen(kw_only=True)
class BatchRequest:
    """What a client asked to be answered.

    Attributes:
        output_expires_in: Seconds that the output is kept; None for as long as nobody deletes it.
        digest: SHA-256 of the body, to tell a repeated request from another one.
    """

    input_file_id: str
    metadata: dict[str, str] | None
    output_expires_in: int | None
    digest: str


@attrs.frozen(kw_only=True)
class BatchLine:
    """One request of a batch; `number` counts the file's lines from 1."""

    number: int
    custom_id: str
    body: dict[str, Any]


def read_batch_request(body: object) -> BatchRequest:
    """Read the body of a request.

    Raises:
        ApiError: 400; the argument is named.
    """
    given: dict[str, Any] = ARGUMENTS(body, "")
    return BatchRequest(
        input_file_id=given["input_file_id"],
        metadata=given.get("metadata"),
        output_expires_in=(given.get("output_expires_after") or {}).get("seconds"),
        digest=hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest(),
    )


def find_faults(lines: Iterable[bytes]) -> tuple[int, str | None, list[dict[str, Any]]]:
    """Check a batch's file; give the number of its requests, their model, and what is wrong.

    Each fault is the protocol's batch error: `code`, `message`, `param`, `line`.
    """
    seen, models, faults = set[str](), set[str](), list[dict[str, Any]]()
    for number, raw in _numbered(lines):
        fault = _fault(raw, seen, models)
        if fault is not None and len(faults) < MOST_ERRORS:
            faults.append({**fault, "line": number})
    if not seen and not faults:
        faults.append(_problem("empty_file", "The file holds no requests."))
    if len(seen) > MOST_LINES:
        message = f"A batch may have {MOST_LINES} requests at most; this one has {len(seen)}."
        faults.append(_problem("too_many_requests", message))
    return len(seen), next(iter(models), None), faults


def read_lines(lines: Iterable[bytes], *, done: frozenset[int] | set[int]) -> Iterator[BatchLine]:
    """Give the requests of a checked file, without those of the lines that are done."""
    for number, raw in _numbered(lines):
        if number not in done:
            value = json.loads(raw)
            yield BatchLine(number=number, custom_id=value["custom_id"], body=value["body"])


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, raw) for number, raw in enumerate(lines, 1) if raw.strip())


def _fault(raw: bytes, seen: set[str], models: set[str]) -> dict[str, Any] | None:
    """Say what is wrong with a line, after those `seen` and with the `models` named so far."""
    try:
        value = LINE(json.loads(raw), "")
    except ApiError as error:
        return _problem(error.code or "invalid_request", error.message, error.param)
    except (ValueError, RecursionError):
        return _problem("invalid_json_line", "This line is not parseable as valid JSON.")
    custom_id = value["custom_id"]
    if custom_id in seen:
        message = f"The custom_id for this request is a duplicate of another one: '{custom_id}'."
        return _problem("duplicate_custom_id", message, "custom_id")
    seen.add(custom_id)
    return _body_fault(value["body"], models)


def _body_fault(body: object, models: set[str]) -> dict[str, Any] | None:
    if not isinstance(body, dict) or not isinstance(body.get("model"), str):
        return _problem("invalid_request", "Expected an object with a 'model'.", "body")
    if body.get("stream"):
        message = "A batch gives whole answers: 'stream' is not allowed."
        return _problem("invalid_request", message, "body.stream")
    models.add(body["model"])
    if len(models) > 1:
        return _problem("mismatched_model", "All requests of a batch must name the same model.", "body.model")
    return None


def _problem(code: str, message: str, param: str | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "param": param, "line": None}
