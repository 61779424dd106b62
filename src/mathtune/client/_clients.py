"""Which client to talk through: the caller's own, or one from the environment."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from mathtune.errors import AuthenticationError, DataError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from openai import AsyncOpenAI, OpenAI

__all__ = ["async_client", "connect", "own_clients", "resolve_client"]

_KEYLESS = "none"  # openai refuses an empty key; a local server without one reads none

_NO_KEY = (
    "no API key: set the environment variable OPENAI_API_KEY; a server on this machine, as `mathtune serve` "
    "starts one, needs none: set OPENAI_BASE_URL=http://127.0.0.1:8000/v1"
)


def resolve_client(client: OpenAI | None = None) -> OpenAI:
    """Give the client to use: the given one, or one made from OPENAI_API_KEY and OPENAI_BASE_URL.

    Args:
        client: Any `openai.OpenAI`, whatever server it points at; None takes the environment's.

    Raises:
        AuthenticationError: No client was given and the environment has no key.
        DataError: Its base URL is no address.
        TypeError: Something else than an `openai.OpenAI` was given.

    >>> from openai import OpenAI
    >>> mine = OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="any")
    >>> resolve_client(mine) is mine
    True
    """
    import openai

    if client is None:
        return connect()
    if not isinstance(client, openai.OpenAI):
        raise TypeError(f"expected an openai.OpenAI or None, not {type(client).__name__}")
    _check_url(str(client.base_url))
    return client


def _check_url(url: str) -> None:
    """Refuse what is no address, before a request fails over it with words about protocols."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        shown = url.partition("?")[0].rpartition("@")[2]  # keys can stand before and behind these
        raise DataError(
            f"expected the address of a server, such as http://127.0.0.1:8000/v1, got {shown!r}",
            field="base_url",
        )


def connect(base_url: str | None = None, *, asking: bool = True) -> OpenAI:
    """Give a client of one server: what the `mathtune` command and scripts with a `--base-url` flag use.

    Args:
        base_url: The server's URL, ending in `/v1`; None takes OPENAI_BASE_URL, else OpenAI's own. A server
            on this machine's loopback needs no key in the environment.
        asking: Whether the server will be asked anything; a client that only stands for it needs no key.

    Raises:
        AuthenticationError: The environment has no OPENAI_API_KEY, and the server is not on loopback.
        DataError: The URL is no address.

    >>> str(connect("http://127.0.0.1:8000/v1").base_url)
    'http://127.0.0.1:8000/v1/'
    """
    import openai

    url = base_url or os.environ.get("OPENAI_BASE_URL") or None
    if url is not None:
        _check_url(url)
    key = os.environ.get("OPENAI_API_KEY") or (None if asking and not _is_loopback(url) else _KEYLESS)
    if key is None:
        raise AuthenticationError(_NO_KEY)
    return openai.OpenAI(base_url=url, api_key=key)


def _is_loopback(url: str | None) -> bool:
    host = urlsplit(url or "").hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def async_client(client: OpenAI | AsyncOpenAI | None = None) -> AsyncOpenAI:
    """Give an asynchronous client of the same server: same key, headers, query, time-out and retries.

    Args:
        client: Any `openai.OpenAI`; an `openai.AsyncOpenAI` comes back as it is; None: the environment's.

    Raises:
        AuthenticationError: No client was given and the environment has no key.
        TypeError: The client cannot be rebuilt from its settings: a subclass such as `AzureOpenAI`, one made
            with `provider=`, or one with an `http_client` of its own. Give its asynchronous twin instead.

    >>> from openai import OpenAI
    >>> twin = async_client(OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="any"))
    >>> type(twin).__name__, str(twin.base_url)
    ('AsyncOpenAI', 'http://127.0.0.1:8000/v1/')
    """
    import openai

    if isinstance(client, openai.AsyncOpenAI):
        return client
    source = resolve_client(client)
    _require_plain(source)
    return openai.AsyncOpenAI(
        api_key=_async_key(source),
        organization=source.organization,
        project=source.project,
        base_url=str(source.base_url),
        timeout=source.timeout,
        max_retries=source.max_retries,
        default_headers=source._custom_headers,  # noqa: SLF001  (what openai's own copy() reads; no public name)
        default_query=source._custom_query,  # noqa: SLF001  (the same)
    )


def _require_plain(client: OpenAI) -> None:
    import openai

    if type(client) is not openai.OpenAI or getattr(client, "_provider", None) is not None:
        what = f"an {type(client).__name__} with its own way to log in"
    elif not _has_openais_transport(client):  # a proxy or certificate set there would be lost unseen
        what = "a client with an http_client of its own"
    else:
        return
    raise TypeError(f"{what} cannot be turned into an asynchronous one: give an openai.AsyncOpenAI instead")


def _async_key(client: OpenAI) -> Any:  # noqa: ANN401  (a text, or a function whose type openai 2 and 3 spell apart)
    provider = getattr(client, "_api_key_provider", None)
    if provider is None:
        return client.api_key

    async def key() -> str:
        return cast("str", provider())

    return key


def _has_openais_transport(client: OpenAI | AsyncOpenAI) -> bool:
    """Whether the client's `http_client` is the one that openai makes unless it is given another."""
    transport = type(client._client)  # noqa: SLF001  (no public name tells openai's from the caller's)
    return transport.__module__.startswith("openai.") and "Default" not in transport.__name__


@contextlib.asynccontextmanager
async def own_clients(client: OpenAI | AsyncOpenAI, count: int) -> AsyncIterator[list[AsyncOpenAI]]:
    """Give asynchronous clients of the same server for the running event loop; they leave nothing open.

    Args:
        client: As for `async_client`.
        count: How many; each has its own pool of connections.

    Raises:
        TypeError: As for `async_client`.
    """
    clients = [_own_client(client) for _ in range(count)]
    try:
        yield clients
    finally:
        for own in clients:
            if own._client is not client._client:  # noqa: SLF001  (the caller's is not ours to close)
                await own.close()


def _own_client(client: OpenAI | AsyncOpenAI) -> AsyncOpenAI:
    """Give an asynchronous client whose connections end with ours.

    Connections belong to the event loop that made them, and an asynchronous client of the caller's has been,
    or will be, used in another loop than ours. So it gets connections of its own; where it has an
    `http_client` of the caller's, which cannot be made a second time, none is left open.
    """
    twin = async_client(client)
    if twin is not client:
        return twin
    if _has_openais_transport(twin):
        transport = type(twin._client)  # noqa: SLF001  (openai's own copy() would share it)
        return twin.copy(http_client=transport(base_url=twin.base_url, timeout=twin.timeout))
    return twin.with_options(default_headers={"Connection": "close"})
