"""A job's result file to rows: CSV, plain or base64 (OpenAI sends base64, Azure and old jobs plain text)."""

from __future__ import annotations

import base64
import binascii
import csv
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["metric_rows", "numbers"]


def metric_rows(content: bytes) -> list[dict[str, float | None]]:
    r"""Give one row per step: column name -> number, None where the cell is empty.

    >>> metric_rows(b"step,train_loss\n1,2.5\n2,\n")
    [{'step': 1, 'train_loss': 2.5}, {'step': 2, 'train_loss': None}]
    >>> metric_rows(b"c3RlcCx0cmFpbl9sb3NzCjEsMi41Cg==")
    [{'step': 1, 'train_loss': 2.5}]
    """
    table = csv.DictReader(io.StringIO(_text(content)))
    return [{name: _number(cell) for name, cell in row.items() if name is not None} for row in table]


def numbers(data: Mapping[str, Any]) -> dict[str, float]:
    """Give the numbers of an event's data, those further in under a dotted name.

    >>> numbers({"step": 1, "scores": {"valid_reward_mean": 0.5}, "note": "x"})
    {'step': 1, 'scores.valid_reward_mean': 0.5}
    """
    found: dict[str, float] = {}
    for name, value in data.items():
        if isinstance(value, dict):
            found.update({f"{name}.{inner}": number for inner, number in numbers(value).items()})
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found[name] = value
    return found


def _text(content: bytes) -> str:
    try:
        return base64.b64decode(content.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):  # a comma or an underscore is no base64: plain text
        return content.decode("utf-8-sig")


def _number(cell: str | None) -> float | None:
    try:
        number = float(cell or "")
    except ValueError:  # an empty cell, or a word where a number was to be
        return None
    return int(number) if number.is_integer() else number
