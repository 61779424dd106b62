"""Which folders hold runs, and which runs are the seeds of one recipe, for the commands that take several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.errors import DataError
from mathtune.evaluation import STORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from mathtune.evaluation import Run

__all__ = ["folders_of_runs", "recipes_of"]


def folders_of_runs(paths: Iterable[Path]) -> list[Path]:
    """Give the folders without the store of responses beside them, which `runs/eval/*` names too.

    Raises:
        DataError: Nothing else was given.
    """
    folders = [path for path in paths if not path.name.startswith(STORE)]
    if not folders:
        raise DataError("expected the folder of a run, got only the file of responses beside it")
    return folders


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
