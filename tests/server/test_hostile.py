"""Clients that mean harm, against a server in a process of its own that has to answer others meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import resource
import socket
import subprocess
import threading
import time
from urllib.parse import quote, urlsplit

import openai
import pytest

from mathtune.server import LocalServer

pytestmark = pytest.mark.processes

SLOW_CLIENTS = int(os.environ.get("MATHTUNE_SLOW_CLIENTS", "1000"))
HEADS = (
    b"",
    b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n",
    b"POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n--x",
    b'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{"model": ',
)


@pytest.fixture(scope="module")
def server():
    with LocalServer() as server:
        yield server


@contextlib.contextmanager
def others_are_answered(server):
    """Ask all the while, and see that every question is answered."""
    ended, trouble, answered = threading.Event(), [], []

    def ask():
        with openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0, timeout=30) as client:
            while not ended.is_set():
                try:
                    answered.append(client.models.list().data[0].id)
                except openai.OpenAIError as error:
                    trouble.append(error)
                time.sleep(0.02)

    thread = threading.Thread(target=ask)
    thread.start()
    while not (answered or trouble):
        time.sleep(0.01)
    try:
        yield
    finally:
        before = len(answered)
        while len(answered) == before and not trouble:
            time.sleep(0.01)
        ended.set()
        thread.join()
    assert trouble == []


def send(server, method, path, body=b"", headers=None):
    """Give status and body of an answer."""
    where = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
    with contextlib.closing(connection):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough, and says so
            connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_slow_clients_by_the_thousand(server):
    """Connections that say half of something and wait keep nobody from being answered."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < SLOW_CLIENTS + 200:
        pytest.skip(f"needs {SLOW_CLIENTS + 200} open files, and {hard} are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, SLOW_CLIENTS + 200), hard))
    where, slow = urlsplit(server.base_url), []
    try:
        with others_are_answered(server):
            for number in range(SLOW_CLIENTS):
                slow.append(socket.create_connection((where.hostname, where.port), timeout=60))
                slow[-1].sendall(HEADS[number % len(HEADS)])
        assert len(slow) == SLOW_CLIENTS
    finally:
        for connection in slow:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


LONG = 5_000_000


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"[" * LONG, {400}),
        (b'{"a":' * (LONG // 5), {400}),
        (b'{"messages": [' + b"{}," * (LONG // 3) + b"{}]}", {400}),
        (
            b'{"model": "mathtune-drills-1m", "messages": [{"role": "user", "content": ['
            + b'{"type": "text", "text": ""},' * (LONG // 30)
            + b"{}]}]}",
            {400},
        ),
        (b'{"model": "mathtune-drills-1m", "seed": ' + b"9" * LONG + b"}", {400}),
        (b'"' + b"\\u0000" * (LONG // 6) + b'"', {400}),
        (b"x" * (33 << 20), {413}),
    ],
    ids=["arrays", "objects", "messages", "parts", "digits", "nulls", "large"],
)
def test_a_huge_body_is_refused(server, body, statuses):
    """Millions of characters of JSON cost their sender a 400 and others nothing."""
    with others_are_answered(server):
        status, said = send(server, "POST", "/v1/chat/completions", body)
    assert status in statuses
    assert set(json.loads(said)["error"]) == {"message", "type", "param", "code"}


@pytest.mark.local
def test_a_question_of_millions_of_letters_is_refused(server):
    """A text that no window holds is not even read into tokens, and others' questions are answered."""
    with openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0) as client:
        asked = {"model": "mathtune-drills-1m", "max_tokens": 2}
        client.chat.completions.create(**asked, messages=[{"role": "user", "content": "1 + 1?"}])
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(**asked, messages=[{"role": "user", "content": "1" * 20_000_000}])
        assert caught.value.code == "context_length_exceeded"
        assert client.chat.completions.create(**asked, messages=[{"role": "user", "content": "1 + 1?"}])


@pytest.mark.local
@pytest.mark.parametrize("place", ["response_format", "tools"])
def test_a_schema_of_a_thousand_floors_is_refused(server, place):
    """What is nested as deep as JSON can be is its sender's mistake, and none of the server's."""
    schema = json.loads('{"type":' * 900 + "1" + "}" * 900)
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    tools = [{"type": "function", "function": {"name": "f", "parameters": schema}}]
    asked = {"model": "mathtune-drills-1m", "messages": [{"role": "user", "content": "1 + 1?"}]}
    body = {**asked, place: form if place == "response_format" else tools}
    with others_are_answered(server):
        status, said = send(server, "POST", "/v1/chat/completions", json.dumps(body).encode())
    assert (status, json.loads(said)["error"]["type"]) == (400, "invalid_request_error")


IDS = (
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fstate.db",
    "file-%00.jsonl",
    "%00",
    "/etc/passwd",
    "~root",
    "CON",
    "a" * 8_000,
    quote("'; DROP TABLE files; --"),
    quote("%s%n{0.__class__}${jndi:x}"),
    quote("\u202e\U0001f600\ud7ff"),
    "%ff%fe",
    "*",
)


@pytest.mark.parametrize("name", IDS)
def test_an_id_is_never_a_path(server, name):
    """Whatever an id looks like, there is no such object, and the refusal is an envelope."""
    with others_are_answered(server):
        for path in ("files/{}", "files/{}/content", "fine_tuning/jobs/{}/events", "batches/{}", "models/{}"):
            for method in ("GET", "DELETE", "POST"):
                status, said = send(server, method, "/v1/" + path.format(name))
                assert status in (400, 404, 405)
                assert set(json.loads(said)["error"]) == {"message", "type", "param", "code"}
                assert b"root:" not in said


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\n" * 200_000,
        b"--x\r\nContent-Disposition: form-data; name=" + b"a" * 2_000_000,
        b"--x\r\n" + b"A: b\r\n" * 300_000,
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../../tmp/x"\r\n\r\n'
        + b"{" * 2_000_000,
        b'--x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n'
        + b"a" * 3_000_000
        + b"\r\n--x--\r\n",
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % number
            for number in range(50_000)
        )
        + b"--x--\r\n",
    ],
    ids=["borders", "name", "headers", "unfinished", "purpose", "fields"],
)
def test_a_hostile_form_is_refused(server, body):
    """A form of millions of anything is a 400, and nothing of it is kept."""
    with others_are_answered(server):
        headers = {"content-type": "multipart/form-data; boundary=x"}
        status, said = send(server, "POST", "/v1/files", body, headers)
    assert status == 400
    assert set(json.loads(said)["error"]) == {"message", "type", "param", "code"}


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 48 MB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(client, site):
    """Upload until the disk is full; give what was kept, and the refusal."""
    kept = []
    while True:
        try:
            kept.append(site.upload(client, site.chat_lines(2_000)).id)
        except openai.InternalServerError as error:
            return kept, error


@pytest.mark.local
def test_a_disk_that_runs_full_leaves_no_torn_rows(small_disk, site):
    """Uploads are refused, a job waits for room; what was there stays, and with room all goes on."""
    filler = small_disk / "filler"
    with LocalServer(small_disk) as server:
        client = openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0)
        first = site.upload(client).id
        filler.write_bytes(b"x" * 45_500_000)
        others, refusal = fill(client, site)
        assert (refusal.status_code, refusal.code) == (507, "storage_full")
        assert sorted(file.id for file in client.files.list()) == sorted([first, *others])
        assert all(client.files.content(name).text == site.chat_lines(2_000).decode() for name in others)
        os.truncate(filler, 44_500_000)  # room for what the server notes, and not for weights
        job = client.fine_tuning.jobs.create(
            model="mathtune-drills-1m",
            training_file=first,
            method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1}}},
        )
        log = small_disk / "jobs" / job.id / "output.log"
        while not (log.exists() and b"No space left" in log.read_bytes()):
            time.sleep(0.1)
        filler.unlink()
        assert site.wait_for(client, job.id).status == "succeeded"
        assert client.files.content(first).text == site.chat_lines().decode()
    with LocalServer(small_disk) as server:
        client = openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0)
        assert client.fine_tuning.jobs.retrieve(job.id).status == "succeeded"
        client.files.delete(others[0])
        assert site.upload(client).id in {file.id for file in client.files.list()}
