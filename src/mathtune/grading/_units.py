"""The one function that reads a unit's name: `km/h`, `square inches`, `kg m s^-2`, `dollars per hour`."""

# ruff: noqa: RUF001  (µ and μ are two signs of one prefix)
from __future__ import annotations

import functools
import re
from fractions import Fraction

import attrs

from ._unit_table import unit_row

__all__ = ["Unit", "is_unit_word", "read_unit", "units_beside"]


@attrs.frozen
class Unit:
    """A dimension as sorted (letter, power) pairs, and the factor to the base units; a noun has none.

    `pi` is a power of π that belongs to the factor; `zero` is where the scale of a temperature begins.
    """

    dimension: tuple[tuple[str, int], ...]
    factor: Fraction
    pi: int = 0
    zero: Fraction = Fraction(0)

    @property
    def is_noun(self) -> bool:
        """Whether this is a counted thing (ways, apples) and no unit of measure."""
        return all(letter == "U" for letter, _power in self.dimension) and not self.is_quotient

    @property
    def is_quotient(self) -> bool:
        """Whether the dimensions cancel, and their factors do not: `miles/m`."""
        return not self.dimension and self.factor != 1

    def fits(self, other: Unit) -> bool:
        """Whether both measure the same: radians have no dimension beside others, and `units` have any."""
        if self.is_noun != other.is_noun:
            return True
        return self.dimension == other.dimension or (_without_angle(self) == _without_angle(other) != ())


def _without_angle(unit: Unit) -> tuple[tuple[str, int], ...]:
    return tuple(pair for pair in unit.dimension if pair[0] != "A")


_POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}
_PER = frozenset(["per", "/"])
_EACH = frozenset(["a", "an", "each", "every"])
_FILLERS = frozenset(["of", "the", "approximately", "about", "total", "long", "and", "*", "-"])
_NOUNS_WITHOUT_MEASURE = frozenset(["unit", "units", "un"])

# Short names that plain text may hold as a unit: other runs of two letters are products of letters.
_PLAIN_SHORT = frozenset(
    [
        "cm",
        "mm",
        "km",
        "nm",
        "dm",
        "um",
        "kg",
        "mg",
        "ms",
        "mL",
        "ml",
        "dL",
        "cL",
        "kL",
        "kN",
        "kJ",
        "MJ",
        "kW",
        "MW",
        "Hz",
        "mA",
        "mV",
        "kV",
        "Pa",
        "eV",
        "GB",
        "MB",
        "KB",
        "kB",
        "TB",
        "Mb",
        "Gb",
        "kb",
        "uF",
        "uC",
        "uA",
        "mF",
        "mH",
        "mT",
        "mW",
        "mJ",
        "mM",
        "mC",
        "kA",
        "GW",
        "MV",
        "nA",
        "pC",
        "uH",
        "uV",
        "nC",
        "pF",
        "nF",
        "cc",
        "ft",
        "yd",
        "mi",
        "lb",
        "oz",
        "hr",
        "yr",
        "wk",
        "qt",
        "ha",
        "gm",
        "Rs",
        "Wb",
    ]
)

_PART = re.compile(
    r"[A-Za-zµμΩℓÅ°¢í\u0430-\u044f\u4e00-\u9fff\uac00-\ud7a3]+|\^[({]{0,2}-?\d+[)}]{0,2}|[²³]|⁻[¹²³]|\d+|[/*·⋅×()-]"
)
_SUPERSCRIPTS = {"²": 2, "³": 3, "⁻¹": -1, "⁻²": -2, "⁻³": -3}
# Words that are one unit together; in small letters, so that no sign of a unit is lost.
_TOGETHER = re.compile(
    r"\b(?:degrees?|deg)\s*(celsius|centigrade|fahrenheit|kelvin|[CFK])\b|°\s*([CFK])\b"
    r"|\b(fl)(?:uid)?[\s.]*(?:oz|ounces?)\b|\b(light)[- ]?years?\b|\bspeed of light\b|\bmm Hg\b"
    r"|\bkg(?=m\b)|\belectron[- ]volts?\b|\b(?:mu|(?-i:([kMGm])))\s+Omega\b|\bmu\s+(?=[a-z])",
    re.IGNORECASE,
)
_SCALES_OF_HEAT = {"c": "celsius", "f": "fahrenheit", "k": "kelvin", "centigrade": "celsius"}


def is_unit_word(word: str) -> bool:
    """Whether a run of letters in plain text is the name of a unit (`cm`, `miles`), not a product."""
    lower = word.lower()
    if lower in _POWERS or word in _NOUNS_WITHOUT_MEASURE:
        return True
    if len(word) < 3:
        return word in _PLAIN_SHORT
    return word != "min" and (not word.isupper() or len(word) == 3) and unit_row(word) is not None


@functools.lru_cache(maxsize=1024)  # the same few hundred names again and again
def read_unit(text: str) -> Unit:
    """Read a unit's name; what is no unit of measure is a noun.

    >>> read_unit("square inches").factor == read_unit("inches^2").factor
    True
    >>> read_unit("N").dimension == read_unit("kg m/s^2").dimension
    True
    >>> read_unit("apples").is_noun
    True
    """
    plain = text.replace("**", "^").replace("\\Omega", "Omega").replace("\\mu", "mu ")
    return _Reader().read(_PART.findall(_TOGETHER.sub(_one_word, plain)))


def units_beside(name: str, other: str) -> tuple[Unit, Unit]:
    """Two units' names: of a name with two meanings the one that fits the other side.

    >>> first, second = units_beside("pounds", "pence")
    >>> first.fits(second), first.fits(read_unit("kg"))
    (True, False)
    """
    first, second = read_unit(name), read_unit(other)
    if first.dimension == second.dimension:
        return first, second
    return _meant_beside(name, second) or first, _meant_beside(other, first) or second


def _meant_beside(name: str, other: Unit) -> Unit | None:
    for said, beside, meant in _TWO_MEANINGS:
        if any(letter == beside for letter, _power in other.dimension) and said.search(name):
            return read_unit(said.sub(meant, name))
    return None


# A name, the letter of the dimension beside which it has another meaning, and a name of only that meaning.
_TWO_MEANINGS = (
    (re.compile(r"\bpounds?\b"), "P", "sterling"),
    (re.compile(r"\byensign\b"), "C", "yuan"),
)


def _one_word(found: re.Match[str]) -> str:
    scale = found[1] or found[2]
    if scale:
        return _SCALES_OF_HEAT.get(scale.lower(), scale.lower())
    if found[0].lower().startswith(("electron", "mm")):
        return "mmHg" if found[0][0] in "mM" else "eV"
    if found[0].lower() == "kg":
        return "kg "  # kgm/s
    if found[3] or found[4]:
        return "floz" if found[3] else "lightyear"
    if found[0].startswith("mu") or found[5]:
        return (found[5] or "μ") + ("Ω" if found[0].endswith("a") else "")
    return "lightspeed"


class _Reader:
    """Reads one unit from left to right: a slash holds for all that follows it, up to a sign of times."""

    def __init__(self) -> None:
        self.powers: dict[str, int] = {}
        self.factor = Fraction(1)
        self.pi = 0
        self.zeros: list[Fraction] = []

    def read(self, parts: list[str]) -> Unit:
        sign, pending, depth = 1, 1, 0
        last: str | None = None
        for at, part in enumerate(parts):
            if part in _PER or (part in _EACH and last is not None):
                sign = -1
            elif part in "()":
                depth += 1 if part == "(" else -1
            elif part in "*·⋅×" and depth == 0:
                sign = 1
            elif part.lower() in ("squared", "cubed") and last is not None:
                self._raise(last, (_POWERS[part.lower()] - 1) * sign)
            elif part.lower() in _POWERS:
                pending = _POWERS[part.lower()]
            elif unit_row(part) is not None and not _is_filler(parts, at, last):
                self._raise(part, _power(parts, at + 1) * pending * sign)
                last, pending = part, 1
            elif part[0].isalpha():
                pending = 1
        return self._unit()

    def _raise(self, name: str, power: int) -> None:
        row = unit_row(name)
        if row is None:
            return
        for letter, count in row.dimension:
            self.powers[letter] = self.powers.get(letter, 0) + count * power
        self.factor *= row.factor if power == 1 else row.factor**power
        self.pi += row.pi * power
        self.zeros.append(row.zero)

    def _unit(self) -> Unit:
        dimension = tuple(sorted((letter, count) for letter, count in self.powers.items() if count))
        zero = self.zeros[0] if len(self.zeros) == 1 and dimension == (("K", 1),) else Fraction(0)
        return Unit(dimension, self.factor, self.pi, zero)


def _is_filler(parts: list[str], at: int, last: str | None) -> bool:
    """`hours in total`: no inches."""
    followed = at + 1 < len(parts) and parts[at + 1][0].isalpha()
    return parts[at].lower() in _FILLERS or (parts[at] == "in" and last is not None and followed)


# A power beyond this is no unit's.
_HIGHEST_POWER = 9


def _power(parts: list[str], at: int) -> int:
    """The power that stands behind a name: `^2`, `²`, or the bare digit of `m2`."""
    part = parts[at] if at < len(parts) else ""
    if part in _SUPERSCRIPTS:
        return _SUPERSCRIPTS[part]
    digits = part.strip("^(){}")
    if part[:1] == "^" or part in ("2", "3"):
        power = int(digits) if len(digits) < 3 else 1
        return power if 0 < abs(power) <= _HIGHEST_POWER else 1
    return 1
