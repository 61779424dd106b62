"""The outermost layer: who may come in, how much they may bring, and what every answer carries.

Every refusal and every failure leaves here in the protocol's envelope, with a request id.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Final

from ._errors import ApiError, internal, storage_error
from ._ids import new_id
from ._patience import patient_receive
from ._settings import is_loopback
from ._uploads import LARGEST_PART

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ._settings import ServerSettings

LOG: Final = logging.getLogger("mathtune.server")
API_VERSION: Final = "2020-10-01"
FORM_OVERHEAD: Final = 1 << 20


class Door:
    """Starlette middleware around everything.

    Args:
        app: What lies inside.
        settings: Keys and limits.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, organization=self._settings.organization)
        try:
            self._admit(scope)
            await self._app(scope, self._limited(scope, receive), answer.send)
        except ApiError as error:
            await answer.refuse(error)
        except (OSError, sqlite3.Error) as error:
            LOG.exception("request %s", answer.request_id)
            await answer.refuse(storage_error(error) or internal())
        except Exception:  # (whatever the fault, the client gets an envelope and the log a traceback)
            LOG.exception("request %s", answer.request_id)
            await answer.refuse(internal())

    def _admit(self, scope: Scope) -> None:
        headers = dict(scope["headers"])
        if self._settings.key_hashes:
            self._check_key(headers.get(b"authorization", b"").decode("latin-1"))
            return
        # Without a key a browser on this machine would carry any web page's requests in.
        origin = headers.get(b"origin", b"").decode("latin-1").rpartition("://")[2]
        for place in (headers.get(b"host", b"").decode("latin-1"), origin or "localhost"):
            host = _host_name(place)
            if not is_loopback(host) and host not in self._settings.hosts:
                message = "This server has no key and answers only to this machine's own names."
                raise ApiError(403, message, code="host_not_allowed")

    def _check_key(self, authorization: str) -> None:
        scheme, _, key = authorization.partition(" ")
        digest = hashlib.sha256(key.strip().encode("latin-1")).hexdigest()
        # every hash is compared, so that the time tells nothing
        known = [hmac.compare_digest(digest, good) for good in self._settings.key_hashes]
        if scheme.lower() != "bearer" or not any(known):
            message = "Incorrect API key provided." if key else "You didn't provide an API key."
            message += " Send the header 'Authorization: Bearer KEY' with a key of this server."
            raise ApiError(401, message, code="invalid_api_key")

    def _limit(self, path: str) -> int:
        if path == "/v1/files":
            return self._settings.largest_file + FORM_OVERHEAD
        if path.startswith("/v1/uploads/"):
            return LARGEST_PART + FORM_OVERHEAD
        return self._settings.largest_body

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        limit = self._limit(scope["path"])
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            raise _too_large(limit)
        receive_in_time = patient_receive(receive, self._settings.patience)
        seen = 0

        async def receive_limited() -> Message:
            nonlocal seen
            message = await receive_in_time()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _too_large(limit)
            return message

        return receive_limited


class _Answer:
    """One answer on its way: adds the headers, and turns an error into an answer while none has begun."""

    def __init__(self, send: Send, *, organization: str) -> None:
        self.request_id = new_id("req_", 32)
        self._send = send
        self._organization = organization
        self._started = time.perf_counter()
        self._begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            message = {**message, "headers": [*message["headers"], *self._headers()]}
        await self._send(message)

    async def refuse(self, error: ApiError) -> None:
        if self._begun:
            LOG.error("request %s failed after its answer had begun: %s", self.request_id, error.message)
            return
        headers = {"content-type": "application/json", **error.headers}
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        body = json.dumps(error.envelope()).encode()
        pairs.append((b"content-length", str(len(body)).encode()))
        await self.send({"type": "http.response.start", "status": error.status, "headers": pairs})
        await self.send({"type": "http.response.body", "body": body})

    def _headers(self) -> list[tuple[bytes, bytes]]:
        milliseconds = int((time.perf_counter() - self._started) * 1000)
        return [
            (b"x-request-id", self.request_id.encode()),
            (b"openai-processing-ms", str(milliseconds).encode()),
            (b"openai-version", API_VERSION.encode()),
            (b"openai-organization", self._organization.encode()),
        ]


def _host_name(host: str) -> str:
    """Take the port off a `Host` header."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _too_large(limit: int) -> ApiError:
    return ApiError(413, f"Request body too large: at most {limit} bytes are taken.", code="body_too_large")
