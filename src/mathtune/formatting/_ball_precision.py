"""How exactly balls over mpmath are computed: python-flint's `ctx`, and what rounding costs."""

# ruff: noqa: ANN401  (mpmath has no types)
from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import mpmath  # type: ignore[import-untyped, unused-ignore]  # published without types

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ctx", "rounding"]

_mp = mpmath.mp
_GUARD = 40  # bits beyond those that were asked for: rounding stays far below what is compared


class _Context:
    """The precision, one for the process, as flint has it."""

    def __init__(self) -> None:
        self._bits = 53
        _mp.prec = self._bits + _GUARD

    @property
    def prec(self) -> int:
        return self._bits

    @prec.setter
    def prec(self, bits: int) -> None:
        self._bits = bits
        _mp.prec = bits + _GUARD

    @contextlib.contextmanager
    def workprec(self, bits: int) -> Iterator[None]:
        before, self.prec = self.prec, bits
        try:
            yield
        finally:
            self.prec = before


ctx = _Context()


def rounding(value: Any) -> Any:
    """Give the radius of a rounded value: none for whole numbers that fit."""
    if _mp.isnan(value) or _mp.isinf(value):
        return _mp.inf
    if _mp.isint(value) and abs(value) < _mp.mpf(2) ** ctx.prec:
        return _mp.zero
    return _mp.ldexp(abs(value), 2 - _mp.prec)
