"""When to stop a job before its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["EarlyStopping", "StoppingRule"]


class StoppingRule(Protocol):
    """Decides after each step whether a job should be stopped."""

    def reason(self, rows: Sequence[Mapping[str, float]]) -> str | None:
        """Give why the job should stop now, or None.

        Args:
            rows: The metrics so far, one mapping a step, oldest first; nested ones as "scores.valid_reward".
        """


@attrs.frozen(kw_only=True)
class EarlyStopping:
    """Stop when a metric has not got better for a while.

    Attributes:
        metric: Which one: "valid_loss", "full_valid_loss", "scores.valid_reward_mean", ...
        patience: How many measurements without a better one are borne.
        at_least: By how much a measurement must be better to count.
        better: "lower" for losses, "higher" for rewards and accuracies.

    >>> rule = EarlyStopping(patience=2)
    >>> rows = [{"step": n, "valid_loss": loss} for n, loss in enumerate((3.0, 2.0, 2.1, 2.2), 1)]
    >>> rule.reason(rows[:3]) is None, rule.reason(rows)
    (True, 'valid_loss has not fallen below 2 (step 2) in 2 measurements')
    """

    metric: str = "valid_loss"
    patience: int = 3
    at_least: float = 0.0
    better: Literal["lower", "higher"] = "lower"

    def reason(self, rows: Sequence[Mapping[str, float]]) -> str | None:
        """Give why the job should stop now, or None."""
        sign = 1 if self.better == "lower" else -1
        measured = [row for row in rows if self.metric in row]
        best, since = None, 0
        for row in measured:
            if best is None or sign * (best[self.metric] - row[self.metric]) > self.at_least:
                best, since = row, 0
            else:
                since += 1
        if best is None or since < self.patience:
            return None
        moved = "fallen below" if self.better == "lower" else "risen above"
        where = f"{best[self.metric]:g} (step {best.get('step', '?')})"
        return f"{self.metric} has not {moved} {where} in {since} measurements"
