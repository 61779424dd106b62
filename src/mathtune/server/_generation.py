"""Messages -> answers by a model in this process, many requests in one batch.

Each row keeps its own temperature, random numbers, stop texts and length, whatever else is in the batch: what
a request gets does not depend on its neighbours, beyond the last bits of floating-point sums.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from mathtune.errors import DataError

from ._loading import load_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._loading import LoadedModel, Tensor

__all__ = ["Choice", "GenerationRequest", "GenerationResult", "Generator", "PromptError"]

BATCH_ROWS: Final = 160  # answers written at once
BATCH_TOKENS: Final = 65_536  # prompt tokens of a batch, padding included
THINNED: Final = 0.75  # a batch is packed anew once fewer of its rows than this are still being written


class PromptError(DataError):
    """A model cannot take a request's messages: its template refuses them, or they fill its window.

    Args:
        message: What is wrong.
        tokens: The prompt's length, where it is too long; else None.
        window: The model's window in tokens.
    """

    def __init__(self, message: str, *, window: int, tokens: int | None = None) -> None:
        self.tokens = tokens
        self.window = window
        super().__init__(message, field="messages")


@attrs.frozen(kw_only=True)
class GenerationRequest:
    """What to ask and how to draw the answer.

    Attributes:
        messages: The conversation; each has `role` and `content`.
        temperature: 0 takes the likeliest token each time.
        top_p: Draw from the likeliest tokens that hold this share of the probability.
        max_tokens: The most tokens of an answer; None is the rest of the window.
        stop: Texts that end an answer; they are not part of it.
        seed: Start of the random numbers; None is a fresh one.
        n: How many answers.
    """

    messages: tuple[Mapping[str, Any], ...] = attrs.field(converter=tuple)
    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    n: int = 1


@attrs.frozen(kw_only=True)
class Choice:
    """One answer: its text, why it ended, and its length in tokens."""

    text: str
    finish_reason: Literal["stop", "length"]
    tokens: int


@attrs.frozen(kw_only=True)
class GenerationResult:
    """The answers to one request, and the length of its prompt in tokens."""

    choices: tuple[Choice, ...]
    prompt_tokens: int

    @property
    def completion_tokens(self) -> int:
        """Count the tokens of all answers."""
        return sum(choice.tokens for choice in self.choices)


class Generator:
    """A model loaded for answering. Not for several threads at once.

    Args:
        source: Folder with full weights or LoRA adapters, or a hub id.

    Raises:
        DataError: There is no model, or it has no chat template.
    """

    def __init__(self, source: str) -> None:
        self._loaded = load_model(source)
        self._ends = _end_tokens(self._loaded)

    def check(self, request: GenerationRequest) -> int:
        """Give the length of a request's prompt in tokens.

        Raises:
            PromptError: The model cannot take the messages.
        """
        return len(self._prompt(request))

    def generate(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        """Answer requests together, in their order.

        Raises:
            PromptError: The model cannot take a request's messages; `check` tells which.
        """
        groups = [self._new_rows(request) for request in requests]
        rows = sorted((row for group in groups for row in group), key=lambda row: len(row.prompt))
        for batch in _batches(rows):
            self._write(batch)
        return [
            GenerationResult(
                choices=tuple(self._choice(row) for row in group), prompt_tokens=len(group[0].prompt)
            )
            for group in groups
        ]

    def _new_rows(self, request: GenerationRequest) -> list[_Row]:
        prompt, seed = self._prompt(request), request.seed
        room = self._loaded.window - len(prompt)
        return [
            _Row(
                prompt=prompt,
                request=request,
                random=Random() if seed is None else Random(f"{seed}/{sample}"),  # noqa: S311  (sampling)
                room=room if request.max_tokens is None else min(room, request.max_tokens),
            )
            for sample in range(request.n)
        ]

    def _prompt(self, request: GenerationRequest) -> list[int]:
        from jinja2 import TemplateError

        window = self._loaded.window
        try:
            encoded = self._loaded.tokenizer.apply_chat_template(
                list(request.messages), add_generation_prompt=True, tokenize=True, return_dict=True
            )
        except (TemplateError, TypeError, KeyError, ValueError) as error:
            message = f"the model's chat template refuses these messages: {error}"
            raise PromptError(message, window=window) from error
        ids = list(encoded["input_ids"])
        if len(ids) >= window:
            message = f"the messages have {len(ids)} tokens and leave no room in the model's {window}"
            raise PromptError(message, window=window, tokens=len(ids))
        return ids

    def _write(self, batch: list[_Row]) -> None:
        """Write the answers of a batch, a token of each at a time; finished rows leave it now and then."""
        import torch

        model, pad = self._loaded.model, int(self._loaded.tokenizer.pad_token_id)
        ids, mask = _left_padded(batch, pad, model.device)
        positions, cache, rows = mask.cumsum(1).sub(1).clamp(min=0), None, batch
        with torch.inference_mode():
            while True:
                output = model(
                    input_ids=ids,
                    attention_mask=mask,
                    position_ids=positions,
                    past_key_values=cache,
                    use_cache=True,
                    logits_to_keep=1,
                )
                cache = output.past_key_values
                chosen = _choose(output.logits[:, -1], rows)
                self._take(rows, chosen.tolist())
                writing = [index for index, row in enumerate(rows) if row.finish_reason is None]
                if not writing:
                    return
                positions = positions[:, -1:] + 1
                if len(writing) < THINNED * len(rows):
                    kept = torch.tensor(writing, device=model.device)
                    cache.batch_select_indices(kept)
                    rows = [rows[index] for index in writing]
                    mask, positions, chosen = mask[kept], positions[kept], chosen[kept]
                ids, mask = chosen[:, None], torch.nn.functional.pad(mask, (0, 1), value=1)

    def _take(self, rows: list[_Row], tokens: list[int]) -> None:
        for row, token in zip(rows, tokens, strict=True):
            if row.finish_reason is not None:
                continue
            if token in self._ends:
                row.finish_reason = "stop"
                continue
            row.tokens.append(token)
            if row.request.stop and self._has_stopped(row):
                row.finish_reason = "stop"
            elif len(row.tokens) >= row.room:
                row.finish_reason = "length"

    def _has_stopped(self, row: _Row) -> bool:
        """Say whether a stop text stands at the end; a token has a byte at least, so a short tail will do."""
        longest = max(len(text.encode()) for text in row.request.stop)
        tail = self._text(row.tokens[-longest - 4 :])
        return any(text in tail for text in row.request.stop)

    def _text(self, tokens: list[int]) -> str:
        return str(self._loaded.tokenizer.decode(tokens, skip_special_tokens=True))

    def _choice(self, row: _Row) -> Choice:
        text = self._text(row.tokens)
        ends = [text.find(stop) for stop in row.request.stop if stop in text]
        return Choice(
            text=text[: min(ends, default=len(text))],
            finish_reason=row.finish_reason or "length",
            tokens=len(row.tokens),
        )


@attrs.define(kw_only=True)
class _Row:
    """An answer while it is written."""

    prompt: list[int]
    request: GenerationRequest
    random: Random
    room: int
    tokens: list[int] = attrs.field(factory=list)
    finish_reason: Literal["stop", "length"] | None = None


def _end_tokens(loaded: LoadedModel) -> frozenset[int]:
    """Give the tokens that end an answer: the tokenizer's, and those that the model's own settings name."""
    named = getattr(loaded.model.generation_config, "eos_token_id", None)
    listed = named if isinstance(named, list) else [named]
    return frozenset(token for token in (*listed, loaded.tokenizer.eos_token_id) if token is not None)


def _batches(rows: list[_Row]) -> list[list[_Row]]:
    """Cut rows, sorted by length, into batches that memory can hold."""
    batches: list[list[_Row]] = []
    for row in rows:
        full = not batches or len(batches[-1]) >= BATCH_ROWS
        if full or (len(batches[-1]) + 1) * len(row.prompt) > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(row)
    return batches


def _left_padded(rows: list[_Row], pad: int, device: object) -> tuple[Tensor, Tensor]:
    """Give token ids and mask of prompts that all end in the last column."""
    import torch

    width = max(len(row.prompt) for row in rows)
    ids = torch.tensor([[pad] * (width - len(row.prompt)) + row.prompt for row in rows])
    mask = torch.tensor([[0] * (width - len(row.prompt)) + [1] * len(row.prompt) for row in rows])
    return ids.to(device), mask.to(device)


def _choose(logits: Tensor, rows: list[_Row]) -> Tensor:
    """Give each row's next token: the likeliest, or one drawn with the row's own random number."""
    chosen = logits.argmax(-1)
    drawn = [i for i, row in enumerate(rows) if row.request.temperature > 0 and row.finish_reason is None]
    if drawn:
        chosen[drawn] = _drawn(logits[drawn].double(), [rows[i] for i in drawn])
    return chosen


def _drawn(logits: Tensor, rows: list[_Row]) -> Tensor:
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
