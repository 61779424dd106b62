"""The generation process: `python -m mathtune.server._generation_worker FOLDER`.

Answers batches, one JSON line in, one out. Keeps the models that were asked last, and holds the device only
while it computes.
"""

from __future__ import annotations

import collections
import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from mathtune.errors import MathtuneError

from ._lease import DeviceLease

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from ._generation import GenerationRequest, Generator

KEPT_MODELS: Final = 4


def main(folder: str) -> None:
    """Answer until standard input ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to the log, not between the replies
    models, lease = Models(KEPT_MODELS), DeviceLease(Path(folder))
    for line in sys.stdin.buffer:
        order = json.loads(line)
        with lease:
            reply = _reply(models, order["model"], order["requests"])
        _write(replies, reply)


class Models:
    """The models that were asked last.

    Args:
        most: How many are kept in memory.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._loaded: collections.OrderedDict[str, Generator] = collections.OrderedDict()

    def get(self, source: str) -> Generator:
        """Give a model, loaded if need be."""
        from ._generation import Generator

        if source not in self._loaded:
            while len(self._loaded) >= self._most:
                self._loaded.popitem(last=False)
            self._loaded[source] = Generator(source)
        self._loaded.move_to_end(source)
        return self._loaded[source]

    def clear(self) -> None:
        """Let go of all models."""
        self._loaded.clear()


def _reply(models: Models, source: str, requests: Sequence[dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"answers": _answers(models.get(source), requests)}
    except MathtuneError as error:
        return _failure(400, "model_not_available", str(error), param="model")
    except MemoryError:
        models.clear()
        return _failure(
            500, "out_of_memory", "Generation ran out of memory; ask for fewer or shorter answers."
        )
    except Exception as error:  # noqa: BLE001  (one batch's trouble must not end the process for all models)
        traceback.print_exc()
        return _failure(500, "internal_error", f"Generation failed: {type(error).__name__}.")


def _answers(model: Generator, requests: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Answer those whose messages the model can take, and say of the others why not."""
    from ._generation import GenerationRequest

    wanted = {field.name for field in attrs.fields(GenerationRequest)}
    asked = [GenerationRequest(**{name: item[name] for name in wanted}) for item in requests]
    faults = [_fault(model, request) for request in asked]
    good = [request for request, fault in zip(asked, faults, strict=True) if fault is None]
    results = iter(model.generate(good) if good else [])
    return [attrs.asdict(next(results)) if fault is None else fault for fault in faults]


def _fault(model: Generator, request: GenerationRequest) -> dict[str, Any] | None:
    from ._generation import PromptError

    try:
        model.check(request)
    except PromptError as error:
        if error.tokens is None:
            return _failure(400, "invalid_messages", str(error), param="messages")
        message = (
            f"This model's maximum context length is {error.window} tokens. However, your messages "
            f"resulted in {error.tokens} tokens. Please reduce the length of the messages."
        )
        return _failure(400, "context_length_exceeded", message, param="messages")
    return None


def _failure(status: int, code: str, message: str, *, param: str | None = None) -> dict[str, Any]:
    return {"error": {"status": status, "code": code, "message": message, "param": param}}


def _write(stream: BinaryIO, reply: dict[str, Any]) -> None:
    stream.write(json.dumps(reply).encode() + b"\n")
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1])
