"""Units behind a value: where the number ends and the words begin."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from mathtune.latex import (
    Fraction,
    Group,
    Grouped,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Root,
    Symbol,
    Text,
    Word,
    to_text,
)

from ._letters import is_run, names_function
from ._units import is_unit_word

__all__ = ["CURRENCIES", "is_bare", "part_unit", "starts_unit"]

# How the lexer names a currency's sign.
CURRENCIES = frozenset(["dollar", "euro", "sterling", "yensign", "rupee", "cent"])


def part_unit(node: Node) -> tuple[Node, str | None]:
    r"""Take the words off the end of a product: `10 \text{ cm}^2`, `70 miles per hour`."""
    marked = _sign_of(node)
    if marked is not None:
        return marked
    if isinstance(node, Prefix) and node.operator == "-":
        body, unit = part_unit(node.argument)
        return (Prefix("-", body), unit) if unit is not None else (node, None)
    if (
        not isinstance(node, Product)
        or all(map(is_bare, node.factors))
        or any(map(names_function, node.factors))
    ):
        return node, None
    at = _first_of_unit(node)
    if at == len(node.factors):
        return _last_sign(node)
    head = node.factors[0] if at == 1 else Product(node.factors[:at], node.operators[: at - 1])
    inner, inside = part_unit(head)
    unit = _unit_from(node, at)
    if inside == "degree":
        kept = unit.lower() in _HEAT or not _COMPASS.isdisjoint(unit.lower().split())
        return inner, f"degree {unit}" if kept else inside
    if inside is not None:
        return inner, inside if inside == "percent" else f"{inside} {unit}"
    return head, unit


def is_bare(node: Node) -> bool:
    """Whether a factor is part of a formula and of no unit: a number, a letter or its power, a root."""
    kind = type(node)
    if kind is Power:
        return type(node.base) is Symbol  # type: ignore[union-attr]
    if kind is Fraction:
        return is_bare(node.numerator)  # type: ignore[union-attr]
    return kind is Number or kind is Root or (kind is Symbol and node.name != "min")  # type: ignore[union-attr]


# What makes a degree one of temperature.
_HEAT = frozenset(["c", "f", "k", "celsius", "fahrenheit", "kelvin"])


# Between such words an angle is a direction.
_COMPASS = frozenset(["north", "south", "east", "west"])


def _sign_of(node: Node) -> tuple[Node, str] | None:
    if isinstance(node, Postfix) and node.operator in ("%", "°"):
        return node.argument, "percent" if node.operator == "%" else "degree"
    return None


def _first_of_unit(node: Product) -> int:
    """The place of the first factor that belongs to the unit; the number of factors if there is no unit."""
    factors = node.factors
    size = len(factors)
    at = next((at for at in range(1, size) if starts_unit(factors[at])), size)
    if at < size and not all(
        _is_unit_factor(factors[later], later=later > at) or _is_power_of_length(factors, later)
        for later in range(at, size)
    ):
        return size
    if at == size and _ends_as_unit(factors[-2], factors[-1]):
        return size - 1
    if at == size and not any(isinstance(f, Group) and _holds_unit(f) for f in factors[1:]):
        return size
    while at > 1 and (isinstance(factors[at - 1], Word) or _is_unit_letter(factors[at - 1])):
        at -= 1  # red marbles, J mol^-1
    return at


def _is_power_of_length(factors: tuple[Node, ...], at: int) -> bool:
    """The digit of `5 cm2`."""
    return factors[at] in _POWERS and factors[at - 1] in _LENGTHS


_POWERS = (Number("2"), Number("3"))
_LENGTHS = tuple(map(Word, ("mm", "cm", "dm", "km", "ft", "yd", "mi")))


# Letters that are units beside one that is written out: 8.3 J mol^-1, 5 J/(mol K).
_UNIT_LETTERS = frozenset(["mu", "m", "s", "g", "h", "L", "N", "J", "W", "V", "A", "C", "K", "T", "F"])


def _is_unit_letter(node: Node) -> bool:
    base = node.base if isinstance(node, Power) else node
    return (isinstance(base, Symbol) and base.name in _UNIT_LETTERS) or _holds_unit(base)


def _holds_unit(node: Node) -> bool:
    """`(mol K)`: a bracket of unit letters, one of them written out."""
    if not isinstance(node, Group) or not isinstance(node.body, Product):
        return False
    inside = node.body.factors
    return any(map(starts_unit, inside)) and all(starts_unit(f) or _is_unit_letter(f) for f in inside)


def _ends_as_unit(before: Node, last: Node) -> bool:
    r"""`12 in`, `3 \text{ min}` and `25^\circ C`: signs with another meaning elsewhere."""
    if isinstance(last, Symbol) and isinstance(before, Postfix) and before.operator == "°":
        return last.name in ("C", "F", "K")
    if not isinstance(before, (Number, Grouped, Fraction)):
        return False
    base = last.base if isinstance(last, Power) else last
    return (type(base) is Word and base.text == "in") or (type(last) is Symbol and last.name == "min")


def _last_sign(node: Product) -> tuple[Node, str | None]:
    """The percent sign or degree that the last factor carries holds for the product."""
    last = node.factors[-1]
    marked = _sign_of(last)
    if marked is None:
        return node, None
    if marked[1] == "degree" and (node.operators[-1] != "" or isinstance(node.factors[0], Postfix)):
        return node, None
    return Product((*node.factors[:-1], marked[0]), node.operators), marked[1]


def _unit_from(node: Product, at: int) -> str:
    first = "/" if node.operators[at - 1] == "/" else ""
    marks = (first, *node.operators[at:])
    tail = node.factors[at:]
    said = " ".join(f"{mark} {to_text(part)}" for mark, part in zip(marks, tail, strict=True))
    return " ".join(said.split())


def _is_unit_factor(node: Node, *, later: bool) -> bool:
    if starts_unit(node):
        return True
    base = node.base if isinstance(node, Power) else node
    if isinstance(base, (Word, Postfix)) or base == Symbol("min"):
        return later
    if isinstance(base, Symbol) and (len(base.name) == 1 or base.name in ("mu", "Omega")):
        return later  # miles per hour
    return isinstance(base, Group) and later


def starts_unit(node: Node) -> bool:
    """Whether a factor is words or a unit's name."""
    base = node.base if isinstance(node, Power) else node
    if isinstance(base, Text):
        return True
    if isinstance(base, Fraction):
        return starts_unit(base.numerator) and starts_unit(base.denominator)
    if isinstance(base, Product):
        return all(map(starts_unit, base.factors))
    if isinstance(base, Word):
        return not is_run(base.text) or is_unit_word(base.text)
    return False
