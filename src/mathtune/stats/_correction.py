"""Many tests at once: p-values made larger by as much as the looking often costs."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["benjamini_hochberg", "holm"]


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values so that a single false finding among all of them is rarer than the level.

    Source: S. Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal
    of Statistics 6. It assumes nothing about how the tests hang together.

    Args:
        p_values: One per test, in any order; may be empty.

    Returns:
        The adjusted p-values in the same order; call each below your level a finding.

    Raises:
        ValueError: A p-value does not lie in [0, 1].

    >>> holm([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    _check(p_values)
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    scaled = (p_values[index] * (len(order) - rank) for rank, index in enumerate(order))
    return _in_place(order, accumulate((min(1.0, p) for p in scaled), max))


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values so that the share of false ones among all findings stays below the level, on average.

    It finds more than `holm` and promises less: right for a long list of cells to look into, not for a
    claim about one of them. Source: Y. Benjamini and Y. Hochberg (1995), Journal of the Royal Statistical
    Society B 57; it holds for independent or positively dependent tests.

    Args:
        p_values: One per test, in any order; may be empty.

    Returns:
        The adjusted p-values ("q-values") in the same order.

    Raises:
        ValueError: A p-value does not lie in [0, 1].

    >>> benjamini_hochberg([0.01, 0.04, 0.03])
    (0.03, 0.04, 0.04)
    """
    _check(p_values)
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    count = len(order)
    scaled = (p_values[index] * count / (count - rank) for rank, index in enumerate(order))
    return _in_place(order, accumulate((min(1.0, p) for p in scaled), min))


def _in_place(order: list[int], adjusted: accumulate[float]) -> tuple[float, ...]:
    by_index = dict(zip(order, adjusted, strict=True))
    return tuple(by_index[index] for index in range(len(order)))


def _check(p_values: Sequence[float]) -> None:
    for p in p_values:
        if not 0 <= p <= 1:
            raise ValueError(f"a p-value lies between 0 and 1, not {p!r}")
