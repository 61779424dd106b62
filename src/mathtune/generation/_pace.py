"""How to ask: one by one or in batches, how many at once, for how much, by which clock."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Literal

import attrs

from mathtune.errors import DataError

from ._clock import Clock
from ._cost import Price  # noqa: TC001  (attrs resolves the types of fields)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pace"]


def _known_mode(_: object, __: object, mode: str) -> None:
    if mode not in {"live", "batch"}:
        raise DataError(f'expected "live" or "batch", got {mode!r}', field="mode")


def _at_least_one(_: object, __: object, concurrency: int) -> None:
    if concurrency < 1:
        raise DataError(f"expected at least 1, got {concurrency}", field="concurrency")


def _with_price(pace: Any, _: object, limit: float | None) -> None:  # noqa: ANN401  (the class below)
    if limit is not None and pace.price is None:
        raise DataError("a limit needs the price of the tokens", field="cost_limit")


def _say_nothing(event: str, **facts: object) -> None:
    del event, facts


@attrs.frozen(kw_only=True)
class Pace:
    """How to ask.

    Attributes:
        mode: "live" asks by single requests. "batch" goes through the server's Batch API: cheaper, within a
            day; interrupted or killed, the same call takes up the batches where they are.
        concurrency: The most requests under way; how many there are follows from the server's answers.
        price: The price of the tokens, where costs are to be known.
        cost_limit: The most USD that all responses of a call may cost, those from the store included.
        report: Told what happens on the way: a word and facts, as `report("rate_limited", wait=2.0)`.
        clock: Time, for tests.
        chance: Gives numbers from 0 to 1 that spread the waits.

    Raises:
        DataError: An unknown mode, a concurrency below 1, or a limit without a price.

    >>> Pace(concurrency=64, price=Price(prompt=0.15, completion=0.6), cost_limit=2.0).cost_limit
    2.0
    """

    mode: Literal["live", "batch"] = attrs.field(default="live", validator=_known_mode)
    concurrency: int = attrs.field(default=16, validator=_at_least_one)
    price: Price | None = None
    cost_limit: float | None = attrs.field(default=None, validator=_with_price)
    report: Callable[..., None] = _say_nothing
    clock: Clock = attrs.field(factory=Clock)
    chance: Callable[[], float] = random.random
