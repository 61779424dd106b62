"""Check a dataset before it is used: what is in it, what comes twice, which gold answers cannot be graded."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs

from mathtune.grading import audit_golds

from ._clean import decontaminate, deduplicate
from ._known import known_dataset, known_datasets
from ._problem import Problem, Problems, Removal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mathtune.errors import DataError
    from mathtune.grading import GoldFinding

__all__ = ["DataReport", "check_problems"]

_Key = TypeVar("_Key")

_SHOWN = 5  # examples of each kind in the printed report
_LONGEST = 60  # characters of a gold answer that are shown
_WIDTH = 80  # columns of the printed report


@attrs.frozen(kw_only=True)
class DataReport:
    """What a check of problems found.

    Attributes:
        total: How many problems there are.
        subjects: How many of each subject; None counts those without.
        levels: How many of each level; None counts those without.
        skipped: The rows that could not be read.
        repeated: Problems that come again.
        doubts: Gold answers that are missing, cannot be read, or are not equal to themselves.
        several_boxes: Ids of problems whose solution has more than one box, so that the last is only a guess.
        contaminated: Problems that a test set holds.
        against: The names of the test sets that were looked through; empty where none was given.
        notes: What the registry knows of the dataset.
    """

    total: int
    subjects: Mapping[str | None, int]
    levels: Mapping[int | None, int]
    skipped: tuple[DataError, ...]
    repeated: tuple[Removal, ...]
    doubts: tuple[GoldFinding, ...]
    several_boxes: tuple[str, ...]
    contaminated: tuple[Removal, ...]
    against: tuple[str, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield _number_of(self.total, "problem")
        yield from _counts("subject", self.subjects)
        yield from _counts("level", self.levels)
        yield from _listed("row", "not readable", self.skipped)
        yield from _listed("problem", "seen before", self.repeated)
        doubts = [f"{doubt.id}: {doubt.problem}: {_shortened(doubt.gold)}" for doubt in self.doubts]
        yield from _listed("gold answer", "in doubt", doubts)
        yield f"{_number_of(len(self.several_boxes), 'solution')} with several boxes"
        if self.several_boxes:
            shown, rest = self.several_boxes[:_SHOWN], len(self.several_boxes) - _SHOWN
            yield from _filled(" ", [*shown, *([f"and {rest:,} more"] if rest > 0 else [])])
        if self.against:
            yield from _listed("problem", f"also in {', '.join(self.against)}", self.contaminated)
        for note in self.notes:
            yield from textwrap.wrap(f"note: {note}", _WIDTH, subsequent_indent="    ")


def check_problems(
    problems: Iterable[Problem],
    *,
    against: Iterable[Problem] | Mapping[str, Iterable[Problem]] | None = None,
    near: float | None = 0.8,
) -> DataReport:
    """Check problems: counts, repetitions, doubtful gold answers, contamination, known traps of their source.

    Args:
        problems: What to check.
        against: A test set, or several by name, that the problems should not hold.
        near: From which similarity wordings count as near, as in `deduplicate` and `decontaminate`.

    >>> from mathtune.problems import read_problems
    >>> report = check_problems(read_problems("mathtune:drills", split="test", limit=80))
    >>> report.total, report.subjects["geometry"], report.doubts
    (80, 10, ())
    """
    items = problems if isinstance(problems, Problems) else Problems(problems)
    before = len(items.removed)
    named = against if isinstance(against, Mapping) else {} if against is None else {"test": against}
    clean = decontaminate(items, named, near=near) if named else items
    return DataReport(
        total=len(items),
        subjects=_counted(p.subject for p in items),
        levels=_counted(p.level for p in items),
        skipped=items.skipped,
        repeated=deduplicate(items, near=near).removed[before:],
        doubts=tuple(audit_golds(items)),
        several_boxes=tuple(p.id for p in items if (p.solution or "").count("\\boxed") > 1),
        contaminated=clean.removed[before:],
        against=tuple(named),
        notes=tuple(_notes(items)),
    )


def _counted(values: Iterable[_Key]) -> dict[_Key, int]:
    return dict(sorted(Counter(values).items(), key=lambda count: (count[0] is None, str(count[0]))))


def _notes(problems: Problems) -> Iterator[str]:
    """Give the traps of the datasets that the problems come from, and who else holds their rows."""
    sources = Counter(problem.source for problem in problems)
    for source in sorted(sources):
        known = known_dataset(source)
        if known is None or known.id != source:  # a row may name a contest as we name a dataset
            continue
        yield from (f"{known.name}: {trap}" for trap in known.traps)
        for other in known_datasets():
            if known.name in other.holds:
                yield f"{known.name}: {other.name} holds rows of it"


def _counts(name: str, counts: Mapping[_Key, int]) -> Iterator[str]:
    if any(key is not None for key in counts):
        yield from _filled(f"by {name}:", [f"{'none' if k is None else k} ({n})" for k, n in counts.items()])


def _filled(head: str, items: Sequence[str]) -> Iterator[str]:
    """Give items separated by commas, in lines that a terminal shows whole, none of them broken."""
    line = head
    for number, item in enumerate(items):
        word = f"{item}," if number < len(items) - 1 else item
        if len(line) + 1 + len(word) > _WIDTH and line.strip():
            yield line
            line = " "
        line += f" {word}"
    yield line


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _number_of(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(noun: str, what: str, found: Iterable[object]) -> Iterator[str]:
    shown = list(found)
    yield f"{_number_of(len(shown), noun)} {what}"
    for item in shown[:_SHOWN]:
        yield from textwrap.wrap(str(item), _WIDTH, initial_indent="  ", subsequent_indent="    ")
    if len(shown) > _SHOWN:
        yield f"  and {len(shown) - _SHOWN:,} more"
