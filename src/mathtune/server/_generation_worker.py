"""The generation process: `python -m mathtune.server._generation_worker FOLDER [PRECISION]`.

Orders come as JSON lines, `{"ask": number, "model", "request"}` or `{"cancel": number}`; what is written goes
back as JSON lines with the number and a `piece`, the `answer` or an `error`. All requests under way move on
together, the models in turn. The device is held only while there is something to compute, and given way to
others now and then.
"""

from __future__ import annotations

import collections
import json
import os
import queue
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from mathtune.errors import MathtuneError

from ._adapters import Bases
from ._generator import GenerationRequest
from ._lease import DeviceLease

if TYPE_CHECKING:
    from typing import BinaryIO

    from ._generation import Generator
    from ._loading import Precision
    from ._writing import Row, Task

KEPT_MODELS: Final = 4
GATHER_SECONDS: Final = 0.005
TURN_SECONDS: Final = 0.5  # how long a training waits for a step of its own, at most
TURN_STEPS: Final = 32  # tokens that one model writes before another has its turn


def main(folder: str, precision: Precision = "auto") -> None:
    """Answer until standard input ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to the log, not between the replies
    orders: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(orders,), daemon=True).start()
    Worker(orders, replies, DeviceLease(Path(folder)), Models(KEPT_MODELS, precision)).serve()


def _read(orders: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        orders.put(line)
    os._exit(0)  # the server has gone: nobody waits for what is under way


class Worker:
    """Answers what comes in.

    Args:
        orders: JSON lines.
        replies: Where JSON lines go.
        lease: The right to compute.
        models: What answers.
    """

    def __init__(
        self, orders: queue.SimpleQueue[bytes], replies: BinaryIO, lease: DeviceLease, models: Models
    ) -> None:
        self._orders = orders
        self._replies = replies
        self._lease = lease
        self._models = models
        # by model, in the order in which their turns come
        self._waiting: collections.OrderedDict[str, dict[int, GenerationRequest]] = collections.OrderedDict()
        self._tasks: dict[str, dict[int, Task]] = {}

    def serve(self) -> None:
        """Answer for ever."""
        while True:
            self._read_order(self._orders.get())
            time.sleep(GATHER_SECONDS)  # what comes together begins together
            self._read_orders()
            with self._lease:
                self._work()

    def _work(self) -> None:
        """Go on until nothing is asked."""
        turn_ends = time.monotonic() + TURN_SECONDS
        while self._waiting:
            source = next(iter(self._waiting))
            self._waiting.move_to_end(source)
            if not self._models.has_room_for(source):
                continue  # one of those at work comes next, and ends some time
            try:
                self._advance(source, turn_ends)
            except Exception as error:  # noqa: BLE001  (one model's trouble must not end the process for all)
                self._give_up(source, _fault(error))
            if source in self._waiting and not self._waiting[source] and not self._tasks.get(source):
                del self._waiting[source]
            if time.monotonic() >= turn_ends:
                self._lease.give_way()
                turn_ends = time.monotonic() + TURN_SECONDS

    def _advance(self, source: str, turn_ends: float) -> None:
        """Let a model write for a while."""
        model = self._models.get(source)
        for _ in range(TURN_STEPS):
            self._begin(model, source)
            if not model.writer.busy:
                return
            for row in model.writer.step():
                self._tell_of(source, row)
            self._read_orders()
            if time.monotonic() >= turn_ends:
                return

    def _begin(self, model: Generator, source: str) -> None:
        asked = self._waiting[source]
        while asked and model.writer.hungry:
            number = next(iter(asked))
            request = asked.pop(number)
            try:
                self._tasks.setdefault(source, {})[number] = model.begin(request, number=number)
            except Exception as error:  # noqa: BLE001  (a request that cannot begin costs no other anything)
                self._say(number, **_fault(error))

    def _tell_of(self, source: str, row: Row) -> None:
        """Hand on what is new of a row, and its request's answer when it was the last."""
        if row.request.pieces and (piece := _new_piece(row)) is not None:
            self._say(row.task.number, piece=piece)
        answer = row.task.answer
        if answer is not None and self._tasks[source].pop(row.task.number, None) is not None:
            self._say(row.task.number, answer=attrs.asdict(answer))

    def _read_orders(self) -> None:
        while not self._orders.empty():
            self._read_order(self._orders.get())

    def _read_order(self, line: bytes) -> None:
        order = json.loads(line)
        if "cancel" in order:
            self._cancel(order["cancel"])
            return
        request = GenerationRequest(**order["request"])
        self._waiting.setdefault(order["model"], {})[order["ask"]] = request

    def _cancel(self, number: int) -> None:
        for asked in self._waiting.values():
            asked.pop(number, None)
        for tasks in self._tasks.values():
            if (task := tasks.pop(number, None)) is not None:
                for row in task.rows:
                    row.finish_reason = row.finish_reason or "cancelled"

    def _give_up(self, source: str, fault: dict[str, Any]) -> None:
        """Fail all that was asked of a model, and let go of it."""
        self._models.forget(source)
        for number in (*self._tasks.pop(source, {}), *self._waiting.pop(source, {})):
            self._say(number, **fault)

    def _say(self, number: int, **what: object) -> None:
        self._replies.write(json.dumps({"number": number, **what}).encode() + b"\n")
        self._replies.flush()


class Models:
    """The models that were asked last.

    Args:
        most: How many are kept in memory.
        precision: What they compute in.
    """

    def __init__(self, most: int, precision: Precision) -> None:
        self._most = most
        self._loaded: collections.OrderedDict[str, Generator] = collections.OrderedDict()
        self._bases = Bases(precision)

    def get(self, source: str) -> Generator:
        """Give a model, loaded if need be."""
        from ._generation import Generator

        if source not in self._loaded:
            if len(self._loaded) >= self._most:
                del self._loaded[self._idle()[0]]
            self._loaded[source] = Generator(source, self._bases)
        self._loaded.move_to_end(source)
        return self._loaded[source]

    def has_room_for(self, source: str) -> bool:
        """Say whether a model is loaded, or can be in place of one that has nothing to do."""
        return source in self._loaded or len(self._loaded) < self._most or bool(self._idle())

    def forget(self, source: str) -> None:
        """Let go of a model."""
        self._loaded.pop(source, None)

    def _idle(self) -> list[str]:
        return [name for name, model in self._loaded.items() if not model.writer.busy]


def _new_piece(row: Row) -> dict[str, Any] | None:
    """Give what a row has written since it was last looked at; None if nothing."""
    characters, entries = row.sent
    ended = row.finish_reason is not None
    text = row.choice().text if ended else row.transcript.text
    covered = row.transcript.covered(len(text))
    if not ended and len(text) <= characters and covered <= entries:
        return None
    row.sent = (len(text), covered)
    told = None if row.request.logprobs is None else row.likelihoods[entries:covered]
    return {
        "index": row.index,
        "text": text[characters:],
        "logprobs": told,
        "finish_reason": row.finish_reason,
    }


def _fault(error: Exception) -> dict[str, Any]:
    """Say what went wrong as a reply does: the client's mistakes, and ours."""
    from ._prompt import RefusedError

    if isinstance(error, RefusedError):
        return _failure(400, error.code, error.message, param=error.param)
    if isinstance(error, MathtuneError):
        return _failure(400, "model_not_available", str(error), param="model")
    traceback.print_exc()
    if (
        isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    ):  # torch's is no MemoryError
        return _failure(
            500, "out_of_memory", "Generation ran out of memory; ask for fewer or shorter answers."
        )
    return _failure(500, "internal_error", f"Generation failed: {type(error).__name__}.")


def _failure(status: int, code: str, message: str, *, param: str | None = None) -> dict[str, Any]:
    return {"error": {"status": status, "code": code, "message": message, "param": param}}


if __name__ == "__main__":
    main(*sys.argv[1:])  # type: ignore[arg-type]  # (a text that the settings have checked)
