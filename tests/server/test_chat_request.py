"""Bodies of chats as anybody may send them: read, or refused by the argument's name."""

from __future__ import annotations

import json

import attrs
from hypothesis import given
from hypothesis import strategies as st

from mathtune.server._chat_request import IGNORED, NEUTRAL, read_chat_request
from mathtune.server._errors import ApiError
from mathtune.server._generator import GenerationRequest

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FUNCTION = st.fixed_dictionaries({"name": st.text(max_size=3)}, optional={"parameters": ANYTHING})
CALL = st.fixed_dictionaries(
    {
        "id": st.text(max_size=3),
        "type": st.just("function"),
        "function": st.fixed_dictionaries({"name": st.text(max_size=3), "arguments": st.text(max_size=3)}),
    }
)
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "developer", "user", "assistant", "tool"])},
    optional={
        "content": st.text(max_size=5) | st.none() | ANYTHING,
        "tool_calls": st.lists(CALL, max_size=2) | ANYTHING,
        "tool_call_id": st.text(max_size=3),
        "name": st.text(max_size=3),
    },
)
SCHEMA = st.fixed_dictionaries({"name": st.text(max_size=3)}, optional={"schema": ANYTHING})
LIKELY = {
    "messages": st.lists(MESSAGE, max_size=3),
    "n": st.integers(0, 200),
    "temperature": st.floats(-1, 3),
    "top_p": st.floats(-0.5, 1.5),
    "stop": st.text(max_size=3) | st.lists(st.text(max_size=3), max_size=5),
    "seed": st.integers(),
    "max_tokens": st.integers(-1, 10),
    "logit_bias": st.dictionaries(
        st.integers(0, 10**10).map(str) | st.text(max_size=3), st.floats(-110, 110)
    ),
    "logprobs": st.booleans(),
    "top_logprobs": st.integers(-1, 21),
    "presence_penalty": st.floats(-3, 3),
    "tools": st.lists(st.fixed_dictionaries({"type": st.just("function"), "function": FUNCTION}), max_size=2),
    "tool_choice": st.sampled_from(
        ["none", "auto", "required", {"type": "function"}, {"type": "function", "function": {"name": ""}}]
    ),
    "parallel_tool_calls": st.booleans(),
    "response_format": st.sampled_from([{"type": "text"}, {"type": "json_object"}])
    | st.fixed_dictionaries({"type": st.just("json_schema"), "json_schema": SCHEMA}),
    "reasoning_effort": st.sampled_from(["none", "high", "much"]),
    "stream": st.booleans(),
    "stream_options": st.fixed_dictionaries({}, optional={"include_usage": st.booleans()}),
}
KNOWN = {"model", "max_completion_tokens", "top_logprobs", "frequency_penalty", *LIKELY, *NEUTRAL, *IGNORED}
NAMES = sorted({*LIKELY, *NEUTRAL, "store", "metadata", "x"} - {"messages"})
BODY = st.fixed_dictionaries(
    {"model": st.text(max_size=3), "messages": LIKELY["messages"] | ANYTHING},
    optional={name: LIKELY.get(name, ANYTHING) | ANYTHING for name in NAMES},
)


def read(body):
    """Give the request that a body is, and what refuses it: one of them is None."""
    try:
        return read_chat_request(body), None
    except ApiError as error:
        return None, error


@given(body=BODY)
def test_a_body_is_read_or_refused(body):
    """Whatever comes, it is a request that goes through JSON unchanged, or a 400 with code and message."""
    request, error = read(body)
    if error is not None:
        assert (error.status, bool(error.code), bool(error.message)) == (400, True, True)
        return
    sent = json.loads(json.dumps(attrs.asdict(request.asked)))
    assert attrs.asdict(GenerationRequest(**sent)) == attrs.asdict(request.asked)
    assert request.asked.messages


@given(name=st.text(min_size=1))
def test_no_argument_is_ignored(name):
    """An argument that nobody knows is refused by its name."""
    _, error = read({"model": "m", "messages": [{"role": "user", "content": "x"}], name: 1})
    if name not in KNOWN:
        assert (error.code, error.param) == ("unknown_parameter", name)
