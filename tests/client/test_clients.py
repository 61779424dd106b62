from __future__ import annotations

import asyncio

import openai
import pytest

from mathtune.client import async_client, connect, own_clients, resolve_client
from mathtune.errors import AuthenticationError, DataError
from mathtune.testing import StubServer


def test_a_given_client_is_used_as_it_is():
    """No copy is made of the caller's client."""
    client = openai.OpenAI(api_key="k", base_url="http://127.0.0.1:1/v1")
    assert resolve_client(client) is client


def test_the_environment_gives_key_and_address(monkeypatch):
    """Without a client OPENAI_API_KEY and OPENAI_BASE_URL decide."""
    monkeypatch.setenv("OPENAI_API_KEY", "from-env")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    client = resolve_client()
    assert (client.api_key, str(client.base_url)) == ("from-env", "http://127.0.0.1:1/v1/")


def test_a_missing_key_names_the_variable(monkeypatch):
    """Without key and client the error names OPENAI_API_KEY and the way without one."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(AuthenticationError, match=r"OPENAI_API_KEY.*mathtune serve"):
        resolve_client()


def test_something_else_is_refused():
    """A base URL in place of a client is a TypeError that says what was expected."""
    with pytest.raises(TypeError, match=r"openai\.OpenAI or None, not str"):
        resolve_client("http://127.0.0.1:1/v1")


def test_the_twin_sends_the_same(monkeypatch):
    """Key, headers, query, organisation and project of the twin's requests are those of the original's."""
    settings = {
        "default_headers": {"x-team": "maths"},
        "default_query": {"api-version": "7"},
        "organization": "org-1",
        "project": "proj-1",
        "timeout": 12.0,
        "max_retries": 5,
    }
    with StubServer(api_key="secret") as server:
        client = server.client(**settings)
        client.models.list()

        async def ask():
            async with async_client(client) as twin:
                await twin.models.list()
                return twin.timeout, twin.max_retries

        assert asyncio.run(ask()) == (12.0, 5)
        names = ("authorization", "x-team", "openai-organization", "openai-project")
        first, second = ({name: asked.headers[name] for name in names} for asked in server.requests)
        assert first == second
        assert server.requests[0].path == server.requests[1].path == "/v1/models?api-version=7"


def test_a_key_that_is_asked_for_each_time_stays_one():
    """A key function of the original is called for the twin's requests too."""
    keys = iter(["one", "two"])
    with StubServer() as server:
        client = openai.OpenAI(api_key=lambda: next(keys), base_url=server.base_url)
        client.models.list()

        async def ask():
            async with async_client(client) as twin:
                await twin.models.list()

        asyncio.run(ask())
        sent = [asked.headers["authorization"] for asked in server.requests]
        assert sent == ["Bearer one", "Bearer two"]


def test_an_asynchronous_client_stays():
    """An AsyncOpenAI comes back as it is."""
    client = openai.AsyncOpenAI(api_key="k")
    assert async_client(client) is client


@pytest.mark.parametrize(
    "make",
    [
        lambda: openai.AzureOpenAI(api_key="k", api_version="v", base_url="http://127.0.0.1:1"),
        lambda: openai.OpenAI(api_key="k", http_client=openai.DefaultHttpxClient(trust_env=False)),
    ],
    ids=["own login", "own transport"],
)
def test_what_cannot_be_rebuilt_is_refused(make):
    """A client whose login or transport would be lost is refused instead of copied wrongly."""
    with pytest.raises(TypeError, match=r"give an openai\.AsyncOpenAI"):
        async_client(make())


@pytest.mark.parametrize(
    ("make", "closed"),
    [
        (lambda url: openai.OpenAI(base_url=url, api_key="k"), True),
        (lambda url: openai.AsyncOpenAI(base_url=url, api_key="k"), True),
        (
            lambda url: openai.AsyncOpenAI(
                base_url=url, api_key="k", http_client=openai.DefaultAsyncHttpxClient()
            ),
            False,
        ),
    ],
    ids=["synchronous", "asynchronous", "own transport"],
)
def test_own_clients_leave_nothing_open(make, closed):
    """They are closed at the end; a transport of the caller's stays open, and keeps no connection."""
    with StubServer() as server:
        client = make(server.base_url)

        async def ask():
            async with own_clients(client, 2) as clients:
                for own in clients:
                    await own.models.list()
            return [own.is_closed() for own in clients]

        assert asyncio.run(ask()) == [closed, closed]
        assert not client.is_closed()
        kept = [asked.headers["connection"] == "keep-alive" for asked in server.requests]
        assert kept == [closed, closed]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://localhost:1/v1", "http://[::1]:1/v1"])
def test_a_server_on_loopback_needs_no_key(monkeypatch, url):
    """A local server without a key is reached with no account and nothing in the environment."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert str(connect(url).base_url) == f"{url}/"


@pytest.mark.parametrize("url", [None, "https://example.org/v1"])
def test_a_server_elsewhere_needs_a_key(monkeypatch, url):
    """A missing key is named before anything is sent to a server that is not on this machine."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(AuthenticationError, match="OPENAI_API_KEY"):
        connect(url)


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8000/v1", "localhost:8000", "ftp://host/v1", "http://", "user:4711@host/v1"]
)
def test_what_is_no_address_is_refused_before_any_request(url):
    """A base URL without scheme or host is named as it was given, for a client as for a flag."""
    shown = url.rpartition("@")[2].rstrip("/")
    with pytest.raises(DataError, match="such as http://127") as caught:
        connect(url)
    assert shown in str(caught.value)
    assert "4711" not in str(caught.value)
    with pytest.raises(DataError, match="such as http://127"):
        resolve_client(openai.OpenAI(base_url=url, api_key="k"))
