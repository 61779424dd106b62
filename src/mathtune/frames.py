"""Arrow tables to the frames of packages that need not be installed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from mathtune.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["pandas_frame", "polars_frame"]


def pandas_frame(table: Any) -> Any:  # noqa: ANN401  (pyarrow publishes no types; pandas is the caller's)
    """Give a `pyarrow.Table` as a `pandas.DataFrame`.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    with _installed("pandas"):
        return table.to_pandas()


def polars_frame(table: Any) -> Any:  # noqa: ANN401  (as above, with polars)
    """Give a `pyarrow.Table` as a `polars.DataFrame`.

    Raises:
        MissingExtraError: polars is not installed.
    """
    with _installed("polars"):
        import polars as pl
    return pl.from_arrow(table)


@contextlib.contextmanager
def _installed(package: str) -> Iterator[None]:
    """Name the command that installs what is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(package, package, f"a {package} table") from error
