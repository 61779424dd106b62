"""Prompts -> answers, a token of each at a time; new ones join those under way, and finished ones leave.

What a row gets does not depend on its neighbours, beyond the last bits of floating-point sums.
"""

from __future__ import annotations

import collections
from random import Random
from typing import TYPE_CHECKING, Any, Final

import attrs

from mathtune.errors import DataError

from ._drawing import choose, likelihoods
from ._generator import Answer, Choice
from ._grammar import new_followers
from ._tokens import token_entry
from ._transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._generator import GenerationRequest
    from ._grammar import Follower
    from ._loading import LoadedModel, Tensor

MOST_ROWS: Final = 160  # answers written at once
MOST_TOKENS: Final = 65_536  # tokens in the cache at the joining, padding included
THINNED: Final = 0.75  # the cache is packed anew once fewer of its rows than this are still being written
STEPS_APART: Final = 4  # tokens between two joinings: each costs a reading of its own and a copy of the cache


@attrs.define(kw_only=True, eq=False)
class Task:
    """A request while it is answered: as many rows as answers are wanted.

    Attributes:
        number: The asker's name for it.
    """

    number: int
    request: GenerationRequest
    prompt: list[int]
    rows: list[Row] = attrs.field(factory=list)

    @property
    def answer(self) -> Answer | None:
        """The answer, once every row of it has ended."""
        if any(row.finish_reason is None for row in self.rows):
            return None
        return Answer(choices=tuple(row.choice() for row in self.rows), prompt_tokens=len(self.prompt))


@attrs.define(kw_only=True, eq=False)
class Row:
    """One answer while it is written.

    Attributes:
        room: The most tokens that it may have.
        transcript: Its text so far, followed only where someone looks at it before the end.
        follower: Follows what its grammar allows; None where it may be anything.
        counts: How often it has each token.
        likelihoods: The protocol's entries of its tokens, where they are asked for.
        sent: Characters and token entries that have been handed on already.
    """

    task: Task
    index: int
    random: Random
    room: int
    transcript: Transcript
    followed: bool
    follower: Follower | None = None
    tokens: list[int] = attrs.field(factory=list)
    counts: collections.Counter[int] = attrs.field(factory=collections.Counter)
    likelihoods: list[Mapping[str, Any]] = attrs.field(factory=list)
    finish_reason: str | None = None
    sent: tuple[int, int] = (0, 0)

    @property
    def request(self) -> GenerationRequest:
        """What was asked."""
        return self.task.request

    def take(self, token: int) -> None:
        """Write a token down, and see whether the answer ends with it."""
        self.tokens.append(token)
        self.counts[token] += 1
        if self.followed:
            self.transcript.add(token)
        if self.follower is not None:
            self.follower.take(token)
        if self.transcript.stopped or (self.follower is not None and self.follower.ended):
            self.finish_reason = "stop"
        elif len(self.tokens) >= self.room or (self.follower is not None and self.follower.broken):
            self.finish_reason = "length"

    def choice(self) -> Choice:
        """Give the answer, which has ended."""
        if not self.followed:
            for token in self.tokens:
                self.transcript.add(token)
            self.followed = True
        text = self.transcript.finish()
        return Choice(
            text=text,
            finish_reason=self.finish_reason or "length",
            tokens=len(self.tokens),
            logprobs=None
            if self.request.logprobs is None
            else tuple(self.likelihoods[: self.transcript.covered(len(text))]),
        )


class Writer:
    """Writes answers by one model. Not for several threads at once.

    Args:
        loaded: The model.
    """

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._ends = end_tokens(loaded)
        self._waiting: collections.deque[Row] = collections.deque()
        self._rows: list[Row] = []
        self._cache: Any = None
        self._mask: Tensor = None
        self._last: Tensor = None
        self._since_joining = 0

    @property
    def busy(self) -> bool:
        """Whether anything is left to write."""
        return bool(self._waiting or self._rows)

    @property
    def hungry(self) -> bool:
        """Whether more requests should be read, so that rows are at hand when there is room."""
        return len(self._waiting) < MOST_ROWS

    def submit(self, task: Task) -> None:
        """Take a request on; its rows join at the next opportunity."""
        self._waiting.extend(task.rows)

    def step(self) -> list[Row]:
        """Write a token of each row under way, or read the prompts of rows that join; give those rows."""
        self._leave()
        joining = self._joining()
        written = self._join(joining) if joining else self._continue()
        if all(row.finish_reason is not None for row in self._rows):
            self._rows, self._cache = [], None
        return written

    def drop(self) -> None:
        """Let go of everything under way, after a failure."""
        self._waiting.clear()
        self._rows, self._cache = [], None

    def _joining(self) -> list[Row]:
        """Take the rows that may join now: as many as the cache has room for, and not at every step."""
        while self._waiting and self._waiting[0].finish_reason is not None:
            self._waiting.popleft()  # its client has gone
        if not self._waiting or (self._rows and not self._may_join()):
            return []
        joining, width = list[Row](), self._width()
        while self._waiting and len(self._rows) + len(joining) < MOST_ROWS:
            width = max(width, len(self._waiting[0].task.prompt))
            if joining and (len(self._rows) + len(joining) + 1) * width > MOST_TOKENS:
                break
            joining.append(self._waiting.popleft())
        return [row for row in joining if row.finish_reason is None]

    def _may_join(self) -> bool:
        from transformers.cache_utils import DynamicLayer

        plain = all(
            type(layer) is DynamicLayer for layer in self._cache.layers
        )  # others cannot be put together
        room = len(self._rows) < MOST_ROWS and (len(self._rows) + 1) * self._width() <= MOST_TOKENS
        return plain and room and self._wanted()

    def _width(self) -> int:
        return int(self._mask.sum(1).max()) if self._rows else 0

    def _join(self, rows: list[Row]) -> list[Row]:
        """Read the prompts of new rows, write the first token of each, and put them with the others."""
        import torch

        ids, mask = self._left_padded([row.task.prompt for row in rows])
        positions = mask.cumsum(1).sub(1).clamp(min=0)
        cache, chosen = self._forward(ids, mask, positions, None, rows)
        if self._rows:
            width = max(self._width(), mask.shape[1])
            _put_together(self._cache, cache, width)
            self._mask = torch.cat([_fitted(self._mask, width), _fitted(mask, width)])
            self._last = torch.cat([self._last, chosen])
        else:
            self._cache, self._mask, self._last = cache, mask, chosen
        self._rows = [*self._rows, *rows]
        self._since_joining = 0
        return rows

    def _continue(self) -> list[Row]:
        import torch

        if not self._rows:
            return []
        writing = [row for row in self._rows if row.finish_reason is None]
        self._mask = torch.nn.functional.pad(self._mask, (0, 1), value=1)
        positions = self._mask.sum(1, keepdim=True) - 1
        self._cache, self._last = self._forward(
            self._last[:, None], self._mask, positions, self._cache, self._rows
        )
        self._since_joining += 1
        return writing

    def _forward(
        self, ids: Tensor, mask: Tensor, positions: Tensor, cache: object, rows: list[Row]
    ) -> tuple[Any, Tensor]:
        import torch

        with torch.inference_mode():
            output = self._loaded.model(
                input_ids=ids,
                attention_mask=mask,
                position_ids=positions,
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            )
            logits = output.logits[:, -1]
            chosen = choose(logits, rows)
            self._take(rows, chosen.tolist(), logits)
            return _cache_of(output), chosen

    def _take(self, rows: Sequence[Row], tokens: list[int], logits: Tensor) -> None:
        for index, (row, token) in enumerate(zip(rows, tokens, strict=True)):
            if row.finish_reason is not None:
                continue
            if token in self._ends:
                row.finish_reason = "stop"
                continue
            if row.request.logprobs is not None:
                told = likelihoods(logits[index], token, row.request.logprobs)
                row.likelihoods.append(token_entry(self._loaded.tokenizer, token, *told))
            row.take(token)

    def _leave(self) -> None:
        """Pack the cache anew where many of its rows have ended, or others may take their place."""
        writing = [index for index, row in enumerate(self._rows) if row.finish_reason is None]
        some_left = len(writing) < len(self._rows) and _can_be_thinned(self._cache)
        if not writing:
            self._rows, self._cache = [], None
        elif some_left and (len(writing) < THINNED * len(self._rows) or self._wanted()):
            self._keep(writing)

    def _wanted(self) -> bool:
        return bool(self._waiting) and self._since_joining >= STEPS_APART

    def _keep(self, writing: list[int]) -> None:
        import torch

        with torch.inference_mode():
            kept = torch.tensor(writing, device=self._loaded.model.device)
            self._cache.batch_select_indices(kept)
            self._rows = [self._rows[index] for index in writing]
            self._mask, self._last = self._mask[kept], self._last[kept]

    def _left_padded(self, prompts: list[list[int]]) -> tuple[Tensor, Tensor]:
        """Give token ids and mask of prompts that all end in the last column."""
        import torch

        pad, device = int(self._loaded.tokenizer.pad_token_id), self._loaded.model.device
        width = max(map(len, prompts))
        ids = torch.tensor([[pad] * (width - len(prompt)) + prompt for prompt in prompts])
        mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts])
        return ids.to(device), mask.to(device)


def new_task(loaded: LoadedModel, number: int, request: GenerationRequest, prompt: list[int]) -> Task:
    """Make the rows of a request.

    Raises:
        RefusedError: Its answers cannot be held to what it asks for.
    """

    def decode(tokens: list[int]) -> str:
        return str(loaded.tokenizer.decode(tokens, skip_special_tokens=True))

    task = Task(number=number, request=request, prompt=prompt)
    followers = new_followers(loaded, request, end_tokens(loaded))
    room = loaded.window - len(prompt)
    task.rows = [
        Row(
            task=task,
            index=index,
            random=Random() if request.seed is None else Random(f"{request.seed}/{index}"),  # noqa: S311  (sampling)
            room=room if request.max_tokens is None else min(room, request.max_tokens),
            transcript=Transcript(decode, request.stop),
            followed=bool(request.stop) or request.pieces or request.logprobs is not None,
            follower=followers[index] if followers else None,
        )
        for index in range(request.n)
    ]
    return task


def end_tokens(loaded: LoadedModel) -> frozenset[int]:
    """Give the tokens that end an answer: the tokenizer's, and those that the model's own settings name."""
    named = getattr(loaded.model.generation_config, "eos_token_id", None)
    listed = named if isinstance(named, list) else [named]
    return frozenset(token for token in (*listed, loaded.tokenizer.eos_token_id) if token is not None)


def _cache_of(output: Any) -> Any:  # noqa: ANN401  (transformers' output and cache)
    cache = getattr(output, "past_key_values", None)
    if cache is None:  # such as Mamba: its states are not kept by token
        raise DataError("this kind of model keeps no keys and values, and cannot be asked here")
    return cache


def _can_be_thinned(cache: Any) -> bool:  # noqa: ANN401  (transformers' cache)
    """Say whether rows can be taken out; those of layers with states (linear attention) stay to the end."""
    return all(hasattr(layer, "batch_select_indices") for layer in cache.layers)


def _put_together(cache: Any, other: Any, width: int) -> None:  # noqa: ANN401  (transformers' caches)
    """Append the rows of another cache, with padding on the left so that all end in the last column."""
    import torch

    with torch.inference_mode():
        for layer, more in zip(cache.layers, other.layers, strict=True):
            layer.keys = torch.cat([_fitted_states(layer.keys, width), _fitted_states(more.keys, width)])
            layer.values = torch.cat(
                [_fitted_states(layer.values, width), _fitted_states(more.values, width)]
            )


def _fitted(mask: Tensor, width: int) -> Tensor:
    """Cut or pad a mask on the left."""
    import torch

    return torch.nn.functional.pad(mask[:, -width:], (max(0, width - mask.shape[1]), 0))


def _fitted_states(states: Tensor, width: int) -> Tensor:
    """Cut or pad keys or values, of shape (rows, heads, columns, size), on the left."""
    import torch

    states = states[:, :, -width:]
    return torch.nn.functional.pad(states, (0, 0, max(0, width - states.shape[2]), 0))
