"""Numbers with error bounds: complex balls (Arb, through python-flint) at a stated precision.

What a ball excludes is excluded for certain. `Evaluation.natural` tells whether the value stayed on the
real domain that a student has in mind: no root or logarithm of a negative number, no arcsine beyond 1.
"""

# ruff: noqa: ANN401  (python-flint has no types)
from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from ._bounds import bound_value
from ._budget import BudgetExceededError
from ._evaluation import Evaluation, NowhereError, UnsupportedError, is_real, whole_number
from ._expression import Add, Apply, Bound, Constant, Multiply, Power, Rational, Variable, symbols
from ._special import FUNCTIONS

if TYPE_CHECKING:
    from fractions import Fraction

    from ._expression import Expression

__all__ = ["evaluate"]


def evaluate(expression: Expression, evaluation: Evaluation) -> Any:
    """The ball that holds the value.

    Raises:
        UnsupportedError: There is no finite value.
        BudgetExceededError: It would cost too much.
    """
    import flint

    value = _value(expression, evaluation, flint)
    if not value.is_finite():
        raise UnsupportedError
    return value


def _value(expression: Expression, evaluation: Evaluation, flint: Any) -> Any:
    budget = evaluation.budget
    budget.left -= 1  # `spend`, without a call: every node of every evaluation passes here
    if budget.left < 0:
        raise BudgetExceededError
    return _RULES[type(expression)](expression, evaluation, flint)


def _rational(expression: Rational, evaluation: Evaluation, flint: Any) -> Any:
    del evaluation
    value = expression.value
    return flint.acb(value.numerator) if value.denominator == 1 else flint.acb(_arb(value, flint))


def _arb(value: Fraction, flint: Any) -> Any:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _constant(expression: Constant, evaluation: Evaluation, flint: Any) -> Any:
    del evaluation
    name = expression.name
    if name == "pi":
        return flint.acb(flint.arb.pi())
    if name == "e":
        return flint.acb(flint.arb.const_e())
    if name == "i":
        return flint.acb(0, 1)
    if name == "phi":
        return flint.acb((flint.arb(5).sqrt() + 1) / 2)
    if name == "euler":
        return flint.acb(flint.arb.const_euler())
    if name == "catalan":
        return flint.acb(flint.arb.const_catalan())
    raise UnsupportedError


def _variable(expression: Variable, evaluation: Evaluation, flint: Any) -> Any:
    del flint
    value = evaluation.point.get(expression.name)
    if value is None:
        raise UnsupportedError
    return value


def _sum(expression: Add, evaluation: Evaluation, flint: Any) -> Any:
    total = _value(expression.terms[0], evaluation, flint)
    for term in expression.terms[1:]:
        total = total + _value(term, evaluation, flint)
    return total


def _product(expression: Multiply, evaluation: Evaluation, flint: Any) -> Any:
    total = _value(expression.factors[0], evaluation, flint)
    for factor in expression.factors[1:]:
        total = total * _value(factor, evaluation, flint)
    return total


def _power(expression: Power, evaluation: Evaluation, flint: Any) -> Any:
    exponent = expression.exponent
    if type(expression.base) is Constant and expression.base.name == "e":
        return _value(exponent, evaluation, flint).exp()
    base = _value(expression.base, evaluation, flint)
    if isinstance(exponent, Rational):
        if exponent.value.numerator < 0 and type(expression.base) is Rational and not expression.base.value:
            raise NowhereError
        return _rational_power(base, exponent.value, evaluation, flint)
    power = _value(exponent, evaluation, flint)
    whole = whole_number(power.real) if is_real(power) else None
    if whole is not None and abs(whole) < 100_000:
        return base**whole
    if is_real(base) and not base.real > 0:
        evaluation.natural = False
        if base.real.contains(0):
            return _power_of_zero(base, power, flint)
    return (base.log() * power).exp()


def _power_of_zero(base: Any, power: Any, flint: Any) -> Any:
    if base.is_zero() and is_real(power) and power.real > 0:
        return flint.acb(0)
    raise UnsupportedError


def _rational_power(base: Any, exponent: Fraction, evaluation: Evaluation, flint: Any) -> Any:
    if exponent.denominator == 1:
        whole = exponent.numerator
        evaluation.budget.spend(whole.bit_length() // 8)
        if abs(whole) < 1 << 62:
            return base**whole
        return (base.log() * whole).exp()
    if base.is_zero():
        if exponent < 0:
            raise UnsupportedError
        return flint.acb(0)
    if is_real(base) and not base.real >= 0:
        evaluation.natural = False
    if exponent.denominator == 2:
        root = base.sqrt()
        return root if exponent.numerator == 1 else root**exponent.numerator
    if is_real(base) and base.real > 0 and exponent.denominator < 1_000:
        root = flint.acb(base.real.root(exponent.denominator))
        return root if exponent.numerator == 1 else root**exponent.numerator
    return (base.log() * _arb(exponent, flint)).exp()


def _call(expression: Apply, evaluation: Evaluation, flint: Any) -> Any:
    rule = FUNCTIONS.get(expression.name)
    evaluation.budget.spend(3)
    if expression.name == "polynomial root":
        return _polynomial_root(expression, evaluation, flint)
    arguments = [_value(argument, evaluation, flint) for argument in expression.arguments]
    if rule is None:
        if expression.name.endswith("("):
            return _unknown(expression.name, arguments, flint)
        raise UnsupportedError
    if not all(argument.is_finite() for argument in arguments):
        raise UnsupportedError
    try:
        return rule(evaluation, flint, *arguments)
    except TypeError as error:  # a wrong number of arguments
        raise UnsupportedError from error


def _polynomial_root(expression: Apply, evaluation: Evaluation, flint: Any) -> Any:
    place, *coefficients = [int(a.value) for a in expression.arguments if isinstance(a, Rational)]
    evaluation.budget.spend(4 * len(coefficients) ** 2)
    roots = [root.real for root, _ in flint.fmpz_poly(coefficients).complex_roots() if root.imag.is_zero()]
    return flint.acb(sorted(roots, key=lambda root: float(root.mid()))[place])


def _unknown(name: str, arguments: list[Any], flint: Any) -> Any:
    """A function nobody knows, as f: some fixed smooth function chosen by its name."""
    total = flint.acb(1)
    for place, argument in enumerate(arguments):
        for letter in name:
            wave = (argument * (ord(letter) % 17 + 2) / 7 + place + 1).sin()
            total = total * 3 / 5 + wave * 2 / 3 + (argument + ord(letter) % 11).atan()
    return total


def _bound(expression: Bound, evaluation: Evaluation, flint: Any) -> Any:
    value = partial(_value, flint=flint)
    if symbols(expression):
        return bound_value(expression, evaluation, value)
    known = evaluation.memo.get(expression)  # the same number at every point
    if known is None or not (known[1] or known[0].rel_accuracy_bits() > flint.ctx.prec - _LOST_BITS):
        inner = attrs.evolve(evaluation, rough=False)
        known = evaluation.memo[expression] = bound_value(expression, inner, value), inner.rough
        evaluation.natural = evaluation.natural and inner.natural
    evaluation.rough = evaluation.rough or known[1]
    return known[0]


# A value may lose so many bits of the precision at which it was worked out.
_LOST_BITS = 24


_RULES: dict[type, Any] = {
    Rational: _rational,
    Constant: _constant,
    Variable: _variable,
    Add: _sum,
    Multiply: _product,
    Power: _power,
    Apply: _call,
    Bound: _bound,
}
