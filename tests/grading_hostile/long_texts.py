"""Texts of ten megabytes from a few signs over and over, and the ways by which a text comes into the engine.

Run as a script, it tries the texts in its own process and says what each try took: one JSON line a try.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from fractions import Fraction
from pathlib import Path

from mathtune.answers import all_boxed, is_cut_off, last_boxed, unboxed, without_thinking
from mathtune.errors import MathtuneError
from mathtune.grading import (
    NotScalarError,
    Regime,
    audit_golds,
    equivalent,
    formula,
    grade,
    grade_asymptotic,
    grade_batch,
    hardmath_regimes,
    to_sympy,
)
from mathtune.latex import parse

__all__ = ["TEN_MEGABYTES", "UNITS", "WAYS", "WAYS_OF_A_VERDICT", "long_text", "try_out"]

TEN_MEGABYTES = 10_000_000
UNITS = json.loads((Path(__file__).parent / "cases/repeated.json").read_text(encoding="utf-8"))
PROBLEM = "Find the area of the field. What is x? How many cats are there? (A) 1 (B) 2"
REGIMES = [
    Regime(name="small", point=Fraction(1, 10), values=(1.1,)),
    Regime(name="large", point=Fraction(10), values=(3, 4j)),
]


def long_text(unit, size):
    """The signs over and over, so many bytes of UTF-8."""
    return unit * (size // len(unit.encode("utf-8", "surrogatepass")))


def read(text):
    """All that reads a text by itself, or says that it is no mathematics."""
    for reader in (parse, formula, to_sympy):
        with contextlib.suppress(MathtuneError, NotScalarError):
            reader(text)


def regimes_of(text):
    """A row of HARDMath, whichever of its fields is broken."""
    row = {"answer_val": "x", "small_eval_point": "0.1", "small_numerical": "1"}
    for field in row:
        with contextlib.suppress(MathtuneError):
            hardmath_regimes(row | {field: text})


WAYS_OF_A_VERDICT = {
    "response": lambda text: grade(text, "(1, 2)", context=PROBLEM),
    "box": lambda text: grade(f"\\boxed{{{text}}}", "5"),
    "claim": lambda text: grade(f"The answer is ${text}$.", "5"),
    "gold answer": lambda text: grade("So it is 5.", text, context=PROBLEM),
    "both": lambda text: equivalent(text, f"{text[:-1]}z"),
    "problem": lambda text: grade("The first is 1. The second is 2.", "1, 2", context=text),
}
WAYS = {
    **WAYS_OF_A_VERDICT,
    "before a box": lambda text: grade(f"{text} So it is \\boxed{{5}}.", "5"),
    "problem of an inequality": lambda text: equivalent("x < 3", "x = 2", context=text),
    "sentence": lambda text: grade(text, text).explain(),
    "batch": lambda text: grade_batch([text, "5"], ["5", text], contexts=[None, text]),
    "approximation": lambda text: grade_asymptotic(text, REGIMES),
    "row of approximations": regimes_of,
    "audit": lambda text: audit_golds([("a", text)]),
    "reading": read,
    "last box": last_boxed,
    "all boxes": all_boxed,
    "without boxes": unboxed,
    "end": is_cut_off,
    "without thoughts": without_thinking,
}


def try_out(way, text):
    """(seconds of processor time that a try took, the most megabytes that the process ever held)."""
    start = time.process_time()
    WAYS[way](text)
    seconds = time.process_time() - start
    return seconds, peak_megabytes()


def peak_megabytes():
    """The most memory that this process ever held; `getrusage` counts in the one that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0]) >> 10


def main():
    for way in WAYS_OF_A_VERDICT:  # what is imported late is no text's work
        try_out(way, "\\sqrt{2} + x")
    for name, unit in UNITS.items():
        text = long_text(unit, TEN_MEGABYTES)
        for way in WAYS_OF_A_VERDICT:
            sys.stdout.write(json.dumps([name, way, *try_out(way, text)]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
