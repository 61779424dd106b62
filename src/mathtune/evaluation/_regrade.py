"""The same responses under another policy or a newer grader: what changed, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import attrs

from mathtune._version import __version__
from mathtune.policy import Policy
from mathtune.progress import progress_bar

from ._grades import Grader
from ._manifest import count_categories

if TYPE_CHECKING:
    from ._result import Result
    from ._run import Run

__all__ = ["Change", "Regrade", "regrade"]

_SHOWN = 20  # changes that a terminal shows; `changes` holds all


@attrs.frozen
class Change:
    """A response that is judged otherwise than before.

    Attributes:
        before: Its result before.
        after: Its result now.
    """

    before: Result
    after: Result

    def __str__(self) -> str:
        problem = self.after.problem
        given = self.after.answer.text if self.after.answer else "no answer"
        return (
            f"{problem.id}: {self.before.category.label} ({self.before.verdict.reason.value})"
            f" -> {self.after.category.label} ({self.after.verdict.reason.value});"
            f" gold {_short(problem.answer)}, given {_short(given)}"
        )


@attrs.frozen(kw_only=True)
class Regrade:
    """A run graded anew, beside what it was.

    Attributes:
        before: The run as it was.
        after: The run as it is graded now. It stands on no disk until `save_run` puts it there.
        changes: Every response whose category changed, in order.
    """

    before: Run
    after: Run
    changes: tuple[Change, ...] = attrs.field(repr=False)

    def by(self, *fields: str) -> dict[Any, tuple[int, int]]:
        """Give for each group of problems how many responses became right and how many ceased to be.

        Args:
            fields: Fields of `Problem`, as for `Run.by`.
        """
        won, lost = Counter[Any](), Counter[Any]()
        for change in self.changes:
            values = tuple(getattr(change.after.problem, field) for field in fields)
            key = values[0] if len(values) == 1 else values
            won[key] += change.after.correct and not change.before.correct
            lost[key] += change.before.correct and not change.after.correct
        return {key: (won[key], lost[key]) for key in self.after.by(*fields) if key in won}

    def __str__(self) -> str:
        if not self.changes:
            return f"no verdict changed; {self.after.accuracy()}"
        lines = [f"{len(self.changes)} of {len(self.after.results)} responses are judged otherwise"]
        lines += [f"accuracy before: {self.before.accuracy()}", f"accuracy now:    {self.after.accuracy()}"]
        lines += [f"  {name}: +{won} -{lost}" for name, (won, lost) in self.by("subject").items()]
        lines += [str(change) for change in self.changes[:_SHOWN]]
        if len(self.changes) > _SHOWN:
            lines.append(f"... and {len(self.changes) - _SHOWN} more in .changes")
        return "\n".join(lines)


def regrade(run: Run, *, policy: Policy | None = None) -> Regrade:
    """Grade the stored responses of a run anew; nothing is asked.

    To see whether a conclusion changes, compare the regraded runs: each has the same problems and responses.

    Args:
        run: The run.
        policy: What counts as the same answer now; None is `Policy()`.

    >>> from mathtune.evaluation import Run
    >>> print(regrade(Run(model="m", results=[])))
    no verdict changed; nothing to count
    """
    chosen = policy or Policy()
    grader = Grader(chosen)
    bar = progress_bar(run.results, label="grading", unit="response")
    results = [grader.result(result.problem, result.response) for result in bar]
    config = {**run.config, "policy": attrs.asdict(chosen)}
    manifest = {**run.manifest, "mathtune": __version__, "categories": count_categories(results)}
    after = attrs.evolve(run, results=results, config=config, manifest=manifest, directory=None)
    pairs = zip(run.results, results, strict=True)
    changes = tuple(Change(old, new) for old, new in pairs if old.category is not new.category)
    return Regrade(before=run, after=after, changes=changes)


def _short(text: str | None) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text or "none")
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
