"""Tests of requests and their keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError
from mathtune.formatting import Message
from mathtune.generation import Question, Sampling
from mathtune.generation._request import requests_for


def question(text: str, problem_id: str = "1") -> Question:
    return Question(problem_id, (Message("user", text),))


def keys(*questions, base_url="http://a/v1", model="m", **sampling):
    found = requests_for(questions, base_url=base_url, model=model, sampling=Sampling(**sampling))
    return [request.key for request in found]


def test_order_is_by_question_then_by_sample():
    """Requests come in the order of the questions, the samples of one together."""
    found = requests_for(
        [question("a", "x"), question("b", "y")], base_url="u", model="m", sampling=Sampling(n=2)
    )
    assert [(r.problem_id, r.sample) for r in found] == [("x", 0), ("x", 1), ("y", 0), ("y", 1)]


def test_whatever_changes_the_answer_changes_the_key():
    """Server, model, text, sampling and sample number are all in the key."""
    found = {
        *keys(question("a"), n=2),
        *keys(question("b")),
        *keys(question("a"), base_url="http://b/v1"),
        *keys(question("a"), model="n"),
        *keys(question("a"), temperature=0.5),
        *keys(question("a"), seed=0),
        *keys(question("a"), max_tokens=5),
        *keys(question("a"), stop="x"),
    }
    assert len(found) == 9


def test_asking_for_more_samples_keeps_the_first_ones():
    """The number of samples is not in the key, so raising it asks only for what is new."""
    assert keys(question("a"), n=4)[:2] == keys(question("a"), n=2)


def test_the_problem_id_is_not_in_the_key():
    """The same text under two ids is one request."""
    assert keys(question("a", "1")) == keys(question("a", "2"))
    assert keys(question("a"), base_url="http://a/v1/") == keys(question("a"))


@given(st.text(alphabet=st.characters(exclude_categories=())), st.text())
def test_any_text_has_a_key_of_its_own_or_a_clear_error(one, other):
    """Texts that differ have keys that differ; a text that cannot be sent is refused by name."""
    try:
        one.encode()
    except UnicodeEncodeError:
        with pytest.raises(DataError, match="problem '1'"):
            keys(question(one))
    else:
        assert (keys(question(one)) == keys(question(other))) == (one == other)


def test_an_id_that_stands_twice_is_an_error():
    """Two questions under one id could not be told apart afterwards."""
    with pytest.raises(DataError, match="'7' stands for two problems"):
        keys(question("a", "7"), question("b", "7"))
