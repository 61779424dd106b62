"""Tests of asking through the Batch API, over real HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import LedgerError, ProtocolError, RequestRefusedError
from mathtune.generation import Pace, Sampling, generate
from mathtune.generation._batch_file import read_line, split
from mathtune.generation._request import Request
from mathtune.testing import Fault

from .batches import BatchServer, Course


def echo(messages, model, request):
    return f"re: {messages[-1]['content']}\u2028\x85end"


@pytest.fixture
def ask(path, questions, fake):
    def ask(server, count=6, *, sampling=None, **pace):
        return generate(
            questions(count),
            model="m",
            path=path,
            client=server.client(),
            sampling=sampling,
            pace=Pace(mode="batch", clock=fake.clock(), chance=lambda: 1.0, **pace),
        )

    return ask


def times_sent(server):
    return Counter(line["custom_id"] for line in server.lines)


def test_a_batch_brings_the_same_responses_as_asking_live(ask, path, questions):
    """The responses come in the order of the questions, whatever the order of the output file."""
    with BatchServer([Course(looks=3)], chat=echo) as server:
        generation = ask(server, 6, sampling=Sampling(n=2, seed=1))
        assert [r.text for r in generation] == [
            f"re: What is {n}?\u2028\x85end" for n in range(6) for _ in range(2)
        ]
        assert (len(server.batches), len(server.lines), server.count("chat")) == (1, 12, 0)
        assert {line["method"] for line in server.lines} == {"POST"}
        again = generate(
            questions(6), model="m", path=path, client=server.client(), sampling=Sampling(n=2, seed=1)
        )
        assert (again.stored, server.count("chat")) == (12, 0)


def test_what_an_expired_batch_answered_is_kept(ask):
    """Only what it left unanswered goes into the next batch."""
    with BatchServer(
        [Course(ends="expired", answered=4), Course(ends="cancelled", answered=1)], chat=echo
    ) as server:
        assert len(list(ask(server, 6))) == 6
        assert sorted(times_sent(server).values()) == [1, 1, 1, 1, 2, 3]


def test_a_lost_answer_makes_no_second_batch(ask):
    """Where the answer to a creation is cut off, the batch is looked for before another is made."""
    with BatchServer([Course(lost=True)], chat=echo) as server:
        assert len(list(ask(server))) == 6
        assert len(server.batches) == 1


def test_passing_faults_at_every_step_make_no_second_batch(ask):
    """Uploads, looks and downloads are tried again."""
    faults = [
        Fault(on="upload", status=503),
        Fault(on="file_content", cut=True),
        Fault(on="file_content", status=429, retry_after=3.0),
    ]
    with BatchServer([Course()], chat=echo, faults=faults) as server:
        assert len(list(ask(server))) == 6
        assert len(server.batches) == 1


def test_lines_that_failed_for_a_while_go_into_the_next_batch(ask):
    """A 500 in the error file is no answer."""
    failed = {"response": {"status_code": 500, "body": {"error": {"message": "oops"}}}, "error": None}
    with BatchServer([Course(errors={"What is 2?": failed})], chat=echo) as server:
        generation = ask(server)
        assert sorted(times_sent(server).values()) == [1, 1, 1, 1, 1, 2]
        assert generation.faults == 1


def test_a_line_that_the_server_will_not_take_is_answered_by_that(ask):
    """Too long a conversation is refused for good, as when asking live."""
    body = {"error": {"message": "too long", "code": "context_length_exceeded"}}
    refused = {"response": {"status_code": 400, "body": body}, "error": None}
    with BatchServer([Course(errors={"What is 2?": refused})], chat=echo) as server:
        responses = list(ask(server))
        assert len(server.batches) == 1
    assert [r.finish_reason for r in responses].count("refused") == 1
    assert "too long" in responses[2].refusal


def test_a_final_fault_of_a_line_stops_the_run(ask):
    """A parameter that the model does not take would fail again."""
    body = {"error": {"message": "no temperature", "code": "unsupported_value"}}
    refused = {"response": {"status_code": 400, "body": body}, "error": None}
    with BatchServer([Course(errors={"What is 2?": refused})], chat=echo) as server:
        with pytest.raises(Exception, match=r"no temperature.*5 of 6 missing responses"):
            ask(server)
        assert len(server.batches) == 1


def test_a_batch_that_the_server_refuses_whole_says_why(ask):
    """The server's reason is in the error, and the requests are free to be asked again."""
    message = "A batch gives whole answers: 'stream' is not allowed."
    with BatchServer([Course(ends="failed", message=message)], chat=echo) as server:
        with pytest.raises(RequestRefusedError, match=f"line 1: {message}"):
            ask(server)
        assert len(list(ask(server))) == 6


def test_batches_that_bring_nothing_are_not_made_for_ever(ask):
    """Three in a row without one answer end the run."""
    courses = [Course(ends="expired", answered=0) for _ in range(9)]
    with BatchServer(courses, chat=echo) as server:
        with pytest.raises(RequestRefusedError, match="without an answer"):
            ask(server)
        assert len(server.batches) == 3


@pytest.mark.skipif(BatchServer.__name__ != "_BatchStub", reason="only the stub can break the protocol")
def test_a_batch_that_never_says_how_it_is_is_not_looked_at_for_ever(ask):
    """An error says what came; the next call takes the same batch up, and its requests are not paid twice."""
    with BatchServer([Course(ends=None)], chat=echo) as server:
        with pytest.raises(ProtocolError, match=r"got None 20 times in a row.*run the same again"):
            ask(server)
        server.batches["batch_0"].update(course=Course())
        assert len(list(ask(server))) == 6
        assert len(server.batches) == 1


@pytest.mark.skipif(BatchServer.__name__ != "_BatchStub", reason="only the stub can break the protocol")
def test_a_list_of_batches_without_end_is_read_once(ask):
    """A server that shows the same page for ever is told from one that has more."""
    with BatchServer(chat=echo) as server:
        list(ask(server, 1))
        server.one_page_for_ever = True
        server.courses = [Course(unmade=True), Course()]
        assert len(list(ask(server))) == 6
        assert len(server.batches) == 2


CHILD = textwrap.dedent(
    """
    import sys
    from openai import OpenAI
    from mathtune.formatting import Message
    from mathtune.generation import Pace, Question, generate

    base_url, path, mode = sys.argv[1:]
    client = OpenAI(base_url=base_url, api_key="k")
    questions = [Question(str(n), (Message("user", f"What is {n}?"),)) for n in range(6)]
    generate(questions, model="m", path=path, client=client, pace=Pace(mode=mode))
    """
)


@pytest.mark.processes
@pytest.mark.parametrize("step", ["upload", "create", "look"])
def test_a_killed_process_is_taken_up_at_its_batch(ask, path, questions, step):
    """Wherever the process is killed, the rerun makes no second batch for what is in the first."""
    with BatchServer([Course(looks=3)], chat=echo) as server:
        process = subprocess.Popen([sys.executable, "-c", CHILD, server.base_url, str(path), "batch"])
        reached = {
            "upload": lambda: server.count("upload"),
            "create": lambda: server.batches,
            "look": lambda: any(b["looks"] < 3 for b in server.batches.values()),
        }
        while not reached[step]() and process.poll() is None:
            time.sleep(0.001)
        process.kill()
        process.wait()
        if server.batches:
            with pytest.raises(LedgerError, match='mode="batch"'):
                generate(questions(6), model="m", path=path, client=server.client())
        assert len(list(ask(server))) == 6
        assert set(times_sent(server).values()) == {1}


def requests(sizes):
    return [
        Request(problem_id=str(n), sample=0, key=f"k{n}", asked=0, body={"x": "y" * size})
        for n, size in enumerate(sizes)
    ]


@given(st.lists(st.integers(0, 300), max_size=30), st.integers(1, 7), st.integers(100, 900))
def test_files_stay_within_both_limits(sizes, most, most_bytes):
    """Every request is in exactly one file, in order; a file is over the limit only by a single line."""
    files = list(split(requests(sizes), most=most, most_bytes=most_bytes))
    assert [key for lines in files for key in lines] == [f"k{n}" for n in range(len(sizes))]
    for lines in files:
        assert 1 <= len(lines) <= most
        assert len(lines) == 1 or sum(map(len, lines.values())) <= most_bytes
        assert all(line.count(b"\n") == 1 for line in lines.values())


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_no_line_of_an_output_file_raises(line):
    """What a server writes is read or passed over."""
    read = read_line(line)
    assert read is None or isinstance(read.key, str)
