"""Derivatives of expressions, by the rules of the calculus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._expression import (
    Add,
    Apply,
    Bound,
    Constant,
    Multiply,
    Power,
    add,
    apply,
    divide,
    multiply,
    negate,
    power,
    rational,
    symbols,
)

if TYPE_CHECKING:
    from ._expression import Expression

__all__ = ["derivative"]


def derivative(expression: Expression, name: str) -> Expression | None:
    """The derivative with respect to a variable, or None where no rule is known.

    >>> from mathtune.algebra import Variable, power, rational
    >>> derivative(power(Variable("x"), rational(2)), "x")
    Multiply(factors=(Rational(value=Fraction(2, 1), digits=None), Variable(name='x')))
    """
    if name not in symbols(expression):
        return rational(0)
    if isinstance(expression, Add):
        return _sum([derivative(term, name) for term in expression.terms])
    if isinstance(expression, Multiply):
        return _product(expression.factors, name)
    if isinstance(expression, Power):
        return _power(expression, name)
    if isinstance(expression, Apply):
        return _function(expression, name)
    return None if isinstance(expression, Bound) else rational(1)


def _sum(parts: list[Expression | None]) -> Expression | None:
    known = [part for part in parts if part is not None]
    return add(*known) if len(known) == len(parts) else None


def _product(factors: tuple[Expression, ...], name: str) -> Expression | None:
    parts: list[Expression | None] = []
    for at, factor in enumerate(factors):
        if name not in symbols(factor):
            continue
        inner = derivative(factor, name)
        parts.append(None if inner is None else multiply(*factors[:at], inner, *factors[at + 1 :]))
    return _sum(parts)


def _power(expression: Power, name: str) -> Expression | None:
    base, exponent = expression.base, expression.exponent
    inner = derivative(base, name)
    if inner is None:
        return None
    if name not in symbols(exponent):
        return multiply(exponent, power(base, add(exponent, rational(-1))), inner)
    outer = derivative(exponent, name)
    if outer is None:
        return None
    logarithm = rational(1) if base == Constant("e") else Apply("ln", (base,))
    growth = multiply(outer, logarithm)
    if name in symbols(base):
        growth = add(growth, divide(multiply(exponent, inner), base))
    return multiply(expression, growth)


def _function(expression: Apply, name: str) -> Expression | None:
    if len(expression.arguments) != 1:
        return None
    argument = expression.arguments[0]
    inner, outer = derivative(argument, name), _outer(expression.name, argument)
    return None if inner is None or outer is None else multiply(outer, inner)


E = Constant("e")


def _outer(name: str, x: Expression) -> Expression | None:
    one, square = rational(1), power(x, rational(2))
    table = {
        "sin": apply("cos", x),
        "cos": negate(apply("sin", x)),
        "tan": power(apply("sec", x), rational(2)),
        "cot": negate(power(apply("csc", x), rational(2))),
        "sec": multiply(apply("sec", x), apply("tan", x)),
        "csc": negate(multiply(apply("csc", x), apply("cot", x))),
        "sinh": apply("cosh", x),
        "cosh": apply("sinh", x),
        "tanh": power(apply("sech", x), rational(2)),
        "ln": power(x, rational(-1)),
        "log": power(x, rational(-1)),
        "coth": negate(power(apply("csch", x), rational(2))),
        "sech": negate(multiply(apply("sech", x), apply("tanh", x))),
        "csch": negate(multiply(apply("csch", x), apply("coth", x))),
        "arcsinh": power(add(square, one), rational(-1, 2)),
        "arccosh": power(add(square, rational(-1)), rational(-1, 2)),
        "arctanh": power(add(one, negate(square)), rational(-1)),
        "arccot": negate(power(add(one, square), rational(-1))),
        "arcsec": power(
            multiply(apply("abs", x), power(add(square, rational(-1)), rational(1, 2))), rational(-1)
        ),
        "erf": multiply(divide(rational(2), power(Constant("pi"), rational(1, 2))), power(E, negate(square))),
        "Gamma": multiply(apply("Gamma", x), apply("psi", x)),
        "W": divide(apply("W", x), multiply(x, add(one, apply("W", x)))),
        "arcsin": power(add(one, negate(square)), rational(-1, 2)),
        "arccos": negate(power(add(one, negate(square)), rational(-1, 2))),
        "arctan": power(add(one, square), rational(-1)),
        "abs": apply("sgn", x),
    }
    if name.endswith("(") and name[:-1].rstrip("'") in _UNKNOWN:
        return Apply(f"{name[:-1]}'(", (x,))
    return table.get(name)


# Letters that functions nobody knows are called by; what they are applied to stands behind the bracket.
_UNKNOWN = frozenset("fghFGHuvyz")
