r"""Functions by name -> their values on balls: what `Apply` means in numbers.

A rule may mark the evaluation as not natural: a student who writes `\arcsin 2` or `\ln(-1)` has no real
number in mind.
"""

# ruff: noqa: ANN401  (python-flint has no types)
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ._elliptic import ELLIPTIC
from ._evaluation import Evaluation, UnsupportedError, is_real, whole_number, whole_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ENTIRE", "FUNCTIONS", "MAX_TERMS"]

# Sums, products and double factorials are written out up to this many terms.
MAX_TERMS = 2_000

ENTIRE = frozenset(
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
        if is_real(inner) and not abs(inner.real) <= 1:
            evaluation.natural = False
        return getattr(inner, name)()

    return rule


def _log(evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    if argument.contains(0):
        raise UnsupportedError
    if is_real(argument) and not argument.real > 0:
        evaluation.natural = False
    del flint
    return argument.log()


def _ambiguous_log(evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    value = _log(evaluation, flint, argument)
    return value / flint.arb(10).log() if evaluation.common_log else value


def _abs(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(abs(argument))


def _settled(real: Any, flint: Any) -> Any:
    """A ball that is narrow beyond chance around a whole number is that number: log_2(16)."""
    whole = whole_number(real)
    narrow = whole is not None and abs(real - whole) < flint.arb(2) ** (-flint.ctx.prec // 2)
    return flint.arb(whole) if narrow else real


def _floor(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(_settled(argument.real, flint).floor())


def _ceil(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(_settled(argument.real, flint).ceil())


def _round(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb((argument.real + flint.arb(1) / 2).floor())


def _sign(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(argument.real.sgn())


def _factorial(_evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
    return (argument + 1).gamma()


def _binomial(_evaluation: Evaluation, _flint: Any, top: Any, below: Any) -> Any:
    if is_real(top) and top.real > -1:
        return (top + 1).gamma() * (below + 1).rgamma() * (top - below + 1).rgamma()
    whole = whole_number(below.real)
    if whole is None or not 0 <= whole < MAX_TERMS:
        raise UnsupportedError
    return (top - below + 1).rising(whole) * (below + 1).rgamma()


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


def _gcd(_evaluation: Evaluation, flint: Any, *values: Any) -> Any:
    return flint.acb(math.gcd(*whole_numbers(values)))


def _lcm(_evaluation: Evaluation, flint: Any, *values: Any) -> Any:
    return flint.acb(math.lcm(*whole_numbers(values)))


def _double_factorial(evaluation: Evaluation, flint: Any, value: Any) -> Any:
    (top,) = whole_numbers((value,))
    if not -1 <= top <= MAX_TERMS:
        raise UnsupportedError
    evaluation.budget.spend(max(top, 0))
    total = flint.acb(1)
    for factor in range(top, 0, -2):
        total = total * factor
    return total


def _real_root(_evaluation: Evaluation, flint: Any, base: Any, index: Any) -> Any:
    """The odd root of a negative real number is real, as schools teach."""
    (degree,) = whole_numbers((index,))
    if not 0 < degree < 1_000:
        raise UnsupportedError
    if is_real(base) and base.real < 0 and degree % 2:
        return flint.acb(-((-base.real).root(degree)))
    if is_real(base) and base.real > 0:
        return flint.acb(base.real.root(degree))
    if base.is_zero():
        return base
    if is_real(base):
        _evaluation.natural = False
    return (base.log() / degree).exp()


def _two(name: str) -> Callable[..., Any]:
    def rule(evaluation: Evaluation, flint: Any, order: Any, argument: Any) -> Any:
        evaluation.budget.spend(50)
        _keep_small(flint, order, argument)
        return getattr(argument, name)(order)

    return rule


def _airy_slope(name: str) -> Callable[..., Any]:
    def rule(_evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
        return getattr(argument, name)(derivative=1)

    return rule


def _lambert(evaluation: Evaluation, flint: Any, *arguments: Any) -> Any:
    """W(x), or the branch of a number: W(-1, x)."""
    _keep_small(flint, *arguments[:-1])
    branch = whole_numbers(arguments[:-1]) or [0]
    argument = arguments[-1]
    if is_real(argument) and not argument.real * 27182818285 >= -(10**10):  # -1/e
        evaluation.natural = False
    return argument.lambertw(branch[0])


def _polygamma(_evaluation: Evaluation, flint: Any, *arguments: Any) -> Any:
    if len(arguments) == 1:
        return arguments[0].digamma()
    order, argument = arguments
    _keep_small(flint, order, argument)
    return argument.polygamma(order)


def _integral_exponential(evaluation: Evaluation, flint: Any, order: Any, argument: Any) -> Any:
    _keep_small(flint, order, argument)
    if is_real(argument) and not argument.real > 0:
        evaluation.natural = False
    return argument.expint(order)


def _lower_gamma(_evaluation: Evaluation, flint: Any, order: Any, argument: Any) -> Any:
    _keep_small(flint, order, argument)
    return argument.gamma_lower(order)


# flint's special functions take time, and memory, in proportion to their parameters.
_LARGEST_PARAMETER = 1_000


def _keep_small(flint: Any, *arguments: Any) -> None:
    """Refuse parameters with which a special function would not come back.

    Raises:
        UnsupportedError: One is too large.
    """
    if not all(argument.abs_upper() < flint.arb(_LARGEST_PARAMETER) for argument in arguments):
        raise UnsupportedError


def _hypergeometric(evaluation: Evaluation, flint: Any, count: Any, *rest: Any) -> Any:
    """The first argument says how many parameters stand above; the last is the variable."""
    evaluation.budget.spend(100)
    (above,) = whole_numbers((count,))
    _keep_small(flint, *rest)
    return rest[-1].hypgeom(list(rest[:above]), list(rest[above:-1]))


def _erfi(_evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
    return argument.erfi()


def _beta(_evaluation: Evaluation, _flint: Any, first: Any, second: Any) -> Any:
    return first.gamma() * second.gamma() * (first + second).rgamma()


def _permutations(_evaluation: Evaluation, _flint: Any, top: Any, below: Any) -> Any:
    return (top + 1).gamma() * (top - below + 1).rgamma()


def _gamma(evaluation: Evaluation, flint: Any, *arguments: Any) -> Any:
    if len(arguments) == 2:
        _keep_small(flint, *arguments)
        if is_real(arguments[1]) and not arguments[1].real > 0:
            evaluation.natural = False
        return arguments[1].gamma_upper(arguments[0])
    return arguments[0].gamma()


def _acosh(evaluation: Evaluation, _flint: Any, argument: Any) -> Any:
    if is_real(argument) and not argument.real >= 1:
        evaluation.natural = False
    return argument.acosh()


def _arccot(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return flint.acb(flint.arb.pi() / 2) - argument.atan()


def _zeta(_evaluation: Evaluation, flint: Any, *arguments: Any) -> Any:
    """Riemann's, far along the real line, too; and with two arguments Hurwitz's."""
    _keep_small(flint, *(arguments if len(arguments) > 1 else [flint.acb(arguments[0].imag)]))
    return arguments[0].zeta(*arguments[1:])


def _dirichlet_beta(_evaluation: Evaluation, flint: Any, s: Any) -> Any:
    _keep_small(flint, s)
    first, third = (s.zeta(flint.acb(flint.arb(numerator) / 4)) for numerator in (1, 3))
    return (first - third) / flint.acb(4) ** s


def _step(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    """Heaviside's function, which has no one value at 0."""
    if not is_real(argument) or argument.real.contains(0):
        raise UnsupportedError
    return flint.acb(1 if argument.real > 0 else 0)


def _dawson(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    return argument.erfi() * (-argument * argument).exp() * flint.arb.pi().sqrt() / 2


def _tail(_evaluation: Evaluation, flint: Any, argument: Any) -> Any:
    """The share of a standard normal distribution above a value."""
    return (argument / flint.arb(2).sqrt()).erfc() / 2


def _spherical(name: str) -> Callable[..., Any]:
    def rule(evaluation: Evaluation, flint: Any, order: Any, argument: Any) -> Any:
        _keep_small(flint, order, argument)
        if is_real(argument) and not argument.real > 0:
            evaluation.natural = False
        return (flint.arb.pi() / (2 * argument)).sqrt() * getattr(argument, name)(order + flint.arb(1) / 2)

    return rule


def _hankel(_evaluation: Evaluation, flint: Any, kind: Any, order: Any, argument: Any) -> Any:
    _keep_small(flint, order, argument)
    sign = 1 if kind.real < 2 else -1
    return argument.bessel_j(order) + sign * flint.acb(0, 1) * argument.bessel_y(order)


def _tricomi(evaluation: Evaluation, flint: Any, first: Any, second: Any, argument: Any) -> Any:
    evaluation.budget.spend(50)
    _keep_small(flint, first, second, argument)
    return argument.hypgeom_u(first, second)


def _rising(_evaluation: Evaluation, flint: Any, base: Any, count: Any) -> Any:
    _keep_small(flint, base, count)
    return (base + count).gamma() * base.rgamma()


FUNCTIONS: dict[str, Any] = {
    **{name: _plain(name) for name in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh",
    "coth")},
    **{name: _plain(name) for name in ("sech", "csch", "exp", "erf", "erfc", "lgamma")},
    **ELLIPTIC,
    "zeta": _zeta, "eta": _plain("dirichlet_eta"), "dirichlet beta": _dirichlet_beta, "step": _step,
    "dawson": _dawson, "tail": _tail, "spherical j": _spherical("bessel_j"),
    "spherical y": _spherical("bessel_y"), "hankel": _hankel, "tricomi": _tricomi, "rising": _rising,
    "fresnel S": _plain("fresnel_s"), "fresnel C": _plain("fresnel_c"),
    "arctan": _plain("atan"), "arcsinh": _plain("asinh"), "arccosh": _acosh, "arctanh": _within("atanh"),
    "arcsin": _within("asin"), "arccos": _within("acos"), "arcsec": _within("acos", inverse=True),
    "arccsc": _within("asin", inverse=True), "arccot": _arccot, "arcsech": _reciprocal("acosh"),
    "arccsch": _reciprocal("asinh"), "arccoth": _reciprocal("atanh"),
    "Ei": _plain("ei"),
    "Si": _plain("si"), "Ci": _plain("ci"), "Li": _plain("li"), "Ai": _plain("airy_ai"),
    "Bi": _plain("airy_bi"), "Ai'": _airy_slope("airy_ai"), "Bi'": _airy_slope("airy_bi"),
    "W": _lambert, "psi": _polygamma, "polylog": _two("polylog"), "E": _integral_exponential,
    "P": _two("legendre_p"), "T": _two("chebyshev_t"), "U": _two("chebyshev_u"), "H": _two("hermite_h"),
    "L": _two("laguerre_l"), "gamma": _lower_gamma, "hypergeometric": _hypergeometric,
    "frac": lambda _e, flint, z: flint.acb(z.real - z.real.floor()),
    "Shi": _plain("shi"), "Chi": _plain("chi"),
    "sinc": _plain("sinc"), "conj": _plain("conjugate"),
    "ln": _log, "log": _ambiguous_log, "Log": _log, "abs": _abs, "floor": _floor, "ceil": _ceil,
    "round": _round,
    "sgn": _sign, "factorial": _factorial, "binom": _binomial, "nPr": _permutations,
    "mod": _mod,
    "max": _maximum, "min": _minimum, "gcd": _gcd, "lcm": _lcm, "root": _real_root, "Gamma": _gamma,
    "erfi": _erfi,
    "Beta": _beta, "J": _two("bessel_j"), "Y": _two("bessel_y"), "I": _two("bessel_i"), "K": _two("bessel_k"),
    "Re": lambda _e, flint, z: flint.acb(z.real), "Im": lambda _e, flint, z: flint.acb(z.imag),
    "arg": lambda _e, flint, z: flint.acb(z.arg()), "rgamma": _plain("rgamma"),
    "double factorial": _double_factorial,
}  # fmt: skip
