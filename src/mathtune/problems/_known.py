"""The registry: what is known of published datasets, as data in `datasets.json`."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["KnownDataset", "known_dataset", "known_datasets"]


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class KnownDataset:
    """What is known of a published dataset.

    Attributes:
        name: A short name, which `read_problems` takes in place of the id.
        id: The id on the Hugging Face hub, or on GitHub where `url` is set.
        splits: Rows in each split; None where no count is documented.
        columns: The columns of a row.
        answer: Where the gold answer stands.
        form: How it is written.
        configs: The configs that are read together where none is named.
        config: The one that is read, where they hold the same problems or others are not meant.
        licence: What its card or repository says; None where it is not known.
        url: Where it is, if it is not on the hub.
        revision: The commit that the facts here hold for; None is the newest.
        holds: Short names of datasets whose rows, train or test, are among its own.
        traps: What to know before it is used.
    """

    name: str
    id: str
    splits: Mapping[str, int | None] = attrs.field(hash=False)
    columns: tuple[str, ...] = attrs.field(converter=_texts)
    answer: str
    form: str
    configs: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    config: str | None = None
    licence: str | None = None
    url: str | None = None
    revision: str | None = None
    holds: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    traps: tuple[str, ...] = attrs.field(default=(), converter=_texts)


def known_datasets() -> tuple[KnownDataset, ...]:
    """Give the registry, in the order in which `mathtune data list` shows it.

    >>> [dataset.name for dataset in known_datasets()][:2]
    ['math', 'math-lighteval']
    """
    return _registry()


def known_dataset(name: str) -> KnownDataset | None:
    """Give what is known under a short name or a hub id, or None.

    >>> known_dataset("gsm8k").id
    'openai/gsm8k'
    """
    return next((known for known in _registry() if name in (known.name, known.id)), None)


@lru_cache(maxsize=1)
def _registry() -> tuple[KnownDataset, ...]:
    text = resources.files("mathtune.problems").joinpath("datasets.json").read_text(encoding="utf-8")
    return tuple(KnownDataset(**entry) for entry in json.loads(text))
