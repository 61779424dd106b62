"""The normal form of a set of real numbers: intervals whose ends are exact expressions."""

from __future__ import annotations

import attrs

from mathtune.algebra import Constant, Expression, negate

__all__ = ["INFINITY", "MINUS_INFINITY", "Interval", "UnsolvableError"]

INFINITY = Constant("infty")
MINUS_INFINITY = negate(INFINITY)


class UnsolvableError(Exception):
    """The set is not one of real numbers that we can write as intervals."""


@attrs.frozen
class Interval:
    """From low to high; an end is closed if it belongs to the interval."""

    low: Expression
    low_closed: bool
    high: Expression
    high_closed: bool
