"""Constants of integration: `x^2/2 + C`, `C_1 e^x + C_2 e^{-x}`, whatever they are called and absorb."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from mathtune.algebra import (
    FLINT,
    Add,
    Bound,
    Expression,
    Match,
    Rational,
    Variable,
    add,
    derivative,
    has_name,
    multiply,
    negate,
    numeric_value,
    power,
    precision,
    rational,
    size,
    substitute,
    symbols,
)

from ._families import free_names, rename
from ._finding import SAME, Finding, Task
from ._general_solutions import (
    SPACE_AND_TIME,
    are_given,
    is_constant_name,
    is_indexed,
    same_general_solutions,
)
from ._matching import match
from ._values import Equation, Items, Labelled, Quantity, Table, Value, formula_of, unnamed

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["same_up_to_constants"]

# The letters that functions are taken of, the likeliest first.
_VARIABLES = ("x", "t", "theta", "u", "s", "z", "y", "r")
_ARGUMENTS = frozenset([*_VARIABLES, "n", "w", "v", "p", "q", "a", "b", "omega", "lambda", "phi", "rho"])
_MOST_CONSTANTS = 3


def _too_large(value: Value) -> bool:
    inner = unnamed(value)
    return isinstance(inner, Quantity) and size(inner.expression) > _LARGEST


# Longer formulas are not differentiated in search of constants.
_LARGEST = 600


def same_up_to_constants(task: Task, gold: Value, given: Value) -> Finding | None:
    """Two families of functions or curves, if they are the same when their constants take all values.

    A letter of the same name on both sides may be a capacity or a spring constant: it is moved by addition
    only. Letters of other names, and C_1 and C_2, may absorb any factor.
    """
    first, second = _constant_names(task, gold), _constant_names(task, given)
    if not first and not second:
        return None
    gold, given = _as_one_function(gold), _as_one_function(given)
    if _too_large(gold) or _too_large(given) or _of_other_variables(gold, given):
        return None
    found = _antiderivative(task, gold, given) or _absorbed(task, gold, given)
    return found or same_general_solutions(task, gold, given)


def _as_one_function(value: Value) -> Value:
    r"""Of a vector of functions, or of `x = ..., y = ...`, the sum of its entries times far apart powers."""
    inner = unnamed(value)
    rows: tuple[Value, ...] = ()
    if isinstance(inner, Table) and all(len(row) == 1 for row in inner.rows):
        rows = tuple(row[0] for row in inner.rows)
    elif isinstance(inner, Items) and inner.kind in ("list", "tuple"):
        labels = [item.label for item in inner.items if isinstance(item, Labelled)]
        named = len(labels) == len(inner.items) and labels == sorted(labels)
        rows = inner.items if named or inner.kind == "tuple" else ()
    formulas = [formula for formula in map(formula_of, rows) if formula is not None]
    letters = frozenset().union(*map(symbols, formulas))
    name = next((letter for letter in _VARIABLES if letter in letters), None)
    if name is None or not 1 < len(formulas) == len(rows):
        return value
    apart = [power(Variable(name), rational(_FAR_APART * at)) for at in range(len(formulas))]
    return Quantity(add(*map(multiply, apart, formulas)))


_FAR_APART = 13  # no solution that people write has such powers


def _of_other_variables(gold: Value, given: Value) -> bool:
    """Whether one side has a variable that is none of the arguments of u(x, t) on the other, as y."""
    for function, other in ((gold, given), (given, gold)):
        if isinstance(function, Labelled) and function.arguments:
            known = {function.label, *function.arguments} | free_names(function.value)
            known |= set(other.arguments) if isinstance(other, Labelled) else set()
            if not free_names(unnamed(other)).isdisjoint(SPACE_AND_TIME - known):
                return True
    return False


def _absorbed(task: Task, gold: Value, given: Value) -> Finding | None:
    """Constants that are added, or that functions are multiplied with."""
    first, second = _constant_names(task, gold), _constant_names(task, given)
    if bool(first) != bool(second) and isinstance(gold, Labelled) and gold.arguments:
        return _renamed(task, gold, given)
    if not first or not second or len(first) > _MOST_CONSTANTS or len(second) > _MOST_CONSTANTS:
        return None
    functions = _arguments(gold) and _arguments(given)
    if not functions and not ((_letters(task, gold) - first) & (_letters(task, given) - second) & _ARGUMENTS):
        return None  # a lone C is a name, and so are the letters of a triangle
    if not any(name[0] in "CcKk" for name in first | second):
        return None
    said = any(name in ("C", "K") or is_indexed(name) for name in first | second)
    for look in (_renamed, _same_slope, _same_span, _same_level_curves) if said else (_renamed,):
        found = look(task, gold, given)
        if found is not None:
            return found if _meet(task, gold, given) else None
    return None


def _meet(task: Task, gold: Value, given: Value) -> bool:
    r"""Whether both are real at one point, if each is real anywhere: not `\ln x + C` and `\ln(-x) + C`."""
    pair = _functions(gold, given)
    if pair is None or not any(has_name(side, name) for side in pair[:2] for name in ("ln", "log")):
        return True
    first, second, name = pair
    real = [
        [bool(value.imag.contains(0)) for value in values]
        for place in _ALONG_THE_LINE
        if (values := _values(task, (first, second), name, place)) is not None
    ]
    apart = any(one for one, _other in real) and any(other for _one, other in real)
    return not apart or any(one and other for one, other in real)


_ALONG_THE_LINE = tuple(rational(11 * at + 3, 7) for at in (-40, -8, -3, -1, 0, 1, 2, 7, 41))


def _constant_names(task: Task, value: Value) -> frozenset[str]:
    return frozenset(name for name in _letters(task, value) if is_constant_name(name))


def _letters(task: Task, value: Value) -> frozenset[str]:
    """The letters of what is given to a name: those of y(x) = C e^x are C and x."""
    if isinstance(value, Items):
        return frozenset().union(*(_letters(task, item) for item in value.items))
    return _letters(task, value.value) if isinstance(value, Labelled) else task.names(value)


def _arguments(value: Value) -> frozenset[str]:
    """What a function is a function of, which is no constant: f(x) = x is not f(x) = c."""
    return frozenset(value.arguments if isinstance(value, Labelled) else ())


def _renamed(task: Task, gold: Value, given: Value) -> Finding | None:
    """C for c, C_1 and C_2 for A and B, in any order."""
    first, second = _letters(task, gold) - _arguments(gold), _letters(task, given) - _arguments(given)
    only_gold, only_given = first - second, second - first
    if not 0 < len(only_gold) == len(only_given) <= _MOST_CONSTANTS:
        return None
    if type(gold) is type(given) is Quantity and first.isdisjoint(_VARIABLES):
        return None  # a(b + c) is no family of functions
    free = all(isinstance(value, Labelled) and value.arguments for value in (gold, given))
    named = any(map(is_constant_name, only_gold | only_given)) and free  # f(x) = cx
    named = named and SPACE_AND_TIME.isdisjoint(only_gold | only_given)
    if len(only_gold) > 1 and are_given(only_gold | only_given, task.asked.context):
        named = False
    if not named and not all(map(is_constant_name, only_gold | only_given)):
        return None
    for order in itertools.permutations(sorted(only_gold)):
        renamed = given
        for old, new in zip(sorted(only_given), order, strict=True):
            renamed = rename(renamed, old, new)
        found = match(task, gold, renamed)
        if found.equal:
            return found
    return None


def _same_slope(task: Task, gold: Value, given: Value) -> Finding | None:
    r"""Functions with one constant each and one derivative, in which no constant is left: `\ln|x|+C`."""
    pair = _functions(gold, given)
    if pair is None:
        return None
    first, second, name = pair
    one, other = (_constant_names(task, Quantity(side)) for side in (first, second))
    if len(one) != 1 or len(other) != 1 or not all(map(_moves, (first, second), (one, other))):
        return None
    fresh: dict[str, Expression] = {next(iter(other)): Variable("#constant")}
    slopes = derivative(first, name), derivative(substitute(second, fresh), name)
    if slopes[0] is None or slopes[1] is None:
        return None
    return SAME if task.same(slopes[0], slopes[1]) is Match.EQUAL else None


def _moves(function: Expression, constants: frozenset[str]) -> bool:
    """Whether the constant is added at the top, or inside one logarithm, as in ln|kx|."""
    (name,) = constants
    slope = derivative(function, name)
    return slope is not None and slope != rational(0)


def _functions(gold: Value, given: Value) -> tuple[Expression, Expression, str] | None:
    """Both as formulas, and the variable that they are functions of."""
    first, second = formula_of(gold), formula_of(given)
    if first is None or second is None:
        return None
    names = symbols(first) & symbols(second)
    name = next((letter for letter in _VARIABLES if letter in names), None)
    return None if name is None or len(names & SPACE_AND_TIME) > 1 else (first, second, name)


def _same_span(task: Task, gold: Value, given: Value) -> Finding | None:
    """General solutions, linear in their constants: the same functions are spanned, from the same offset."""
    pair = _functions(gold, given)
    if pair is None:
        return None
    first, second, name = pair
    one, other = (
        sorted(_constant_names(task, Quantity(first))),
        sorted(_constant_names(task, Quantity(second))),
    )
    shared = set(one) & set(other)
    if len(one) != len(other) or not all(map(is_indexed, shared)):
        return None
    parts, others = _affine(first, one), _affine(second, other)
    if parts is None or others is None:
        return None
    offset = add(parts[0], negate(others[0]))
    there = _spans(task, parts[1:], [offset, *others[1:]], name)
    return SAME if there and _spans(task, others[1:], parts[1:], name) else None


def _affine(function: Expression, constants: list[str]) -> list[Expression] | None:
    """The offset and the functions that the constants multiply, if the function is linear in them."""
    zero: dict[str, Expression] = dict.fromkeys(constants, rational(0))
    slopes = [derivative(function, name) for name in constants]
    parts = [slope for slope in slopes if slope is not None and symbols(slope).isdisjoint(constants)]
    return [substitute(function, zero), *parts] if len(parts) == len(constants) else None


# Values at these points decide whether a function is a combination of others; all but a few serve as a check.
_PLACES = tuple(rational(7 + 11 * at, 10 + 3 * at) for at in range(6))
_SPAN_BITS = 200


def _spans(task: Task, basis: list[Expression], functions: list[Expression], name: str) -> bool:
    """Whether every function is a combination of the basis: solved at some points, checked at three more."""
    import flint

    size = len(basis)
    rows = [_values(task, basis, name, place) for place in _PLACES[: size + 3]]
    values = [_values(task, functions, name, place) for place in _PLACES[: size + 3]]
    if any(row is None for row in (*rows, *values)):
        return False
    with FLINT, precision(_SPAN_BITS):
        matrix, right = flint.acb_mat(rows[:size]), flint.acb_mat(values[:size])
        try:
            weights = matrix.solve(right)
        except ZeroDivisionError:  # the basis is none
            return False
        left = flint.acb_mat(rows[size:]) * weights - flint.acb_mat(values[size:])
        return all(entry.contains(0) and entry.abs_upper() < 1e-20 for entry in left.entries())


def _values(task: Task, functions: Iterable[Expression], name: str, place: Expression) -> list[Any] | None:
    found = []
    for function in functions:
        others = {letter: rational(3 + ord(letter[0]) % 7, 4) for letter in symbols(function) - {name}}
        number = numeric_value(substitute(function, {**others, name: place}), task.budget, _SPAN_BITS)
        if number is None:
            return None
        found.append(number)
    return found


def _same_level_curves(task: Task, gold: Value, given: Value) -> Finding | None:
    """`x^2 - y^2 = C` and `y^2 = x^2 + C`: level curves of functions whose gradients are parallel."""
    levels = [_level(task, value) for value in (gold, given)]
    if levels[0] is None or levels[1] is None:
        return None
    names = sorted(symbols(levels[0]) | symbols(levels[1]))
    if len(names) != 2:
        return None
    slopes = [[derivative(level, name) for name in names] for level in levels if level is not None]
    if any(slope is None for pair in slopes for slope in pair):
        return None
    (a, b), (c, d) = slopes
    if a is None or b is None or c is None or d is None:
        return None
    return SAME if task.same(multiply(a, d), multiply(b, c)) is Match.EQUAL else None


def _level(task: Task, value: Value) -> Expression | None:
    """The function that an equation sets to its constant, if the constant has a number as its factor."""
    if isinstance(value, Labelled) and isinstance(value.value, Quantity):
        gap = add(Variable(value.label), negate(value.value.expression))
    elif isinstance(value, Equation):
        gap = add(value.left, negate(value.right))
    else:
        return None
    constants = sorted(_constant_names(task, Quantity(gap)))
    factor = derivative(gap, constants[0]) if len(constants) == 1 else None
    parts = _affine(gap, constants) if isinstance(factor, Rational) and factor.value else None
    return parts[0] if parts else None


def _antiderivative(task: Task, gold: Value, given: Value) -> Finding | None:
    r"""`\int x\,dx` and `\frac{x^2}{2} + C`: the derivative is the integrand."""
    for one, other in ((gold, given), (given, gold)):
        integral, function = _integral_of(formula_of(one)), formula_of(other)
        if integral is None:
            continue
        if function is None or len(_constant_names(task, Quantity(function))) != 1:
            return None
        slope = derivative(function, integral.variable)
        return SAME if slope is not None and task.same(slope, integral.body) is Match.EQUAL else None
    return None


def _integral_of(function: Expression | None) -> Bound | None:
    r"""An indefinite integral, perhaps with a constant beside it: `\int x\,dx + C` has one anyway."""
    if isinstance(function, Add) and len(function.terms) == len(("integral", "C")):
        parts = [part for part in function.terms if not isinstance(part, Variable) or part.name != "C"]
        function = parts[0] if len(parts) == 1 else None
    indefinite = isinstance(function, Bound) and function.kind == "int" and function.lower is None
    return function if indefinite and isinstance(function, Bound) else None
