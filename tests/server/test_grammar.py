"""Answers that are held to a form, by a network with random weights: whatever it would say, it cannot."""

from __future__ import annotations

import json
import shutil

import attrs
import jsonschema
import openai
import pytest

from mathtune.server import LocalServer
from mathtune.server._generation import GenerationRequest, Generator, RefusedError
from mathtune.server._grammar import new_followers
from mathtune.server._tool_calls import read_tool_calls

pytestmark = pytest.mark.local

ASKED = [{"role": "user", "content": "q"}]
CLOSED = {"additionalProperties": False}
SCHEMAS = [
    {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], **CLOSED},
    {"enum": ["one", "two", 3, None]},
    {
        "$defs": {"digit": {"enum": [0, 1, 2]}},
        "type": "object",
        "properties": {"digits": {"type": "array", "items": {"$ref": "#/$defs/digit"}, "maxItems": 3}},
        "required": ["digits"],
        **CLOSED,
    },
    {"type": "object", "properties": {"é ß": {"const": "\u2028\"'\\"}}, "required": ["é ß"], **CLOSED},
]
TOOL_TEMPLATE = "{{ (tools or []) | length }}{{ messages[0].content }}<|assistant|>"


def tool(name, parameters):
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


SCHEMA_OF = {"add": SCHEMAS[0], "pick": SCHEMAS[2]}
TOOLS = [tool(name, schema) for name, schema in SCHEMA_OF.items()]


@pytest.fixture(scope="module")
def generator(random_model):
    made = Generator(random_model)
    made._loaded.tokenizer.chat_template = TOOL_TEMPLATE
    return made


def drawn(generator, **options):
    return generator.generate([GenerationRequest(messages=ASKED, seed=1, n=12, **options)])[0].choices


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_a_text_keeps_its_schema(generator, schema, temperature):
    """Likeliest or drawn, an answer that is not cut off is JSON of the schema."""
    choices = drawn(generator, schema=schema, temperature=temperature)
    whole = [choice for choice in choices if choice.finish_reason == "stop"]
    for choice in whole:
        jsonschema.validate(json.loads(choice.text), schema)
    assert len(whole) > len(choices) / 2 or temperature == 0.0
    cut = [choice.text for choice in choices if choice.finish_reason == "length"]
    assert all(not text or text[0] in '{"n3 \n' for text in cut)


def test_a_call_that_is_demanded_comes(generator):
    """Every answer is made of calls of the tools that were named, with arguments of their schemas."""
    for must_call, stop in ((("add", "pick"), ()), (("pick",), ("</tool_call>",))):
        choices = drawn(generator, tools=TOOLS, must_call=must_call, stop=stop)
        whole = [choice for choice in choices if choice.finish_reason == "stop"]
        assert whole
        for choice in whole:
            text, calls = read_tool_calls(choice.text)
            assert text == ""
            for call in calls:
                assert call["function"]["name"] in must_call
                schema = SCHEMA_OF[call["function"]["name"]]
                jsonschema.validate(json.loads(call["function"]["arguments"]), schema)
            assert len(calls) == 1 or not stop


def test_where_tools_may_be_called_the_text_keeps_its_schema(generator):
    """An answer is JSON of the schema, or calls."""
    for choice in drawn(generator, tools=TOOLS, schema=SCHEMAS[1], temperature=1.0):
        if choice.finish_reason == "stop" and not read_tool_calls(choice.text)[1]:
            jsonschema.validate(json.loads(choice.text), SCHEMAS[1])
        else:
            assert choice.text.lstrip()[:1] in {"", "<", *'"n3'}


def is_allowed(generator, request, text):
    """Say whether each token of a text may come, after those before it."""
    loaded = generator._loaded
    (follower,) = new_followers(loaded, request, frozenset({loaded.tokenizer.eos_token_id}))
    for token in loaded.tokenizer.encode(text, add_special_tokens=False):
        if not follower.allowed[token]:
            return False
        follower.take(token)
    return bool(follower.allowed[loaded.tokenizer.eos_token_id])


def call_of(name, arguments):
    return f'<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>'


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("Let me see: 1 < 2, <tool.\n\u20ac", True),
        (call_of("add", '{"ok": true}'), True),
        ("First " + call_of("add", '{"ok": true}') + " then " + call_of("free", '{"a": [1, 2]}') + ".", True),
        (call_of("add", '{"ok": 1}'), False),
        (call_of("subtract", "{}"), False),
        ("Half a <tool_call>", False),
    ],
)
def test_a_strict_tool_is_called_by_its_schema(generator, text, may):
    """Where the model may choose, text is free, and so are calls of other tools."""
    strict = tool("add", SCHEMAS[0])
    strict["function"]["strict"] = True
    unknown = {"type": "object", "if": {}}  # a schema that cannot be held to, and need not
    request = GenerationRequest(messages=ASKED, tools=[strict, tool("free", unknown)])
    assert is_allowed(generator, request, text) is may
    assert new_followers(generator._loaded, attrs.evolve(request, tools=TOOLS), frozenset({3})) == []


def test_neighbours_are_free(generator):
    """An answer that may be anything is the same beside answers that may not."""
    free = GenerationRequest(messages=ASKED, seed=3, max_tokens=40)
    held = GenerationRequest(messages=ASKED, seed=3, schema=SCHEMAS[0])
    alone = [generator.generate([request])[0] for request in (free, held)]
    assert generator.generate([free, held]) == alone


def test_no_bias_breaks_a_form(generator):
    """A token that is wanted very much does not come where it may not."""
    wanted = tuple((token, 100.0) for token in generator._loaded.tokenizer.encode("z"))
    for choice in drawn(generator, schema=SCHEMAS[0], logit_bias=wanted):
        assert "z" not in choice.text


def test_an_answer_that_is_cut_off_says_so(generator):
    """Half a text of JSON has the reason `length`."""
    for choice in drawn(generator, schema={"type": "object"}, max_tokens=1):
        assert (choice.finish_reason, choice.tokens) == ("length", 1)


DEEP = {"type": "object"}
for _ in range(200):
    DEEP = {"type": "object", "properties": {"a": DEEP}}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strin"},
        {"$ref": "http://127.0.0.1:9/schema.json"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
        {"type": "object", "if": {"required": ["a"]}},
        {"type": "string", "pattern": "("},
        {"allOf": [{"anyOf": [{"properties": {f"a{i}{j}": {}}} for j in range(8)]} for i in range(12)]},
        DEEP,
        {"not": {}},
    ],
    ids=lambda schema: str(schema)[:40],
)
def test_a_schema_that_cannot_be_held_to_is_refused(generator, schema):
    """A schema that is wrong, not understood whole, or too much work is named; nothing is fetched."""
    with pytest.raises(RefusedError, match="Invalid schema for 'response_format'") as caught:
        drawn(generator, schema=schema)
    assert (caught.value.code, caught.value.param) == ("invalid_json_schema", "response_format")
    generator.writer.drop()
    free = GenerationRequest(messages=ASKED, max_tokens=2)
    assert generator.generate([attrs.evolve(free, seed=1)])[0].choices


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "(a*)*" * 100},
        {"type": "string", "pattern": "(a{1,999}){1,999}"},
        {"type": "string", "minLength": 10**9},
        {"type": "array", "minItems": 10**7},
        {"enum": [*range(10_000)]},
    ],
    ids=lambda schema: str(schema)[:40],
)
def test_a_schema_that_never_ends_is_cut_off(generator, schema):
    """What a schema lets grow without end ends with the model's window, or is refused."""
    try:
        choices = drawn(generator, schema=schema)
    except RefusedError:
        generator.writer.drop()
        return
    assert {choice.finish_reason for choice in choices} <= {"length", "stop"}


@pytest.mark.processes
def test_calls_and_json_come_through_the_server(random_model, tmp_path):
    """Asked by the real client, whole and streamed, with a template that has a place for tools."""
    folder = tmp_path / "caller"
    shutil.copytree(random_model, folder)
    (folder / "chat_template.jinja").write_text(TOOL_TEMPLATE)
    with LocalServer(models={"caller": str(folder)}) as server:
        client = openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0)
        asked = {"model": "caller", "messages": ASKED, "tools": TOOLS[:1], "temperature": 0}
        whole = client.chat.completions.create(**asked, tool_choice="required", parallel_tool_calls=False)
        (call,) = whole.choices[0].message.tool_calls
        jsonschema.validate(json.loads(call.function.arguments), SCHEMAS[0])
        named = {"type": "function", "function": {"name": "add"}}
        chunks = client.chat.completions.create(**asked, tool_choice=named, stream=True)
        calls = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or ()]
        assert [call.function.name for call in calls] == ["add"]
        form = {"type": "json_schema", "json_schema": {"name": "ok", "schema": SCHEMAS[0]}}
        chunks = client.chat.completions.create(
            model="caller", messages=ASKED, response_format=form, stream=True
        )
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        jsonschema.validate(json.loads(said), SCHEMAS[0])
