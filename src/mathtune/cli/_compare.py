"""`mathtune compare`: runs on the same problems to a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathtune.evaluation import load_run
from mathtune.files import write_text
from mathtune.reports import compare as compare_runs

__all__ = ["compare"]


def compare(
    base: Path,
    /,
    *others: Path,
    by: list[Literal["subject", "level"]] | None = None,
    confidence: float = 0.95,
    html: Path | None = None,
    markdown: Path | None = None,
) -> None:
    """Compare runs on the same problems: where did the others get better or worse than the base, how much?

    Args:
        base: The folder of the base model's run, as `mathtune evaluate` prints it.
        others: The folders of one or more other runs.
        by: The fields whose cells are compared; subject unless given.
        confidence: Of the intervals and tests.
        html: Also write the report as one HTML file.
        markdown: Also write it as Markdown.
    """
    comparison = compare_runs(
        load_run(base), *map(load_run, others), by=tuple(by or ("subject",)), confidence=confidence
    )
    print(comparison)
    if html is not None:
        comparison.to_html(html)
        print(f"report written to {html}")
    if markdown is not None:
        write_text(markdown, comparison.to_markdown())
        print(f"report written to {markdown}")
