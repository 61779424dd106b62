"""One cell of a comparison: its problems counted, and tested by what `mathtune.stats` has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import attrs

from mathtune import stats

from ._comparison import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mathtune.stats import Interval

    from ._pairing import Row

__all__ = ["Recipe", "TestedCell", "tested_cell"]


class Recipe(NamedTuple):
    """A name of a comparison with the positions of its runs: one for each seed, and of a model one."""

    name: str
    runs: range


@attrs.frozen(kw_only=True)
class TestedCell:
    """A cell with the smallest difference that it would have found, by the test's level."""

    cell: Cell
    detectable: Callable[[float], float | None]


@attrs.frozen(kw_only=True)
class _Numbers:
    """What a test says of a cell, apart from its counts."""

    first_accuracy: Interval
    second_accuracy: Interval
    difference: Interval
    p_value: float
    detectable: Callable[[float], float | None]
    seeds: stats.SeedSpread | None = None


def tested_cell(
    rows: Sequence[Row],
    key: tuple[str, ...],
    pair: tuple[Recipe, Recipe],
    confidence: float,
    *,
    crossed: bool,
) -> TestedCell:
    """Count the problems of a cell and test them.

    Args:
        rows: The cell's problems.
        key: The cell's name.
        pair: What is compared.
        confidence: Confidence of the intervals.
        crossed: Whether any recipe of the comparison has several seeds; one kind of test serves all of it.
    """
    # As many right responses as both would have of equally many: whole numbers compare exactly.
    left, right = (
        [_rights(row, one) * len(other.runs) for row in rows]
        for one, other in zip(pair, reversed(pair), strict=True)
    )
    lost = sum(b < a for a, b in zip(left, right, strict=True))
    won = sum(b > a for a, b in zip(left, right, strict=True))
    both = sum(a == b and a > 0 for a, b in zip(left, right, strict=True))
    numbers = _over_seeds(rows, pair, confidence) if crossed else _paired(rows, pair, confidence)
    cell = Cell(
        first=pair[0].name,
        second=pair[1].name,
        key=key,
        total=len(rows),
        both=both,
        lost=lost,
        won=won,
        neither=len(rows) - both - lost - won,
        first_accuracy=numbers.first_accuracy,
        second_accuracy=numbers.second_accuracy,
        difference=numbers.difference,
        p_value=numbers.p_value,
        adjusted=1.0,
        q_value=1.0,
        detectable=None,
        level_of_test=round(1 - confidence, 12),
        seeds=numbers.seeds,
    )
    return TestedCell(cell=cell, detectable=numbers.detectable)


def _rights(row: Row, recipe: Recipe) -> int:
    """Give how many of a recipe's responses are right; every run has as many samples."""
    return sum(row.right(run) for run in recipe.runs)


def _paired(rows: Sequence[Row], pair: tuple[Recipe, Recipe], confidence: float) -> _Numbers:
    """Test two models, by the problems that changed."""
    samples = len(rows[0].results[0])
    left, right = ([row.right(model.runs[0]) for row in rows] for model in pair)
    changes = [b - a for a, b in zip(left, right, strict=True)]
    lost, won = sum(change < 0 for change in changes), sum(change > 0 for change in changes)
    if samples == 1:
        changing = (lost + won) / len(rows)
        return _Numbers(
            first_accuracy=stats.wilson_interval(sum(left), len(rows), confidence),
            second_accuracy=stats.wilson_interval(sum(right), len(rows), confidence),
            difference=stats.paired_difference_interval(lost, won, len(rows), confidence),
            p_value=stats.mcnemar_exact(lost, won),
            detectable=lambda level: stats.minimal_detectable_difference(
                len(rows), changing=changing, level=level
            ),
        )
    shares = [change / samples for change in changes]
    return _Numbers(
        first_accuracy=_clustered(left, samples, confidence),
        second_accuracy=_clustered(right, samples, confidence),
        difference=stats.paired_mean_interval(shares, confidence),
        p_value=stats.sign_flip_exact(changes),
        detectable=lambda level: stats.minimal_detectable_mean_difference(
            shares, samples=samples, level=level
        ),
    )


def _clustered(rights: Sequence[int], samples: int, confidence: float) -> Interval:
    shares = [right / samples for right in rights]
    return stats.clustered_interval(shares, range(len(shares)), confidence)


def _over_seeds(rows: Sequence[Row], pair: tuple[Recipe, Recipe], confidence: float) -> _Numbers:
    """Test two recipes, or a model and a recipe, over problems and seeds."""
    first, second = ([[row.share(run) for row in rows] for run in recipe.runs] for recipe in pair)
    found = stats.crossed_difference(first, second)
    return _Numbers(
        first_accuracy=stats.crossed_interval(first, confidence),
        second_accuracy=stats.crossed_interval(second, confidence),
        difference=found.interval(confidence),
        p_value=found.p_value,
        detectable=lambda level: found.detectable(level=level),
        seeds=found.seeds if len(pair[1].runs) > 1 else None,
    )
