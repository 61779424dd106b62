"""How two expressions stand to each other."""

from __future__ import annotations

import enum

__all__ = ["Match"]


class Match(enum.Enum):
    """Equal, different, or not known."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
