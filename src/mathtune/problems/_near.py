"""Which wordings are near each other: many among themselves by MinHash, or each against a set by an index."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["OverlapIndex", "near_groups", "near_pairs"]

_HASHES = 64  # enough to propose pairs; each is then measured exactly
_SEED = 1  # the same proposals on every run


def near_pairs(parts: Sequence[set[str]], threshold: float) -> Iterator[tuple[int, int, float]]:
    """Give (earlier, later, Jaccard similarity) of sets that are at least as similar as the threshold.

    MinHash (Broder 1997) with locality-sensitive hashing proposes pairs; their similarity is exact.
    A pair right at the threshold may be missed, one below it is never given.

    Args:
        parts: The shingles of each text.
        threshold: From 0 to 1.
    """
    from datasketch import MinHash, MinHashLSH

    near = MinHashLSH(threshold=threshold, num_perm=_HASHES)
    for later, mine in enumerate(parts):
        signature = MinHash(num_perm=_HASHES, seed=_SEED)
        signature.update_batch([part.encode("utf-8", "surrogatepass") for part in mine])
        for earlier in sorted(near.query(signature)):
            score = len(mine & parts[earlier]) / len(mine | parts[earlier])
            if score >= threshold:
                yield earlier, later, score
        near.insert(later, signature)


def near_groups(parts: Sequence[set[str]], threshold: float) -> list[int]:
    """Give for each text the first one that it is near to, directly or through others.

    >>> near_groups([{"a", "b"}, {"c"}, {"a", "b"}], 0.9)
    [0, 1, 0]
    """
    first = list(range(len(parts)))

    def root(index: int) -> int:
        while first[index] != index:
            first[index] = first[first[index]]
            index = first[index]
        return index

    for earlier, later, _ in near_pairs(parts, threshold):
        one, other = sorted((root(earlier), root(later)))
        first[other] = one
    return [root(index) for index in range(len(parts))]


class OverlapIndex:
    """Sets of runs of words, and which of them share most with another set."""

    def __init__(self, sets: Sequence[set[str]]) -> None:
        self._sizes = [len(runs) for runs in sets]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for index, runs in enumerate(sets):
            for run in runs:
                self._places[run].append(index)

    def jaccard(self, runs: set[str]) -> tuple[int, float] | None:
        """Give the most similar set and its Jaccard similarity; None where nothing is shared."""
        shared = self._shared(runs)
        return max(
            ((index, n / (len(runs) + self._sizes[index] - n)) for index, n in shared.items()),
            key=lambda found: (found[1], -found[0]),
            default=None,
        )

    def contained(self, runs: set[str]) -> tuple[int, float] | None:
        """Give the set that shares most, and how much of the smaller of the two that is."""
        shared = self._shared(runs)
        return max(
            ((index, n / min(len(runs), self._sizes[index])) for index, n in shared.items()),
            key=lambda found: (found[1], -found[0]),
            default=None,
        )

    def _shared(self, runs: set[str]) -> Counter[int]:
        return Counter(index for run in runs for index in self._places.get(run, ()))
