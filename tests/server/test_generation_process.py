"""The generation process as the server has it: batches, streams, deaths, models that are not there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from pathlib import Path

import pytest

from mathtune.server._errors import ApiError
from mathtune.server._generation_process import GenerationProcess
from mathtune.server._generator import Answer, GenerationRequest, Piece
from mathtune.server._settings import DRILLS_MODEL, packaged_models

pytestmark = [pytest.mark.local, pytest.mark.processes]

MODEL = packaged_models()[DRILLS_MODEL]


def question(number=0, **options):
    messages = [{"role": "user", "content": f"What is {number} + 1?"}]
    return GenerationRequest(messages=messages, **{"temperature": 0, **options})


def endless(**options):
    """Ask for an answer that its model cannot end."""
    return question(logit_bias=((4, -100.0),), **options)


async def answer(generator, request, source=MODEL):
    events = [event async for event in generator.write(source, request)]
    assert isinstance(events[-1], Answer)
    return events


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Carry out a talk with one generator that serves all tests: each leaves it fit for the next."""
    generator, loop = GenerationProcess(tmp_path_factory.mktemp("server")), asyncio.new_event_loop()
    yield lambda talk: loop.run_until_complete(talk(generator))
    loop.run_until_complete(generator.__aexit__(None, None, None))
    loop.close()


def test_many_requests_are_answered_together(run):
    """Hundreds of requests at once get the answers that they get alone, streamed or whole."""

    async def talk(generator):
        requests = [question(number, pieces=number % 2 == 0, n=1 + number % 2) for number in range(200)]
        together = await asyncio.gather(*(answer(generator, request) for request in requests))
        alone = [await answer(generator, requests[number]) for number in (0, 1)]
        return together, alone

    together, alone = run(talk)
    assert [events[-1] for events in together[:2]] == [events[-1] for events in alone]
    for events in together:
        whole = events[-1].choices[0]
        pieces = [event for event in events if isinstance(event, Piece)]
        if pieces:
            assert "".join(piece.text for piece in pieces) == whole.text
            assert [piece.finish_reason for piece in pieces] == [None] * (len(pieces) - 1) + ["stop"]
    assert len(together[0]) > 5


def test_a_request_that_is_left_is_not_written_on(run):
    """Closing a stream frees its place: the process is idle again at once."""

    async def talk(generator):
        events = generator.write(MODEL, endless(pieces=True, n=100))
        await anext(events)
        await events.aclose()
        await answer(generator, question())
        before = _ticks(generator._process.pid)
        await asyncio.sleep(0.5)
        return _ticks(generator._process.pid) - before

    assert run(talk) <= 5  # hundredths of a second; 50 answers would take all of it


def _ticks(pid):
    """Give the processor time that a process has used, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_a_process_that_dies_once_costs_what_was_half_told(run):
    """A stream that has begun ends with an error; what had not begun is answered by the next process."""

    async def talk(generator):
        stream = generator.write(MODEL, endless(pieces=True, n=50))
        await anext(stream)
        asking = [asyncio.create_task(answer(generator, endless(max_tokens=100))) for _ in range(100)]
        await asyncio.sleep(0.05)
        os.kill(generator._process.pid, signal.SIGKILL)
        with pytest.raises(ApiError, match="in the middle of this answer"):
            async for _ in stream:
                pass
        return await asyncio.gather(*asking)

    assert len(run(talk)) == 100


async def _kill(generator):
    """Kill the process once it is there, and wait until that is noticed."""
    while (process := generator._process) is None:  # noqa: ASYNC110  (nothing tells of it)
        await asyncio.sleep(0.01)
    process.kill()
    while generator._process is process:  # noqa: ASYNC110  (likewise)
        await asyncio.sleep(0.01)


def test_a_process_that_dies_twice_fails_its_requests_only(run):
    """A request over which two processes died is a 500; the third process answers the next one."""

    async def talk(generator):
        await answer(generator, question())
        asking = asyncio.create_task(answer(generator, endless(n=100)))
        for _ in range(2):
            await asyncio.sleep(0.1)
            await _kill(generator)
        with pytest.raises(ApiError) as caught:
            await asking
        return caught.value, await answer(generator, question())

    error, after = run(talk)
    assert (error.status, error.code) == (500, "generation_process_died")
    assert error.envelope()["error"]["type"] == "server_error"
    assert after[-1].choices[0].text


def test_where_no_further_process_can_be_started_who_asked_is_told(tmp_path):
    """When the process has died and its log's folder is gone, requests fail at once, and none waits on."""

    async def session():
        async with GenerationProcess(tmp_path / "server") as generator:
            asking = [asyncio.create_task(answer(generator, endless(n=50))) for _ in range(2)]
            while generator._process is None:  # noqa: ASYNC110  (nothing tells of it)
                await asyncio.sleep(0.01)
            shutil.rmtree(tmp_path / "server")
            generator._process.kill()
            return await asyncio.wait_for(asyncio.gather(*asking, return_exceptions=True), 60)

    (tmp_path / "server").mkdir()
    assert {type(end) for end in asyncio.run(session())} == {FileNotFoundError}


def test_a_refusal_is_of_its_request_only(run):
    """One request that the model cannot take costs its neighbours nothing."""

    async def talk(generator):
        asking = [answer(generator, question(number)) for number in range(5)]
        wrong = answer(generator, question(logit_bias=((10**6, 1.0),)))
        return await asyncio.gather(*asking, wrong, return_exceptions=True)

    *good, bad = run(talk)
    assert (bad.status, bad.param) == (400, "logit_bias")
    assert all(isinstance(events[-1], Answer) for events in good)


CALL_OF_BRACKETS = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "[" * 100_000}}


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([{"role": "assistant", "content": "", "tool_calls": [CALL_OF_BRACKETS]}], 400),
        ([{"content": ""}], 500),
    ],
    ids=["too deep", "no role"],
)
def test_a_request_that_cannot_begin_costs_no_other_its_answer(run, messages, status):
    """Whatever goes wrong with a prompt, who asked is told, and what is under way is answered."""

    async def talk(generator):
        under_way = asyncio.create_task(answer(generator, endless(pieces=True, n=20, max_tokens=100)))
        await answer(generator, question(max_tokens=1))
        with pytest.raises(ApiError) as caught:
            await asyncio.wait_for(answer(generator, GenerationRequest(messages=messages)), 60)
        return caught.value, await under_way

    error, events = run(talk)
    assert error.status == status
    assert len(events[-1].choices) == 20


def test_more_models_than_are_kept_take_turns(run, tmp_path, random_model):
    """Requests to six models at once are all answered, though four are kept."""
    sources = [MODEL, random_model]
    for number in range(4):
        link = tmp_path / f"model-{number}"
        with contextlib.suppress(FileExistsError):
            link.symlink_to(MODEL)
        sources.append(str(link))

    async def talk(generator):
        return await asyncio.gather(
            *(answer(generator, question(n, max_tokens=5), source=sources[n % 6]) for n in range(24))
        )

    assert len(run(talk)) == 24


def test_a_hub_that_cannot_be_reached_is_given_up(tmp_path, monkeypatch):
    """A model id that no hub can tell of is a refusal that says so, and other models answer."""
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)

    async def talk(generator):
        with pytest.raises(ApiError) as caught:
            await answer(generator, question(), source="nobody/nothing")
        return caught.value, await answer(generator, question())

    async def session():
        async with GenerationProcess(tmp_path) as generator:
            return await talk(generator)

    error, after = asyncio.run(session())
    assert (error.status, error.code, error.param) == (400, "model_not_available", "model")
    assert "http://127.0.0.1:9 does not answer" in error.message
    assert after[-1].choices[0].text
