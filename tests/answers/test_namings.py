"""What sentences give a name to, lists at their end, and lettered parts."""

from __future__ import annotations

import pytest

from mathtune.answers import last_list, lettered_parts, namings


@pytest.mark.parametrize(
    ("response", "named"),
    [
        ("So the length is 12 cm and the width is 5 cm.", [("length", "12 cm"), ("width", "5 cm")]),
        ("Mean: 14\nSD: 3", [("Mean", "14"), ("SD", "3")]),
        ("| Mean | 6 |\n| Median | 5 |", [("Mean", "6"), ("Median", "5")]),
        ("It has center $(2,-1)$ and radius $4$.", [("center", "(2,-1)"), ("radius", "4")]),
        ("There are 11 boys and 14 girls.", [("boys", "11"), ("girls", "14")]),
        ("We get $x = 3$, so $y = 7 - 3 = 4$.", [("x", "3"), ("y", "4")]),
        ("If x = 1, we get more.", []),
        ("<think>The mean is 3.", []),
    ],
)
def test_named_values(response, named):
    """A clause names its value by a link, beside its noun or in a formula; a condition names none."""
    assert [(naming.name, naming.value) for naming in namings(response)] == named


@pytest.mark.parametrize(
    ("response", "values"),
    [
        ("It crosses at the points (1, 0) and (-1, 0).", ["(1, 0)", "(-1, 0)"]),
        ("They meet at $(3, 4)$ and at $(-4, -3)$.", ["$(3, 4)$", "$(-4, -3)$"]),
        ("There is a maximum of 3 at 1.", ["1"]),
        ("It is not 6 and 7.", []),
        ("", []),
    ],
)
def test_last_list(response, values):
    """The values with which the last sentence ends, if it does not deny them."""
    assert last_list(response) == values


def test_lettered_parts():
    """Each part of a response goes with its letter."""
    assert [mark for mark, _ in lettered_parts("(a) It is 3.\n\n**(b)** It is 4.")] == ["a", "b"]
    assert lettered_parts("It is f(a) here.") == []
