"""A model's answers as the protocol's objects: whole, or in pieces."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ._ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._chat_request import ChatRequest
    from ._generator import Answer

PIECE: Final = re.compile(r"\s*\S+|\s+")
FINGERPRINT: Final = "fp_mathtune"


def completion_view(request: ChatRequest, answer: Answer, *, now: int) -> dict[str, Any]:
    """Give the protocol's chat completion object."""
    return {
        "id": new_id("chatcmpl-"),
        "object": "chat.completion",
        "created": now,
        "model": request.model,
        "choices": [
            {
                "index": index,
                "message": {"role": "assistant", "content": choice.text, "refusal": None},
                "logprobs": None,
                "finish_reason": choice.finish_reason,
            }
            for index, choice in enumerate(answer.choices)
        ],
        "usage": _usage(answer),
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    }


def event_stream(request: ChatRequest, answer: Answer, *, now: int) -> Iterator[str]:
    """Give the same in server-sent events: the role, the text word by word, the end, perhaps the usage."""
    identifier = new_id("chatcmpl-")

    def event(choices: list[dict[str, Any]], usage: dict[str, Any] | None = None) -> str:
        chunk: dict[str, Any] = {
            "id": identifier,
            "object": "chat.completion.chunk",
            "created": now,
            "model": request.model,
            "choices": choices,
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        }
        if request.usage:
            chunk["usage"] = usage
        return f"data: {json.dumps(chunk)}\n\n"

    for index, choice in enumerate(answer.choices):
        yield event([_delta(index, {"role": "assistant", "content": "", "refusal": None})])
        for piece in PIECE.findall(choice.text):
            yield event([_delta(index, {"content": piece})])
        yield event([_delta(index, {}, choice.finish_reason)])
    if request.usage:
        yield event([], _usage(answer))
    yield "data: [DONE]\n\n"


def _delta(index: int, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


def _usage(answer: Answer) -> dict[str, Any]:
    return {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
        "total_tokens": answer.total_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
