"""A job's metrics as one SVG picture, for a page or a notebook; it needs no other package."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, float | None]
    Point = tuple[float, float]

__all__ = ["metrics_chart"]

_WIDTH, _HEIGHT = 640, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 34, 30
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")  # Okabe and Ito: told apart by every eye
_MOST_DOTS = 40  # with more measurements the line alone is clearer


def metrics_chart(rows: Sequence[Row], *, columns: Sequence[str] = ()) -> str:
    """Draw metrics over steps, as an SVG text.

    Args:
        rows: What `FineTuner.metrics` gives: one row a step.
        columns: What to draw, at most five; none draws the losses, or all there is where there are none.

    Raises:
        DataError: There is nothing to draw, or too much.

    >>> chart = metrics_chart([{"step": 1, "train_loss": 2.0}, {"step": 2, "train_loss": 1.5}])
    >>> chart[:4], "train_loss" in chart
    ('<svg', True)
    """
    drawn = {name: _points(rows, name) for name in columns or _losses(rows)}
    drawn = {name: points for name, points in drawn.items() if points}
    if not 1 <= len(drawn) <= len(_COLOURS):
        known = ", ".join(_names(rows)) or "none"
        raise DataError(
            f"expected 1 to {len(_COLOURS)} columns with numbers, got {[*drawn]}; there are {known}"
        )
    every = [point for points in drawn.values() for point in points]
    steps, values = _span([x for x, _ in every]), _span([y for _, y in every])
    parts = [_frame(steps, values)]
    for colour, points in zip(_COLOURS, drawn.values(), strict=False):
        parts.append(_curve([(_x(x, steps), _y(y, values)) for x, y in points], colour))
    parts.append(_legend([*drawn]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="metrics over steps" font-family="sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


def _names(rows: Sequence[Row]) -> list[str]:
    return [name for name in dict.fromkeys(name for row in rows for name in row) if name != "step"]


def _losses(rows: Sequence[Row]) -> list[str]:
    names = [name for name in _names(rows) if _points(rows, name)]
    return [name for name in names if "loss" in name] or names


def _points(rows: Sequence[Row], name: str) -> list[Point]:
    found = []
    for row in rows:
        step, value = row.get("step"), row.get(name)
        if step is not None and value is not None:
            found.append((step, value))
    return found


def _span(numbers: Sequence[float]) -> Point:
    """Give the least and the greatest number, kept apart so that a single value has room too."""
    low, high = min(numbers), max(numbers)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _x(step: float, span: Point) -> float:
    return _LEFT + (step - span[0]) / (span[1] - span[0]) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, span: Point) -> float:
    return _HEIGHT - _BOTTOM - (value - span[0]) / (span[1] - span[0]) * (_HEIGHT - _TOP - _BOTTOM)


def _frame(steps: Point, values: Point) -> str:
    """Draw lines at the least, middle and greatest value, and name the first and last step."""
    lines = []
    for value in (values[0], sum(values) / 2, values[1]):
        y = _y(value, values)
        lines.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" '
            f'stroke-opacity="0.2"/><text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" '
            f'fill="currentColor">{value:.3g}</text>'
        )
    for step, anchor in ((steps[0], "start"), (steps[1], "end")):
        lines.append(
            f'<text x="{_x(step, steps):.1f}" y="{_HEIGHT - 8}" text-anchor="{anchor}" '
            f'fill="currentColor">step {step:g}</text>'
        )
    return "".join(lines)


def _curve(points: Sequence[Point], colour: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    line = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    if len(points) > _MOST_DOTS:
        return line
    return line + "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)


def _legend(names: Sequence[str]) -> str:
    share = (_WIDTH - _LEFT - _RIGHT) / len(names)
    parts = []
    for index, (name, colour) in enumerate(zip(names, _COLOURS, strict=False)):
        x = _LEFT + index * share
        parts.append(f'<text x="{x:.1f}" y="16" fill="{colour}" font-weight="bold">{escape(name)}</text>')
    return "".join(parts)
