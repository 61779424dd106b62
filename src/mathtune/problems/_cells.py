"""Cells: problems that agree in some fields, such as subject and level."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError

from ._problem import Problem

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Key", "cells_by", "drawn", "fields_of", "require_unique"]

Key = tuple[Any, ...]

_FIELDS = {field.name for field in attrs.fields(Problem)} - {"metadata"}


def fields_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """Give the names of fields as a tuple; one name may stand alone.

    Raises:
        DataError: There is none.
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    if not names:
        raise DataError("expected at least one field", field="by")
    return names


def cells_by(
    problems: Iterable[Problem], by: Sequence[str]
) -> tuple[dict[Key, list[Problem]], list[Problem]]:
    """Give the problems of each cell, cells in the order of their keys, and those that lack a field.

    Args:
        problems: What to divide.
        by: Fields of a problem or keys of its metadata.

    Raises:
        DataError: No problem has one of the fields.
    """
    cells: dict[Key, list[Problem]] = {}
    lacking: list[Problem] = []
    seen: set[str] = set()
    for problem in problems:
        key = tuple(_value(problem, name) for name in by)
        seen.update(name for name, part in zip(by, key, strict=True) if part is not None)
        (lacking if None in key else cells.setdefault(key, [])).append(problem)
    if (cells or lacking) and (unknown := [name for name in by if name not in seen]):
        there = ", ".join(_fields_with_values([*lacking, *itertools.chain(*cells.values())]))
        raise DataError(f"no problem has the field {unknown[0]!r}; there are: {there}", field="by")
    return dict(sorted(cells.items(), key=lambda cell: _order(cell[0]))), lacking


def _fields_with_values(problems: Sequence[Problem]) -> list[str]:
    own = {name for name in _FIELDS for problem in problems if getattr(problem, name) is not None}
    return sorted(own.union(*(problem.metadata for problem in problems)))


def require_unique(problems: Iterable[Problem]) -> None:
    """Refuse problems of one id: a selection could not tell them apart.

    Raises:
        DataError: An id is there twice.
    """
    seen: set[str] = set()
    for number, problem in enumerate(problems, 1):
        if problem.id in seen:
            raise DataError(
                f"id {problem.id!r} is used twice; `mix` gives each source its own ids", line=number
            )
        seen.add(problem.id)


def drawn(problems: Iterable[Problem], seed: int) -> list[Problem]:
    """Give the problems in an order drawn from the seed, whatever their order and company."""
    return sorted(problems, key=lambda problem: _draw(problem.id, seed))


def _draw(name: str, seed: int) -> bytes:
    return blake2b(f"{seed}\0{name}".encode(errors="surrogatepass"), digest_size=16).digest()


def _value(problem: Problem, name: str) -> Hashable:
    value = getattr(problem, name) if name in _FIELDS else problem.metadata.get(name)
    return str(value) if isinstance(value, (list, Mapping)) else value


def _order(key: Key) -> tuple[tuple[bool, Any], ...]:
    """Order numbers as numbers, before texts."""
    return tuple((isinstance(part, str), part) for part in key)
