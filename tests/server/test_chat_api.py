from __future__ import annotations

import contextlib
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import openai
import pytest

ASKED = [{"role": "user", "content": "hello there"}]
TOOL = {"type": "function", "function": {"name": "add", "parameters": {"type": "object", "properties": {}}}}


def named(name):
    return {"type": "function", "function": {"name": name}}


def schema_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


def wait_until(what):
    """Wait, at most ten seconds, until something is true."""
    for _ in range(1000):
        if what():
            return
        time.sleep(0.01)
    raise AssertionError("waited too long")


def test_a_model_answers(client):
    """Choices, finish reason and usage are those of the generator."""
    answer = client.chat.completions.create(model="tiny", messages=ASKED, n=3, temperature=0.5, seed=4)
    assert (answer.object, answer.model) == ("chat.completion", "tiny")
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert {choice.message.content for choice in answer.choices} == {"hello there"}
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (
        5,
        6,
        11,
    )


def test_an_answer_comes_in_pieces(client):
    """A stream gives the role, the text, the end, and the usage where asked."""
    chunks = list(
        client.chat.completions.create(
            model="tiny", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]) == "hello there"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert (chunks[-1].choices, chunks[-1].usage.total_tokens) == ([], 7)
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_stream_without_usage_has_none(client):
    """`usage` is only in the chunks when it was asked for."""
    with client.chat.completions.with_streaming_response.create(
        model="tiny", messages=ASKED, stream=True
    ) as response:
        lines = [line for line in response.iter_lines() if line]
    assert lines[-1] == "data: [DONE]"
    assert all("usage" not in json.loads(line[6:]) for line in lines[:-1])


def test_text_parts_are_joined_and_developer_is_system(client):
    """Content may come in text parts, and the newer role names the older one."""
    parts = [{"type": "text", "text": "one "}, {"type": "text", "text": "two"}]
    answer = client.chat.completions.create(
        model="tiny",
        messages=[{"role": "developer", "content": "Be brief."}, {"role": "user", "content": parts}],
    )
    assert answer.choices[0].message.content == "one two"


@pytest.mark.parametrize(
    ("arguments", "code", "param"),
    [
        ({"messages": []}, "empty_array", "messages"),
        ({"messages": "hi"}, "invalid_type", "messages"),
        ({"messages": [{"role": "user"}]}, "missing_required_parameter", "messages[0].content"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "invalid_value", "messages[0].role"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
            "unsupported_parameter",
            "messages[0].content[0]",
        ),
        ({"temperature": 2.5}, "decimal_above_max_value", "temperature"),
        ({"top_p": -0.1}, "decimal_below_min_value", "top_p"),
        ({"n": 0}, "integer_below_min_value", "n"),
        ({"n": 129}, "integer_above_max_value", "n"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "array_above_max_length", "stop"),
        ({"max_tokens": 0}, "integer_below_min_value", "max_tokens"),
        ({"max_tokens": 5, "max_completion_tokens": 5}, "invalid_parameter_combination", "max_tokens"),
        ({"stream_options": {"include_usage": True}}, "invalid_value", "stream_options"),
        ({"logit_bias": {"50": 101}}, "decimal_above_max_value", "logit_bias.50"),
        ({"logit_bias": {"fifty": 1}}, "invalid_value", "logit_bias"),
        ({"top_logprobs": 2}, "invalid_value", "top_logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "integer_above_max_value", "top_logprobs"),
        ({"tools": [{}]}, "missing_required_parameter", "tools[0].type"),
        ({"tools": []}, "empty_array", "tools"),
        ({"tool_choice": "auto"}, "invalid_value", "tool_choice"),
        ({"tools": [TOOL], "tool_choice": "any"}, "invalid_value", "tool_choice"),
        ({"tool_choice": "required"}, "invalid_value", "tool_choice"),
        ({"tools": [TOOL], "tool_choice": named("subtract")}, "invalid_value", "tool_choice"),
        ({"tools": [TOOL], "tool_choice": {"type": "allowed_tools"}}, "unsupported_parameter", "tool_choice"),
        (
            {"messages": [{"role": "tool", "content": "3"}]},
            "missing_required_parameter",
            "messages[0].tool_call_id",
        ),
        (
            {"messages": [{"role": "user", "content": "3", "tool_call_id": "a"}]},
            "invalid_value",
            "messages[0].tool_call_id",
        ),
        ({"response_format": {"type": "yaml"}}, "invalid_value", "response_format.type"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {}}},
            "missing_required_parameter",
            "response_format.json_schema.name",
        ),
        ({"response_format": schema_format({"x": "y" * 100_000})}, "invalid_json_schema", "response_format"),
        ({"reasoning_effort": "much"}, "invalid_value", "reasoning_effort"),
        ({"presence_penalty": 3}, "decimal_above_max_value", "presence_penalty"),
        ({"max_token": 5}, "unknown_parameter", "max_token"),
        ({"seed": 2**64}, "integer_above_max_value", "seed"),
    ],
)
def test_a_bad_argument_is_named(client, arguments, code, param):
    """What is wrong or not supported is refused, and the argument named."""
    with pytest.raises(openai.BadRequestError) as caught:
        client.post(
            "/chat/completions", body={"model": "tiny", "messages": ASKED, **arguments}, cast_to=object
        )
    assert (caught.value.code, caught.value.param) == (code, param)


def test_arguments_that_ask_for_nothing_are_taken(client):
    """Defaults that are sent on are no reason to refuse."""
    answer = client.chat.completions.create(
        model="tiny",
        messages=ASKED,
        presence_penalty=0,
        frequency_penalty=0.0,
        logprobs=False,
        response_format={"type": "text"},
        metadata={"a": "b"},
        user="someone",
        store=False,
        stop=None,
    )
    assert answer.choices[0].message.content == "hello there"


@pytest.mark.parametrize(
    ("arguments", "must_call", "schema", "stop"),
    [
        ({}, (), None, ()),
        ({"response_format": {"type": "json_object"}}, (), {"type": "object"}, ()),
        ({"response_format": schema_format({"enum": [1]})}, (), {"enum": [1]}, ()),
        ({"tools": [TOOL], "tool_choice": "required"}, ("add",), None, ()),
        ({"tools": [TOOL], "tool_choice": named("add")}, ("add",), None, ("</tool_call>",)),
        ({"tools": [TOOL], "tool_choice": "none"}, (), None, ()),
    ],
)
def test_what_an_answer_has_to_be_reaches_the_model(client, site, arguments, must_call, schema, stop):
    """A form of the answer, or a call that is demanded, goes to who writes it."""
    client.chat.completions.create(model="tiny", messages=ASKED, **arguments)
    (asked,) = site.generator.asked
    assert (asked.must_call, asked.schema, asked.stop) == (must_call, schema, stop)


def test_an_unknown_model_is_not_found(client):
    """Asking a model that is not there is a 404 `model_not_found`."""
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="ft:none", messages=ASKED)
    assert caught.value.code == "model_not_found"


class FailsOnce:
    """Raises at the first request and echoes after it."""

    def __init__(self, inner):
        self.inner = inner
        self.failed = False

    async def write(self, source, request):
        if not self.failed:
            self.failed = True
            raise ZeroDivisionError("secret detail")
        async for event in self.inner.write(source, request):
            yield event


def test_a_failing_generator_fails_its_requests_only(site):
    """A request that raises is a 500 for who asked; the next one is answered."""
    site.generator = FailsOnce(site.generator)
    with site.client() as client:
        with pytest.raises(openai.InternalServerError) as caught:
            client.chat.completions.create(model="tiny", messages=ASKED)
        assert "secret" not in str(caught.value)
        assert client.chat.completions.create(model="tiny", messages=ASKED).choices


def keyed(key, **changes):
    return {"model": "tiny", "messages": ASKED, "extra_headers": {"Idempotency-Key": key}, **changes}


def test_a_chat_that_is_asked_again_is_computed_once(client, site):
    """With the same key the same answer comes back, id included, and the model is not asked again."""
    first, second = (client.chat.completions.create(**keyed("k")) for _ in range(2))
    assert first.model_dump() == second.model_dump()
    assert len(site.generator.asked) == 1
    assert client.chat.completions.create(**keyed("other")).id != first.id


def test_a_chat_that_is_asked_again_meanwhile_is_computed_once(client, site):
    """A client that was killed while it waited joins its own earlier request."""
    site.generator.free.clear()
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(client.chat.completions.create, **keyed("k")) for _ in range(4)]
        site.generator.free.set()
        assert len({future.result().id for future in waiting}) == 1
    assert len(site.generator.asked) == 1


def test_a_chats_answer_outlives_the_server(site):
    """A restarted server still has the answers of the day."""
    answers = []
    for _ in range(2):
        with site.client() as client:
            answers.append(client.chat.completions.create(**keyed("k")))
    assert answers[0] == answers[1]
    assert len(site.generator.asked) == 1


def test_a_key_belongs_to_one_request_of_one_client(client, site):
    """A key with another request is refused; the same key of another client means another request."""
    mine = client.chat.completions.create(**keyed("k"))
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(**keyed("k", temperature=0.5))
    assert caught.value.code == "idempotency_key_reused"
    assert client.with_options(api_key="somebody else").chat.completions.create(**keyed("k")).id != mine.id


def called(name, arguments):
    return f"<tool_call>{json.dumps({'name': name, 'arguments': arguments})}</tool_call>"


def test_a_call_of_a_tool_is_taken_out_of_the_text(client):
    """What a model writes as calls comes as `tool_calls`, each with an id, and the text around them stays."""
    said = f"Let me see. {called('add', {'a': 1})} {called('add', {'a': 2})}"
    asked = {"model": "tiny", "messages": [{"role": "user", "content": said}]}
    choice = client.chat.completions.create(**asked, tools=[TOOL]).choices[0]
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", "Let me see.")
    assert [call.function.arguments for call in choice.message.tool_calls] == ['{"a": 1}', '{"a": 2}']
    assert len({call.id for call in choice.message.tool_calls}) == 2
    for others in ({}, {"tools": [TOOL], "tool_choice": "none"}):
        assert client.chat.completions.create(**asked, **others).choices[0].message.content == said


def test_a_broken_call_stays_text(client):
    """What is no JSON object with a name is nobody's call."""
    for said in ("<tool_call>add(1)</tool_call>", "<tool_call>[1]</tool_call>", "<tool_call>"):
        asked = {"model": "tiny", "messages": [{"role": "user", "content": said}], "tools": [TOOL]}
        choice = client.chat.completions.create(**asked).choices[0]
        assert (choice.message.content, choice.message.tool_calls, choice.finish_reason) == (
            said,
            None,
            "stop",
        )


def test_a_streamed_call_comes_whole(client):
    """The text before a call is streamed, the call comes at the end, and no half of it as text."""
    said = f"Let me see. {called('add', {'a': 1, 'b': 2})}"
    chunks = list(
        client.chat.completions.create(
            model="tiny", messages=[{"role": "user", "content": said}], tools=[TOOL], stream=True
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert "".join(delta.content or "" for delta in deltas).strip() == "Let me see."
    (call,) = [call for delta in deltas for call in delta.tool_calls or ()]
    assert (call.index, call.function.name, call.function.arguments) == (0, "add", '{"a": 1, "b": 2}')
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


def test_results_of_tools_go_to_the_model(client, site):
    """A conversation with calls and their results reaches the model as it is."""
    call = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "1+1?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "2"},
    ]
    assert client.chat.completions.create(model="tiny", messages=messages).choices[0].message.content == "2"
    assert site.generator.asked[0].messages == (messages[0], {**messages[1], "content": ""}, messages[2])


def test_pieces_come_before_the_end(client, site):
    """The first words are there while the model still writes the others."""
    site.generator.free.clear()
    with client.chat.completions.create(model="tiny", messages=ASKED, stream=True) as stream:
        words = (chunk.choices[0].delta.content for chunk in stream)
        assert [next(words), next(words)] == ["", "hello"]
        site.generator.free.set()
        assert [word for word in words if word] == [" there"]


def test_a_client_that_leaves_ends_the_work(client, site):
    """Nobody writes on for a client that has closed the connection, whether it wanted pieces or the whole."""
    site.generator.free.clear()
    with client.chat.completions.create(model="tiny", messages=ASKED, stream=True) as stream:
        next(iter(stream))
    wait_until(lambda: len(site.generator.left) == 1)
    place = urlsplit(str(client.base_url))
    with contextlib.closing(http.client.HTTPConnection(place.netloc, timeout=30)) as connection:
        asked = json.dumps({"model": "tiny", "messages": ASKED})
        connection.request("POST", f"{place.path}chat/completions", asked)
        wait_until(lambda: len(site.generator.asked) == 2)
    wait_until(lambda: len(site.generator.left) == 2)
    assert [request.pieces for request in site.generator.left] == [True, False]


class BreaksOff:
    """Fails after the first words."""

    def __init__(self, inner):
        self.inner = inner

    async def write(self, source, request):
        async for event in self.inner.write(source, request):
            yield event
            raise ZeroDivisionError("secret detail")


def test_a_stream_that_breaks_off_says_so(site):
    """A failure in the middle of an answer comes as an error in the stream."""
    site.generator = BreaksOff(site.generator)
    with site.client() as client:
        stream = client.chat.completions.create(model="tiny", messages=ASKED, stream=True)
        with pytest.raises(openai.APIError, match="had an error"):
            list(stream)


def test_a_keyed_stream_is_computed_once(client, site):
    """With the same key a stream gives the same answer again, in fewer pieces."""
    told = []
    for _ in range(2):
        chunks = list(
            client.chat.completions.create(**keyed("k", stream=True, stream_options={"include_usage": True}))
        )
        told.append(
            (
                chunks[0].id,
                "".join(c.choices[0].delta.content or "" for c in chunks if c.choices),
                chunks[-1].usage,
            )
        )
    assert told[0] == told[1]
    assert (told[0][1], told[0][2].total_tokens) == ("hello there", 7)
    assert len(site.generator.asked) == 1
