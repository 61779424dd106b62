"""Modules without what only readers need."""

from __future__ import annotations

import ast

import pytest

from mathtune.errors import DataError
from mathtune.formatting._shortened import shortened

MODULE = '''
"""A module that has what a shortening could break."""
from __future__ import annotations
import re
from typing import TYPE_CHECKING, NamedTuple
import attrs
from .left_out import something
if TYPE_CHECKING:
    from collections.abc import Iterator
__all__ = ["Point", "told"]
OFFSET: int = 3
limit = 10

class Point(NamedTuple):
    """A place."""
    across: int
    upwards: int = 4

@attrs.frozen(kw_only=True)
class Box:
    width: float
    height: float = attrs.field(default=2.0)

    def area(self, factor: float = 1.0) -> float:
        """Give the size."""
        result: float = self.width * self.height * factor
        later: float
        later = result
        return later

def counted(limit: int, *rest: int, **named: int) -> list[int]:
    total = limit
    seen = []
    def step(width: int) -> int:
        nonlocal total
        first = width + len(seen)
        total += first
        return total
    for index, value in enumerate(rest):
        seen.append(step(width=value) + index)
    shift = sum(value for value in named.values())
    try:
        seen.append(1 // shift)
    except ZeroDivisionError as error:
        shown = f"{error}: {shift=} {'it' + 's'!r:>{limit + 9}} {{}}"
        seen.append(shown)
    finally:
        double = lambda first: 2 * len(str(first)) + shift
    with_limit = [double(first) for first in seen[:2] if (kept := first)]
    del shift
    return [*with_limit, kept, limit, total]

def hidden():
    OFFSET = 5
    import os.path
    return OFFSET + len(os.path.sep)

_SCALE, _SHARED, _a = 2, 3, 4

class _Scaled:
    _SHARED = 5

    def _by(self, _factor: int) -> int:
        return self._SHARED * _SCALE * _factor

def _scaled(value: int, _factor: int = 7) -> int:
    return _Scaled()._by(value) * _SHARED + _factor + _a

def _graded(starting: int, factored: int, *, reached: int = 0) -> int:
    return (lambda starting: starting + sum(starting for starting in [factored]))(starting) + reached

def told():
    a, letter = Point(1), "b"
    counts = counted(1, 2, 3, more=4), counted(1, 2)
    graded = _graded(2, factored=3)
    return [a, Box(width=3.0).area(factor=2.0), counts, hidden(), OFFSET, limit, letter, _scaled(2), graded]
'''


def run(source):
    names = {"__name__": "module"}
    exec(compile(source, "module", "exec"), names)  # noqa: S102  (the text above)
    return names["told"]()


def test_a_shortened_module_does_the_same():
    """Whatever is said, left out or named anew, what comes out is what came out before."""
    short = shortened(MODULE, left_out=frozenset(["left_out"]))
    assert run(short) == run(MODULE.replace("from .left_out import something\n", ""))
    assert len(short) < 0.75 * len(MODULE)


def test_what_others_know_keeps_its_name():
    """Functions, classes, fields and arguments can be called as before; what is the module's own cannot."""
    short = shortened(MODULE, left_out=frozenset(["left_out"]))
    kept = {
        node.name for node in ast.walk(ast.parse(short)) if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    assert {"Point", "Box", "area", "counted", "step", "hidden", "told", "_by"} == kept - {"_d", "_e", "_f"}
    assert all(name in short for name in ("across", "upwards", "factor", "rest", "named", "OFFSET", "limit"))
    assert "factored" in short  # by which a call within the module names it
    assert "reached" in short
    assert not any(
        name in short
        for name in (
            "_SCALE",
            "_Scaled",
            "_scaled",
            "result",
            "later",
            "with_limit",
            "starting",
            "docstring",
            "Iterator",
            "elsewhere",
        )
    )


def test_an_older_python_reads_what_a_newer_one_shortened():
    """No f-string stays: from 3.12 on they may hold quotes that 3.11 cannot read."""
    assert "f'" not in shortened(MODULE)
    assert 'f"' not in shortened(MODULE)


def test_what_is_no_python_is_refused():
    """A text that Python cannot read is an error of ours."""
    with pytest.raises(DataError, match="no Python"):
        shortened("def f(:")


def test_imports_stay_for_what_is_used_or_handed_on():
    """What only a type named is not imported; what the module uses, or lists for others, is."""
    source = (
        "from somewhere import Given, called, kept, only as known\n"
        "from typing import TYPE_CHECKING\n"
        "__all__ = ['kept']\n\n"
        "def told(given: Given) -> int:\n    return called(known)\n"
    )
    assert shortened(source).splitlines()[0] == "from somewhere import called, kept, only as known"
    assert "typing" not in shortened(source)


def test_a_generator_has_one_pair_of_brackets_and_no_line_is_empty():
    """It is the same call, and a text keeps its own empty lines."""
    text = shortened(
        "a = all(n > 0 for n in range(1, 3))\n\n\ndef b():\n    return 'x\\n\\ny', sum((1, 2), 3)\n"
    )
    assert text == "a = all(n > 0 for n in range(1, 3))\ndef b():\n return ('x\\n\\ny', sum((1, 2), 3))"
