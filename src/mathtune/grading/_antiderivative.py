"""Integrals that have a formula: powers, exponentials, sines and cosines of what is linear in the variable.

An iterated integral is computed from within as far as this goes, so that quadrature has one integral to do.
"""

from __future__ import annotations

from mathtune.algebra import (
    Add,
    Apply,
    Bound,
    Constant,
    Expression,
    Multiply,
    Power,
    Rational,
    Variable,
    add,
    apply,
    derivative,
    divide,
    infinite_sign,
    multiply,
    negate,
    power,
    rational,
    size,
    substitute,
    symbols,
)

__all__ = ["integrated"]


def integrated(integral: Bound) -> Expression:
    """The value of a definite integral, where it has a formula; else the integral itself."""
    lower, upper, name = integral.lower, integral.upper, integral.variable
    if lower is None or upper is None or infinite_sign(lower) or infinite_sign(upper):
        return integral
    if size(integral.body) > _LARGEST:  # each integral may be twice as long as the one in it
        return integral
    whole = _antiderivative(integral.body, name)
    if whole is None:
        return integral
    return add(substitute(whole, {name: upper}), negate(substitute(whole, {name: lower})))


_LARGEST = 200


def _antiderivative(body: Expression, name: str) -> Expression | None:
    """A function with this derivative; None where no rule is known."""
    if name not in symbols(body):
        return multiply(body, Variable(name))
    if isinstance(body, Add):
        parts = [_antiderivative(term, name) for term in body.terms]
        known = [part for part in parts if part is not None]
        return add(*known) if len(known) == len(parts) else None
    if not isinstance(body, Multiply):
        return _of_linear(body, name)
    moving = [factor for factor in body.factors if name in symbols(factor)]
    if len(moving) != 1:
        return None
    inner = _antiderivative(moving[0], name)
    return None if inner is None else multiply(*(inner if f is moving[0] else f for f in body.factors))


def _of_linear(body: Expression, name: str) -> Expression | None:
    """(ax + b)^n, e^{ax + b}, sin(ax + b) and cos(ax + b)."""
    inside = _inside(body)
    slope = None if inside is None else derivative(inside, name)
    if inside is None or slope is None or name in symbols(slope):
        return None
    if isinstance(body, Apply):
        found = negate(apply("cos", inside)) if body.name == "sin" else apply("sin", inside)
    elif isinstance(body, Power) and body.base == _E:
        found = body
    else:
        exponent = add(body.exponent if isinstance(body, Power) else rational(1), rational(1))
        found = divide(power(inside, exponent), exponent)
    return divide(found, slope)


_E = Constant("e")


def _inside(body: Expression) -> Expression | None:
    if isinstance(body, Apply):
        return body.arguments[0] if body.name in ("sin", "cos") else None
    if isinstance(body, Power):
        if body.base == _E:
            return body.exponent
        known = isinstance(body.exponent, Rational) and body.exponent.value > -1
        return body.base if known else None
    return body if isinstance(body, Variable) else None
