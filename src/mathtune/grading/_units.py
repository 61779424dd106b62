"""Units and number words: tables, and the one function that reads a unit's name.

Factors are exact, to the SI unit of the same dimension. A dimension is a product of powers of letters:
L length, M mass, T time, A angle, I current, K temperature, N amount, $ money, B information.
"""

from __future__ import annotations

from fractions import Fraction

import attrs

__all__ = ["NUMBER_WORDS", "ORDINALS", "Unit", "is_unit_word", "read_number_words", "read_unit"]


@attrs.frozen
class Unit:
    """A dimension as sorted (letter, power) pairs, and the factor to the base units; a noun has none."""

    dimension: tuple[tuple[str, int], ...]
    factor: Fraction

    @property
    def is_noun(self) -> bool:
        """Whether this is a counted thing (ways, apples) and no unit of measure."""
        return not self.dimension


def _table(text: str) -> dict[str, tuple[str, Fraction]]:
    rows = {}
    for line in text.strip().splitlines():
        dimension, factor, *names = line.split()
        for name in names:
            rows[name] = (dimension, Fraction(factor))
    return rows


# dimension, factor, names
_UNITS = _table("""
L 1 m meter meters metre metres
L 1/100 cm centimeter centimeters centimetre centimetres
L 1/1000 mm millimeter millimeters millimetre millimetres
L 1/10 dm decimeter decimeters decimetre decimetres
L 1000 km kilometer kilometers kilometre kilometres
L 1/1000000 um micron microns micrometer micrometers
L 1/1000000000 nm nanometer nanometers
L 127/5000 in inch inches
L 381/1250 ft foot feet
L 1143/1250 yd yard yards
L 201168/125 mi mile miles
T 1 s sec secs second seconds
T 1/1000 ms millisecond milliseconds
T 60 min mins minute minutes
T 3600 h hr hrs hour hours
T 86400 day days
T 604800 week weeks
T 31557600 yr yrs year years
T 2629800 month months
M 1 kg kilogram kilograms kilo kilos
M 1/1000 g gram grams gm
M 1/1000000 mg milligram milligrams
M 1000 tonne tonnes ton tons
M 45359237/100000000 lb lbs pound pounds
M 45359237/1600000000 oz ounce ounces
A 1 rad radian radians rads
L3 1/1000 L l liter liters litre litres
L3 1/1000000 mL ml milliliter milliliters millilitre millilitres cc
L3 473176473/125000000000 gal gallon gallons
L3 473176473/500000000000 quart quarts
L3 473176473/1000000000000 pint pints
L3 473176473/2000000000000 cup cups
L2 10000 ha hectare hectares
L2 316160658/78125 acre acres
LT-1 201168/450000 mph
LT-1 5/18 kph kmh kmph
LT-1 1852/3600 knot knots
MLT-2 1 N newton newtons
MLT-2 1000 kN kilonewton kilonewtons
ML2T-2 1 J joule joules
ML2T-2 1000 kJ kilojoule kilojoules
ML2T-2 1000000 MJ megajoule megajoules
ML2T-2 4184/1000 cal calorie calories
ML2T-2 4184 kcal
ML2T-3 1 W watt watts
ML2T-3 1000 kW kilowatt kilowatts
ML2T-3 1000000 MW megawatt megawatts
ML-1T-2 1 Pa pascal pascals
ML-1T-2 1000 kPa kilopascal
ML-1T-2 1000000 MPa
ML-1T-2 101325 atm
T-1 1 Hz hertz
T-1 1000 kHz
T-1 1000000 MHz
I 1 A amp amps ampere amperes
I 1/1000 mA
TI 1 C coulomb coulombs
ML2T-3I-1 1 V volt volts
ML2T-3I-1 1/1000 mV
ML2T-3I-2 1 ohm ohms Ohm Ohms Omega
K 1 K kelvin kelvins
N 1 mol mole moles
$ 1 dollar dollars USD usd buck bucks
$ 1/100 cent cents penny pennies ¢
$ 1/20 nickel nickels
$ 1/10 dime dimes
$ 1/4 quarter quarters
E 1 euro euros EUR
P 1 pence_pound GBP
Y 1 yen rmb yuan RMB
R 1 rupee rupees Rs
B 1 bit bits
B 8 byte bytes
""")
_SHORT = {"m", "s", "h", "g", "L", "l", "N", "J", "W", "A", "C", "V", "K", "B", "in", "min"}
_NOUNS_WITHOUT_MEASURE = frozenset(["unit", "units", "u", "un"])

NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
NUMBER_WORDS.update(
    {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
)

ORDINALS = {
    word: Fraction(place)
    for place, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}

_POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}
_PER = frozenset(["per", "/", "a", "an", "each", "every"])
_FILLERS = frozenset(["of", "the", "approximately", "about", "total", "each", "long", "in"])


def read_number_words(words: str) -> Fraction | None:
    """`twenty five`, `one hundred and two`, `two thirds`.

    >>> read_number_words("three hundred and seven"), read_number_words("two thirds")
    (Fraction(307, 1), Fraction(2, 3))
    """
    parts = words.replace("-", " ").split()
    if len(parts) == 2 and parts[0] in NUMBER_WORDS and parts[1] in _PARTS:
        return Fraction(NUMBER_WORDS[parts[0]], _PARTS[parts[1]])
    total, current = 0, 0
    seen = False
    for part in parts:
        if part in NUMBER_WORDS:
            current += NUMBER_WORDS[part]
            seen = True
        elif part == "hundred" and seen:
            current *= 100
        elif part in ("thousand", "million") and seen:
            total += current * (1_000 if part == "thousand" else 1_000_000)
            current = 0
        elif part != "and" or not seen:
            return None
    return Fraction(total + current) if seen and len(parts) < 12 else None


_PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fourth": 4,
    "fourths": 4,
    "fifth": 5,
}
_PARTS.update(
    {
        "fifths": 5,
        "sixth": 6,
        "sixths": 6,
        "seventh": 7,
        "sevenths": 7,
        "eighth": 8,
        "eighths": 8,
        "tenths": 10,
    }
)


def is_unit_word(word: str) -> bool:
    """Whether a run of letters in plain text is the name of a unit (`cm`, `miles`), not a product."""
    known = word in _UNITS or (len(word) > 2 and word.lower() in _UNITS)
    return (known and word not in _SHORT) or word.lower() in _POWERS or word in _NOUNS_WITHOUT_MEASURE


def read_unit(text: str) -> Unit:
    """Read a unit's name; what is no unit of measure is a noun.

    >>> read_unit("square inches").factor == read_unit("inches^2").factor
    True
    >>> read_unit("apples").is_noun
    True
    """
    powers: dict[str, int] = {}
    factor = Fraction(1)
    sign, pending = 1, 1
    known = False
    last: str | None = None
    for raw in _words(text):
        if raw in ("per", "/") or (raw in _PER and known):
            sign = -1
            continue
        if raw.lower() in _POWERS:
            if raw.lower() in ("squared", "cubed") and last is not None:
                factor *= _raise(powers, last, (_POWERS[raw.lower()] - 1) * sign)
                continue
            pending = _POWERS[raw.lower()]
            continue
        name, power = _split_power(raw)
        if raw in ("*", "-") or name.lower() in _FILLERS:
            continue
        row = name if name in _UNITS else name.lower()
        if row not in _UNITS:
            pending = 1
            continue
        factor *= _raise(powers, row, power * pending * sign)
        known, last, pending = True, row, 1
    dimension = tuple(sorted((letter, count) for letter, count in powers.items() if count))
    return Unit(dimension, factor if dimension else Fraction(1))


def _raise(powers: dict[str, int], name: str, power: int) -> Fraction:
    dimension, factor = _UNITS[name]
    for letter, count in _dimension(dimension):
        powers[letter] = powers.get(letter, 0) + count * power
    return factor**power


def _dimension(text: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(text):
        letter, at = text[at], at + 1
        start = at
        while at < len(text) and (text[at] == "-" or text[at].isdigit()):
            at += 1
        found.append((letter, int(text[start:at] or "1")))
    return found


def _words(text: str) -> list[str]:
    for sign in "/*·⋅-":
        text = text.replace(sign, f" {'/' if sign == '/' else '*'} " if sign != "-" else "-")
    for sign in "()$\\,;~":
        text = text.replace(sign, " ")
    text = text.replace("{", "").replace("}", "")
    return [
        word.strip(".") for word in text.replace("^-", "^~").replace("-", " ").replace("^~", "^-").split()
    ]


def _split_power(word: str) -> tuple[str, int]:
    name, _, power = word.partition("^")
    if not power and name[-1:].isdigit() and name[:-1] in _UNITS:
        name, power = name[:-1], name[-1]
    try:
        return name, int(power) if power and len(power) < 3 else 1
    except ValueError:
        return name, 1
