"""Tests of asking through the Batch API, over real HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from collections import Counter
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import LedgerError, RequestRefusedError
from mathtune.generation import Pace, Sampling, generate
from mathtune.generation._batch_file import read_line, split
from mathtune.generation._request import Request
from mathtune.testing import Fault, StubServer
from mathtune.testing._stub import _Answer


@attrs.frozen(kw_only=True)
class Course:
    """What becomes of a batch.

    Attributes:
        looks: How often it is seen under way before it ends.
        ends: Its last status.
        answered: How many of its requests are answered; None for all.
        errors: Lines by text of the question: what stands in the error file for it.
        lost: Whether the answer to its creation is cut off, after acting.
        message: Why it failed.
    """

    looks: int = 1
    ends: str = "completed"
    answered: int | None = None
    errors: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    lost: bool = False
    message: str | None = None


class BatchStub(StubServer):
    """Runs batches after a plan; further ones complete."""

    def __init__(self, courses=(), **options):
        super().__init__(**options)
        self.courses = list(courses)
        self.batches: dict[str, dict[str, Any]] = {}
        self.lines: list[dict[str, Any]] = []

    def answer(self, method, target, headers, raw):
        path = target.partition("?")[0].removeprefix("/v1/batches")
        if path == target.partition("?")[0]:
            return super().answer(method, target, headers, raw)
        with self._lock:
            if method == "POST":
                return self._create(json.loads(raw))
            if not path:
                rows = [batch["shown"] for batch in self.batches.values()][::-1]
                return _Answer(content={"object": "list", "data": rows, "has_more": False})
            return _Answer(content=self._look(self.batches[path.strip("/")]))

    def _create(self, asked):
        course = self.courses.pop(0) if self.courses else Course()
        batch_id = f"batch_{len(self.batches)}"
        rows = [json.loads(line) for line in self._state.contents[asked["input_file_id"]].splitlines()]
        self.lines += rows
        shown = {
            **asked,
            "id": batch_id,
            "object": "batch",
            "created_at": 1,
            "status": "validating",
            "request_counts": {"total": len(rows), "completed": 0, "failed": 0},
        }
        self.batches[batch_id] = {"shown": shown, "course": course, "rows": rows, "looks": course.looks}
        return None if course.lost else _Answer(content=dict(shown))

    def _look(self, batch):
        shown, course = batch["shown"], batch["course"]
        if shown["status"] not in {"completed", "failed", "expired", "cancelled"}:
            if batch["looks"]:
                batch["looks"] -= 1
                shown["status"] = "in_progress"
            else:
                self._end(batch, shown, course)
        return dict(shown)

    def _end(self, batch, shown, course):
        shown["status"] = course.ends
        if course.message:
            shown["errors"] = {
                "object": "list",
                "data": [{"line": 1, "message": course.message, "code": "bad"}],
            }
            return
        rows = batch["rows"] if course.answered is None else batch["rows"][: course.answered]
        output, errors = [], []
        for row in reversed(rows):
            question = row["body"]["messages"][-1]["content"]
            if question in course.errors:
                errors.append({"custom_id": row["custom_id"], **course.errors[question]})
            else:
                reply = {"status_code": 200, "body": self._state.chat(row["body"])}
                output.append({"custom_id": row["custom_id"], "response": reply, "error": None})
        left = batch["rows"][len(rows) :]
        lapsed = {"code": "batch_expired", "message": "This request could not be executed."}
        errors += [{"custom_id": row["custom_id"], "response": None, "error": lapsed} for row in left]
        shown["output_file_id"] = self._file("output.jsonl", output)
        shown["error_file_id"] = self._file("errors.jsonl", errors)

    def _file(self, name, rows):
        if not rows:
            return None
        # other servers write UTF-8, in which a line separator is no end of a line
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return self._state._store(name, content.encode(), "batch_output")["id"]


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
    with BatchStub([Course(looks=3)], chat=echo) as server:
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
    with BatchStub(
        [Course(ends="expired", answered=4), Course(ends="cancelled", answered=1)], chat=echo
    ) as server:
        assert len(list(ask(server, 6))) == 6
        assert sorted(times_sent(server).values()) == [1, 1, 1, 1, 2, 3]


def test_a_lost_answer_makes_no_second_batch(ask):
    """Where the answer to a creation is cut off, the batch is looked for before another is made."""
    with BatchStub([Course(lost=True)], chat=echo) as server:
        assert len(list(ask(server))) == 6
        assert len(server.batches) == 1


def test_passing_faults_at_every_step_make_no_second_batch(ask):
    """Uploads, looks and downloads are tried again."""
    faults = [
        Fault(on="upload", status=503),
        Fault(on="file_content", cut=True),
        Fault(on="file_content", status=429, retry_after=3.0),
    ]
    with BatchStub([Course()], chat=echo, faults=faults) as server:
        assert len(list(ask(server))) == 6
        assert len(server.batches) == 1


def test_lines_that_failed_for_a_while_go_into_the_next_batch(ask):
    """A 500 in the error file is no answer."""
    failed = {"response": {"status_code": 500, "body": {"error": {"message": "oops"}}}, "error": None}
    with BatchStub([Course(errors={"What is 2?": failed})], chat=echo) as server:
        generation = ask(server)
        assert sorted(times_sent(server).values()) == [1, 1, 1, 1, 1, 2]
        assert generation.faults == 1


def test_a_line_that_the_server_will_not_take_is_answered_by_that(ask):
    """Too long a conversation is refused for good, as when asking live."""
    body = {"error": {"message": "too long", "code": "context_length_exceeded"}}
    refused = {"response": {"status_code": 400, "body": body}, "error": None}
    with BatchStub([Course(errors={"What is 2?": refused})], chat=echo) as server:
        responses = list(ask(server))
        assert len(server.batches) == 1
    assert [r.finish_reason for r in responses].count("refused") == 1
    assert "too long" in responses[2].refusal


def test_a_final_fault_of_a_line_stops_the_run(ask):
    """A parameter that the model does not take would fail again."""
    body = {"error": {"message": "no temperature", "code": "unsupported_value"}}
    refused = {"response": {"status_code": 400, "body": body}, "error": None}
    with BatchStub([Course(errors={"What is 2?": refused})], chat=echo) as server:
        with pytest.raises(Exception, match=r"no temperature.*5 of 6 missing responses"):
            ask(server)
        assert len(server.batches) == 1


def test_a_batch_that_the_server_refuses_whole_says_why(ask):
    """The server's reason is in the error, and the requests are free to be asked again."""
    with BatchStub([Course(ends="failed", message="token limit reached")], chat=echo) as server:
        with pytest.raises(RequestRefusedError, match="line 1: token limit reached"):
            ask(server)
        assert len(list(ask(server))) == 6


def test_batches_that_bring_nothing_are_not_made_for_ever(ask):
    """Three in a row without one answer end the run."""
    courses = [Course(ends="expired", answered=0) for _ in range(9)]
    with BatchStub(courses, chat=echo) as server:
        with pytest.raises(RequestRefusedError, match="without an answer"):
            ask(server)
        assert len(server.batches) == 3


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
    with BatchStub([Course(looks=3)], chat=echo) as server:
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
