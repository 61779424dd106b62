r"""Letters as the other side shows them: what one way of writing leaves open, the other answer may tell.

`k_BT` is one name, or k_B times T beside an answer with both; `g(a - b)` a value of g, or g times a bracket
beside an answer in which g is a factor; `\vec a` is a beside an answer in which a vector is printed bold;
z beside its conjugate or absolute value is x + iy.
"""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import (
    Add,
    Apply,
    Constant,
    Expression,
    Multiply,
    Power,
    Variable,
    add,
    apply,
    divide,
    multiply,
    nodes,
    power,
    rational,
    substitute,
)

from ._complex import in_plane
from ._matching import match
from ._numerals import integer
from ._slopes import at_letter, by_index, named_slope, order_of, said_as, slope
from ._values import Equation, Items, Labelled, Quantity, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._finding import Finding, Task

__all__ = ["same_respelt"]


def same_respelt(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Compare two values with the letters of each as the other shows them."""
    del says_integer
    first, second = task.names(gold) | _derived(gold), task.names(given) | _derived(given)
    if not (first & second).isdisjoint("zw") and (first | second).isdisjoint("xy"):
        plane = _mapped(gold, in_plane), _mapped(given, in_plane)
        if plane != (gold, given):
            return match(task, *plane)
    one, other = _as_shown(gold, first, second), _as_shown(given, second, first)
    return None if one is gold and other is given else match(task, one, other)


def _as_shown(value: Value, own: frozenset[str], shown: frozenset[str]) -> Value:
    """The value with its letters as the other side shows them; the very value if nothing changes."""
    if value == _LONE_I:
        return value
    by = _said_as(own, shown)
    if by and isinstance(value, Labelled) and isinstance(meant := by.get(value.label), Variable):
        value = attrs.evolve(value, label=meant.name)
    if by:
        value = _mapped(value, lambda expression: substitute(expression, by))
    if any(map(order_of, shown)):
        value = _mapped(value, lambda expression: _with_slopes(expression, shown))
    applied = {name for name in _applied_letters(value) if name in shown | own}
    return _mapped(value, lambda expression: _multiplied(expression, applied)) if applied else value


def _derived(value: Value) -> frozenset[str]:
    r"""The derivative that an equation is solved for: its name is a letter of the equation like any other."""
    label = value.label if isinstance(value, Labelled) else ""
    return frozenset([named_slope(label)]) if "'" in label or slope(label) or by_index(label) else frozenset()


_LONE = frozenset("IG")  # the letters that may stand for something else alone
_LONE_I = Quantity(Variable("I"))


def _said_as(own: frozenset[str], shown: frozenset[str]) -> dict[str, Expression]:
    """The names that the other side does not know, with what they stand for there."""
    found: dict[str, Expression] = {}
    for name in own - shown:
        if len(name) == 1 and name not in _LONE:
            continue
        derived = said_as(name, own, shown) if name[-1:] == "'" or "_" in name else None
        meant = _meant(name, own, shown) if derived is None else Variable(derived)
        if meant is not None:
            found[name] = meant
    return found


def _meant(name: str, own: frozenset[str], shown: frozenset[str]) -> Expression | None:
    """What a name stands for that the other side does not know; None if that cannot be told."""
    if name == "I" and not shown & {"i", "j"}:
        return Constant("i")
    if name in _NUMBERS or (name == "hbar" and "h" in shown):
        return _NUMBERS.get(name, _H_BAR)
    if name in _BASIS and (shown & _SECOND_OF_BASIS or name[-1] in shown):
        return _BASIS[name]
    if name.startswith("vec "):
        return Variable(name[4:]) if name[4:] in shown else None
    base, _, index = name.partition("_")
    if base == "H" and index.isalnum() and not any(other[0] == "H" for other in shown):
        place = rational(integer(index)) if index.isdecimal() else Variable(index)
        return add(apply("psi", add(place, rational(1))), Constant("euler"))  # a harmonic number
    joined = not index and len(name) <= _MOST_LETTERS and name not in _GREEK  # \\mathrm{gb}
    letters = [base] if len(base) > _MOST_LETTERS or base in _GREEK else list(base)
    parts = list(name) if joined else [*letters[:-1], f"{letters[-1]}_{index[:1]}", *index[1:]]
    known = (joined or index.isalnum()) and base.isalpha() and len(parts) > 1 and set(parts) <= shown | own
    return multiply(*map(Variable, parts)) if known else None


_MOST_LETTERS = 3
_GREEK = frozenset(["mu", "nu", "xi", "eta", "rho", "tau", "phi", "psi", "chi"])
# Letters that are numbers of their own beside an answer without them.
_NUMBERS = {"gamma": Constant("euler"), "G": Constant("catalan")}
_H_BAR = divide(Variable("h"), multiply(rational(2), Constant("pi")))
# The letters of unit vectors, in other print: i is read as the imaginary unit, which does no harm here.
_UNIT_LETTERS: dict[str, Expression] = {"i": Constant("i"), "j": Variable("j"), "k": Variable("k")}
_BASIS: dict[str, Expression] = {
    f"{mark} {written}": meant
    for letter, meant in _UNIT_LETTERS.items()
    for mark in ("hat", "vec")
    for written in (letter, "xyz"["ijk".index(letter)])
    if mark == "hat" or written == letter
}
_SECOND_OF_BASIS = frozenset(["j", "hat j", "vec j", "hat y"])


def _mapped(value: Value, change: Callable[[Expression], Expression]) -> Value:
    """The value with its formulas changed, where it has some."""
    if isinstance(value, Quantity):
        return Quantity(change(value.expression), value.unit)
    if isinstance(value, Labelled):
        return attrs.evolve(value, value=_mapped(value.value, change))
    if isinstance(value, Items):
        return attrs.evolve(value, items=tuple(_mapped(item, change) for item in value.items))
    if isinstance(value, Equation):
        return Equation(change(value.left), change(value.right))
    return value


def _applied_letters(value: Value) -> set[str]:
    """The letters that are applied to one sum: g in g(a + b), for nobody puts brackets around one factor."""
    return {
        node.name[:-1]
        for expression in _formulas(value)
        for node in nodes(expression, bodies=False)
        if type(node) is Apply and node.name.endswith("(") and type(node.arguments[0]) is Add
    }


def _formulas(value: Value) -> list[Expression]:
    """The formulas that `_mapped` changes."""
    if isinstance(value, Quantity):
        return [value.expression]
    if isinstance(value, Labelled):
        return _formulas(value.value)
    if isinstance(value, Items):
        return [formula for item in value.items for formula in _formulas(item)]
    return [value.left, value.right] if isinstance(value, Equation) else []


def _parts(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, Add):
        return expression.terms
    if isinstance(expression, Multiply):
        return expression.factors
    if isinstance(expression, Power):
        return expression.base, expression.exponent
    return expression.arguments if isinstance(expression, Apply) else ()


def _multiplied(expression: Expression, letters: set[str]) -> Expression:
    """The formula with g(x) as g times x, for these letters."""

    def as_factors(call: Apply) -> Expression:
        letter, single = call.name[:-1], len(call.arguments) == 1 and call.name.endswith("(")
        return multiply(Variable(letter), *call.arguments) if single and letter in letters else call

    return _with_calls(expression, as_factors)


def _with_slopes(expression: Expression, shown: frozenset[str]) -> Expression:
    """The formula with x'(t) as the letter dx/dt, where the other side has that."""

    def as_letter(call: Apply) -> Expression:
        places = [place.name for place in call.arguments if isinstance(place, Variable)]
        name = (
            at_letter(call.name.rstrip("("), places[0]) if len(places) == len(call.arguments) == 1 else None
        )
        return Variable(name) if name in shown and name is not None else call

    return _with_calls(expression, as_letter)


def _with_calls(expression: Expression, change: Callable[[Apply], Expression]) -> Expression:
    """The formula with each function of something changed."""
    parts = tuple(_with_calls(part, change) for part in _parts(expression))
    if isinstance(expression, Add):
        return add(*parts)
    if isinstance(expression, Multiply):
        return multiply(*parts)
    if isinstance(expression, Power):
        return power(*parts)
    if not isinstance(expression, Apply):
        return expression
    call = apply(expression.name, *parts)
    return change(call) if isinstance(call, Apply) else call
