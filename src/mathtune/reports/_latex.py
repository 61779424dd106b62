"""A comparison as LaTeX tables in the style of booktabs: for a paper."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ._comparison import Finding
from ._shown import visible
from ._words import families, movement, points

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        '"': r"{\char34}",  # \textquotedbl is not in LaTeX's default font encoding
        "·": r"$\cdot$",
        "\N{REPLACEMENT CHARACTER}": "?",
        # Behind the end of a row these two would be read as its options.
        "[": "{[}",
        "*": "{*}",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)
_BETWEEN_HYPHENS = re.compile(r"(?<=-)(?=-)")  # else two of them are printed as one dash
_LATIN_1 = "\xff"  # pdfLaTeX prints the letters up to here in any encoding of fonts
_ON_SEEDS = (
    " Means over seeds; intervals and tests take problems and seeds into account. Up: seeds that rose; Sd: "
    "standard deviation between seeds, in points."
)
_COLUMNS = "lrrrrrrl"
# The columns are wider than the text of an article at its usual size and distances.
_SMALL = r"\footnotesize\setlength{\tabcolsep}{3pt}"
_SMALLER = r"\scriptsize\setlength{\tabcolsep}{2pt}"
_LONG_LABEL = 24  # characters; "Counting & Probability" has 22, with its level it has 32
_OF_COLUMNS = rf"{{@{{}}{_COLUMNS}@{{}}}}"
_LONG = rf"\begin{{longtable}}{_OF_COLUMNS}"
_MARKS = {Finding.BETTER: r"$\uparrow$", Finding.WORSE: r"$\downarrow$", Finding.CANNOT_TELL: ""}


# A page of the article class holds some 43 lines; caption, head and rules take eight of them.
_MOST_ROWS = 35


def to_latex(comparison: Comparison) -> str:
    r"""Give a `table` for each pair, or a `longtable` where it is longer than a page; names are escaped.

    The first lines, comments, say what the preamble and the compiler need.
    """
    pairs = [comparison.of_pair(*pair) for pair in comparison.pairs]
    tables = "\n\n".join("\n".join(_table(comparison, cells)) for cells in pairs)
    needs = [rf"% needs \usepackage{{booktabs{',longtable' if _LONG in tables else ''}}}"]
    if beyond := sorted({sign for sign in tables if sign > _LATIN_1}):
        needs.append(
            f"% pdfLaTeX may not know {' '.join(beyond)}: XeLaTeX and LuaLaTeX print what their font has"
        )
    return "\n".join(needs) + f"\n\n{tables}\n"


def escaped(text: str) -> str:
    """Give text that LaTeX prints as it is, on one line."""
    line = " ".join(unicodedata.normalize("NFC", visible(text)).split())
    return _BETWEEN_HYPHENS.sub("{}", line.translate(_SPECIAL))


def _table(comparison: Comparison, cells: tuple[Cell, ...]) -> list[str]:
    caption = _caption(comparison, escaped(cells[0].first), escaped(cells[0].second))
    head = [r"\toprule", _head(comparison, cells[0]), r"\midrule"]
    rows = [_row(cell) for cell in cells]
    if len(rows) > 1:
        rows.insert(1, r"\midrule")
    size = _SMALLER if any(len(cell.label) > _LONG_LABEL for cell in cells) else _SMALL
    return (_floating if len(cells) <= _MOST_ROWS else _over_pages)(caption, head, rows, size)


def _floating(caption: str, head: Sequence[str], rows: Sequence[str], size: str) -> list[str]:
    return [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{caption}}}",
        size,
        rf"\begin{{tabular}}{_OF_COLUMNS}",
        *head,
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]


def _over_pages(caption: str, head: Sequence[str], rows: Sequence[str], size: str) -> list[str]:
    r"""Give a table that breaks over pages, its head on each (D. Carlisle, "The longtable package").

    `\endfirsthead`, `\endhead`, `\endfoot` and `\endlastfoot` end what stands at the top of the first page
    and of the others, and at the bottom of all pages and of the last. `\caption[]` keeps the number and adds
    no line to the list of tables.
    """
    return [
        rf"\begingroup{size}",
        _LONG,
        rf"\caption{{{caption}}} \\",
        *head,
        r"\endfirsthead",
        r"\caption[]{(continued)} \\",
        *head,
        r"\endhead",
        r"\midrule",
        rf"\multicolumn{{{len(_COLUMNS)}}}{{r}}{{continued on the next page}} \\",
        r"\endfoot",
        r"\bottomrule",
        r"\endlastfoot",
        *rows,
        r"\end{longtable}",
        r"\endgroup",
    ]


def _head(comparison: Comparison, cell: Cell) -> str:
    noun, moved = comparison.cell_noun.capitalize(), "Lost & Won" if cell.seeds is None else "Up & Sd"
    return rf"{noun} & $n$ & First & Second & Change & {moved} & Adjusted $p$ \\"


def _caption(comparison: Comparison, first: str, second: str) -> str:
    return (
        f"{second} (second) against {first} (first) on the same problems: solved in per cent, change in "
        rf"points with its {100 * comparison.confidence:g}\,\% interval; {comparison.test_name}, corrected "
        f"by Holm's method for {families(comparison)}. "
        f"Arrows mark findings at the level {comparison.cells[0].level_of_test:g}."
        + (_ON_SEEDS if comparison.has_seeds else "")
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
        *movement(cell),
        f"{adjusted} {_MARKS[cell.finding]}".strip(),
    )
    return " & ".join(columns) + r" \\"
