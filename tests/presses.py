"""Ctrl-C at every moment at which it can fall: what a test calls that holds for all of them."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["presses"]


def presses(work: Callable[[], object]) -> Iterator[KeyboardInterrupt | None]:
    """Run work with Ctrl-C a moment later each time, until it comes too late; give what it raised.

    Python looks for signals where one of its functions begins and where one in C has returned, in our code
    and in the standard library's, so it is raised there. What is given holds the whole traceback, as a
    notebook does: nothing is cleaned up only because nobody looks any more. It is None where Python lost the
    press, as in the callback of a weak reference.
    """
    for moment in itertools.count():
        pressing = _Pressing(moment)
        raised, hook = None, sys.unraisablehook
        try:
            sys.unraisablehook = lambda _lost: None
            sys.setprofile(pressing)
            work()
        except KeyboardInterrupt as press:
            raised = press
        finally:
            sys.setprofile(None)
            sys.unraisablehook = hook
        if not pressing.done:
            return
        yield raised


class _Pressing:
    def __init__(self, moment: int) -> None:
        self._left = moment
        self.done = False

    def __call__(self, _frame: object, event: str, _argument: object) -> None:
        if event not in {"call", "c_return"}:
            return
        self._left -= 1
        if self._left < 0:
            sys.setprofile(None)
            self.done = True
            raise KeyboardInterrupt
