"""A job's life as a table of legal moves; nothing here does I/O."""

from __future__ import annotations

from typing import Final

from ._errors import ApiError

VALIDATING: Final = "validating_files"
QUEUED: Final = "queued"
RUNNING: Final = "running"
PAUSED: Final = "paused"
SUCCEEDED: Final = "succeeded"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"

ENDED: Final = frozenset({SUCCEEDED, FAILED, CANCELLED})

MOVES: Final[dict[str, frozenset[str]]] = {
    VALIDATING: frozenset({QUEUED, FAILED, CANCELLED}),
    QUEUED: frozenset({RUNNING, PAUSED, FAILED, CANCELLED}),
    RUNNING: frozenset({QUEUED, PAUSED, SUCCEEDED, FAILED, CANCELLED}),  # queued: the server was restarted
    PAUSED: frozenset({QUEUED, CANCELLED}),
    SUCCEEDED: frozenset(),
    FAILED: frozenset(),
    CANCELLED: frozenset(),
}


def check_move(old: str, new: str) -> None:
    """Raise unless a job may go from `old` to `new`.

    Raises:
        ApiError: 400; the message names both.

    >>> check_move("queued", "running")
    >>> check_move("succeeded", "cancelled")
    Traceback (most recent call last):
    ...
    mathtune.server._errors.ApiError: The job is succeeded and cannot become cancelled.
    """
    if new not in MOVES[old]:
        raise ApiError(400, f"The job is {old} and cannot become {new}.", code="invalid_job_status")
