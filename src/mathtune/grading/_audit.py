"""Gold answers looked over before any response is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from ._arrow import text_of
from ._grade import equivalent, is_readable

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GoldFinding", "audit_golds"]


@attrs.frozen
class GoldFinding:
    """A gold answer that cannot be used, and why."""

    id: str
    gold: str
    problem: str


def audit_golds(golds: Iterable[Any]) -> list[GoldFinding]:
    r"""Find gold answers that are missing, unreadable, or not equal to themselves.

    Args:
        golds: Pairs (id, gold), or problems with `id` and `answer`. A number is read as its digits.

    Raises:
        TypeError: A gold answer is neither text nor a number; its id is named.

    >>> audit_golds([("a", r"\frac{1}{2}"), ("b", r"\frac{1}{"), ("c", 7)])
    [GoldFinding(id='b', gold='\\frac{1}{', problem='unreadable')]
    """
    findings = []
    for row in golds:
        name, gold = row if isinstance(row, tuple) else (row.id, row.answer)
        try:
            text = text_of(gold)
        except TypeError as error:
            raise TypeError(f"gold answer of {name!r}: {error}") from None
        problem = _problem_of(text)
        if problem is not None:
            findings.append(GoldFinding(str(name), text or "", problem))
    return findings


def _problem_of(gold: str | None) -> str | None:
    if gold is None or not gold.strip():
        return "missing"
    if not is_readable(gold):
        return "unreadable"
    return None if equivalent(gold, "{" + gold + "}") or equivalent(gold, gold) else "not equal to itself"
