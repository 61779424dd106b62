"""What to do about a fault: wait and ask again, do without this one answer, or stop. Decided without I/O."""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import TYPE_CHECKING

import attrs

from mathtune.client import retry_after
from mathtune.errors import (
    AuthenticationError,
    ModelNotFoundError,
    QuotaExceededError,
    RateLimitError,
    TrainingClosedError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mathtune.errors import ProtocolError

__all__ = ["Advice", "Fault", "advice_for", "headers_of", "pause_before_next", "refusal_of"]

ATTEMPTS = 8  # of one request before its transient fault counts as final; about a minute of waiting
ATTEMPTS_ABSENT = 3  # the same where the server seems not to be there: a wrong address shows quickly
LIMITED_ATTEMPTS = 50  # of one request that is refused as one too many; the waits are the server's own
LONGEST_ASKED = 600.0  # seconds; who is told to come back later than that is not kept waiting unseen
_SHORTEST, _LONGEST = 0.5, 30.0  # seconds of back-off where the server names none

_TRANSIENT = frozenset({408, 409, 425, 500, 502, 503, 504, 520, 522, 524, 529})
_FINAL = (AuthenticationError, QuotaExceededError, ModelNotFoundError, TrainingClosedError)
# Codes of a 400 that speak of this one conversation and not of how we ask.
_OF_THIS_REQUEST = frozenset(
    {
        "content_filter",
        "content_policy_violation",
        "context_length_exceeded",
        "invalid_prompt",
        "moderation_blocked",
        "string_above_max_length",
    }
)


class Fault(Enum):
    """What kind of fault it is."""

    LIMITED = "limited"  # too many requests: everybody waits
    TRANSIENT = "transient"  # this request is asked again after a while
    REFUSED = "refused"  # the server will not answer this one request: that is its answer
    GIVEN_UP = "given up"  # transient for too long
    FINAL = "final"  # no request will fare better


@attrs.frozen
class Advice:
    """What to do about a fault.

    Attributes:
        fault: Its kind.
        wait: Seconds to wait, for the kinds that are asked again.
    """

    fault: Fault
    wait: float = 0.0


def advice_for(error: ProtocolError, *, attempt: int, absent: bool, chance: float) -> Advice:
    """Say what to do about `error`.

    Args:
        error: What came instead of an answer.
        attempt: Number of this attempt of the request, from 1.
        absent: Whether the server has answered nothing of this run, and every request has been tried in vain.
        chance: A number from 0 to 1 that spreads the waits.
    """
    asked = _asked_wait(error)
    if isinstance(error, _FINAL) or (asked is not None and asked > LONGEST_ASKED):
        return Advice(Fault.FINAL)
    if error.code in _OF_THIS_REQUEST:
        return Advice(Fault.REFUSED)
    wait = _back_off(attempt, chance) if asked is None else asked
    if error.status == 429 or isinstance(error, RateLimitError):
        return Advice(Fault.LIMITED if attempt < LIMITED_ATTEMPTS else Fault.GIVEN_UP, wait)
    if _is_transient(error) and headers_of(error).get("x-should-retry") != "false":
        most = ATTEMPTS_ABSENT if absent else ATTEMPTS
        return Advice(Fault.TRANSIENT if attempt < most else Fault.GIVEN_UP, wait)
    return Advice(Fault.FINAL)


def headers_of(error: ProtocolError) -> Mapping[str, str]:
    """Give the headers of the answer behind an error, keys in lower case; empty where no answer came."""
    response = getattr(error.__context__, "response", None)
    return getattr(response, "headers", None) or {}


def refusal_of(error: ProtocolError) -> str:
    """Give the JSON that is kept as the answer of a request which the server will not take."""
    said = {"message": str(error), "status": error.status, "code": error.code, "param": error.param}
    return json.dumps({"error": said})


def pause_before_next(headers: Mapping[str, str]) -> float:
    """Give the seconds until a server that says "none remaining" lets the next request in, else 0.

    After ten minutes at most the server is asked again.

    Source: the `x-ratelimit-remaining-*` and `x-ratelimit-reset-*` headers of OpenAI's protocol, whose
    times look like `12ms`, `1s` or `6m0s`.

    >>> pause_before_next({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m2.5s"})
    62.5
    """
    waits = [
        _duration(headers.get(f"x-ratelimit-reset-{kind}", ""))
        for kind in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{kind}") == "0"
    ]
    return min(LONGEST_ASKED, max(waits, default=0.0))


def _is_transient(error: ProtocolError) -> bool:
    if error.status is None:
        return isinstance(error, UnreachableError)
    return error.status in _TRANSIENT or error.status == 200  # 200: an answer that is no completion


def _asked_wait(error: ProtocolError) -> float | None:
    """Give the seconds that the server asks to wait, or None where it does not say, or nonsense."""
    said = retry_after(error)
    return said if said is not None and 0 <= said < float("inf") else None


def _back_off(attempt: int, chance: float) -> float:
    """Give a wait that doubles with each attempt, spread over its upper half."""
    longest = min(_LONGEST, _SHORTEST * 2 ** (attempt - 1))
    return float(longest * (0.5 + chance / 2))


_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def _duration(text: str) -> float:
    parts = re.findall(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)", text[:64])
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
