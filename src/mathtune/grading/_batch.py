"""Many responses at once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from mathtune.answers import require_texts
from mathtune.errors import DataError

from ._grade import DEFAULT, grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mathtune.policy import Policy

    from ._verdict import Verdict

__all__ = ["grade_batch", "grade_stream"]


def grade_batch(
    responses: Sequence[str],
    golds: Sequence[str],
    *,
    policy: Policy = DEFAULT,
    contexts: Sequence[str | None] | None = None,
) -> list[Verdict]:
    r"""Grade responses, equal ones once: sampling repeats itself, so distinct pairs are far fewer.

    Args:
        responses: What models said, whole.
        golds: The expected answers, one a response.
        policy: What counts as the same.
        contexts: The problems' texts, one a response, where they are known.

    Raises:
        DataError: The sequences differ in length; a `ValueError`.
        TypeError: A row holds something else than texts (its number is named, from 1), or one text came in
            place of many.

    >>> [verdict.outcome.value for verdict in grade_batch([r"\boxed{2}", r"\boxed{3}"], ["2", "2"])]
    ['equal', 'different']
    """
    for name, texts in (("responses", responses), ("golds", golds)):
        if isinstance(texts, str):  # whose letters would be graded one by one
            raise TypeError(f"{name}: expected a list of texts, got one text; grade() takes one response")
    known = [None] * len(responses) if contexts is None else contexts
    if not len(responses) == len(golds) == len(known):
        raise DataError(
            f"expected one gold answer and one problem a response, got {len(responses)} responses, "
            f"{len(golds)} golds and {len(known)} contexts"
        )
    return list(grade_stream(zip(responses, golds, known, strict=True), policy=policy, remembered=len(known)))


def grade_stream(
    rows: Iterable[tuple[str, str, str | None]], *, policy: Policy = DEFAULT, remembered: int = 50_000
) -> Iterator[Verdict]:
    r"""Grade responses as they come, with memory for a number of verdicts only.

    Args:
        rows: Response, gold answer, and the problem's text or None.
        policy: What counts as the same.
        remembered: How many of the last distinct rows are not graded again when they recur (1 KB each).

    >>> rows = ((rf"So it is \boxed{{{number}}}.", "2", None) for number in (1, 2, 2))
    >>> [bool(verdict) for verdict in grade_stream(rows)]
    [False, True, True]
    """
    seen: dict[bytes, Verdict] = {}
    for number, row in enumerate(rows, 1):
        response, gold, context = row
        try:
            key = _digest(row)
            verdict = seen.get(key)
            if verdict is None:
                verdict = seen[key] = grade(response, gold, policy=policy, context=context)
        except (TypeError, AttributeError):
            require_texts(f"row {number}, ", response=response, gold=gold, context=context)
            raise
        if len(seen) > remembered:
            del seen[next(iter(seen))]
        yield verdict


def _digest(row: tuple[str, str, str | None]) -> bytes:
    """Texts are long and verdicts short, so a row is remembered by its hash; two rows never share one."""
    state = hashlib.blake2b(digest_size=16)
    for text in row:
        data = b"" if text is None else text.encode("utf-8", "surrogatepass")
        state.update(b"%d:" % (-1 if text is None else len(data)))
        state.update(data)
    return state.digest()
