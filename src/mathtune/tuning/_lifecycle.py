"""The life of a job as tables: which status leads to which, and what may be asked in which.

Statuses are an open set: providers add their own. What is not in the tables counts as running, and goes on.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ACTIONS", "FINAL", "RESTING", "is_known", "plain_status", "still_true"]

_OTHER_WORDS: Final = {
    # Azure/Foundry, gateways and Bedrock; openai-openapi has the seven on the right
    "pending": "queued",
    "notRunning": "queued",
    "created": "queued",
    "in_progress": "running",
    "training": "running",
    "pausing": "running",
    "resuming": "queued",
    "canceling": "running",
    "cancelling": "running",
    "canceled": "cancelled",
    "completed": "succeeded",
    "error": "failed",
}

_MOVES: Final = {
    "validating_files": {"queued", "running", "paused", "succeeded", "failed", "cancelled"},
    "queued": {"running", "paused", "succeeded", "failed", "cancelled"},
    "running": {"queued", "paused", "succeeded", "failed", "cancelled"},
    "paused": {"queued", "running", "succeeded", "failed", "cancelled"},
    "succeeded": set(),
    "failed": set(),
    "cancelled": set(),
}
"""What may follow what; a poll may miss steps between, so every later status may follow."""

FINAL: Final = frozenset(status for status, following in _MOVES.items() if not following)
"""Nothing follows these."""

RESTING: Final = FINAL | {"paused"}
"""Nothing happens in these until somebody asks for it."""

ACTIONS: Final = {
    "cancel": frozenset({"validating_files", "queued", "running", "paused"}),
    "pause": frozenset({"validating_files", "queued", "running"}),
    "resume": frozenset({"paused"}),
}
"""In which statuses a job can be told to do what."""


def plain_status(said: object) -> str:
    """Give the status in the protocol's own words; one that nobody knows counts as running.

    >>> plain_status("notRunning"), plain_status("succeeded")
    ('queued', 'succeeded')
    """
    status = _OTHER_WORDS.get(str(said), str(said))
    return status if status in _MOVES else "running"


def is_known(said: object) -> bool:
    """Tell whether a status is one of the tables.

    >>> is_known("notRunning"), is_known("reticulating"), is_known(None)
    (True, False, False)
    """
    return isinstance(said, str) and _OTHER_WORDS.get(said, said) in _MOVES


def still_true(known: str, shown: str) -> bool:
    """Tell whether a look at a job may be older than what is known: nothing follows a final status.

    >>> still_true("running", "succeeded"), still_true("succeeded", "running")
    (True, False)
    """
    return known == shown or shown in _MOVES[known]
