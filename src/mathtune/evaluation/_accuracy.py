"""How often a model was right, with the interval that goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.stats import clustered_interval, wilson_interval

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._result import Result

__all__ = ["Accuracy", "accuracy_of"]


@attrs.frozen(kw_only=True)
class Accuracy:
    """How often a model was right.

    Attributes:
        correct: Right responses.
        total: Responses that count.
        problems: Problems that they answer; fewer than `total` where a problem has several samples.
        estimate: `correct / total`; NaN where nothing counts.
        low: Lower end of the interval.
        high: Upper end of the interval.
        confidence: Share of such intervals that hold the true accuracy.

    >>> print(Accuracy(correct=8, total=10, problems=10, estimate=0.8, low=0.49, high=0.943))
    80.0 % (8 of 10; 95 % interval 49.0 % to 94.3 %)
    """

    correct: int
    total: int
    problems: int
    estimate: float
    low: float
    high: float
    confidence: float = 0.95

    def __str__(self) -> str:
        if not self.total:
            return "nothing to count"
        counts = f"{self.correct} of {self.total}"
        if self.total != self.problems:
            counts += f" responses to {self.problems} problem{'' if self.problems == 1 else 's'}"
        interval = f"{self.confidence:.0%} interval {self.low:.1%} to {self.high:.1%}"
        return f"{self.estimate:.1%} ({counts}; {interval})".replace("%", " %")


def accuracy_of(results: Iterable[Result], confidence: float = 0.95) -> Accuracy:
    """Give the accuracy over those of the results that count.

    With one sample a problem the interval is Wilson's. With several, samples of one problem resemble each
    other, so the interval is clustered by problem (`mathtune.stats.clustered_interval`).
    """
    counted = [(result.correct, result.problem.id) for result in results if result.counts]
    correct, problems = sum(right for right, _ in counted), {problem_id for _, problem_id in counted}
    if len(problems) == len(counted):
        interval = wilson_interval(correct, len(counted), confidence)
    else:
        scores, clusters = zip(*counted, strict=True)
        interval = clustered_interval(scores, clusters, confidence)
    return Accuracy(
        correct=correct,
        total=len(counted),
        problems=len(problems),
        estimate=interval.estimate,
        low=interval.low,
        high=interval.high,
        confidence=confidence,
    )
