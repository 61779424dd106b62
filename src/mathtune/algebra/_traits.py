"""What occurs in an expression: functions with kinks and jumps, logarithms, sums and integrals."""

from __future__ import annotations

from fractions import Fraction

from ._elliptic import ELLIPTIC
from ._expression import (
    Add,
    Apply,
    Bound,
    Constant,
    Expression,
    Multiply,
    Power,
    Rational,
    Variable,
    nodes,
    rational,
    substitute,
    symbols,
)

__all__ = [
    "has_bound",
    "has_jump",
    "has_kink",
    "has_log",
    "has_name",
    "has_step",
    "largest_number",
    "real_names",
    "switches",
    "whole_names",
    "written_bits",
]

_JUMPS = frozenset(["floor", "ceil", "round", "mod", "frac"])
_KINKS = _JUMPS | {"abs", "max", "min", "sgn", "gcd", "lcm", "step"}
_STEPS = frozenset(["step"])
_LOGARITHMS = frozenset(["log"])
_WHOLE = frozenset(["gcd", "lcm", "mod", "double factorial"])
_WAVES = frozenset(["sin", "cos", "tan", "cot", "sec", "csc"])
_ARCS = frozenset(f"arc{wave}" for wave in _WAVES)
_LARGEST = Fraction(10**6)


def has_kink(expression: Expression) -> bool:
    r"""Whether a function occurs that is not analytic: agreement in one region says little about another.

    An even root is such a function too where it may hide an absolute value, as in `\sqrt{x^2+2x+1}`; so
    is the arcsine of a sine.
    """
    return any(
        node.name in _KINKS or _folds(node)
        if type(node) is Apply
        else type(node) is Power and _may_hide_abs(node)
        for node in nodes(expression)
    )


def _folds(node: Apply) -> bool:
    r"""`\arcsin(\sin x)` goes up and down."""
    if node.name not in _ARCS:
        return False
    return any(type(inner) is Apply and inner.name in _WAVES for inner in nodes(node))


def has_jump(expression: Expression) -> bool:
    """Whether a function occurs that jumps: at a jump a ball says nothing, an exact number does."""
    return _calls(expression, _JUMPS)


def has_step(expression: Expression) -> bool:
    """Whether a step function occurs."""
    return _calls(expression, _STEPS)


def switches(expression: Expression, name: str) -> frozenset[Fraction]:
    """Where the linear arguments of steps, signs and absolute values change their sign.

    >>> from mathtune.algebra import add, apply, rational
    >>> switches(apply("step", add(Variable("t"), rational(-3))), "t")
    frozenset({Fraction(3, 1)})
    """
    arguments = [
        node.arguments[0]
        for node in nodes(expression)
        if type(node) is Apply and node.name in _SWITCHING and symbols(node) == {name}
    ]
    found = set()
    for argument in arguments[:_MOST_SWITCHES]:
        values = [substitute(argument, {name: rational(at)}) for at in (0, 1, 2)]
        start, one, two = (value.value if type(value) is Rational else None for value in values)
        if start is not None and one is not None and two is not None and two - one == one - start != 0:
            found.add(start / (start - one))
    return frozenset(found)


_SWITCHING = frozenset(["step", "sgn", "abs"])
_MOST_SWITCHES = 40


def has_bound(expression: Expression) -> bool:
    """Whether an integral, sum, product or limit occurs."""
    return Bound in map(type, nodes(expression))


def has_log(expression: Expression) -> bool:
    r"""Whether a bare `\log` occurs."""
    return _calls(expression, _LOGARITHMS)


def _calls(expression: Expression, names: frozenset[str]) -> bool:
    return any(type(node) is Apply and node.name in names for node in nodes(expression))


def has_name(expression: Expression, name: str) -> bool:
    """Whether a function, constant or variable of that name occurs."""
    return any(type(node) in _NAMED and node.name == name for node in nodes(expression))  # type: ignore[union-attr]


_NAMED = frozenset([Apply, Constant, Variable])


def whole_names(expression: Expression) -> frozenset[str]:
    """The variables that must be whole numbers, for they stand in a gcd or a remainder."""
    whole = [node for node in nodes(expression) if type(node) is Apply and node.name in _WHOLE]
    return frozenset().union(*map(symbols, whole))


def real_names(expression: Expression) -> frozenset[str]:
    """The variables that are no whole numbers, whatever their habit: in moduli and in steps."""
    real = [
        node.arguments[-1]
        for node in nodes(expression)
        if type(node) is Apply and (node.name in ELLIPTIC or node.name == "step")
    ]
    return frozenset().union(*map(symbols, real))


def largest_number(expression: Expression) -> Fraction:
    """The largest absolute value of a number written in the expression, at most a million."""
    numbers = [abs(node.value) for node in nodes(expression) if type(node) is Rational]
    return min(max(numbers, default=Fraction(0)), _LARGEST)


def written_bits(expression: Expression) -> int:
    """The bits of all numbers written in the expression: two that differ may agree in as many."""
    numbers = [node.value for node in nodes(expression) if type(node) is Rational]
    return sum(number.numerator.bit_length() + number.denominator.bit_length() for number in numbers)


def _may_hide_abs(node: Power) -> bool:
    if not isinstance(node.exponent, Rational) or not isinstance(node.base, (Add, Multiply, Power)):
        return False
    return node.exponent.value.denominator % 2 == 0 and any(map(_is_even_power, nodes(node.base)))


def _is_even_power(node: Expression) -> bool:
    if not isinstance(node, Power) or not isinstance(node.exponent, Rational):
        return False
    return node.exponent.value.numerator % 2 == 0 and bool(symbols(node.base))
