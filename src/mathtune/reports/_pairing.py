"""Several runs on the same problems, joined problem by problem; anything that does not fit is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mathtune.evaluation import Result, Run
    from mathtune.problems import Problem

    _Group = Mapping[str, tuple[Result, ...]]

__all__ = ["Row", "pair_runs"]

_SHOWN = 5  # ids that a message names


@attrs.frozen(kw_only=True)
class Row:
    """One problem with all that each run did on it.

    Attributes:
        problem: The problem, the same in every run.
        results: For each run in order, its results on the problem, one a sample.
    """

    problem: Problem
    results: tuple[tuple[Result, ...], ...]

    def right(self, run: int) -> int:
        """How many samples of a run (its position) are right."""
        return sum(result.correct for result in self.results[run])

    def share(self, run: int) -> float:
        """Which share of a run's samples is right."""
        return self.right(run) / len(self.results[run])

    def of(self, runs: Iterable[int]) -> tuple[Result, ...]:
        """Give the results of several runs together, such as those of a recipe's seeds."""
        return tuple(result for run in runs for result in self.results[run])

    def first(self, samples: int) -> Row:
        """Give the problem with the first so many samples of each run."""
        return attrs.evolve(self, results=tuple(results[:samples] for results in self.results))

    @property
    def gradable(self) -> bool:
        """Whether the gold answer could be read."""
        return all(result.counts for results in self.results for result in results)


def pair_runs(
    runs: Sequence[Run], names: Sequence[str], *, only_shared: bool = False
) -> tuple[tuple[Row, ...], tuple[int, ...]]:
    """Join the runs by problem id, in the first run's order.

    Args:
        runs: The runs.
        names: What messages call them.
        only_shared: Leave out the problems that not every run holds; they are an error otherwise.

    Returns:
        The rows, and how many problems of each run were left out.

    Raises:
        DataError: The runs do not hold the same problems (or share none), texts, golds or numbers of
            samples; the ids that differ are named.
    """
    grouped = [_by_problem(run.results, name) for run, name in zip(runs, names, strict=True)]
    for group, name in zip(grouped, names, strict=True):
        if not group:
            raise DataError(f"the run {name!r} holds no results")
    first = grouped[0]
    shared = [key for key in first if all(key in other for other in grouped[1:])]
    for other, name in zip(grouped[1:], names[1:], strict=True):
        if not only_shared:
            _check_ids(first, other, names[0], name, len(shared))
        _check_content(shared, first, other, names[0], name)
    if not shared:
        raise DataError(f"the runs share no problem: {names[0]!r} begins with {_listed([*first])}")
    rows = tuple(
        Row(problem=first[key][0].problem, results=tuple(group[key] for group in grouped)) for key in shared
    )
    return rows, tuple(len(group) - len(shared) for group in grouped)


def _by_problem(results: Iterable[Result], name: str) -> dict[str, tuple[Result, ...]]:
    samples: dict[str, dict[int, Result]] = {}
    for result in results:
        known = samples.setdefault(result.problem.id, {})
        if result.response.sample in known:
            raise DataError(
                f"the run {name!r} holds a sample of problem {result.problem.id!r} twice: "
                f"number {result.response.sample}"
            )
        known[result.response.sample] = result
    most = max(map(len, samples.values()), default=0)
    short = [key for key, known in samples.items() if len(known) < most]
    if short:
        raise DataError(
            f"the run {name!r} holds {most} samples of some problems and fewer of {_listed(short)}; "
            "finish the run first"
        )
    return {key: tuple(known[number] for number in sorted(known)) for key, known in samples.items()}


def _check_ids(first: _Group, other: _Group, name: str, other_name: str, shared: int) -> None:
    missing = [key for key in first if key not in other]
    extra = [key for key in other if key not in first]
    if not missing and not extra:
        return
    parts = [f"only in {name!r}: {_listed(missing)}"] if missing else []
    parts += [f"only in {other_name!r}: {_listed(extra)}"] if extra else []
    ways = (
        "evaluate both on the same source, split and limit (what was asked before is not asked again), or "
        "import both by one id that they share"
    )
    if shared:
        ways += f", or compare only the {shared:,} that all runs hold: only_shared=True (--only-shared)"
    raise DataError(
        f"only runs on the same problems can be compared: {len(first):,} in {name!r}, {len(other):,} in "
        f"{other_name!r}; {'; '.join(parts)}; {ways}"
    )


def _check_content(shared: Sequence[str], first: _Group, other: _Group, name: str, other_name: str) -> None:
    for field in ("problem", "answer"):
        changed = [key for key in shared if _of(first[key], field) != _of(other[key], field)]
        if changed:
            what = "text" if field == "problem" else "gold answer"
            raise DataError(f"{name!r} and {other_name!r} disagree on the {what} of {_listed(changed)}")


def _of(results: tuple[Result, ...], field: str) -> object:
    return getattr(results[0].problem, field)


def _listed(ids: Sequence[str]) -> str:
    shown = ", ".join(repr(key) for key in ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
    return f"{shown}{more}"
