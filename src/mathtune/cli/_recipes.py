"""Which folders of runs are the seeds of one recipe, for the commands that compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mathtune.evaluation import Run

__all__ = ["recipes_of"]


def recipes_of(runs: Sequence[Run], seeds: int, base_seeds: int) -> list[Sequence[Run]]:
    """Give the base's runs, then those of each other recipe, `seeds` at a time.

    Raises:
        DataError: The runs do not come out even, or a number is below 1.
    """
    for flag, number in (("seeds", seeds), ("base_seeds", base_seeds)):
        if number < 1:
            raise DataError(f"expected at least 1, got {number}", field=flag)
    others = runs[base_seeds:]
    if not others or len(others) % seeds:
        expected = f"{base_seeds} of the base and a multiple of {seeds} others"
        raise DataError(f"expected {expected}, got {len(runs)} folders of runs", field="seeds")
    parts = [others[start : start + seeds] for start in range(0, len(others), seeds)]
    return [runs[:base_seeds], *parts]
