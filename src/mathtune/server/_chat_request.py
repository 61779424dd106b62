"""The body of `POST /chat/completions`, read and checked; nothing here does I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from ._arguments import anything, boolean, fields, integer, list_of, nullable, number, one_of, text
from ._errors import ApiError, invalid, unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._arguments import Check

MOST_CHOICES: Final = 128
MOST_STOPS: Final = 4
LARGEST_SEED: Final = 2**63 - 1

# Arguments that change nothing here: OpenAI keeps records by them.
IGNORED: Final = (
    "metadata",
    "prompt_cache_key",
    "prompt_cache_retention",
    "safety_identifier",
    "service_tier",
    "store",
    "user",
)
# Arguments that this server knows only with the values that ask for nothing.
NEUTRAL: Final[Mapping[str, tuple[Any, ...]]] = {
    "audio": (None,),
    "frequency_penalty": (None, 0),
    "function_call": (None, "none"),
    "functions": (None,),
    "logit_bias": (None, {}),
    "logprobs": (None, False),
    "modalities": (None, ["text"]),
    "moderation": (None,),
    "parallel_tool_calls": (None, True, False),
    "prediction": (None,),
    "presence_penalty": (None, 0),
    "prompt_cache_options": (None,),
    "reasoning_effort": (None,),
    "response_format": (None, {"type": "text"}),
    "tool_choice": (None, "none"),
    "tools": (None,),
    "top_logprobs": (None, 0),
    "verbosity": (None,),
    "web_search_options": (None,),
}
ROLES: Final = ("system", "developer", "user", "assistant")


def _stop(value: Any, path: str) -> tuple[str, ...]:  # noqa: ANN401  (a check takes any JSON value)
    if isinstance(value, str):
        return (value,)
    return tuple(list_of(text(shortest=1), shortest=1, longest=MOST_STOPS)(value, path))


def _content(value: Any, path: str) -> str:  # noqa: ANN401  (a check takes any JSON value)
    if isinstance(value, list):
        return "".join(_part(part, f"{path}[{index}]") for index, part in enumerate(value))
    return str(text()(value, path))


def _part(value: Any, path: str) -> str:  # noqa: ANN401  (a check takes any JSON value)
    if isinstance(value, dict) and value.get("type") in ("image_url", "input_audio", "file"):
        raise unsupported(path, "This server takes text only.")
    part = fields({"type": one_of("text"), "text": text()}, required=("type", "text"))(value, path)
    return str(part["text"])


def _message(value: Any, path: str) -> dict[str, str]:  # noqa: ANN401  (a check takes any JSON value)
    known: dict[str, Check] = {
        "role": one_of(*ROLES),
        "content": _content,
        "name": text(),
        "refusal": nullable(text()),
    }
    message = fields(known, required=("role", "content"))(value, path)
    role = "system" if message["role"] == "developer" else message["role"]
    return {"role": role, "content": message["content"]}


ARGUMENTS: Final = fields(
    {
        "model": text(shortest=1),
        "messages": list_of(_message, shortest=1),
        "n": nullable(integer(1, MOST_CHOICES)),
        "temperature": nullable(number(0, 2)),
        "top_p": nullable(number(0, 1)),
        "stop": nullable(_stop),
        "seed": nullable(integer(-LARGEST_SEED - 1, LARGEST_SEED)),
        "max_tokens": nullable(integer(1)),
        "max_completion_tokens": nullable(integer(1)),
        "stream": nullable(boolean),
        "stream_options": nullable(fields({"include_usage": boolean, "include_obfuscation": boolean})),
        **dict.fromkeys((*IGNORED, *NEUTRAL), anything),
    },
    required=("model", "messages"),
)


@attrs.frozen(kw_only=True)
class ChatRequest:
    """What a client asked a model.

    Attributes:
        messages: Role and text of each.
        max_tokens: The most tokens to give, or None for as many as fit.
        stream: Whether the answer is to come in pieces, and `usage` whether the last piece counts tokens.
    """

    model: str
    messages: tuple[dict[str, str], ...]
    n: int
    temperature: float
    top_p: float
    stop: tuple[str, ...]
    seed: int | None
    max_tokens: int | None
    stream: bool
    usage: bool


def read_chat_request(body: object) -> ChatRequest:
    """Read the body of a request.

    Raises:
        ApiError: 400; the argument is named.
    """
    raw = body if isinstance(body, dict) else {}
    for name, values in NEUTRAL.items():
        if name in raw and raw[name] not in values:
            raise unsupported(name)
    given = {name: value for name, value in ARGUMENTS(body, "").items() if value is not None}
    if "max_tokens" in given and "max_completion_tokens" in given:
        message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        raise ApiError(400, message, param="max_tokens", code="invalid_parameter_combination")
    stream = given.get("stream", False)
    if "stream_options" in given and not stream:
        raise invalid(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options"
        )
    return ChatRequest(
        model=given["model"],
        messages=tuple(given["messages"]),
        n=given.get("n", 1),
        temperature=given.get("temperature", 1.0),
        top_p=given.get("top_p", 1.0),
        stop=given.get("stop", ()),
        seed=given.get("seed"),
        max_tokens=given.get("max_completion_tokens", given.get("max_tokens")),
        stream=stream,
        usage=given.get("stream_options", {}).get("include_usage", False),
    )
