from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

ASKED = [{"role": "user", "content": "hello there"}]


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
        ({"logit_bias": {"50": 1}}, "unsupported_parameter", "logit_bias"),
        ({"tools": [{}]}, "unsupported_parameter", "tools"),
        ({"response_format": {"type": "json_object"}}, "unsupported_parameter", "response_format"),
        ({"presence_penalty": 1}, "unsupported_parameter", "presence_penalty"),
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


def test_an_unknown_model_is_not_found(client):
    """Asking a model that is not there is a 404 `model_not_found`."""
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="ft:none", messages=ASKED)
    assert caught.value.code == "model_not_found"


def test_requests_that_come_together_are_answered_together(site):
    """While one batch is generated the others gather into the next."""
    site.generator.free.clear()

    async def ask(url):
        async with openai.AsyncOpenAI(base_url=url, api_key="any", max_retries=0) as client:
            waiting = [
                asyncio.create_task(
                    client.chat.completions.create(
                        model="tiny", messages=[{"role": "user", "content": str(number)}]
                    )
                )
                for number in range(50)
            ]
            await asyncio.sleep(0.5)
            site.generator.free.set()
            return [answer.choices[0].message.content for answer in await asyncio.gather(*waiting)]

    with site.client() as client:
        answers = asyncio.run(ask(client.base_url))
    assert answers == [str(number) for number in range(50)]
    assert sum(size for _, size in site.generator.batches) == 50
    assert len(site.generator.batches) <= 5


class FailsOnce:
    """Raises at the first batch and echoes after it."""

    def __init__(self, inner):
        self.inner = inner
        self.failed = False

    def generate(self, source, requests):
        if not self.failed:
            self.failed = True
            raise ZeroDivisionError("secret detail")
        return self.inner.generate(source, requests)


def test_a_failing_generator_fails_its_requests_only(site):
    """A batch that raises is a 500 for those who asked; the next one is answered."""
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
    assert len(site.generator.batches) == 1
    assert client.chat.completions.create(**keyed("other")).id != first.id


def test_a_chat_that_is_asked_again_meanwhile_is_computed_once(client, site):
    """A client that was killed while it waited joins its own earlier request."""
    site.generator.free.clear()
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(client.chat.completions.create, **keyed("k")) for _ in range(4)]
        site.generator.free.set()
        assert len({future.result().id for future in waiting}) == 1
    assert sum(size for _, size in site.generator.batches) == 1


def test_a_chats_answer_outlives_the_server(site):
    """A restarted server still has the answers of the day."""
    answers = []
    for _ in range(2):
        with site.client() as client:
            answers.append(client.chat.completions.create(**keyed("k")))
    assert answers[0] == answers[1]
    assert len(site.generator.batches) == 1


def test_a_key_belongs_to_one_request_of_one_client(client, site):
    """A key with another request is refused; the same key of another client means another request."""
    mine = client.chat.completions.create(**keyed("k"))
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(**keyed("k", temperature=0.5))
    assert caught.value.code == "idempotency_key_reused"
    assert client.with_options(api_key="somebody else").chat.completions.create(**keyed("k")).id != mine.id
