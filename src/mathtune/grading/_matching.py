"""Two values -> do they mean the same? One rule for each pair of shapes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.algebra import (
    Budget,
    Constant,
    Expression,
    Match,
    Multiply,
    Power,
    Rational,
    Variable,
    add,
    compare,
    divide,
    has_log,
    multiply,
    negate,
    numeric_value,
    precision,
    rational,
    substitute,
    symbols,
)

from ._intervals import UnsolvableError
from ._phrases import same_words
from ._regions import same_region, solve
from ._units import read_unit
from ._values import Equation, Inequality, Items, Labelled, Named, Phrase, Quantity, Region, Statement, Table, Value
from ._verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.policy import Policy

__all__ = ["SAME", "Finding", "Matcher"]

PI_OVER_180 = divide(Constant("pi"), rational(180))

# Unordered lists are matched item by item up to this size.
MAX_ITEMS = 200


@attrs.frozen
class Finding:
    """A match and its reason; `weight` orders findings of several readings."""

    match: Match
    reason: Reason

    @property
    def equal(self) -> bool:
        """Whether the match is equal."""
        return self.match is Match.EQUAL


SAME = Finding(Match.EQUAL, Reason.SAME_VALUE)
OTHER = Finding(Match.DIFFERENT, Reason.DIFFERENT_VALUE)
OTHER_KIND = Finding(Match.DIFFERENT, Reason.DIFFERENT_KIND)
OTHER_COUNT = Finding(Match.DIFFERENT, Reason.DIFFERENT_COUNT)
UNKNOWN = Finding(Match.UNKNOWN, Reason.NO_COMMON_DOMAIN)


@attrs.define
class Matcher:
    """Compares values under one policy and one budget; the first value is the gold."""

    policy: Policy
    budget: Budget
    ambiguous_log: bool = True
    base: int | None = None

    def match(self, gold: Value, given: Value) -> Finding:
        """Whether the given value is the gold value."""
        if isinstance(gold, Labelled) and isinstance(given, Labelled) and _names_clash(gold, given):
            return OTHER
        if _is_statement(gold) != _is_statement(given) or isinstance(gold, Equation) or isinstance(given, Equation):
            first, second = _as_zero(gold), _as_zero(given)
            if first is not None and second is not None and (isinstance(gold, Equation) or isinstance(given, Equation)):
                return _proportional(self, first, second)
        gold, given = _peel(gold, given)
        rule = _RULES.get((type(gold), type(given)))
        if rule is not None:
            return rule(self, gold, given)
        return _mixed(self, gold, given)

    def same(self, first: Expression, second: Expression) -> Match:
        """Whether two expressions are the same."""
        if type(first) is Rational and type(second) is Rational:
            return Match.EQUAL if first.value == second.value else Match.DIFFERENT
        base = self.policy.log_base
        found = compare(first, second, self.budget, common_log=base == "10").match
        if found is not Match.EQUAL and self.ambiguous_log and base == "either" and (has_log(first) or has_log(second)):
            other = compare(first, second, self.budget, common_log=True).match
            if other is Match.EQUAL:
                return other
        return found


def _is_statement(value: Value) -> bool:
    return isinstance(value, Equation)


def _names_clash(gold: Labelled, given: Labelled) -> bool:
    """x = 3 is not y = 3; words and f(x) against y name things freely."""
    if gold.arguments or given.arguments:
        return False
    return len(gold.label) == 1 and len(given.label) == 1 and gold.label != given.label


def _as_zero(value: Value) -> Expression | None:
    """What an equation, or several joined by `or`, sets to zero: x = 1 or x = 2 is (x-1)(x-2) = 0."""
    if isinstance(value, Equation):
        return add(value.left, negate(value.right))
    if isinstance(value, Labelled) and isinstance(value.value, Quantity):
        return add(Variable(value.label), negate(value.value.expression))
    if isinstance(value, Labelled) and isinstance(value.value, Items) and value.value.kind == "family":
        return _product_of([_as_zero(Labelled(value.label, item)) for item in value.value.items])
    if isinstance(value, Items) and value.kind == "family":
        return _product_of([_as_zero(item) for item in value.items])
    if isinstance(value, Region) and value.operator == "or":
        return _product_of([_as_zero(part) for part in value.parts])
    return None


def _product_of(factors: list[Expression | None]) -> Expression | None:
    known = [factor for factor in factors if factor is not None]
    return multiply(*known) if known and len(known) == len(factors) else None


def _peel(gold: Value, given: Value) -> tuple[Value, Value]:
    """Names on one side say nothing about the value; names on both sides must agree where they matter."""
    if isinstance(gold, Labelled) and isinstance(given, Labelled):
        return _unify(gold, given)
    if isinstance(gold, Labelled) and not isinstance(given, (Equation, Phrase)):
        return _peel(gold.value, given)
    if isinstance(given, Labelled) and not isinstance(gold, (Equation, Phrase)):
        return _peel(gold, given.value)
    return gold, given


def _unify(gold: Labelled, given: Labelled) -> tuple[Value, Value]:
    """f(x) = 2x and f(z) = 2z: the arguments are bound, so they may be renamed."""
    if gold.arguments and len(gold.arguments) == len(given.arguments) and gold.arguments != given.arguments:
        names = dict(zip(given.arguments, gold.arguments, strict=True))
        return gold.value, _renamed(given.value, names)
    return gold.value, given.value


def _renamed(value: Value, names: dict[str, str]) -> Value:
    if isinstance(value, Quantity):
        return Quantity(substitute(value.expression, {old: Variable(new) for old, new in names.items()}), value.unit)
    if isinstance(value, Items):
        return attrs.evolve(value, items=tuple(_renamed(item, names) for item in value.items))
    return value


def _quantities(matcher: Matcher, gold: Quantity, given: Quantity) -> Finding:
    """Numbers and formulas; units are converted if both have them, and ignored if one has none."""
    if _is_base(gold) or _is_base(given):
        return _based(matcher, gold, given)
    if gold.unit == given.unit:
        return _scalars(matcher, gold.expression, given.expression)
    if _is_clock(gold) or _is_clock(given):
        return _clocks(matcher, gold, given)
    if "degree" in (gold.unit, given.unit):
        return _degrees(matcher, gold, given)
    if "percent" in (gold.unit, given.unit):
        return _percents(matcher, gold, given)
    if gold.unit is None or given.unit is None:
        if not read_unit(gold.unit or given.unit or "").is_noun:
            first, second = _with_letter_unit(gold), _with_letter_unit(given)
            if first.unit is not None and second.unit is not None:
                return _measures(matcher, first, second)
        unit = read_unit(gold.unit or given.unit or "")
        if matcher.policy.units == "strict" and not unit.is_noun:
            return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
        return _scalars(matcher, gold.expression, given.expression)
    return _measures(matcher, gold, given)


def _with_letter_unit(value: Quantity) -> Quantity:
    """`20 m/s` is written with letters; beside a measure they are units."""
    if value.unit is not None:
        return value
    factors = value.expression.factors if isinstance(value.expression, Multiply) else (value.expression,)
    number: list[Expression] = []
    names: list[str] = []
    for factor in factors:
        base = factor.base if isinstance(factor, Power) else factor
        if isinstance(base, Variable):
            if base.name not in _LETTER_UNITS:
                return value
            power = factor.exponent if isinstance(factor, Power) else rational(1)
            if not isinstance(power, Rational) or power.value.denominator != 1:
                return value
            names.append(f"{base.name}^{power.value.numerator}")
        else:
            number.append(factor)
    return Quantity(multiply(*number), " ".join(names)) if names else value


def _is_clock(value: Quantity) -> bool:
    return value.unit is not None and value.unit.startswith("clock")


def _clocks(matcher: Matcher, gold: Quantity, given: Quantity) -> Finding:
    """4:30 p.m. is 4:30, and is 16:30, but is not 4:30 a.m."""
    if _is_clock(gold) and _is_clock(given):
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    clock, bare = (gold, given) if _is_clock(gold) else (given, gold)
    minutes = _bare_clock(bare.expression)
    if minutes is None or not isinstance(clock.expression, Rational):
        return OTHER_KIND
    del matcher
    wanted = clock.expression.value
    return SAME if minutes in (wanted, wanted + 720, wanted % 720) else OTHER


def _bare_clock(value: Expression) -> Fraction | None:
    """A bare hour."""
    if isinstance(value, Rational) and value.value.denominator == 1 and 0 < value.value <= 24:
        return value.value % 12 * 60
    return None


def _is_base(value: Quantity) -> bool:
    return value.unit is not None and value.unit.startswith("base ")


def _based(matcher: Matcher, gold: Quantity, given: Quantity) -> Finding:
    """`52_8` is not 52; where the problem asks for base 8, a bare 52 is read in base 8."""
    if gold.unit == given.unit:
        return _scalars(matcher, gold.expression, given.expression)
    if _is_base(gold) and _is_base(given):
        same = matcher.same(gold.expression, given.expression) is Match.EQUAL
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_FORM if same else Reason.DIFFERENT_VALUE)
    based, bare = (gold, given) if _is_base(gold) else (given, gold)
    base = int((based.unit or "base 10")[5:])
    if matcher.base == base:
        return SAME if _digits_in(based.expression, base) == _digits_in(bare.expression, 10) else OTHER
    return _scalars(matcher, gold.expression, given.expression)


def _digits_in(value: Expression, base: int) -> str | None:
    if not isinstance(value, Rational) or value.value.denominator != 1 or value.value < 0 or value.value >= 10**60:
        return None
    number, digits = int(value.value), ""
    while number:
        number, digit = divmod(number, base)
        digits = ("0123456789abcdefghijklmnopqrstuvwxyz"[digit]) + digits
    return digits or "0"


def _measures(matcher: Matcher, gold: Quantity, given: Quantity) -> Finding:
    first, second = read_unit(gold.unit or ""), read_unit(given.unit or "")
    if first.is_noun or second.is_noun:
        return _scalars(matcher, gold.expression, given.expression)
    if first.dimension != second.dimension:
        return Finding(Match.DIFFERENT, Reason.DIFFERENT_UNIT)
    scaled = multiply(given.expression, Rational(second.factor / first.factor))
    if isinstance(scaled, Rational) and isinstance(given.expression, Rational):
        scaled = given.expression if first.factor == second.factor else scaled
    return _scalars(matcher, gold.expression, scaled)


def _degrees(matcher: Matcher, gold: Quantity, given: Quantity) -> Finding:
    """`45^\\circ` is 45 where no unit is given, and \\pi/4 where the other side is in radians."""
    plain = _scalars(matcher, gold.expression, given.expression)
    if plain.equal:
        return plain
    first = multiply(gold.expression, PI_OVER_180) if gold.unit == "degree" else gold.expression
    second = multiply(given.expression, PI_OVER_180) if given.unit == "degree" else given.expression
    return _scalars(matcher, first, second)


def _percents(matcher: Matcher, gold: Quantity, given: Quantity) -> Finding:
    """`28\\%` is 0.28, and 28 where the sign was left out."""
    plain = _scalars(matcher, gold.expression, given.expression)
    if plain.equal and matcher.policy.percent == "either":
        return plain
    if gold.unit == "percent":
        return _scalars(matcher, gold.expression, _scaled(given.expression, 100))
    return _scalars(matcher, _scaled(gold.expression, 100), given.expression)


def _scaled(value: Expression, factor: int) -> Expression:
    scaled = multiply(value, rational(factor))
    if isinstance(value, Rational) and isinstance(scaled, Rational) and value.digits is not None:
        return Rational(scaled.value, max(value.digits - 2, 0))
    return scaled


def _scalars(matcher: Matcher, gold: Expression, given: Expression) -> Finding:
    match = matcher.same(gold, given)
    if match is Match.EQUAL:
        return SAME
    if _letters(gold) and _letters(given) and _same_name(gold, given):
        return Finding(Match.EQUAL, Reason.SAME_WORDS)
    if _roman(gold) == given or _roman(given) == gold:
        return SAME
    if matcher.policy.rounded_gold and _is_rounded(matcher, gold, given):
        return Finding(Match.EQUAL, Reason.ROUNDED)
    if _is_printed_decimal(matcher, gold, given) or _is_printed_decimal(matcher, given, gold):
        return Finding(Match.EQUAL, Reason.ROUNDED)
    if _within_tolerance(matcher, gold, given):
        return Finding(Match.EQUAL, Reason.WITHIN_TOLERANCE)
    if matcher.policy.units == "lenient":
        first, second = _without_letter_unit(gold, given)
        if first is not gold or second is not given:
            return _scalars(matcher, first, second)
    return OTHER if match is Match.DIFFERENT else UNKNOWN


# A gold of fewer digits (0.5) is taken as exact; one of more is no measured or rounded number.
_ROUNDED_DIGITS = 3
_MOST_DIGITS = 400


def _digit_count(value: Fraction) -> int:
    """The number of digits before the point; beyond 200 bits by estimate, as Python refuses to print long numbers."""
    whole = value.numerator // value.denominator
    bits = whole.bit_length()
    return len(str(whole)) if bits < 200 and whole else bits * 301 // 1000  # log10(2) = 0.301


def _letters(value: Expression) -> str:
    """The letters of a name of points: ABC, ∠ABC, △ABC; empty for anything else."""
    factors = value.factors if isinstance(value, Multiply) else (value,)
    if not all(isinstance(factor, Variable) for factor in factors):
        return ""
    names = [factor.name for factor in factors if isinstance(factor, Variable)]
    if names[0] in ("triangle", "Delta") and len(names) > 1:
        del names[0]
    letters = "".join(names).removeprefix("∠")
    return letters if letters.isalpha() and letters.isupper() else ""


def _same_name(gold: Expression, given: Expression) -> bool:
    """An angle or triangle against its bare letters; two angles or segments are settled before."""
    if isinstance(gold, Variable) == isinstance(given, Variable) and not _is_triangle(gold) and not _is_triangle(given):
        return False
    first, second = _letters(gold), _letters(given)
    return len(first) == 3 and second in (first, first[::-1])


def _is_triangle(value: Expression) -> bool:
    return isinstance(value, Multiply) and value.factors[0] in (Variable("triangle"), Variable("Delta"))


_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def _roman(value: Expression) -> Rational | None:
    """III as 3: two letters or more, in capitals, in the one way that Romans wrote the number."""
    letters = _letters(value)
    if not 2 <= len(letters) <= 15 or not set(letters) <= set(_ROMAN):
        return None
    numbers = [_ROMAN[letter] for letter in letters]
    total = sum(-n if n < max(numbers[at:]) else n for at, n in enumerate(numbers))
    return rational(total) if _to_roman(total) == letters else None


def _to_roman(number: int) -> str:
    digits = ("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50), ("XL", 40)
    written = ""
    for letters, value in (*digits, ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)):
        written += letters * (number // value)
        number %= value
    return written


def _is_rounded(matcher: Matcher, gold: Expression, given: Expression) -> bool:
    """Whether a decimal gold of three or more digits is the more exact given value, rounded."""
    if not isinstance(gold, Rational) or not gold.digits or symbols(given):
        return False
    if gold.digits > _MOST_DIGITS or _digit_count(abs(gold.value) * 10**gold.digits) < _ROUNDED_DIGITS:
        return False
    if isinstance(given, Rational):
        if given.digits is not None and given.digits < gold.digits + 2:
            return False
        return abs(given.value - gold.value) * 2 * 10**gold.digits <= 1
    value = numeric_value(given, matcher.budget)
    if value is None or not value.imag.is_zero():
        return False
    import flint

    with precision(200):
        gap = abs(value.real - flint.arb(flint.fmpq(gold.value.numerator, gold.value.denominator)))
        return bool(gap * 2 * 10**gold.digits <= 1)


_LETTER_UNITS = frozenset(["m", "g", "s", "h", "L", "l", "N", "J", "W", "V", "K", "Pa", "Hz"])


def _without_letter_unit(gold: Expression, given: Expression) -> tuple[Expression, Expression]:
    """`79 g` beside 79: a letter that is a unit's sign, behind a number, where the other side is a bare number."""
    if isinstance(gold, Rational) and not isinstance(given, Rational):
        return gold, _unit_less(given)
    if isinstance(given, Rational) and not isinstance(gold, Rational):
        return _unit_less(gold), given
    return gold, given


def _unit_less(value: Expression) -> Expression:
    if not isinstance(value, Multiply) or not isinstance(value.factors[0], Rational):
        return value
    for factor in value.factors[1:]:
        base = factor.base if isinstance(factor, Power) else factor
        if not isinstance(base, Variable) or base.name not in _LETTER_UNITS:
            return value
    return value.factors[0]


def _is_printed_decimal(matcher: Matcher, exact: Expression, printed: Expression) -> bool:
    """Whether a decimal is the exact value as a computer prints it, to twelve significant digits or more."""
    wanted = matcher.policy.decimal_digits
    if not wanted or not isinstance(printed, Rational) or not printed.digits or symbols(exact) or not printed.value:
        return False
    if isinstance(exact, Rational) and exact.digits is not None:
        return False
    if printed.digits > _MOST_DIGITS or _digit_count(abs(printed.value) * 10**printed.digits) < wanted:
        return False
    if isinstance(exact, Rational):
        return abs(exact.value - printed.value) * 10**printed.digits <= 1
    number = numeric_value(exact, matcher.budget, 256)
    if number is None or not number.imag.is_zero():
        return False
    import flint

    with precision(256):
        gap = abs(number.real - flint.arb(flint.fmpq(printed.value.numerator, printed.value.denominator)))
        return bool(gap * 10**printed.digits <= 1)


def _within_tolerance(matcher: Matcher, gold: Expression, given: Expression) -> bool:
    tolerance = matcher.policy.relative_tolerance
    if not tolerance or symbols(gold) or symbols(given):
        return False
    first, second = numeric_value(gold, matcher.budget), numeric_value(given, matcher.budget)
    if first is None or second is None:
        return False
    return bool((first - second).abs_upper() <= first.abs_lower() * tolerance)


def _items(matcher: Matcher, gold: Items, given: Items) -> Finding:
    """Tuples keep their order; sets, families and bare lists do not."""
    kinds = {gold.kind, given.kind}
    labelled = _by_label(matcher, gold, given)
    if labelled is not None:
        return labelled
    if _is_interval(gold) and _is_interval(given) and _brackets_matter(gold, given):
        return OTHER
    if kinds == {"tuple"}:
        return _ordered(matcher, gold.items, given.items)
    if kinds == {"tuple", "list"}:
        return _tuple_and_list(matcher, gold, given)
    if kinds == {"tuple", "set"}:
        inner = gold if gold.kind == "tuple" else given
        return _unordered(matcher, gold.items, given.items) if len(inner.items) == 1 else OTHER_KIND
    return _unordered(matcher, gold.items, given.items)


def _by_label(matcher: Matcher, gold: Items, given: Items) -> Finding | None:
    """x = 1, y = 2 in any order; with other names, the order counts."""
    first, second = _labels(gold), _labels(given)
    if first is None or second is None or len(first) != len(second):
        return None
    if set(first) == set(second) and len(set(first)) == len(first):
        ordered = tuple(given.items[second.index(label)] for label in first)
        return _ordered(matcher, gold.items, ordered)
    return _ordered(matcher, _unnamed(gold.items), _unnamed(given.items)) if not set(first) & set(second) else None


def _labels(items: Items) -> list[str] | None:
    names = [item.label for item in items.items if isinstance(item, Labelled)]
    return names if len(names) == len(items.items) > 1 else None


def _unnamed(items: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(item.value if isinstance(item, Labelled) else item for item in items)


def _tuple_and_list(matcher: Matcher, gold: Items, given: Items) -> Finding:
    pair, bare = (gold, given) if gold.kind == "tuple" else (given, gold)
    if len(bare.items) == 1 or any(isinstance(item, Items) for item in bare.items):
        if len(pair.items) == len(bare.items):
            return _ordered(matcher, gold.items, given.items)
        return OTHER_COUNT
    return _ordered(matcher, gold.items, given.items)


def _is_interval(items: Items) -> bool:
    return items.kind == "tuple" and len(items.items) == 2


def _brackets_matter(gold: Items, given: Items) -> bool:
    """`[0, 9)` is not `(0, 9)`; a closed pair in square brackets may be a vector."""
    first, second = (gold.opening, gold.closing), (given.opening, given.closing)
    return first != second and "⟨" not in (first[0], second[0])


def _ordered(matcher: Matcher, gold: tuple[Value, ...], given: tuple[Value, ...]) -> Finding:
    if len(gold) != len(given):
        return OTHER_COUNT
    reason = Reason.SAME_VALUE
    unknown = False
    for first, second in zip(gold, given, strict=True):
        found = matcher.match(first, second)
        if found.match is Match.DIFFERENT:
            return found
        unknown = unknown or found.match is Match.UNKNOWN
        reason = found.reason if found.reason is Reason.ROUNDED else reason
    return UNKNOWN if unknown else Finding(Match.EQUAL, reason)


def _unordered(matcher: Matcher, gold: tuple[Value, ...], given: tuple[Value, ...]) -> Finding:
    if len(gold) > MAX_ITEMS or len(given) > MAX_ITEMS:
        return Finding(Match.UNKNOWN, Reason.TOO_COMPLEX)
    if len(gold) != len(given):
        gold, given = _distinct(matcher, gold), _distinct(matcher, given)
        if len(gold) != len(given):
            return OTHER_COUNT
    left = list(given)
    unknown = False
    for first in gold:
        for at, second in enumerate(left):
            found = matcher.match(first, second)
            unknown = unknown or found.match is Match.UNKNOWN
            if found.equal:
                del left[at]
                break
        else:
            return UNKNOWN if unknown else OTHER
    return SAME


def _distinct(matcher: Matcher, items: tuple[Value, ...]) -> tuple[Value, ...]:
    kept: list[Value] = []
    for item in items:
        if not any(matcher.match(other, item).equal for other in kept):
            kept.append(item)
    return tuple(kept)


def _item_and_value(matcher: Matcher, gold: Value, given: Value) -> Finding:
    """A set or list of one is its member; a decimal comma is a number."""
    items, single = (gold, given) if isinstance(gold, Items) else (given, gold)
    if not isinstance(items, Items):
        return OTHER_KIND
    if len(items.items) == 1:
        only = items.items[0]
        return matcher.match(only, single) if items is gold else matcher.match(single, only)
    vector = _basis_vector(single, len(items.items)) if items.kind == "tuple" else None
    if vector is not None:
        return _ordered(matcher, items.items, vector) if items is gold else _ordered(matcher, vector, items.items)
    decimal = _decimal_comma(items)
    if decimal is not None and isinstance(single, Quantity):
        return matcher.match(decimal, single) if items is gold else matcher.match(single, decimal)
    if items.kind != "tuple" and len(items.items) > 1:
        distinct = _distinct(matcher, items.items)
        if len(distinct) == 1:
            return matcher.match(distinct[0], single) if items is gold else matcher.match(single, distinct[0])
    return OTHER_COUNT if isinstance(single, Quantity) else OTHER_KIND


def _basis_vector(value: Value, size: int) -> tuple[Value, ...] | None:
    """`2i + 3j - k`, with or without hats, as a tuple."""
    if not isinstance(value, Quantity) or size not in (2, 3):
        return None
    names = symbols(value.expression)
    for pattern in ("{}", "hat {}", "vec {}"):
        basis = [pattern.format(letter) for letter in "ijk"[:size]]
        zero: dict[str, Expression] = dict.fromkeys([*basis, *(["i"] if pattern == "{}" else [])], rational(0))
        if basis[1] not in names or substitute(value.expression, zero) != rational(0):
            continue
        return tuple(Quantity(substitute(value.expression, {**zero, name: rational(1)})) for name in basis)
    return None


def _decimal_comma(items: Items) -> Quantity | None:
    if items.kind != "list" or items.opening != "," or len(items.items) != 2:
        return None
    whole, fraction = items.items
    if not (isinstance(whole, Quantity) and isinstance(fraction, Quantity)):
        return None
    first, second = whole.expression, fraction.expression
    if not (isinstance(first, Rational) and isinstance(second, Rational)) or first.digits or second.digits:
        return None
    if first.value.denominator != 1 or second.value.denominator != 1 or second.value < 0:
        return None
    if second.value.numerator.bit_length() > 200:
        return None
    places = len(str(second.value.numerator))
    tail = Fraction(second.value.numerator, 10**places)
    return Quantity(Rational(first.value - tail if first.value < 0 else first.value + tail, places))


def _tables(matcher: Matcher, gold: Table, given: Table) -> Finding:
    if [len(row) for row in gold.rows] != [len(row) for row in given.rows]:
        flat = len(gold.rows) == 1 or all(len(row) == 1 for row in gold.rows)
        other = len(given.rows) == 1 or all(len(row) == 1 for row in given.rows)
        if not (flat and other):
            return OTHER_COUNT
    return _ordered(matcher, tuple(c for r in gold.rows for c in r), tuple(c for r in given.rows for c in r))


def _table_and_items(matcher: Matcher, gold: Value, given: Value) -> Finding:
    """A vector is a tuple; a list of rows is a matrix."""
    first, second = _as_rows(gold), _as_rows(given)
    if first is None or second is None:
        return OTHER_KIND
    return _ordered(matcher, first, second)


def _as_rows(value: Value) -> tuple[Value, ...] | None:
    if isinstance(value, Items):
        if value.kind == "set":
            return None
        if any(isinstance(item, Items) for item in value.items):
            return tuple(c for item in value.items if isinstance(item, Items) for c in item.items)
        return value.items
    if isinstance(value, Table):
        return tuple(cell for row in value.rows for cell in row)
    return None


def _equations(matcher: Matcher, gold: Equation, given: Equation) -> Finding:
    """Equal up to rearrangement and a factor other than zero."""
    first = add(gold.left, negate(gold.right))
    second = add(given.left, negate(given.right))
    return _proportional(matcher, first, second)


def _proportional(matcher: Matcher, first: Expression, second: Expression) -> Finding:
    names = sorted(symbols(first) | symbols(second))
    if symbols(first) != symbols(second):
        return OTHER
    for place in (3, 5, 11, 17):
        point: dict[str, Expression] = {name: rational(place * 7 + 13 * at, 9 + 4 * at) for at, name in enumerate(names)}
        one, other = substitute(first, point), substitute(second, point)
        if isinstance(one, Rational) and not one.value or isinstance(other, Rational) and not other.value:
            continue
        match = matcher.same(multiply(first, other), multiply(second, one))
        return SAME if match is Match.EQUAL else OTHER if match is Match.DIFFERENT else UNKNOWN
    return UNKNOWN


def _regions(matcher: Matcher, gold: Value, given: Value) -> Finding:
    """Sets of real numbers, however described: the intervals that they make are compared."""
    try:
        first = solve(gold, matcher.budget)
        second = solve(given, matcher.budget)
    except UnsolvableError:
        return _statements(matcher, gold, given)
    return SAME if same_region(first, second, matcher.same) else OTHER


def _order_and_list(matcher: Matcher, gold: Value, given: Value) -> Finding | None:
    """`b < a < c` orders three names as the list b, a, c does."""
    chain, items = (gold, given) if isinstance(gold, Region) else (given, gold)
    if not isinstance(chain, Region) or not isinstance(items, Items) or chain.operator != "and":
        return None
    if items.kind == "set" or not all(isinstance(part, Inequality) for part in chain.parts):
        return None
    sides = [part.left for part in chain.parts if isinstance(part, Inequality)]
    last = chain.parts[-1]
    sides.append(last.right if isinstance(last, Inequality) else sides[-1])
    if not all(isinstance(side, Variable) for side in sides) or len(items.items) != len(sides):
        return None
    return _ordered(matcher, tuple(map(Quantity, sides)), items.items)


def _relations(matcher: Matcher, gold: Statement, given: Statement) -> Finding:
    """Any other relation: the same sign between the same sides."""
    if gold.operator != given.operator:
        return OTHER
    return _ordered(matcher, (gold.left, gold.right), (given.left, given.right))


def _statements(matcher: Matcher, gold: Value, given: Value) -> Finding:
    """Relations that cannot be solved are compared as they stand."""
    if isinstance(gold, Inequality) and isinstance(given, Inequality):
        return _inequalities(matcher, gold, given)
    if isinstance(gold, Region) and isinstance(given, Region) and gold.operator == given.operator:
        if gold.operator == "minus":
            return _ordered(matcher, gold.parts, given.parts)
        return _unordered(matcher, gold.parts, given.parts)
    return OTHER_KIND


def _inequalities(matcher: Matcher, gold: Inequality, given: Inequality) -> Finding:
    if gold.operator != given.operator:
        return OTHER
    first = add(gold.right, negate(gold.left))
    second = add(given.right, negate(given.left))
    found = _proportional(matcher, first, second)
    if not found.equal or gold.operator == "≠":
        return found
    names = symbols(first)
    for place in (2, 5, 9):
        point: dict[str, Expression] = {n: rational(place * 7 + at, 9 + 2 * at) for at, n in enumerate(sorted(names))}
        one = numeric_value(substitute(first, point), matcher.budget)
        other = numeric_value(substitute(second, point), matcher.budget)
        if one is None or other is None:
            continue
        product = (one * other).real
        if product > 0:
            return SAME
        if product < 0:
            return OTHER
    return UNKNOWN


def _phrases(matcher: Matcher, gold: Phrase, given: Phrase) -> Finding:
    del matcher
    if same_words(gold.words, given.words):
        return Finding(Match.EQUAL, Reason.SAME_WORDS)
    return Finding(Match.DIFFERENT, Reason.DIFFERENT_WORDS)


def _phrase_and_value(matcher: Matcher, gold: Value, given: Value) -> Finding:
    """`C` and `\\text{C}`: one letter, once as a symbol and once as a word."""
    phrase, value = (gold, given) if isinstance(gold, Phrase) else (given, gold)
    if isinstance(phrase, Phrase) and isinstance(value, Quantity) and 1 < len(phrase.words) < 16:
        roman = _roman(multiply(*map(Variable, phrase.words.upper())))
        if roman is not None and roman == value.expression:
            return SAME
    del matcher
    first, second = _spelling(gold), _spelling(given)
    if first is not None and first == second:
        return Finding(Match.EQUAL, Reason.SAME_WORDS)
    return Finding(Match.DIFFERENT, Reason.DIFFERENT_KIND)


def _spelling(value: Value) -> str | None:
    if isinstance(value, Phrase):
        return value.words.strip("().").replace(" ", "")
    if isinstance(value, Quantity):
        expression = value.expression
        factors = expression.factors if isinstance(expression, Multiply) else (expression,)
        names = [f.name for f in factors if isinstance(f, (Variable, Constant))]
        return "".join(names).lower() if len(names) == len(factors) else None
    return None


def _named(matcher: Matcher, gold: Named, given: Named) -> Finding:
    del matcher
    return SAME if gold.name == given.name else OTHER


def _mixed(matcher: Matcher, gold: Value, given: Value) -> Finding:
    kinds = (type(gold), type(given))
    if Phrase in kinds:
        return _phrase_and_value(matcher, gold, given)
    if Table in kinds and Items in kinds:
        return _table_and_items(matcher, gold, given)
    if Statement in kinds:
        return OTHER_KIND
    if {Region, Inequality} & set(kinds):
        order = _order_and_list(matcher, gold, given)
        return _regions(matcher, gold, given) if order is None else order
    if Items in kinds and Named not in kinds:
        return _item_and_value(matcher, gold, given)
    if Named in kinds and Items in kinds:
        return _regions(matcher, gold, given)
    return OTHER_KIND


_RULES: dict[tuple[type, type], Callable[[Matcher, Any, Any], Finding]] = {
    (Quantity, Quantity): _quantities,
    (Items, Items): _items,
    (Table, Table): _tables,
    (Equation, Equation): _equations,
    (Phrase, Phrase): _phrases,
    (Named, Named): _named,
    (Statement, Statement): _relations,
}
