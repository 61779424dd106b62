"""One problem with its gold answer, and the sequence that a reader gives."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, overload

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mathtune.errors import DataError

__all__ = ["Problem", "Problems", "Removal"]

_SHOWN = 5  # rows that a notebook shows; more would push the counts off the screen


def _copied(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(metadata)


@attrs.frozen(kw_only=True)
class Problem:
    r"""A problem in words and LaTeX, with its gold answer where there is one.

    Attributes:
        id: Unique among the problems read together, and the same on every reading.
        problem: The question as it is put to a model.
        solution: The worked solution, or None.
        answer: The gold answer without its box, or None.
        subject: The dataset's own name of the subject, or None.
        level: Difficulty from 1 (easy), or None where it is not known.
        source: Where the problem comes from: a hub id or a file's name.
        metadata: Every other column of the row, under its own name.

    >>> p = Problem(id="1", problem="What is $2+2$?", answer="4", subject="Algebra", level=1)
    >>> p.answer, p.level
    ('4', 1)
    >>> Problem.from_dict(p.to_dict()) == p
    True
    """

    id: str
    problem: str
    solution: str | None = None
    answer: str | None = None
    subject: str | None = None
    level: int | None = None
    source: str = ""
    metadata: Mapping[str, Any] = attrs.field(factory=dict, converter=_copied, hash=False)

    @property
    def sha256(self) -> str:
        """The SHA-256 over all fields, in hexadecimal: by it a row is known again in files and runs."""
        row = json.dumps(self.to_dict(), sort_keys=True, default=str)
        return hashlib.sha256(row.encode()).hexdigest()

    @property
    def tolerance(self) -> float:
        """How far from the gold answer the data set lets an answer be (OlympiadBench's column `error`), or 0.

        >>> Problem(id="1", problem="How much?", answer="4.2", metadata={"error": "1e-1"}).tolerance
        0.1
        """
        try:
            distance = float(self.metadata.get("error") or 0)
        except (TypeError, ValueError):  # another data set's column of that name
            return 0.0
        return distance if 0 <= distance < math.inf else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as a dict that `json.dumps` takes, if the metadata allow it."""
        return attrs.asdict(self, recurse=False) | {"metadata": dict(self.metadata)}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Problem:
        """Take back what `to_dict` gave.

        Raises:
            TypeError: A key is missing or unknown.
        """
        return cls(**row)


@attrs.frozen(kw_only=True)
class Removal:
    """A problem that was taken out, and why.

    Attributes:
        problem: The problem.
        reason: What it shares with the other one.
        other: The id of the problem that it repeats.
        where: The name of the set that the other one belongs to; None where it is the same.
        score: How much of it is shared, from 0 to 1.
    """

    problem: Problem
    reason: str
    other: str
    where: str | None = None
    score: float = 1.0

    def __str__(self) -> str:
        place = self.other if self.where is None else f"{self.where}: {self.other}"
        return f"{self.problem.id}: {self.reason} as {place} ({self.score:.2f})"


class Problems(Sequence[Problem]):
    """Problems in their order, and an account of what was left out on the way.

    Args:
        items: The problems.
        skipped: One error for each row that could not be read.
        removed: One entry for each problem that was taken out as a repetition or contamination.

    Raises:
        TypeError: One of the items is no problem, as where rows or a file's name were given.

    >>> one, two = (Problem(id=str(n), problem=f"What is ${n}+1$?", answer=str(n + 1)) for n in (1, 2))
    >>> both = Problems([one]) + Problems([two])
    >>> both
    <Problems: 2>
    >>> both[1:] == Problems([two]), both[0].id
    (True, '1')
    """

    __slots__ = ("_items", "removed", "skipped")

    def __init__(
        self,
        items: Iterable[Problem] = (),
        *,
        skipped: Iterable[DataError] = (),
        removed: Iterable[Removal] = (),
    ) -> None:
        self._items = tuple(items)
        for item in self._items:
            if not isinstance(item, Problem):
                kind = type(item).__name__
                raise TypeError(f"expected problems, found {kind}: read_problems reads rows and files")
        self.skipped = tuple(skipped)
        self.removed = tuple(removed)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._items)

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> Problems: ...
    def __getitem__(self, index: int | slice) -> Problem | Problems:
        if isinstance(index, slice):
            return self.of(self._items[index])
        return self._items[index]

    def __add__(self, other: Iterable[Problem]) -> Problems:
        if not isinstance(other, Iterable):
            return NotImplemented
        more = other if isinstance(other, Problems) else Problems(other)
        skipped, removed = (*self.skipped, *more.skipped), (*self.removed, *more.removed)
        return Problems((*self._items, *more), skipped=skipped, removed=removed)

    def of(self, items: Iterable[Problem]) -> Problems:
        """Give other problems with the same account of what was left out."""
        return Problems(items, skipped=self.skipped, removed=self.removed)

    def __eq__(self, other: object) -> bool:
        return self._items == other._items if isinstance(other, Problems) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._items)

    def __repr__(self) -> str:
        counts = Counter(p.subject for p in self._items if p.subject is not None)
        parts = [f"{len(self)}"]
        if counts:
            parts.append(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
        accounts = {"skipped": self.skipped, "removed": self.removed}
        parts += [f"{len(account)} {name}" for name, account in accounts.items() if account]
        return f"<Problems: {'; '.join(parts)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("id", "subject", "level", "problem", "answer"))
        rows = "".join(_html_row(p) for p in self._items[:_SHOWN])
        return f"<p>{escape(repr(self))}</p><table><tr>{head}</tr>{rows}</table>"


def _html_row(problem: Problem) -> str:
    cells = (problem.id, problem.subject, problem.level, problem.problem, problem.answer)
    return "<tr>" + "".join(f"<td>{'' if c is None else escape(str(c))}</td>" for c in cells) + "</tr>"
