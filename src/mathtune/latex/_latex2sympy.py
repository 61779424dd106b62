"""The extra `latex`: another package's parser behind one seam, and its SymPy objects as our tree.

latex2sympy2 and its fork latex2sympy2_extended evaluate text, take exponential time on some texts and print,
so they run in a process of their own (`_latex2sympy_worker`) with limits of time and memory.
What comes back is names and digits. docs/design/0004-latex-extra.md says why nothing calls this by default.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING, Any

from mathtune.errors import LatexSyntaxError, MissingExtraError
from mathtune.locks import new_lock

from ._from_sympy import to_tree
from ._tokens import MAX_CHARACTERS

if TYPE_CHECKING:
    import subprocess
    from types import TracebackType

    from typing_extensions import Self

    from ._tree import Node

__all__ = ["Latex2Sympy"]


class Latex2Sympy:
    r"""A parser for LaTeX that `parse` does not read, by latex2sympy2 or latex2sympy2_extended.

    Args:
        seconds: Processor time that one text may cost before it counts as unreadable.
        megabytes: Memory that the process may take.

    The process starts with the first text, is replaced when it was killed, and ends with `close` or with the
    `with` statement. Threads may share one parser; they take turns.

    >>> with Latex2Sympy() as other:  # doctest: +SKIP
    ...     to_latex(other.parse(r"\frac12 + 14 {, }916"))
    '\\frac{1}{2} + 14916'
    """

    def __init__(self, *, seconds: int = 5, megabytes: int = 1024) -> None:
        self._limits = (seconds, megabytes)
        self._process: subprocess.Popen[str] | None = None
        self._lock = new_lock()

    def parse(self, text: str) -> Node:
        """Read a text into the same tree that `mathtune.latex.parse` gives.

        Args:
            text: LaTeX, of at most `MAX_CHARACTERS` characters.

        Raises:
            LatexSyntaxError: The package cannot read the text either, or not within the limits.
            MissingExtraError: Neither package is installed, or neither runs with this Python.
        """
        if len(text) > MAX_CHARACTERS:
            raise LatexSyntaxError(f"expected at most {MAX_CHARACTERS} characters", text, 0, len(text))
        with self._lock:
            reply = self._ask(text)
        if "error" in reply:
            raise LatexSyntaxError(
                f"expected LaTeX that latex2sympy reads ({reply['error']})", text, 0, len(text)
            )
        try:
            return to_tree(reply["tree"])
        except (ValueError, RecursionError) as error:
            raise LatexSyntaxError(f"expected mathematics ({error})", text, 0, len(text)) from error

    def close(self) -> None:
        """End the process; the next `parse` starts another."""
        with self._lock:
            self._kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, text: str) -> dict[str, Any]:
        try:
            process = self._process if self._process is not None else self._start()
            reply = _exchange(process, json.dumps(text), self._wall_seconds)
        except BaseException:  # an interrupt between question and answer: the next answer would be this one's
            self._kill()
            raise
        if reply is None:
            self._kill()
            return {"error": f"more than {self._limits[0]} s or {self._limits[1]} MB"}
        return reply

    @property
    def _wall_seconds(self) -> float:
        """When a process that is not even charged for its time counts as stuck."""
        return 10.0 * self._limits[0]

    def _start(self) -> subprocess.Popen[str]:
        import subprocess

        command = [sys.executable, "-m", "mathtune.latex._latex2sympy_worker", *map(str, self._limits)]
        process = subprocess.Popen(  # noqa: S603  (our own module)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        )
        self._process = process
        ready = _exchange(process, None, 60.0)
        if ready is None or "ready" not in ready:
            raise MissingExtraError("latex2sympy2_extended", "latex", "Latex2Sympy")
        return process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _exchange(process: subprocess.Popen[str], request: str | None, seconds: float) -> dict[str, Any] | None:
    """Send a line and wait for one; None if the process died or had to be killed."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("expected a process with pipes")
    alarm = threading.Timer(seconds, process.kill)
    alarm.daemon = True
    alarm.start()
    try:
        if request is not None:
            process.stdin.write(f"{request}\n")
            process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        return None
    finally:
        alarm.cancel()
    try:
        reply: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError):  # the line of a process that was killed while it wrote
        return None
    return reply
