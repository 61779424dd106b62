"""Several samples of one problem: pass@k, the vote, and errors that know samples go together."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

from ._interval import Interval, normal_quantile

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

    8 samples of 100 problems tell less than 800 problems would, and more than 100. Each problem counts with
    the mean of its samples; z² made-up problems (four for 95 %), half of them wholly right and half wholly
    wrong, are added before the usual interval is taken. So a model that solves nearly all it was asked is not
    thought certain to solve nearly all there is. With one sample a problem this is the interval of A. Agresti
    and B. A. Coull (1998), "Approximate is better than 'exact' for interval estimation of binomial
    proportions", The American Statistician 52, whose middle is Wilson's. The cluster-robust variance alone
    (Liang and Zeger 1986, Biometrika 73) holds the truth in four of five studies only where a model solves
    most problems always and a few never.

    Args:
        scores: One per sample, 0 or 1 or between.
        clusters: The problem of each sample.
        confidence: Share of such intervals that hold the true mean.

    Raises:
        ValueError: Lengths differ, there are no scores, or one lies outside [0, 1].

    >>> interval = clustered_interval([1, 1, 0, 0, 1, 1, 0, 1], ["a", "a", "b", "b", "c", "c", "d", "d"])
    >>> interval.estimate, round(interval.low, 3), round(interval.high, 3)
    (0.625, 0.24, 0.888)
    """
    z = normal_quantile(confidence)
    if not scores or len(scores) != len(clusters):
        raise ValueError(f"expected a cluster for each score, got {len(scores)} and {len(clusters)}")
    if not all(0 <= score <= 1 for score in scores):
        raise ValueError("scores lie between 0 and 1")
    sums, sizes = _per_cluster(scores, clusters)
    size, more = len(scores) / len(sums), len(sums) + z * z  # the made-up problems have the mean size
    middle = (math.fsum(scores) / size + z * z / 2) / more
    spread = math.fsum(((sums[name] - sizes[name] * middle) / size) ** 2 for name in sums)
    spread += z * z / 2 * (middle**2 + (1 - middle) ** 2)
    reach = z * math.sqrt(spread) / more
    estimate = math.fsum(scores) / len(scores)
    # Shrunk towards one half, the interval could miss an estimate at the very end of its range.
    low, high = min(estimate, max(0.0, middle - reach)), max(estimate, min(1.0, middle + reach))
    return Interval(estimate=estimate, low=low, high=high, confidence=confidence)


def _per_cluster(
    scores: Sequence[float], clusters: Sequence[Hashable]
) -> tuple[dict[Hashable, float], Counter[Hashable]]:
    """Give the sum of scores and the number of samples of each cluster."""
    sums: dict[Hashable, float] = {}
    for score, cluster in zip(scores, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + score
    return sums, Counter(clusters)
