"""What a store of responses holds, and whether anybody is adding to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["KeptResponses", "kept_responses"]


@attrs.frozen(kw_only=True)
class KeptResponses:
    """The responses that a store holds, all of them answered and so perhaps paid for.

    Attributes:
        models: How many there are of each model.
        asking: Whether a living process has the store open, so that more may come.
    """

    models: Mapping[str, int] = attrs.field(hash=False)
    asking: bool


def kept_responses(path: str | os.PathLike[str]) -> KeptResponses:
    """Count the responses of a store; a store that is not there holds none.

    Args:
        path: The SQLite file that `generate` was given.

    Raises:
        LedgerError: The file is no store.
        StorageError: The disk refused.

    >>> kept_responses("no/such/store.sqlite").models
    {}
    """
    from ._store import Store

    file = Path(path)
    if not file.is_file():
        return KeptResponses(models={}, asking=False)
    with Store(file) as store:
        return KeptResponses(models=store.count(), asking=store.others_have_it_open())
