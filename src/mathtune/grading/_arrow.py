"""Tables of Apache Arrow: a row a response, and three columns more when they are graded."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mathtune.errors import DataError

from ._batch import grade_batch
from ._grade import DEFAULT

if TYPE_CHECKING:
    from mathtune.policy import Policy

__all__ = ["VERDICT_COLUMNS", "grade_table", "text_of"]

VERDICT_COLUMNS = ("outcome", "reason", "tier")


def grade_table(
    table: Any,  # noqa: ANN401  (pyarrow.RecordBatch or pyarrow.Table)
    *,
    response: str = "response",
    gold: str = "gold",
    context: str | None = None,
    policy: Policy = DEFAULT,
) -> Any:  # noqa: ANN401  (the same kind)
    r"""Grade the rows of an Arrow record batch or table; `outcome`, `reason` and `tier` are columns more.

    A number is read as its digits. Null is no answer, or a gold answer that cannot be read. Columns with the
    names of the three are replaced, so that a table may be graded again.

    Args:
        table: Rows with a response and a gold answer, in columns of text or numbers of any Arrow type.
        response: The column of responses.
        gold: The column of gold answers.
        context: The column of problem texts, if there is one.
        policy: What counts as the same.

    Raises:
        DataError: There is no such column, or a cell holds neither text nor a number; it is named.
        TypeError: It is no Arrow table.

    >>> import pyarrow
    >>> table = pyarrow.table({"response": [r"\boxed{1/2}", None], "gold": [0.5, 3.0]})
    >>> grade_table(table).column("reason").to_pylist()
    ['same_value', 'no_answer']
    """
    import pyarrow

    if not isinstance(table, (pyarrow.RecordBatch, pyarrow.Table)):
        kind = type(table).__name__
        raise TypeError(f"expected a pyarrow.RecordBatch or pyarrow.Table, got {kind}; try pyarrow.table()")
    problems = [None] * table.num_rows if context is None else _texts(table, context)
    responses, golds = ([text or "" for text in _texts(table, name)] for name in (response, gold))
    verdicts = grade_batch(responses, golds, policy=policy, contexts=problems)
    table = table.drop_columns([name for name in VERDICT_COLUMNS if name in table.schema.names])
    for name in VERDICT_COLUMNS:
        values = pyarrow.array([str(getattr(verdict, name)) for verdict in verdicts], pyarrow.string())
        table = table.append_column(name, values if isinstance(table, pyarrow.RecordBatch) else [values])
    return table


def _texts(table: Any, name: str) -> list[str | None]:  # noqa: ANN401  (see `grade_table`)
    if table.schema.names.count(name) != 1:
        columns = ", ".join(table.schema.names) or "none"
        raise DataError(f"expected one such column among {columns}", field=name)
    texts = []
    for row, cell in enumerate(table.column(name).to_pylist(), 1):
        try:
            texts.append(text_of(cell))
        except TypeError as error:
            raise DataError(str(error), line=row, field=name) from error
    return texts


def text_of(cell: object) -> str | None:
    """Give what a cell says: a number's digits; None where it is empty.

    Raises:
        TypeError: It holds neither text nor a number.

    >>> text_of("x + 1"), text_of(0.5), text_of(None)
    ('x + 1', '0.5', None)
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) and math.isfinite(cell):
        return str(cell)
    found = str(cell) if isinstance(cell, float) else type(cell).__name__  # nan, inf
    raise TypeError(f"expected text or a number, found {found}")
