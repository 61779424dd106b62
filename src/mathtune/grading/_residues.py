r"""Sets of whole numbers by their remainders: `x \equiv 5 \pmod 7`, `7k + 5`, "odd integers", `5 \mid n`."""

# ruff: noqa: PLR0911, RUF001  (one return a case; the signs of mathematics look like letters)
# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

import itertools
import math
from fractions import Fraction

import attrs

from mathtune.algebra import Apply, Rational, Variable, add, negate, rational, substitute, symbols

from ._families import PARAMETERS
from ._finding import OTHER, SAME, Finding, Task
from ._values import Items, Labelled, Named, Phrase, Quantity, Region, Statement, Value

__all__ = ["Residues", "incongruent", "residues", "same_residues"]

_LARGEST_MODULUS = 5_000


@attrs.frozen
class Residues:
    """The whole numbers that leave one of the remainders; `said` if the form says so by itself.

    A linear formula in a letter (7k + 5) is such a set only beside one that says it.
    """

    modulus: int
    remainders: frozenset[int]
    said: bool = True
    starts: frozenset[int] | None = None
    """The first number, where the set goes upwards only; N may start at 0 or 1."""


def incongruent(value: Value) -> Value:
    r"""`n \not\equiv 0 \pmod 3` as the remainders that are left, if these are few."""
    pair = value.right if isinstance(value, Statement) and isinstance(value.right, Items) else None
    modulus = pair.items[1] if pair is not None else None
    if not isinstance(value, Statement) or not isinstance(modulus, Quantity) or pair is None:
        return value
    size = modulus.expression.value if isinstance(modulus.expression, Rational) else Fraction(0)
    denied = pair.items[0].items if isinstance(pair.items[0], Items) else pair.items[:1]
    if size.denominator != 1 or not 1 < size <= _MOST_REMAINDERS:
        return attrs.evolve(value, operator="≢")
    left = tuple(one for one in (Quantity(rational(at)) for at in range(int(size))) if one not in denied)
    residue = left[0] if len(left) == 1 else Items(kind="list", items=left)
    return attrs.evolve(value, right=attrs.evolve(pair, items=(residue, modulus)))


_MOST_REMAINDERS = 60


def same_residues(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Whether two descriptions hold the same whole numbers."""
    del says_integer
    if isinstance(gold, Quantity) and isinstance(given, Quantity) and gold.unit is given.unit is None:
        return None  # as most pairs: two formulas say nothing of all numbers
    first = residues(gold)
    second = None if first is None else residues(given)
    if first is None or second is None:
        return None
    if not (first.said or second.said or (_is_split(gold) and _is_split(given))):
        return None
    task.budget.spend(20)
    if isinstance(gold, Statement) and isinstance(given, Statement) and _unknown(gold) != _unknown(given):
        return OTHER
    common = math.lcm(first.modulus, second.modulus)
    if common > _LARGEST_MODULUS:
        return None
    if first.said and second.said and not _same_start(first.starts, second.starts):
        return OTHER
    return SAME if _spread(first, common) == _spread(second, common) else OTHER


def _is_split(value: Value) -> bool:
    """`n = 4k or n = 4k + 1`: a number by cases, each for all k."""
    inner = value.value if isinstance(value, Labelled) else None
    return isinstance(inner, Items) and inner.kind == "family" and len(inner.items) > 1


def _same_start(one: frozenset[int] | None, other: frozenset[int] | None) -> bool:
    return one is other is None or (one is not None and other is not None and bool(one & other))


def _unknown(value: Statement) -> Value:
    return value.right if value.operator in _DIVIDES else value.left


_DIVIDES = frozenset(["∣", "∤"])


def _spread(classes: Residues, modulus: int) -> frozenset[int]:
    steps = range(0, modulus, classes.modulus)
    return frozenset(remainder + step for remainder in classes.remainders for step in steps)


def residues(value: Value) -> Residues | None:
    """The classes of remainders that a value describes, or None if it describes none."""
    if isinstance(value, Statement):
        return _statement(value)
    if isinstance(value, Labelled):
        return residues(value.value) if len(value.label) == 1 and not value.arguments else None
    if isinstance(value, Phrase):
        return _words(value.words)
    if isinstance(value, Named):
        return _NAMED.get(value.name)
    if isinstance(value, Items) and value.kind in ("list", "set") and _DOTS in value.items:
        return _progression(value.items)
    if isinstance(value, Items) and value.opening in ("{Z", "{N") and len(value.items) == 1:
        return _all_of(value.items[0], natural=value.opening == "{N")
    if isinstance(value, Items) and value.kind in ("list", "family", "set") and value.opening != "{R":
        return _joined(value.items)
    if isinstance(value, Region) and value.operator in ("or", "list"):
        return _joined(value.parts)
    return _quantity(value) if isinstance(value, Quantity) else None


_DOTS = Quantity(Variable("ldots"))
_NAMED = {
    "Z": Residues(1, frozenset([0])),
    "N": Residues(1, frozenset([0]), starts=frozenset([0, 1])),
    "\\mathbb{Z}^+": Residues(1, frozenset([0]), starts=frozenset([1])),
}


def _progression(items: tuple[Value, ...]) -> Residues | None:
    """`2, 4, 6, ...` and `..., -1, 0, 1, ...`: whole numbers in equal steps, upwards or both ways."""
    inner = [item for item in items if item != _DOTS]
    known = [item.expression for item in inner if isinstance(item, Quantity)]
    numbers = [n.value for n in known if isinstance(n, Rational) and n.value.denominator == 1]
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    ends = items[0] == _DOTS, items[-1] == _DOTS
    if len(numbers) < 3 or len(numbers) < len(inner) or len(steps) != 1 or not ends[1]:
        return None
    step = int(next(iter(steps)))
    if not 0 < step <= _LARGEST_MODULUS or len(items) - len(inner) != sum(ends):
        return None
    first = int(numbers[0])
    return Residues(step, frozenset([first % step]), starts=None if ends[0] else frozenset([first]))


def _all_of(head: Value, *, natural: bool) -> Residues | None:
    """`{2k : k ∈ Z}`; over N it starts where k is 0 or 1."""
    found = residues(head)
    if found is None or not isinstance(head, Quantity):
        return None
    names = symbols(head.expression)
    ends = [substitute(head.expression, dict.fromkeys(names, rational(place))) for place in (0, 1)]
    starts = frozenset(int(end.value) for end in ends if isinstance(end, Rational))
    return attrs.evolve(found, said=True, starts=starts if natural else None)


def _joined(parts: tuple[Value, ...]) -> Residues | None:
    found = [residues(part) for part in parts]
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found):
        return None
    common = math.lcm(*(one.modulus for one in known))
    if common > _LARGEST_MODULUS:
        return None
    remainders = frozenset().union(*(_spread(one, common) for one in known))
    return Residues(common, remainders, any(one.said for one in known))


def _others(classes: Residues) -> Residues:
    return attrs.evolve(classes, remainders=frozenset(range(classes.modulus)) - classes.remainders)


def _statement(value: Statement) -> Residues | None:
    if value.operator in _DIVIDES:
        divisor = _whole(value.left)
        named = isinstance(value.right, Quantity) and isinstance(value.right.expression, Variable)
        found = Residues(divisor, frozenset([0])) if divisor and named else None
        return found if found is None or value.operator == "∣" else _others(found)
    pair = value.right
    if value.operator != "≡" or not isinstance(pair, Items) or len(pair.items) != 2:
        return None
    modulus = _whole(pair.items[1])
    if not modulus or not (isinstance(value.left, Quantity) and isinstance(value.left.expression, Variable)):
        return None
    first = pair.items[0]
    several = first.items if isinstance(first, Items) else (first,)
    remainders = [_remainder(one, modulus) for one in several]
    known = frozenset(one for one in remainders if one is not None)
    return Residues(modulus, known) if None not in remainders else None


def _whole(value: Value) -> int | None:
    if not isinstance(value, Quantity) or not isinstance(value.expression, Rational):
        return None
    number = value.expression.value
    return int(number) if number.denominator == 1 and 0 < number <= _LARGEST_MODULUS else None


def _remainder(value: Value, modulus: int) -> int | None:
    expression = value.expression if isinstance(value, Quantity) else None
    if isinstance(expression, Apply) and expression.name == "mod":
        expression = expression.arguments[0]
    if not isinstance(expression, Rational) or expression.value.denominator != 1:
        return None
    return int(expression.value) % modulus


def _quantity(value: Quantity) -> Residues | None:
    """7k + 5, and `n even`, which is read as a number of evens."""
    names = symbols(value.expression)
    if value.unit in _PARITY and isinstance(value.expression, Variable):
        return Residues(2, frozenset([_PARITY[value.unit]]))
    if value.unit is not None or len(names) != 1 or not names <= PARAMETERS:
        return None
    (name,) = names
    at = [substitute(value.expression, {name: rational(place)}) for place in (0, 1, 2)]
    step = add(at[1], negate(at[0]))
    bend = add(at[2], negate(at[1]), negate(step))
    numbers = [part.value for part in (at[0], step, bend) if isinstance(part, Rational)]
    if len(numbers) < 3 or bend != rational(0) or any(number.denominator != 1 for number in numbers):
        return None
    modulus = abs(int(numbers[1]))
    if not 0 < modulus <= _LARGEST_MODULUS:
        return None
    return Residues(modulus, frozenset([int(Fraction(numbers[0]) % modulus)]), said=False)


_PARITY = {"even": 0, "odd": 1}
_MULTIPLES = frozenset(["multiples", "multiple", "divisible"])
_FILLERS = frozenset(
    ["all", "the", "every", "any", "integers", "integer", "numbers", "number", "is", "an", "are", "values"]
) | {"of", "if", "for", "by"}


def _words(words: str) -> Residues | None:
    """`all odd integers`, `n is even`, `multiples of 3`, `n is not divisible by 3`."""
    first, denied, rest = words.partition(" not ")
    if denied:
        found = _words(f"{first} {rest}")
        return None if found is None else _others(found)
    left = [word for word in words.replace(",", " ").split() if word not in _FILLERS]
    left = [word for word in left if len(word) > 1 or word.isdecimal()]  # the name of the number
    if len(left) == 1 and left[0] in _PARITY:
        return Residues(2, frozenset([_PARITY[left[0]]]))
    if len(left) == 2 and left[0] in _MULTIPLES and left[1].isdecimal() and len(left[1]) < 4:
        return Residues(max(int(left[1]), 1), frozenset([0])) if int(left[1]) else None
    if not left and "integers" in words and "all" in words:
        return Residues(1, frozenset([0]))
    return None
