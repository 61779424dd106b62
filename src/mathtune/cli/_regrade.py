"""`mathtune regrade`: stored responses under another policy or a newer grader."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathtune.errors import DataError
from mathtune.evaluation import load_run, save_run
from mathtune.evaluation import regrade as regrade_run
from mathtune.policy import Policy
from mathtune.reports import recompare

from ._flags import PolicyFlags
from ._recipes import folders_of_runs, recipes_of

__all__ = ["regrade"]


def regrade(
    run: Path,
    /,
    *others: Path,
    by: list[Literal["subject", "level"]] | None = None,
    seeds: int = 1,
    base_seeds: int = 1,
    only_shared: bool = False,
    output: Path | None = None,
    policy: PolicyFlags = Policy(),
) -> None:
    """Grade the responses of runs anew; nothing is asked. Every verdict that changes is told with its reason.

    With several runs, the first the base's, it also says whether the conclusion of comparing them changes.

    Args:
        run: The folder of a run, as `mathtune evaluate` prints it.
        others: The folders of other runs on the same problems.
        by: The fields whose cells are compared: --by subject --by level; subjects unless given.
        seeds: How many of the others are the runs of one recipe, as for compare.
        base_seeds: How many of the first folders are runs of the base, as for compare.
        only_shared: Compare only the problems that every run holds, as for compare.
        output: Keep the regraded runs in this folder; the runs themselves stay as they are.
        policy: What counts as the same answer now.
    """
    folders = folders_of_runs((run, *others))
    kept = [] if output is None else _targets(output, folders)
    runs = [load_run(folder) for folder in folders]
    said: object
    if len(runs) > 1:
        recipes = recipes_of(runs, seeds, base_seeds)
        said = again = recompare(*recipes, policy=policy, by=by, only_shared=only_shared)
        regrades = again.regrades
    else:
        regrades = (regrade_run(runs[0], policy=policy),)
        said = regrades[0]
    # files first: what reads the words may go before they end, as `head` does
    for folder, graded in zip(kept, regrades, strict=False):  # none are kept unless asked for
        save_run(graded.after, folder)
    print(said)
    for folder in kept:
        print(f"kept in {folder}")


def _targets(output: Path, folders: list[Path]) -> list[Path]:
    """Give each run a folder under `output`, none of them the run's own or another's."""
    targets = [output.resolve() / folder.resolve().name for folder in folders]
    for number, target in enumerate(targets):
        if target in {folder.resolve() for folder in folders}:
            raise DataError("holds the run itself, which would be lost; name another folder", field="output")
        if target in targets[:number]:
            raise DataError(
                f"two of the runs are called {target.name}, and one would replace the other; regrade them "
                "one by one, into different folders",
                field="output",
            )
    return [output / target.name for target in targets]
