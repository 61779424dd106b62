"""What counts as the same answer: one frozen value that travels through the whole engine."""

from __future__ import annotations

import attrs

__all__ = ["Policy"]


@attrs.frozen(kw_only=True)
class Policy:
    """What counts as the same answer. The defaults are those that `docs/` gives reasons for.

    Attributes:
        relative_tolerance: Accept a number within this relative distance of the gold; 0 is exact.
        rounded_gold: Judge an answer that is more exact than a rounded decimal gold at the gold's digits.
        work: Units of work that one comparison may cost; beyond them the verdict is "undecided".

    >>> Policy() == Policy(relative_tolerance=0.0)
    True
    """

    relative_tolerance: float = 0.0
    rounded_gold: bool = True
    work: int = 20_000
