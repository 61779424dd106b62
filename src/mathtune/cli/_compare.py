"""`mathtune compare`: runs on the same problems to a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathtune.errors import DataError
from mathtune.evaluation import load_run
from mathtune.files import write_text
from mathtune.reports import compare as compare_runs
from mathtune.reports import guard as guard_cells

__all__ = ["compare"]


def compare(
    base: Path,
    /,
    *others: Path,
    by: list[Literal["subject", "level"]] | None = None,
    pairs: Literal["base", "all"] = "base",
    confidence: float = 0.95,
    guard: list[str] | None = None,
    margin: float = 0.02,
    html: Path | None = None,
    markdown: Path | None = None,
    latex: Path | None = None,
) -> int:
    """Compare runs on the same problems: where did the others get better or worse than the base, how much?

    With --guard the exit code says whether the guarded parts held: 0 pass, 1 fail, 3 cannot tell.

    Args:
        base: The folder of the base model's run, as `mathtune evaluate` prints it.
        others: The folders of one or more other runs.
        by: The fields whose cells are compared; subject unless given.
        pairs: Compare each with the base, or all with all.
        confidence: Of the intervals and tests.
        guard: A cell that must not fall, for example Algebra; may be repeated.
        margin: With --guard: the fall that is tolerated, as a share of the problems.
        html: Also write the report as one HTML file.
        markdown: Also write it as Markdown.
        latex: Also write its tables as LaTeX.
    """
    if not others:
        raise DataError("expected the folders of at least two runs, the base's first", field="others")
    runs = [load_run(folder) for folder in (base, *others)]
    comparison = compare_runs(*runs, by=tuple(by or ("subject",)), pairs=pairs, confidence=confidence)
    print(comparison)
    if html is not None:
        comparison.to_html(html)
    for path, write in ((markdown, comparison.to_markdown), (latex, comparison.to_latex)):
        if path is not None:
            write_text(path, write())
    for path in filter(None, (html, markdown, latex)):
        print(f"report written to {path}")
    if guard is None:
        return 0
    guarded = guard_cells(comparison, cells=guard, margin=margin)
    print(guarded)
    return guarded.exit_code
