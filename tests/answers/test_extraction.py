"""Extraction, case by case: what counts as the answer of a response."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mathtune.answers import How, all_boxed, extract_answer
from mathtune.policy import Policy

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/extraction.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["response"][-40:])
def test_a_response_gives_its_answer(case):
    """Text and sign of the answer are those of the case."""
    answer = extract_answer(case["response"])
    assert (answer and answer.text, answer and str(answer.how)) == (case["text"], case["how"])


def test_parts_that_are_boxed_one_by_one_make_a_list():
    """All boxes are joined where the caller asks for it, prose between them or not."""
    answer = all_boxed(
        r"The first angle is $\boxed{30^\circ}$. Then, by symmetry, the other is $\boxed{60^\circ}$."
    )
    assert answer is not None
    assert answer.text == r"30^\circ, 60^\circ"


@pytest.mark.parametrize("response", [r"\boxed{1}, so \boxed{1}", "none", r"<think>\boxed{1} \boxed{2}"])
def test_one_box_or_none_makes_no_list(response):
    """A list has two different parts at least."""
    assert all_boxed(response) is None


@pytest.mark.parametrize(
    ("response", "weakest", "text"),
    [
        (r"\boxed{5}", "boxed", "5"),
        ("#### 5", "boxed", None),
        ("#### 5", "hash", "5"),
        ("The answer is 5.", "field", None),
        ("The answer is 5.", "phrase", "5"),
        ("So x is 5.", "phrase", None),
        ("So x is 5.", "conclusion", "5"),
        ("\\boxed{5}\nFinal answer: 6", "boxed", "5"),
        ("\\boxed{5}\nFinal answer: 6", "phrase", "6"),
    ],
)
def test_the_policy_names_the_weakest_sign(response, weakest, text):
    """What is known by a weaker sign than the policy allows is no answer."""
    answer = extract_answer(response, policy=Policy(weakest_sign=weakest))
    assert (answer and answer.text) == text


def test_every_sign_can_be_the_weakest():
    """The policy knows the signs of extraction, all of them."""
    assert [Policy(weakest_sign=how.value).weakest_sign for how in How] == [str(how) for how in How]
