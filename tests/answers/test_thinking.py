"""Think blocks: removed where closed, cut off where not."""

from __future__ import annotations

import pytest

from mathtune.answers import extract_answer, is_cut_off, without_thinking

OPEN, CLOSE = "<think>", "</think>"


def test_a_closed_block_is_no_answer():
    """What a model says to itself never counts, what follows does."""
    answer = extract_answer(rf"{OPEN}maybe \boxed{{1}}{CLOSE} It is \boxed{{2}}.")
    assert answer is not None
    assert answer.text == "2"


def test_the_span_points_into_the_response_as_given():
    """Removing a block does not shift the answer's place."""
    response = rf"{OPEN}maybe \boxed{{1}}{CLOSE} It is \boxed{{ 12 }}."
    answer = extract_answer(response)
    assert answer is not None
    assert response[slice(*answer.span)] == "12"


@pytest.mark.parametrize(
    ("response", "cut_off"),
    [
        (f"{OPEN}2+2 is", True),
        (f"{OPEN}a{CLOSE}b", False),
        (f"{OPEN}a{CLOSE}b{OPEN}c", True),
        (f"a{CLOSE}b", False),
        ("plain", False),
        ("<thinking>hm", True),
        (r"so \[2 + 2 =", True),
        (r"so \[2 + 2 = 4\]", False),
        ("so it costs $4", False),
    ],
)
def test_is_cut_off_tells_an_unclosed_block(response, cut_off):
    """Only a block or formula without its end is cut off."""
    assert is_cut_off(response) is cut_off


def test_a_cut_off_response_has_no_answer():
    r"""A box inside a block that never ended was not the answer yet."""
    assert extract_answer(rf"{OPEN}maybe \boxed{{1}}") is None


@pytest.mark.parametrize(
    ("response", "rest"),
    [
        (f"{OPEN}a{CLOSE}b", "b"),
        (f"a{OPEN}b{CLOSE}c{OPEN}d{CLOSE}e", "ace"),
        (f"a{CLOSE}b", "b"),
        (f"{OPEN}{OPEN}a{CLOSE}b{CLOSE}c", "c"),
        (f"b{OPEN}a", "b"),
        (CLOSE * 1_000 + "b", "b"),
    ],
)
def test_without_thinking_removes_every_block(response, rest):
    """A closing tag without an opening one closes what the template had opened: all before it."""
    assert without_thinking(response) == rest


HARMONY = "<|channel|>analysis<|message|>Is it 5?<|end|><|start|>assistant<|channel|>final<|message|>"


@pytest.mark.parametrize(
    ("response", "text"),
    [
        (r"So \boxed{7}.<|end|>", "7"),
        ("So it is 7.<|end|>", "7"),
        ("The answer is 7<|end|>\n<|user|>", "7"),
        ("It is 7. <|end|> <|endoftext|>", "7"),
        ("Yes<|end|>", "Yes"),
        (r"\[ x = 7 \]<|end|>", "x = 7"),
        ("#### 7<|end|>", "7"),
        ("<answer>7</answer><|end|>", "7"),
        ("So 7." + "<|end|>" * 80, "7"),
        (f"{HARMONY}It is 7.<|return|>", "7"),
        (f"{HARMONY}It is 7.<|end|>", "7"),
        ("<|channel|>analysis<|message|>It is 7.<|end|>", None),
        ("<|channel|>analysis<|message|>It is 7", None),
    ],
)
def test_the_end_of_a_turn_closes_only_a_thought_that_was_opened(response, text):
    """What ends a thought of some models ends the whole turn of others, whose answer stands before it."""
    answer = extract_answer(response)
    assert (answer.text if answer else None) == text
