"""Two numbers or formulas, with their units, digits and tolerance."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from fractions import Fraction

from mathtune.algebra import (
    Constant,
    Expression,
    Match,
    Multiply,
    Rational,
    Variable,
    add,
    divide,
    multiply,
    power,
    rational,
    symbols,
)

from ._calendar import CLOCK, COLON
from ._finding import OTHER, OTHER_KIND, SAME, UNKNOWN, Finding, Task
from ._letter_units import factors_of, in_full, unit_less, with_letter_unit
from ._measures import CURRENCIES
from ._numerals import DEGREE
from ._phrases import are_opposed
from ._points import letters_of, roman_value, same_name
from ._rounding import is_rounded_as_asked, nearness
from ._units import Unit, read_unit, units_beside
from ._values import Quantity
from ._verdict import Reason

__all__ = ["MODULO", "match_quantities"]

# In front of the modulus of a class of remainders, which stands like a unit behind the remainder.
MODULO = "mod "


def match_quantities(task: Task, gold: Quantity, given: Quantity) -> Finding:
    """Numbers and formulas; units are converted if both have them, and ignored if one has none."""
    if _is_base(gold) or _is_base(given):
        return _based(task, gold, given)
    if gold.unit == given.unit:
        return _in_asked_unit(task, gold, given) or _scalars(task, gold.expression, given.expression)
    if _is_time(gold) or _is_time(given):
        return _times(task, gold, given)
    if "degree" in (gold.unit, given.unit):
        return _degrees(task, gold, given)
    if "percent" in (gold.unit, given.unit):
        return _percents(task, gold, given)
    if gold.unit is None or given.unit is None:
        gold, given = _spelt_out(gold, given), _spelt_out(given, gold)
        unit = read_unit(gold.unit or given.unit or "")
        if not unit.is_noun:
            first, second = (_with_asked_unit(task, with_letter_unit(v, unit), unit) for v in (gold, given))
            if first.unit is not None and second.unit is not None:
                return _measures(task, first, second)
        if task.policy.units == "strict" and not unit.is_noun:
            return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
        return _scalars(task, gold.expression, given.expression)
    return _measures(task, gold, given)


def _spelt_out(value: Quantity, other: Quantity) -> Quantity:
    """`2nm` as a product beside a formula in n and m."""
    unit = value.unit or ""
    letters = symbols(other.expression)
    if not letters or len(letters) != len(unit) or letters != set(unit):
        return value
    return Quantity(multiply(value.expression, *map(Variable, unit)))


def _in_asked_unit(task: Task, gold: Quantity, given: Quantity) -> Finding | None:
    """`150 m` beside a bare 150, where the problem asks for centimetres; None where nothing is asked."""
    kinds = {type(gold.expression), type(given.expression)}
    if kinds != {Rational, Multiply} or gold.unit is not None or task.asked.unit is None:
        return None
    first, second = (
        Quantity(side.expression, task.asked.unit)
        if type(side.expression) is Rational
        else with_letter_unit(side)
        for side in (gold, given)
    )
    return None if first.unit is None or second.unit is None else _measures(task, first, second)


def _with_asked_unit(task: Task, value: Quantity, other: Unit) -> Quantity:
    """A bare number is in the unit that the problem asks for, where the other side's unit is of that kind."""
    asked = task.asked.unit if value.unit is None else None
    return value if asked is None or not read_unit(asked).fits(other) else Quantity(value.expression, asked)


def _is_time(value: Quantity) -> bool:
    return _kind(value) in (CLOCK, COLON)


def _times(task: Task, gold: Quantity, given: Quantity) -> Finding:
    """4:30 beside a time of day is one; beside a duration it is that, and a ratio beside anything else."""
    if any(_kind(value) == CLOCK for value in (gold, given)):
        return _clocks(gold, given)
    colon, other = (gold, given) if _kind(gold) == COLON else (given, gold)
    other = with_letter_unit(other)
    measured = read_unit(other.unit or "")
    if measured.dimension != _TIME:
        return _scalars(task, gold.expression, given.expression)
    seconds = multiply(other.expression, Rational(measured.factor))
    count = Fraction((colon.unit or "").split()[1])
    return SAME if seconds in (Rational(count * 60), Rational(count)) else OTHER


def _kind(value: Quantity) -> str:
    return (value.unit or "").partition(" ")[0]


def _clocks(gold: Quantity, given: Quantity) -> Finding:
    """4:30 p.m. is 4:30 and 16:30, but not 4:30 a.m."""
    first, second = _minutes(gold), _minutes(given)
    if first is None or second is None:
        return OTHER_KIND
    if first == second:
        return SAME
    apart = (first - second) % _HALF_DAY == 0
    unsaid = [time for value, time in ((gold, first), (given, second)) if not _says_half(value)]
    if apart and any(time < _ONE_O_CLOCK for time in unsaid):
        return SAME
    return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT) if apart else OTHER


_TIME = (("T", 1),)
_HALF_DAY = 12 * 60
_ONE_O_CLOCK = 13 * 60  # before it a time without a.m. or p.m. may be either


def _says_half(value: Quantity) -> bool:
    return value.unit in (f"{CLOCK} am", f"{CLOCK} pm")


def _minutes(value: Quantity) -> Fraction | None:
    """The minutes since midnight that a time, a colon or a bare hour means."""
    kind, _, rest = (value.unit or "").partition(" ")
    if kind == COLON:
        return Fraction(rest)
    if not isinstance(value.expression, Rational):
        return None
    number = value.expression.value
    if kind == CLOCK:
        return number
    if value.unit is not None:
        return None  # 9 min is no time of day
    return number * 60 if number.denominator == 1 and 0 < number <= 24 else None


def _is_base(value: Quantity) -> bool:
    unit = value.unit
    return unit is not None and unit.startswith("base ") and unit[5:].isdecimal()  # and no "base angles"


def _based(task: Task, gold: Quantity, given: Quantity) -> Finding:
    """`52_8` is not 52; where the problem asks for base 8, a bare 52 is read in base 8."""
    if gold.unit == given.unit:
        return _scalars(task, gold.expression, given.expression)
    if _is_base(gold) and _is_base(given):
        same = task.same(gold.expression, given.expression) is Match.EQUAL
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_FORM if same else Reason.DIFFERENT_VALUE)
    based, bare = (gold, given) if _is_base(gold) else (given, gold)
    base = int((based.unit or "base 10")[5:])
    if task.asked.base == base:
        return SAME if _digits_in(based.expression, base) == _digits_in(bare.expression, 10) else OTHER
    return _scalars(task, gold.expression, given.expression)


def _digits_in(value: Expression, base: int) -> str | None:
    if (
        not isinstance(value, Rational)
        or value.value.denominator != 1
        or value.value < 0
        or value.value >= 10**60
    ):
        return None
    number, digits = int(value.value), ""
    while number:
        number, digit = divmod(number, base)
        digits = ("0123456789abcdefghijklmnopqrstuvwxyz"[digit]) + digits
    return digits or "0"


def _measures(task: Task, gold: Quantity, given: Quantity) -> Finding:
    """Two measures: the given one is converted to the gold's unit."""
    first, second = units_beside(gold.unit or "", given.unit or "")
    if gold.unit != given.unit and all((side.unit or "").startswith(MODULO) for side in (gold, given)):
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    if are_opposed(gold.unit or "", given.unit or "") or _turns(gold.unit or "", given.unit or ""):
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    if _is_price(gold.unit or "", given.unit or "") or _is_price(given.unit or "", gold.unit or ""):
        return _scalars(task, gold.expression, given.expression)
    measured = not (first.is_noun or second.is_noun)
    if (measured or (first.dimension and second.dimension)) and not first.fits(second):
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    if _counts_others(gold.unit or "", second) or _counts_others(given.unit or "", first):
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    if first.is_noun or second.is_noun:
        return _scalars(task, gold.expression, given.expression)
    if first == second:
        return _scalars(task, gold.expression, given.expression)
    return _scalars(task, gold.expression, _converted(given.expression, second, first))


def _turns(unit: str, other: str) -> bool:
    """Whether cycles stand beside radians: 5 Hz are no 5 rad/s, though both are so many per second."""
    return ("Hz" in unit and "rad" in other) or ("Hz" in other and "rad" in unit)


def _is_price(amount: str, rate: str) -> bool:
    """`$12` for `$12 per hour`: what a price is for is often left out."""
    _, named, what_for = rate.partition(f"{amount} ")
    return amount in CURRENCIES and bool(named) and what_for.startswith(("per ", "/ ", "each", "a "))


def _counts_others(words: str, other: Unit) -> bool:
    """Whether one word counts things, as `points`, where the other side has a unit of measure, as feet."""
    if other.is_noun:
        return False
    dimension = read_unit(words).dimension
    if dimension:  # `square units` measure areas
        return dimension == (("U", 2),) and other.dimension != (("L", 2),)
    return words.isalpha() and len(words) > 3 and words.endswith("s") and words not in ("units", "times")


def _converted(value: Expression, unit: Unit, wanted: Unit) -> Expression:
    """A value in another unit; only temperatures have scales that begin elsewhere."""
    above = add(value, Rational(unit.zero)) if unit.zero else value
    scaled = multiply(above, Rational(unit.factor / wanted.factor))
    if unit.pi != wanted.pi:
        scaled = multiply(scaled, power(Constant("pi"), rational(unit.pi - wanted.pi)))
    return add(scaled, Rational(-wanted.zero)) if wanted.zero else scaled


def _degrees(task: Task, gold: Quantity, given: Quantity) -> Finding:
    r"""`45^\circ` is 45 where no unit is given, and \pi/4 where the other side is in radians."""
    if "percent" in (gold.unit, given.unit):
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    if gold.unit is not None and given.unit is not None:
        return _measures(task, gold, given)
    if _has_letter_unit(gold, given):
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    plain = _scalars(task, gold.expression, given.expression)
    if plain.equal:
        return plain
    first = multiply(gold.expression, DEGREE) if gold.unit == "degree" else gold.expression
    second = multiply(given.expression, DEGREE) if given.unit == "degree" else given.expression
    return _scalars(task, first, second)


def _has_letter_unit(gold: Quantity, given: Quantity) -> bool:
    """Whether `5 m` stands beside `5°` or `5%`; C, F and K may be degrees of temperature."""
    marked, bare = (gold, given) if given.unit is None else (given, gold)
    if type(marked.expression) is not Rational or type(bare.expression) is not Multiply:
        return False
    unit = with_letter_unit(bare).unit
    return unit is not None and unit[0] not in "CFK"


def _percents(task: Task, gold: Quantity, given: Quantity) -> Finding:
    r"""`28\%` is 0.28, and 28 where the sign was left out."""
    if (gold.unit is not None and given.unit is not None) or _has_letter_unit(gold, given):
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    plain = _scalars(task, gold.expression, given.expression)
    if plain.equal and task.policy.percent == "either":
        return plain
    if gold.unit == "percent":
        return _scalars(task, gold.expression, _scaled(given.expression, 100))
    return _scalars(task, _scaled(gold.expression, 100), given.expression)


def _scaled(value: Expression, factor: int) -> Expression:
    scaled = multiply(value, rational(factor))
    if isinstance(value, Rational) and isinstance(scaled, Rational) and value.digits is not None:
        return Rational(scaled.value, max(value.digits - 2, 0))
    return scaled


def _scalars(task: Task, gold: Expression, given: Expression) -> Finding:
    found = task.same(gold, given)
    if found is Match.EQUAL:
        return SAME
    reason = _as_name(gold, given) or _as_asked(task, gold, given) or nearness(task, gold, given)
    if reason is not None:
        return Finding(Match.EQUAL, reason)
    if {type(gold), type(given)} == {Rational, Multiply} and in_full(gold) == in_full(given):
        return SAME
    if task.policy.units == "lenient" and isinstance(gold, Rational):
        bare = unit_less(given)
        if bare is not given:
            return _scalars(task, gold, bare)
    if {type(gold), type(given)} in _IN_LETTERS:
        lettered = _lettered_measures(task, gold, given)
        if lettered is not None:
            return lettered
    return OTHER if found is Match.DIFFERENT else UNKNOWN


# `1 J` is read as the letter alone.
_IN_LETTERS = ({Multiply}, {Multiply, Variable})


def _lettered_measures(task: Task, gold: Expression, given: Expression) -> Finding | None:
    """`1.732 m` beside `1.73205 m`, `5 J` beside `5 N*m`; None where the letters are no units."""
    first, second = with_letter_unit(Quantity(gold)), with_letter_unit(Quantity(given))
    if first.unit is None or second.unit is None:
        return None
    if first.unit == second.unit:
        return _scalars(task, first.expression, second.expression)
    same_kind = read_unit(first.unit).dimension == read_unit(second.unit).dimension
    return _measures(task, first, second) if same_kind else None


def _as_name(gold: Expression, given: Expression) -> Reason | None:
    """The same points named, or a number in Roman numerals."""
    if letters_of(gold) and letters_of(given) and same_name(gold, given):
        return Reason.SAME_WORDS
    roman = roman_value(gold) == given or roman_value(given) == gold
    return Reason.SAME_VALUE if roman else None


def _as_asked(task: Task, gold: Expression, given: Expression) -> Reason | None:
    """Why a number is the gold in the reading that the problem asks for: rounded, in percent, in degrees."""
    if task.asked.context is None or symbols(gold) or symbols(given):
        return None
    if is_rounded_as_asked(task, gold, given):
        return Reason.ROUNDED
    if task.asked.percent and task.policy.percent == "either":
        return Reason.SAME_VALUE if task.same(gold, _scaled(given, 100)) is Match.EQUAL else None
    if task.asked.unit == "degrees" and _is_angle(given) and not _is_angle(gold):
        turned = divide(given, DEGREE)
        return Reason.SAME_VALUE if task.same(gold, turned) is Match.EQUAL else None
    return None


def _is_angle(value: Expression) -> bool:
    """A multiple of π."""
    return Constant("pi") in factors_of(value)
