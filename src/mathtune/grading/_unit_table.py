"""The units of measure: names, dimensions and exact factors to the base units.

A dimension is a product of powers of letters: L length, M mass, T time, A angle, I current, K temperature,
N amount, O luminous intensity, B information, D level, U a unit without a name, and a letter for each
currency. Factors come from the SI brochure (9th edition, 2019) and the international yard and pound agreement
of 1959; a year has 365.25 days, a month is its twelfth.
"""

# ruff: noqa: RUF001  (a litre may be written with its own sign)

from __future__ import annotations

import functools
from fractions import Fraction

import attrs

__all__ = ["Row", "unit_row"]


@attrs.frozen
class Row:
    """One unit: its dimension, the factor to base units, a power of π in it, and a scale's zero point."""

    dimension: tuple[tuple[str, int], ...]
    factor: Fraction
    pi: int = 0
    zero: Fraction = Fraction(0)


# dimension, factor, names; a name of five letters or more that does not end in s has a plural in s
_ROWS = """
L 127/5000 in inch inches
L 381/1250 ft foot feet
L 1143/1250 yd yard yds yards
L 201168/125 mi mile miles
L 1852 nmi
L 1/1000000 micron μ
L 149597870700 AU au
L 9460730472580800 ly lightyear
L 1/10000000000 Å angstrom Angstrom
T 60 min mins minute
T 3600 h hr hrs hour
T 86400 d day days
T 604800 wk wks week weeks
T 1209600 fortnight
T 2629800 mo month
T 31557600 yr yrs year years
T 315576000 decade
T 3155760000 century centuries
M 1000 tonne ton tons
M 45359237/100000000 lb lbs pound
M 45359237/1600000000 oz ounce
M 1/5000 carat
M 166053906660/100000000000000000000000000000000000000 amu Da dalton u
A 1 rad rads radian
L3 1/1000000 cc
L3 473176473/125000000000 gal gals gallon
L3 473176473/500000000000 qt qts quart
L3 473176473/1000000000000 pt pts pint pints
L3 473176473/2000000000000 cup cups
L3 473176473/16000000000000 floz
L3 473176473/32000000000000 tbsp tablespoon
L3 473176473/96000000000000 tsp teaspoon
L2 10000 ha hectare
L2 316160658/78125 acre acres
LT-1 201168/450000 mph
LT-1 5/18 kph kmh kmph
LT-1 1852/3600 knot knots
LT-1 299792458 lightspeed
L-2 48000000000/112903 mpg
ML2T-2 4184/1000 cal calorie
ML2T-2 4184 kcal Cal kilocalorie
ML2T-2 52752792631/50000000 BTU btu
ML2T-3 37284993579113511/50000000000000 hp horsepower
MLT-2 1/100000 dyn dyne
MLT-2 980665/100000 kgf
MLT-2 8896443230521/2000000000000 lbf
ML2T-2 1/10000000 erg
MT-2I-1 1/10000 gauss
T-1 37000000000 Ci curie
ML-1T-2 101325 atm atmosphere
ML-1T-2 20265/152 torr Torr mmHg
ML-1T-2 8896443230521/1290320000 psi
$ 1 dollar usd buck bucks
$ 1/100 cent cents penny pennies ¢
$ 1/20 nickel
$ 1/10 dime dimes
$ 1/4 quarter
E 1 euro euros eur
E 1/100 eurocent
P 1 gbp quid sterling
P 1/100 pence
Y 1 yen jpy yensign
C 1 yuan rmb cny
R 1 rupee rs Rs RS inr
Q 1 ruble rouble rub
B 8000 KB
L 1 米
L 1000 千米 公里 kms
L 1/10 分米
L 1/100 厘米 cms
L 1/1000 毫米
T 1 秒 초
T 60 分钟 분
T 3600 小时 시간
T 86400 天
M 1 千克 公斤 kgs
M 1/1000 克 gms
M 1000 吨
L3 1/1000 升
L3 1/1000000 毫升 mls
L2 1 平方米
L2 1000000 平方千米
L2 1/10000 平方厘米
L3 1 立方米
L3 1/1000000 立方厘米
C 1 元
C 1/10 角
T 3600 Stunde Stunden heure heures hora horas ora ore час часа часов
T 60 Minute Minuten minuto minutos minuti минута минуты минут
T 1 Sekunde Sekunden seconde secondes segundo segundos секунда секунды секунд
T 86400 Tag Tage Tagen jour jours día días giorno giorni день дня дней
D 1 dB decibel
U 1 unit units un
"""

# dimension, factor, short names | long names: these take the prefixes of the SI, short or long.
_SI = """
L 1 m | meter metre
M 1/1000 g gm | gram gramme
T 1 s sec secs | second
I 1 A | amp ampere
K 1 K | kelvin
N 1 mol | mole
L3 1/1000 L l ℓ | liter litre
MLT-2 1 N | newton
ML2T-2 1 J | joule
ML2T-3 1 W | watt
ML-1T-2 1 Pa | pascal
ML-1T-2 100000 bar | bar
T-1 1 Hz | hertz
TI 1 C | coulomb
ML2T-3I-1 1 V | volt
ML2T-3I-2 1 Ω Omega ohm | ohm Ohm
M-1L-2T3I2 1 S | siemens
M-1L-2T4I2 1 F | farad
ML2T-2I-2 1 H | henry henries
MT-2I-1 1 T | tesla
ML2T-2I-1 1 Wb | weber
ML2T-2 1602176634/10000000000000000000000000000 eV | electronvolt
ML2T-2 3600 Wh | watthour
NL-3 1000 M | molar
NT-1 1 kat | katal
L2T-2 1 Gy |
L2T-2 1 Sv | sievert
T-1 1 Bq | becquerel
O 1 cd | candela
O 1 lm | lumen
OL-2 1 lx | lux
B 8 B | byte
B 1 b | bit
BT-1 1 bps |
"""

_SHORT_PREFIXES = {
    "Y": 24,
    "Z": 21,
    "E": 18,
    "P": 15,
    "T": 12,
    "G": 9,
    "M": 6,
    "k": 3,
    "h": 2,
    "da": 1,
    "d": -1,
    "c": -2,
    "m": -3,
    "μ": -6,
    "µ": -6,
    "u": -6,
    "n": -9,
    "p": -12,
    "f": -15,
}
_LONG_PREFIXES = {
    "tera": 12,
    "giga": 9,
    "mega": 6,
    "kilo": 3,
    "hecto": 2,
    "deca": 1,
    "deci": -1,
    "centi": -2,
    "milli": -3,
    "micro": -6,
    "nano": -9,
    "pico": -12,
    "femto": -15,
}


def _dimension(text: str) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(text):
        letter, at = text[at], at + 1
        start = at
        while at < len(text) and (text[at] == "-" or text[at].isdecimal()):
            at += 1
        found.append((letter, int(text[start:at] or "1")))
    return tuple(found)


def _with_plurals(names: list[str], *, longer_than: int) -> list[str]:
    return names + [f"{name}s" for name in names if len(name) > longer_than and name[-1] not in "sz"]


def _plain_rows() -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for line in _ROWS.strip().splitlines():
        dimension, factor, *names = line.split()
        row = Row(_dimension(dimension), Fraction(factor))
        rows.update(dict.fromkeys(_with_plurals(names, longer_than=3), row))
    zero = Fraction(27315, 100)
    angle, heat = _dimension("A"), _dimension("K")
    rows["degree"] = rows["degrees"] = rows["deg"] = rows["°"] = Row(angle, Fraction(1, 180), 1)
    rows["rev"] = rows["revolution"] = rows["revolutions"] = rows["turn"] = Row(angle, Fraction(2), 1)
    rows["rpm"] = Row(_dimension("AT-1"), Fraction(1, 30), 1)
    rows["celsius"] = Row(heat, Fraction(1), 0, zero)
    rows["fahrenheit"] = Row(heat, Fraction(5, 9), 0, Fraction(45967, 100))
    return rows


def _prefixable() -> tuple[dict[str, Row], dict[str, Row]]:
    short: dict[str, Row] = {}
    long: dict[str, Row] = {}
    for line in _SI.strip().splitlines():
        left, _, right = line.partition("|")
        dimension, factor, *names = left.split()
        row = Row(_dimension(dimension), Fraction(factor))
        short.update(dict.fromkeys(names, row))
        long.update(dict.fromkeys(_with_plurals(right.split(), longer_than=2), row))
    return short, long


_NAMED = _plain_rows()
_SHORT, _LONG = _prefixable()


@functools.lru_cache(maxsize=1_024)  # the same few words again and again
def unit_row(name: str) -> Row | None:
    """The unit of a name, as it is written or in small letters; None for a word that is no unit.

    >>> unit_row("km").factor, unit_row("Megajoules").factor, unit_row("apples")
    (Fraction(1000, 1), Fraction(1000000, 1), None)
    """
    row = _NAMED.get(name) or _SHORT.get(name) or _LONG.get(name)
    if row is not None:
        return row
    if len(name) < 7:
        for prefix in (name[:2], name[:1]):
            base = _SHORT.get(name[len(prefix) :]) if prefix in _SHORT_PREFIXES else None
            if base is not None:
                return _scaled(base, _SHORT_PREFIXES[prefix])
    lower = name.lower()
    if len(name) > 2 and lower != name:
        return unit_row(lower)
    for size in _LENGTHS:
        if lower[:size] in _LONG_PREFIXES and lower[size:] in _LONG:
            return _scaled(_LONG[lower[size:]], _LONG_PREFIXES[lower[:size]])
    return _OTHER_NAMES.get(lower)


def _scaled(row: Row, power: int) -> Row:
    scale = Fraction(10**power) if power > 0 else Fraction(1, 10**-power)
    return attrs.evolve(row, factor=row.factor * scale)


_LENGTHS = sorted(set(map(len, _LONG_PREFIXES)))
_KILOGRAM = _scaled(_SHORT["g"], 3)
_OTHER_NAMES = {"kilo": _KILOGRAM, "kilos": _KILOGRAM, "mcg": _scaled(_SHORT["g"], -6)}
