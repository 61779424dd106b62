"""Pagination as OpenAI does it: `after` an id, at most `limit`, and whether there is more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from ._errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._database import Database


@attrs.frozen
class Page:
    """Some rows of a list, and whether others follow."""

    rows: list[Any]
    has_more: bool

    def map(self, view: Callable[[Any], dict[str, Any]]) -> Page:
        """Give the same page of other values."""
        return Page([view(row) for row in self.rows], self.has_more)

    def envelope(self) -> dict[str, Any]:
        """Give the list object, without the ids of its ends."""
        return {"object": "list", "data": self.rows, "has_more": self.has_more}

    def envelope_with_ends(self, *, none: str | None) -> dict[str, Any]:
        """Give the list object with `first_id` and `last_id`, which are `none` when it is empty."""
        ends = (self.rows[0]["id"], self.rows[-1]["id"]) if self.rows else (none, none)
        return {**self.envelope(), "first_id": ends[0], "last_id": ends[1]}


def read_page(
    database: Database,
    table: str,
    where: str,
    values: Sequence[Any],
    *,
    after: str | None,
    limit: int,
    order: str = "desc",
) -> Page:
    """Read a page of a table, newest first unless `order` is "asc".

    `table` and `where` are our own text; everything that a client sent comes in `values` and `after`.

    Raises:
        ApiError: 400, when nothing has the id `after`.
    """
    conditions, bound = [where], list(values)
    if after is not None:
        row = database.row(f"SELECT seq FROM {table} WHERE id = ?", (after,))  # noqa: S608  (our own name)
        if row is None:
            raise invalid(f"No such object to list after: '{after}'.", "after")
        conditions.append("seq > ?" if order == "asc" else "seq < ?")
        bound.append(row["seq"])
    direction = "ASC" if order == "asc" else "DESC"
    query = f"SELECT * FROM {table} WHERE {' AND '.join(conditions)} ORDER BY seq {direction} LIMIT ?"  # noqa: S608  (our own text)
    rows = database.rows(query, [*bound, limit + 1])
    return Page(rows[:limit], len(rows) > limit)
