"""The equation around an answer, and what it is worth to the grade."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.answers import equation_around, extract_answer
from mathtune.grading import grade

LINES = [
    "So $2x+3y=6$.",
    r"Therefore, \[2x + 3y = 6.\]",
    "So 2x + 3y = 6.",
    "The standard form is $2x+3y=6$, where the first coefficient is positive.",
    "We clear the denominators: $4x + 6y = 12$.",
    "Thus $x=3$ is on it, and $2x+3y=6$.",
]


@pytest.mark.parametrize("response", LINES)
def test_an_equation_is_an_answer_where_one_is_asked_for(response):
    """A last side belongs to its equation where the gold answer is an equation."""
    assert grade(response, "2x+3y=6")


@pytest.mark.parametrize("response", LINES)
@pytest.mark.parametrize("gold", ["2x+3y=7", "3x+2y=6", "2x-3y=6", "2x+3y<6"])
def test_another_equation_is_wrong(response, gold):
    """The equation around an answer is judged as any equation is."""
    assert not grade(response, gold)


@pytest.mark.parametrize(
    "response", ["So the sum is 6.", "So $6$.", "$2x+3y$ is 6.", r"So \boxed{6}.", "2x=3y=6"]
)
def test_a_value_alone_is_no_equation(response):
    """Where there is not exactly one sign of equality before it, a value stays a value."""
    assert equation_around(response, extract_answer(response)) is None
    assert not grade(response, "2x+3y=6")


@pytest.mark.parametrize("response", LINES[:4])
def test_a_value_stays_an_answer(response):
    """The same responses answer a question for the value."""
    assert grade(response, "6")


@given(st.text(alphabet="2x+3y=6 .,$\\[]()an", max_size=60), st.integers(0, 9))
def test_the_equation_stands_in_the_response(before, number):
    """Whatever stands before an answer, its equation is a piece of the response that ends with it."""
    response = f"{before}={number}"
    answer = extract_answer(response)
    equation = answer and equation_around(response, answer)
    if equation:
        assert response[slice(*equation.span)] == equation.text
        assert equation.text.endswith(answer.text)
        assert equation.text.count("=") == 1
