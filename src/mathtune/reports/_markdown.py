"""A comparison as Markdown: for an issue, a pull request or a model card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._words import blind_below, movement, p_text, percent, points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._comparison import Cell, Comparison

__all__ = ["to_markdown"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&])")


def to_markdown(comparison: Comparison) -> str:
    """Give headlines, a table for each pair, and notes; names from data sets and models are escaped."""
    blocks = []
    for headline, pair in zip(comparison.headlines, comparison.pairs, strict=True):
        cells = comparison.of_pair(*pair)
        blocks.append("\n".join(["**" + escaped(headline) + "**", "", *_table(cells, comparison.cell_noun)]))
    remarks = "\n".join(f"- {escaped(note)}" for note in comparison.notes)
    return "\n\n".join([*blocks, remarks]) + "\n"


def escaped(text: str) -> str:
    """Give text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _table(cells: tuple[Cell, ...], noun: str) -> Iterable[str]:
    first, second = escaped(cells[0].first), escaped(cells[0].second)
    moved = "Lost | Won" if cells[0].seeds is None else "Seeds up | Sd of seeds"
    yield (
        f"| {noun.capitalize()} | Problems | {first} | {second} | Change (points) | Interval "
        f"| {moved} | Adjusted p | Blind below | Finding |"
    )
    yield "| :-- | --: | --: | --: | --: | :-: | --: | --: | --: | --: | :-- |"
    for cell in cells:
        yield f"| {' | '.join(_columns(cell))} |"


def _columns(cell: Cell) -> tuple[str, ...]:
    return (
        escaped(cell.label),
        f"{cell.total:,}",
        percent(cell.first_accuracy.estimate),
        percent(cell.second_accuracy.estimate),
        points(cell.difference.estimate),
        f"{points(cell.difference.low)} to {points(cell.difference.high)}",
        *movement(cell),
        p_text(cell.adjusted),
        blind_below(cell),
        str(cell.finding),
    )
