"""Messages and tools -> the tokens of a prompt, by the model's own chat template."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._generator import GenerationRequest
    from ._loading import LoadedModel, Tokenizer


class RefusedError(DataError):
    """A model cannot take a request.

    Args:
        message: What is wrong.
        code: The protocol's name for it.
        param: The argument to blame.
    """

    def __init__(self, message: str, *, code: str, param: str = "messages") -> None:
        self.code = code
        self.param = param
        super().__init__(message, field=param)
        self.message = message


def read_prompt(loaded: LoadedModel, request: GenerationRequest) -> list[int]:
    """Give the tokens of a request's prompt.

    Raises:
        RefusedError: The template refuses the messages or has no place for tools or a reasoning effort, the
            messages fill the model's window, or a biased token is none of the model's.
    """
    messages = [_for_template(message) for message in request.messages]
    tools = [dict(tool) for tool in request.tools]
    effort = {} if request.reasoning_effort is None else {"reasoning_effort": request.reasoning_effort}
    if effort and not heeds_effort(loaded.tokenizer):
        message = "Unsupported parameter: 'reasoning_effort' is not supported with this model."
        raise RefusedError(message, code="unsupported_parameter", param="reasoning_effort")
    prompt = _rendered(loaded, messages, tools, **effort)
    if tools and prompt == _rendered(loaded, messages, [], **effort):
        message = "The chat template of this model has no place for tools."
        raise RefusedError(message, code="unsupported_parameter", param="tools")
    if (plain := [_without_tools(message) for message in messages]) != messages and prompt == _rendered(
        loaded, plain, tools, **effort
    ):
        message = "The chat template of this model has no place for tool calls and their results."
        raise RefusedError(message, code="unsupported_parameter", param="messages")
    _check_size(loaded, -(-len(prompt) // _longest_token(loaded.tokenizer)), least="at least ")
    ids = list(loaded.tokenizer.encode(prompt, add_special_tokens=False))
    _check_size(loaded, len(ids))
    _check_bias(loaded, request)
    return ids


@functools.lru_cache(maxsize=8)
def heeds_effort(tokenizer: Tokenizer) -> bool:
    """Say whether a model's chat template writes another prompt where another effort is asked for."""
    from jinja2 import TemplateError

    def written(effort: str) -> str:
        asked = [{"role": "user", "content": "1 + 1?"}]
        prompt = tokenizer.apply_chat_template(
            asked, add_generation_prompt=True, tokenize=False, reasoning_effort=effort
        )
        return str(prompt)

    try:
        return written("low") != written("high")
    except TemplateError:
        return False


def _rendered(
    loaded: LoadedModel, messages: list[dict[str, Any]], tools: list[dict[str, Any]], **options: str
) -> str:
    from jinja2 import TemplateError

    try:
        return str(
            loaded.tokenizer.apply_chat_template(
                messages, tools=tools or None, add_generation_prompt=True, tokenize=False, **options
            )
        )
    except (TemplateError, TypeError, KeyError, ValueError, RecursionError) as error:
        message = f"the model's chat template refuses these messages: {error}"
        raise RefusedError(message, code="invalid_messages") from error


def _for_template(message: Mapping[str, Any]) -> dict[str, Any]:
    """Give a message with the arguments of its calls as objects, which templates write as JSON themselves."""
    calls = message.get("tool_calls")
    if not calls:
        return dict(message)
    return {**message, "tool_calls": [{**call, "function": _opened(call["function"])} for call in calls]}


def _opened(function: Mapping[str, Any]) -> dict[str, Any]:
    try:
        arguments = json.loads(function["arguments"] or "{}")
    except (ValueError, RecursionError):
        return dict(function)
    return {**function, "arguments": arguments} if isinstance(arguments, dict) else dict(function)


def _without_tools(message: Mapping[str, Any]) -> dict[str, Any]:
    """Give a message as if there were no tools: a template that makes the same of it does not know them."""
    plain = {name: value for name, value in message.items() if name != "tool_calls"}
    return {**plain, "role": "user"} if plain["role"] == "tool" else plain


@functools.lru_cache(maxsize=8)
def _longest_token(tokenizer: Tokenizer) -> int:
    """Give the most characters that a token stands for, so that a text of millions need not be read."""
    return max(map(len, tokenizer.get_vocab()))


def _check_size(loaded: LoadedModel, tokens: int, *, least: str = "") -> None:
    if tokens >= loaded.window:
        message = (
            f"This model's maximum context length is {loaded.window} tokens. However, your messages "
            f"resulted in {least}{tokens} tokens. Please reduce the length of the messages."
        )
        raise RefusedError(message, code="context_length_exceeded")


def _check_bias(loaded: LoadedModel, request: GenerationRequest) -> None:
    size = int(loaded.model.get_input_embeddings().weight.shape[0])
    for token, _ in request.logit_bias:
        if not 0 <= token < size:
            message = f"Invalid 'logit_bias': this model has the tokens 0 to {size - 1}, but got {token}."
            raise RefusedError(message, code="invalid_value", param="logit_bias")
