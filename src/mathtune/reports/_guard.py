"""The forgetting guard: named parts that training must not have made worse, as pass, fail or cannot tell."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import attrs

from mathtune import stats
from mathtune.errors import DataError

from ._words import points

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._comparison import Cell, Comparison

__all__ = ["Check", "Guard", "Standing", "guard"]


class Standing(str, Enum):
    """How a guarded part stands."""

    PASS = "pass"  # noqa: S105  (no password)
    FAIL = "fail"
    CANNOT_TELL = "cannot tell"

    def __str__(self) -> str:
        return self.value


@attrs.frozen(kw_only=True)
class Check:
    """One guarded part.

    Attributes:
        cell: The part, with its numbers.
        margin: Fall in accuracy that is still allowed, 0 to 1.
        adjusted: The p-value after Holm's correction for all guarded parts.
    """

    cell: Cell
    margin: float
    adjusted: float

    @property
    def standing(self) -> Standing:
        """Pass if even the interval's low end is allowed, fail if it fell for certain, else open."""
        if self.cell.difference.low >= -self.margin:
            return Standing.PASS
        fell = self.cell.difference.estimate < 0 and self.adjusted <= self.cell.level_of_test
        return Standing.FAIL if fell else Standing.CANNOT_TELL

    @property
    def sentence(self) -> str:
        """The check in a plain sentence."""
        cell, low, high = self.cell, points(self.cell.difference.low), points(self.cell.difference.high)
        return (
            f"{self.standing}: {cell.label}, {cell.second} against {cell.first}: "
            f"{points(cell.difference.estimate)} points ({low} to {high}) on {cell.total:,} problems, "
            f"allowed {points(-self.margin)}."
        )


@attrs.frozen(kw_only=True)
class Guard:
    """The guarded parts together.

    Attributes:
        checks: Every guarded part.
    """

    checks: tuple[Check, ...]

    @property
    def standing(self) -> Standing:
        """Fail if any part fails, else cannot tell if any cannot, else pass."""
        found = {check.standing for check in self.checks}
        return next((s for s in (Standing.FAIL, Standing.CANNOT_TELL) if s in found), Standing.PASS)

    @property
    def exit_code(self) -> int:
        """For a command in continuous integration: 0 pass, 1 fail, 3 cannot tell (2 is a wrong call's)."""
        return {Standing.PASS: 0, Standing.FAIL: 1, Standing.CANNOT_TELL: 3}[self.standing]

    def __str__(self) -> str:
        return "\n".join([*(check.sentence for check in self.checks), f"Together: {self.standing}."])


def guard(*comparisons: Comparison, cells: Sequence[str] | None = None, margin: float = 0.02) -> Guard:
    """Check that nothing named has been forgotten.

    A part passes where one can be sure that it fell by no more than `margin`: its interval's low end is
    above that. It fails where it fell for certain (the paired test, corrected for all guarded parts) and
    perhaps by more than that. Otherwise one cannot tell: more problems are needed. That all parts must pass
    needs no correction (an intersection-union test).

    Args:
        comparisons: One or several, for example of the subjects trained on and of a set that was not.
        cells: Labels of the cells that must not fall, as "Algebra"; None guards every comparison's whole.
        margin: Fall in accuracy that is still allowed; 0.02 is two points.

    Raises:
        DataError: A label is in none of the comparisons, nothing is to be guarded, or the margin is no share.
    """
    if not 0 <= margin <= 1:
        raise DataError(
            f"expected a fall that is allowed, as a share from 0 to 1, got {margin!r}", field="margin"
        )
    chosen = [cell for comparison in comparisons for cell in comparison.cells if _is_guarded(cell, cells)]
    missing = sorted(set(cells or ()) - {cell.label for cell in chosen})
    if missing or not chosen:
        known = sorted({cell.label for comparison in comparisons for cell in comparison.cells})
        raise DataError(
            f"no cell is called {', '.join(map(repr, missing))}; there are {', '.join(map(repr, known))}"
        )
    adjusted = stats.holm([cell.p_value for cell in chosen])
    return Guard(checks=tuple(_checks(chosen, margin, adjusted)))


def _is_guarded(cell: Cell, labels: Sequence[str] | None) -> bool:
    return not cell.key if labels is None else cell.label in labels


def _checks(cells: Iterable[Cell], margin: float, adjusted: Iterable[float]) -> Iterable[Check]:
    for cell, p_value in zip(cells, adjusted, strict=True):
        yield Check(cell=cell, margin=margin, adjusted=p_value)
