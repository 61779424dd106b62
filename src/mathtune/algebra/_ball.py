"""Numbers with error bounds: complex balls (Arb, through python-flint) at a stated precision.

What a ball excludes is excluded for certain. `Evaluation.natural` tells whether the value stayed on the
real domain that a student has in mind: no root or logarithm of a negative number, no arcsine beyond 1.
"""

# ruff: noqa: ANN401, FBT001  (python-flint has no types, and calls the integrand as it likes)
from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import attrs

from ._budget import Budget, BudgetExceededError
from ._expression import Add, Apply, Bound, Constant, Multiply, Power, Rational, Variable, symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from ._expression import Expression

__all__ = ["Evaluation", "UnsupportedError", "evaluate", "precision"]

# python-flint keeps its precision in one global of the process: whoever changes it holds this lock.
_LOCK = threading.RLock()

# Sums and products are written out up to this many terms.
MAX_TERMS = 2_000


class UnsupportedError(Exception):
    """The expression has no value here: a pole, an unknown function, a divergent sum."""


class precision:  # noqa: N801  (a context manager, used like a function)
    """Hold flint's precision at so many bits, and put it back."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.before = 53

    def __enter__(self) -> None:
        import flint

        _LOCK.acquire()
        self.before = flint.ctx.prec
        flint.ctx.prec = self.bits

    def __exit__(self, *_: object) -> None:
        import flint

        flint.ctx.prec = self.before
        _LOCK.release()


@attrs.define
class Evaluation:
    r"""One evaluation: where the variables are, what `\log` means, and whether the real domain was left."""

    point: dict[str, Any]
    budget: Budget
    common_log: bool = False
    natural: bool = True
    rough: bool = False
    memo: dict[tuple[Bound, int], Any] = attrs.field(factory=dict)


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
    evaluation.budget.spend(1)
    return _RULES[type(expression)](expression, evaluation, flint)


def _rational(expression: Rational, evaluation: Evaluation, flint: Any) -> Any:
    del evaluation
    return flint.acb(_arb(expression.value, flint))


def _arb(value: Fraction, flint: Any) -> Any:
    if value.denominator == 1:
        return flint.arb(flint.fmpz(value.numerator))
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
    if expression.base == Constant("e"):
        return _value(exponent, evaluation, flint).exp()
    base = _value(expression.base, evaluation, flint)
    if isinstance(exponent, Rational):
        return _rational_power(base, exponent.value, evaluation, flint)
    power = _value(exponent, evaluation, flint)
    whole = power.real.unique_fmpz() if _is_real(power) else None
    if whole is not None and abs(whole) < 100_000:
        return base ** int(whole)
    if _is_real(base) and not base.real > 0:
        evaluation.natural = False
        if base.real.contains(0):
            return _power_of_zero(base, power, flint)
    return (base.log() * power).exp()


def _power_of_zero(base: Any, power: Any, flint: Any) -> Any:
    if base.is_zero() and _is_real(power) and power.real > 0:
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
    if _is_real(base) and not base.real >= 0:
        evaluation.natural = False
    if exponent.denominator == 2:
        root = base.sqrt()
        return root if exponent.numerator == 1 else root**exponent.numerator
    if _is_real(base) and base.real > 0 and exponent.denominator < 1_000:
        root = flint.acb(base.real.root(exponent.denominator))
        return root if exponent.numerator == 1 else root**exponent.numerator
    return (base.log() * _arb(exponent, flint)).exp()


def _is_real(value: Any) -> bool:
    return bool(value.imag.is_zero())


def _call(expression: Apply, evaluation: Evaluation, flint: Any) -> Any:
    rule = _FUNCTIONS.get(expression.name)
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
            total = (
                total * 3 / 5
                + (argument * (ord(letter) % 17 + 2) / 7 + place + 1).sin() * argument.exp().rgamma()
            )
    return total


def _bound(expression: Bound, evaluation: Evaluation, flint: Any) -> Any:
    if symbols(expression):
        return _bound_value(expression, evaluation, flint)
    key = (expression, flint.ctx.prec)
    if key not in evaluation.memo:  # the same number at every point
        evaluation.memo[key] = _bound_value(expression, evaluation, flint)
    evaluation.rough = evaluation.rough or expression.kind in ("int", "lim")
    return evaluation.memo[key]


def _bound_value(expression: Bound, evaluation: Evaluation, flint: Any) -> Any:
    if expression.kind in ("sum", "prod"):
        return _series(expression, evaluation, flint)
    if expression.kind == "int":
        return _integral(expression, evaluation, flint)
    if expression.kind == "lim":
        return _limit(expression, evaluation, flint)
    raise UnsupportedError


def _limit(expression: Bound, evaluation: Evaluation, flint: Any) -> Any:
    """A limit, as the value very near to it if that settles; from both sides unless one is named."""
    if expression.lower is None:
        raise UnsupportedError
    evaluation.rough = True
    if _is_infinite(expression.lower):
        sign = -1 if isinstance(expression.lower, Multiply) else 1
        return _settled(expression, [flint.acb(sign * 10**15), flint.acb(sign * 10**18)], evaluation, flint)
    target = _value(expression.lower, evaluation, flint)
    steps = [flint.arb(10) ** -15, flint.arb(10) ** -18]
    wanted = expression.upper.value if isinstance(expression.upper, Rational) else None
    sides = [side for side in (1, -1) if wanted is None or wanted == side]
    found = [
        _settled(expression, [target + side * step for step in steps], evaluation, flint) for side in sides
    ]
    if len(found) == 2 and not found[0].overlaps(found[1]):
        raise UnsupportedError
    return found[0]


def _settled(expression: Bound, places: list[Any], evaluation: Evaluation, flint: Any) -> Any:
    before = flint.ctx.prec
    flint.ctx.prec = max(before, 400)  # the lock of `precision` is held
    try:
        far, near = (_value_at(expression, place.mid(), evaluation, flint) for place in places)
    finally:
        flint.ctx.prec = before
    gap = float((far - near).abs_upper())
    size = float(near.abs_upper())
    if not gap <= 1e-9 * (1 + size):
        raise UnsupportedError
    margin = flint.arb(0, 2 * gap + 1e-12 * (1 + size))
    return near + flint.acb(margin, 0 if _is_real(near) else margin)


def _series(expression: Bound, evaluation: Evaluation, flint: Any) -> Any:
    total = flint.acb(0 if expression.kind == "sum" else 1)
    for value in _range(expression, evaluation, flint):
        inner = attrs.evolve(evaluation, point={**evaluation.point, expression.variable: flint.acb(value)})
        term = _value(expression.body, inner, flint)
        total = total + term if expression.kind == "sum" else total * term
    return total


def _range(expression: Bound, evaluation: Evaluation, flint: Any) -> Iterator[int]:
    ends = []
    for bound in (expression.lower, expression.upper):
        if bound is None:
            raise UnsupportedError
        value = _value(bound, evaluation, flint)
        whole = value.real.unique_fmpz() if _is_real(value) else None
        if whole is None:
            raise UnsupportedError
        ends.append(int(whole))
    if ends[1] - ends[0] > MAX_TERMS:
        raise UnsupportedError
    return iter(range(ends[0], ends[1] + 1))


# Accuracy asked of an integral, in bits, and the work that its quadrature may take.
_INTEGRAL_BITS = 44
_INTEGRAL_CALLS = 600


def _integral(expression: Bound, evaluation: Evaluation, flint: Any) -> Any:
    if expression.lower is None or expression.upper is None:
        raise UnsupportedError
    evaluation.rough = True
    if _has_unknown(expression.body):
        raise UnsupportedError
    infinite = [bound for bound in (expression.lower, expression.upper) if _is_infinite(bound)]
    if infinite:
        return _improper(expression, evaluation, flint)
    low = _value(expression.lower, evaluation, flint)
    high = _value(expression.upper, evaluation, flint)
    stopped: list[BudgetExceededError] = []

    def body(at: Any, analytic: bool) -> Any:
        inner = attrs.evolve(evaluation, point={**evaluation.point, expression.variable: at})
        try:
            value = flint.acb("nan") if stopped else _value(expression.body, inner, flint)
        except UnsupportedError:
            return flint.acb("nan")
        except BudgetExceededError as error:  # flint cannot carry an exception through its C code
            stopped.append(error)
            return flint.acb("nan")
        crosses = analytic and not at.is_exact() and _has_cut(expression.body)
        return flint.acb("nan") if crosses and not inner.natural else value

    tolerance = 2.0**-_INTEGRAL_BITS
    value = flint.acb.integral(
        body, low, high, rel_tol=tolerance, abs_tol=tolerance, eval_limit=_INTEGRAL_CALLS, depth_limit=30
    )
    if stopped:
        raise stopped[0]
    return value


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
        return expression.name not in _ENTIRE or any(map(_has_cut, expression.arguments))
    return isinstance(expression, Bound)


_ENTIRE = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "sech",
        "csch",
        "exp",
        "erf",
        "erfc",
    ]
)


# Double-exponential quadrature: step 1/_STEPS from -_REACH to _REACH in the transformed variable.
_STEPS = 20
_REACH = 4


def _improper(expression: Bound, evaluation: Evaluation, flint: Any) -> Any:
    """An integral to infinity, by double-exponential quadrature; twice the step estimates the error.

    Takahasi and Mori, Double exponential formulas for numerical integration, 1974.
    """
    lower, upper = expression.lower, expression.upper
    if lower is None or upper is None:
        raise UnsupportedError
    both = _is_infinite(lower) and _is_infinite(upper)
    anchor = flint.acb(0) if both else _value(upper if _is_infinite(lower) else lower, evaluation, flint)
    direction = -1 if _is_infinite(lower) and not both else 1
    fine, coarse = flint.acb(0), flint.acb(0)
    half_pi = flint.arb.pi() / 2
    for step in range(-_STEPS * _REACH, _STEPS * _REACH + 1):
        t = flint.arb(step) / _STEPS
        inner = half_pi * t.sinh()
        slope = half_pi * t.cosh()
        place, weight = (inner.sinh(), slope * inner.cosh()) if both else (inner.exp(), slope * inner.exp())
        at = anchor + direction * place
        term = _value_at(expression, at.mid(), evaluation, flint) * weight
        fine = fine + term
        coarse = coarse if step % 2 else coarse + term
    value, rough = fine / _STEPS, coarse * 2 / _STEPS
    error = (value - rough).abs_upper()
    size = float(value.abs_upper())
    if not float(error) <= 1e-6 * (1 + size):
        raise UnsupportedError
    # halving the step squares the error; the power 1.4 leaves room
    margin = flint.arb(0, (float(error) ** 1.4 + 1e-11) * (1 + size))
    return value + flint.acb(margin, margin if not _is_real(value) else 0)


def _value_at(expression: Bound, at: Any, evaluation: Evaluation, flint: Any) -> Any:
    inner = attrs.evolve(evaluation, point={**evaluation.point, expression.variable: flint.acb(at)})
    return _value(expression.body, inner, flint)


def _is_infinite(expression: Expression) -> bool:
    if isinstance(expression, Multiply):
        return any(map(_is_infinite, expression.factors))
    return expression == Constant("infty")


def _plain(name: str) -> Callable[..., Any]:
    def rule(_evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
        return getattr(argument, name)()

    return rule


def _reciprocal(name: str) -> Callable[..., Any]:
    def rule(_evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
        return getattr(1 / argument, name)()

    return rule


def _within(name: str, *, inverse: bool = False) -> Callable[..., Any]:
    """Arcsine and its kin: natural for real arguments from -1 to 1 only (beyond it for the reciprocals)."""

    def rule(evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
        inner = 1 / argument if inverse else argument
        if _is_real(inner) and not abs(inner.real) <= 1:
            evaluation.natural = False
        return getattr(inner, name)()

    return rule


def _log(evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    if argument.contains(0):
        raise UnsupportedError
    if _is_real(argument) and not argument.real > 0:
        evaluation.natural = False
    del flint
    return argument.log()


def _ambiguous_log(evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    value = _log(evaluation, flint, argument)
    return value / flint.arb(10).log() if evaluation.common_log else value


def _abs(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(abs(argument))


def _floor(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(argument.real.floor())


def _ceil(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(argument.real.ceil())


def _round(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb((argument.real + flint.arb(1) / 2).floor())


def _sign(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(argument.real.sgn())


def _factorial(_evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
    return (argument + 1).gamma()


def _binomial(_evaluation: Evaluation, _flint: Any, top: Any, below: Any) -> Any:
    if _is_real(top) and top.real > -1:
        return (top + 1).gamma() * (below + 1).rgamma() * (top - below + 1).rgamma()
    whole = below.real.unique_fmpz()
    if whole is None or not 0 <= whole < MAX_TERMS:
        raise UnsupportedError
    return (top - below + 1).rising(int(whole)) * (below + 1).rgamma()


def _mod(_evaluation: Evaluation, flint: Any, value: Any, modulus: Any) -> Any:
    return flint.acb(value.real - modulus.real * (value.real / modulus.real).floor())


def _maximum(_evaluation: Evaluation, flint: Any, *values: Any) -> Any:
    top = values[0].real
    for value in values[1:]:
        top = top.max(value.real)
    return flint.acb(top)


def _minimum(_evaluation: Evaluation, flint: Any, *values: Any) -> Any:
    low = values[0].real
    for value in values[1:]:
        low = low.min(value.real)
    return flint.acb(low)


def _integers(values: tuple[Any, ...]) -> list[int]:
    wholes = [value.real.unique_fmpz() for value in values]
    if any(whole is None for whole in wholes):
        raise UnsupportedError
    return [int(whole) for whole in wholes]


def _gcd(_evaluation: Evaluation, flint: Any, *values: Any) -> Any:
    import math

    return flint.acb(math.gcd(*_integers(values)))


def _lcm(_evaluation: Evaluation, flint: Any, *values: Any) -> Any:
    import math

    return flint.acb(math.lcm(*_integers(values)))


def _double_factorial(evaluation: Evaluation, flint: Any, value: Any) -> Any:
    (top,) = _integers((value,))
    if not -1 <= top <= MAX_TERMS:
        raise UnsupportedError
    evaluation.budget.spend(max(top, 0))
    total = flint.acb(1)
    for factor in range(top, 0, -2):
        total = total * factor
    return total


def _real_root(_evaluation: Evaluation, flint: Any, base: Any, index: Any) -> Any:
    """The odd root of a negative real number is real, as schools teach."""
    (degree,) = _integers((index,))
    if not 0 < degree < 1_000:
        raise UnsupportedError
    if _is_real(base) and base.real < 0 and degree % 2:
        return flint.acb(-((-base.real).root(degree)))
    if _is_real(base) and base.real > 0:
        return flint.acb(base.real.root(degree))
    if base.is_zero():
        return base
    if _is_real(base):
        _evaluation.natural = False
    return (base.log() / degree).exp()


def _two(name: str) -> Callable[..., Any]:
    def rule(evaluation: Evaluation, _flint: Any, order: Any, argument: Any) -> Any:
        evaluation.budget.spend(50)
        return getattr(argument, name)(order)

    return rule


def _erfi(_evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
    return argument.erfi()


def _beta(_evaluation: Evaluation, _flint: Any, first: Any, second: Any) -> Any:
    return first.gamma() * second.gamma() * (first + second).rgamma()


def _permutations(_evaluation: Evaluation, _flint: Any, top: Any, below: Any) -> Any:
    return (top + 1).gamma() * (top - below + 1).rgamma()


def _gamma(_evaluation: Evaluation, _flint: Any, *arguments: Any) -> Any:
    if len(arguments) == 2:
        return arguments[1].gamma_upper(arguments[0])
    return arguments[0].gamma()


def _acosh(evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
    if _is_real(argument) and not argument.real >= 1:
        evaluation.natural = False
    return argument.acosh()


def _arccot(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(flint.arb.pi() / 2) - argument.atan()


_FUNCTIONS: dict[str, Any] = {
    **{name: _plain(name) for name in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh",
    "coth")},
    **{name: _plain(name) for name in ("sech", "csch", "exp", "erf", "erfc", "lgamma", "zeta")},
    "arctan": _plain("atan"), "arcsinh": _plain("asinh"), "arccosh": _acosh, "arctanh": _within("atanh"),
    "arcsin": _within("asin"), "arccos": _within("acos"), "arcsec": _within("acos", inverse=True),
    "arccsc": _within("asin", inverse=True), "arccot": _arccot, "arcsech": _reciprocal("acosh"),
    "arccsch": _reciprocal("asinh"), "arccoth": _reciprocal("atanh"), "psi": _plain("digamma"),
    "Ei": _plain("ei"),
    "Si": _plain("si"), "Ci": _plain("ci"), "Li": _plain("li"), "Ai": _plain("airy_ai"),
    "Bi": _plain("airy_bi"),
    "W": _plain("lambertw"), "sinc": _plain("sinc"), "conj": _plain("conjugate"),
    "ln": _log, "log": _ambiguous_log, "Log": _log, "abs": _abs, "floor": _floor, "ceil": _ceil,
    "round": _round,
    "sgn": _sign, "factorial": _factorial, "binom": _binomial, "nCr": _binomial, "nPr": _permutations,
    "mod": _mod,
    "max": _maximum, "min": _minimum, "gcd": _gcd, "lcm": _lcm, "root": _real_root, "Gamma": _gamma,
    "erfi": _erfi,
    "Beta": _beta, "J": _two("bessel_j"), "Y": _two("bessel_y"), "I": _two("bessel_i"), "K": _two("bessel_k"),
    "Re": lambda _e, flint, z: flint.acb(z.real), "Im": lambda _e, flint, z: flint.acb(z.imag),
    "arg": lambda _e, flint, z: flint.acb(z.arg()), "rgamma": _plain("rgamma"),
    "double factorial": _double_factorial,
}  # fmt: skip

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
