"""What all adapters share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError
from mathtune.evaluation import Category
from mathtune.grading import Outcome, Reason, Verdict, grade
from mathtune.integrations._judging import figures_of, judge, reward_of
from mathtune.policy import Policy

POLICY = Policy()
BROKEN = (None, "", "  ", r"\frac{1}{")


@pytest.mark.parametrize("gold", BROKEN)
@pytest.mark.parametrize("said", ["", r"\boxed{7}", r"\boxed{\frac{1}{}", r"\frac{1}{", "<think>Let me"])
def test_a_broken_gold_answer_is_no_reward_whatever_was_said(said, gold):
    """Whether a row is skipped depends on its gold answer alone, even where the response is the same text."""
    (verdict,) = judge([said], [gold], policy=POLICY)
    assert verdict.reason is Reason.UNPARSED_GOLD
    assert reward_of(verdict) is None


@given(said=st.text(max_size=40), gold=st.sampled_from(["7", "1/2", "x^2 + 1", "east", "(1, 2)"]))
def test_any_text_is_a_reward_and_no_error(said, gold):
    """Of a gold answer that can be read, every response is worth 1 or 0, as `grade` judges it."""
    (verdict,) = judge([said], [gold], policy=POLICY)
    assert verdict == grade(said, gold)
    assert reward_of(verdict) == float(bool(verdict))


def test_a_problem_that_is_no_text_is_passed_over():
    """Contexts are taken from columns that may hold anything; only texts are problems."""
    said = "So the class has 7 boys and 9 girls."
    asked = "How many girls are there?"
    verdicts = judge([said] * 3, ["9"] * 3, policy=POLICY, contexts=[asked, None, [{"role": "user"}]])
    assert [bool(verdict) for verdict in verdicts] == [True, False, False]


@pytest.mark.parametrize("gold", [["1", "2"], {"answer": "1"}, True])
def test_a_gold_answer_of_another_kind_is_a_fault_of_the_data(gold):
    """A column that holds no answers at all is an error at once, never rows without reward."""
    with pytest.raises(DataError, match="gold answer: expected text or a number, found"):
        judge([r"\boxed{1}"], [gold], policy=POLICY)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("reason", Reason)
def test_figures_name_why_a_reward_is_nothing(outcome, reason):
    """At most one figure is 1, none where the answer is right, and all are called as in evaluations."""
    figures = figures_of(Verdict(outcome, reason))
    assert set(figures) <= {str(category) for category in Category}
    absent = {Reason.NO_ANSWER, Reason.CUT_OFF, Reason.UNPARSED_GOLD}
    assert sum(figures.values()) == (outcome is Outcome.UNDECIDED or reason in absent)
