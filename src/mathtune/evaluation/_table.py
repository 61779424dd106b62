"""A run as a small table: for a terminal, and for a notebook with everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ._category import Category

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._accuracy import Accuracy
    from ._run import Run

__all__ = ["html_table", "text_table"]

_FIELDS = ("subject", "level")
_HEAD = ("", "right", "of", "accuracy", "95 % interval")


def text_table(run: Run) -> str:
    """Give the run as lines of text, under 100 columns."""
    groups = list(_rows(run))
    rows = [_HEAD, *groups] if groups else []
    width = min(44, max((len(row[0]) for row in rows), default=0))
    lines = [
        f"  {_shortened(name, width):<{width}}  {right:>6}  {of:>6}  {share:>8}  {interval}".rstrip()
        for name, right, of, share, interval in rows
    ]
    return "\n".join([f"{_printable(run.model)}: {run.accuracy()}", *lines, *_notes(run)])


def html_table(run: Run) -> str:
    """Give the run as a piece of HTML."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in _HEAD)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for name, *cells in _rows(run)
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in _notes(run))
    return (
        f"<p><b>{escape(run.model)}</b>: {escape(str(run.accuracy()))}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
    )


def _rows(run: Run) -> Iterator[tuple[str, ...]]:
    for field in _FIELDS:
        groups = run.by(field)
        if set(groups) - {None}:
            for value, accuracy in groups.items():
                yield _row(_name(field, value), accuracy)


def _name(field: str, value: object) -> str:
    if value is None:
        return f"no {field}"
    return _printable(value) if isinstance(value, str) else f"{field} {value}"


def _row(name: str, accuracy: Accuracy) -> tuple[str, ...]:
    if not accuracy.total:
        return name, "0", "0", "", ""
    share = f"{100 * accuracy.estimate:.1f} %"
    interval = f"{100 * accuracy.low:.1f} % to {100 * accuracy.high:.1f} %"
    return name, str(accuracy.correct), str(accuracy.total), share, interval


def _notes(run: Run) -> Iterator[str]:
    counts = run.counts()
    missed = [
        f"{category.label} {count}"
        for category, count in counts.items()
        if count and category not in {Category.CORRECT, Category.UNPARSED_GOLD}
    ]
    if missed:
        yield f"not right: {', '.join(missed)}"
    if left_out := counts[Category.UNPARSED_GOLD]:
        yield f"left out: {left_out} responses to problems whose gold answer cannot be read"


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _printable(text: str) -> str:
    """Give text that moves no cursor: names come from data sets and servers."""
    return "".join(character if character.isprintable() else "?" for character in text)
