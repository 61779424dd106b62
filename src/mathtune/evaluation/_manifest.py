"""What happened in a run, as its `manifest.json` says it."""

from __future__ import annotations

import platform
from collections import Counter
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from mathtune._version import __version__
from mathtune.formatting import problems_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mathtune.generation import Generation
    from mathtune.problems import Problem

    from ._result import Result

__all__ = ["count_categories", "described", "manifest_of", "now"]


def manifest_of(
    problems: Sequence[Problem],
    results: Sequence[Result],
    generation: Generation,
    *,
    began: str,
    tuning: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Give what `manifest.json` holds; `tuning` is the manifest of the job that the model comes from."""
    responses = [result.response for result in results]
    usages = [response.usage for response in responses if response.usage is not None]
    return {
        "mathtune": __version__,
        "python": platform.python_version(),
        "began": began,
        "ended": now(),
        "problems": described(problems),
        "responses": {
            "count": len(generation),
            "from_store": generation.stored,
            "asked": generation.asked,
            "asked_again": generation.asked_again,
            "rate_limited": generation.limited,
            "faults": generation.faults,
        },
        "tokens": {
            "prompt": sum(usage.prompt_tokens for usage in usages),
            "completion": sum(usage.completion_tokens for usage in usages),
            "responses_counted": len(usages),
        },
        "cost": generation.cost,
        "tool_calls": sum(message["role"] == "tool" for r in responses for message in r.turns),
        "served_models": _tally(response.model for response in responses),
        "fingerprints": _tally(response.fingerprint for response in responses),
        "categories": count_categories(results),
        "tuning": tuning,
    }


def described(problems: Sequence[Problem]) -> dict[str, Any]:
    """Give how many problems a run holds, from where, and a hash by which they are known again."""
    return {
        "count": len(problems),
        "sha256": problems_digest(problems),
        "sources": dict(Counter(problem.source for problem in problems)),
    }


def _tally(values: Iterable[str | None]) -> dict[str, int]:
    return dict(Counter("unknown" if value is None else value for value in values))


def count_categories(results: Iterable[Result]) -> dict[str, int]:
    """Give the number of responses of each category that occurs."""
    return _tally(result.category.value for result in results)


def now() -> str:
    """Give the time of day in UTC, as ISO 8601 writes it."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
