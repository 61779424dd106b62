"""Generation in a process of its own, so that a model that takes all memory takes no server down.

The server's side: starts the process when it is first needed and when it has died; one JSON line a batch.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

import attrs

from ._errors import ApiError
from ._generator import Answer, Choice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from typing_extensions import Self

    from ._chat_request import ChatRequest

GRACE_SECONDS: Final = 2.0


class GenerationProcess:
    """A generator that runs `python -m mathtune.server._generation_worker FOLDER`.

    Args:
        folder: The server's directory, with the device's locks and the process's log.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def generate(self, source: str, requests: Sequence[ChatRequest]) -> list[Answer | ApiError]:
        """Have a batch answered.

        Raises:
            ApiError: 500, when the model cannot be loaded, or the process died twice over this batch.
        """
        order = {"model": source, "requests": [attrs.asdict(request) for request in requests]}
        line = json.dumps(order).encode() + b"\n"
        with self._lock:
            # a process that something killed while it was idle may look alive: the batch is tried once more
            reply = self._exchange(line) or self._exchange(line)
            if reply is None:
                raise self._died()
        if "error" in reply:
            raise _api_error(reply["error"])
        return [_answer(item) for item in reply["answers"]]

    def _exchange(self, line: bytes) -> dict[str, Any] | None:
        """Send a batch and wait for its answers; None when the process died over it."""
        process = self._running()
        try:
            process.stdin.write(line)  # type: ignore[union-attr]  # it was opened as a pipe
            process.stdin.flush()  # type: ignore[union-attr]  # likewise
            reply = process.stdout.readline()  # type: ignore[union-attr]  # likewise
        except BrokenPipeError:
            reply = b""
        if not reply.endswith(b"\n"):
            process.kill()
            process.wait()
            return None
        decoded: dict[str, Any] = json.loads(reply)
        return decoded

    def _died(self) -> ApiError:
        status = "unknown" if self._process is None else self._process.returncode
        message = f"The generation process ended twice, now with status {status}; is the memory too small?"
        return ApiError(500, message, code="generation_process_died", kind="server_error")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            with (self._folder / "generation.log").open("ab") as words:
                self._process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
                    [sys.executable, "-m", "mathtune.server._generation_worker", str(self._folder)],
                    stdin=subprocess.PIPE,  # its end tells the process that the server is gone
                    stdout=subprocess.PIPE,
                    stderr=words,
                    env={**os.environ, "HF_HUB_DISABLE_PROGRESS_BARS": "1", "TQDM_DISABLE": "1"},
                    start_new_session=True,  # Ctrl-C at the server's terminal is the server's alone
                )
        return self._process


def _answer(item: dict[str, Any]) -> Answer | ApiError:
    if "error" in item:
        return _api_error(item["error"])
    return Answer(
        choices=tuple(Choice(**choice) for choice in item["choices"]), prompt_tokens=item["prompt_tokens"]
    )


def _api_error(fields: dict[str, Any]) -> ApiError:
    return ApiError(
        fields["status"],
        fields["message"],
        code=fields["code"],
        param=fields.get("param"),
        kind="server_error" if fields["status"] >= 500 else "invalid_request_error",
    )
