"""The seam to generation: something that answers many chat requests of one model at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._chat_request import ChatRequest
    from ._errors import ApiError


@attrs.frozen(kw_only=True)
class Choice:
    """One text that a model gave.

    Attributes:
        finish_reason: `stop` or `length`.
        tokens: How many tokens it took.
    """

    text: str
    finish_reason: str
    tokens: int


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
    """Answers requests in batches; called from one thread at a time."""

    def generate(self, source: str, requests: Sequence[ChatRequest]) -> list[Answer | ApiError]:
        """Answer each request by the model in a folder (or on the hub), in the same order."""
