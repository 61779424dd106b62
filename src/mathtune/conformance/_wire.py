"""Requests as they go over the wire, answers as they come, and what checks raise."""

from __future__ import annotations

import http.client
import json
import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS: Final = 120.0


class Broken(Exception):  # noqa: N818  (a verdict on the server, not an error of ours)
    """The server does not hold what a check asks for; the message says what came."""


class NotChecked(Exception):  # noqa: N818  (likewise)
    """A check cannot be made here; the message says why."""


@attrs.frozen(kw_only=True)
class Reply:
    """An answer: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  (JSON is any value)
        """Decode the body.

        Raises:
            Broken: It is not JSON.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Broken(f"the answer is not JSON: {self.body[:80]!r}") from error


@attrs.frozen(kw_only=True)
class Wire:
    """A server to send requests to.

    Args:
        base_url: As clients take it, usually ending in `/v1`.
        api_key: Sent as a bearer; None sends none.
    """

    base_url: str
    api_key: str | None = attrs.field(default=None, repr=False)

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Reply:
        """Send a GET."""
        return self.send("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, value: object = None, *, headers: Mapping[str, str] | None = None) -> Reply:
        """Send a POST with a JSON body, or without one."""
        body = b"" if value is None else json.dumps(value).encode()
        return self.send("POST", path, body, {"content-type": "application/json", **(headers or {})})

    def upload(
        self,
        content: bytes,
        *,
        purpose: str = "fine-tune",
        name: str = "data.jsonl",
        headers: Mapping[str, str] | None = None,
        fields: Mapping[str, bytes] | None = None,
    ) -> Reply:
        """Send a file as a form, perhaps with further fields."""
        body, kind = form({"purpose": purpose.encode(), **(fields or {})}, file=("file", name, content))
        return self.send("POST", "/files", body, {**kind, **(headers or {})})

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send anything.

        Raises:
            OSError: No answer came.
        """
        place = urlsplit(self.base_url)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=SECONDS)
        given = {**self._authorization(), **(headers or {})}
        try:
            connection.request(method, place.path.rstrip("/") + path, body or None, given)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(status=answer.status, headers=names, body=answer.read())
        except http.client.HTTPException as error:
            raise Broken(f"the answer to {method} {path} is no HTTP: {type(error).__name__}") from error
        finally:
            connection.close()

    def _authorization(self) -> dict[str, str]:
        return {} if self.api_key is None else {"authorization": f"Bearer {self.api_key}"}


def form(
    fields: Mapping[str, bytes], *, file: tuple[str, str, bytes] | None = None
) -> tuple[bytes, dict[str, str]]:
    """Give the body and the header of a form; a file has field, name and content."""
    mark = secrets.token_hex(16)
    heads = {f'name="{name}"': value for name, value in fields.items()}
    if file is not None:
        heads[f'name="{file[0]}"; filename="{file[1]}"\r\nContent-Type: application/octet-stream'] = file[2]
    parts = [
        f"--{mark}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + value + b"\r\n"
        for head, value in heads.items()
    ]
    body = b"".join(parts) + f"--{mark}--\r\n".encode()
    return body, {"content-type": f"multipart/form-data; boundary={mark}"}


def require(holds: object, said: str) -> None:
    """Raise `Broken` unless something holds."""
    if not holds:
        raise Broken(said)


def require_keys(value: object, keys: tuple[str, ...], what: str) -> dict[str, Any]:
    """Give an object that has these keys.

    Raises:
        Broken: It is none, or lacks one.
    """
    if not isinstance(value, dict):
        raise Broken(f"{what} is {type(value).__name__}, expected an object")
    missing = [key for key in keys if key not in value]
    require(not missing, f"{what} lacks {', '.join(missing)}")
    return value


def require_refusal(reply: Reply, status: int, code: str | None = None) -> None:
    """Check an answer that refuses: its status, its envelope, and perhaps its code.

    Raises:
        Broken: It is something else.
    """
    require(reply.status == status, f"status {reply.status}, expected {status}")
    error = require_keys(reply.json(), ("error",), "the refusal")["error"]
    require_keys(error, ("message", "type", "param", "code"), "the refusal's error")
    if code is not None:
        require(error["code"] == code, f"code {error['code']!r}, expected {code!r}")


def require_offered(reply: Reply, what: str) -> None:
    """Go no further where a server says that it does not have something, as it has the right to.

    Raises:
        NotChecked: It says so.
    """
    if reply.status in (404, 405, 501):
        raise NotChecked(f"{what}: not offered ({reply.status})")
    if reply.status == 400:
        error = reply.json().get("error")
        if isinstance(error, dict) and error.get("code") == "unsupported_parameter":
            raise NotChecked(f"{what}: not offered ({error.get('message')})")


def require_one(made: set[str]) -> None:
    """Go no further where a repeated `Idempotency-Key` made something new: no server has to honour it.

    Raises:
        NotChecked: It did.
    """
    if len(made) > 1:
        raise NotChecked("Idempotency-Key: not offered, each request made an object of its own")


def require_list(reply: Reply, what: str) -> list[dict[str, Any]]:
    """Give the objects of a list.

    Raises:
        Broken: It is none.
    """
    require(reply.status == 200, f"{what}: status {reply.status}")
    listed = require_keys(reply.json(), ("object", "data"), what)
    require(listed["object"] == "list", f"{what}: object is {listed['object']!r}, expected 'list'")
    require(isinstance(listed["data"], list), f"{what}: data is no array")
    data: list[dict[str, Any]] = listed["data"]
    return data
