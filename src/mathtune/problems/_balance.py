"""Balance: from each cell the share it should have, and an honest account where it has too little."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import attrs

from mathtune.errors import DataError

from ._cells import Key, cells_by, drawn, fields_of, require_unique
from ._problem import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BalancePlan", "Cell", "balance", "plan_balance"]

Shares = Literal["equal", "proportional", "square-root"] | Mapping[Any, float]
Short = Literal["report", "repeat", "weight"]
Size = Callable[[Problem], float]

_WEIGHTS: dict[str, Callable[[float], float]] = {
    "equal": lambda _: 1.0,
    "proportional": lambda available: available,
    "square-root": math.sqrt,
}


@attrs.frozen(kw_only=True)
class Cell:
    """One cell of a plan.

    Attributes:
        key: The values of the fields, in the order in which they were asked for.
        available: How much there is: problems, or what `size` measures.
        target: How much of it the plan asks for.
    """

    key: Key
    available: float
    target: float

    @property
    def missing(self) -> float:
        """How much more is asked for than there is."""
        return max(0, self.target - self.available)


@attrs.frozen(kw_only=True)
class BalancePlan:
    """What `balance` takes from each cell.

    Attributes:
        by: The fields that divide the problems.
        cells: The cells, in the order of their keys.
        left_out: How many problems lack one of the fields and are in no cell.
    """

    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    left_out: int

    @property
    def short(self) -> tuple[Cell, ...]:
        """The cells that have less than is asked of them."""
        return tuple(cell for cell in self.cells if cell.missing > 0)

    def __str__(self) -> str:
        rows = [("/".join(self.by), "available", "target", "")]
        rows += [
            (
                " / ".join(map(str, cell.key)),
                f"{cell.available:g}",
                f"{cell.target:g}",
                f"{cell.missing:g} short" if cell.missing else "",
            )
            for cell in self.cells
        ]
        width = max(len(row[0]) for row in rows)
        return "\n".join(f"{a:{width}}  {b:>9}  {c:>7}  {d}".rstrip() for a, b, c, d in rows)


def balance(
    problems: Iterable[Problem],
    *,
    by: str | Sequence[str] = ("subject",),
    total: float | None = None,
    seed: int = 0,
    shares: Shares = "equal",
    short: Short = "report",
    size: Size | None = None,
) -> Problems:
    """Take from each cell the share that it should have.

    The same problems and seed give the same selection, in whatever order the problems come; what is taken
    stays in the order of `problems`. Problems that lack one of the fields are left out, with a warning.

    Args:
        problems: What to select from.
        by: Fields of a problem, or keys of its metadata; their values make the cells.
        total: How many problems to take in all; None is as many as the shares allow without a short cell.
        seed: Which problems of a cell are taken.
        shares: `"equal"`; `"proportional"` to what there is; `"square-root"` of that, which lies between; or
            a weight for each cell (`{"Algebra": 2, "Geometry": 1}`; a tuple of values where `by` has several
            fields). A cell that is not named gets nothing.
        short: Where a cell has less than its share: `"report"` takes what there is and warns, `"repeat"`
            takes its problems again under new ids (`x#2`), `"weight"` notes in `metadata["weight"]` by how
            much each of its problems should count more.
        size: What counts toward `total`, for example a problem's tokens; None counts problems.

    Raises:
        DataError: A field, a cell or an option does not exist, an id is there twice, or `total` is not
            positive.

    >>> from mathtune.problems import read_problems
    >>> drills = read_problems("mathtune:drills", split="train", limit=80)
    >>> chosen = balance(drills, by="subject", total=16)
    >>> sorted({p.subject for p in chosen})[:2], len(chosen)
    (['arithmetic', 'counting'], 16)
    """
    if short not in ("report", "repeat", "weight"):
        raise DataError(f"expected 'report', 'repeat' or 'weight', found {short!r}", field="short")
    items = problems if isinstance(problems, Problems) else Problems(problems)
    names = fields_of(by)
    require_unique(items)
    cells, lacking = cells_by(items, names)
    plan = _plan(cells, names, len(lacking), total=total, shares=shares, size=size)
    _warn(plan, short)
    taken: dict[str, list[Problem]] = {}
    for cell in plan.cells:
        for problem, copy in _taken(drawn(cells[cell.key], seed), cell, short, size):
            taken.setdefault(problem.id, []).append(copy)
    rounds = max(map(len, taken.values()), default=0)
    ordered = (taken[p.id][n] for n in range(rounds) for p in items if len(taken.get(p.id, ())) > n)
    return items.of(ordered)


def plan_balance(
    problems: Iterable[Problem],
    *,
    by: str | Sequence[str] = ("subject",),
    total: float | None = None,
    shares: Shares = "equal",
    size: Size | None = None,
) -> BalancePlan:
    """Tell what `balance` with the same arguments would take, cell by cell, and take nothing.

    >>> one = Problem(id="1", problem="$1+1$", subject="Algebra")
    >>> two = Problem(id="2", problem="$1+2$", subject="Geometry")
    >>> print(plan_balance([one, two], total=3))
    subject   available   target
    Algebra           1        2  1 short
    Geometry          1        1
    """
    names = fields_of(by)
    cells, lacking = cells_by(Problems(problems), names)
    return _plan(cells, names, len(lacking), total=total, shares=shares, size=size)


# The plan


def _plan(
    cells: Mapping[Key, list[Problem]],
    by: tuple[str, ...],
    left_out: int,
    *,
    total: float | None,
    shares: Shares,
    size: Size | None,
) -> BalancePlan:
    if total is not None and total <= 0:
        raise DataError(f"expected more than 0, found {total}", field="total")
    available = {key: sum(map(size, items)) if size else len(items) for key, items in cells.items()}
    targets = _targets(_weights(shares, available), available, total, whole=size is None)
    planned = (Cell(key=k, available=available[k], target=target) for k, target in targets.items())
    return BalancePlan(by=by, cells=tuple(planned), left_out=left_out)


def _weights(shares: Shares, available: Mapping[Key, float]) -> dict[Key, float]:
    if isinstance(shares, str):
        if shares not in _WEIGHTS:
            raise DataError(
                f"expected one of {', '.join(_WEIGHTS)}, or weights, found {shares!r}", field="shares"
            )
        return {key: _WEIGHTS[shares](amount) for key, amount in available.items()}
    given = {key if isinstance(key, tuple) else (key,): weight for key, weight in shares.items()}
    if unknown := [key for key in given if key not in available]:
        raise DataError(
            f"there is no cell {unknown[0]}; there are {', '.join(map(str, available))}", field="shares"
        )
    if not all(weight >= 0 for weight in given.values()) or not any(given.values()):
        raise DataError("expected weights of at least 0, one of them above", field="shares")
    return {key: given[key] for key in available if given.get(key)}


def _targets(
    weights: Mapping[Key, float], available: Mapping[Key, float], total: float | None, *, whole: bool
) -> dict[Key, float]:
    """Divide the total by weight; without one, find the largest that leaves no cell short."""
    if total is None:
        scale = min((available[key] / weight for key, weight in weights.items()), default=0.0)
        exact = {key: weight * scale for key, weight in weights.items()}
        return {key: math.floor(part + 1e-9) for key, part in exact.items()} if whole else exact
    parts = sum(weights.values())
    exact = {key: total * weight / parts for key, weight in weights.items()}
    return _rounded(exact, round(total)) if whole else exact


def _rounded(exact: Mapping[Key, float], total: int) -> dict[Key, float]:
    """Round to whole numbers of the same sum: the largest remainders go up, the first of equal ones."""
    rounded: dict[Key, float] = {key: math.floor(part) for key, part in exact.items()}
    by_remainder = sorted(exact, key=lambda key: rounded[key] - exact[key])
    for key in by_remainder[: total - int(sum(rounded.values()))]:
        rounded[key] += 1
    return rounded


# Taking


def _taken(
    order: list[Problem], cell: Cell, short: Short, size: Size | None
) -> Iterator[tuple[Problem, Problem]]:
    """Give problems of the cell, each with what stands for it in the selection, until the target is met."""
    if short == "weight" and cell.missing:
        factor = cell.target / cell.available
        yield from ((p, attrs.evolve(p, metadata={**p.metadata, "weight": factor})) for p in order)
        return
    filled, turn = 0.0, 0
    while order and (turn == 0 or short == "repeat"):
        turn += 1
        for problem in order:
            filled += 1 if size is None else size(problem)
            if filled > cell.target:
                return
            yield problem, problem if turn == 1 else attrs.evolve(problem, id=f"{problem.id}#{turn}")


def _warn(plan: BalancePlan, short: Short) -> None:
    if plan.left_out:
        warnings.warn(f"{plan.left_out} problems without {' and '.join(plan.by)} are left out", stacklevel=3)
    if plan.short and short == "report":
        named = (f"{'/'.join(map(str, c.key))} has {c.available:g} of {c.target:g}" for c in plan.short[:5])
        more = f" and {len(plan.short) - 5} more" if len(plan.short) > 5 else ""
        warnings.warn(
            f"{len(plan.short)} of {len(plan.cells)} cells are short: {'; '.join(named)}{more}", stacklevel=3
        )
