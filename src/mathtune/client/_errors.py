"""openai's errors become mathtune's, once, here. What the server said is kept; a key never is."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING, Any

from mathtune.errors import (
    AuthenticationError,
    ModelNotFoundError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    RequestRefusedError,
    TrainingClosedError,
    UnreachableError,
)

from ._shutdowns import TRAINING_CLOSES, shutdown_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    import openai

__all__ = ["WAYS_OUT", "retry_after", "translated"]

_KEY_LIKE = re.compile(r"\b(?:sk|whsec)[-_][A-Za-z0-9_\-]{8,}|(?i:bearer)\s+[^\s\"',]{8,}")
_VERSION = re.compile(r"/v\d")  # the part of a path that names a version of the protocol
_CREDENTIAL_HEADERS = ("authorization", "api-key", "x-api-key")
_BY_STATUS: dict[int, tuple[type[ProtocolError], str]] = {
    401: (AuthenticationError, "the key is missing or wrong; set OPENAI_API_KEY, or api_key= of the client"),
    403: (AuthenticationError, "the key may not do this; use one of a project that may"),
    408: (ProtocolError, "the server gave up waiting; try again later"),
    429: (RateLimitError, "too many requests, also after waiting as asked; ask less at once, or later"),
}
WAYS_OUT = (
    "use another provider of the protocol through base_url (Azure/Foundry, Nebius, Crusoe, Bedrock), "
    "or train on this machine with `mathtune serve`"
)
"""What to do where a server does not train, as the end of a message."""


@contextlib.contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn what openai raises inside into the tree of `mathtune.errors`.

    Works around `await` as well. The answer's status, code, param, body and request id are kept on the error;
    the key that was sent is cut out of all of them.

    Args:
        doing: What was being done, as words that follow "could not": "start the job".

    Raises:
        ProtocolError: Or the child of it that fits.

    >>> from openai import OpenAI
    >>> nobody = OpenAI(base_url="http://127.0.0.1:9/v1", api_key="any", max_retries=0)
    >>> try:
    ...     with translated("list the models"):
    ...         nobody.models.list()
    ... except UnreachableError as error:
    ...     print(str(error)[:73])
    could not list the models: no answer from http://127.0.0.1:9/v1/models (C
    """
    import openai

    try:
        yield
    except openai.APIError as error:
        secrets = _secrets(error)
        raised = _translate(doing, error, secrets)
        if _scrub(repr((error, error.body)), secrets) != repr((error, error.body)):
            raise raised from None  # the cause's own text holds a key, and a traceback prints causes
        raise raised from error
    except json.JSONDecodeError as error:
        raise ProtocolError(f"could not {doing}: the server's answer is not JSON ({error})") from error


def retry_after(error: ProtocolError) -> float | None:
    """Give the seconds that the server asked to wait (`retry-after-ms`, `retry-after`), or None.

    Args:
        error: An error that came out of `translated`.

    >>> retry_after(ProtocolError("no answer at all")) is None
    True
    """
    headers = getattr(getattr(error.__context__, "response", None), "headers", {})
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        with contextlib.suppress(ValueError):  # an HTTP date: its clock is the server's, not ours
            return float(headers.get(name, "none")) * unit
    return None


def _translate(doing: str, error: openai.APIError, secrets: tuple[str, ...]) -> ProtocolError:
    import openai

    body = _scrub(error.body, secrets)
    said = _scrub(_said(error), secrets)
    if isinstance(error, openai.APIConnectionError):
        return UnreachableError(f"could not {doing}: {_no_answer(error)}")
    status = getattr(error, "status_code", None)
    kind, advice = _judge(error, status)
    message = f"could not {doing}: {advice}" if advice else f"could not {doing}"
    where = f"HTTP {status}" if status else "in the stream"
    return kind(
        f"{message} [{where}: {said}]",
        status=status,
        code=error.code,
        param=error.param,
        body=body,
        request_id=getattr(error, "request_id", None),
    )


def _judge(error: openai.APIError, status: int | None) -> tuple[type[ProtocolError], str]:
    """Choose the class and say what to do."""
    kinds = {error.code, getattr(error, "type", None)}
    if "training_not_available" in kinds or (status == 403 and "winding down" in str(error.message)):
        return TrainingClosedError, _training_closed(error)
    if _is_about_model(error, status, kinds):
        return ModelNotFoundError, _model_gone(error)
    if status == 429 and "insufficient_quota" in kinds:
        return QuotaExceededError, "the account is out of money or over its budget; waiting does not help"
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status is not None and 400 <= status < 500:
        return RequestRefusedError, _refused(error, status)
    return ProtocolError, "the server failed; try again later"


def _is_about_model(error: openai.APIError, status: int | None, kinds: set[str | None]) -> bool:
    if kinds & {"model_not_found", "model_not_available"}:
        return True
    path = error.request.url.path
    asks_for_model = "/models/" in path or path.endswith(("/chat/completions", "/fine_tuning/jobs"))
    says_so = "model" in str(error.message).lower() and not _lacks_the_address(error)
    return status == 404 and asks_for_model and says_so


def _lacks_the_address(error: openai.APIError) -> bool:
    """Whether a "not found" is about the address that was asked, not about what was asked for there."""
    unversioned = error.code is None and not _VERSION.search(error.request.url.path)
    return unversioned or error.code == "unknown_url"


def _model_gone(error: openai.APIError) -> str:
    model = _asked_model(error)
    day = shutdown_date(model) if model else None
    name = repr(model) if model else "the model"
    if day is None or not _is_openai(error):
        return f"{_host(error)} does not offer {name}; `client.models.list()` (GET /models) says what it does"
    return f"{name} is not offered to this key; OpenAI's date for switching it off is {day}: {WAYS_OUT}"


def _training_closed(error: openai.APIError) -> str:
    if not _is_openai(error):
        return f"this organisation may not fine-tune at {_host(error)}: {WAYS_OUT}"
    return (
        "OpenAI no longer lets this organisation fine-tune (closed to new customers on 2026-05-07, to idle "
        f"ones on 2026-07-02, to all from {TRAINING_CLOSES}): {WAYS_OUT}"
    )


def _refused(error: openai.APIError, status: int) -> str:
    if status in {404, 405} and (not isinstance(error.body, dict) or _lacks_the_address(error)):
        return f"{_host(error)} has no such address; is base_url right (it usually ends in /v1)?"
    named = f" (argument {error.param!r})" if error.param else ""
    return f"the server refused the request{named}"


def _no_answer(error: openai.APIConnectionError) -> str:
    import openai

    asked = error.request.url
    url = f"{asked.scheme}://{asked.netloc.decode()}{asked.path}"  # a user part or a query may hold keys
    if isinstance(error, openai.APITimeoutError):
        return f"no answer from {url} in time; the server may still have acted"
    reason = error.__cause__ or error
    return (
        f"no answer from {url} ({type(reason).__name__}: {reason}); is the server running and base_url right?"
    )


def _said(error: openai.APIError) -> str:
    """The server's own sentence, without the status that openai puts before it."""
    if isinstance(error.body, dict) and isinstance(error.body.get("message"), str):
        return str(error.body["message"])
    return " ".join(str(error.message).split())[:500]


def _asked_model(error: openai.APIError) -> str | None:
    _, found, tail = error.request.url.path.partition("/models/")
    if found:
        return tail
    if not error.request.headers.get("content-type", "").startswith("application/json"):
        return None
    sent = json.loads(error.request.content or b"{}")
    model = sent.get("model")
    return model if isinstance(model, str) else None


def _host(error: openai.APIError) -> str:
    return str(error.request.url.host)


def _is_openai(error: openai.APIError) -> bool:
    return _host(error).endswith(".openai.com")


def _secrets(error: openai.APIError) -> tuple[str, ...]:
    """The credentials that the request carried, longest first."""
    sent = [error.request.headers.get(name, "") for name in _CREDENTIAL_HEADERS]
    sent.append(error.request.url.password)
    values = {value for header in sent for value in (header, header.partition(" ")[2]) if len(value) > 3}
    return tuple(sorted(values, key=len, reverse=True))


def _scrub(value: Any, secrets: tuple[str, ...]) -> Any:  # noqa: ANN401  (any JSON value)
    """Cut keys out of a JSON value, in names and texts."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "[key]")
        return _KEY_LIKE.sub("[key]", value)
    if isinstance(value, dict):
        return {_scrub(key, secrets): _scrub(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_scrub(item, secrets) for item in value]
    return value
