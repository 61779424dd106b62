"""Clean data: no problem twice, and none that a test set holds, with an account of what went and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from mathtune.errors import DataError

from ._near import OverlapIndex, near_pairs
from ._problem import Problem, Problems, Removal
from ._text import exact_key, numbers, shingles, wording, words

__all__ = ["decontaminate", "deduplicate"]

_RUN = 13  # words: the length that GPT-3's and most later reports count as contamination


def deduplicate(problems: Iterable[Problem], *, near: float | None = 0.8) -> Problems:
    """Take out problems that come again; the first of them stays.

    Texts are the same if they differ in layout only (dollar signs, spacing, `dfrac` for `frac`). They are
    near if their runs of four words are, and numbers and answers are the same: a problem with other numbers,
    or with another question at its end, is another problem.

    Args:
        problems: What to clean.
        near: The Jaccard similarity from which wordings count as near; None looks for the same text only.

    Returns:
        The rest in its order; `.removed` tells what went, and why.

    Raises:
        DataError: `near` is not between 0 and 1.

    >>> from mathtune.problems import read_problems
    >>> asked = ("What is $2+3$?", "What is $ 2 + 3 $?", "What is $1+4$?")
    >>> left = deduplicate(read_problems([{"problem": text, "answer": "5"} for text in asked]))
    >>> [p.id for p in left], str(left.removed[0])
    (['1', '3'], '2: same text as 1 (1.00)')
    """
    _check("near", near)
    items = problems if isinstance(problems, Problems) else Problems(problems)
    first: dict[str, Problem] = {}
    removed, unique = [], []
    for problem in items:
        same = first.setdefault(exact_key(problem.problem), problem)
        if same is problem:
            unique.append(problem)
        else:
            removed.append(Removal(problem=problem, reason="same text", other=same.id))
    close = {} if near is None else _close(unique, near)
    kept = (problem for index, problem in enumerate(unique) if index not in close)
    return Problems(kept, skipped=items.skipped, removed=(*items.removed, *removed, *close.values()))


def _close(problems: list[Problem], near: float) -> dict[int, Removal]:
    parts = [shingles(words(p.problem)) for p in problems]
    removed: dict[int, Removal] = {}
    for earlier, later, score in near_pairs(parts, near):
        one, other = problems[earlier], problems[later]
        if earlier not in removed and later not in removed and _asks_the_same(one, other):
            removed[later] = Removal(problem=other, reason="near text", other=one.id, score=score)
    return removed


def _asks_the_same(one: Problem, other: Problem) -> bool:
    same_answer = one.answer == other.answer or None in (one.answer, other.answer)
    return same_answer and numbers(one.problem) == numbers(other.problem)


def decontaminate(
    problems: Iterable[Problem],
    against: Iterable[Problem] | Mapping[str, Iterable[Problem]],
    *,
    coverage: float = 0.5,
    near: float | None = 0.8,
) -> Problems:
    """Take out problems that a test set holds, in the same or nearly the same words.

    Three kinds are told apart: the same text; shared runs of 13 words that make up `coverage` of the shorter
    of the two (single runs are often idioms: "where $a$, $b$, and $c$ are integers. What is"); and the same
    wording with other numbers. Drawings in `[asy]` are not compared.

    Args:
        problems: What to clean: training data.
        against: A test set, or several by name.
        coverage: How much of the shorter problem's 13-word runs has to be shared; 0 is the bare rule, by
            which one shared run is enough.
        near: The Jaccard similarity from which wordings with masked numbers count as near; None does not
            look.

    Returns:
        The rest in its order; `.removed` tells what went, why, and which test problem it repeats.

    Raises:
        DataError: `coverage` or `near` is not between 0 and 1.

    >>> from mathtune.problems import read_problems
    >>> test = read_problems("mathtune:drills", split="test", limit=8)
    >>> train = read_problems("mathtune:drills", split="train", limit=8)
    >>> len(decontaminate(train + test, {"drills": test}).removed) >= 8
    True
    """
    _check("coverage", coverage)
    _check("near", near)
    items = problems if isinstance(problems, Problems) else Problems(problems)
    named = against if isinstance(against, Mapping) else {"test": against}
    tests = [_TestSet.of(name, tuple(held), coverage, near) for name, held in named.items()]
    kept, removed = [], list(items.removed)
    for problem in items:
        found = next((hit for test in tests for hit in test.hits(problem)), None)
        if found is None:
            kept.append(problem)
        else:
            removed.append(found)
    return Problems(kept, skipped=items.skipped, removed=removed)


@attrs.frozen
class _TestSet:
    """A test set as it is looked up: by text, by runs of 13 words, by wording with masked numbers."""

    name: str
    problems: tuple[Problem, ...]
    coverage: float
    near: float | None
    texts: Mapping[str, int]
    runs: OverlapIndex
    wordings: OverlapIndex

    @classmethod
    def of(cls, name: str, problems: tuple[Problem, ...], coverage: float, near: float | None) -> _TestSet:
        return cls(
            name,
            problems,
            coverage,
            near,
            {exact_key(p.problem): index for index, p in enumerate(problems)},
            OverlapIndex([_runs(p.problem) for p in problems]),
            OverlapIndex([wording(p.problem) for p in problems]),
        )

    def hits(self, problem: Problem) -> Iterator[Removal]:
        """Give why the problem is contaminated, the strongest reason first."""
        same = self.texts.get(exact_key(problem.problem))
        if same is not None:
            yield self._removal(problem, "same text", same, 1.0)
        shared = self.runs.contained(_runs(problem.problem))
        if shared and shared[1] >= self.coverage:
            yield self._removal(problem, f"same runs of {_RUN} words", *shared)
        close = self.wordings.jaccard(wording(problem.problem))
        if close and self.near is not None and close[1] >= self.near:
            yield self._removal(problem, "same wording with other numbers", *close)

    def _removal(self, problem: Problem, reason: str, index: int, score: float) -> Removal:
        other = self.problems[index].id
        return Removal(problem=problem, reason=reason, other=other, where=self.name, score=score)


def _runs(text: str) -> set[str]:
    found = words(text)
    return shingles(found, _RUN) if len(found) >= _RUN else set()


def _check(name: str, value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise DataError(f"expected a share from 0 to 1, found {value}", field=name)
