"""Pairs that a mathematician can read, a pair a line of the case files; `==` and `!=` hold both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from mathtune.grading import equivalent

CASES = Path(__file__).with_name("cases")


def read_cases():
    for path in sorted(CASES.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            text = line.split("  ##")[0].rstrip()
            if not text or text.startswith("##"):
                continue
            for mark in ("  ==  ", "  !=  ", "  =>  ", "  !>  "):
                if mark in text:
                    gold, given = text.split(mark)
                    yield pytest.param(gold, given, mark.strip(), id=f"{path.stem}:{number}")


@pytest.mark.parametrize(("gold", "given", "mark"), list(read_cases()))
def test_pair(gold, given, mark):
    """A line `a == b` is equal both ways, `a != b` is not; `=>` and `!>` hold with the left as gold."""
    verdict = equivalent(gold, given)
    assert bool(verdict) == (mark[0] == "="), verdict
    if mark in ("==", "!="):
        assert bool(equivalent(given, gold)) == (mark == "==")
