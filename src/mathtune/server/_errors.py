"""Every refusal of the server as one value, in the envelope of OpenAI's protocol.

`{"error": {"message", "type", "param", "code"}}` for every 4xx and 5xx; nothing here does I/O.
"""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

STORAGE_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EMFILE, errno.ENFILE})
NO_PROCESS_ERRNOS = frozenset({errno.EAGAIN, errno.ENOMEM})  # none can be started now
STORAGE_WORDS = ("disk is full", "disk I/O error", "readonly database", "unable to open database")


class ApiError(Exception):
    """An answer that refuses: HTTP status and the four fields of the envelope.

    Args:
        status: HTTP status, 400 to 599.
        message: What was wrong and what would be right.
        code: The machine-readable name, or None.
        param: The argument to blame, or None.
        kind: The envelope's `type`.
        headers: Further headers of the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.kind = kind
        self.headers = dict(headers or {})
        super().__init__(message)

    def envelope(self) -> dict[str, Any]:
        """Give the body of the answer."""
        return {
            "error": {"message": self.message, "type": self.kind, "param": self.param, "code": self.code},
        }


def invalid(message: str, param: str | None, code: str = "invalid_value") -> ApiError:
    """Refuse an argument (400)."""
    return ApiError(400, message, code=code, param=param)


def unsupported(name: str, message: str | None = None) -> ApiError:
    """Refuse an argument that the protocol knows and this server does not (400 `unsupported_parameter`)."""
    text = message or f"Unsupported parameter: '{name}' is not supported by this server."
    return ApiError(400, text, code="unsupported_parameter", param=name)


def model_not_found(name: str, param: str | None = "model") -> ApiError:
    """Refuse a model that is not here (404)."""
    return ApiError(
        404,
        f"The model '{name}' does not exist or you do not have access to it.",
        code="model_not_found",
        param=param,
    )


def no_such(kind: str, identifier: str, param: str = "id") -> ApiError:
    """Refuse an object id that is not here (404)."""
    return ApiError(404, f"No such {kind} object: {identifier}", param=param, code="not_found")


def storage_full(detail: str) -> ApiError:
    """Say that the disk refused (507); trying again at once would not help."""
    return ApiError(
        507,
        f"The server could not store this: {detail}. Nothing was changed.",
        code="storage_full",
        kind="server_error",
        headers={"x-should-retry": "false"},
    )


def internal() -> ApiError:
    """Say that the server itself failed (500), without showing its inside."""
    return ApiError(
        500,
        "The server had an error while processing your request. See its log, by the request id.",
        code="internal_error",
        kind="server_error",
    )


def storage_error(error: Exception) -> ApiError | None:
    """Translate what a full, read-only or locked place raises; None when `error` is something else.

    >>> storage_error(sqlite3.OperationalError("database is locked")).status
    503
    """
    if isinstance(error, sqlite3.Error) and "locked" in str(error):
        message = "Another program holds the server's database. Try again later."
        return ApiError(503, message, code="database_locked", kind="server_error")
    if isinstance(error, sqlite3.Error) and any(word in str(error) for word in STORAGE_WORDS):
        return storage_full(str(error))
    if isinstance(error, OSError) and error.errno in STORAGE_ERRNOS:
        return storage_full(error.strerror or "the disk refused")
    return None


def is_of_place(error: Exception) -> bool:
    """Tell a fault of the place, which may pass, from one of the request or the work that met it.

    >>> is_of_place(OSError(errno.ENOSPC, "No space left on device"))
    True
    >>> is_of_place(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    False
    """
    if isinstance(error, OSError) and error.errno in NO_PROCESS_ERRNOS:
        return True
    return storage_error(error) is not None
