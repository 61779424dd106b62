r"""Names of derivatives, by Leibniz, by primes, by dots and by ∂: `\dot x` is `dx/dt`.

One derivative has one name, whatever it was written with; only primes do not say their variable, which the
other answer may tell (`said_as`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Slope", "at_letter", "by_index", "named_slope", "order_of", "said_as", "slope"]

_PRIMED = re.compile(r"([A-Za-z]+)('+)\Z")
_DOTTED = re.compile(r"\\(d{1,3})ot\{\\?([A-Za-z]+) ?\}\Z")
_POWER = r"(?:\^\(?(\d)\)?)?"
_LEIBNIZ = re.compile(rf"\(?d{_POWER} ?([A-Za-z]+)\)?/\(?d ?([A-Za-z]+){_POWER}\)?(?:_\((.+)\))?\Z")
# (partial^2 u)/(partial x partial y), in one variable or in several
_PARTIAL = re.compile(
    r"\(?partial(?:\^(\d))? ([A-Za-z]+)\)?/\(?((?:partial [A-Za-z]{1,9}(?:\^\d)? ?){1,4})\)?\Z"
)
_IN_ONE = re.compile(r"partial ([A-Za-z]{1,9})(?:\^(\d))?")
# The names that this module gives.
_IN_FULL = re.compile(r"d(\d?)([A-Za-z]+)/d([A-Za-z]+)\Z")
_INDEXED = re.compile(r"([A-Za-z]|[a-z]{2,7})_([a-z]{1,4})\Z")


class Slope(NamedTuple):
    """The function, the variable and the place (empty if they are not said) and the order of a derivative.

    A partial derivative has the signs of its variables in order, each as often as it is taken: ∂xy.
    """

    function: str
    variable: str
    order: int
    place: str = ""


def slope(name: str) -> Slope | None:
    """What a name says of a derivative; None if it names none.

    >>> slope("(d^2 y)/(d x^2)").order, slope("y'").function, slope("y")
    (2, 'y', None)
    >>> slope("(partial^2 u)/(partial y partial x)").variable
    '∂xy'
    """
    if "/" not in name and "'" not in name and "\\" not in name:
        return None  # as most names
    if name.startswith(("partial", "(partial")):
        return _partial_slope(name)
    by_prime, by_dots, by_leibniz = _PRIMED.match(name), _DOTTED.match(name), _LEIBNIZ.match(name)
    if by_dots:
        return Slope(by_dots[2], "t", len(by_dots[1]))
    if by_prime:
        return Slope(by_prime[1], "", len(by_prime[2]))
    if by_leibniz and by_leibniz[1] == by_leibniz[4]:
        return Slope(by_leibniz[2], by_leibniz[3], int(by_leibniz[1] or 1), by_leibniz[5] or "")
    return None


def _partial_slope(name: str) -> Slope | None:
    found = _PARTIAL.match(name)
    if found is None:
        return None
    variables = [letter for letter, times in _IN_ONE.findall(found[3]) for _ in range(int(times or 1))]
    if len(variables) != int(found[1] or 1):
        return None
    return Slope(found[2], "∂" + "".join(sorted(variables)), len(variables))


def named_slope(name: str) -> str:
    r"""The one name of a derivative whose variable is said; any other name is itself.

    >>> named_slope("dy/dx"), named_slope("(d y)/(d t)"), named_slope(r"\ddot{y}"), named_slope("AB/CD")
    ('dy/dx', 'dy/dt', 'd2y/dt', 'AB/CD')
    """
    found = slope(name)
    return name if found is None or not found.variable or found.place else _name_of(found)


def at_letter(function: str, letter: str) -> str | None:
    """The name of x'(t), given as the function x' and its letter; None if the function has no primes.

    >>> at_letter("x''", "t"), at_letter("f'", "x"), at_letter("f", "x")
    ('d2x/dt', 'df/dx', None)
    """
    found = slope(function) if function.endswith("'") else None
    return None if found is None else _name_of(found._replace(variable=letter))


def _name_of(found: Slope) -> str:
    if found.variable.startswith("∂"):
        return f"∂{found.function}/{found.variable}"
    return f"d{found.order if found.order > 1 else ''}{found.function}/d{found.variable}"


def order_of(name: str) -> int:
    """How often a name says that a function is derived.

    >>> order_of("x''"), order_of("d2x/dt"), order_of("x")
    (2, 2, 0)
    """
    full = _IN_FULL.match(name) if "/" in name else None
    found = slope(name) if full is None else None
    return int(full[1] or 1) if full else 0 if found is None else found.order


def by_index(name: str) -> str | None:
    """The partial derivative that `u_xx` may be; None for other names.

    >>> by_index("u_yx"), by_index("u_1")
    ('∂u/∂xy', None)
    """
    found = _INDEXED.match(name)
    return f"∂{found[1]}/∂{''.join(sorted(found[2]))}" if found else None


def said_as(name: str, own: frozenset[str], shown: frozenset[str]) -> str | None:
    """The other side's name of a derivative, where this side's leaves its variable or its kind open.

    Args:
        name: A name with primes or with an index.
        own: All names of its side.
        shown: Those of the other.

    >>> said_as("x''", frozenset(["x''"]), frozenset(["d2x/dt", "x"]))
    'd2x/dt'
    """
    partial = by_index(name)
    if partial is not None:
        return partial if partial in shown else None
    found = slope(name) if name.endswith("'") else None
    if found is None:
        return None
    for other in shown:
        full = _IN_FULL.match(other)
        if full is None or (full[2], int(full[1] or 1)) != (found.function, found.order):
            continue
        if full[2] == full[3]:
            continue  # dx/dx
        if full[3] == "x" or "x" not in own or "x" in _functions(own):
            return other  # beside another x the prime is the slope over that
    return None


def _functions(names: frozenset[str]) -> set[str]:
    return {found.function for found in map(slope, names) if found is not None}
