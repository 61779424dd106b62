"""Balls over mpmath with python-flint's names: what an exported grader computes with, without flint.

A ball is a middle and a radius. Rounding is a radius of two units in the last place; a function of a ball has
the radius by which its value changes from the middle to the rim, doubled. That is no proof, as Arb's is, but
tells different values apart as far as the engine looks. Only what the engine uses is here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import mpmath  # type: ignore[import-untyped, unused-ignore]  # published without types

from ._ball_functions import FARTHEST, FUNCTIONS, LARGEST, OF_ORDER, small
from ._ball_precision import ctx, rounding

if TYPE_CHECKING:
    from collections.abc import Callable

_mp = mpmath.mp
_Number: TypeAlias = Any  # mpmath has no types, and takes Python's numbers as well as its own
_LARGEST_ORDER = 10  # binary digits of an order
_QUADRATURE_BITS, _QUADRATURE_DEGREE = 80, 5  # the engine asks for 44 bits, and counts each point as work

fmpz = int


class arb:  # noqa: N801  (flint's name)
    """A real ball."""

    __slots__ = ("m", "r")
    m: _Number
    r: _Number

    def __init__(self, middle: _Number = 0, radius: _Number = 0) -> None:
        if isinstance(middle, arb):
            self.m, self.r = middle.m, middle.r + _mp.mpf(radius)
            return
        if isinstance(middle, Fraction):
            self.m = _mp.mpf(middle.numerator) / middle.denominator
            self.r = _mp.zero if middle.denominator == 1 else _mp.ldexp(abs(self.m), 1 - _mp.prec)
        else:
            self.m, self.r = _mp.mpf(middle), _mp.zero
        self.r += _mp.mpf(radius)

    pi = staticmethod(lambda: _with_radius(+_mp.pi))
    const_e = staticmethod(lambda: _with_radius(+_mp.e))
    const_euler = staticmethod(lambda: _with_radius(+_mp.euler))
    const_catalan = staticmethod(lambda: _with_radius(+_mp.catalan))

    def mid(self) -> arb:
        return ball(self.m, _mp.zero)

    def rad(self) -> arb:
        return ball(self.r, _mp.zero)

    def is_zero(self) -> bool:
        return bool(self.m == 0 and self.r == 0)

    def is_exact(self) -> bool:
        return bool(self.r == 0)

    def is_finite(self) -> bool:
        return bool(_mp.isfinite(self.m) and _mp.isfinite(self.r))

    def contains(self, other: _Number) -> bool:
        inner = _arb(other)
        return bool(abs(self.m - inner.m) + inner.r <= self.r)

    def overlaps(self, other: _Number) -> bool:
        return not abs(self.m - _arb(other).m) > self.r + _arb(other).r

    def unique_fmpz(self) -> int | None:
        if not self.is_finite() or _mp.mag(self.m) > FARTHEST:
            return None
        low, high = int(_mp.ceil(self.m - self.r)), int(_mp.floor(self.m + self.r))
        return low if low == high else None

    def abs_upper(self) -> arb:
        return ball(abs(self.m) + self.r, _mp.zero)

    def abs_lower(self) -> arb:
        return ball(max(abs(self.m) - self.r, _mp.zero), _mp.zero)

    @staticmethod
    def legendre_p_root(count: int, place: int, *, weight: bool) -> tuple[arb, arb]:
        """A node of Gauss and Legendre, and its weight."""
        del weight
        near = _mp.cos(_mp.pi * (place + _mp.mpf(3) / 4) / (count + _mp.mpf(1) / 2))
        node = _mp.findroot(lambda x: _mp.legendre(count, x), near)
        slope = count * _mp.legendre(count - 1, node) / (1 - node**2)
        return _with_radius(node), _with_radius(2 / ((1 - node**2) * slope**2))

    def root(self, degree: int) -> arb:
        return _real(lambda x: _mp.root(x, degree), self)

    def floor(self) -> arb:
        return _stepped(_mp.floor, self)

    def ceil(self) -> arb:
        return _stepped(_mp.ceil, self)

    def sgn(self) -> arb:
        return _stepped(_mp.sign, self)

    def max(self, other: _Number) -> arb:
        return self if self.m >= _arb(other).m else _arb(other)

    def min(self, other: _Number) -> arb:
        return self if self.m <= _arb(other).m else _arb(other)

    def __getattr__(self, name: str) -> _Number:
        if name not in FUNCTIONS:
            raise AttributeError(name)
        return lambda: _real(FUNCTIONS[name], self)

    def __float__(self) -> float:
        return float(self.m)

    def __abs__(self) -> arb:
        return ball(abs(self.m), self.r)

    def __neg__(self) -> arb:
        return ball(-self.m, self.r)

    def __add__(self, other: _Number) -> _Number:
        if isinstance(other, acb):
            return acb(self) + other
        that = _arb(other)
        value = self.m + that.m
        return ball(value, self.r + that.r + rounding(value))

    def __sub__(self, other: _Number) -> _Number:
        return self + -(other if isinstance(other, acb) else _arb(other))

    def __rsub__(self, other: _Number) -> _Number:
        return _arb(other) - self

    def __mul__(self, other: _Number) -> _Number:
        if isinstance(other, acb):
            return acb(self) * other
        that = _arb(other)
        value = self.m * that.m
        spread = abs(self.m) * that.r + abs(that.m) * self.r + self.r * that.r
        return ball(value, spread + (_mp.zero if value == 0 else rounding(value)))

    def __truediv__(self, other: _Number) -> _Number:
        if isinstance(other, acb):
            return acb(self) / other
        that = _arb(other)
        if abs(that.m) <= that.r:
            return ball(_mp.nan, _mp.inf)
        value = self.m / that.m
        spread = (self.r + abs(value) * that.r) / (abs(that.m) - that.r)
        return ball(value, spread + rounding(value))

    def __rtruediv__(self, other: _Number) -> _Number:
        return _arb(other) / self

    def __pow__(self, power: int) -> arb:
        if abs(self.m) <= self.r and power < 0:
            return ball(_mp.nan, _mp.inf)
        return _real(lambda x: x**power, self)

    __radd__ = __add__
    __rmul__ = __mul__

    def __gt__(self, other: _Number) -> bool:
        return bool(self.m - self.r > _arb(other).m + _arb(other).r)

    def __ge__(self, other: _Number) -> bool:
        return bool(self.m - self.r >= _arb(other).m + _arb(other).r)

    def __lt__(self, other: _Number) -> bool:
        return bool(self.m + self.r < _arb(other).m - _arb(other).r)

    def __le__(self, other: _Number) -> bool:
        return bool(self.m + self.r <= _arb(other).m - _arb(other).r)


class acb:  # noqa: N801  (flint's name)
    """A complex ball: two real ones."""

    __slots__ = ("imag", "real")
    imag: arb
    real: arb

    def __init__(self, real: _Number = 0, imag: _Number = 0) -> None:
        if isinstance(real, acb):
            self.real, self.imag = real.real, real.imag
        else:
            self.real, self.imag = _arb(real), _arb(imag)

    def mid(self) -> acb:
        return acb(self.real.mid(), self.imag.mid())

    def is_zero(self) -> bool:
        return self.real.is_zero() and self.imag.is_zero()

    def is_exact(self) -> bool:
        return self.real.is_exact() and self.imag.is_exact()

    def is_finite(self) -> bool:
        return self.real.is_finite() and self.imag.is_finite()

    def contains(self, other: _Number) -> bool:
        that = _acb(other)
        return self.real.contains(that.real) and self.imag.contains(that.imag)

    def overlaps(self, other: _Number) -> bool:
        that = _acb(other)
        return self.real.overlaps(that.real) and self.imag.overlaps(that.imag)

    def abs_upper(self) -> arb:
        return ball(_mp.hypot(self.real.abs_upper().m, self.imag.abs_upper().m), _mp.zero)

    def abs_lower(self) -> arb:
        return ball(_mp.hypot(self.real.abs_lower().m, self.imag.abs_lower().m), _mp.zero)

    def conjugate(self) -> acb:
        return acb(self.real, -self.imag)

    def arg(self) -> arb:
        argument: arb = _complex(lambda z: _mp.mpf(_mp.arg(z)), self).real
        return argument

    def rising(self, count: int) -> acb:
        product = acb(1)
        for step in range(count):
            product = product * (self + step)
        return product

    def sinc(self) -> acb:
        return acb(1) if self.is_zero() else self.sin() / self

    def rel_accuracy_bits(self) -> int:
        """Bits of the precision that a value has: all of it, or none where it is not known at all."""
        return ctx.prec if self.is_finite() else 0

    def __getattr__(self, name: str) -> _Number:
        if name in FUNCTIONS:
            return lambda: _complex(FUNCTIONS[name], self)
        if name in OF_ORDER:
            return lambda order: _complex(lambda z: OF_ORDER[name](_order(order), z), self)
        if name.startswith("_"):
            raise AttributeError(name)
        # a function that is not here has no value here: what needs it is undecided, and scores 0
        return lambda *_arguments, **_options: acb(_mp.nan, _mp.nan)

    def lambertw(self, branch: int = 0) -> acb:
        return _complex(lambda z: small(_mp.lambertw, z, LARGEST, branch), self)

    def airy_ai(self, derivative: int = 0) -> acb:
        return _complex(lambda z: _mp.airyai(z, derivative=derivative), self)

    def airy_bi(self, derivative: int = 0) -> acb:
        return _complex(lambda z: _mp.airybi(z, derivative=derivative), self)

    def hypgeom(self, above: list[acb], below: list[acb]) -> acb:
        def hyper(z: _Number) -> _Number:
            return _mp.hyper([_order(a) for a in above], [_order(b) for b in below], z)

        return _complex(lambda z: small(hyper, z, LARGEST), self)

    def __abs__(self) -> arb:
        if self.imag.is_zero():
            return abs(self.real)
        value = _mp.hypot(self.real.m, self.imag.m)
        return ball(value, self.real.r + self.imag.r + rounding(value))

    def __neg__(self) -> acb:
        return acb(-self.real, -self.imag)

    def __add__(self, other: _Number) -> acb:
        that = _acb(other)
        return acb(self.real + that.real, self.imag + that.imag)

    def __sub__(self, other: _Number) -> acb:
        return self + -_acb(other)

    def __rsub__(self, other: _Number) -> acb:
        return _acb(other) - self

    def __mul__(self, other: _Number) -> acb:
        that = _acb(other)
        if self.imag.is_zero() and that.imag.is_zero():
            return acb(self.real * that.real)
        real = self.real * that.real - self.imag * that.imag
        return acb(real, self.real * that.imag + self.imag * that.real)

    def __truediv__(self, other: _Number) -> acb:
        that = _acb(other)
        if that.imag.is_zero():
            return acb(self.real / that.real, self.imag / that.real)
        size = that.real * that.real + that.imag * that.imag
        over = self * that.conjugate()
        return acb(over.real / size, over.imag / size)

    def __rtruediv__(self, other: _Number) -> acb:
        return _acb(other) / self

    def __pow__(self, power: int) -> acb:
        if self.imag.is_zero():
            return acb(self.real**power)
        if power < 0:
            return 1 / self**-power
        return _complex(lambda z: z**power, self)

    __radd__ = __add__
    __rmul__ = __mul__

    @staticmethod
    def integral(body: Callable[[acb, bool], acb], low: _Number, high: _Number, **options: _Number) -> acb:
        """Give the integral along the straight line, by mpmath's quadrature with its own error."""
        ends = [_point(_acb(end)) for end in (low, high)]
        try:
            with _mp.workprec(_QUADRATURE_BITS):
                value, error = _mp.quad(
                    lambda x: _point(body(acb(_mp.re(x), _mp.im(x)), False)),
                    ends,
                    error=True,
                    maxdegree=_QUADRATURE_DEGREE,
                )
        except (ArithmeticError, ValueError, TypeError):
            return acb(_mp.nan, _mp.nan)
        margin = max(abs(error), _mp.mpf(options.get("abs_tol", 0)))
        return _boxed(_mp.mpmathify(value), margin)


# Functions


def ball(middle: _Number, radius: _Number) -> arb:
    made: arb = arb.__new__(arb)
    made.m, made.r = middle, radius
    return made


def _with_radius(value: _Number) -> arb:
    return ball(value, _mp.ldexp(abs(value), 1 - _mp.prec))


def _arb(value: _Number) -> arb:
    return value if isinstance(value, arb) else arb(value)


def _acb(value: _Number) -> acb:
    return value if isinstance(value, acb) else acb(value)


def _point(value: acb) -> _Number:
    """Give the middle as mpmath has it: real where the imaginary part is exactly nothing."""
    if not value.is_finite():
        raise ValueError("not finite")
    return value.real.m if value.imag.is_zero() else _mp.mpc(value.real.m, value.imag.m)


def _boxed(value: _Number, radius: _Number) -> acb:
    real, imag = _mp.re(value), _mp.im(value)
    if imag == 0:
        return acb(ball(real, radius))
    return acb(ball(real, radius), ball(imag, radius))


def _stepped(function: Callable[[_Number], _Number], at: arb) -> arb:
    """Give a step function's value, or all that lies between the values at both rims."""
    low, high = function(at.m - at.r), function(at.m + at.r)
    return ball((low + high) / 2, (high - low) / 2)


def _real(function: Callable[[_Number], _Number], at: arb) -> arb:
    return _complex(function, acb(at)).real


def _complex(function: Callable[[_Number], _Number], at: acb) -> acb:
    try:
        middle = _point(at)
        value = _mp.mpmathify(function(middle))
        radius = max(at.real.r, at.imag.r)
        spread = 2 * abs(function(middle + radius) - value) if radius else _mp.zero
    except (ArithmeticError, ValueError, TypeError, mpmath.libmp.NoConvergence):
        return acb(_mp.nan, _mp.nan)
    if not _mp.isfinite(value) or not _mp.isfinite(spread):
        return acb(_mp.nan, _mp.nan)
    exact = middle == 0 or _mp.isint(middle)
    rounded = rounding(value) if exact else _mp.ldexp(abs(value) + _mp.ldexp(1, -ctx.prec), 2 - _mp.prec)
    return _boxed(value, spread + rounded)


def _order(value: _Number) -> _Number:
    """Give an order or parameter of a function; the work grows with it."""
    order = _point(_acb(value))
    if max(_mp.mag(_mp.re(order)), _mp.mag(_mp.im(order))) > _LARGEST_ORDER:
        raise OverflowError
    return order
