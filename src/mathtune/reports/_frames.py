"""A comparison as a table for other tools, one row for each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mathtune.stats import Interval

    from ._comparison import Cell, Comparison

__all__ = ["arrow_table"]

_COUNTS = ("total", "both", "lost", "won", "neither")
_INTERVALS = ("first_accuracy", "second_accuracy", "difference")
_NUMBERS = ("p_value", "adjusted", "q_value", "detectable")


def arrow_table(comparison: Comparison) -> Any:  # noqa: ANN401  (a pyarrow.Table; pyarrow publishes no types)
    """Give a `pyarrow.Table` with a row for each cell of each pair of models."""
    import pyarrow

    ends = [f"{name}{end}" for name in _INTERVALS for end in ("", "_low", "_high")]
    kinds = {
        **dict.fromkeys(("first", "second", *comparison.by), pyarrow.string()),
        **dict.fromkeys(_COUNTS, pyarrow.int64()),
        **dict.fromkeys((*ends, *_NUMBERS), pyarrow.float64()),
        "finding": pyarrow.string(),
        "seed_differences": pyarrow.list_(pyarrow.float64()),
        "seed_deviation": pyarrow.float64(),
    }
    rows = [_row(cell, comparison.by) for cell in comparison.cells]
    return pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(list(kinds.items())))


def _row(cell: Cell, by: tuple[str, ...]) -> dict[str, Any]:
    places = dict(zip(by, cell.key, strict=True)) if cell.key else {}
    estimates: dict[str, float] = {}
    for name in _INTERVALS:
        interval: Interval = getattr(cell, name)
        estimates |= {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}
    numbers = {name: getattr(cell, name) for name in (*_COUNTS, *_NUMBERS)}
    texts = {"first": cell.first, "second": cell.second, "finding": str(cell.finding)}
    spread = cell.seeds and {
        "seed_differences": cell.seeds.differences,
        "seed_deviation": cell.seeds.deviation,
    }
    return {**texts, **places, **estimates, **numbers, **(spread or {})}
