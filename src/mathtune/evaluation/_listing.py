"""What a folder of runs holds, by their manifests: no response is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ._category import Category
from ._directory import CONFIG, LOG, MANIFEST, read_json

if TYPE_CHECKING:
    import os

__all__ = ["KeptRun", "list_runs"]


@attrs.frozen(kw_only=True)
class KeptRun:
    """A run that is kept in a folder, as its manifest tells of it.

    Attributes:
        directory: The run's own folder, which `load_run` takes.
        model: The model's name as it was asked; None for a run that is not finished.
        ended: When it was complete, in UTC as ISO 8601 writes it; None for a run that is not finished.
        problems: How many problems it holds.
        counts: How many of its responses fell into each category.
    """

    directory: Path
    model: str | None = None
    ended: str | None = None
    problems: int = 0
    counts: Mapping[Category, int] = attrs.field(factory=dict, hash=False)

    @property
    def correct(self) -> int:
        """How many responses are right."""
        return self.counts.get(Category.CORRECT, 0)

    @property
    def total(self) -> int:
        """How many responses count in the accuracy."""
        return sum(self.counts.values()) - self.counts.get(Category.UNPARSED_GOLD, 0)


def list_runs(directory: str | os.PathLike[str]) -> list[KeptRun]:
    """List the runs in the folder that an `Evaluator` or `import_run` keeps them in.

    Those that are complete come first, in the order in which they ended; then those that were begun.

    Args:
        directory: The folder of the runs' folders, for example "runs/eval".

    Raises:
        DataError: A manifest there is damaged.

    >>> list_runs("no/such/folder")
    []
    """
    whole = [_kept(path.parent) for path in Path(directory).glob(f"*/{MANIFEST}")]
    begun = {path.parent for path in Path(directory).glob(f"*/{LOG}")} - {run.directory for run in whole}
    whole.sort(key=lambda run: (run.ended or "", run.directory))
    return [*whole, *(KeptRun(directory=folder) for folder in sorted(begun))]


def _kept(folder: Path) -> KeptRun:
    manifest = read_json(folder / MANIFEST)
    counts, problems = manifest.get("categories"), manifest.get("problems")
    known = counts if isinstance(counts, Mapping) else {}
    return KeptRun(
        directory=folder,
        model=read_json(folder / CONFIG).get("model"),
        ended=manifest.get("ended"),
        problems=problems.get("count", 0) if isinstance(problems, Mapping) else 0,
        counts={category: known[category.value] for category in Category if category.value in known},
    )
