"""Everything that mathtune raises on purpose.

```
MathtuneError
├── DataError            (ValueError)        a file, row or field is not what was promised
│   └── ExampleError                         a fine-tuning file breaks a rule of the protocol
├── LatexSyntaxError     (ValueError)        a text is not mathematics that we can read
├── MissingExtraError    (ImportError)       an optional package is not installed
├── StorageError         (OSError)           the disk refused: full, read-only, gone
├── LedgerError          (RuntimeError)      a run directory belongs to other work
├── CostLimitError       (RuntimeError)      going on could cost more than is allowed
├── ProtocolError        (RuntimeError)      a server answered with an error
│   ├── UnreachableError (ConnectionError)   no answer at all
│   ├── AuthenticationError (PermissionError)   the key is missing or wrong (401)
│   ├── TrainingClosedError (PermissionError)   the organisation may not train (403)
│   ├── ModelNotFoundError  (LookupError)    the model does not exist or is no longer offered
│   ├── QuotaExceededError                   the account is out of money (429 insufficient_quota)
│   ├── RateLimitError                       too many requests, also after waiting (429)
│   └── RequestRefusedError (ValueError)     the server calls the request wrong (400, 404, 409, 422)
└── JobFailedError       (RuntimeError)      a fine-tuning job ended as failed or cancelled
```

Each class is also a kind of the standard library's, so that code which knows nothing of mathtune can
catch it. A message says what was expected, what came, where, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AuthenticationError",
    "CostLimitError",
    "DataError",
    "ExampleError",
    "JobFailedError",
    "LatexSyntaxError",
    "LedgerError",
    "MathtuneError",
    "MissingExtraError",
    "ModelNotFoundError",
    "ProtocolError",
    "QuotaExceededError",
    "RateLimitError",
    "RequestRefusedError",
    "StorageError",
    "TrainingClosedError",
    "UnreachableError",
]


class MathtuneError(Exception):
    """Anything that mathtune raises on purpose."""


class DataError(MathtuneError, ValueError):
    """A file, row or field is not what was promised.

    Args:
        message: What was expected and what came.
        path: The file or source, where there is one.
        line: The 1-based line or row, where there is one.
        field: The field's name, where one is to blame.
    """

    def __init__(
        self, message: str, *, path: object = None, line: int | None = None, field: str | None = None
    ) -> None:
        self.message = message
        self.path = None if path is None else str(path)
        self.line = line
        self.field = field
        where = self.path or ""
        if line is not None:
            where = f"{where}:{line}" if where else f"line {line}"
        if field is not None:
            where = f"{where}, field {field!r}" if where else f"field {field!r}"
        super().__init__(f"{where}: {message}" if where else message)


class ExampleError(DataError):
    """A fine-tuning file breaks a rule of the protocol."""


_LONGEST_MARK = 1_000  # characters of what is to blame that a message shows


class LatexSyntaxError(MathtuneError, ValueError):
    """A text is not mathematics that we can read.

    Args:
        message: What was expected.
        text: The whole text.
        start: Offset of the first character to blame, in characters.
        end: Offset after the last character to blame.
    """

    def __init__(self, message: str, text: str, start: int, end: int) -> None:
        self.message = message
        self.text = text
        self.start = start
        self.end = max(end, start)
        left = max(0, start - 30)
        shown = text[left : min(self.end, start + _LONGEST_MARK) + 30]
        if not shown.isprintable():
            shown = "".join(c if c.isprintable() else " " for c in shown)
        mark = " " * (start - left) + "^" * max(1, min(self.end, left + len(shown)) - start)
        super().__init__(f"{message} (at {start})\n    {shown}\n    {mark}")

    def __reduce__(self) -> tuple[type[LatexSyntaxError], tuple[str, str, int, int]]:
        return type(self), (self.message, self.text, self.start, self.end)


class MissingExtraError(MathtuneError, ImportError):
    """An optional package is not installed; the message names the command that installs it."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self._said = (package, extra, purpose)
        super().__init__(f"{purpose} needs {package}: pip install 'mathtune[{extra}]'", name=package)

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str, str]]:
        return type(self), self._said


class StorageError(MathtuneError, OSError):
    """The disk refused: full, read-only, gone. What was there before is untouched."""

    def __str__(self) -> str:
        said = self.strerror or super().__str__()
        return f"{self.filename}: {said}" if self.filename else said


class LedgerError(MathtuneError, RuntimeError):
    """A run directory holds other work than was asked for, or is held by another process."""


class CostLimitError(MathtuneError, RuntimeError):
    """Going on could cost more than a `cost_limit` leaves. What came before is kept."""


class ProtocolError(MathtuneError, RuntimeError):
    """A server of OpenAI's protocol answered with an error.

    Args:
        message: What happened and what to do.
        status: HTTP status, if there was an answer.
        code: The server's `error.code`, for example `invalid_api_key`.
        param: The server's `error.param`.
        body: The server's answer as it came, decoded from JSON where it was JSON.
        request_id: The server's `x-request-id`.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        param: str | None = None,
        body: object = None,
        request_id: str | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.param = param
        self.body = body
        self.request_id = request_id
        super().__init__(message)


class UnreachableError(ProtocolError, ConnectionError):
    """No answer came: connection refused, name unknown, cut off or timed out."""


class AuthenticationError(ProtocolError, PermissionError):
    """The key is missing or wrong (401)."""


class TrainingClosedError(ProtocolError, PermissionError):
    """The organisation may not start fine-tuning jobs here (403 `training_not_available`)."""


class ModelNotFoundError(ProtocolError, LookupError):
    """The model does not exist, or is no longer offered."""


class QuotaExceededError(ProtocolError):
    """The account is out of money (429 `insufficient_quota`); waiting does not help."""


class RateLimitError(ProtocolError):
    """Too many requests, also after waiting as long as the server asked (429)."""


class RequestRefusedError(ProtocolError, ValueError):
    """The server calls the request wrong (400, 404, 409, 422)."""


class JobFailedError(MathtuneError, RuntimeError):
    """A fine-tuning job ended as failed or cancelled.

    Args:
        message: What the server said.
        job: The job as the server last showed it.
    """

    def __init__(self, message: str, *, job: Mapping[str, object] | None = None) -> None:
        self.job = job
        super().__init__(message)
