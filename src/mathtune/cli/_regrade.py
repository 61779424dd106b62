"""`mathtune regrade`: stored responses under another policy or a newer grader."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathtune.evaluation import load_run, save_run
from mathtune.evaluation import regrade as regrade_run
from mathtune.policy import Policy
from mathtune.reports import recompare

from ._flags import PolicyFlags
from ._recipes import recipes_of

__all__ = ["regrade"]


def regrade(
    run: Path,
    /,
    *others: Path,
    by: list[Literal["subject", "level"]] | None = None,
    seeds: int = 1,
    base_seeds: int = 1,
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
        output: Keep the regraded runs in this folder; the runs themselves stay as they are.
        policy: What counts as the same answer now.
    """
    runs = [load_run(folder) for folder in (run, *others)]
    said: object
    if others:
        recipes = recipes_of(runs, seeds, base_seeds)
        said = again = recompare(*recipes, policy=policy, by=by)
        regrades = again.regrades
    else:
        regrades = (regrade_run(runs[0], policy=policy),)
        said = regrades[0]
    # files first: what reads the words may go before they end, as `head` does
    kept = [] if output is None else [output / folder.resolve().name for folder in (run, *others)]
    for folder, graded in zip(kept, regrades, strict=False):  # none are kept unless asked for
        save_run(graded.after, folder)
    print(said)
    for folder in kept:
        print(f"kept in {folder}")
