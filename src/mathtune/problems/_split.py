"""Split and mix: problems into parts that share nothing, and sources into one set by weight."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import attrs

from mathtune.errors import DataError

from ._balance import balance
from ._cells import drawn, fields_of, require_unique
from ._near import near_groups
from ._problem import Problem, Problems
from ._text import exact_key, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ._balance import Shares, Short, Size

__all__ = ["mix", "split"]

_NO_FIELD = "none"


def split(
    problems: Iterable[Problem],
    shares: Mapping[str, float],
    *,
    by: str | Sequence[str] = ("subject", "level"),
    near: float | None = 0.8,
    seed: int = 0,
) -> dict[str, Problems]:
    """Divide problems into parts, each with the same mixture of subjects and levels.

    Problems of the same or nearly the same wording, whatever their numbers, stay in one part: no test problem
    was rehearsed in training. The same problems and seed give the same parts, in whatever order they come.

    Args:
        problems: What to divide.
        shares: The share of each part, by its name: `{"train": 0.9, "test": 0.1}`; they are taken relative to
            their sum.
        by: The fields whose values each part should have in the same shares.
        near: The Jaccard similarity, numbers masked, from which problems stay together; None keeps only the
            same texts together.
        seed: Which problems go where.

    Returns:
        Each part by its name, its problems in the order of `problems`.

    Raises:
        DataError: A share is not positive, or an id is there twice.

    >>> from mathtune.problems import read_problems
    >>> parts = split(read_problems("mathtune:drills", limit=400), {"train": 3, "test": 1})
    >>> sum(map(len, parts.values())), len(parts["test"]) in range(80, 121)
    (400, True)
    """
    if not shares or not all(share > 0 for share in shares.values()):
        raise DataError("expected a positive share for each part", field="shares")
    items = problems if isinstance(problems, Problems) else Problems(problems)
    require_unique(items)
    part_of: dict[str, str] = {}
    for stratum in _strata(items, fields_of(by), near, seed):
        given = dict.fromkeys(shares, 0)
        for group in stratum:
            part = min(shares, key=lambda name: (given[name] + len(group) / 2) / shares[name])
            given[part] += len(group)
            part_of |= dict.fromkeys((problem.id for problem in group), part)
    return {name: items.of(p for p in items if part_of[p.id] == name) for name in shares}


def _strata(
    problems: Problems, by: Sequence[str], near: float | None, seed: int
) -> Iterable[list[list[Problem]]]:
    """Give the groups of each stratum, large ones first: the small ones then even the shares out."""
    ordered = drawn(problems, seed)
    strata: defaultdict[tuple[str, ...], list[list[Problem]]] = defaultdict(list)
    for group in _groups(ordered, near):
        strata[tuple(str(_field(group[0], name)) for name in by)].append(group)
    return [sorted(strata[key], key=len, reverse=True) for key in sorted(strata)]


def _groups(problems: list[Problem], near: float | None) -> Iterable[list[Problem]]:
    if near is None:
        roots: Sequence[object] = [exact_key(p.problem) for p in problems]
    else:
        roots = near_groups([wording(p.problem) for p in problems], near)
    groups: defaultdict[object, list[Problem]] = defaultdict(list)
    for root, problem in zip(roots, problems, strict=True):
        groups[root].append(problem)
    return groups.values()


def _field(problem: Problem, name: str) -> object:
    value = getattr(problem, name, None) if name != "metadata" else None
    return problem.metadata.get(name, _NO_FIELD) if value is None else value


def mix(
    sources: Mapping[str, Iterable[Problem]],
    weights: Mapping[str, float] | None = None,
    *,
    total: float | None = None,
    seed: int = 0,
    short: Short = "report",
    size: Size | None = None,
) -> Problems:
    """Mix sources by weight, in an order in which every beginning is mixed, too.

    Ids become `name:id`, so that sources may have the same ones, and `metadata["part"]` names the source.

    Args:
        sources: The problems of each source, by its name.
        weights: The weight of each source; None weighs each by its size. One that is not named gives nothing.
        total: How many problems in all; None is as many as the weights allow without a short source.
        seed: Which problems are taken, and their order.
        short: What to do where a source has less than its share, as in `balance`.
        size: What counts toward `total`, as in `balance`.

    Raises:
        DataError: A weight names no source, or an id comes twice in a source.

    >>> from mathtune.problems import read_problems
    >>> algebra = read_problems("mathtune:drills", config="linear equations", limit=30)
    >>> angles = read_problems("mathtune:drills", config="trigonometry", limit=30)
    >>> mixed = mix({"algebra": algebra, "angles": angles}, {"algebra": 1, "angles": 2}, total=30)
    >>> [p.subject for p in mixed].count("trigonometry")
    20
    """
    together = Problems()
    for name, problems in sources.items():
        held = problems if isinstance(problems, Problems) else Problems(problems)
        together += held.of(_of_source(name, problem) for problem in held)
    shares: Shares = "proportional" if weights is None else weights
    chosen = balance(together, by="part", total=total, seed=seed, shares=shares, short=short, size=size)
    return chosen.of(drawn(chosen, seed))


def _of_source(name: str, problem: Problem) -> Problem:
    return attrs.evolve(problem, id=f"{name}:{problem.id}", metadata={**problem.metadata, "part": name})
