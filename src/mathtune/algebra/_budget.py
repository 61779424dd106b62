"""Work, counted. A verdict may cost so many evaluations and no more; clocks and signals play no part."""

from __future__ import annotations

import attrs

__all__ = ["Budget", "BudgetExceededError"]


class BudgetExceededError(Exception):
    """The work allowed for one verdict is used up; caught where verdicts are made."""


@attrs.define
class Budget:
    """Units of work left; one is about one operation on numbers of a hundred digits (1 to 5 µs).

    >>> budget = Budget(10)
    >>> budget.spend(4)
    >>> budget.left
    6
    """

    left: int = 20_000

    def spend(self, units: int) -> None:
        """Take units of work.

        Raises:
            BudgetExceededError: Nothing is left.
        """
        self.left -= units
        if self.left < 0:
            raise BudgetExceededError
