"""Sums, products, integrals and limits: what a `Bound` expression means in numbers.

Everything but a finite sum or product is known to some margin only; `Evaluation.rough` says so.
"""

# ruff: noqa: ANN401, FBT001  (python-flint has no types, and calls the integrand as it likes)
from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from ._budget import Budget, BudgetExceededError
from ._cauchy import nth_derivative, working_bits
from ._evaluation import NowhereError, UnsupportedError, is_real, precision, whole_number
from ._expression import (
    Add,
    Apply,
    Bound,
    Constant,
    Multiply,
    Power,
    Rational,
    Variable,
    infinite_sign,
    nodes,
    size,
    symbols,
)
from ._oscillation import oscillating_integral, phase_of
from ._quadrature import MOST_LOOKED_AT, improper_integral, infinite_sum, settled, singular_integral
from ._special import ENTIRE, MAX_TERMS
from ._traits import has_bound

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._evaluation import Evaluation
    from ._expression import Expression

    Value = Callable[[Expression, Evaluation], Any]

__all__ = ["bound_value"]

# Accuracy asked of an integral, in bits, and the work that its quadrature may take.
_INTEGRAL_BITS = 44
_INTEGRAL_CALLS = 600
# What is not rigorous anyway is computed with so many bits, for it loses some on the way.
_WORKING_BITS = 400
# Double-exponential quadrature knows a dozen digits; it needs its ends to 38.
_QUADRATURE_BITS = 128
# Besides its operations a term of a sum costs the copying of the point.
_COST_OF_TERM = 6


def bound_value(expression: Bound, evaluation: Evaluation, value: Value) -> Any:
    """The ball of a sum, product, integral or limit.

    Args:
        expression: What to evaluate.
        evaluation: The point and the work left.
        value: Evaluates any expression.

    Raises:
        UnsupportedError: It has no value, or none that can be found here.
        BudgetExceededError: It would cost too much.
    """
    if expression.lower is None:
        raise NowhereError
    if expression.kind in ("sum", "prod"):
        return _series(expression, evaluation, value)
    evaluation.rough = True
    if expression.kind == "int":
        return _integral(expression, evaluation, value)
    if expression.kind == "lim":
        return _limit(expression, expression.lower, evaluation, value)
    if expression.kind == "diff" and expression.upper is not None:
        return _derivative(expression, expression.upper, evaluation, value)
    raise UnsupportedError


def _body(expression: Bound, evaluation: Evaluation, value: Value) -> Callable[[Any], Any]:
    """The body as a function of its own variable."""
    import flint

    inner = attrs.evolve(evaluation, point=dict(evaluation.point))

    def at(place: Any) -> Any:
        inner.point[expression.variable] = flint.acb(place)
        return value(expression.body, inner)

    return at


def _series(expression: Bound, evaluation: Evaluation, value: Value) -> Any:
    product = expression.kind == "prod"
    if any(_is_indexed(name, expression.variable) for name in symbols(expression.body)):
        raise NowhereError  # a_n: nobody knows its values
    first = _whole(expression.lower, evaluation, value)
    if expression.upper is not None and infinite_sign(expression.upper) == 1:
        evaluation.rough = True
        evaluation.budget.spend(_COST_OF_TERM * MOST_LOOKED_AT)

        def endless() -> Any:
            body = _body(*_settled(expression, evaluation, value), value)
            return infinite_sum(body, first, product=product)

        return _at(_WORKING_BITS, endless)
    body = _body(expression, evaluation, value)
    last = _whole(expression.upper, evaluation, value)
    if last - first > MAX_TERMS:
        raise UnsupportedError
    places = range(first, last + 1)
    if isinstance(expression.body, Bound):
        _ask_size(expression, places, evaluation, value)
    evaluation.budget.spend(_COST_OF_TERM * max(last - first, 0))
    if len(places) > _MANY_TERMS and not symbols(expression):
        # one look at the finest precision, which later looks find remembered, costs less than two
        return _at(_FINEST_BITS, lambda: _added(body, places, product=product))
    return _added(body, places, product=product)


def _settled(expression: Bound, evaluation: Evaluation, value: Value) -> tuple[Bound, Evaluation]:
    """A sum with a letter for each function that is the same in all terms, and where the letters are."""
    point = dict(evaluation.point)

    def settled(part: Expression) -> Expression:
        if isinstance(part, Apply) and expression.variable not in symbols(part):
            name = f"#settled {len(point)}"
            point[name] = value(part, attrs.evolve(evaluation))
            return Variable(name)
        if isinstance(part, Add):
            return Add(tuple(map(settled, part.terms)))
        if isinstance(part, Multiply):
            return Multiply(tuple(map(settled, part.factors)))
        return Power(settled(part.base), settled(part.exponent)) if isinstance(part, Power) else part

    body = settled(expression.body)
    return attrs.evolve(expression, body=body), attrs.evolve(evaluation, point=point)


# Longer sums of numbers are added once only.
_MANY_TERMS = 300
_FINEST_BITS = 1_040


def _added(body: Callable[[Any], Any], places: range, *, product: bool) -> Any:
    import flint

    total = flint.acb(1 if product else 0)
    for place in places:
        total = total * body(place) if product else total + body(place)
    return total


def _ask_size(expression: Bound, places: range, evaluation: Evaluation, value: Value) -> None:
    """Count the terms of a sum of sums before any is added; a term costs at least half of its nodes."""
    import flint

    inner = expression.body
    if not isinstance(inner, Bound) or inner.kind not in ("sum", "prod") or inner.upper is None:
        return
    if infinite_sign(inner.upper) or len(places) < _FEW_TERMS:
        return
    cost = _COST_OF_TERM + size(inner.body) // 2
    left = evaluation.budget.left
    uncounted = attrs.evolve(evaluation, budget=Budget(left))
    for place in places:
        uncounted.point = {**evaluation.point, expression.variable: flint.acb(place)}
        terms = _whole(inner.upper, uncounted, value) - _whole(inner.lower, uncounted, value) + 1
        left -= cost * max(terms, 0)
        if left < 0:
            raise BudgetExceededError


# A sum of fewer sums is added up at once.
_FEW_TERMS = 10


def _is_indexed(name: str, index: str) -> bool:
    return index in name.partition("_")[2]


def _whole(bound: Expression | None, evaluation: Evaluation, value: Value) -> int:
    if bound is None:
        raise UnsupportedError
    found = value(bound, evaluation)
    whole = whole_number(found.real) if is_real(found) else None
    if whole is None:
        raise UnsupportedError
    return whole


def _at(bits: int, compute: Callable[[], Any]) -> Any:
    with precision(bits):  # whoever evaluates holds `FLINT`
        return compute()


def _derivative(expression: Bound, place: Expression, evaluation: Evaluation, value: Value) -> Any:
    """The derivative whose order stands below, at the place that stands above."""
    order = _whole(expression.lower, evaluation, value)
    body, at = _body(expression, evaluation, value), value(place, evaluation)
    return _at(working_bits(order), lambda: nth_derivative(body, at, order))


def _limit(expression: Bound, target: Expression, evaluation: Evaluation, value: Value) -> Any:
    """A limit, as the value very near to it if that settles; from both sides unless one is named."""
    if _tends_unknown(expression):
        raise NowhereError  # f need not be continuous there
    import flint

    body = _body(expression, evaluation, value)

    def approached(places: list[Any]) -> Any:
        far, near = _at(_WORKING_BITS, lambda: [body(place.mid()) for place in places])
        return settled(far, near)

    sign = infinite_sign(target)
    if sign:
        return approached([flint.acb(sign * far) for far in _FAR])
    place = value(target, evaluation)
    steps = [flint.arb(10) ** -15, flint.arb(10) ** -18]
    wanted = expression.upper.value if isinstance(expression.upper, Rational) else None
    sides = [side for side in (1, -1) if wanted is None or wanted == side]
    found = [approached([place + side * step for step in steps]) for side in sides]
    if len(found) == 2 and not found[0].overlaps(found[1]):
        raise UnsupportedError
    return found[0]


def _tends_unknown(limit: Bound) -> bool:
    """Whether a term of a sequence or a value of a function that nobody knows depends on what tends."""
    name = limit.variable
    if any(_is_indexed(other, name) for other in symbols(limit.body)):
        return True
    unknown = (node for node in nodes(limit.body) if type(node) is Apply and node.name.endswith("("))
    return any(name in symbols(node) for node in unknown)


# Places near infinity, unlike modulo 2 to 7: what runs round, as (-1)^n, has two values there and no limit.
_FAR = (10**15, 10**18 + 11)


def _integral(expression: Bound, evaluation: Evaluation, value: Value) -> Any:
    lower, upper = expression.lower, expression.upper
    if lower is None or upper is None or _has_unknown(expression.body):
        raise UnsupportedError
    import flint

    low, high = infinite_sign(lower), infinite_sign(upper)
    if (low or high) and expression.variable not in symbols(expression.body):
        raise NowhereError  # a constant has no integral over a half-line
    body = _body(expression, evaluation, value)
    if low or high:
        anchor = 0 if low and high else value(upper if low else lower, evaluation)
        direction = -1 if low and not high else 1
        both = bool(low and high)
        try:
            return _at(_QUADRATURE_BITS, lambda: improper_integral(body, anchor, direction, both=both))
        except UnsupportedError:
            return _oscillating(
                expression, evaluation, value, flint.acb(anchor), (1, -1) if both else (direction,)
            )
    ends = value(lower, evaluation), value(upper, evaluation)
    regular = _has_value(body, ends[0]) and _has_value(body, ends[1])
    if regular and not _has_cut(expression.body):  # Arb's quadrature trusts that what has a value is analytic
        found = _quadrature(expression, evaluation, value, ends)
        if found.is_finite():
            return found
    if has_bound(expression.body):
        raise UnsupportedError  # the inner integral would be computed at every point of the outer one
    return _at(_QUADRATURE_BITS, lambda: singular_integral(body, *ends))


def _has_value(body: Callable[[Any], Any], place: Any) -> bool:
    """Whether an integrand is finite at an end; beside a removable gap Arb's quadrature does not settle."""
    try:
        return bool(body(place).is_finite())
    except UnsupportedError:
        return False


def _oscillating(
    expression: Bound, evaluation: Evaluation, value: Value, anchor: Any, directions: tuple[int, ...]
) -> Any:
    """The integral of a wave from a place to infinity, to one side or both.

    Raises:
        UnsupportedError: There is no wave in it, or it does not settle.
    """
    found = phase_of(expression)
    if found is None or not is_real(anchor):
        raise UnsupportedError
    body, phase = (
        _body(attrs.evolve(expression, body=part), evaluation, value) for part in (expression.body, found)
    )
    parts = [
        _at(_WORKING_BITS, partial(oscillating_integral, body, phase, anchor, side)) for side in directions
    ]
    return sum(parts[1:], parts[0])


def _quadrature(expression: Bound, evaluation: Evaluation, value: Value, ends: tuple[Any, Any]) -> Any:
    """Arb's rigorous quadrature; not finite where the integrand is not analytic between the ends."""
    import flint

    stopped: list[BudgetExceededError] = []

    def body(at: Any, analytic: bool) -> Any:
        del analytic
        inner = attrs.evolve(evaluation, point={**evaluation.point, expression.variable: at})
        try:
            return flint.acb("nan") if stopped else value(expression.body, inner)
        except UnsupportedError:
            return flint.acb("nan")
        except BudgetExceededError as error:  # flint cannot carry an exception through its C code
            stopped.append(error)
            return flint.acb("nan")

    tolerance = 2.0**-_INTEGRAL_BITS
    found = flint.acb.integral(
        body, *ends, rel_tol=tolerance, abs_tol=tolerance, eval_limit=_INTEGRAL_CALLS, depth_limit=30
    )
    if stopped:
        raise stopped[0]
    return found


def _has_unknown(expression: Expression) -> bool:
    """Whether a function occurs that has no formula, as f."""
    if isinstance(expression, (Add, Multiply)):
        return any(map(_has_unknown, expression.terms if isinstance(expression, Add) else expression.factors))
    if isinstance(expression, Power):
        return _has_unknown(expression.base) or _has_unknown(expression.exponent)
    if isinstance(expression, Apply):
        return expression.name.endswith("(") or any(map(_has_unknown, expression.arguments))
    return isinstance(expression, Bound) and _has_unknown(expression.body)


def _has_cut(expression: Expression) -> bool:
    """Whether a root, a logarithm or another function with a branch cut occurs."""
    if isinstance(expression, (Add, Multiply)):
        return any(map(_has_cut, expression.terms if isinstance(expression, Add) else expression.factors))
    if isinstance(expression, Power):
        whole = isinstance(expression.exponent, Rational) and expression.exponent.value.denominator == 1
        return (
            _has_cut(expression.base)
            or (not whole and expression.base != Constant("e"))
            or _has_cut(expression.exponent)
        )
    if isinstance(expression, Apply):
        return expression.name not in ENTIRE or any(map(_has_cut, expression.arguments))
    if isinstance(expression, Bound):  # an integral is analytic where its integrand and ends are
        parts = (expression.body, expression.lower, expression.upper)
        return expression.kind != "int" or any(part is None or _has_cut(part) for part in parts)
    return False
