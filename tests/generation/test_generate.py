"""Tests of generate over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time

import attrs
import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from mathtune.errors import (
    AuthenticationError,
    DataError,
    ModelNotFoundError,
    ProtocolError,
    QuotaExceededError,
    RequestRefusedError,
    StorageError,
    UnreachableError,
)
from mathtune.formatting import Message
from mathtune.generation import Pace, Question, Sampling, generate
from mathtune.testing import Fault, Reply, StubServer


def questions(count):
    return [Question(str(n), (Message("user", f"What is {n}?"),)) for n in range(count)]


def echo(messages, model, request):
    return f"{model}: {messages[-1]['content']} {request.get('seed', '')}"


def ask(server, path, count=6, *, fake=None, sampling=None, **pace):
    if fake:
        pace["clock"] = fake.clock()
    return generate(
        questions(count),
        model="m",
        path=path,
        client=server.client(),
        sampling=sampling,
        pace=Pace(chance=lambda: 1.0, **pace),
    )


def test_responses_come_in_the_order_of_the_questions(path):
    """Whatever order the answers came in, each response stands where its question stood."""

    def slow_first(messages, model, request):
        time.sleep(0.05 if "What is 0?" in messages[-1]["content"] else 0)
        return echo(messages, model, request)

    with StubServer(chat=slow_first) as server:
        generation = ask(server, path, 20, sampling=Sampling(n=2, seed=5))
        responses = list(generation)
        assert len(generation) == server.count("chat") == 40
    assert [(r.problem_id, r.sample) for r in responses] == [(str(n), s) for n in range(20) for s in range(2)]
    assert [r.text for r in responses[:2]] == ["m: What is 0? 5", "m: What is 0? 6"]


def test_the_body_is_what_the_sampling_says(path):
    """Messages and sampling go out as they are, with the key as Idempotency-Key."""
    sampling = Sampling(temperature=0.5, top_p=0.9, max_tokens=7, stop=("END",))
    with StubServer(chat=echo) as server:
        generation = ask(server, path, 1, sampling=sampling)
        (asked,) = server.requests
    message = {"role": "user", "content": "What is 0?"}
    assert asked.body == {"model": "m", "messages": [message], **sampling.body(0)}
    assert asked.headers["idempotency-key"] == generation.requests[0].key


def test_nothing_is_asked_twice(path):
    """What the store holds is taken from there, also for more questions or samples than before."""
    with StubServer(chat=echo) as server:
        ask(server, path, 4)
        again = ask(server, path, 6)
        assert (server.count("chat"), again.stored, again.asked) == (6, 4, 2)
        ask(server, path, 6, sampling=Sampling(n=2))
        assert server.count("chat") == 12
        assert [r.text for r in again] == [f"m: What is {n}? " for n in range(6)]


def test_one_text_under_two_ids_is_asked_once(path):
    """The answer serves both."""
    twins = [Question(name, (Message("user", "same"),)) for name in ("a", "b")]
    with StubServer(chat=echo) as server:
        responses = list(generate(twins, model="m", path=path, client=server.client()))
        assert server.count("chat") == 1
    assert [(r.problem_id, r.text) for r in responses] == [("a", "m: same "), ("b", "m: same ")]


def test_no_questions_need_no_server(path):
    """An empty list is an empty generation."""
    with StubServer() as server:
        assert list(ask(server, path, 0)) == []
        assert server.requests == []


def test_no_more_are_under_way_than_allowed(path):
    """The server never sees more requests at once than `concurrency`."""
    lock, inside, most = threading.Lock(), [0], [0]

    def watched(messages, model, request):
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.01)
        with lock:
            inside[0] -= 1
        return "x"

    with StubServer(chat=watched) as server:
        ask(server, path, 40, concurrency=5)
    assert 2 <= most[0] <= 5


def test_a_server_that_says_too_many_is_waited_for(path, fake):
    """Retry-After is waited out by all, then the rest is asked; nothing is lost."""
    faults = [Fault(on="chat", status=429, code="rate_limit_exceeded", retry_after=20.0, skip=3, times=2)]
    with StubServer(chat=echo, faults=faults) as server:
        generation = ask(server, path, 12, fake=fake, concurrency=2)
        assert len(list(generation)) == 12
        assert server.count("chat") == generation.asked == 14
    assert generation.limited == 2
    assert fake.time >= 20.0
    assert max(fake.waits) == 20.0


@pytest.mark.parametrize(
    "fault",
    [
        Fault(on="chat", status=500, times=5),
        Fault(on="chat", status=503, times=5),
        Fault(on="chat", cut=True, times=5),
        Fault(on="chat", cut=True, acts=True, times=5),
    ],
    ids=["500", "503", "cut before acting", "cut after acting"],
)
def test_passing_faults_are_ridden_out(path, fake, fault):
    """Errors of the server and cut connections cost another attempt, not the run."""
    with StubServer(chat=echo, faults=[attrs.evolve(fault, skip=2)]) as server:
        generation = ask(server, path, 8, fake=fake, concurrency=3)
        assert len(list(generation)) == 8
        assert server.count("chat") == 13
    assert generation.faults == 5


class Purse:
    """A chat script that answers so many questions and then refuses until it is filled again."""

    def __init__(self, answers, status, code):
        self.left = answers
        self.refusal = Reply(text="no more", status=status, code=code)
        self.lock = threading.Lock()

    def __call__(self, messages, model, request):
        with self.lock:
            self.left -= 1
            return "fine" if self.left >= 0 else self.refusal


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, "invalid_api_key", AuthenticationError),
        (429, "insufficient_quota", QuotaExceededError),
        (404, "model_not_found", ModelNotFoundError),
        (400, "unsupported_parameter", RequestRefusedError),
    ],
)
def test_a_final_fault_stops_at_once_with_everything_kept(path, fake, status, code, error):
    """No request is sent once the refusal is known; a later run asks what is missing and nothing else."""
    purse = Purse(10, status, code)
    with StubServer(chat=purse) as server:
        with pytest.raises(error, match="10 of 60 missing responses came and are kept") as caught:
            ask(server, path, 60, fake=fake, concurrency=4)
        assert caught.value.status == status
        assert server.count("chat") <= 10 + 4
        assert fake.waits == []
        purse.left = 1000
        generation = ask(server, path, 60)
    assert (generation.stored, generation.asked, generation.asked_again) == (10, 50, 0)


def test_where_nothing_came_nothing_is_said_to_be_kept(path, fake):
    """A refusal of the first request is told without a way to go on, as there is nothing to go on from."""
    with StubServer(chat=Purse(0, 404, "model_not_found")) as server:
        with pytest.raises(ModelNotFoundError, match="none of 3 missing responses came") as caught:
            ask(server, path, 3, fake=fake)
        assert "again" not in str(caught.value)


def test_a_server_that_is_not_there_is_said_soon(path, fake):
    """A wrong address is given up after a few attempts, with the address in the message."""
    with StubServer() as server:
        client = server.client()
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1"):
        generate(questions(50), model="m", path=path, client=client, pace=Pace(clock=fake.clock()))
    assert len(fake.waits) <= 16 * 2


def test_a_server_that_takes_its_time_is_not_taken_for_absent(path, fake):
    """While a first answer is still to come, failures of another request are no wrong address."""
    failed, attempts = threading.Event(), itertools.count(1)

    def slow_start(messages, model, request):
        if "What is 0?" in messages[-1]["content"]:
            assert failed.wait(30)
            return "at last"
        if next(attempts) <= 5:
            return Reply(text="warming up", status=503)
        failed.set()
        return "fine"

    with StubServer(chat=slow_start) as server:
        generation = ask(server, path, 2, fake=fake)
    assert [response.text for response in generation] == ["at last", "fine"]
    assert generation.faults == 5


def test_one_request_that_never_succeeds_does_not_hold_up_the_others(path, fake):
    """It is named at the end, when all others have their answers."""

    def poisoned(messages, model, request):
        if "What is 3?" in messages[-1]["content"]:
            return Reply(text="boom", status=500)
        return "fine"

    with StubServer(chat=poisoned) as server:
        with pytest.raises(ProtocolError, match=r"no answer for 1 of the requests \(problems 3\); 29 of 30"):
            ask(server, path, 30, fake=fake)
        assert server.count("chat") == 29 + 8


def test_a_request_that_the_server_will_not_take_is_answered_by_that(path):
    """A conversation that is too long or filtered is kept as refused and not asked again."""

    def choosy(messages, model, request):
        if "What is 1?" in messages[-1]["content"]:
            return Reply(text="too long", status=400, code="context_length_exceeded")
        return "fine"

    with StubServer(chat=choosy) as server:
        responses = list(ask(server, path, 3))
        assert [r.finish_reason for r in responses] == ["stop", "refused", "stop"]
        assert "too long" in responses[1].refusal
        ask(server, path, 3)
        assert server.count("chat") == 3


def test_it_works_where_a_loop_runs_already(path):
    """In a notebook the caller's thread has a running loop."""

    async def notebook():
        with StubServer(chat=echo) as server:
            return len(list(ask(server, path, 3)))

    assert asyncio.run(notebook()) == 3


@pytest.mark.parametrize(
    "text",
    [
        "\0\x1b[2J",
        "</script><script>alert(1)</script>",
        "'; DROP TABLE requests; --",
        "\u202egnp",
        "{}" * 10,
        "",
    ],
)
def test_hostile_texts_come_back_as_they_were(path, text):
    """A model's text passes through store and JSON unchanged."""
    with StubServer(chat=lambda *_: text) as server:
        assert [r.text for r in ask(server, path, 1)] == [text]


def test_a_large_response_comes_back_whole(path):
    """Two megabytes in one line are no trouble."""
    with StubServer(chat=lambda *_: "x" * 2_000_000) as server:
        (response,) = ask(server, path, 1)
    assert len(response.text) == 2_000_000


@pytest.mark.parametrize(
    ("field", "value"),
    [("concurrency", 0), ("mode", "bach"), ("cost_limit", 1.0)],
    ids=str,
)
def test_a_pace_that_makes_no_sense_is_refused(field, value):
    """Nobody can ask with concurrency 0, in an unknown mode, or keep to a limit without a price."""
    with pytest.raises(DataError) as caught:
        Pace(**{field: value})
    assert caught.value.field == field


def test_a_folder_for_a_store_is_a_storage_error(tmp_path):
    """A folder under the store's name is reported before anything is asked."""
    with StubServer() as server:
        with pytest.raises(StorageError):
            ask(server, tmp_path)
        assert server.requests == []


def test_an_asynchronous_client_stays_the_callers(path):
    """It works in the caller's loop before, between and after, though we run in another one."""

    async def notebook():
        with StubServer(chat=echo) as server:
            client = AsyncOpenAI(base_url=server.base_url, api_key="k")
            sizes = []
            for count in (5, 10):
                hello = [{"role": "user", "content": "hello"}]
                await client.chat.completions.create(model="m", messages=hello)
                sizes.append(len(list(generate(questions(count), model="m", path=path, client=client))))
            await client.chat.completions.create(model="m", messages=hello)
            await client.close()
            return sizes

    assert asyncio.run(notebook()) == [5, 10]


def test_a_client_with_its_own_transport_may_be_used_again(path):
    """A proxy or certificate of the caller's stays in use; no connection outlives our event loop."""
    with StubServer(chat=echo) as server:
        client = AsyncOpenAI(base_url=server.base_url, api_key="k", http_client=DefaultAsyncHttpxClient())
        sizes = [len(generate(questions(n), model="m", path=path, client=client)) for n in (20, 40)]
        assert {asked.headers["connection"] for asked in server.requests} == {"close"}
        assert not client.is_closed()
    assert sizes == [20, 40]


def test_something_else_than_a_client_is_refused(path):
    """A URL is no client."""
    with pytest.raises(TypeError, match="str"):
        generate(questions(1), model="m", path=path, client="http://127.0.0.1:9/v1")
