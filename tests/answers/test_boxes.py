"""Boxes: the last balanced one, however it is written."""

from __future__ import annotations

import pytest

from mathtune.answers import last_boxed

CASES = {
    r"Thus $x=\boxed{5}$.": "5",
    r"\boxed{\frac{1}{2}}": r"\frac{1}{2}",
    r"first \boxed{1}, at last \boxed{2}": "2",
    r"\boxed{\boxed{7}}": "7",
    r"\boxed{\{1,2\}}": r"\{1,2\}",
    r"\boxed{\left\{ x : x > 1 \right.}": r"\left\{ x : x > 1 \right.",
    r"$\boxed 5$ apples": "5",
    r"\boxed\frac{1}{2}$": r"\frac{1}{2}",
    r"\boxed {8}": "8",
    r"\fbox{$3$}": "3",
    r"a box that lost its backslash: boxed{6}": "6",
    r"\\boxed{\\frac{1}{2}}": r"\frac{1}{2}",
    r"\\boxed{\frac{1}{2}}": r"\frac{1}{2}",
    r"\\boxed{\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}}": r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}",
    "\x08oxed{\x0crac{1}{2}}": r"\frac{1}{2}",
    "\\boxed{3 \times 4}": r"3 \times 4",
    r"balanced \boxed{4}, then unclosed \boxed{5": "4",
    r"\boxed{9} and an empty \boxed{}": "9",
}


@pytest.mark.parametrize(("solution", "content"), CASES.items())
def test_last_boxed_gives_the_content_of_the_last_box(solution, content):
    """The last balanced box that holds something is the answer, without its wrapping."""
    assert last_boxed(solution) == content


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no box",
        "I write it in a boxed form",
        r"the command \boxed gives a frame",
        r"\boxed{",
        r"\boxed{}",
    ],
)
def test_last_boxed_gives_none_where_nothing_is_boxed(text):
    """The word, an empty box and an unclosed box are no answer."""
    assert last_boxed(text) is None
