"""The points at which functions are compared, from fixed tables: a verdict is the same in every process."""

from __future__ import annotations

import functools
from fractions import Fraction

__all__ = ["INTEGER_NAMES", "POINTS", "point"]

# Letters that stand for whole numbers by habit; the points give them integers.
INTEGER_NAMES = frozenset("nkmNMKl") | {"ell"}
# How many points there are.
POINTS = 26


def point(names: list[str], number: int, integers: frozenset[str], scale: Fraction) -> dict[str, Fraction]:
    """The point of this number: fixed fractions in one of several ranges, whole ones for integer variables.

    Where functions with kinks occur (`|x + 100|`), every other point reaches beyond the largest number
    written, the scale.
    """
    farthest = 2 * scale + 1 if scale > 1 and number % 2 else None
    places = {}
    for place, name in enumerate(names):
        if name.split("_")[0] in integers:
            large = name in ("n", "N")  # n stands for the larger number, as in n choose k
            place_in_row = (11 * number + 3 * place) % 29 if large else (5 * number + 4 * place) % 9
            places[name] = Fraction(place_in_row + (9 if large else 1))
        elif farthest is None:
            places[name] = _coordinate(number, place)
        else:
            places[name] = _between(-farthest, farthest, _mix(number, place))
    return places


@functools.lru_cache(maxsize=512)
def _coordinate(number: int, place: int) -> Fraction:
    """The value of the name at a place in the point of a number: most formulas have but a few names."""
    low, high, signed = _RANGES[number % len(_RANGES)]
    seed = _mix(number, place)
    value = _between(low, high, seed)
    return -value if signed and seed >> 20 & 1 else value


def _between(low: Fraction, high: Fraction, seed: int) -> Fraction:
    return low + (high - low) * Fraction(seed % 9973, 9973)


_RANGES = (
    (Fraction(1, 10), Fraction(9, 10), False),
    (Fraction(1, 5), Fraction(3), True),
    (Fraction(11, 10), Fraction(3), False),
    (Fraction(1, 10), Fraction(9, 10), True),
    (Fraction(-3), Fraction(-1, 10), False),
    (Fraction(3), Fraction(10), False),
    (Fraction(1, 10), Fraction(2), False),
    (Fraction(10), Fraction(60), False),
    (Fraction(1, 50), Fraction(1, 4), True),
)


def _mix(number: int, place: int) -> int:
    value = (number * 2654435761 + place * 40503 + 97) % (1 << 32)
    value = (value ^ value >> 15) * 2246822519 % (1 << 32)
    value = (value ^ value >> 13) * 3266489917 % (1 << 32)
    return value ^ value >> 16
