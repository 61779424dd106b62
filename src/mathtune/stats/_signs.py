"""The paired test for several samples a problem: McNemar's idea with differences of any size."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["sign_flip_exact"]

_MOST_CELLS = 4_000_000  # of the table of sums: 32 MB


def sign_flip_exact(differences: Sequence[int]) -> float:
    """Give the two-sided p-value of the exact paired permutation test.

    If neither model were better, each problem's difference could as well have had the other sign; the
    p-value is the share of all 2^n ways to set the signs whose sum lies at least as far from 0. With
    differences of -1, 0 and 1 this is the exact McNemar test. Source: R. A. Fisher (1935), "The Design of
    Experiments", section 21; here all signs are counted, by adding up sizes one kind after another.

    Args:
        differences: For each problem, the second model's number of right samples minus the first's.

    Raises:
        ValueError: The differences sum to millions; divide out what they share or test fewer problems.

    >>> sign_flip_exact([1] * 9 + [-1])
    0.021484375
    >>> round(sign_flip_exact([4, 3, -1, 2, 0]), 6)
    0.25
    """
    import numpy as np

    sizes = Counter(abs(int(difference)) for difference in differences if difference)
    reach = sum(size * count for size, count in sizes.items())
    if reach > _MOST_CELLS:
        raise ValueError(f"differences that sum to {reach:,} are too many to count exactly")
    chances = np.ones(1)
    for size, count in sizes.items():
        chances = np.convolve(chances, _walk(size, count))
    sums = np.arange(-reach, reach + 1)
    return min(1.0, float(chances[np.abs(sums) >= abs(sum(int(d) for d in differences))].sum()))


def _walk(size: int, count: int) -> Any:  # noqa: ANN401  (a numpy array, imported late)
    """Give the chance of each sum, from the lowest up, of `count` steps of ±`size`."""
    import numpy as np
    from scipy.stats import binom

    chances = np.zeros(2 * size * count + 1)
    chances[:: 2 * size] = binom.pmf(np.arange(count + 1), count, 0.5)
    return chances
