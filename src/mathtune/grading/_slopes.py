r"""Names of derivatives, by Leibniz, by primes and by dots: `dy/dx` is y', and `\frac{d^2y}{dx^2}` is y''."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Slope", "primed", "slope"]

_PRIMED = re.compile(r"([A-Za-z])('+)\Z")
_DOTTED = re.compile(r"\\(d{1,3})ot\{\\?([A-Za-z]+) ?\}\Z")
_POWER = r"(?:\^\(?(\d)\)?)?"
_LEIBNIZ = re.compile(rf"\(?[d∂]{_POWER} ?([A-Za-z]+)\)?/\(?[d∂] ?([A-Za-z]+){_POWER}\)?(?:_\((.+)\))?\Z")


class Slope(NamedTuple):
    """The function, the variable and the place (empty if they are not said) and the order of a derivative."""

    function: str
    variable: str
    order: int
    place: str = ""


def slope(name: str) -> Slope | None:
    """What a name says of a derivative; None if it names none.

    >>> slope("(d^2 y)/(d x^2)").order, slope("y'").function, slope("y")
    (2, 'y', None)
    """
    by_prime, by_dots, by_leibniz = _PRIMED.match(name), _DOTTED.match(name), _LEIBNIZ.match(name)
    if by_dots:
        return Slope(by_dots[2], "", len(by_dots[1]))
    if by_prime:
        return Slope(by_prime[1], "", len(by_prime[2]))
    if by_leibniz:
        return Slope(by_leibniz[2], by_leibniz[3], int(by_leibniz[1] or 1), by_leibniz[5] or "")
    return None


def primed(name: str) -> str:
    """The name with primes, where the variable is x; another variable is kept.

    >>> primed("dy/dx"), primed("(d y)/(d t)"), primed("AB/CD")
    ("y'", 'dy/dt', 'AB/CD')
    """
    found = slope(name)
    if found is None or not found.variable or found.place:
        return name
    if found.variable == "x":
        return found.function + "'" * found.order
    return f"d{found.order if found.order > 1 else ''}{found.function}/d{found.variable}"
