"""When OpenAI switches which model off, as data.

Source: developers.openai.com/api/docs/deprecations, as of 2026-11-22. Where a server's `GET /v1/models` shows
a `shutdown_date` of its own, that one is nearer to the truth. The table says nothing of other providers.
"""

from __future__ import annotations

import re
from datetime import date

__all__ = ["TRAINING_CLOSES", "shutdown_date"]

TRAINING_CLOSES = date(2027, 1, 6)
"""From this day on nobody can create fine-tuning jobs at OpenAI; most organisations cannot already."""

_SHUTDOWNS: dict[date, tuple[str, ...]] = {
    date(2026, 9, 28): ("babbage-002", "davinci-002"),
    date(2026, 10, 23): (
        "gpt-3.5-turbo",
        "gpt-4",
        "gpt-4-turbo",
        "gpt-4.1-nano",
        "o1",
        "o3-mini",
        "o4-mini",
    ),
    date(2026, 12, 11): ("gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-5-pro", "o3", "o3-pro"),
    date(2027, 1, 14): ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini"),
}
_FAMILY_DATES = {family: day for day, families in _SHUTDOWNS.items() for family in families}

# `ft:<base>:<org>:<suffix>:<id>` goes with its base; a snapshot ends in `-2024-07-18` or `-0125`
_MODEL = re.compile(
    r"(?:ft:)?(?P<family>[^:]+?)(?:-(?:\d{4}(?:-\d{2}-\d{2})?|16k|32k|instruct|preview))*(?::.*)?"
)


def shutdown_date(model: str) -> date | None:
    """Tell when OpenAI switches (or switched) a model off; None where the table does not know it.

    Args:
        model: A model id, plain, dated or fine-tuned.

    >>> shutdown_date("gpt-4o-mini-2024-07-18")
    datetime.date(2027, 1, 14)
    >>> shutdown_date("ft:gpt-3.5-turbo-0125:acme:math:9x")
    datetime.date(2026, 10, 23)
    >>> shutdown_date("Qwen/Qwen3-0.6B") is None
    True
    """
    match = _MODEL.fullmatch(model)
    return _FAMILY_DATES.get(match["family"]) if match else None
