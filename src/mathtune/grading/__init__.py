"""Two answers -> a verdict: `equivalent`, `grade`, and what they say (`Verdict`, `Outcome`, `Reason`)."""

from __future__ import annotations

from ._grade import equivalent, grade, is_readable
from ._verdict import Outcome, Reason, Verdict

__all__ = ["Outcome", "Reason", "Verdict", "equivalent", "grade", "is_readable"]
