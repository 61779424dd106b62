"""The body of `POST /chat/completions`, read and checked; nothing here does I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from ._arguments import (
    anything,
    boolean,
    fields,
    integer,
    list_of,
    mapping,
    nullable,
    number,
    one_of,
    text,
)
from ._chat_form import CALL, TOOL, read_form, response_format, tool_choice
from ._errors import ApiError, invalid, unsupported
from ._generator import GenerationRequest
from ._tool_calls import CALL_ENDS

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
    "function_call": (None, "none"),
    "functions": (None,),
    "modalities": (None, ["text"]),
    "moderation": (None,),
    "prediction": (None,),
    "prompt_cache_options": (None,),
    "verbosity": (None,),
    "web_search_options": (None,),
}
EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
ROLES: Final = ("system", "developer", "user", "assistant", "tool")
MOST_TOOLS: Final = 128
MOST_MESSAGES: Final = 2_048
MOST_PARTS: Final = 256
MOST_BIASES: Final = 1_024
MOST_LOGPROBS: Final = 20


def _stop(value: Any, path: str) -> tuple[str, ...]:  # noqa: ANN401  (a check takes any JSON value)
    if isinstance(value, str):
        return (value,)
    return tuple(list_of(text(shortest=1), shortest=1, longest=MOST_STOPS)(value, path))


def _content(value: Any, path: str) -> str:  # noqa: ANN401  (a check takes any JSON value)
    if isinstance(value, list):
        return "".join(list_of(_part, longest=MOST_PARTS)(value, path))
    return str(text()(value, path))


def _part(value: Any, path: str) -> str:  # noqa: ANN401  (a check takes any JSON value)
    if isinstance(value, dict) and value.get("type") in ("image_url", "input_audio", "file"):
        raise unsupported(path, "This server takes text only.")
    part = fields({"type": one_of("text"), "text": text()}, required=("type", "text"))(value, path)
    return str(part["text"])


def _message(value: Any, path: str) -> dict[str, Any]:  # noqa: ANN401  (a check takes any JSON value)
    known: dict[str, Check] = {
        "role": one_of(*ROLES),
        "content": nullable(_content),
        "name": text(),
        "refusal": nullable(text()),
        "tool_calls": nullable(list_of(CALL, longest=MOST_TOOLS)),
        "tool_call_id": text(),
    }
    message: dict[str, Any] = fields(known, required=("role",))(value, path)
    _check_role(message, path)
    role = "system" if message["role"] == "developer" else message["role"]
    told = {"role": role, "content": message.get("content") or ""}
    return {**told, **{name: message[name] for name in ("tool_calls", "tool_call_id") if message.get(name)}}


def _check_role(message: Mapping[str, Any], path: str) -> None:
    for name, owner in (("tool_calls", "assistant"), ("tool_call_id", "tool")):
        if message.get(name) and message["role"] != owner:
            raise invalid(f"Only messages of the role '{owner}' may have '{name}'.", f"{path}.{name}")
    missing = []
    if message.get("content") is None and not message.get("tool_calls"):
        missing.append(f"{path}.content")
    if message["role"] == "tool" and not message.get("tool_call_id"):
        missing.append(f"{path}.tool_call_id")
    for where in missing:
        raise invalid(f"Missing required parameter: '{where}'.", where, "missing_required_parameter")


def _bias(value: Any, path: str) -> tuple[tuple[int, float], ...]:  # noqa: ANN401  (a check takes any JSON value)
    given = mapping(value, path)
    if len(given) > MOST_BIASES:
        message = f"Invalid '{path}': too many properties. Expected at most {MOST_BIASES} properties."
        raise invalid(message, path, "object_above_max_properties")
    for token in given:
        if not (token.isascii() and token.isdigit() and len(token) < 10):
            raise invalid(f"Invalid key in '{path}': expected the number of a token.", path, "invalid_value")
    check = number(-100, 100)
    return tuple((int(token), check(bias, f"{path}.{token}")) for token, bias in given.items())


# Arguments that are named alike in a `GenerationRequest`.
PASSED_ON: Final = (
    *("n", "temperature", "top_p", "stop", "seed"),
    *("presence_penalty", "frequency_penalty", "logit_bias", "reasoning_effort"),
)
ARGUMENTS: Final = fields(
    {
        "model": text(shortest=1),
        "messages": list_of(_message, shortest=1, longest=MOST_MESSAGES),
        "n": nullable(integer(1, MOST_CHOICES)),
        "temperature": nullable(number(0, 2)),
        "top_p": nullable(number(0, 1)),
        "stop": nullable(_stop),
        "seed": nullable(integer(-LARGEST_SEED - 1, LARGEST_SEED)),
        "max_tokens": nullable(integer(1)),
        "max_completion_tokens": nullable(integer(1)),
        "presence_penalty": nullable(number(-2, 2)),
        "frequency_penalty": nullable(number(-2, 2)),
        "logit_bias": nullable(_bias),
        "logprobs": nullable(boolean),
        "top_logprobs": nullable(integer(0, MOST_LOGPROBS)),
        "tools": nullable(list_of(TOOL, shortest=1, longest=MOST_TOOLS)),
        "tool_choice": nullable(tool_choice),
        "parallel_tool_calls": nullable(boolean),
        "response_format": nullable(response_format),
        "reasoning_effort": nullable(one_of(*EFFORTS)),
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
        asked: What goes to the model.
        stream: Whether the answer is to come in pieces, and `usage` whether the last piece counts tokens.
    """

    model: str
    asked: GenerationRequest
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
    _check_together(given)
    stream = given.get("stream", False)
    form = read_form(given)
    one_call = isinstance(given.get("tool_choice"), dict) or not given.get("parallel_tool_calls", True)
    if form["tools"] and one_call:
        given["stop"] = (*given.get("stop", ()), CALL_ENDS)
    return ChatRequest(
        model=given["model"],
        asked=GenerationRequest(
            messages=given["messages"],
            max_tokens=given.get("max_completion_tokens", given.get("max_tokens")),
            logprobs=given.get("top_logprobs", 0) if given.get("logprobs") else None,
            pieces=stream,
            **form,
            **{name: given[name] for name in PASSED_ON if name in given},
        ),
        stream=stream,
        usage=given.get("stream_options", {}).get("include_usage", False),
    )


def _check_together(given: Mapping[str, Any]) -> None:
    """Refuse arguments that go only with others, or without them."""
    if "max_tokens" in given and "max_completion_tokens" in given:
        message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        raise ApiError(400, message, param="max_tokens", code="invalid_parameter_combination")
    needs = (
        (
            "stream_options",
            "stream",
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        ),
        ("top_logprobs", "logprobs", "The 'logprobs' parameter must be true when 'top_logprobs' is used."),
        ("tool_choice", "tools", "'tool_choice' is only allowed when 'tools' are specified."),
    )
    for name, other, message in needs:
        if given.get(name) not in (None, 0, "none") and not given.get(other):
            raise invalid(message, name)
