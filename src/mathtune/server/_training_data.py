"""Training lines -> token ids with labels: loss on the assistant's tokens, none where a message has weight 0.

Written here and not left to TRL, which knows no `weight` and refuses templates without generation marks.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError
from mathtune.files import read_json_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ._loading import Tokenizer

__all__ = ["IGNORED", "TokenRow", "read_rows"]

IGNORED = -100  # what torch's cross entropy leaves out


@attrs.frozen
class TokenRow:
    """One example as the network sees it; labels are `IGNORED` where nothing is to be learnt."""

    input_ids: list[int]
    labels: list[int]


def read_rows(path: Path, tokenizer: Tokenizer, *, limit: int) -> list[TokenRow]:
    """Read a chat file; cut what is longer than the model's window at its end, as OpenAI does.

    Args:
        path: JSON lines, each with `messages`.
        tokenizer: A tokenizer of transformers with a chat template.
        limit: The most tokens of an example.

    Raises:
        DataError: A line is not a chat example, or the model's chat template refuses it; the line is named.
    """
    rows = []
    for number, line in read_json_lines(path):
        try:
            row = _tokenized(line["messages"], tokenizer)
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"cannot be used for training: {error}", path=path, line=number) from error
        rows.append(TokenRow(row.input_ids[:limit], row.labels[:limit]))
    return rows


def _tokenized(messages: Sequence[Mapping[str, Any]], tokenizer: Tokenizer) -> TokenRow:
    for number, message in enumerate(messages, 1):
        if message.get("content") is None and not message.get("tool_calls"):
            raise ValueError(f"message {number} has no content")
    weights = [_weight(message) for message in messages if message["role"] == "assistant"]
    ids, spans = _marked(messages, tokenizer, len(weights)) or _by_prefixes(messages, tokenizer)
    labels = [IGNORED] * len(ids)
    for (start, end), weight in zip(spans, weights, strict=True):
        if weight:
            labels[start:end] = ids[start:end]
    return TokenRow(ids, labels)


def _weight(message: Mapping[str, Any]) -> int:
    weight = message.get("weight")
    if weight not in (None, 0, 1):
        raise ValueError(f"weight is {weight!r}, expected 0 or 1")
    return 1 if weight is None else int(weight)


def _marked(
    messages: Sequence[Mapping[str, Any]],
    tokenizer: Tokenizer,
    count: int,
) -> tuple[list[int], list[tuple[int, int]]] | None:
    """Give ids and the assistant's spans as the template marks them; None if it does not, or merges two."""
    if "{% generation" not in _unspaced(tokenizer.chat_template):
        return None
    encoded = _templated(messages, tokenizer, return_assistant_tokens_mask=True)
    spans, start = [], 0
    for marked, run in groupby(encoded["assistant_masks"]):
        end = start + len(list(run))
        if marked:
            spans.append((start, end))
        start = end
    return (encoded["input_ids"], spans) if len(spans) == count else None


def _unspaced(template: object) -> str:
    return str(template).replace("{%-", "{%").replace("{%generation", "{% generation")


def _by_prefixes(
    messages: Sequence[Mapping[str, Any]],
    tokenizer: Tokenizer,
) -> tuple[list[int], list[tuple[int, int]]]:
    """Find the assistant's spans as what a conversation gains by each of its messages."""
    ids = _templated(messages, tokenizer)["input_ids"]
    spans = []
    for index, message in enumerate(messages):
        if message["role"] == "assistant":
            before = _templated(messages[:index], tokenizer, add_generation_prompt=True)["input_ids"]
            after = _templated(messages[: index + 1], tokenizer)["input_ids"]
            if ids[: len(after)] != after or ids[: len(before)] != before:
                raise ValueError(
                    "the model's chat template rewrites earlier messages; give it {% generation %} marks"
                )
            spans.append((len(before), len(after)))
    return ids, spans


def _templated(
    messages: Sequence[Mapping[str, Any]], tokenizer: Tokenizer, **options: bool
) -> Mapping[str, list[int]]:
    from jinja2 import TemplateError

    try:
        encoded = tokenizer.apply_chat_template(list(messages), tokenize=True, return_dict=True, **options)
    except TemplateError as error:
        raise ValueError(f"the model's chat template refuses these messages: {error}") from error
    return {name: list(ids) for name, ids in encoded.items()}
