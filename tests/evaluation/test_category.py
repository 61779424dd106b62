"""Tests of what becomes of a response."""

from __future__ import annotations

import itertools

import pytest

from mathtune.evaluation import Category, import_run
from mathtune.evaluation._grades import Grader
from mathtune.generation import Response
from mathtune.grading import grade
from mathtune.policy import Policy
from mathtune.problems import Problem


def category(text, gold, *, reason="stop", question="What is it?", raw=None, **policy):
    problem = Problem(id="1", problem=question, answer=gold)
    response = Response(problem_id="1", text=text, finish_reason=reason, raw=raw or {})
    return Grader(Policy(**policy)).result(problem, response).category


@pytest.mark.parametrize(
    ("text", "gold", "reason", "expected"),
    [
        (r"\boxed{\frac12}", "0.5", "stop", Category.CORRECT),
        (r"\boxed{2}", "3", "stop", Category.WRONG),
        ("", "3", "stop", Category.NO_ANSWER),
        ("<think>3, perhaps", "3", "stop", Category.CUT_OFF),
        (r"It is \boxed{3}. To be sure, let", "3", "length", Category.CORRECT),
        (r"It is \boxed{2}. To be sure, let", "3", "length", Category.CUT_OFF),
        ("First, 1 + 2 = 3", "3", "length", Category.CUT_OFF),
        ("", "3", "content_filter", Category.REFUSED),
        ("", "3", "refused", Category.REFUSED),
        (r"\boxed{3}", "3", "content_filter", Category.CORRECT),
        (r"\boxed{3}", r"\frac{1}{", "stop", Category.UNPARSED_GOLD),
        ("", None, "stop", Category.UNPARSED_GOLD),
    ],
)
def test_each_response_has_one_category(text, gold, reason, expected):
    """The reason why a response ended, its answer and the verdict decide together."""
    assert category(text, gold, reason=reason) is expected


def test_a_refusal_in_words_of_its_own_field_is_a_refusal():
    """Some models refuse through the field of the protocol, with an ordinary finish reason."""
    raw = {"choices": [{"message": {"content": None, "refusal": "I will not."}}]}
    assert category("", "3", raw=raw) is Category.REFUSED


def test_the_right_value_in_another_form_is_told_from_a_wrong_one():
    """A base that was not asked for is a matter of form."""
    question = "Write $20$ in base $8$."
    assert category(r"\boxed{10100_2}", "24_8", question=question) is Category.FORM_ONLY
    assert category(r"\boxed{10101_2}", "24_8", question=question) is Category.WRONG


def test_the_right_answer_without_the_box_that_the_policy_asks_for_is_a_matter_of_form():
    """A policy may want a box; an answer that is right but for that is told from none."""
    text = "Adding them up, the answer is 3."
    assert category(text, "3") is Category.CORRECT
    assert category(text, "3", weakest_sign="boxed") is Category.FORM_ONLY
    assert category(text, "4", weakest_sign="boxed") is Category.NO_ANSWER


@pytest.mark.parametrize(
    ("question", "gold", "texts"),
    [
        (
            "Find all real solutions of $x^2-8x+15=0$.",
            "3, 5",
            ["So x is 3 or x is 5.", "So x is 4 or x is 5.", "The roots are 3 and 5.", "So x is 5."],
        ),
        ("What are $a$ and $b$?", "(3,5)", ["So b is 5 and a is 3.", "So b is 5 and a is 4.", "a=3 and b=5"]),
    ],
)
def test_every_sample_is_judged_by_itself(question, gold, texts):
    """Whatever the samples before it said, a response has the verdict that `grade` gives it alone."""
    problem = Problem(id="1", problem=question, answer=gold)
    alone = {text: grade(text, gold, context=question) for text in texts}
    assert len({bool(verdict) for verdict in alone.values()}) == 2
    for order in itertools.permutations(texts):
        grader = Grader(Policy())
        for sample, text in enumerate(order):
            response = Response(problem_id="1", sample=sample, text=text)
            assert grader.result(problem, response).verdict == alone[text]


@pytest.mark.parametrize(
    ("question", "gold", "text", "answer", "right"),
    [
        ("Find both roots.", "3,5", r"One root is \boxed{3}, the other is \boxed{5}.", "3, 5", True),
        ("Find the roots.", "3,5", "The first root is 3. The other root is 5.", "3, 5", True),
        ("Who is taller, Ann or Ben?", "Ann", "Ben is 3 cm shorter than Ann.", "Ann", True),
        ("Find the roots.", "3,5", r"One root is \boxed{3}, the other is \boxed{6}.", "6", False),
        ("What is 1/2?", "0.5", r"It is $\boxed{\frac12}$.", r"\frac12", True),
        ("What is 1+1?", "2", "", None, False),
    ],
)
def test_the_answer_is_the_one_that_the_verdict_is_about(question, gold, text, answer, right):
    """What a report shows beside the verdict is what was compared, not a part of it."""
    row = {"problem": question, "answer": gold, "response": text}
    (result,) = import_run([row], model="m").results
    assert (result.answer.text if result.answer else None) == answer
    assert bool(result.verdict) is right
