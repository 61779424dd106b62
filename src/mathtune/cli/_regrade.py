"""`mathtune regrade`: stored responses under another policy or a newer grader."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathtune.evaluation import load_run, save_run
from mathtune.evaluation import regrade as regrade_run
from mathtune.policy import Policy
from mathtune.reports import recompare

from ._flags import PolicyFlags

__all__ = ["regrade"]


def regrade(
    run: Path,
    /,
    *others: Path,
    by: list[Literal["subject", "level"]] | None = None,
    output: Path | None = None,
    policy: PolicyFlags = Policy(),
) -> None:
    """Grade the responses of runs anew; nothing is asked. Every verdict that changes is told with its reason.

    With several runs, the first the base's, it also says whether the conclusion of comparing them changes.

    Args:
        run: The folder of a run, as `mathtune evaluate` prints it.
        others: The folders of other runs on the same problems.
        by: The fields whose cells are compared: --by subject --by level; subjects unless given.
        output: Keep the regraded runs in this folder; the runs themselves stay as they are.
        policy: What counts as the same answer now.
    """
    runs = [load_run(folder) for folder in (run, *others)]
    if others:
        again = recompare(*runs, policy=policy, by=by)
        print(again)
        regrades = again.regrades
    else:
        regrades = (regrade_run(runs[0], policy=policy),)
        print(regrades[0])
    if output is not None:
        for folder, graded in zip((run, *others), regrades, strict=True):
            save_run(graded.after, output / folder.resolve().name)
            print(f"kept in {output / folder.resolve().name}")
