"""The calculator, and examples that use it."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError, LatexSyntaxError
from mathtune.formatting import (
    ChatFormatter,
    ToolFormatter,
    calculate,
    check_examples,
    read_jsonl,
    write_jsonl,
)
from mathtune.problems import Problem, read_problems

DATA = Path(__file__).parents[2] / "../shared/data"

numbers = st.integers(0, 10**6).map(str) | st.decimals(0, 1000, places=3).map(str)
expressions = st.recursive(
    numbers,
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map("".join)
        | inner.map(lambda text: f"({text})")
        | inner.map(lambda text: f"-({text})")
    ),
    max_leaves=8,
)


@given(expressions)
def test_calculations_are_exact(expression):
    """The result is what exact fractions give; Python reads our own harmless expression as the oracle."""
    exact = re.sub(r"\d+(?:\.\d+)?", lambda n: f"Fraction('{n[0]}')", expression)
    try:
        expected = eval(exact, {"Fraction": Fraction})  # noqa: S307  (made by this test, of digits and signs)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            calculate(expression)
    else:
        assert Fraction(calculate(expression)) == expected


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("1,200*3", "3600"),
        ("20%*50", "10"),
        (".5+.25", "0.75"),
        ("2.50 + 1", "3.5"),
        ("7/3", "7/3"),
        ("-3+1", "-2"),
        ("1/8", "0.125"),
        ("3-(2-5)", "6"),
        ("-1/80", "-0.0125"),
        ("1/1000000", "0.000001"),
    ],
)
def test_results_are_written_as_a_person_would(expression, result):
    """Integers, decimals that end, else fractions."""
    assert calculate(expression) == result


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "2+",
        "(2",
        "2)",
        "2**3",
        "x",
        "__import__('os')",
        "2 3",
        "1e5",
        "(" * 60 + "1" + ")" * 60,
        "1+" * 2000 + "1",
    ],
)
def test_what_is_no_arithmetic_is_refused(expression):
    """Text that is no expression, too deep or too long is an error that shows the place."""
    with pytest.raises(LatexSyntaxError):
        calculate(expression)


NOTED = "Six packs cost 6*4 = $<<6*4=24>>24. With tax that is 24*1.1 = $<<24*1.1=26.4>>26.40.\n#### 26.4"


def noted(text=NOTED):
    (problem,) = read_problems([{"question": "What is the cost?", "answer": text}])
    return problem


def test_notes_become_calls_with_results():
    """Each note is a call, a result and what is said next; the last message boxes the answer."""
    example = ToolFormatter(chat=ChatFormatter(prompt="{problem}")).format(noted())
    spoken = [(m.role, m.content, m.tool_call_id) for m in example.messages]
    assert spoken == [
        ("user", "What is the cost?", None),
        ("assistant", "Six packs cost 6*4 = $", None),
        ("tool", "24", "call_1"),
        ("assistant", "24. With tax that is 24*1.1 = $", None),
        ("tool", "26.4", "call_2"),
        ("assistant", "26.40.\n\nThe final answer is $\\boxed{26.4}$.", None),
    ]
    assert example.messages[1].tool_calls[0]["function"]["arguments"] == '{"expression": "6*4"}'


def test_calls_pass_the_check_and_the_file(tmp_path):
    """What is written has no fault and is read back."""
    examples = [ToolFormatter().format(noted(NOTED.replace("Six", f"Number {n}: six"))) for n in range(10)]
    assert check_examples(examples) == []
    assert read_jsonl(write_jsonl(examples, tmp_path / "tools.jsonl")) == examples


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("No note.\n#### 4", "has no calculator notes"),
        ("2+2 = <<2+2=5>>5\n#### 5", "'2\\+2' is 4, the note says '5'"),
        ("x = <<x+1=2>>2\n#### 2", "cannot be calculated"),
        ("1/0 = <<1/0=2>>2\n#### 2", "cannot be calculated"),
    ],
)
def test_a_wrong_note_is_not_taught(text, message):
    """A note that is not right, or is none, is an error that names the problem; skipped ones are counted."""
    with pytest.raises(DataError, match=message):
        ToolFormatter().format(noted(text))
    with pytest.warns(UserWarning, match="1 problems were skipped"):
        assert len(ToolFormatter().format_all([noted(text), noted()], on_error="skip")) == 1


def test_rounded_notes_are_taken():
    """A note may round what is exact."""
    example = ToolFormatter().format(noted("10/3 = <<10/3=3.33>>3.33\n#### 3.33"))
    assert example.messages[2].content == "10/3"


def test_a_problem_without_an_answer_ends_as_its_solution_does():
    """Nothing is boxed that is not known."""
    example = ToolFormatter().format(Problem(id="1", problem="?", solution="1+1 = <<1+1=2>>2"))
    assert example.messages[-1].content == "2"


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_gsm8k_can_be_taught_with_a_calculator():
    """Of GSM8K's test problems nearly all have notes, and of those nearly all are right."""
    problems = read_problems(DATA / "gsm8k_test.jsonl")
    with pytest.warns(UserWarning, match="problems were skipped"):
        examples = ToolFormatter().format_all(problems, on_error="skip")
    assert len(examples) > 0.98 * len(problems)
