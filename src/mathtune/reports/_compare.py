"""`compare`: runs on the same problems in, a `Comparison` out.

The pairing is in `_pairing.py`, the arithmetic in `mathtune.stats`; here they meet.
"""

from __future__ import annotations

from itertools import combinations, islice, pairwise
from typing import TYPE_CHECKING, Literal

import attrs

from mathtune import stats
from mathtune.errors import DataError

from ._comparison import Cell, Comparison, in_order, key_of
from ._conditions import conditions_of
from ._pairing import pair_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mathtune.evaluation import Run
    from mathtune.stats import Interval

    from ._comparison import Field
    from ._pairing import Row

__all__ = ["compare"]


def compare(
    base: Run,
    *others: Run,
    by: Sequence[Field] | None = None,
    confidence: float = 0.95,
    names: Sequence[str] | None = None,
    pairs: Literal["base", "all"] = "base",
    steps: Sequence[float] | None = None,
) -> Comparison:
    """Compare runs on the same problems: overall, and by subject, level or both.

    The same problems are paired, so that only those that changed sides decide. The tests on all
    problems are corrected together (Holm), one a pair of models, and so are those of all cells of all pairs.
    Where runs have different numbers of samples, the first ones of each problem count, as many as every run
    has: the test's chances are exact only for equal numbers.

    Args:
        base: The run to compare with.
        others: The runs that are compared with it, at least one.
        by: What the cells are made of: `("subject",)`, `("level",)`, `("subject", "level")`, or `()` for no
            cells at all; None is by subject, where any problem has one.
        confidence: Confidence of every interval; 0.95 tests at the level 0.05.
        names: Names for the report, one a run; by default the runs' models.
        pairs: "base" compares each other run with the base, "all" also the others among themselves.
        steps: Where in training each run stands (steps, epochs or examples seen, the base at 0), rising; the
            page then shows learning curves.

    Raises:
        DataError: The runs do not hold the same problems (the ids that differ are named), or `confidence` is
            no share.
        TypeError: No other run was given.

    >>> import tempfile
    >>> from mathtune.evaluation import Evaluator
    >>> from mathtune.problems import Problem
    >>> from mathtune.testing import StubServer
    >>> sums = [Problem(id=str(n), problem=f"What is ${n}+{9 - n}$?", answer="9") for n in range(8)]
    >>> with (
    ...     StubServer(chat=lambda messages, model, request: "9" if model == "tuned" else "0") as server,
    ...     tempfile.TemporaryDirectory() as here,
    ... ):
    ...     ask = Evaluator(server.client(), directory=here)
    ...     base, tuned = (ask.evaluate(sums, model=name) for name in ("base", "tuned"))
    >>> compare(base, tuned, by=()).cells[0].sentence
    'All problems: better by 100.0 points (95 % interval +35.1 to +100.0; adjusted p = 0.008): 8 won, ...'
    """
    if not others:
        raise TypeError("compare() needs a base and at least one other run")
    if not 0 < confidence < 1:
        raise DataError(
            f"expected a share between 0 and 1, such as 0.95, got {confidence}", field="confidence"
        )
    runs = (base, *others)
    labels = _labels(runs, names)
    paired = pair_runs(runs, labels)
    samples = tuple(len(results) for results in paired[0].results)
    rows = [row.first(min(samples)) for row in paired]
    gradable = tuple(row for row in rows if row.gradable)
    if not gradable:
        raise DataError(f"none of the {len(rows)} gold answers could be read, so nothing can be compared")
    fields = _fields(by, gradable)
    cells = [
        [
            _tested(part, key, (labels[i], labels[j]), (i, j), confidence)
            for key, part in _parts(gradable, fields)
        ]
        for i, j in _chosen(pairs, len(runs))
    ]
    return Comparison(
        names=labels,
        by=fields,
        confidence=confidence,
        samples=samples,
        steps=_rising(steps, len(runs)),
        conditions=tuple(map(conditions_of, runs)),
        cells=_in_families(cells),
        rows=gradable,
        excluded=tuple(row.problem for row in rows if not row.gradable),
    )


def _chosen(pairs: str, runs: int) -> list[tuple[int, int]]:
    """Give the pairs of runs, by position, that are compared."""
    if pairs not in ("base", "all"):
        raise DataError(f"expected 'base' or 'all', got {pairs!r}", field="pairs")
    return [pair for pair in combinations(range(runs), 2) if pairs == "all" or pair[0] == 0]


def _labels(runs: Sequence[Run], names: Sequence[str] | None) -> tuple[str, ...]:
    """Give each run a name of its own: "m", with a calculator "m with tools", a second time "m (2)"."""
    if names is not None:
        if len(names) != len(runs) or len(set(names)) != len(runs):
            raise DataError(f"expected a name of its own for each of {len(runs)} runs, got {list(names)!r}")
        return tuple(names)
    labels: list[str] = []
    for run in runs:
        name = f"{run.model} with tools" if run.config.get("tools") else run.model
        label, number = name, 2
        while label in labels:
            label, number = f"{name} ({number})", number + 1
        labels.append(label)
    return tuple(labels)


def _rising(steps: Sequence[float] | None, runs: int) -> tuple[float, ...] | None:
    if steps is None:
        return None
    if len(steps) != runs or any(a >= b for a, b in pairwise(steps)):
        raise DataError(f"expected {runs} rising steps, one a run, got {list(steps)!r}", field="steps")
    return tuple(steps)


def _fields(by: Sequence[Field] | None, rows: Sequence[Row]) -> tuple[Field, ...]:
    if by is None:
        return ("subject",) if any(row.problem.subject for row in rows) else ()
    fields = tuple(by)
    if isinstance(by, str) or not set(fields) <= {"subject", "level"} or len(set(fields)) != len(fields):
        raise DataError(
            f"cells are made of a tuple of 'subject' and 'level', like ('subject',); not {by!r}", field="by"
        )
    return fields


def _parts(rows: Sequence[Row], by: tuple[Field, ...]) -> list[tuple[tuple[str, ...], list[Row]]]:
    """Give all problems, then each cell in order of its name and level."""
    parts: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        parts.setdefault(key_of(row.problem, by), []).append(row)
    return [((), list(rows)), *(sorted(parts.items(), key=lambda part: in_order(part[0])) if by else ())]


@attrs.frozen(kw_only=True)
class _Tested:
    """A cell with each of its problems' change, in samples, by which it was tested."""

    cell: Cell
    changes: tuple[int, ...]
    samples: int


def _tested(
    rows: Sequence[Row],
    key: tuple[str, ...],
    names: tuple[str, str],
    runs: tuple[int, int],
    confidence: float,
) -> _Tested:
    left, right = ([row.right(run) for row in rows] for run in runs)
    changes = tuple(b - a for a, b in zip(left, right, strict=True))
    samples = len(rows[0].results[0])
    lost, won = sum(change < 0 for change in changes), sum(change > 0 for change in changes)
    both = sum(a == b and a > 0 for a, b in zip(left, right, strict=True))
    cell = Cell(
        first=names[0],
        second=names[1],
        key=key,
        total=len(rows),
        both=both,
        lost=lost,
        won=won,
        neither=len(rows) - both - lost - won,
        first_accuracy=_accuracy(left, samples, confidence),
        second_accuracy=_accuracy(right, samples, confidence),
        difference=_difference(changes, samples, confidence),
        p_value=stats.sign_flip_exact(changes) if samples > 1 else stats.mcnemar_exact(lost, won),
        adjusted=1.0,
        q_value=1.0,
        detectable=None,
        level_of_test=round(1 - confidence, 12),
    )
    return _Tested(cell=cell, changes=changes, samples=samples)


def _accuracy(rights: Sequence[int], samples: int, confidence: float) -> Interval:
    if samples == 1:
        return stats.wilson_interval(sum(rights), len(rights), confidence)
    shares = [right / samples for right in rights]
    return stats.clustered_interval(shares, range(len(shares)), confidence)


def _difference(changes: Sequence[int], samples: int, confidence: float) -> Interval:
    if samples == 1:
        lost, won = sum(change < 0 for change in changes), sum(change > 0 for change in changes)
        return stats.paired_difference_interval(lost, won, len(changes), confidence)
    return stats.paired_mean_interval([change / samples for change in changes], confidence)


def _in_families(cells: Sequence[Sequence[_Tested]]) -> tuple[Cell, ...]:
    """Correct the tests on all problems as one family and those on the cells as another.

    The question "did it help?" does not become harder to answer because it is also asked of forty cells.
    """
    overall = _corrected([pair[0] for pair in cells])
    parts = iter(_corrected([cell for pair in cells for cell in pair[1:]]))
    return tuple(
        cell
        for whole, pair in zip(overall, cells, strict=True)
        for cell in (whole, *islice(parts, len(pair) - 1))
    )


def _corrected(family: Sequence[_Tested]) -> list[Cell]:
    """Correct the tests of a family together."""
    p_values = [tested.cell.p_value for tested in family]
    return [
        attrs.evolve(
            tested.cell, adjusted=adjusted, q_value=q_value, detectable=_detectable(tested, len(family))
        )
        for tested, adjusted, q_value in zip(
            family, stats.holm(p_values), stats.benjamini_hochberg(p_values), strict=True
        )
    ]


def _detectable(tested: _Tested, tests: int) -> float | None:
    """Give the smallest change that would have been found at the level that Holm asks of a first finding."""
    cell, level = tested.cell, tested.cell.level_of_test / tests
    if tested.samples == 1:
        changing = (cell.lost + cell.won) / cell.total
        return stats.minimal_detectable_difference(cell.total, changing=changing, level=level)
    shares = [change / tested.samples for change in tested.changes]
    return stats.minimal_detectable_mean_difference(shares, samples=tested.samples, level=level)
