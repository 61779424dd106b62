"""Systems of equations and the points that solve them: `x+y=3, x-y=1` is `(2, 1)`.

A linear system is compared by its reduced equations. Points are put into any other system, and are all of its
solutions if it can be reduced to one polynomial in one letter that has as many roots.
"""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from mathtune.algebra import (
    Expression,
    Match,
    TooLargeError,
    Variable,
    add,
    linear_coefficients,
    multiply,
    negate,
    power,
    quotients,
    rational,
    substitute,
    symbols,
)

from ._equations import as_zero
from ._finding import OTHER, OTHER_COUNT, SAME, Finding, Task
from ._intervals import UnsolvableError
from ._regions import same_region, solve
from ._subspaces import is_parametric, subspace
from ._values import Equation, Inequality, Items, Labelled, Quantity, Region, Table, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["same_solutions"]

Point = dict[str, Expression]
_MOST_POINTS = 24


def same_solutions(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Whether two systems, or a system and a list of points, have the same solutions."""
    del says_integer
    first, second = _system(gold), _system(given)
    if first is not None and second is None:
        second = _system(_named_apart(given))
    elif second is not None and first is None:
        first = _system(_named_apart(gold))
    if first is None and second is None:
        return _one_equation(task, gold, given) or _one_equation(task, given, gold)
    names = tuple(sorted(_letters(first or second or [])))
    if first is not None and second is not None:
        return _two_systems(task, gold, given, names)
    system = first or second or []
    points = _points(given if first is not None else gold, names)
    if points is None or is_parametric(gold) or is_parametric(given):
        return None
    return _solved(task, system, points, names)


def _one_equation(task: Task, equation: Value, solution: Value) -> Finding | None:
    r"""`e^x = 5` beside `x = \ln 5`, `|x| = 3` beside {3, -3}: one letter, by the places where it holds."""
    if not isinstance(equation, Equation):
        return None
    letters = symbols(equation.left) | symbols(equation.right)
    if isinstance(solution, Items) and solution.kind == "set" and len(letters) == 1:
        solution = Labelled(min(letters), solution)
    if not isinstance(solution, Labelled) or letters != {solution.label}:
        return None
    if not isinstance(solution.value, (Quantity, Items)):
        return None
    sides = (equation.left, equation.right)
    both_ways = (Inequality("≤", *sides), Inequality("≤", *sides[::-1]))
    try:
        first, second = (solve(value, task.budget) for value in (Region("and", both_ways), solution))
    except UnsolvableError:
        return None
    return SAME if same_region(first, second, task.same) else None


def _named_apart(value: Value) -> Value:
    """`y = 3-x, y = x-1`, which is one name with two values, as two equations."""
    inner = value.value if isinstance(value, Labelled) else None
    if not isinstance(value, Labelled) or not isinstance(inner, Items) or inner.kind != "family":
        return value
    return Items(kind="list", items=tuple(Labelled(value.label, item) for item in inner.items))


def _system(value: Value) -> list[Expression] | None:
    """What the equations set to zero; None unless there are several, and one is not yet solved."""
    parts: tuple[Value, ...] = ()
    if isinstance(value, Items) and value.kind == "list":
        parts = value.items
    if isinstance(value, Region) and value.operator in ("and", "list"):
        parts = value.parts
    if len(parts) < 2 or not any(_is_open(part) for part in parts):
        return None
    gaps = [as_zero(part) if isinstance(part, (Equation, Labelled)) else None for part in parts]
    known = [gap for gap in gaps if gap is not None]
    return known if len(known) == len(gaps) else None


def _is_open(part: Value) -> bool:
    if isinstance(part, Labelled):
        return isinstance(part.value, Quantity) and bool(symbols(part.value.expression))
    return isinstance(part, Equation)


def _letters(gaps: Sequence[Expression]) -> frozenset[str]:
    return frozenset().union(*map(symbols, gaps))


def _two_systems(task: Task, gold: Value, given: Value, names: tuple[str, ...]) -> Finding | None:
    gold, given = _named_apart(gold), _named_apart(given)
    one, other = subspace(gold, names, task.budget), subspace(given, names, task.budget)
    if one is None or other is None:
        return None
    return SAME if one == other else OTHER


def _points(value: Value, names: tuple[str, ...]) -> list[Point] | None:
    """The points that a value lists: by name, or in the order of the alphabet."""
    if isinstance(value, Labelled) and isinstance(value.value, Items) and len(value.label) > 1:
        return _points(value.value, names)
    if isinstance(value, Items) and value.kind in ("family", "set", "list") and not _is_record(value):
        found = [_points(item, names) for item in value.items]
        if not found or any(part is None for part in found):
            return None
        return [point for part in found for point in part or []]
    if isinstance(value, Items) and _is_record(value):
        return _records(value, names)
    cells: tuple[Value, ...] = value.items if isinstance(value, Items) and value.kind == "tuple" else ()
    if isinstance(value, Table) and all(len(row) == 1 for row in value.rows):
        cells = tuple(row[0] for row in value.rows)
    numbers = [cell.expression for cell in cells if isinstance(cell, Quantity)]
    if len(numbers) != len(names) or len(cells) != len(names) or any(map(symbols, numbers)):
        return None
    return [dict(zip(names, numbers, strict=True))]


def _is_record(value: Items) -> bool:
    return all(isinstance(item, Labelled) for item in value.items) and value.kind != "family"


def _records(value: Items, names: tuple[str, ...]) -> list[Point] | None:
    """`x = 3, y = ±4` is two points."""
    choices: list[list[Expression]] = []
    for name in names:
        found = [item.value for item in value.items if isinstance(item, Labelled) and item.label == name]
        inner = found[0] if len(found) == 1 else None
        several = inner.items if isinstance(inner, Items) and inner.kind == "family" else (inner,)
        numbers = [part.expression for part in several if isinstance(part, Quantity)]
        if len(numbers) != len(several) or any(map(symbols, numbers)):
            return None
        choices.append(numbers)
    if len(value.items) != len(names):
        return None
    points = itertools.islice(itertools.product(*choices), _MOST_POINTS + 1)
    return [dict(zip(names, point, strict=True)) for point in points]


def _solved(
    task: Task, system: list[Expression], points: list[Point], names: tuple[str, ...]
) -> Finding | None:
    if len(points) > _MOST_POINTS:
        return None
    zero = rational(0)
    for point in points:
        for gap in system:
            if task.same(substitute(gap, point), zero) is not Match.EQUAL:
                return OTHER
    counts = _counts(task, system, names)
    if counts is None:
        return None
    return SAME if len(_distinct(task, points)) in counts else OTHER_COUNT


def _distinct(task: Task, points: list[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        if not any(all(task.same(other[n], point[n]) is Match.EQUAL for n in point) for other in kept):
            kept.append(point)
    return kept


def _counts(task: Task, system: list[Expression], names: tuple[str, ...]) -> set[int] | None:
    """How many complex and how many real solutions there are, if elimination shows it."""
    gaps, left = list(system), list(names)
    while left:
        found = _substitution(task, gaps, left)
        if found is None:
            break
        name, value = found
        reduced = [substitute(gap, {name: value}) for gap in gaps]
        gaps = [gap for gap in reduced if task.same(gap, rational(0)) is not Match.EQUAL]
        left.remove(name)
    if not left:
        return {1} if not gaps else {0}
    return _roots(task, gaps) if len(left) == 1 and gaps else None


def _substitution(task: Task, gaps: list[Expression], names: list[str]) -> tuple[str, Expression] | None:
    """A letter that one equation gives in the others: linear there, with a number as its factor."""
    for gap in gaps:
        for name in names:
            if name not in symbols(gap):
                continue
            start = substitute(gap, {name: rational(0)})
            slope = add(substitute(gap, {name: rational(1)}), negate(start))
            linear = add(start, multiply(slope, Variable(name)))
            constant = _constant(task, slope)
            if constant is not None and task.same(gap, linear) is Match.EQUAL:
                return name, multiply(rational(-1), start, power(constant, rational(-1)))
    return None


def _constant(task: Task, slope: Expression) -> Expression | None:
    """The slope, if it is a rational number other than zero."""
    try:
        [quotient] = quotients([slope], task.budget)
    except TooLargeError:
        return None
    numbers = linear_coefficients(quotient, [])
    if numbers is None or not numbers[0]:
        return None
    value = numbers[0] / quotient.below.leading_coefficient()
    return rational(int(value.p), int(value.q))


def _roots(task: Task, gaps: list[Expression]) -> set[int] | None:
    """The numbers of complex and of real roots that all polynomials in one letter share."""
    import flint

    try:
        found = quotients(gaps, task.budget)
    except TooLargeError:
        return None
    if any(len(one.names) != 1 or not one.above for one in found):
        return None
    common = found[0].above
    for one in found[1:]:
        common = common.gcd(one.above)
    degree = common.total_degree()
    coefficients = [flint.fmpq(0)] * (degree + 1)
    for (exponent,), coefficient in common.to_dict().items():
        coefficients[exponent] = coefficient
    polynomial = flint.fmpq_poly(coefficients)
    squarefree = polynomial / polynomial.gcd(polynomial.derivative()) if degree else polynomial
    roots = flint.fmpz_poly([int(c * squarefree.denom()) for c in squarefree.coeffs()]).complex_roots()
    return {len(roots), sum(1 for root, _ in roots if root.imag.is_zero())}
