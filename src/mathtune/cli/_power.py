"""`mathtune power`: how many problems or seeds a comparison needs, or what one of so many can see."""

from __future__ import annotations

from pathlib import Path

from mathtune.errors import DataError
from mathtune.evaluation import load_run
from mathtune.reports import compare
from mathtune.stats import crossed_difference, minimal_detectable_difference, problems_needed

__all__ = ["power"]

_CHANGING = (0.05, 0.1, 0.2, 0.3)  # what fine-tuning moves in practice; shown where nobody knows it better
_SEEDS = (2, 3, 5, 10)


def power(
    base: Path | None = None,
    /,
    *others: Path,
    points: float | None = None,
    problems: int | None = None,
    changing: float | None = None,
    cells: int = 1,
    confidence: float = 0.95,
    chance: float = 0.8,
) -> None:
    """Say how many problems it takes to see a change, or what change so many problems can show.

    Before a study: mathtune power --points 2. What counts beside the number of problems is how many of them
    change sides, lost and won together; two earlier runs tell it, or --changing does. A base's run with
    several seeds of one recipe tells instead what gain more seeds or fewer would show.

    Args:
        base: The folder of an earlier run, whose share of changing problems is taken.
        others: The folder of the run to compare it with, or those of a recipe's seeds.
        points: The true change that is to be seen, in percentage points of accuracy.
        problems: How many problems there are.
        changing: Share of the problems that change sides, for example 0.2; several are shown unless given.
        cells: How many subjects or other cells are tested together, each with so many problems.
        confidence: Of the tests; 0.95 tests at the level 0.05.
        chance: The chance to find the change where there is one.
    """
    if len(others) > 1 and base is not None:
        if (points, problems, changing) != (None, None, None):
            raise DataError("the runs of several seeds tell the gain that seeds show: give no other numbers")
        _check(points=None, problems=None, cells=cells, confidence=confidence, chance=chance)
        _print_by_seeds(base, others, round(1 - confidence, 12) / cells, chance)
        return
    if (points is None) is (problems is None):
        raise DataError("give one of them: --points for the problems it takes, --problems for what they show")
    _check(points=points, problems=problems, cells=cells, confidence=confidence, chance=chance)
    level = round(1 - confidence, 12)
    shares = _shares(base, others[0] if others else None, changing)
    if points is not None:
        # as many problems change sides at least as make the difference
        shares = tuple(dict.fromkeys(max(share, abs(points) / 100) for share in shares))
        print(f"Problems that it takes to find a true change of {abs(points):g} points")
        found = [_needed(abs(points) / 100, share, level / cells, chance) for share in shares]
    if problems is not None:
        print(f"The smallest true change that {problems:,} problems show")
        found = [_seen(problems, share, level / cells, chance) for share in shares]
    tests = "" if cells == 1 else f", corrected for {cells} tests"
    print(f"with a chance of {100 * chance:g} % (exact McNemar test at the level {level:g}{tests})")
    for share, text in zip(shares, found, strict=True):
        print(f"  {100 * share:5.1f} % of the problems change sides: {text}")


def _print_by_seeds(base: Path, seeds: tuple[Path, ...], level: float, chance: float) -> None:
    comparison = compare(load_run(base), [load_run(folder) for folder in seeds], by=())
    first, second = (
        [[row.share(run) for row in comparison.rows] for run in comparison.runs_of(name)]
        for name in comparison.names
    )
    gain = crossed_difference(first, second)
    print(f"The smallest true change that seeds show on {len(comparison.rows):,} problems")
    print(f"with a chance of {100 * chance:g} % (test over problems and seeds at the level {level:.3g}),")
    print(f"if they lie apart as these {len(seeds)} do (sd {100 * gain.seeds.deviation:.1f} points)")
    for number in _SEEDS:
        found = gain.detectable(level=level, power=chance, seeds=number)
        print(f"  {number:5} seeds: {'none' if found is None else f'{100 * found:.1f} points'}")


def _check(
    *, points: float | None, problems: int | None, cells: int, confidence: float, chance: float
) -> None:
    if points is not None and not 0 < abs(points) <= 100:
        raise DataError(f"expected more than 0 and at most 100, got {points:g}", field="points")
    for name, number in (("problems", problems), ("cells", cells)):
        if number is not None and number < 1:
            raise DataError(f"expected at least 1, got {number}", field=name)
    for name, share in (("confidence", confidence), ("chance", chance)):
        if not 0 < share < 1:
            raise DataError(f"expected a share between 0 and 1, such as 0.8, got {share:g}", field=name)


def _shares(base: Path | None, other: Path | None, changing: float | None) -> tuple[float, ...]:
    if changing is not None:
        if not 0 <= changing <= 1:
            raise DataError(f"expected a share from 0 to 1, such as 0.2, got {changing:g}", field="changing")
        return (changing,)
    if base is None:
        return _CHANGING
    if other is None:
        raise DataError("expected the folders of two runs, or of none", path=base)
    comparison = compare(load_run(base), load_run(other), by=())
    whole = comparison.cells[0]
    return ((whole.lost + whole.won) / whole.total,)


def _needed(difference: float, changing: float, level: float, chance: float) -> str:
    try:
        return f"{problems_needed(difference, changing=changing, level=level, power=chance):,} problems"
    except ValueError:
        return "more than ten million problems"


def _seen(problems: int, changing: float, level: float, chance: float) -> str:
    found = minimal_detectable_difference(problems, changing=changing, level=level, power=chance)
    return "none, not even if all are lost" if found is None else f"{100 * found:.1f} points"
