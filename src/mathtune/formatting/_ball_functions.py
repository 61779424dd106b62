"""mpmath's functions by python-flint's names, for `_balls`; arguments whose work has no end are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import mpmath  # type: ignore[import-untyped, unused-ignore]  # published without types

if TYPE_CHECKING:
    from collections.abc import Callable

_mp = mpmath.mp
_Number: TypeAlias = Any  # mpmath has no types, and takes Python's numbers as well as its own
LARGEST = 40  # binary digits before the point of an argument: exp and gamma of more fill the memory
FARTHEST = 10_000  # and a sine of more takes as many digits of pi


def _exp(value: _Number) -> _Number:
    if _mp.re(value) < 0 and _mp.mag(_mp.re(value)) > LARGEST:
        return _mp.ldexp(1, -1_000_000)  # as good as nothing, and not nothing
    return _mp.exp(value)


def small(function: Callable[..., _Number], value: _Number, largest: int, *more: _Number) -> _Number:
    if max(_mp.mag(_mp.re(value)), _mp.mag(_mp.im(value))) > largest:
        raise OverflowError
    return function(value, *more)


def _bounded(function: Callable[[_Number], _Number], largest: int) -> Callable[[_Number], _Number]:
    """Refuse arguments whose value would not fit into the memory, or would take for ever."""

    def bounded(value: _Number) -> _Number:
        size = max(_mp.mag(_mp.re(value)), _mp.mag(_mp.im(value)))
        if size > largest and not (function is _exp and _mp.re(value) < 0):
            raise OverflowError
        return function(value)

    return bounded


_STEEP = (
    "sinh",
    "cosh",
    "tanh",
    "coth",
    "sech",
    "csch",
    "gamma",
    "rgamma",
    "zeta",
    "digamma",
    "ei",
    "shi",
    "chi",
)
FUNCTIONS: dict[str, Callable[[_Number], _Number]] = {
    name: _bounded(getattr(_mp, name), LARGEST if name in _STEEP else FARTHEST)
    for name in (
        *("log", "sqrt", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth"),
        *("sech", "csch", "asin", "acos", "atan", "asinh", "acosh", "atanh", "gamma", "rgamma", "zeta"),
        *("erf", "erfc", "erfi", "digamma", "ei", "li", "shi", "chi"),
    )
} | {
    "exp": _bounded(_exp, LARGEST),
    "lgamma": _mp.loggamma,
    "si": _mp.si,
    "ci": _mp.ci,
    "exp_pi_i": _mp.expjpi,
    "dirichlet_eta": _mp.altzeta,
    "fresnel_s": _mp.fresnels,
    "fresnel_c": _mp.fresnelc,
    "elliptic_k": _mp.ellipk,
    "elliptic_e": _mp.ellipe,
}

OF_ORDER: dict[str, Callable[[_Number, _Number], _Number]] = {
    "bessel_j": _mp.besselj,
    "bessel_y": _mp.bessely,
    "bessel_i": _mp.besseli,
    "bessel_k": _mp.besselk,
    "gamma_upper": _mp.gammainc,
    "gamma_lower": lambda order, z: _mp.gammainc(order, 0, z),
    "polylog": _mp.polylog,
    "polygamma": lambda order, z: _mp.polygamma(int(_mp.re(order)), z),
    "expint": _mp.expint,
    "legendre_p": _mp.legendre,
    "chebyshev_t": _mp.chebyt,
    "chebyshev_u": _mp.chebyu,
    "hermite_h": _mp.hermite,
    "laguerre_l": lambda order, z: _mp.laguerre(order, 0, z),
}
