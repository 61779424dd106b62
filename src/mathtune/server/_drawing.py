"""Logits -> each row's next token: the likeliest, or one drawn with the row's own random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._loading import Tensor
    from ._writing import Row

LEAST_LOGPROB: Final = -9999.0  # what the protocol says for less than floating point holds


def choose(logits: Tensor, rows: Sequence[Row]) -> Tensor:
    """Give each row's next token, from logits of shape (rows, vocabulary)."""
    logits = _adjusted(logits, rows)
    chosen = logits.argmax(-1)
    drawn = [i for i, row in enumerate(rows) if row.request.temperature > 0 and row.finish_reason is None]
    if drawn:
        chosen[drawn] = _drawn(logits[drawn].double(), [rows[i] for i in drawn])
    return chosen


def likelihoods(logits: Tensor, chosen: int, most: int) -> tuple[float, list[tuple[int, float]]]:
    """Give the log probability of a token and the likeliest tokens with theirs, before any temperature.

    Args:
        logits: Of one row.
        chosen: The token.
        most: How many of the likeliest.
    """
    import torch

    values = torch.log_softmax(logits.double(), -1).clamp(min=LEAST_LOGPROB)
    likeliest = values.topk(min(most, len(values)))
    pairs = zip(likeliest.indices.tolist(), likeliest.values.tolist(), strict=True)
    return float(values[chosen]), list(pairs)


def _adjusted(logits: Tensor, rows: Sequence[Row]) -> Tensor:
    """Apply biases and penalties, as OpenAI's guide has them, and rule out what a row's grammar does."""
    changes = {i: change for i, row in enumerate(rows) if (change := _change(row))}
    held = [i for i, row in enumerate(rows) if row.follower is not None and row.finish_reason is None]
    if not changes and not held:
        return logits
    logits = logits.clone()
    for index, change in changes.items():
        logits[index, list(change)] += logits.new_tensor(list(change.values()))
    if held:
        logits[held] = logits[held].masked_fill(_ruled_out(logits, [rows[i] for i in held]), float("-inf"))
    return logits


def _ruled_out(logits: Tensor, rows: Sequence[Row]) -> Tensor:
    """Give a mask of the tokens that may not come, of shape (rows, vocabulary)."""
    import torch

    allowed = np.stack([row.follower.allowed for row in rows if row.follower is not None])
    return ~torch.from_numpy(allowed[:, : logits.shape[-1]]).to(logits.device)


def _change(row: Row) -> dict[int, float]:
    asked = row.request
    change: dict[int, float] = dict(asked.logit_bias)
    if asked.presence_penalty or asked.frequency_penalty:
        for token, count in row.counts.items():
            penalty = asked.presence_penalty + count * asked.frequency_penalty
            change[token] = change.get(token, 0.0) - penalty
    return change


def _drawn(logits: Tensor, rows: Sequence[Row]) -> Tensor:
    """Draw by the inverse of the distribution function over the likeliest tokens that hold `top_p`."""
    import torch

    def column(values: list[float]) -> Tensor:
        return torch.tensor(values, dtype=logits.dtype, device=logits.device)[:, None]

    probabilities = torch.softmax(logits / column([row.request.temperature for row in rows]), -1)
    ordered, tokens = probabilities.sort(stable=True, dim=-1, descending=True)
    before = ordered.cumsum(-1) - ordered
    reached = (ordered * (before < column([row.request.top_p for row in rows]))).cumsum(-1)
    point = column([row.random.random() for row in rows]) * reached[:, -1:]
    place = (reached <= point).sum(-1, keepdim=True).clamp(max=logits.shape[-1] - 1)
    return tokens.gather(-1, place)[:, 0]
