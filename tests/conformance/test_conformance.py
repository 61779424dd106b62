from __future__ import annotations

import http.server
import threading

import pytest

from mathtune.conformance import Outcome, check_conformance
from mathtune.conformance._checks import CHECKS
from mathtune.errors import UnreachableError
from mathtune.server import LocalServer
from mathtune.server._settings import packaged_models


class Careless(http.server.BaseHTTPRequestHandler):
    """Says 200 and half of a list to whatever is asked."""

    def answer(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b'{"object": "list", "data": [{"id": "m", "object": "model"}]}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815  (the names that http.server calls)

    def log_message(self, *_):
        pass


@pytest.fixture
def careless():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Careless) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_a_careless_server_is_found_out(careless):
    """Every check that asks for more than a 200 says what came instead, and none breaks down."""
    findings = list(check_conformance(careless, train=True, patience=1))
    assert [finding.name for finding in findings] == [check.__name__ for check in CHECKS]
    assert {finding.outcome for finding in findings} == {Outcome.BROKEN}
    assert all(finding.detail and finding.promise.endswith(".") for finding in findings)


def test_nobody_at_home_is_told():
    """An address without a server is unreachable."""
    with pytest.raises(UnreachableError, match="no answer from"):
        next(check_conformance("http://127.0.0.1:1/v1"))


def test_jobs_are_made_only_when_asked_for():
    """Without `train` nothing is trained, and the checks that need it say so."""
    with LocalServer() as server:
        if not packaged_models():
            pytest.skip("the packaged model is missing")
        findings = {
            finding.name: finding
            for finding in check_conformance(server.base_url)
            if not finding.name.startswith(("chat", "batches"))
        }
    assert findings["jobs_life"].outcome is Outcome.NOT_CHECKED
    assert findings["files_round_trip"].outcome is Outcome.HOLDS
    assert Outcome.BROKEN not in {finding.outcome for finding in findings.values()}


@pytest.mark.local
@pytest.mark.processes
def test_the_local_server_holds_all():
    """Every promise is held by `mathtune serve` with its packaged model, really trained."""
    if not packaged_models():
        pytest.skip("the packaged model is missing")
    with LocalServer() as server:
        findings = list(check_conformance(server.base_url, train=True))
    assert [finding for finding in findings if finding.outcome is not Outcome.HOLDS] == []
