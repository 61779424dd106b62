from __future__ import annotations

import contextlib
import http.client
import json
from urllib.parse import urlsplit

import openai
import pytest

from mathtune.testing import Fault, Reply, Stage, StubServer, failing

LINE = b'{"messages": [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}]}\r\n\x85\n'
QUESTION = {"role": "user", "content": "1+1?"}


def upload(client):
    return client.files.create(file=("train.jsonl", LINE), purpose="fine-tune")


def post(server, path, body, content_type="application/json"):
    """Send a body as it is; give the status and the answer."""
    url = urlsplit(server.base_url + path)
    with contextlib.closing(http.client.HTTPConnection(url.netloc, timeout=10)) as connection:
        connection.request("POST", url.path, body, {"content-type": content_type})
        answer = connection.getresponse()
        return answer.status, json.load(answer)


def status_of(ask):
    try:
        ask()
    except openai.APIStatusError as error:
        return error.status_code
    return 200


def test_an_upload_comes_back_byte_for_byte():
    """What was uploaded is what the content endpoint gives, line ends and odd bytes included."""
    with StubServer() as server:
        client = server.client()
        file = upload(client)
        assert client.files.content(file.id).read() == LINE
        assert (file.filename, file.purpose, file.bytes) == ("train.jsonl", "fine-tune", len(LINE))


def test_a_job_moves_one_stage_with_each_look():
    """The script's statuses follow each other, look by look, and the last one stays."""
    stages = [Stage(status="validating_files"), Stage(status="notRunning"), Stage(status="succeeded")]
    with StubServer(stages=stages) as server:
        client = server.client()
        job = client.fine_tuning.jobs.create(model="m", training_file=upload(client).id)
        looks = [client.fine_tuning.jobs.retrieve(job.id).status for _ in range(3)]
        assert [job.status, *looks] == ["validating_files", "notRunning", "succeeded", "succeeded"]


def test_events_are_paged_newest_first():
    """Pages of two hold all events, newest first, none twice."""
    with StubServer() as server:
        client = server.client()
        job = client.fine_tuning.jobs.create(model="m", training_file=upload(client).id)
        for _ in range(5):
            client.fine_tuning.jobs.retrieve(job.id)
        events = list(client.fine_tuning.jobs.list_events(job.id, limit=2))
        ids = [event.id for event in events]
        assert len(ids) == len(set(ids)) == 8
        assert ids == sorted(ids, reverse=True)
        assert events[0].message == "The job has successfully completed"


def test_jobs_are_found_by_their_metadata():
    """The metadata filter gives the jobs that carry the pair, and no others."""
    with StubServer() as server:
        client = server.client()
        file = upload(client).id
        made = [
            client.fine_tuning.jobs.create(model="m", training_file=file, metadata={"k": v}).id for v in "ab"
        ]
        found = client.fine_tuning.jobs.list(metadata={"k": "b"})
        assert [job.id for job in found] == made[1:]


def test_a_failing_script_shows_the_error():
    """A scripted failure ends as failed and carries code and message."""
    with StubServer(stages=failing(code="invalid_n_examples", message="too few")) as server:
        client = server.client()
        job = client.fine_tuning.jobs.create(model="m", training_file=upload(client).id)
        job = client.fine_tuning.jobs.retrieve(job.id)
        assert (job.status, job.error.code, job.error.message) == ("failed", "invalid_n_examples", "too few")


def test_a_finished_job_cannot_be_cancelled():
    """Cancelling works once; after that the server refuses with 400."""
    with StubServer() as server:
        client = server.client()
        job = client.fine_tuning.jobs.create(model="m", training_file=upload(client).id)
        assert client.fine_tuning.jobs.cancel(job.id).status == "cancelled"
        assert client.fine_tuning.jobs.retrieve(job.id).status == "cancelled"
        with pytest.raises(openai.BadRequestError):
            client.fine_tuning.jobs.cancel(job.id)


def test_a_fault_can_strike_after_the_deed():
    """With `acts` the job exists although the client was told 500; without it there is none."""
    for acts in (True, False):
        with StubServer(faults=[Fault(on="create_job", status=500, acts=acts)]) as server:
            client = server.client(max_retries=0)
            file = upload(client).id
            with pytest.raises(openai.InternalServerError):
                client.fine_tuning.jobs.create(model="m", training_file=file)
            assert len(server.jobs) == int(acts)


def test_a_cut_connection_is_no_answer():
    """A cut looks like a lost connection to the client, whether the server acted or not."""
    with StubServer(faults=[Fault(on="upload", cut=True, acts=True)]) as server:
        with pytest.raises(openai.APIConnectionError):
            upload(server.client(max_retries=0))
        assert len(server.files) == 1


def test_a_delay_is_a_time_out():
    """A server that is slower than the client's time-out gives a time-out."""
    with (
        StubServer(faults=[Fault(on="models", delay=0.5)]) as server,
        pytest.raises(openai.APITimeoutError),
    ):
        server.client(max_retries=0, timeout=0.05).models.list()


def test_skip_and_times_choose_who_is_hit():
    """The first request passes, the next two are hit, the fourth passes."""
    with StubServer(faults=[Fault(on="models", status=503, skip=1, times=2)]) as server:
        client = server.client(max_retries=0)
        seen = [status_of(client.models.list) for _ in range(4)]
        assert seen == [200, 503, 503, 200]


def test_replies_can_be_cut_off_or_errors():
    """A chat script may end by length or answer with an error and a Retry-After."""
    replies = iter(
        [Reply(text="half", finish_reason="length"), Reply(text="slow down", status=429, retry_after=7)]
    )
    with StubServer(chat=lambda messages, model, request: next(replies)) as server:
        client = server.client(max_retries=0)
        answer = client.chat.completions.create(model="m", messages=[QUESTION])
        assert answer.choices[0].finish_reason == "length"
        with pytest.raises(openai.RateLimitError) as caught:
            client.chat.completions.create(model="m", messages=[QUESTION])
        assert caught.value.response.headers["retry-after"] == "7"


def test_replies_can_be_calls_of_tools():
    """A reply's calls come as the protocol has them, each with an id, and are the reason that it ends."""
    calls = [("add", '{"a": 1}'), ("add", '{"a": 2}')]
    with StubServer(chat=lambda *_: Reply(calls=calls)) as server:
        (choice,) = server.client().chat.completions.create(model="m", messages=[QUESTION]).choices
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", None)
    assert [(call.function.name, call.function.arguments) for call in choice.message.tool_calls] == calls
    assert len({call.id for call in choice.message.tool_calls}) == 2


def test_unknown_models_and_keys_are_refused():
    """With models and a key given, others get 404 model_not_found and 401."""
    with StubServer(models=["m"], api_key="right") as server:
        with pytest.raises(openai.NotFoundError) as caught:
            server.client().chat.completions.create(model="x", messages=[QUESTION])
        assert caught.value.code == "model_not_found"
        with pytest.raises(openai.AuthenticationError):
            server.client(api_key="wrong").models.list()


def test_an_unknown_argument_of_a_job_is_refused():
    """A top-level argument outside the protocol gets 400 and names the argument."""
    with StubServer() as server:
        client = server.client()
        with pytest.raises(openai.BadRequestError) as caught:
            client.fine_tuning.jobs.create(
                model="m", training_file=upload(client).id, extra_body={"trainingType": 1}
            )
        assert caught.value.param == "trainingType"


FORM = "multipart/form-data; boundary=x"
NAMELESS = b"--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--\r\n"


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        ("/chat/completions", b"{", "application/json"),
        ("/chat/completions", b'{"model": "\xff"}', "application/json"),
        ("/chat/completions", b"[" * 100_000, "application/json"),
        ("/fine_tuning/jobs", b"no JSON", "text/plain"),
        ("/fine_tuning/jobs/ftjob-1/cancel", b"no JSON", "application/json"),
        ("/files", NAMELESS, FORM),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(path, body, content_type):
    """What is neither JSON nor a form gets 400 with the error envelope, and is kept as it came."""
    with StubServer() as server:
        status, answer = post(server, path, body, content_type)
        assert status == 400
        assert set(answer["error"]) == {"message", "type", "param", "code"}
        assert "could not parse" in answer["error"]["message"]
        assert server.requests[0].body == body


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/chat/completions", [1], None),
        ("/uploads", "text", None),
        ("/chat/completions", {"model": "m"}, "messages"),
        ("/fine_tuning/jobs", {"model": "m"}, "training_file"),
        ("/uploads", {"filename": "a", "purpose": "fine-tune", "bytes": 1}, "mime_type"),
        ("/uploads/upload_0001/complete", {}, "part_ids"),
        ("/files", {"purpose": "fine-tune"}, "file"),
    ],
)
def test_a_body_that_lacks_something_is_refused(path, body, param):
    """JSON that is no object, or an object without what is required, gets 400; the parameter is named."""
    with StubServer() as server:
        status, answer = post(server, path, json.dumps(body).encode())
        assert (status, answer["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/chat/completions", {"model": None, "messages": []}, "model"),
        ("/chat/completions", {"model": "m", "messages": "hello"}, "messages"),
        ("/chat/completions", {"model": "m", "messages": [], "n": "two"}, "n"),
        ("/chat/completions", {"model": "m", "messages": [], "n": True}, "n"),
        ("/fine_tuning/jobs", {"model": "m", "training_file": []}, "training_file"),
        ("/fine_tuning/jobs", {"model": "m", "training_file": "file-0001", "metadata": [1]}, "metadata"),
        ("/fine_tuning/jobs", {"model": "m", "training_file": "file-0001", "method": "dpo"}, "method"),
        (
            "/fine_tuning/jobs",
            {"model": "m", "training_file": "file-0001", "method": {"a": 1}},
            "method.type",
        ),
        (
            "/fine_tuning/jobs",
            {"model": "m", "training_file": "file-0001", "method": {"type": "dpo", "dpo": [1]}},
            "method.dpo",
        ),
        ("/uploads/upload_0001/complete", {"part_ids": [[]]}, "part_ids"),
    ],
)
def test_an_argument_of_another_type_is_refused(path, body, param):
    """What the stub would have to look into, and is something else, gets 400; the parameter is named."""
    with StubServer() as server:
        upload(server.client())
        server.client().uploads.create(bytes=1, filename="a", mime_type="text/plain", purpose="fine-tune")
        status, answer = post(server, path, json.dumps(body).encode())
        assert (status, answer["error"]["param"]) == (400, param)


@pytest.mark.parametrize("limit", ["abc", "0", "-1", "1.5", "9" * 5000])
def test_a_limit_that_is_no_count_is_refused(limit):
    """A page of no size gets 400 and names the parameter."""
    with StubServer() as server, pytest.raises(openai.BadRequestError) as caught:
        server.client().files.list(limit=limit)
    assert caught.value.param == "limit"


def test_no_body_where_one_is_needed_is_refused():
    """A job that is asked for without a word gets 400."""
    with StubServer() as server:
        assert post(server, "/fine_tuning/jobs", b"")[0] == 400


def test_a_stopped_server_is_gone_for_kept_connections_too():
    """After the `with` block a client with an open connection gets no more answers."""
    with StubServer() as server:
        client = server.client(max_retries=0)
        client.models.list()
    with pytest.raises(openai.APIConnectionError):
        client.models.list()


def test_every_request_is_kept():
    """Requests are kept with kind, path, headers and body, in order."""
    with StubServer() as server:
        client = server.client(api_key="k")
        upload(client)
        client.files.list(purpose="fine-tune")
        assert [asked.kind for asked in server.requests] == ["upload", "files"]
        assert server.requests[0].body["purpose"] == "fine-tune"
        assert server.requests[0].headers["authorization"] == "Bearer k"
        assert server.requests[1].path == "/v1/files?purpose=fine-tune"
