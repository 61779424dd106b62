"""Several runs on the same problems, joined problem by problem; anything that does not fit is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mathtune.evaluation import Result, Run
    from mathtune.problems import Problem

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


def pair_runs(runs: Sequence[Run], names: Sequence[str]) -> tuple[Row, ...]:
    """Join the runs by problem id, in the first run's order.

    Raises:
        DataError: The runs do not hold the same problems, texts, golds or numbers of samples; the ids that
            differ are named.
    """
    grouped = [_by_problem(run.results, name) for run, name in zip(runs, names, strict=True)]
    first = grouped[0]
    if not first:
        raise DataError(f"the run {names[0]!r} holds no results")
    for other, name in zip(grouped[1:], names[1:], strict=True):
        _check_same(first, other, names[0], name)
    return tuple(
        Row(problem=first[key][0].problem, results=tuple(group[key] for group in grouped)) for key in first
    )


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


def _check_same(
    first: Mapping[str, tuple[Result, ...]],
    other: Mapping[str, tuple[Result, ...]],
    name: str,
    other_name: str,
) -> None:
    missing = [key for key in first if key not in other]
    extra = [key for key in other if key not in first]
    if missing or extra:
        parts = [f"only in {name!r}: {_listed(missing)}"] if missing else []
        parts += [f"only in {other_name!r}: {_listed(extra)}"] if extra else []
        raise DataError(
            f"only runs on the same problems can be compared: {len(first):,} in {name!r}, {len(other):,} in "
            f"{other_name!r}; {'; '.join(parts)}; evaluate both on the same source, split and limit "
            "(what was asked before is not asked again), or import both by one id that they share"
        )
    for field in ("problem", "answer"):
        changed = [k for k in first if _of(first[k], field) != _of(other[k], field)]
        if changed:
            what = "text" if field == "problem" else "gold answer"
            raise DataError(f"{name!r} and {other_name!r} disagree on the {what} of {_listed(changed)}")


def _of(results: tuple[Result, ...], field: str) -> object:
    return getattr(results[0].problem, field)


def _listed(ids: Sequence[str]) -> str:
    shown = ", ".join(repr(key) for key in ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
    return f"{shown}{more}"
