"""Tests of the calculator that a model may call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathtune.generation import Calculator
from mathtune.grading import equivalent

CALCULATOR = Calculator()
CASES = [line.split("\t") for line in Path(__file__).with_name("calculator.tsv").read_text().splitlines()[1:]]


def call(name, **arguments):
    return CALCULATOR.call(name, json.dumps(arguments))


@pytest.mark.parametrize(("tool", "given_text", "result"), CASES)
def test_cases(tool, given_text, result):
    """Each line of the file: a tool, what it is given, what it answers."""
    name = "equation" if tool == "solve" else "expression"
    assert call(tool, **{name: given_text}) == result


def test_digits_are_right_to_the_last():
    """The square root of two to forty digits."""
    assert call("evaluate", expression="sqrt(2)", digits=40) == "1.414213562373095048801688724209698078570"
    assert call("evaluate", expression="1/7", digits=5) == "0.14286"


@pytest.mark.parametrize("digits", [0, 101, "5", True, 2.5])
def test_digits_out_of_range_are_refused(digits):
    """The message says what would be right."""
    assert call("evaluate", expression="pi", digits=digits) == "error: digits is a whole number from 1 to 100"


def test_the_unknown_may_be_chosen():
    """A linear equation in two letters is solved for the one that is named."""
    assert call("solve", equation="2x + 3y = 6", unknown="y") == "y = -2/3*x + 2"


@pytest.mark.parametrize(
    "arguments",
    ["", "{", "[]", "null", '{"expression": 5}', "{}", '{"expression": "' + "1" * 3000 + '"}', "[" * 100_000],
)
def test_arguments_that_are_none_are_answered_by_an_error(arguments):
    """A model writes what it likes."""
    assert CALCULATOR.call("evaluate", arguments).startswith("error: ")
    assert CALCULATOR.call("no such tool", "{}").startswith("error: no tool")


@pytest.mark.parametrize(
    "bomb",
    [
        "9^{9^{9^9}}",
        "(10^{10^{10}})!",
        "(a+b+c+d+f+g+h)^{60}",
        "((((x+1)^{60})^{60})^{60})^{60}",
        r"\binom{10^9}{5 \cdot 10^8}",
        "(" * 1000,
        r"\sum_{k=1}^{10^{12}} \sum_{j=1}^{10^{12}} \sin(k j)",
        "*".join(f"(x_{n}+1)" for n in range(100)),
        "__import__('os').system('true')",
    ],
)
def test_bombs_are_refused(bomb):
    """What would explode is declined, by every tool."""
    for tool, name in (("evaluate", "expression"), ("simplify", "expression"), ("solve", "equation")):
        assert len(call(tool, **{name: bomb})) < 3000


@settings(max_examples=60)
@given(st.sampled_from(["evaluate", "simplify", "solve"]), st.text(max_size=30), st.text(max_size=3))
def test_no_text_raises(tool, text, unknown):
    """Whatever a model writes, it gets a text back."""
    given_text = {"expression": text, "equation": text, "unknown": unknown}
    assert isinstance(CALCULATOR.call(tool, json.dumps(given_text)), str)


fractions = st.fractions(min_value=-9, max_value=9, max_denominator=9)


@settings(max_examples=40)
@given(st.lists(fractions, min_size=1, max_size=4))
def test_the_roots_of_a_product_are_found(roots):
    """An equation made from rational roots has exactly these solutions, in order within a degree."""
    equation = "*".join(f"(x - ({root}))" for root in roots) + " = 0"
    assert call("solve", equation=equation) == " or ".join(f"x = {root}" for root in sorted(set(roots)))


@settings(max_examples=40)
@given(
    st.lists(st.integers(-5, 5), min_size=2, max_size=4), st.lists(st.integers(1, 5), min_size=1, max_size=2)
)
def test_simplifying_keeps_the_value(top, below):
    """The engine finds both sides equal."""
    numerator, denominator = (
        " + ".join(f"({c})*x^{n}" for n, c in enumerate(row)) for row in (top, [*below, 7])
    )
    text = f"({numerator})/({denominator})"
    assert equivalent(text, call("simplify", expression=text).split(" = ")[0])
