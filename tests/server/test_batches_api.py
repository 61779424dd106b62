from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import json
import sqlite3
import threading
import time

import openai
import pytest

from mathtune.server._batch_worker import WAVE
from mathtune.server._batches import BatchStore
from mathtune.server._errors import ApiError

ENDED = ("completed", "failed", "cancelled", "expired")


def line(custom_id, text="x", *, url="/v1/chat/completions", **body):
    asked = {"model": "tiny", "messages": [{"role": "user", "content": text}], **body}
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": asked}


def submit(client, lines, **others):
    content = "".join(json.dumps(item) + "\n" for item in lines).encode()
    made = client.files.create(file=("batch.jsonl", content), purpose="batch")
    return client.batches.create(
        input_file_id=made.id, endpoint="/v1/chat/completions", completion_window="24h", **others
    )


def wait_for(client, batch_id):
    while (batch := client.batches.retrieve(batch_id)).status not in ENDED:
        pass
    return batch


def answers(client, file_id):
    return [json.loads(text) for text in client.files.content(file_id).text.splitlines()]


def test_a_batch_is_answered(client):
    """Each request has one line in the output, under its own id, with a whole completion."""
    batch = submit(client, [line(f"q{number}", str(number)) for number in range(400)], metadata={"a": "b"})
    assert (batch.object, batch.status, batch.metadata) == ("batch", "validating", {"a": "b"})
    done = wait_for(client, batch.id)
    assert (done.request_counts.total, done.request_counts.completed, done.request_counts.failed) == (
        400,
        400,
        0,
    )
    assert (done.error_file_id, done.model) == (None, "tiny")
    assert done.created_at <= done.in_progress_at <= done.finalizing_at <= done.completed_at
    got = answers(client, done.output_file_id)
    assert {
        item["custom_id"]: item["response"]["body"]["choices"][0]["message"]["content"] for item in got
    } == {f"q{number}": str(number) for number in range(400)}
    assert {(item["response"]["status_code"], item["error"]) for item in got} == {(200, None)}
    assert client.files.retrieve(done.output_file_id).purpose == "batch_output"


def test_a_refused_request_is_in_the_error_file(client):
    """One bad request costs that request only."""
    done = wait_for(client, submit(client, [line("good"), line("bad", temperature=9)]).id)
    assert (done.request_counts.completed, done.request_counts.failed) == (1, 1)
    (bad,) = answers(client, done.error_file_id)
    assert (bad["custom_id"], bad["response"]["status_code"]) == ("bad", 400)
    assert bad["response"]["body"]["error"]["param"] == "temperature"


@pytest.mark.parametrize(
    ("lines", "code", "number"),
    [
        ([line("a"), line("a")], "duplicate_custom_id", 2),
        ([line("a"), line("b", url="/v1/embeddings")], "invalid_value", 2),
        ([line("a"), {"custom_id": "b"}], "missing_required_parameter", 2),
        ([line("a", model="none")], "model_not_found", None),
        ([line("a"), line("b", model="none")], "mismatched_model", 2),
        ([line("a", stream=True)], "invalid_request", 1),
    ],
)
def test_a_bad_file_fails_the_batch(client, lines, code, number):
    """The batch names the line, and nothing is asked."""
    failed = wait_for(client, submit(client, lines).id)
    assert (failed.status, failed.errors.data[0].code, failed.errors.data[0].line) == ("failed", code, number)
    assert failed.output_file_id is None


def test_a_cancelled_batch_keeps_what_was_answered(client, site):
    """What was answered is in the output, what was not is in the error file."""
    site.generator.free.clear()
    batch = submit(client, [line(f"q{number}") for number in range(500)])
    while client.batches.retrieve(batch.id).status != "in_progress":
        pass
    assert client.batches.cancel(batch.id).status == "cancelling"
    site.generator.free.set()
    done = wait_for(client, batch.id)
    assert done.status == "cancelled"
    good = answers(client, done.output_file_id) if done.output_file_id else []
    left = answers(client, done.error_file_id)
    assert {item["error"]["code"] for item in left} == {"batch_cancelled"}
    assert sorted(item["custom_id"] for item in good + left) == sorted(f"q{number}" for number in range(500))
    with pytest.raises(openai.ConflictError):
        client.batches.cancel(batch.id)


def test_a_batch_goes_on_in_the_next_server(site):
    """What one server answered the next does not ask again."""
    site.generator.free.clear()
    with site.client() as client:
        batch = submit(client, [line(f"q{number}") for number in range(300)])
        while client.batches.retrieve(batch.id).status != "in_progress":
            pass
        site.generator.free.set()
    with site.client() as client:
        done = wait_for(client, batch.id)
        assert done.request_counts.completed == 300
        assert len({item["custom_id"] for item in answers(client, done.output_file_id)}) == 300
    assert len(site.generator.asked) <= 300 + WAVE


class OnceAway:
    """A generator that is not there for one request, the first time."""

    def __init__(self, inner):
        self.inner = inner
        self.asked = []

    async def write(self, source, request):
        text = request.messages[-1]["content"]
        self.asked.append(text)
        if text == "away" and self.asked.count(text) == 1:
            raise ApiError(503, "Not there.")
        async for answer in self.inner.write(source, request):
            yield answer


def test_a_generator_that_is_away_costs_no_answer(site):
    """What was answered beside a request that could not be is kept, and only that one is asked again."""
    site.generator = OnceAway(site.generator)
    with site.client() as client:
        done = wait_for(client, submit(client, [line("a", "one"), line("b", "away"), line("c", "two")]).id)
        assert done.request_counts.completed == 3
    assert sorted(site.generator.asked) == ["away", "away", "one", "two"]


class Away:
    """A generator that is there for no request with a certain text."""

    def __init__(self, inner):
        self.inner = inner
        self.asked = threading.Event()

    async def write(self, source, request):
        if request.messages[-1]["content"] == "away":
            self.asked.set()
            raise ApiError(503, "Not there.")
        async for answer in self.inner.write(source, request):
            yield answer


def test_a_batch_in_trouble_holds_no_other_up(site):
    """While one batch cannot be answered, and the input of another is lost, later ones are answered."""
    site.generator.free.clear()
    with site.client() as client:
        lost = submit(client, [line("a")])
        while client.batches.retrieve(lost.id).status != "in_progress":
            pass
    lose_input(site, lost)
    site.generator.free.set()
    site.generator = Away(site.generator)
    with site.client() as client:
        away = submit(client, [line("a", "away")])
        assert wait_for(client, submit(client, [line("a")]).id).status == "completed"
        assert client.batches.retrieve(away.id).status == "in_progress"
        assert wait_for(client, lost.id).status == "failed"


def lose_input(site, batch):
    """Take away the server's own copy of a batch's requests."""
    (site.settings.directory / "batches" / f"{batch.id}.jsonl").unlink()


def test_a_batch_whose_input_is_lost_keeps_what_was_answered(site):
    """It fails and says why, and its output file has the answers until then."""
    site.generator = Halting(site.generator)
    with site.client() as client:
        lost = submit(client, [line(f"q{number}") for number in range(WAVE + 1)])
        site.generator.halted.wait()
        lose_input(site, lost)
        site.generator.go_on.set()
        ended = wait_for(client, lost.id)
        assert (ended.status, ended.errors.data[0].code) == ("failed", "server_error")
        assert ended.request_counts.completed == WAVE == len(answers(client, ended.output_file_id))
        assert not (site.settings.directory / "batches" / f"{lost.id}.jsonl").exists()


@pytest.mark.parametrize("damage", [b"{", b"7", b"\xff"])
def test_a_damaged_answer_fails_its_batch_with_what_can_be_read(site, caplog, damage):
    """The other answers are in the output, the lost one in the error file, and the log names its line."""
    site.generator = Halting(site.generator, at="c")
    with site.client() as client:
        batch = submit(client, [line(f"q{number}") for number in range(WAVE)] + [line("last", "c")])
        site.generator.halted.wait()
        change(site, "UPDATE batch_answers SET body = CAST(? AS TEXT) WHERE custom_id = 'q1'", damage)
        site.generator.go_on.set()
        ended = wait_for(client, batch.id)
        assert (ended.status, ended.errors.data[0].code) == ("failed", "server_error")
        assert (ended.request_counts.completed, ended.request_counts.failed) == (WAVE, 1)
        assert len(answers(client, ended.output_file_id)) == WAVE
        (lost,) = answers(client, ended.error_file_id)
        assert (lost["custom_id"], lost["error"]["code"]) == ("q1", "server_error")
        assert f"batch {batch.id}: the stored answers to its lines [2] are damaged" in caplog.text


def test_a_damaged_batch_hides_no_other(client, site):
    """Metadata that cannot be read any more shows as none; the batch and the list of all stay to be seen."""
    batch = wait_for(client, submit(client, [line("a")], metadata={"a": "b"}).id)
    change(site, "UPDATE batches SET metadata = '{'")
    assert [(shown.id, shown.metadata) for shown in client.batches.list()] == [(batch.id, None)]


def change(site, query, *values):
    """Change the server's database behind its back."""
    state = sqlite3.connect(site.settings.directory / "state.db", timeout=30)
    with contextlib.closing(state), state:
        assert state.execute(query, values).rowcount == 1


class Halting:
    """A generator that waits with its answer to a text, or its first, until a test has done something."""

    def __init__(self, inner, at=None):
        self.inner = inner
        self.at = at
        self.halted, self.go_on = threading.Event(), threading.Event()

    async def write(self, source, request):
        if self.at in (None, request.messages[-1]["content"]):
            self.halted.set()
        while self.halted.is_set() and not self.go_on.is_set():  # noqa: ASYNC110  (a test sets it from its own thread)
            await asyncio.sleep(0.005)
        async for answer in self.inner.write(source, request):
            yield answer


def test_a_batch_whose_input_is_lost_is_cancelled(site, monkeypatch):
    """Though nobody can tell any more which requests were not carried out."""
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 60)  # it is not read again before
    site.generator = Away(site.generator)
    with site.client() as client:
        lost = submit(client, [line("a", "away")])
        site.generator.asked.wait()
        lose_input(site, lost)
        client.batches.cancel(lost.id)
        assert wait_for(client, lost.id).status == "cancelled"


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [("generator", OSError(errno.ENOMEM, "no memory")), ("disk", sqlite3.OperationalError("disk is full"))],
)
def test_a_fault_of_the_place_is_no_answer(site, monkeypatch, fault, trouble):
    """What could not be asked, or not be kept, is asked again when it can be."""
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 0.01)
    site.generator = generator = Failing(site.generator, trouble if fault == "generator" else None)
    with site.client() as client:
        if fault == "disk":
            monkeypatch.setattr(BatchStore, "keep", once(trouble, BatchStore.keep))
        done = wait_for(client, submit(client, [line("a")]).id)
        assert (done.status, done.request_counts.completed, generator.asked) == ("completed", 1, 2)


class Failing:
    """A generator that cannot be asked the first time."""

    def __init__(self, inner, trouble):
        self.inner = inner
        self.trouble = trouble
        self.asked = 0

    async def write(self, source, request):
        self.asked += 1
        if self.trouble and self.asked == 1:
            raise self.trouble
        async for answer in self.inner.write(source, request):
            yield answer


def once(trouble, act):
    """Give a method that raises the first time."""
    left = [trouble]

    def acting(*given):
        if left:
            raise left.pop()
        return act(*given)

    return acting


class NeverThere:
    """A generator that is not there, and notes when it was asked."""

    def __init__(self):
        self.asked = []

    async def write(self, source, request):
        self.asked.append(time.monotonic())
        raise ApiError(503, "Not there.")
        yield


def test_a_lasting_trouble_is_met_less_and_less_often(site, monkeypatch):
    """Pauses double up to a bound."""
    site.generator = away = NeverThere()
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 0.05)
    monkeypatch.setattr("mathtune.server._troubles.LONGEST_PAUSE", 0.2)
    with site.client() as client:
        submit(client, [line("a")])
        while len(away.asked) < 6:
            pass
    pauses = [later - earlier for earlier, later in itertools.pairwise(away.asked)]
    for pause, least in zip(pauses, [0.05, 0.1, 0.2, 0.2, 0.2], strict=False):
        assert pause >= least


def test_a_batch_in_trouble_is_cancelled_at_once(site, monkeypatch):
    """However long it would be left alone, and though its trouble lasts."""
    site.generator = away = NeverThere()
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 3_600.0)
    with site.client() as client:
        batch = submit(client, [line("a")])
        while not away.asked:
            pass
        client.batches.cancel(batch.id)
        assert wait_for(client, batch.id).status == "cancelled"
    assert len(away.asked) == 1


def test_an_expired_batch_tells_what_is_left(site):
    """A day later the requests that were not carried out are told as expired."""
    site.generator.free.clear()
    with site.client() as client:
        batch = submit(client, [line("a")])
        while client.batches.retrieve(batch.id).status != "in_progress":
            pass
    site.clock = lambda: time.time() + 25 * 3_600
    with site.client() as client:
        done = wait_for(client, batch.id)
        assert done.status == "expired"
        (left,) = answers(client, done.error_file_id)
        assert (left["custom_id"], left["error"]["code"]) == ("a", "batch_expired")


def test_batches_are_listed_newest_first(client):
    """Pages give each batch once; a repeated key makes no second one."""
    made = [submit(client, [line("a")]).id for _ in range(3)]
    assert [batch.id for batch in client.batches.list(limit=2)] == made[::-1]
    asked = {
        "input_file_id": client.batches.retrieve(made[0]).input_file_id,
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
        "extra_headers": {"Idempotency-Key": "k"},
    }
    assert client.batches.create(**asked).id == client.batches.create(**asked).id


@pytest.mark.parametrize(
    "arguments",
    [
        {"input_file_id": "file-none"},
        {"endpoint": "/v1/embeddings"},
        {"completion_window": "1h"},
        {"output_expires_after": {"anchor": "created_at", "seconds": 1}},
        {"model": "tiny"},
    ],
)
def test_a_bad_argument_is_named(client, arguments):
    """No batch is made."""
    made = client.files.create(file=("batch.jsonl", json.dumps(line("a")).encode()), purpose="batch")
    body = {"input_file_id": made.id, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
    with pytest.raises(openai.BadRequestError) as caught:
        client.post("/batches", body={**body, **arguments}, cast_to=object)
    assert caught.value.param.startswith(next(iter(arguments))) or caught.value.code == "invalid_value"
    assert client.batches.list().data == []
