"""Tests of reading what a server answered."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mathtune.generation import Response, Usage
from mathtune.generation._request import Request
from mathtune.generation._response import is_completion

REQUEST = Request(problem_id="p", sample=2, body={}, asked=0, key="k")


def answer(message: Any = None, **more: Any) -> str:
    choice = {"index": 0, "message": message or {"content": "hi"}, "finish_reason": "stop"}
    return json.dumps({"choices": [choice], **more})


def test_a_usual_answer_is_read_whole():
    """Text, reason, usage, the model's own name and its fingerprint are taken over."""
    text = answer(model="m-1", system_fingerprint="fp", usage={"prompt_tokens": 3, "completion_tokens": 4})
    response = Response.from_answer(REQUEST, text)
    assert (response.problem_id, response.sample, response.text) == ("p", 2, "hi")
    assert (response.finish_reason, response.model, response.fingerprint) == ("stop", "m-1", "fp")
    assert response.usage == Usage(prompt_tokens=3, completion_tokens=4)
    assert response.raw == json.loads(text)


def test_a_message_without_text_is_an_empty_text():
    """A refusal has null for its content; what was said stays to be read."""
    response = Response.from_answer(REQUEST, answer({"content": None, "refusal": "I will not."}))
    assert (response.text, response.refusal) == ("", "I will not.")


def test_thinking_and_log_probabilities_are_read_where_they_are():
    """Servers show thinking under two names; probabilities only when asked."""
    tokens = [{"token": "hi", "logprob": -0.1}]
    raw = {"choices": [{"message": {"content": "hi", "reasoning": "hm"}, "logprobs": {"content": tokens}}]}
    response = Response.from_answer(REQUEST, json.dumps(raw))
    assert (response.reasoning, response.logprobs) == ("hm", tokens)
    assert Response(problem_id="p").reasoning is None
    assert Response(problem_id="p").logprobs is None


def test_content_in_parts_is_joined():
    """Some servers send a list of parts."""
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}, {"type": "image"}]
    assert Response.from_answer(REQUEST, answer({"content": parts})).text == "ab"


def test_a_kept_refusal_of_the_server_is_read_as_one():
    """Where the server would not take the request, that is its answer."""
    response = Response.from_answer(REQUEST, json.dumps({"error": {"message": "too long", "status": 400}}))
    assert (response.finish_reason, response.refusal, response.text) == ("refused", "too long", "")


def test_halves_of_surrogate_pairs_are_replaced():
    r"""JSON can spell "\ud800", which no UTF-8 file can hold; the text can be written out all the same."""
    text = '{"choices": [{"message": {"content": "a\\ud800b \\ud83d\\ude00"}}]}'
    assert Response.from_answer(REQUEST, text).text.encode().decode() == "a\ufffdb \U0001f600"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = ("choices", "usage", "model", "error", "system_fingerprint")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(names, json_values)), json_values, json_values)
def test_no_answer_of_whatever_shape_raises(extra, message, content):
    """Servers differ; reading one never fails on a field of another type than expected."""
    for raw in (extra, {"choices": [{"message": message}]}, {"choices": [{"message": {"content": content}}]}):
        response = Response.from_answer(REQUEST, json.dumps(raw))
        assert isinstance(response.text, str)
        assert response.refusal is None or isinstance(response.refusal, str)
        assert response.reasoning is None or isinstance(response.reasoning, str)
        assert response.logprobs is None or isinstance(response.logprobs, list)
        assert isinstance(is_completion(raw), bool)
