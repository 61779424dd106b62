"""Tests of Sampling."""

from __future__ import annotations

import json

import pytest

from mathtune.errors import DataError
from mathtune.generation import Sampling


def test_unset_values_are_not_sent():
    """Only what is set goes into a request's body."""
    assert Sampling(temperature=None).body(0) == {}
    assert Sampling(top_p=0.5, stop="END").body(3) == {"temperature": 0.0, "top_p": 0.5, "stop": ["END"]}


def test_samples_get_seeds_of_their_own():
    """Sample i is asked with seed + i, else all samples would be one."""
    assert [Sampling(seed=10, n=3).body(i)["seed"] for i in range(3)] == [10, 11, 12]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature", -0.1),
        ("temperature", 2.5),
        ("temperature", float("nan")),
        ("top_p", 1.5),
        ("max_tokens", 0),
        ("max_completion_tokens", 0),
        ("n", 0),
        ("stop", ("a", "b", "c", "d", "e")),
        ("stop", ("",)),
        ("logprobs", 21),
        ("extra", {"temperature": 1}),
        ("extra", {"messages": []}),
    ],
)
def test_a_value_out_of_range_is_named(field, value):
    """A value outside its range raises, and the error names the field."""
    with pytest.raises(DataError) as caught:
        Sampling(**{field: value})
    assert caught.value.field == field


def test_what_only_one_server_knows_goes_out_as_it_is():
    """Extra settings, log probabilities and effort stand in the body."""
    sampling = Sampling(temperature=None, extra={"top_k": 5}, logprobs=2, reasoning_effort="low")
    assert sampling.body(0) == {"top_k": 5, "logprobs": True, "top_logprobs": 2, "reasoning_effort": "low"}


def test_two_limits_at_once_are_refused():
    """max_tokens and max_completion_tokens exclude each other, as at the server."""
    with pytest.raises(DataError, match="not both"):
        Sampling(max_tokens=1, max_completion_tokens=1)


def test_a_dict_of_it_is_json():
    """to_dict gives what JSON can hold and the constructor takes back."""
    sampling = Sampling(temperature=0.7, stop=("a", "b"), n=4, seed=1)
    assert Sampling(**json.loads(json.dumps(sampling.to_dict()))) == sampling
