"""Figures as plain values: where each mark goes. The templates draw them as SVG.

Positions across are percent of the figure's width and positions down are pixels, so that a figure fits a
phone and a wide screen without its text shrinking.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING

import attrs

from mathtune.evaluation import Category

from ._comparison import Finding, in_order
from ._words import count, percent, points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mathtune.stats import Interval

    from ._comparison import Cell, Comparison

__all__ = [
    "CATEGORIES",
    "SIDES",
    "Bar",
    "Curve",
    "Figure",
    "Line",
    "Mark",
    "Matrix",
    "Point",
    "Side",
    "accuracy_figure",
    "difference_figure",
    "failure_bars",
    "learning_curves",
    "matrix",
    "seen_categories",
    "side_bars",
]

_LEFT, _WIDE = 2.0, 96.0  # percent: room for half a dot at either edge
_LABEL, _STEP, _GAP = 25, 14, 22  # pixels: to a row's first line, between lines, after the last
_TOP = 28  # pixels: the axis's own line
_MOST_VALUES = 3
_MOST_PANELS = 16  # learning curves; more are no figure but a wall
_CURVE_LEFT = 20.0  # percent: room for the axis's labels
_CURVE_TOP, _CURVE_HEIGHT = 8, 110  # pixels
_TICK_STEPS = (0.05, 0.1, 0.2, 0.25, 0.5)

# What may become of a response to a problem that counts, in the order in which bars show it.
CATEGORIES = tuple(category for category in Category if category is not Category.UNPARSED_GOLD)


@attrs.frozen
class Side:
    """A way in which two models can stand to a problem.

    Attributes:
        value: The field of `Cell` that counts it.
        label: The same in words.
    """

    value: str
    label: str


SIDES = (
    Side("both", "both solve it"),
    Side("lost", "lost"),
    Side("won", "won"),
    Side("neither", "neither solves it"),
)


@attrs.frozen(kw_only=True)
class Mark:
    """An estimate with its interval: a dot on a line.

    Attributes:
        y: Pixels from the top.
        x: The estimate, in percent of the width.
        low: The interval's left end, in percent of the width.
        high: The interval's right end.
        model: Position of the model that it belongs to, for its colour.
        sure: Whether it is a finding; a dot that is none is drawn hollow.
        seeds: Where a recipe's single seeds are, in percent of the width; small strokes.
    """

    y: float
    x: float
    low: float
    high: float
    model: int
    sure: bool = True
    seeds: tuple[float, ...] = ()


@attrs.frozen(kw_only=True)
class Line:
    """A cell of the figure: its label, its numbers in words, its marks."""

    y: float
    label: str
    value: str
    marks: tuple[Mark, ...]


@attrs.frozen(kw_only=True)
class Figure:
    """A plot of one line of marks per cell.

    Attributes:
        title: What is shown, in a line.
        description: What a reader who cannot see it should know.
        height: Pixels.
        ticks: Position and label of each grid line.
        zero: Position of the line that stands for no difference, if there is one.
        lines: The cells.
    """

    title: str
    description: str
    height: float
    ticks: tuple[tuple[float, str], ...]
    zero: float | None
    lines: tuple[Line, ...]


@attrs.frozen(kw_only=True)
class Point:
    """A run on a learning curve: where in training (percent across), how good (pixels down), its interval."""

    x: float
    y: float
    low: float
    high: float


@attrs.frozen(kw_only=True)
class Curve:
    """A panel of the learning curves.

    Attributes:
        title: The cell.
        description: The numbers in words.
        points: The runs in order of training.
        ticks: Position and label of each grid line.
        ends: The first and last step.
    """

    title: str
    description: str
    points: tuple[Point, ...]
    ticks: tuple[tuple[float, str], ...]
    ends: tuple[str, str]


@attrs.frozen(kw_only=True)
class Matrix:
    """The cells of two fields as a table; None where there are no problems.

    Attributes:
        down: The field that the rows are.
        across: The field that the columns are.
        columns: Their names.
        rows: Each row's name and cells.
    """

    down: str
    across: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


@attrs.frozen(kw_only=True)
class Bar:
    """A part of a whole bar: from where, how wide (percent), what it is and how many."""

    start: float
    width: float
    kind: str
    number: int


def accuracy_figure(comparison: Comparison) -> Figure:
    """Show every model's accuracy in every cell."""
    cells = _by_key(comparison)
    lines = []
    for index, group in enumerate(cells):
        intervals = _accuracies(group, comparison.names)
        y = _row_top(index, len(comparison.names))
        marks = tuple(
            _mark(interval, y + _LABEL + _STEP * model, model, low=0.0, high=1.0)
            for model, interval in enumerate(intervals)
        )
        value = _side_by_side([f"{100 * interval.estimate:.1f}" for interval in intervals], " %")
        lines.append(Line(y=y, label=group[0].label, value=value, marks=marks))
    return Figure(
        title=f"Share of problems solved, by {comparison.cell_noun}",
        description=_described(comparison, "solved", lambda c: percent(c.second_accuracy.estimate)),
        height=_row_top(len(cells), len(comparison.names)),
        ticks=tuple((_across(t / 4, 0, 1), f"{25 * t} %") for t in range(5)),
        zero=None,
        lines=tuple(lines),
    )


def difference_figure(comparison: Comparison) -> Figure:
    """Show every pair's difference in every cell."""
    cells = _by_key(comparison)
    ends = [(cell.difference.low, cell.difference.high, *_seeds(cell)) for cell in comparison.cells]
    low, high, step = _range([end for cell in ends for end in cell])
    lines = []
    for index, group in enumerate(cells):
        y = _row_top(index, len(group))
        marks = tuple(
            attrs.evolve(
                _mark(
                    cell.difference,
                    y + _LABEL + _STEP * position,
                    comparison.names.index(cell.second),
                    low=low,
                    high=high,
                    sure=cell.finding is not Finding.CANNOT_TELL,
                ),
                seeds=tuple(_across(seed, low, high) for seed in _seeds(cell)),
            )
            for position, cell in enumerate(group)
        )
        value = _side_by_side([points(cell.difference.estimate) for cell in group])
        lines.append(Line(y=y, label=group[0].label, value=value, marks=marks))
    number = round((high - low) / step)
    return Figure(
        title=f"Change in percentage points, by {comparison.cell_noun}",
        description=_described(comparison, "changed by", lambda c: f"{points(c.difference.estimate)} points"),
        height=_row_top(len(cells), len(comparison.pairs)),
        ticks=tuple(
            (_across(low + t * step, low, high), points(low + t * step).removesuffix(".0"))
            for t in range(number + 1)
        ),
        zero=_across(0.0, low, high),
        lines=tuple(lines),
    )


def _seeds(cell: Cell) -> tuple[float, ...]:
    return cell.seeds.differences if cell.seeds else ()


def matrix(comparison: Comparison, first: str, second: str) -> Matrix | None:
    """Lay the cells of two fields out as rows and columns; nothing where there are not two fields."""
    if len(comparison.by) != 2:
        return None
    cells = {cell.key: cell for cell in comparison.of_pair(first, second) if cell.key}
    columns = tuple(sorted({column for _, column in cells}, key=lambda column: in_order((column,))))
    return Matrix(
        down=comparison.by[0],
        across=comparison.by[1],
        columns=columns,
        rows=tuple(
            (row, tuple(cells.get((row, column)) for column in columns))
            for row in dict.fromkeys(row for row, _ in cells)
        ),
    )


def learning_curves(comparison: Comparison) -> tuple[Curve, ...]:
    """Show accuracy over training, a panel a cell; nothing where the runs' steps were not said."""
    if comparison.steps is None:
        return ()
    groups = _by_key(comparison)
    first, last = comparison.steps[0], comparison.steps[-1]
    shown = groups if len(groups) <= _MOST_PANELS else groups[:1]
    return tuple(_curve(group, comparison, first, last) for group in shown)


def _curve(group: Sequence[Cell], comparison: Comparison, first: float, last: float) -> Curve:
    intervals = _accuracies(group, comparison.names)
    points_ = tuple(
        Point(
            x=round(_CURVE_LEFT + (98 - _CURVE_LEFT) * (step - first) / (last - first), 3),
            y=_down(interval.estimate),
            low=_down(interval.low),
            high=_down(interval.high),
        )
        for step, interval in zip(comparison.steps or (), intervals, strict=True)
    )
    said = ", ".join(
        f"{percent(interval.estimate)} at {step:g}"
        for step, interval in zip(comparison.steps or (), intervals, strict=True)
    )
    return Curve(
        title=group[0].label,
        description=f"Share of problems solved over training: {said}.",
        points=points_,
        ticks=tuple((_down(share / 2), f"{50 * share} %") for share in range(3)),
        ends=(f"{first:g}", f"{last:g}"),
    )


def _down(share: float) -> float:
    return round(_CURVE_TOP + (1 - share) * _CURVE_HEIGHT, 2)


def seen_categories(comparison: Comparison) -> tuple[Category, ...]:
    """Give correct, wrong, and each other category that any model's responses fall into."""
    seen = {category for name in comparison.names for category in comparison.failures(name)}
    return tuple(c for c in CATEGORIES if c in seen or c in (Category.CORRECT, Category.WRONG))


def failure_bars(comparison: Comparison, name: str) -> tuple[Bar, ...]:
    """Split a model's responses by category."""
    counts = comparison.failures(name)
    return _bars([(category.value, counts[category]) for category in CATEGORIES])


def side_bars(cell: Cell) -> tuple[Bar, ...]:
    """Split the problems of a cell into solved by both, lost, won and solved by neither."""
    return _bars([(side.value, getattr(cell, side.value)) for side in SIDES])


def _bars(parts: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    total = max(1, sum(number for _, number in parts))
    starts = accumulate((number for _, number in parts), initial=0)
    return tuple(
        Bar(start=100 * start / total, width=100 * number / total, kind=kind, number=number)
        for start, (kind, number) in zip(starts, parts, strict=False)  # one start more: the end
        if number
    )


def _by_key(comparison: Comparison) -> list[list[Cell]]:
    groups: dict[tuple[str, ...], list[Cell]] = {}
    for cell in comparison.cells:
        groups.setdefault(cell.key, []).append(cell)
    return list(groups.values())


def _accuracies(group: Iterable[Cell], names: Sequence[str]) -> list[Interval]:
    known = {}
    for cell in group:
        known[cell.first], known[cell.second] = cell.first_accuracy, cell.second_accuracy
    return [known[name] for name in names]


def _side_by_side(values: Sequence[str], unit: str = "") -> str:
    """Give a row's numbers, or nothing where they would run into its label on a phone."""
    return f"{' · '.join(values)}{unit}" if len(values) <= _MOST_VALUES else ""


def _row_top(index: int, marks: int) -> float:
    return _TOP + index * (_LABEL + _STEP * (marks - 1) + _GAP)


def _mark(interval: Interval, y: float, model: int, *, low: float, high: float, sure: bool = True) -> Mark:
    x, left, right = (_across(v, low, high) for v in (interval.estimate, interval.low, interval.high))
    return Mark(y=y, x=x, low=left, high=right, model=model, sure=sure)


def _across(value: float, low: float, high: float) -> float:
    return round(_LEFT + _WIDE * (value - low) / (high - low), 3)


def _range(ends: Sequence[float]) -> tuple[float, float, float]:
    """Give a range of round numbers that holds 0 and all ends, and the step between its ticks."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    step = next((s for s in _TICK_STEPS if (high - low) / s <= 6), _TICK_STEPS[-1])
    return math.floor(low / step + 1e-9) * step, max(step, math.ceil(high / step - 1e-9) * step), step


def _described(comparison: Comparison, verb: str, value: Callable[[Cell], str]) -> str:
    said = [f"{cell.second} {verb} {value(cell)}" for cell in comparison.cells if not cell.key]
    cells = len({cell.key for cell in comparison.cells})
    return f"{count(cells, 'row')}; on all problems, {'; '.join(said)}. The table below holds every number."
