"""The stub's HTTP side: a threading server on loopback that routes, fails on purpose and keeps count."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs

from ._body import read_body, require_body
from ._refusal import Refusal
from ._script import Asked, Fault, Stage, succeeding
from ._state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from openai import OpenAI
    from typing_extensions import Self

    from ._script import Reply

__all__ = ["StubServer"]

_ROUTES = tuple(
    (method, re.compile(pattern), kind)
    for method, pattern, kind in (
        ("POST", r"/files", "upload"),
        ("GET", r"/files", "files"),
        ("GET", r"/files/([^/]+)", "file"),
        ("DELETE", r"/files/([^/]+)", "delete_file"),
        ("GET", r"/files/([^/]+)/content", "file_content"),
        ("POST", r"/uploads", "begin_upload"),
        ("POST", r"/uploads/([^/]+)/parts", "add_part"),
        ("POST", r"/uploads/([^/]+)/complete", "complete_upload"),
        ("POST", r"/uploads/([^/]+)/cancel", "cancel_upload"),
        ("POST", r"/fine_tuning/jobs", "create_job"),
        ("GET", r"/fine_tuning/jobs", "jobs"),
        ("GET", r"/fine_tuning/jobs/([^/]+)", "job"),
        ("GET", r"/fine_tuning/jobs/([^/]+)/events", "events"),
        ("GET", r"/fine_tuning/jobs/([^/]+)/checkpoints", "checkpoints"),
        ("POST", r"/fine_tuning/jobs/([^/]+)/cancel", "cancel"),
        ("POST", r"/fine_tuning/jobs/([^/]+)/pause", "pause"),
        ("POST", r"/fine_tuning/jobs/([^/]+)/resume", "resume"),
        ("GET", r"/models", "models"),
        ("GET", r"/models/([^/]+)", "model"),
        ("DELETE", r"/models/([^/]+)", "delete_model"),
        ("POST", r"/chat/completions", "chat"),
    )
)


def _boxed_zero(_messages: list[dict[str, Any]], _model: str, _request: dict[str, Any]) -> str:
    return r"\boxed{0}"


class StubServer:
    r"""A server of OpenAI's protocol on loopback that follows a script.

    Use it as a context manager. Kinds of requests, as `Fault.on`, `Asked.kind` and `count` name them:
    upload, files, file, delete_file, file_content, begin_upload, add_part, complete_upload, cancel_upload,
    create_job, jobs, job, events, checkpoints, cancel, pause, resume, models, model, delete_model, chat.

    Args:
        chat: Gives the answer to a chat from (messages, model, the whole request): a text, or a `Reply`.
            It is called from several threads at once.
        stages: What every job goes through; each look at a job moves it one stage on.
        models: The models on offer; None offers every name.
        faults: What goes wrong. For each request the first fault that fits and is not used up strikes.
        api_key: Refuse other keys with 401; None takes any.

    Attributes:
        requests: All that was asked, in order of arrival.

    >>> with StubServer(chat=lambda messages, model, request: r"The sum is \boxed{4}.") as server:
    ...     client = server.client()
    ...     question = {"role": "user", "content": "What is 2 + 2?"}
    ...     answer = client.chat.completions.create(model="any", messages=[question])
    ...     answer.choices[0].message.content, server.count("chat")
    ('The sum is \\boxed{4}.', 1)
    """

    def __init__(
        self,
        *,
        chat: Callable[[list[dict[str, Any]], str, dict[str, Any]], str | Reply] = _boxed_zero,
        stages: Sequence[Stage] | None = None,
        models: Sequence[str] | None = None,
        faults: Sequence[Fault] = (),
        api_key: str | None = None,
    ) -> None:
        script = succeeding() if stages is None else tuple(stages)
        self.requests: list[Asked] = []
        self._state = State(chat=chat, stages=script, models=models)
        self._api_key = api_key
        self._faults = list(faults)
        self._met = [0] * len(self._faults)
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        self._server = _Server()
        self._server.stub = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def base_url(self) -> str:
        """The server's base URL, ending in /v1."""
        if self._server is None:
            raise RuntimeError("the stub server is not running: use it in a `with` statement")
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def client(self, **options: Any) -> OpenAI:  # noqa: ANN401  (whatever openai.OpenAI takes)
        """Give an `openai.OpenAI` that points here; options go to it."""
        from openai import OpenAI

        return OpenAI(**{"base_url": self.base_url, "api_key": self._api_key or "stub-key", **options})

    def count(self, kind: str) -> int:
        """Count the requests of a kind."""
        return sum(asked.kind == kind for asked in self.requests)

    @property
    def jobs(self) -> list[dict[str, Any]]:
        """The jobs that were created, oldest first, as the server would show them."""
        return [training.job for training in self._state.trainings.values()]

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files that are held, oldest first."""
        return list(self._state.files.values())

    def answer(self, method: str, target: str, headers: dict[str, str], raw: bytes) -> _Answer | None:
        """Do what one HTTP request asks; None cuts the connection."""
        url = urlsplit(target)
        kind, name = _route(method, url.path)
        body = read_body(headers.get("content-type", ""), raw)
        with self._lock:
            self.requests.append(Asked(kind=kind, path=target, headers=headers, body=body))
            fault = self._struck(kind) or _NO_FAULT
        time.sleep(fault.delay)
        fails = fault.cut or fault.status is not None
        try:
            self._require_key(headers)
            answer = None
            if fault.acts or not fails:
                answer = _Answer(content=self._act(kind, name, dict(parse_qsl(url.query)), body))
            self._raise(fault)
        except Refusal as refusal:
            answer = _Answer(status=refusal.status, content=refusal.envelope, retry_after=refusal.retry_after)
        return None if fault.cut else answer

    def _raise(self, fault: Fault) -> None:
        if fault.status is not None:
            raise Refusal(fault.status, fault.message, code=fault.code, wait=fault.retry_after)

    def _struck(self, kind: str) -> Fault | None:
        for index, fault in enumerate(self._faults):
            if fault.on in {kind, "*"}:
                self._met[index] += 1
                number = self._met[index] - fault.skip
                if number > 0 and (fault.times is None or number <= fault.times):
                    return fault
        return None

    def _require_key(self, headers: dict[str, str]) -> None:
        if self._api_key is not None and headers.get("authorization") != f"Bearer {self._api_key}":
            raise Refusal(401, "Incorrect API key provided.", code="invalid_api_key")

    def _act(self, kind: str, name: str, query: dict[str, str], body: Any) -> dict[str, Any] | bytes:  # noqa: ANN401  (a JSON body)
        require_body(kind, body)
        if kind == "chat":
            with self._lock:
                self._state.require_chat(body)
            return self._state.chat(body)
        with self._lock:
            answer = _ACTIONS[kind](self._state, name, query, body)
            return answer if isinstance(answer, bytes) else dict(answer)


@attrs.frozen(kw_only=True)
class _Answer:
    content: dict[str, Any] | bytes
    status: int = 200
    retry_after: float | None = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    stub: StubServer

    def __init__(self) -> None:
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def stop(self) -> None:
        """Stop for real: connections that clients keep alive are closed too."""
        self.shutdown()
        self.server_close()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):  # its client was faster
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that hung up; anything else is a defect of the stub, printed as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # (typeshed names a union)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or the second small packet of every answer waits 40 ms for an ACK
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_DELETE = do_GET  # noqa: N815  (names that http.server looks for)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class names it so)
        """Print nothing: `StubServer.requests` holds it."""

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        raw = self.rfile.read(int(headers.get("content-length", 0)))
        answer = self.server.stub.answer(self.command, self.path, headers, raw)
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer)

    def _send(self, answer: _Answer) -> None:
        content_type, payload = "application/octet-stream", answer.content
        if not isinstance(payload, bytes):
            content_type, payload = "application/json", json.dumps(payload).encode()
        self.send_response(answer.status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(payload)))
        self.send_header("x-request-id", f"req-{id(answer)}")
        if answer.retry_after is not None:
            self.send_header("retry-after", str(answer.retry_after))
        self.end_headers()
        self.wfile.write(payload)


_NO_FAULT = Fault(on="*")

_ACTIONS: dict[str, Callable[[State, str, dict[str, str], Any], dict[str, Any] | bytes]] = {
    "upload": lambda state, _name, _query, body: state.upload(body),
    "files": lambda state, _name, query, _body: state.file_list(query),
    "file": lambda state, name, _query, _body: state.file(name),
    "delete_file": lambda state, name, _query, _body: state.delete_file(name),
    "file_content": lambda state, name, _query, _body: state.file_content(name),
    "begin_upload": lambda state, _name, _query, body: state.uploads.begin(body),
    "add_part": lambda state, name, _query, body: state.uploads.add_part(name, body),
    "complete_upload": lambda state, name, _query, body: state.uploads.complete(name, body),
    "cancel_upload": lambda state, name, _query, _body: state.uploads.cancel(name),
    "create_job": lambda state, _name, _query, body: state.create_job(body),
    "jobs": lambda state, _name, query, _body: state.job_list(query),
    "job": lambda state, name, _query, _body: state.job(name),
    "events": lambda state, name, query, _body: state.events(name, query),
    "checkpoints": lambda state, name, query, _body: state.checkpoints(name, query),
    "cancel": lambda state, name, _query, _body: state.move(name, "cancelled"),
    "pause": lambda state, name, _query, _body: state.move(name, "paused"),
    "resume": lambda state, name, _query, _body: state.move(name, "queued"),
    "models": lambda state, _name, _query, _body: state.model_list(),
    "model": lambda state, name, _query, _body: state.model(name),
    "delete_model": lambda state, name, _query, _body: state.delete_model(name),
}


def _route(method: str, path: str) -> tuple[str, str]:
    """Give a request's kind and the name in its path."""
    below = path.removeprefix("/v1")
    for wanted, pattern, kind in _ROUTES:
        match = pattern.fullmatch(below)
        if wanted == method and match:
            return kind, unquote(match[1]) if match.lastindex else ""
    return "unknown", ""
