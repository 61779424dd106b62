"""The flags that say which problems: the same for every command that reads some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from mathtune.problems import read_problems

if TYPE_CHECKING:
    from mathtune.problems import Problems

__all__ = ["Selection"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which of a source's problems."""

    split: str | None = None
    "One split of the source, for example train or test."

    config: str | None = None
    "One config of a hub dataset, one subject folder of MATH's layout, one subject of the drills."

    limit: int | None = None
    "At most this many problems, the first ones; many datasets are sorted by subject."

    on_error: Annotated[Literal["raise", "skip"] | None, Parameter(show_default=False)] = None
    "What to do with a bad row: stop, as is usual, or leave it out and report it, as data check does."

    def read(self, source: str, *, usual: Literal["raise", "skip"] = "raise") -> Problems:
        """Read the problems that the flags ask for.

        Args:
            source: What to read.
            usual: What to do with a bad row unless a flag says.
        """
        return read_problems(
            source, split=self.split, config=self.config, limit=self.limit, on_error=self.on_error or usual
        )
