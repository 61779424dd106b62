"""What an evaluation carries: where the variables are, the work left, the precision, and what went wrong."""

# ruff: noqa: ANN401  (python-flint has no types)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.locks import new_lock

if TYPE_CHECKING:
    from ._budget import Budget
    from ._expression import Bound

__all__ = [
    "FLINT",
    "Evaluation",
    "NowhereError",
    "UnsupportedError",
    "is_real",
    "precision",
    "whole_number",
    "whole_numbers",
]

# python-flint keeps its precision in one global of the process: whoever changes it holds this lock. The lock
# and flint's own manager are entered and left in C, where no Ctrl-C can fall between taking and giving back.
FLINT = new_lock()


class UnsupportedError(Exception):
    """The expression has no value here: a pole, an unknown function, a divergent sum."""


class NowhereError(UnsupportedError):
    """The expression has no value here, nor at any other point."""


def precision(bits: int) -> Any:
    """Hold flint's precision at so many bits, and put it back; entered behind `FLINT`, the lock."""
    import flint

    return flint.ctx.workprec(bits)


@attrs.define
class Evaluation:
    r"""One evaluation: where the variables are, what `\log` means, and whether the real domain was left."""

    point: dict[str, Any]
    budget: Budget
    common_log: bool = False
    natural: bool = True
    rough: bool = False
    memo: dict[Bound, tuple[Any, bool]] = attrs.field(factory=dict)


def is_real(value: Any) -> bool:
    """Whether a ball lies on the real line for certain."""
    return bool(value.imag.is_zero())


def whole_numbers(values: tuple[Any, ...]) -> list[int]:
    """The integers that balls enclose.

    Raises:
        UnsupportedError: A ball holds no integer, or several.
    """
    wholes = [whole_number(value.real) for value in values]
    known = [whole for whole in wholes if whole is not None]
    if len(known) < len(wholes):
        raise UnsupportedError
    return known


# flint aborts the process, or fills the memory, when it writes out the integer in a ball beyond all bounds:
# in a huge one, and in one so close to zero that its exponent is huge.
_MOST_BITS = 4_096


def whole_number(ball: Any) -> int | None:
    """The one integer that a real ball encloses, if there is one of at most 4,096 bits."""
    import flint

    size = abs(ball)
    if not (ball.rad() < 1 and size < flint.arb(2) ** _MOST_BITS):
        return None
    if size < 1:
        return 0 if ball.contains(0) else None
    whole = ball.unique_fmpz()
    return None if whole is None else int(whole)
