"""Whole responses and answers to known problems, written by examiners who had not seen the engine."""

from __future__ import annotations

import pytest

from mathtune.grading import equivalent, grade

from .case_files import EXAMINED_FILES, examined_in


# A test a file, as for the pairs.
@pytest.mark.parametrize("path", EXAMINED_FILES, ids=lambda path: path.stem)
def test_rows(path):
    """A response earns its gold answer exactly where a mathematician would say so."""
    rows = list(examined_in(path))
    wrong = [
        f"{place}: {row}\n    {verdict}"
        for place, row in rows
        if bool(verdict := judged(**row)) != row["equal"]
    ]
    assert rows
    assert not wrong, "\n".join(wrong)


def judged(*, kind, gold, response, problem=None, **_):
    """Give the engine's verdict on a row."""
    if kind == "answer":
        return equivalent(gold, response, context=problem)
    return grade(response, gold, context=problem)
