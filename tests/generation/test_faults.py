"""Tests of what is done about faults."""

from __future__ import annotations

import pytest

from mathtune.errors import (
    AuthenticationError,
    ModelNotFoundError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    RequestRefusedError,
    UnreachableError,
)
from mathtune.generation._faults import Advice, Fault, advice_for, pause_before_next


def advise(error, attempt=1, *, absent=False, chance=1.0):
    return advice_for(error, attempt=attempt, absent=absent, chance=chance)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (AuthenticationError("", status=401), Fault.FINAL),
        (QuotaExceededError("", status=429), Fault.FINAL),
        (ModelNotFoundError("", status=404), Fault.FINAL),
        (RequestRefusedError("", status=400, code="unsupported_parameter"), Fault.FINAL),
        (RequestRefusedError("", status=400, code="context_length_exceeded"), Fault.REFUSED),
        (RequestRefusedError("", status=400, code="content_filter"), Fault.REFUSED),
        (RateLimitError("", status=429), Fault.LIMITED),
        (UnreachableError(""), Fault.TRANSIENT),
        (ProtocolError("", status=500), Fault.TRANSIENT),
        (ProtocolError("", status=503), Fault.TRANSIENT),
        (RequestRefusedError("", status=409), Fault.TRANSIENT),
        (ProtocolError("no JSON", status=200), Fault.TRANSIENT),
        (ProtocolError("", status=501), Fault.FINAL),
    ],
)
def test_each_fault_has_its_kind(error, fault):
    """Final faults stop, limits make all wait, passing ones one request, and some are an answer."""
    assert advise(error).fault is fault


def test_waits_double_up_to_a_bound():
    """Without a word from the server the waits double, up to half a minute."""
    waits = [advise(ProtocolError("", status=500), attempt).wait for attempt in range(1, 8)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30]


def test_chance_spreads_a_wait_over_its_upper_half():
    """Clients that failed together do not come back together."""
    spread = [advise(ProtocolError("", status=500), 3, chance=chance).wait for chance in (0.0, 0.5, 1.0)]
    assert spread == [1.0, 1.5, 2.0]


def test_a_passing_fault_counts_as_lasting_in_the_end():
    """A request is asked eight times; three times where the server never answered anything."""
    fault = UnreachableError("")
    assert advise(fault, 7).fault is Fault.TRANSIENT
    assert advise(fault, 8).fault is Fault.GIVEN_UP
    assert advise(fault, 3, absent=True).fault is Fault.GIVEN_UP


class Reply:
    def __init__(self, **headers):
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def heard(error, **headers):
    """Give the error as `translated` raises it: with the server's reply behind it."""
    cause = RuntimeError()
    cause.response = Reply(**headers)
    error.__context__ = cause
    return error


def test_the_server_names_the_wait():
    """Retry-After rules over our own back-off."""
    assert advise(heard(RateLimitError("", status=429), retry_after="7")) == Advice(Fault.LIMITED, 7.0)
    assert advise(heard(ProtocolError("", status=503), retry_after_ms="250")).wait == 0.25


def test_nobody_is_kept_waiting_for_hours():
    """Where the server asks to come back much later, the run ends and can be run again then."""
    assert advise(heard(RateLimitError("", status=429), retry_after="86400")).fault is Fault.FINAL
    assert advise(heard(ProtocolError("", status=503), retry_after="601")).fault is Fault.FINAL
    assert advise(heard(RateLimitError("", status=429), retry_after="600")).wait == 600


@pytest.mark.parametrize("nonsense", ["inf", "nan", "-5", "soon"])
def test_a_nonsense_wait_is_not_heard(nonsense):
    """A wait that is no number of seconds leaves the back-off as it is."""
    assert advise(heard(RateLimitError("", status=429), retry_after=nonsense)).wait == 0.5


def test_a_server_may_forbid_to_ask_again():
    """`x-should-retry: false` makes a passing fault final."""
    assert advise(heard(ProtocolError("", status=500), x_should_retry="false")).fault is Fault.FINAL


@pytest.mark.parametrize(
    ("remaining", "reset", "pause"),
    [("0", "12ms", 0.012), ("0", "6m0s", 360.0), ("0", "1h2m", 600.0), ("5", "1s", 0.0), ("0", "soon", 0.0)],
)
def test_none_remaining_means_wait_for_the_reset(remaining, reset, pause):
    """A server that says "none left" is left alone until its own reset."""
    headers = {"x-ratelimit-remaining-tokens": remaining, "x-ratelimit-reset-tokens": reset}
    assert pause_before_next(headers) == pytest.approx(pause)
