"""`recompare`: does the conclusion stand under another policy, or with a newer grader?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Literal

import attrs

from mathtune.evaluation import regrade

from ._compare import compare
from ._words import count, points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mathtune.evaluation import Regrade, Run
    from mathtune.policy import Policy

    from ._comparison import Cell, Comparison, Field, Finding

__all__ = ["Recomparison", "Shift", "recompare"]


@attrs.frozen(kw_only=True)
class Shift:
    """A cell whose finding is another one now.

    Attributes:
        first: Name of the model that is compared with.
        second: Name of the model that is compared.
        label: The cell's name.
        before: The cell under the old verdicts; None if none of its gold answers could be read then.
        after: The cell under the new verdicts; None if none of its gold answers can be read now.
    """

    first: str
    second: str
    label: str
    before: Cell | None
    after: Cell | None

    def __str__(self) -> str:
        change = f"{_said(self.before)} -> {_said(self.after)}"
        return f"{self.label}, {self.second} against {self.first}: {change}"


@attrs.frozen(kw_only=True)
class Recomparison:
    """Runs compared as they were graded, and as they are graded now.

    Attributes:
        before: The comparison under the verdicts that the runs hold.
        after: The comparison under the new verdicts.
        regrades: Each run's changed verdicts, in the order of the runs.
    """

    before: Comparison
    after: Comparison
    regrades: tuple[Regrade, ...] = attrs.field(repr=False)

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The cells whose finding (better, worse, cannot tell) changed, in the order of the cells."""
        old, new = ({_place(cell): cell for cell in one.cells} for one in (self.before, self.after))
        shifts = [
            Shift(first=place[0], second=place[1], label=label, before=old.get(place), after=new.get(place))
            for place, label in ((place, cell.label) for place, cell in (old | new).items())
        ]
        return tuple(shift for shift in shifts if _finding(shift.before) is not _finding(shift.after))

    @property
    def conclusion_changes(self) -> bool:
        """Whether any finding changed."""
        return bool(self.shifts)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        changed = sum(len(one.changes) for one in self.regrades)
        total = sum(len(one.after.results) for one in self.regrades)
        yield f"{changed:,} of {count(total, 'response')} are judged otherwise."
        if self.shifts:
            yield f"The conclusion changes in {count(len(self.shifts), 'finding')}:"
            yield from (f"  {shift}" for shift in self.shifts)
        else:
            yield f"The conclusion stands: none of {count(len(self.after.cells), 'finding')} changes."
        for name, one in zip(self.after.runs, self.regrades, strict=True):
            if one.changes:
                yield f"{name}: {one}"


def recompare(
    base: Run | Sequence[Run],
    *others: Run | Sequence[Run],
    policy: Policy | None = None,
    by: Field | Sequence[Field] | None = None,
    confidence: float = 0.95,
    names: Sequence[str] | None = None,
    pairs: Literal["base", "all"] = "base",
    only_shared: bool = False,
) -> Recomparison:
    r"""Compare runs as they were graded and as they are graded now, and say which findings change.

    Args:
        base: The run to compare with, or the runs of a recipe, as for `compare`.
        others: The runs or recipes that are compared with it, at least one.
        policy: What counts as the same answer now; None is `Policy()`.
        by: What the cells are made of, as for `compare`.
        confidence: Confidence of every interval and test.
        names: Names for the report, one a run or recipe.
        pairs: "base" or "all", as for `compare`.
        only_shared: Compare only the problems that every run holds, as for `compare`.

    Raises:
        DataError: The runs cannot be compared, as for `compare`.
        TypeError: No other run was given.

    >>> from mathtune.evaluation import Evaluator
    >>> from mathtune.policy import Policy
    >>> from mathtune.problems import Problem
    >>> from mathtune.testing import StubServer
    >>> import tempfile
    >>> sums = [Problem(id=str(n), problem=f"{n}+1?", answer=str(n + 1)) for n in range(40)]
    >>> def say(messages, model, request):  # the tuned model gives decimals with a rounding error
    ...     number = int(messages[-1]["content"].split("+")[0].split()[-1]) + 1
    ...     return rf"\boxed{{{number}}}" if model == "base" else rf"\boxed{{{number}.0001}}"
    >>> with StubServer(chat=say) as server, tempfile.TemporaryDirectory() as here:
    ...     evaluator = Evaluator(server.client(), directory=here)
    ...     base, tuned = (evaluator.evaluate(sums, model=name) for name in ("base", "tuned"))
    >>> again = recompare(base, tuned, policy=Policy(relative_tolerance=0.01), by=())
    >>> again.conclusion_changes
    True
    >>> print(again.shifts[0])
    All problems, tuned against base: worse (-100.0 points) -> cannot tell (0.0 points)
    """
    recipes = [tuple(one) if isinstance(one, Sequence) else (one,) for one in (base, *others)]
    regrades = [[regrade(run, policy=policy) for run in recipe] for recipe in recipes]
    before, after = (
        compare(*graded, by=by, confidence=confidence, names=names, pairs=pairs, only_shared=only_shared)
        for graded in (recipes, [[one.after for one in recipe] for recipe in regrades])
    )
    return Recomparison(before=before, after=after, regrades=tuple(chain.from_iterable(regrades)))


def _place(cell: Cell) -> tuple[str, ...]:
    return (cell.first, cell.second, *cell.key)


def _finding(cell: Cell | None) -> Finding | None:
    return None if cell is None else cell.finding


def _said(cell: Cell | None) -> str:
    return "no such cell" if cell is None else f"{cell.finding} ({points(cell.difference.estimate)} points)"
