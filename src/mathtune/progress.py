"""The one place that knows how progress is shown: `tqdm.auto`, silent where nobody looks.

Notebooks get a widget, terminals a bar, logs and pipes nothing. `TQDM_DISABLE=1` silences all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["progress_bar"]


def progress_bar(
    items: Iterable[Any] | None = None, *, total: float | None = None, label: str, unit: str = "it"
) -> Any:  # noqa: ANN401  (tqdm.auto picks its class at run time)
    """Give a tqdm bar: an iterator over `items`, or a handle with `update(n)` and `set_postfix_str`.

    Args:
        items: What to iterate over, or None for a bar moved by hand.
        total: The number of items, where `items` does not tell.
        label: What is being done, in a word or two.
        unit: What is counted.
    """
    from tqdm.auto import tqdm

    # disable=None: silent when the output is no terminal
    return tqdm(items, total=total, desc=label, unit=unit, disable=None, dynamic_ncols=True)
