"""What a server answered, read leniently: servers differ, and what was paid for is never thrown away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from ._request import Request

__all__ = ["Response", "Usage", "is_completion", "read_usage"]


@attrs.frozen(kw_only=True)
class Usage:
    """Tokens that a response cost, as its server counted them.

    Attributes:
        prompt_tokens: Tokens read.
        completion_tokens: Tokens written, hidden thinking included.

    >>> Usage(prompt_tokens=20, completion_tokens=300).completion_tokens
    300
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0


@attrs.frozen(kw_only=True)
class Response:
    """One response of a model.

    Attributes:
        problem_id: The problem that was asked.
        sample: Number of the sample, from 0.
        text: What the model wrote; empty where it wrote nothing.
        finish_reason: Why it ended: `stop`, `length`, `content_filter`, ... as the server says it, or
            `refused` where the server would not take this one request.
        usage: Tokens, where the server counts them.
        model: The name by which the server calls the model that answered.
        raw: The server's whole answer.
        turns: The messages between question and answer: calls of tools and what came back.

    >>> Response(problem_id="1", sample=0, text="It is 4.", finish_reason="stop").text
    'It is 4.'
    """

    problem_id: str
    sample: int = 0
    text: str = ""
    finish_reason: str | None = None
    usage: Usage | None = None
    model: str | None = None
    raw: Mapping[str, Any] = attrs.field(factory=dict, hash=False, repr=False)
    turns: tuple[Mapping[str, Any], ...] = attrs.field(default=(), hash=False, repr=False)

    @property
    def fingerprint(self) -> str | None:
        """The server's `system_fingerprint`: it changes when the server's software does."""
        value = self.raw.get("system_fingerprint")
        return value if isinstance(value, str) else None

    @property
    def refusal(self) -> str | None:
        """What the model or the server said in refusing, or None."""
        said = _message(self.raw).get("refusal") or _mapping(self.raw.get("error")).get("message")
        return _clean(said) if isinstance(said, str) else None

    @property
    def reasoning(self) -> str | None:
        """What a reasoning model thought, where the server shows it beside the text."""
        message = _message(self.raw)
        said = message.get("reasoning_content") or message.get("reasoning")
        return _clean(said) if isinstance(said, str) else None

    @property
    def tool_calls(self) -> tuple[dict[str, Any], ...]:
        """The calls of tools that the model asks for, those that are calls of functions with texts."""
        calls = _message(self.raw).get("tool_calls")
        return tuple(filter(_is_call, calls)) if isinstance(calls, list) else ()

    @property
    def logprobs(self) -> list[Mapping[str, Any]] | None:
        """The tokens of the text with their log probabilities, where they were asked for."""
        tokens = _mapping(_choice(self.raw).get("logprobs")).get("content")
        return tokens if isinstance(tokens, list) else None

    @classmethod
    def from_answer(cls, request: Request, answer: str) -> Response:
        """Read the JSON text that a server answered `request` with."""
        raw = json.loads(answer)
        turns = tuple(request.body.get("messages", ())[request.asked :])
        response = cls(problem_id=request.problem_id, sample=request.sample, turns=turns, raw=raw)
        if "error" in raw and "choices" not in raw:
            return attrs.evolve(response, finish_reason="refused")
        model, reason = raw.get("model"), _choice(raw).get("finish_reason")
        return attrs.evolve(
            response,
            text=_text(_message(raw).get("content")),
            finish_reason=reason if isinstance(reason, str) else None,
            usage=read_usage(raw.get("usage")),
            model=model if isinstance(model, str) else None,
        )


def is_completion(raw: object) -> bool:
    """Whether a decoded answer holds at least one choice with a message."""
    choices = raw.get("choices") if isinstance(raw, Mapping) else None
    return (
        isinstance(choices, list)
        and bool(choices)
        and isinstance(choices[0], Mapping)
        and isinstance(choices[0].get("message"), Mapping)
    )


def _choice(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return raw["choices"][0] if is_completion(raw) else {}


def _message(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(_choice(raw).get("message"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_call(call: object) -> bool:
    function = _mapping(_mapping(call).get("function"))
    texts = (_mapping(call).get("id"), function.get("name"), function.get("arguments"))
    return all(isinstance(text, str) for text in texts)


def _text(content: object) -> str:
    """Give the text of a message: a string, or (some servers) a list of parts."""
    if isinstance(content, list):
        return "".join(_text(_mapping(part).get("text")) for part in content)
    return _clean(content) if isinstance(content, str) else ""


def _clean(text: str) -> str:
    """Replace halves of surrogate pairs: JSON can spell them, UTF-8 and Parquet cannot hold them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_usage(value: object) -> Usage | None:
    """Read a server's `usage`; None where there is none."""
    if not isinstance(value, Mapping):
        return None
    counts = {name: value.get(name) for name in ("prompt_tokens", "completion_tokens")}
    return Usage(**{name: count for name, count in counts.items() if isinstance(count, int)})
