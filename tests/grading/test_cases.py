"""Pairs that a mathematician can read, a pair a line of the case files; `==` and `!=` hold both ways."""

from __future__ import annotations

import pytest

from mathtune.grading import equivalent

from .case_files import PAIR_FILES, pairs_of


# A test a file, as a test a line costs pytest several times what it costs the engine.
@pytest.mark.parametrize("path", PAIR_FILES, ids=lambda path: path.stem)
def test_pairs(path):
    """A line `a == b` is equal both ways, `a != b` is not; `=>` and `!>` hold with the left as gold."""
    lines = list(pairs_of(path))
    wrong = [
        f"{place}: {gold}  {mark}  {given}\n    {verdict}"
        for place, gold, mark, given in lines
        for verdict in contradictions(gold, mark, given)
    ]
    assert lines
    assert not wrong, "\n".join(wrong)


def contradictions(gold, mark, given):
    """Give the verdicts that are not what the mark says."""
    ways = [(gold, given), (given, gold)] if mark in {"==", "!="} else [(gold, given)]
    verdicts = [equivalent(*way) for way in ways]
    return [verdict for verdict in verdicts if bool(verdict) != (mark[0] == "=")]
