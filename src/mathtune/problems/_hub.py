"""The one module that knows `datasets`: hub ids, local dataset folders, `save_to_disk` folders."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from mathtune.errors import DataError, UnreachableError

from ._row import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_COMMIT = re.compile(r"hf://datasets/[^@]+@([0-9a-f]{40})/")

__all__ = ["hub_records", "is_saved_dataset", "saved_records"]


def hub_records(
    name: str, split: str | None, configs: Sequence[str | None], revision: str | None = None
) -> Iterator[Record]:
    """Give the rows of a dataset on the hub, or of a local folder that `datasets` can load.

    Args:
        name: The hub id or the folder.
        split: One split; None is all of them.
        configs: The configs to read, one after another; None among them is the dataset's default.
        revision: The commit or tag on the hub; None is the newest.

    Raises:
        DataError: There is no such dataset, config or split.
        UnreachableError: The hub cannot be reached and the dataset is not in the cache.
    """
    import datasets

    for config in configs:
        with _translated(name):
            loaded = datasets.load_dataset(name, config, split=split, revision=revision)
        yield from _records(loaded, name, name if config is None else f"{name}/{config}", split)


def is_saved_dataset(folder: Path) -> bool:
    """Tell whether `save_to_disk` of `datasets` has written the folder."""
    return any((folder / name).is_file() for name in ("state.json", "dataset_dict.json"))


def saved_records(folder: Path, split: str | None, config: str | None) -> Iterator[Record]:
    """Give the rows of a folder that `save_to_disk` has written.

    Raises:
        DataError: The folder is damaged, or has no such split.
    """
    import datasets

    if config is not None:
        raise DataError(f"a saved dataset has no configs, but {config!r} was asked for", path=folder)
    with _translated(str(folder)):
        loaded = datasets.load_from_disk(str(folder))
    if split is not None:
        splits = sorted(loaded) if isinstance(loaded, datasets.DatasetDict) else []
        if split not in splits:
            raise DataError(f"has no split {split!r}; it has {', '.join(splits) or 'none'}", path=folder)
        loaded = loaded[split]
    yield from _records(loaded, folder.name, folder.name, split)


def _records(loaded: Any, name: str, label: str, split: str | None) -> Iterator[Record]:  # noqa: ANN401
    """Give the rows of a Dataset, or of each split of a DatasetDict; ids say which split they are from."""
    parts = loaded.items() if isinstance(loaded, dict) else [(split, loaded)]
    for part, rows in parts:
        place = label if part is None else f"{label}/{part}"
        revision = _revision(rows)
        for number, row in enumerate(rows, 1):
            yield Record(
                row=row,
                path=place,
                line=number,
                key=f"{place}:{number}",
                source=name,
                split=part,
                revision=revision,
            )


def _revision(rows: Any) -> str | None:  # noqa: ANN401
    """Give the commit on the hub that a dataset was read at: it stands in the addresses of its files."""
    addresses = getattr(rows.info, "download_checksums", None) or {}
    found = next((match for address in addresses if (match := _COMMIT.match(address))), None)
    return found[1] if found else None


@contextlib.contextmanager
def _translated(name: str) -> Iterator[None]:
    """Turn what `datasets` raises into our own tree, with what to do about it."""
    import datasets
    from huggingface_hub.errors import HfHubHTTPError

    try:
        yield
    except datasets.exceptions.DatasetNotFoundError as error:
        raise DataError(
            "no dataset of this id on the hub, and no such folder here; check the spelling, "
            "or log in with `hf auth login` if it is private or gated",
            path=name,
        ) from error
    except (ConnectionError, HfHubHTTPError) as error:
        raise UnreachableError(
            f"cannot reach the Hugging Face hub for {name!r}, and it is not in the cache: check the network, "
            f"or download it once where there is one and set HF_HUB_OFFLINE=1, or give a local file ({error})"
        ) from error
    except (datasets.exceptions.DatasetsError, ValueError, FileNotFoundError) as error:
        told = f"{error}: {error.__cause__}" if error.__cause__ else str(error)
        raise DataError(f"`datasets` cannot load it: {told}", path=name) from error
