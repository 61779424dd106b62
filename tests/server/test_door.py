from __future__ import annotations

import contextlib
import http.client
import json
import resource
from urllib.parse import urlsplit

import openai
import pytest

from mathtune.server import hash_keys


def plain(client, method, path, *, body=None, headers=None):
    """Send a request as it is; give status, headers and decoded body."""
    where = urlsplit(str(client.base_url))
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
    connection.request(method, path, body=body, headers=headers or {})
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    return response.status, dict(response.getheaders()), json.loads(raw) if raw else None


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/v1/nothing", None, 404, "unknown_url"),
        ("GET", "/", None, 404, "unknown_url"),
        ("GET", "/v1/files/", None, 404, "unknown_url"),
        ("PUT", "/v1/files", None, 405, "method_not_supported"),
        ("POST", "/v1/models", None, 405, "method_not_supported"),
        ("POST", "/v1/chat/completions", b"{", 400, "invalid_json"),
        ("POST", "/v1/chat/completions", b"", 400, "invalid_json"),
        ("POST", "/v1/chat/completions", b"\xff", 400, "invalid_json"),
        ("POST", "/v1/chat/completions", b"[1]", 400, "invalid_type"),
        ("POST", "/v1/chat/completions", b'{"model": NaN}', 400, "invalid_json"),
        ("POST", "/v1/chat/completions", b'{"model": "\\ud800"}', 400, "invalid_json"),
        ("POST", "/v1/chat/completions", b"[" * 1_000_000, 400, "invalid_json"),
        ("POST", "/v1/chat/completions", b'{"seed": ' + b"9" * 5_000 + b"}", 400, "invalid_json"),
        ("POST", "/v1/fine_tuning/jobs", b"null", 400, "invalid_type"),
        ("POST", "/v1/files", b"junk", 400, "missing_required_parameter"),
        ("GET", "/v1/fine_tuning/jobs?limit=%F0%9F%98%80", None, 400, "invalid_type"),
        ("GET", "/v1/models/..%2f..%2fetc", None, 404, "model_not_found"),
    ],
)
def test_every_refusal_is_an_envelope(client, *, method, path, body, status, code):
    """Whatever is wrong, the answer is JSON with message, type, param and code, and a request id."""
    got, headers, answer = plain(client, method, path, body=body)
    assert got == status
    assert set(answer["error"]) == {"message", "type", "param", "code"}
    assert answer["error"]["code"] == code
    assert headers["x-request-id"].startswith("req_")
    assert int(headers["openai-processing-ms"]) >= 0


@pytest.mark.parametrize(
    "body",
    [
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n{}',
        b"--y\r\n\r\n--y--",
        b"--x\r\nContent-Disposition: nonsense\r\n\r\n\r\n--x--\r\n",
        b"--x\r\n" + b"A: b\r\n" * 50 + b"\r\n\r\n--x--\r\n",
        b"",
    ],
)
def test_a_malformed_form_is_refused(client, body):
    """A form that ends early or makes no sense is a 400."""
    headers = {"content-type": "multipart/form-data; boundary=x"}
    status, _, answer = plain(client, "POST", "/v1/files", body=body, headers=headers)
    assert status == 400
    assert set(answer["error"]) == {"message", "type", "param", "code"}


def test_two_files_in_a_form_are_refused(client):
    """One upload is one file."""
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n{}\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}
    status, _, _ = plain(client, "POST", "/v1/files", body=part * 2 + b"--x--\r\n", headers=headers)
    assert status == 400


def test_a_key_is_asked_for(new_site):
    """With a key set, only its bearer comes in; the key itself is nowhere on disk."""
    site = new_site(key_hashes=hash_keys(["sk-right", "sk-other"]))
    with site.client(api_key="sk-right") as client:
        assert client.models.list().data
        assert client.with_options(api_key="sk-other").models.list().data
        with pytest.raises(openai.AuthenticationError) as caught:
            client.with_options(api_key="sk-wrong").models.list()
        assert caught.value.code == "invalid_api_key"
        assert "sk-wrong" not in str(caught.value)
        assert plain(client, "GET", "/v1/models")[0] == 401
        site.upload(client)
    kept = b"".join(path.read_bytes() for path in site.settings.directory.rglob("*") if path.is_file())
    assert b"sk-right" not in kept
    assert "sk-right" not in repr(site.settings)


def test_only_own_names_are_answered_without_a_key(client, new_site):
    """A page of another site that points its name at this machine gets nothing."""
    status, _, answer = plain(client, "GET", "/v1/models", headers={"Host": "evil.example:80"})
    assert (status, answer["error"]["code"]) == (403, "host_not_allowed")
    for origin in ("https://evil.example", "null"):
        assert plain(client, "GET", "/v1/models", headers={"Origin": origin})[0] == 403
    assert plain(client, "GET", "/v1/models", headers={"Origin": "http://localhost:3000"})[0] == 200
    for host in ("localhost:9", "127.0.0.1", "[::1]:80"):
        assert plain(client, "GET", "/v1/models", headers={"Host": host})[0] == 200


def test_a_further_name_can_be_allowed(new_site):
    """`hosts` names what else may be asked for."""
    with new_site(hosts=("box.lan",)).client() as client:
        assert plain(client, "GET", "/v1/models", headers={"Host": "box.lan:80"})[0] == 200


def test_a_large_body_is_refused(new_site):
    """A body over the limit is a 413, told by its length or found on the way."""
    with new_site(largest_body=100).client() as client:
        status, _, answer = plain(client, "POST", "/v1/chat/completions", body=b"x" * 101)
        assert (status, answer["error"]["code"]) == (413, "body_too_large")
        pieces = iter([b"x" * 60, b"x" * 60])
        status, _, answer = plain(client, "POST", "/v1/chat/completions", body=pieces)
        assert (status, answer["error"]["code"]) == (413, "body_too_large")


@contextlib.contextmanager
def full_disk(largest):
    """Let this process write no file beyond a size, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_refuses_an_upload(client, site):
    """What cannot be written is a 507 with nothing changed; afterwards the server goes on."""
    kept = site.upload(client)
    with full_disk(300_000), pytest.raises(openai.InternalServerError) as caught:
        site.upload(client, site.chat_lines(10_000))
    assert (caught.value.status_code, caught.value.code) == (507, "storage_full")
    assert [file.id for file in client.files.list()] == [kept.id]
    assert len(list((site.settings.directory / "files").iterdir())) == 1
    assert site.wait_for(client, site.start(client).id).status == "succeeded"


def test_a_full_disk_refuses_a_job(client, site):
    """A job that cannot be written down is not made, and leaves no folder."""
    training_file = site.upload(client).id
    with full_disk(1_000), pytest.raises(openai.InternalServerError) as caught:
        client.fine_tuning.jobs.create(model="tiny", training_file=training_file)
    assert (caught.value.status_code, caught.value.code) == (507, "storage_full")
    assert client.fine_tuning.jobs.list().data == []
    assert list((site.settings.directory / "jobs").iterdir()) == []
    assert site.wait_for(client, site.start(client).id).status == "succeeded"
