"""Several samples of each problem: their average, the best of k, and the vote of k over equal answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune import stats
from mathtune.errors import DataError
from mathtune.grading import equivalent
from mathtune.policy import Policy

from ._words import count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mathtune.evaluation import Result, Run
    from mathtune.stats import Interval

__all__ = ["SamplingMetrics", "sampling_metrics"]

_DEFAULT = Policy()
_RIGHT = "right"  # the class of all answers that are equal to the gold answer


@attrs.frozen(kw_only=True)
class SamplingMetrics:
    """What several samples of each problem show.

    Attributes:
        model: The model.
        problems: Problems that count.
        samples: Samples of each.
        average: Accuracy over all samples (avg@n), its interval clustered by problem.
        pass_at: For each k, the chance that one of k samples is right (pass@k).
        majority_at: For each k, the chance that the vote of k samples is right (maj@k).
    """

    model: str
    problems: int
    samples: int
    average: Interval
    pass_at: dict[int, Interval]
    majority_at: dict[int, Interval]

    def __str__(self) -> str:
        lines = [
            f"{self.model}: {count(self.problems, 'problem')}, {count(self.samples, 'sample')} each",
            f"avg@{self.samples:<4} {_shown(self.average)}",
            *(f"pass@{k:<3} {_shown(interval)}" for k, interval in self.pass_at.items()),
            *(f"maj@{k:<4} {_shown(interval)}" for k, interval in self.majority_at.items()),
        ]
        return "\n".join(lines)


def sampling_metrics(
    run: Run, *, ks: Sequence[int] | None = None, policy: Policy = _DEFAULT, confidence: float = 0.95
) -> SamplingMetrics:
    r"""Give avg@n, pass@k and maj@k of a run with several samples of each problem.

    Votes go to classes of equal answers: 1/2, 0.5 and \frac{1}{2} are one vote. Answers equal to the gold
    answer are one class; others are compared with each other.

    Args:
        run: A run; problems whose gold answer could not be read are left out.
        ks: Numbers of samples; by default 1, 2, 4, ... and all.
        policy: What counts as the same answer among those that are not the gold one.
        confidence: Confidence of the intervals, which are clustered by problem.

    Raises:
        DataError: The problems do not have the same number of samples, or a k is more than that.
    """
    grouped: dict[str, list[Result]] = {}
    for result in run.results:
        if result.counts:
            grouped.setdefault(result.problem.id, []).append(result)
    samples = _samples(grouped)
    chosen = _powers(samples) if ks is None else list(ks)
    if not all(1 <= k <= samples for k in chosen):
        raise DataError(f"expected ks from 1 to {samples}, the number of samples, got {chosen!r}", field="ks")
    classes = [_classes(results, policy) for results in grouped.values()]
    rights = [names.count(_RIGHT) for names in classes]
    return SamplingMetrics(
        model=run.model,
        problems=len(grouped),
        samples=samples,
        average=_mean([right / samples for right in rights], confidence),
        pass_at={k: _mean([stats.pass_at_k(samples, n, k) for n in rights], confidence) for k in chosen},
        majority_at={
            k: _mean([stats.majority_at_k(names, _RIGHT, k) for names in classes], confidence) for k in chosen
        },
    )


def _mean(values: Sequence[float], confidence: float) -> Interval:
    """Give the mean over problems of what their samples show."""
    return stats.clustered_interval(values, range(len(values)), confidence)


def _samples(grouped: dict[str, list[Result]]) -> int:
    numbers = {len(results) for results in grouped.values()}
    if len(numbers) != 1:
        raise DataError(f"expected the same number of samples of each problem, got {sorted(numbers)!r}")
    return numbers.pop()


def _powers(samples: int) -> list[int]:
    return sorted({2**power for power in range(samples.bit_length())} | {samples})


def _classes(results: Sequence[Result], policy: Policy) -> list[str | None]:
    """Give each answer the name of its class: "right", "= " and the first answer equal to it, or None."""
    context = results[0].problem.problem
    first: dict[str, str] = {}
    names: list[str | None] = []
    for result in results:
        if result.correct or result.answer is None:
            names.append(_RIGHT if result.correct else None)
            continue
        text = result.answer.text
        if text not in first:
            seen = dict.fromkeys(first.values())
            first[text] = next(
                (one for one in seen if equivalent(one, text, policy=policy, context=context)), text
            )
        names.append(f"= {first[text]}")
    return names


def _shown(interval: Interval) -> str:
    return f"{percent(interval.estimate):>7}  ({100 * interval.low:.1f} to {100 * interval.high:.1f})"
