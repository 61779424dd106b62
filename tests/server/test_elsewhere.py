"""A server in front of another one: chats passed on over HTTP, adapters loaded there, refusals as ours."""

from __future__ import annotations

import asyncio
import http.server
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest

from mathtune.errors import DataError
from mathtune.server import LocalServer, ServerSettings
from mathtune.server._elsewhere import Elsewhere

ASKED = [{"role": "user", "content": "hello"}]


class Engine(http.server.BaseHTTPRequestHandler):
    """Speaks as vLLM does: models, adapters at run time, chats whole and in pieces."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.give(
            {"object": "list", "data": [{"id": name, "object": "model"} for name in self.server.models]}
        )

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((self.path, body, self.headers.get("authorization")))
        if self.server.refusal is not None:
            self.give(self.server.refusal[1], status=self.server.refusal[0])
        elif self.path == "/v1/load_lora_adapter" and self.server.takes_adapters:
            if body["lora_name"] in self.server.models:
                self.give({"object": "error", "message": "has already been loaded"}, status=400)
                return
            self.server.models.append(body["lora_name"])
            self.send(200, b"Success", "text/plain")
        elif self.path == "/v1/unload_lora_adapter":
            self.server.models.remove(body["lora_name"])
            self.send(200, b"Success", "text/plain")
        elif self.path == "/v1/chat/completions" and body["model"] in self.server.models:
            self.chat(body)
        else:
            self.give({"detail": "Not Found"}, status=404)

    def chat(self, body):
        usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
        frame = {"id": "c", "created": 1, "model": body["model"]}
        said = [body["messages"][-1]["content"], "!"]
        if not body.get("stream"):
            message = {"role": "assistant", "content": "".join(said)}
            choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            self.give({**frame, "object": "chat.completion", "choices": [choice], "usage": usage})
            return
        frame["object"] = "chat.completion.chunk"
        chunks = [
            {**frame, "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
            for text in said
        ]
        chunks[-1]["choices"][0]["finish_reason"] = "stop"
        if body["stream_options"]["include_usage"]:
            chunks.append({**frame, "choices": [], "usage": usage})
        lines = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
        self.send(200, lines.encode(), "text/event-stream")

    def give(self, value, status=200):
        self.send(status, json.dumps(value).encode(), "application/json")

    def send(self, status, content, kind):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def engine():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Engine) as server:
        server.models, server.seen, server.refusal, server.takes_adapters = (
            ["tiny", "big/one"],
            [],
            None,
            True,
        )
        server.url = f"http://127.0.0.1:{server.server_port}/v1"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def front(new_site, engine):
    return new_site(generate_with=engine.url, generation_key="sk-engine")


def tuned_model(site, client, *, base="nowhere"):
    """Train a model that is an adapter on some weights."""
    name = site.wait_for(client, site.start(client).id).fine_tuned_model
    for folder in site.settings.directory.glob("jobs/*/output/model"):
        (folder / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": base}))
    return name


def test_models_of_both_are_listed(front):
    """Each model once, and each can be read."""
    with front.client() as client:
        names = [model.id for model in client.models.list()]
        assert sorted(names) == ["big/one", "mathtune-drills-1m", "tiny"]
        assert client.models.retrieve("big/one").owned_by == "system"
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve("none")


def test_a_chat_is_passed_on_as_it_is(front, engine):
    """Arguments that only the other server knows reach it, with its key, and its answer comes back."""
    form = {"type": "json_object"}
    with front.client(api_key="sk-client") as client:
        answer = client.chat.completions.create(model="big/one", messages=ASKED, response_format=form)
    assert (answer.choices[0].message.content, answer.usage.total_tokens) == ("hello!", 3)
    ((path, body, key),) = engine.seen
    assert (path, key) == ("/v1/chat/completions", "Bearer sk-engine")
    assert body == {"model": "big/one", "messages": ASKED, "response_format": form}
    assert front.generator.asked == []


@pytest.mark.parametrize("wants_usage", [True, False])
def test_a_stream_is_passed_on(front, wants_usage):
    """Pieces come as they are, the usage only to who asked for it."""
    with front.client() as client:
        options = {"stream_options": {"include_usage": wants_usage}}
        chunks = list(client.chat.completions.create(model="tiny", messages=ASKED, stream=True, **options))
    assert [chunk.choices[0].delta.content for chunk in chunks if chunk.choices] == ["hello", "!"]
    assert [chunk.usage.total_tokens for chunk in chunks if chunk.usage] == [3] * wants_usage


def test_an_adapter_is_loaded_where_its_base_is(front, engine):
    """The tuned model is loaded there once, asked by its name, and unloaded when it is deleted."""
    with front.client() as client:
        name = tuned_model(front, client)

        def ask(_):
            return client.chat.completions.create(model=name, messages=ASKED).choices[0].message.content

        with ThreadPoolExecutor(8) as threads:
            assert set(threads.map(ask, range(16))) == {"hello!"}
        loads = [body for path, body, _ in engine.seen if path == "/v1/load_lora_adapter"]
        (folder,) = front.settings.directory.glob("jobs/*/output/model")
        assert loads == [{"lora_name": name, "lora_path": str(folder.resolve())}]
        names = [model.id for model in client.models.list()]
        assert names.count(name) == 1
        assert {*engine.models} < {*names}
        client.models.delete(name)
        assert name not in engine.models
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(model=name, messages=ASKED)


def test_what_the_other_cannot_load_is_answered_here(front, engine):
    """A server without adapters answers for its own models; so does one for an adapter of other weights."""
    with front.client() as client:
        other = tuned_model(front, client, base="elsewhere")
        assert (
            client.chat.completions.create(model=other, messages=ASKED).choices[0].message.content == "hello"
        )
        assert engine.seen == []
        engine.takes_adapters = False
        name = tuned_model(front, client)
        assert (
            client.chat.completions.create(model=name, messages=ASKED).choices[0].message.content == "hello"
        )
        assert (
            client.chat.completions.create(model="tiny", messages=ASKED).choices[0].message.content
            == "hello!"
        )


@pytest.mark.parametrize(
    ("refusal", "status", "code", "said"),
    [
        ((400, {"error": {"message": "no", "param": "n", "code": "bad"}}), 400, "bad", "no"),
        ((400, {"object": "error", "message": "too long", "code": 400}), 400, None, "too long"),
        (
            (429, {"error": {"message": "wait", "code": "rate_limit_exceeded"}}),
            429,
            "rate_limit_exceeded",
            "wait",
        ),
        ((401, {"error": "who?"}), 502, "generation_server_trouble", "MATHTUNE_GENERATION_KEY"),
        ((500, "oh"), 500, None, "status 500"),
    ],
)
def test_a_refusal_is_passed_on_in_our_envelope(front, engine, refusal, status, code, said):
    """Whole or streamed, the other's words come with its status; its distrust of us is no client's fault."""
    with front.client() as client:
        assert client.models.list().data
        engine.refusal = refusal
        for stream in (False, True):
            with pytest.raises(openai.APIStatusError, match=said) as caught:
                client.chat.completions.create(model="tiny", messages=ASKED, stream=stream)
            assert (caught.value.status_code, caught.value.code) == (status, code)
            assert set(caught.value.body) == {"message", "type", "param", "code"}


def test_nobody_there_is_told(new_site):
    """Without the other server chats are refused as something that may pass."""
    with new_site(generate_with="http://127.0.0.1:9/v1").client() as client:
        with pytest.raises(openai.InternalServerError) as caught:
            client.chat.completions.create(model="tiny", messages=ASKED)
        assert (caught.value.status_code, caught.value.code) == (503, "generation_server_unreachable")
        assert [model.id for model in client.models.list()] == ["mathtune-drills-1m", "tiny"]
        with pytest.raises(openai.InternalServerError):
            client.models.retrieve("big/one")


def batch_of(client, model):
    """Submit thirty questions to a model."""
    line = {"method": "POST", "url": "/v1/chat/completions", "body": {"model": model, "messages": ASKED}}
    content = "".join(json.dumps({"custom_id": str(n), **line}) + "\n" for n in range(30)).encode()
    made = client.files.create(file=("b.jsonl", content), purpose="batch")
    return client.batches.create(
        input_file_id=made.id, endpoint="/v1/chat/completions", completion_window="24h"
    )


def test_a_batch_goes_to_the_other_server(front):
    """Each line is answered there."""
    with front.client() as client:
        batch = batch_of(client, "big/one")
        while client.batches.retrieve(batch.id).status != "completed":
            pass
        done = client.batches.retrieve(batch.id)
    assert (done.request_counts.completed, done.model) == (30, "big/one")


def test_a_batch_waits_for_a_server_that_is_not_there_yet(new_site, monkeypatch, caplog):
    """Its model may be there: it does not fail before anybody could say so."""
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 0.05)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Engine, bind_and_activate=False) as engine:
        engine.server_bind()  # a port of its own, at which nobody answers
        engine.models, engine.seen, engine.refusal, engine.takes_adapters = ["big/one"], [], None, True
        site = new_site(generate_with=f"http://127.0.0.1:{engine.server_port}/v1")
        with site.client() as client, caplog.at_level(logging.WARNING, "mathtune.server"):
            batch = batch_of(client, "big/one")
            while f"batch {batch.id} has to wait" not in caplog.text:
                time.sleep(0.005)
            assert client.batches.retrieve(batch.id).status == "validating"
            engine.server_activate()
            threading.Thread(target=engine.serve_forever, args=(0.02,), daemon=True).start()
            while (status := client.batches.retrieve(batch.id).status) != "completed":
                assert status in ("validating", "in_progress", "finalizing")
            engine.shutdown()


def test_a_url_is_checked(tmp_path):
    """What is no URL is refused when the server is set up."""
    for url in ("localhost:8000", "ftp://x/v1", "http://"):
        with pytest.raises(DataError, match="generate_with"):
            ServerSettings(directory=tmp_path, generate_with=url)


@pytest.mark.local
@pytest.mark.processes
def test_two_servers_of_ours(tmp_path, random_model, new_site):
    """One `mathtune serve` in front of another: its models answer, stream and refuse through the first."""
    with LocalServer(tmp_path / "behind", models={"random": random_model}, api_keys=["sk-behind"]) as behind:
        site = new_site(generate_with=behind.base_url, generation_key="sk-behind")
        with site.client() as client:
            asked = {"model": "random", "messages": ASKED, "max_tokens": 5, "seed": 1, "logprobs": True}
            whole = client.chat.completions.create(**asked)
            pieces = list(client.chat.completions.create(**asked, stream=True))
            assert "".join(chunk.choices[0].delta.content or "" for chunk in pieces) == (
                whole.choices[0].message.content
            )
            assert len(whole.choices[0].logprobs.content) == 5
            with pytest.raises(openai.BadRequestError) as caught:
                client.chat.completions.create(
                    model="random", messages=[{"role": "user", "content": "x" * 500}]
                )
            assert caught.value.code == "context_length_exceeded"
        assert not Path(tmp_path / "generation.log").exists()


class SlowList:
    """A server whose list of models is on its way for as long as a test wants."""

    base_url = "http://slow.example/v1"

    def __init__(self):
        self.names = ["base"]
        self.asked, self.sent = asyncio.Event(), asyncio.Event()
        self.sent.set()

    async def get(self, _path):
        listed = {"data": [{"id": name} for name in self.names]}
        self.asked.set()
        await self.sent.wait()
        return listed

    async def tell(self, _path, body):
        self.names.append(body["lora_name"])


def test_a_list_that_is_older_than_a_load_does_not_hide_the_adapter():
    """A list that was under way while an adapter was loaded is dropped, so that nobody loads it again."""

    async def act():
        server, now = SlowList(), iter(range(0, 1000, 10))
        elsewhere = Elsewhere(server, catalogue=None, clock=lambda: next(now))
        await elsewhere.models()
        server.asked.clear()
        server.sent.clear()
        under_way = asyncio.create_task(elsewhere.models())
        await server.asked.wait()
        await elsewhere._load({"lora_name": "tuned"})
        server.sent.set()
        assert set(await under_way) == {"base", "tuned"}

    asyncio.run(act())
