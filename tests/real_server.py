"""The stub's front before a real server: it counts requests and makes faults, the local server answers.

`MATHTUNE_TEST_SERVER=local pytest tests/tuning tests/evaluation tests/generation` runs the suites of
FineTuner and Evaluator against `mathtune.server` over HTTP, unchanged. What the models say and how a training
goes comes from the test's script as before; protocol, store, queue, events and refusals are the server's.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import tempfile
import time
from urllib.parse import urlsplit

from mathtune.server import ServerSettings
from mathtune.server._app import create_app
from mathtune.server._catalogue import Model
from mathtune.server._errors import ApiError
from mathtune.server._generator import Answer, Choice
from mathtune.server._lifecycle import ENDED, PAUSED, QUEUED, RUNNING
from mathtune.server._settings import hash_keys
from mathtune.testing import Asked, Reply, StubServer, succeeding
from mathtune.testing._body import read_body
from mathtune.testing._state import token_count
from mathtune.testing._stub import _NO_FAULT, _Answer, _boxed_zero, _route

from .real_training import ScriptedRunner, steps_of
from .server import conftest as quick

# What tests train; the stub offers every name, and so does the front once a name is asked.
NAMES = ("base", "m", "one", "two", "gpt-4o-mini-2024-07-18")
LONGEST_LOOK = 2.0  # seconds that a training may take for a step of its script
NOT_PASSED_ON = {"host", "connection", "content-length", "accept-encoding", "transfer-encoding"}


class ScriptedGenerator:
    """Says what the test's function says to the request as the client sent it."""

    def __init__(self, chat, bodies):
        self.chat = chat
        self.bodies = bodies

    async def write(self, source, request):
        body = self.bodies[key_of(request.messages, request.seed, request.temperature)]
        given = [
            await asyncio.to_thread(self.chat, body["messages"], body["model"], body)
            for _ in range(request.n)
        ]
        replies = [Reply(text=said) if isinstance(said, str) else said for said in given]
        for reply in replies:
            if reply.status >= 400:
                wait = {} if reply.retry_after is None else {"retry-after": str(reply.retry_after)}
                raise ApiError(reply.status, reply.text, code=reply.code, headers=wait)
        yield Answer(
            choices=tuple(
                Choice(
                    text=_said(reply, request), finish_reason=reply.finish_reason, tokens=token_count(reply)
                )
                for reply in replies
            ),
            prompt_tokens=len(json.dumps(body["messages"]).split()),
        )


def _said(reply, request):
    """Give what a model says, its calls of tools in the form that the server reads; none without tools."""
    given = reply.calls if request.tools else ()
    calls = [{"name": name, "arguments": arguments} for name, arguments in given]
    return reply.text + "".join(f"<tool_call>{json.dumps(call)}</tool_call>" for call in calls)


def key_of(messages, seed, temperature):
    plain = [
        (message["role"], message.get("content") or "", message.get("tool_calls") or [])
        for message in messages
    ]
    return json.dumps([plain, seed, 1.0 if temperature is None else temperature], sort_keys=True)


class FrontedServer(StubServer):
    """Takes what `StubServer` takes; a script that a real training cannot follow skips the test."""

    def __init__(self, *, chat=_boxed_zero, stages=None, models=None, faults=(), api_key=None):
        super().__init__(chat=chat, models=models, faults=faults, api_key=api_key)
        self.chat = chat
        self.bodies = {}
        self.runner = ScriptedRunner(steps_of(succeeding() if stages is None else stages), self.ask_of_job)
        self.generator = ScriptedGenerator(chat, self.bodies)
        self.offered = models
        self.real = contextlib.ExitStack()

    def __enter__(self):
        folder = self.real.enter_context(tempfile.TemporaryDirectory(prefix="mathtune-test-"))
        keys = [self._api_key] if self._api_key else []
        settings = ServerSettings(
            directory=folder,
            models={name: name for name in self.offered or NAMES},
            key_hashes=hash_keys(keys),
            organization="stub",
            wandb=True,
        )
        self.app = create_app(settings, runner=self.runner, generator=self.generator, clock=self.clock)
        url = self.real.enter_context(quick.serving(self.app))
        self.address = urlsplit(url).netloc
        return super().__enter__()

    def __exit__(self, *details):
        super().__exit__(*details)
        self.real.close()

    def clock(self):
        return time.time()

    @property
    def jobs(self):
        return self.forward("GET", "/v1/fine_tuning/jobs?limit=100", {}, b"").content["data"][::-1]

    @property
    def files(self):
        return self.forward("GET", "/v1/files?order=asc", {}, b"").content["data"]

    def answer(self, method, target, headers, raw):
        kind, name = _route(method, urlsplit(target).path)
        body = read_body(headers.get("content-type", ""), raw)
        with self._lock:
            self.requests.append(Asked(kind=kind, path=target, headers=headers, body=body))
            fault = self._struck(kind) or _NO_FAULT
            if kind == "chat":
                self.bodies[key_of(body["messages"], body.get("seed"), body.get("temperature"))] = body
        if kind == "job":
            self.look(name)
        if self.offered is None and kind in ("chat", "create_job"):
            self.offer(body["model"])
        time.sleep(fault.delay)
        answer = None
        if fault.acts or not (fault.cut or fault.status is not None):
            answer = self.forward(method, target, headers, raw)
        if fault.status is not None:
            error = {"message": fault.message, "type": "server_error", "param": None, "code": fault.code}
            answer = _Answer(status=fault.status, content={"error": error}, retry_after=fault.retry_after)
        return None if fault.cut else answer

    def look(self, job_id):
        """Let the job under way go on by a step, and the server see what came of it."""
        self.runner.look()
        ends = time.monotonic() + LONGEST_LOOK
        while not self.is_settled(job_id) and time.monotonic() < ends:
            time.sleep(0.005)

    def is_settled(self, job_id):
        services = self.app.state.services
        try:
            row = services.jobs.row(job_id)
        except ApiError:
            return True
        if row["status"] == RUNNING:
            log = services.supervisor.folder(job_id).log(row["attempt"])
            return not self.runner.due and log.exists() and log.stat().st_size == row["log_offset"]
        waits_for_another = row["status"] == QUEUED and bool(services.jobs.with_status(RUNNING))
        return row["status"] in {*ENDED, PAUSED} or waits_for_another

    def ask_of_job(self, job_id, what):
        self.forward("POST", f"/v1/fine_tuning/jobs/{job_id}/{what}", {}, b"")

    def offer(self, name):
        """Offer a model that a test names, as the stub does with every name."""
        catalogue = self.app.state.services.catalogue
        if name not in {model.name for model in catalogue.all()}:
            base = Model(name=name, base=name, source=name, created=0, owner="system")
            catalogue._bases[name] = base  # a server has no such operation, and needs none

    def forward(self, method, target, headers, raw):
        passed = {name: value for name, value in headers.items() if name not in NOT_PASSED_ON}
        if self._api_key and not headers:
            passed["authorization"] = f"Bearer {self._api_key}"
        connection = http.client.HTTPConnection(self.address, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, target, body=raw or None, headers=passed)
            response = connection.getresponse()
            content, wait = response.read(), response.headers.get("retry-after")
        if "json" in response.headers.get("content-type", "") and "/content" not in target:
            content = json.loads(content)
        return _Answer(status=response.status, content=content, retry_after=wait)
