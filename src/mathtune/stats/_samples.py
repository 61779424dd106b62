"""Several samples of one problem: pass@k, the vote, and errors that know samples go together."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

from ._interval import Interval, normal_quantile
from ._proportion import wilson_ends

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

__all__ = ["clustered_interval", "majority", "majority_at_k", "pass_at_k"]

_MOST_DRAWS = 1_000


def pass_at_k(samples: int, correct: int, k: int) -> float:
    """Give the chance that at least one of k samples is right, estimated without bias.

    Source: M. Chen et al. (2021), "Evaluating Large Language Models Trained on Code", section 2.1. Average
    it over problems.

    Args:
        samples: Samples of one problem.
        correct: How many of them are right.
        k: Samples that one may draw, 1 to `samples`.

    Raises:
        ValueError: The counts are impossible; from fewer than k samples there is no unbiased estimate.

    >>> pass_at_k(samples=10, correct=3, k=1), round(pass_at_k(samples=10, correct=3, k=5), 4)
    (0.3, 0.9167)
    """
    if not 0 <= correct <= samples or not 1 <= k <= samples:
        raise ValueError(f"expected 0 <= correct <= samples and 1 <= k <= samples: {correct, samples, k}")
    # Over 1 - (all k wrong) exactly: 1 - C(wrong, k) / C(samples, k).
    every = math.comb(samples, k)
    return (every - math.comb(samples - correct, k)) / every


def majority(classes: Sequence[Hashable | None]) -> int | None:
    r"""Give the position of the first sample of the class with most votes (maj@k).

    The caller says which answers are the same mathematics: 1/2, 0.5 and \frac{1}{2} are one class and so
    one vote. Ties go to the class seen first, so that the result does not depend on chance.

    Args:
        classes: The class of each sample's answer; None for a sample without an answer, which has no vote.

    Returns:
        A position in `classes`, or None where no sample has an answer.

    >>> majority(["7", "half", None, "half"])
    1
    """
    votes: dict[Hashable, int] = {}
    for name in classes:
        if name is not None:
            votes[name] = votes.get(name, 0) + 1
    if not votes:
        return None
    return classes.index(max(votes, key=votes.__getitem__))


def majority_at_k(classes: Sequence[Hashable | None], right: Hashable, k: int, *, seed: int = 0) -> float:
    """Give the chance that the vote of k samples is right (maj@k), over the ways to draw them.

    Up to a thousand ways are counted one by one; of more, a thousand are drawn. A tie is broken by lot, so it
    counts as the share of the tied classes that are right.

    Args:
        classes: The class of each sample's answer; None for a sample without an answer, which has no vote.
        right: The class of right answers.
        k: Samples that vote, 1 to all.
        seed: Same seed, same draws.

    Raises:
        ValueError: There are fewer than k samples.

    >>> majority_at_k(["7", "half", "half"], right="half", k=3)
    1.0
    >>> round(majority_at_k(["7", "half", "half"], right="half", k=2), 4)
    0.6667
    """
    if not 1 <= k <= len(classes):
        raise ValueError(f"expected 1 <= k <= {len(classes)} samples, not {k!r}")
    if math.comb(len(classes), k) <= _MOST_DRAWS:
        draws = list(combinations(classes, k))
    else:
        chance = Random(seed)  # noqa: S311  (a draw for statistics)
        draws = [tuple(chance.sample(classes, k)) for _ in range(_MOST_DRAWS)]
    return math.fsum(_vote(draw, right) for draw in draws) / len(draws)


def _vote(classes: Sequence[Hashable | None], right: Hashable) -> float:
    votes = Counter(name for name in classes if name is not None)
    most = max(votes.values(), default=0)
    tied = [name for name, number in votes.items() if number == most]
    return 1 / len(tied) if right in tied else 0.0


def clustered_interval(
    scores: Sequence[float], clusters: Sequence[Hashable], confidence: float = 0.95
) -> Interval:
    """Give the mean score with an interval that knows that samples of one problem resemble each other.

    8 samples of 100 problems tell less than 800 problems would, and more than 100. The cluster-robust
    variance (Liang and Zeger 1986, Biometrika 73) says how many independent samples they are worth, never
    fewer than there are problems nor more than there are samples; Wilson's interval is taken for that many.
    Sources: E. L. Korn and B. I. Graubard (1998), Survey Methodology 24, for the effective size with its
    correction for few clusters; C. Franco et al. (2019), Journal of Survey Statistics and Methodology 7, for
    Wilson's interval on it.

    Args:
        scores: One per sample, 0 or 1 or between.
        clusters: The problem of each sample.
        confidence: Share of such intervals that hold the true mean.

    Raises:
        ValueError: Lengths differ, there are no scores, or one lies outside [0, 1].

    >>> interval = clustered_interval([1, 1, 0, 0, 1, 1, 0, 1], ["a", "a", "b", "b", "c", "c", "d", "d"])
    >>> interval.estimate, round(interval.low, 3), round(interval.high, 3)
    (0.625, 0.219, 0.908)
    """
    if not scores or len(scores) != len(clusters):
        raise ValueError(f"expected a cluster for each score, got {len(scores)} and {len(clusters)}")
    if not all(0 <= score <= 1 for score in scores):
        raise ValueError("scores lie between 0 and 1")
    mean = math.fsum(scores) / len(scores)
    residuals: dict[Hashable, float] = {}
    for score, cluster in zip(scores, clusters, strict=True):
        residuals[cluster] = residuals.get(cluster, 0.0) + score - mean
    size = _effective_size(mean, list(residuals.values()), len(scores), normal_quantile(confidence))
    low, high = wilson_ends(mean, size, confidence)
    return Interval(estimate=mean, low=low, high=high, confidence=confidence)


def _effective_size(mean: float, residuals: list[float], total: int, z: float) -> float:
    """Give how many independent samples as many clustered ones are worth."""
    from scipy.special import ndtr, stdtrit

    groups = len(residuals)
    if groups < 2:
        return groups
    variance = groups / (groups - 1) * math.fsum(r * r for r in residuals) / total**2
    if mean in (0, 1):
        return groups
    few = (z / float(stdtrit(groups - 1, ndtr(z)))) ** 2
    worth = mean * (1 - mean) / variance if variance > 0 else total
    return max(groups, few * min(total, worth))
