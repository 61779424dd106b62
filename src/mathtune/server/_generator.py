"""The seam to generation: a chat request in, its answer out, in pieces where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping


def _messages(given: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(given)


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _pairs(given: Iterable[Iterable[Any]]) -> tuple[tuple[int, float], ...]:
    return tuple((int(token), float(bias)) for token, bias in given)


@attrs.frozen(kw_only=True)
class GenerationRequest:
    """What to ask a model and how to draw the answer; its fields are JSON.

    Attributes:
        messages: The conversation as the protocol has it; each has `role` and `content`.
        temperature: 0 takes the likeliest token each time.
        top_p: Draw from the likeliest tokens that hold this share of the probability.
        max_tokens: The most tokens of an answer; None is the rest of the window.
        stop: Texts that end an answer; they are not part of it.
        seed: Start of the random numbers; None is a fresh one.
        n: How many answers.
        presence_penalty: Taken from the logit of each token that the answer has already.
        frequency_penalty: The same, times how often it has it.
        logit_bias: Token ids, and what is added to their logits.
        logprobs: How many likeliest tokens are told beside each one drawn; None tells no probabilities.
        tools: Functions that the model may call, as the protocol has them.
        must_call: Names of tools of which the answer is a call, or several; none leaves that to the model.
        schema: JSON schema that the answer's text keeps (a call of a tool need not); None is any text.
        reasoning_effort: How long a reasoning model is to think, in its chat template's words.
        pieces: Whether the answer is to come in pieces as it is written.
    """

    messages: tuple[Mapping[str, Any], ...] = attrs.field(converter=_messages)
    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int | None = None
    stop: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    seed: int | None = None
    n: int = 1
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    logit_bias: tuple[tuple[int, float], ...] = attrs.field(default=(), converter=_pairs)
    logprobs: int | None = None
    tools: tuple[Mapping[str, Any], ...] = attrs.field(default=(), converter=_messages)
    must_call: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    schema: Mapping[str, Any] | None = None
    reasoning_effort: str | None = None
    pieces: bool = False


@attrs.frozen(kw_only=True)
class Choice:
    """One text that a model gave.

    Attributes:
        finish_reason: `stop` or `length`.
        tokens: How many tokens it took.
        logprobs: The protocol's entry for each token of the text; None where they were not asked for.
    """

    text: str
    finish_reason: str
    tokens: int
    logprobs: tuple[Mapping[str, Any], ...] | None = None


@attrs.frozen(kw_only=True)
class Piece:
    """The next words of one choice while it is written; the last one says why it ended."""

    index: int
    text: str
    logprobs: tuple[Mapping[str, Any], ...] | None = None
    finish_reason: str | None = None


@attrs.frozen(kw_only=True)
class Answer:
    """What a model said to one request: `n` choices."""

    choices: tuple[Choice, ...]
    prompt_tokens: int

    @property
    def completion_tokens(self) -> int:
        """The tokens of all choices."""
        return sum(choice.tokens for choice in self.choices)

    @property
    def total_tokens(self) -> int:
        """The tokens of the question and all choices."""
        return self.prompt_tokens + self.completion_tokens


class Generator(Protocol):
    """Answers requests, many at a time."""

    def write(self, source: str, request: GenerationRequest) -> AsyncGenerator[Piece | Answer, None]:
        """Answer by the model in a folder (or on the hub): pieces if they are wanted, and the answer last.

        Closing the iterator ends the work. Raises `ApiError` where the model cannot answer.
        """
