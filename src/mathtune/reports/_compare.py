"""`compare`: runs on the same problems in, a `Comparison` out.

The pairing is in `_pairing.py`, what is counted and tested of a cell in `_cells.py`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import accumulate, combinations, islice, pairwise
from typing import TYPE_CHECKING, Literal

import attrs

from mathtune import stats
from mathtune.errors import DataError

from ._cells import Recipe, tested_cell
from ._comparison import Comparison, in_order, key_of, run_labels
from ._conditions import conditions_of
from ._pairing import pair_runs

if TYPE_CHECKING:
    from mathtune.evaluation import Run

    from ._cells import TestedCell
    from ._comparison import Cell, Field
    from ._pairing import Row

__all__ = ["compare"]

_BETWEEN_WORDS = "-_.:/ "  # of a model's name


def compare(
    base: Run | Sequence[Run],
    *others: Run | Sequence[Run],
    by: Field | Sequence[Field] | None = None,
    confidence: float = 0.95,
    names: Sequence[str] | None = None,
    pairs: Literal["base", "all"] = "base",
    steps: Sequence[float] | None = None,
    only_shared: bool = False,
) -> Comparison:
    """Compare runs on the same problems: overall, and by subject, level or both.

    A run is one model. Several runs in a list are one recipe, trained with several seeds: it is the recipe
    that is compared then, and intervals and tests take into account that other seeds could have been
    trained (`mathtune.stats.crossed_difference`).

    The same problems are paired, so that only those that changed sides decide. The tests on all
    problems are corrected together (Holm), one a pair of models, and so are those of all cells of all pairs.
    Where runs have different numbers of samples, the first ones of each problem count, as many as every run
    has: the test's chances are exact only for equal numbers.

    Args:
        base: The run to compare with, or the runs of a recipe.
        others: The runs that are compared with it, at least one; a list of runs is a recipe of several seeds.
        by: What the cells are made of: `"subject"`, `"level"`, `("subject", "level")`, or `()` for no cells;
            None is by subject, where any problem has one.
        confidence: Confidence of every interval; 0.95 tests at the level 0.05.
        names: Names for the report, one a run or recipe; by default the runs' models.
        pairs: "base" compares each other run with the base, "all" also the others among themselves.
        steps: Where in training each run or recipe stands (steps, epochs or examples seen, the base at 0),
            rising; the page then shows learning curves.
        only_shared: Compare only the problems that every run holds, and say first of all how many of each
            run are left out. Runs that do not hold the same problems are an error otherwise, for a part of
            them may be the easier part.

    Raises:
        DataError: The runs do not hold the same problems (the ids that differ are named), a recipe has no
            runs, or `confidence` is no share.
        TypeError: No other run was given, or a run's folder or anything else in its place.

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
    for one in (base, *others):
        if isinstance(one, (str, os.PathLike)):
            raise TypeError(f"compare() takes runs, not their folders: load_run({str(one)!r}) reads one")
    if not 0 < confidence < 1:
        raise DataError(
            f"expected a share between 0 and 1, such as 0.95, got {confidence}", field="confidence"
        )
    given = [tuple(one) if isinstance(one, Sequence) else (one,) for one in (base, *others)]
    for run in (run for recipe in given for run in recipe):
        if not hasattr(run, "results"):
            raise TypeError(f"compare() takes runs, not {type(run).__name__}")
    if not all(given):
        raise DataError("expected at least one run of each recipe, got an empty list")
    labels, seeds = _labels(given, names), tuple(map(len, given))
    runs = [run for recipe in given for run in recipe]
    paired, unshared = pair_runs(runs, run_labels(labels, seeds), only_shared=only_shared)
    samples = tuple(len(results) for results in paired[0].results)
    rows = [row.first(min(samples)) for row in paired]
    gradable = tuple(row for row in rows if row.gradable)
    if not gradable:
        raise DataError(f"none of the {len(rows)} gold answers could be read, so nothing can be compared")
    fields = _fields(by, gradable)
    recipes = _recipes(labels, seeds)
    parts = _parts(gradable, fields)
    cells = [
        [tested_cell(part, key, pair, confidence, crossed=max(seeds) > 1) for key, part in parts]
        for pair in _chosen(pairs, recipes)
    ]
    return Comparison(
        names=labels,
        seeds=seeds,
        by=fields,
        confidence=confidence,
        samples=samples,
        steps=_rising(steps, len(given)),
        conditions=tuple(map(conditions_of, runs)),
        cells=_in_families(cells),
        rows=gradable,
        excluded=tuple(row.problem for row in rows if not row.gradable),
        unshared=unshared,
    )


def _recipes(labels: Sequence[str], seeds: Sequence[int]) -> list[Recipe]:
    """Give each name with the positions of its runs."""
    ends = accumulate(seeds)
    return [Recipe(name, range(end - size, end)) for name, size, end in zip(labels, seeds, ends, strict=True)]


def _chosen(pairs: str, recipes: Sequence[Recipe]) -> list[tuple[Recipe, Recipe]]:
    """Give the pairs that are compared."""
    if pairs not in ("base", "all"):
        raise DataError(f"expected 'base' or 'all', got {pairs!r}", field="pairs")
    return [pair for pair in combinations(recipes, 2) if pairs == "all" or pair[0] is recipes[0]]


def _labels(recipes: Sequence[Sequence[Run]], names: Sequence[str] | None) -> tuple[str, ...]:
    """Give each run or recipe a name of its own: "m", with a calculator "m with tools", again "m (2)"."""
    if names is not None:
        if isinstance(names, str) or len(names) != len(recipes) or len(set(names)) != len(recipes):
            raise DataError(
                f"expected a name of its own for each of {len(recipes)} runs or recipes, got {names!r}"
            )
        return tuple(names)
    labels: list[str] = []
    for recipe in recipes:
        name = f"{_model_of(recipe)} with tools" if recipe[0].config.get("tools") else _model_of(recipe)
        label, number = name, 2
        while label in labels:
            label, number = f"{name} ({number})", number + 1
        labels.append(label)
    return tuple(labels)


def _model_of(recipe: Sequence[Run]) -> str:
    """Give the model's name, or the whole words that the names of a recipe's models begin with."""
    models = [run.model for run in recipe]
    if len(set(models)) == 1:
        return models[0]
    common = os.path.commonprefix(models)  # noqa: RUF071  (names, not paths)
    words = common[: max(map(common.rfind, _BETWEEN_WORDS)) + 1].rstrip(_BETWEEN_WORDS)
    return words or common or models[0]


def _rising(steps: Sequence[float] | None, names: int) -> tuple[float, ...] | None:
    if steps is None:
        return None
    if len(steps) != names or any(a >= b for a, b in pairwise(steps)):
        raise DataError(f"expected {names} rising steps, one a name, got {list(steps)!r}", field="steps")
    return tuple(steps)


def _fields(by: Field | Sequence[Field] | None, rows: Sequence[Row]) -> tuple[Field, ...]:
    if by is None:
        return ("subject",) if any(row.problem.subject for row in rows) else ()
    fields = (by,) if isinstance(by, str) else tuple(by)
    if not set(fields) <= {"subject", "level"} or len(set(fields)) != len(fields):
        raise DataError(
            f"cells are made of 'subject', 'level' or both, like ('subject', 'level'); not {by!r}", field="by"
        )
    return fields


def _parts(rows: Sequence[Row], by: tuple[Field, ...]) -> list[tuple[tuple[str, ...], list[Row]]]:
    """Give all problems, then each cell in order of its name and level."""
    parts: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        parts.setdefault(key_of(row.problem, by), []).append(row)
    return [((), list(rows)), *(sorted(parts.items(), key=lambda part: in_order(part[0])) if by else ())]


def _in_families(cells: Sequence[Sequence[TestedCell]]) -> tuple[Cell, ...]:
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


def _corrected(family: Sequence[TestedCell]) -> list[Cell]:
    """Correct the tests of a family together; Holm asks this level of a first finding."""
    p_values = [tested.cell.p_value for tested in family]
    return [
        attrs.evolve(
            tested.cell,
            adjusted=adjusted,
            q_value=q_value,
            detectable=tested.detectable(tested.cell.level_of_test / len(family)),
        )
        for tested, adjusted, q_value in zip(
            family, stats.holm(p_values), stats.benjamini_hochberg(p_values), strict=True
        )
    ]
