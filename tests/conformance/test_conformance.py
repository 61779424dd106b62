from __future__ import annotations

import contextlib
import http.server
import threading

import pytest

from mathtune.conformance import Outcome, check_conformance
from mathtune.conformance._checks import CHECKS
from mathtune.errors import UnreachableError
from mathtune.server import LocalServer
from mathtune.server._settings import packaged_models
from mathtune.testing import StubServer

LIST = b'{"object": "list", "data": [{"id": "m", "object": "model"}]}'


class Careless(http.server.BaseHTTPRequestHandler):
    """Says 200 and half of a list to whatever is asked but for the list itself."""

    half = LIST

    def answer(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = LIST if self.path.endswith("/models") else self.half
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815  (the names that http.server calls)

    def log_message(self, *_):
        pass


class Bottomless(Careless):
    """Says JSON that no parser gets to the end of."""

    half = b"[" * 100_000


@contextlib.contextmanager
def serving(handler):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


@pytest.mark.parametrize("handler", [Careless, Bottomless])
def test_a_careless_server_is_found_out(handler):
    """Every check that asks for more than a 200 says what came instead, and none breaks down."""
    with serving(handler) as base_url:
        findings = list(check_conformance(base_url, train=True, patience=1))
    assert [finding.name for finding in findings] == [check.__name__ for check in CHECKS]
    not_broken = {finding.name for finding in findings if finding.outcome is not Outcome.BROKEN}
    assert not_broken == {"wrong_key", "rate_limit_headers"}
    assert all(finding.detail and finding.promise.endswith(".") for finding in findings)


def test_a_stub_is_told_from_a_server():
    """Of a stub that follows a script it is said what holds and what does not, a finding each."""
    with StubServer() as server:
        found = check_conformance(server.base_url, model="any", train=True, patience=5)
        outcomes = {finding.name: finding.outcome for finding in found}
    assert len(outcomes) == len(CHECKS)
    assert outcomes["files_round_trip"] is outcomes["jobs_life"] is Outcome.HOLDS
    assert outcomes["chat_logprobs"] is outcomes["chat_bad_arguments"] is Outcome.BROKEN
    assert outcomes["graders_run"] is outcomes["batches_answer"] is Outcome.NOT_CHECKED


def test_nobody_at_home_is_told():
    """An address without a server is unreachable."""
    with pytest.raises(UnreachableError, match="no answer from"):
        next(check_conformance("http://127.0.0.1:1/v1"))


def test_jobs_are_made_only_when_asked_for():
    """Without `train` no job is left to train, not even by a server that takes anything."""
    with StubServer() as server:
        found = check_conformance(server.base_url, model="any", patience=5)
        outcomes = {finding.name: finding.outcome for finding in found}
        assert {job["status"] for job in server.jobs} == {"cancelled"}
    assert outcomes["jobs_life"] is outcomes["jobs_idempotency"] is Outcome.NOT_CHECKED
    assert outcomes["files_round_trip"] is Outcome.HOLDS


@pytest.mark.local
@pytest.mark.processes
def test_the_local_server_holds_all():
    """Every promise is held by `mathtune serve` with its packaged model, really trained."""
    if not packaged_models():
        pytest.skip("the packaged model is missing")
    limits = {"requests_per_minute": 100_000, "tokens_per_minute": 10_000_000}
    with LocalServer(api_keys=["sk-a"], **limits) as server:
        findings = list(check_conformance(server.base_url, api_key="sk-a", train=True))
    assert [finding for finding in findings if finding.outcome is not Outcome.HOLDS] == []
