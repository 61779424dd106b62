"""A comparison for a terminal of 100 columns: headlines, a table for each pair, notes."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ._words import blind_below, count, movement, p_text, points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mathtune.stats import Interval

    from ._comparison import Cell, Comparison

__all__ = ["to_text"]

_WIDTH = 100
_LABEL = 22  # "Counting & Probability"
_HEADS = ("n", "first", "second", "change", "interval")
_LAST_HEADS = ("adj. p", "blind", "finding")
_WIDTHS = (5, 6, 6, 6, 15, 4, 4, 7, 5)


def to_text(comparison: Comparison) -> str:
    """Give the comparison as text; no line but one with a long model name is wider than 100 columns."""
    blocks = [
        [*_wrapped(headline), "", *_table(comparison.of_pair(*pair)), ""]
        for headline, pair in zip(comparison.headlines, comparison.pairs, strict=True)
    ]
    remarks = [line for note in comparison.notes for line in _wrapped(note, "- ")]
    return "\n".join(map(_printable, [*(line for block in blocks for line in block), *remarks]))


def _printable(line: str) -> str:
    """Keep control characters of a model's or data set's name away from the terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def _table(cells: Iterable[Cell]) -> Iterable[str]:
    cells = tuple(cells)
    seeds = cells[0].seeds
    yield f"first (%):  {cells[0].first}"
    yield f"second (%): {cells[0].second}" + (f", {count(len(seeds.differences), 'seed')}" if seeds else "")
    yield _line("", (*_HEADS, *(("up", "sd") if seeds else ("lost", "won")), *_LAST_HEADS))
    yield "-" * _WIDTH
    for cell in cells:
        label, *rest = _label(cell)
        yield _line(label, _columns(cell))
        yield from (f"  {line}" for line in rest)


def _label(cell: Cell) -> list[str]:
    """Give the cell's name in lines, broken between subject and level first."""
    if len(cell.label) <= _LABEL:
        return [cell.label]
    return [line for part in cell.key for line in textwrap.wrap(part, _LABEL)]


def _columns(cell: Cell) -> tuple[str, ...]:
    return (
        str(cell.total),
        _share(cell.first_accuracy),
        _share(cell.second_accuracy),
        points(cell.difference.estimate),
        f"{points(cell.difference.low)} to {points(cell.difference.high)}",
        *movement(cell),
        p_text(cell.adjusted),
        blind_below(cell),
        str(cell.finding),
    )


def _share(interval: Interval) -> str:
    return f"{100 * interval.estimate:.1f}"


def _line(label: str, columns: Iterable[str]) -> str:
    *numbers, finding = columns
    aligned = (text.rjust(width) for text, width in zip(numbers, _WIDTHS, strict=True))
    return f"{label:<{_LABEL}}{' '.join(aligned)} {finding}"


def _wrapped(text: str, bullet: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=bullet, subsequent_indent=" " * len(bullet), break_on_hyphens=False
    )
