"""`mathtune compare`: runs on the same problems to a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathtune.errors import DataError
from mathtune.evaluation import load_run
from mathtune.files import write_text
from mathtune.reports import compare as compare_runs
from mathtune.reports import guard as guard_cells
from mathtune.reports import model_card as describe_model

from ._recipes import folders_of_runs, recipes_of

__all__ = ["compare"]


def compare(
    base: Path,
    /,
    *others: Path,
    by: list[Literal["subject", "level"]] | None = None,
    seeds: int = 1,
    base_seeds: int = 1,
    pairs: Literal["base", "all"] = "base",
    names: list[str] | None = None,
    steps: list[float] | None = None,
    only_shared: bool = False,
    confidence: float = 0.95,
    guard: list[str] | None = None,
    margin: float = 0.02,
    html: Path | None = None,
    markdown: Path | None = None,
    latex: Path | None = None,
    model_card: Path | None = None,
    dataset: str | None = None,
) -> int:
    """Compare runs on the same problems: where did the others get better or worse than the base, how much?

    With --guard the exit code says whether the guarded parts held: 0 pass, 1 fail, 3 cannot tell.

    Args:
        base: The folder of the base model's run, as `mathtune evaluate` prints it.
        others: The folders of one or more other runs.
        by: The fields whose cells are compared: --by subject --by level; subjects unless given.
        seeds: How many seeds each recipe was trained with: with --seeds 3 the others are taken by threes,
            each three the runs of one recipe, and it is the recipe that is compared.
        base_seeds: How many of the first folders are runs of the base, where that is a recipe too.
        pairs: Compare each with the base, or all with all.
        names: A name for each run or recipe in the report, the base's first: --names base --names tuned; the
            models' own unless given.
        steps: Where in training each of them stands: --steps 0 --steps 200; the page then shows learning
            curves.
        only_shared: Compare only the problems that every run holds.
        confidence: Of the intervals and tests.
        guard: A cell that must not fall, for example Algebra; may be repeated.
        margin: With --guard: the fall that is tolerated, as a share of the problems.
        html: Also write the report as one HTML file.
        markdown: Also write it as Markdown.
        latex: Also write its tables as LaTeX.
        model_card: Also write a model card and `.eval_results` for the hub into this folder.
        dataset: With --model-card: the hub id of the problems' dataset.
    """
    folders = folders_of_runs((base, *others))
    if len(folders) < 2:
        raise DataError("expected the folders of at least two runs, the base's first")
    if (model_card is None) is not (dataset is None):
        raise DataError("--model-card FOLDER and --dataset HUB_ID go together", field="--model-card")
    written = [path.resolve() for path in (html, markdown, latex) if path is not None]
    if len(set(written)) < len(written):
        raise DataError(
            "one file cannot hold two reports: name another for each of --html, --markdown, --latex"
        )
    runs = [load_run(folder) for folder in folders]
    recipes = recipes_of(runs, seeds, base_seeds)
    comparison = compare_runs(
        *recipes,
        by=by,
        pairs=pairs,
        confidence=confidence,
        names=names,
        steps=steps,
        only_shared=only_shared,
    )
    guarded = None if guard is None else guard_cells(comparison, cells=guard, margin=margin)
    if html is not None:  # files first: what reads the words may go before they end, as `head` does
        comparison.to_html(html)
    for path, write in ((markdown, comparison.to_markdown), (latex, comparison.to_latex)):
        if path is not None:
            write_text(path, write())
    if model_card is not None and dataset is not None:
        describe_model(comparison, dataset=dataset).write(model_card)
    print(comparison)
    for path in filter(None, (html, markdown, latex, model_card)):
        print(f"report written to {path}")
    if guarded is None:
        return 0
    print(guarded)
    return guarded.exit_code
