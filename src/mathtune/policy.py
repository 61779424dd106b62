"""What counts as the same answer: one frozen value that travels through the whole engine."""

from __future__ import annotations

import attrs

__all__ = ["Policy"]


@attrs.frozen(kw_only=True)
class Policy:
    """What counts as the same answer. The defaults are those that `docs/` gives reasons for.

    Attributes:
        relative_tolerance: Accept a number within this relative distance of the gold; 0 is exact.

    >>> Policy() == Policy(relative_tolerance=0.0)
    True
    """

    relative_tolerance: float = 0.0
