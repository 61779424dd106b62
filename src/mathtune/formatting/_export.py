"""The grading engine as one source string, for a `python` grader on a server that has no mathtune.

The string carries the engine's own modules (shortened, compressed, in base 92), and in place of
python-flint balls over mpmath and polynomials over sympy. It needs what OpenAI's image has: sympy with its
mpmath, and jsonschema with its attrs.
"""

from __future__ import annotations

import bz2
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import attrs

from mathtune.policy import Policy

from ._graders import PythonGrader
from ._shortened import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.abc import Traversable

__all__ = ["export_python_grader"]

_ENGINE = ("answers", "algebra", "grading", "latex")
_MODULES = ("errors.py", "locks.py", "policy.py")
_STAND_INS = {  # python-flint's names, from the module that has them without it
    "_ball_precision": ("ctx",),
    "_balls": ("acb", "arb", "fmpz"),
    "_polynomials": ("acb_mat", "fmpq", "fmpq_mat", "fmpq_mpoly", "fmpq_mpoly_ctx", "fmpq_poly", "fmpz_poly"),
}
_BELOW_THEM = ("_ball_functions",)
# What a grader of single answers never calls.
_LEFT_OUT = frozenset(
    [
        "_arrow",
        "_asymptotic",
        "_audit",
        "_batch",
        "_exchange",
        "_explained",
        "_from_sympy",
        "_latex2sympy",
        "_latex2sympy_worker",
    ]
)

# All printable signs but those that a string of Python or JSON escapes. 27 of them hold 22 bytes: in base 85,
# the string would be 4.5 kB larger.
_SIGNS = "".join(sign for sign in map(chr, range(32, 127)) if sign not in "\"'\\")
_SIGNS_TOGETHER, _BYTES_TOGETHER = 27, 22

_SOURCE = '''"""The grading engine of mathtune {version}, packed by export_python_grader."""
import atexit
import bz2
import os
import shutil
import sys
import tempfile

SIGNS = {signs!r}
ENGINE = {packed!r}


def compressed():
    """Give the bytes that the engine's signs are, so many at a time: the digits of a number in base 92."""
    values = {{sign: value for value, sign in enumerate(SIGNS)}}
    for start in range(0, len(ENGINE), {signs_together}):
        number = 0
        for sign in ENGINE[start : start + {signs_together}]:
            number = len(SIGNS) * number + values[sign]
        yield number.to_bytes({bytes_together}, "big")


def unpack():
    """Put the engine where it can be imported; python-flint, where it is installed, goes before our balls."""
    folder = tempfile.mkdtemp(prefix="mathtune-")
    atexit.register(shutil.rmtree, folder, True)
    for file in bz2.decompress(b"".join(compressed())).decode().split("\\0"):
        name, _, text = file.partition("\\n")
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
    sys.path.insert(0, folder)
    sys.path.append(os.path.join(folder, "without_flint"))


if "mathtune.grading" not in sys.modules:
    unpack()

from mathtune.grading import grade as _judge  # noqa: E402
from mathtune.policy import Policy  # noqa: E402

POLICY = Policy({policy})


def grade(sample, item):
    """Give 1.0 where the final answer of the response is equal to the gold answer, else 0.0."""
    gold = item.get({answer!r})
    if not isinstance(gold, str):
        raise KeyError({answer!r})
    context = item.get({problem!r})
    response = sample.get("output_text") or ""
    verdict = _judge(response, gold, policy=POLICY, context=context if isinstance(context, str) else None)
    return 1.0 if verdict else 0.0
'''


def export_python_grader(
    policy: Policy | None = None, *, name: str = "mathtune", answer: str = "answer", problem: str = "problem"
) -> PythonGrader:
    """Give a `python` grader that judges by mathematical equivalence, as `mathtune.grade` does.

    Differences to `mathtune.grade`: numbers are compared with mpmath's precision instead of Arb's proofs, and
    it is slower. What it judges "undecided" scores 0.

    Args:
        policy: What counts as equal; None is the default.
        name: The grader's name.
        answer: The key under which an example holds its gold answer.
        problem: The key under which an example holds the problem's text, which tells about options and units;
            an example need not have it.

    Raises:
        DataError: The string is larger than a server takes.

    >>> grader = export_python_grader()
    >>> len(grader.source) < 256_000
    True
    """
    from mathtune._version import __version__

    chosen = policy or Policy()
    values = attrs.asdict(chosen, filter=lambda field, value: value != field.default)
    source = _SOURCE.format(
        version=__version__,
        packed="".join(_in_signs(_packed())),
        signs=_SIGNS,
        signs_together=_SIGNS_TOGETHER,
        bytes_together=_BYTES_TOGETHER,
        policy=", ".join(f"{key}={value!r}" for key, value in values.items()),
        answer=answer,
        problem=problem,
    )
    return PythonGrader(name=name, source=source)


def _in_signs(data: bytes) -> Iterator[str]:
    """The digits of so many bytes at a time; zeros fill up the last, which a reader of bz2 passes over."""
    for start in range(0, len(data), _BYTES_TOGETHER):
        number = int.from_bytes(data[start : start + _BYTES_TOGETHER].ljust(_BYTES_TOGETHER, b"\0"), "big")
        digits: list[str] = []
        for _ in range(_SIGNS_TOGETHER):
            number, digit = divmod(number, len(_SIGNS))
            digits.append(_SIGNS[digit])
        yield "".join(reversed(digits))


@cache  # the same for every policy, and some seconds of work
def _packed() -> bytes:
    # in one piece: compressed file by file it is two thirds larger, and over the server's limit
    return bz2.compress("\0".join(f"{name}\n{text}" for name, text in _files()).encode(), 9)


def _files() -> Iterator[tuple[str, str]]:
    root = resources.files("mathtune")
    yield "mathtune/__init__.py", ""
    for name in _MODULES:
        yield f"mathtune/{name}", _shortened(root.joinpath(name).read_text(encoding="utf-8"))
    for package in _ENGINE:
        for path, file in sorted(
            _below(f"mathtune/{package}", root.joinpath(package)), key=lambda found: found[0]
        ):
            if path.endswith(".py"):
                yield path, _shortened(file.read_text(encoding="utf-8"))
    flint = "\n".join(f"from .{module} import {', '.join(names)}" for module, names in _STAND_INS.items())
    yield "without_flint/flint/__init__.py", flint
    for module in (*_STAND_INS, *_BELOW_THEM):
        text = root.joinpath("formatting").joinpath(f"{module}.py").read_text(encoding="utf-8")
        yield f"without_flint/flint/{module}.py", _shortened(text)
    # behind all modules: data between them costs a hundredth of the size
    words = json.loads(root.joinpath("answers").joinpath("phrases.json").read_text(encoding="utf-8"))
    yield "mathtune/answers/phrases.json", json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _below(path: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for file in folder.iterdir():
        if file.is_dir() and file.name != "__pycache__":
            yield from _below(f"{path}/{file.name}", file)
        elif file.is_file() and not file.name.endswith((".pyc", ".typed")) and _is_needed(file.name):
            yield f"{path}/{file.name}", file


def _is_needed(name: str) -> bool:
    return name.removesuffix(".py") not in _LEFT_OUT


def _shortened(source: str) -> str:
    return shortened(source, left_out=_LEFT_OUT)
