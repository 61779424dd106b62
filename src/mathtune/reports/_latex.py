"""A comparison as LaTeX tables in the style of booktabs: for a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._comparison import Finding
from ._shown import visible
from ._words import families, points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._comparison import Cell, Comparison

__all__ = ["to_latex"]

_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "`": r"\textasciigrave{}",
        '"': r"\textquotedbl{}",
        "·": r"\textperiodcentered{}",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)
_MARKS = {Finding.BETTER: r"$\uparrow$", Finding.WORSE: r"$\downarrow$", Finding.CANNOT_TELL: ""}


def to_latex(comparison: Comparison) -> str:
    r"""Give a `table` for each pair; names are escaped. The preamble needs `\usepackage{booktabs}`."""
    tables = ("\n".join(_table(comparison, comparison.of_pair(*pair))) for pair in comparison.pairs)
    return "\n\n".join(tables) + "\n"


def escaped(text: str) -> str:
    """Give text that LaTeX prints as it is, on one line."""
    return " ".join(visible(text).split()).translate(_SPECIAL)


def _table(comparison: Comparison, cells: tuple[Cell, ...]) -> Iterable[str]:
    first, second = escaped(cells[0].first), escaped(cells[0].second)
    yield r"\begin{table}"
    yield r"\centering"
    yield rf"\caption{{{_caption(comparison, first, second)}}}"
    yield r"\begin{tabular}{lrrrrrrl}"
    yield r"\toprule"
    noun = comparison.cell_noun.capitalize()
    yield rf"{noun} & $n$ & First (\%) & Second (\%) & Change & Lost & Won & Adjusted $p$ \\"
    yield r"\midrule"
    for cell in cells:
        yield _row(cell)
        if not cell.key and len(cells) > 1:
            yield r"\midrule"
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield r"\end{table}"


def _caption(comparison: Comparison, first: str, second: str) -> str:
    return (
        f"{second} (second) against {first} (first) on the same problems. Change in percentage points with "
        rf"its {100 * comparison.confidence:g}\,\% interval; {comparison.test_name}, corrected by Holm's "
        f"method for {families(comparison)}. "
        f"Arrows mark findings at the level {comparison.cells[0].level_of_test:g}."
    )


def _row(cell: Cell) -> str:
    interval = cell.difference
    change = f"${points(interval.estimate)}$ [${points(interval.low)}$, ${points(interval.high)}$]"
    adjusted = "$< 0.001$" if cell.adjusted < 0.001 else f"{cell.adjusted:.3f}"
    columns = (
        escaped(cell.label),
        str(cell.total),
        f"{100 * cell.first_accuracy.estimate:.1f}",
        f"{100 * cell.second_accuracy.estimate:.1f}",
        change,
        str(cell.lost),
        str(cell.won),
        f"{adjusted} {_MARKS[cell.finding]}".strip(),
    )
    return " & ".join(columns) + r" \\"
