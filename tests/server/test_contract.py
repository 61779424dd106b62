"""Every request of the real client and every answer of ours, held against the published contract."""

from __future__ import annotations

import asyncio
import json

import openai
import pytest
from starlette.testclient import TestClient

from .. import contract as published
from ..contract import SeenRequest, SeenResponse, needs_contract

httpx2 = pytest.importorskip("httpx2", reason="needs openai >= 3")

HOST = "http://localhost"

pytestmark = needs_contract


@pytest.fixture(scope="module")
def contract():
    return published.api(published.document(), f"{HOST}/v1")


class Checked(httpx2.BaseTransport):
    """Passes requests on, and notes what the contract does not allow."""

    def __init__(self, inner, contract):
        self.inner = inner
        self.contract = contract
        self.bad_requests = []
        self.bad_answers = []

    def handle_request(self, request):
        seen = SeenRequest(request, HOST)
        self.bad_requests += self.contract.iter_request_errors(seen)
        response = self.inner.handle_request(request)
        response.read()
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            self.bad_answers += [
                (seen.method, seen.path, error)
                for error in self.contract.iter_response_errors(seen, SeenResponse(response))
            ]
        return response


@pytest.fixture
def checked(site, contract):
    """Give the real client in process, and the transport that checks."""
    with TestClient(site.app(), base_url=HOST) as http:
        check = http._transport = Checked(http._transport, contract)
        yield (
            openai.OpenAI(base_url=f"{HOST}/v1", api_key="any", http_client=http, max_retries=0),
            check,
        )


def test_a_whole_session_keeps_the_contract(site, checked):
    """Files, jobs in every status, checkpoints, models and answers are as the contract says."""
    client, check = checked
    client.files.list()
    done = site.wait_for(client, site.start(client, metadata={"a": "b"}, suffix="x").id)
    failed = site.wait_for(client, site.start(client, site.chat_lines(3)).id)
    assert (done.status, failed.status) == ("succeeded", "failed")
    site.runner.free.clear()
    held = site.start(client, validation_file=site.upload(client).id, method={"type": "supervised"})
    site.wait_for(client, held.id, "running")
    client.fine_tuning.jobs.pause(held.id)
    client.fine_tuning.jobs.resume(held.id)
    client.fine_tuning.jobs.cancel(held.id)
    list(client.fine_tuning.jobs.list(limit=2, metadata={"a": "b"}))
    list(client.fine_tuning.jobs.list(limit=2))
    list(client.fine_tuning.jobs.list_events(done.id, limit=5))
    list(client.fine_tuning.jobs.checkpoints.list(done.id, limit=1))
    client.fine_tuning.jobs.checkpoints.list(failed.id)
    client.files.content(done.result_files[0]).read()
    client.files.retrieve(done.training_file)
    list(client.files.list(limit=2, order="asc", purpose="fine-tune"))
    client.files.delete(done.training_file)
    client.models.list()
    client.models.retrieve(done.fine_tuned_model)
    asked = {"model": done.fine_tuned_model, "messages": [{"role": "user", "content": "x"}]}
    client.chat.completions.create(**asked, n=2, temperature=0, max_completion_tokens=5, stop=["a"])
    list(client.chat.completions.create(**asked, stream=True))
    grader = {
        "type": "string_check",
        "name": "g",
        "input": "{{ item.a }}",
        "reference": "b",
        "operation": "eq",
    }
    multi = {"type": "multi", "name": "m", "graders": {"g": grader}, "calculate_output": "g"}
    for each in (grader, multi):
        client.fine_tuning.alpha.graders.validate(grader=each)
        client.fine_tuning.alpha.graders.run(grader=each, model_sample="x", item={"a": "b"})
    bodies = [{"temperature": 0}, {"temperature": 9}, {}]
    lines = [
        {"custom_id": str(n), "method": "POST", "url": "/v1/chat/completions", "body": {**asked, **body}}
        for n, body in enumerate(bodies)
    ]
    made = client.files.create(
        file=("b.jsonl", "".join(json.dumps(line) + "\n" for line in lines).encode()), purpose="batch"
    )
    batch = client.batches.create(
        input_file_id=made.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    while client.batches.retrieve(batch.id).status != "completed":
        pass
    list(client.batches.list(limit=1))
    site.generator.free.clear()
    waiting = client.batches.create(
        input_file_id=made.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    client.batches.cancel(waiting.id)
    site.generator.free.set()
    client.models.delete(done.fine_tuned_model)
    assert check.bad_requests == []
    assert check.bad_answers == []


def test_chats_of_all_kinds_keep_the_contract(checked):
    """Probabilities, biases, penalties, tools, calls, results and forms are as the contract says."""
    client, check = checked
    asked = {"model": "tiny", "messages": [{"role": "user", "content": "x"}]}
    client.chat.completions.create(**asked, logprobs=True, top_logprobs=1, logit_bias={"5": 1})
    client.chat.completions.create(**asked, presence_penalty=1, frequency_penalty=-1, seed=3)
    tool = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}
    said = [{"role": "user", "content": '<tool_call>{"name": "add", "arguments": {"a": 1}}</tool_call>'}]
    called = client.chat.completions.create(model="tiny", messages=said, tools=[tool])
    message = called.choices[0].message
    assert message.tool_calls[0].function.name == "add"
    done_with = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "2"}
    history = [*said, message.to_dict(), done_with]
    client.chat.completions.create(model="tiny", messages=history, tools=[tool], parallel_tool_calls=False)
    for choice in ("required", {"type": "function", "function": {"name": "add"}}):
        client.chat.completions.create(model="tiny", messages=said, tools=[tool], tool_choice=choice)
    schema = {"name": "a", "strict": True, "schema": {"type": "object"}}
    for form in ({"type": "json_object"}, {"type": "json_schema", "json_schema": schema}):
        client.chat.completions.create(**asked, response_format=form, reasoning_effort="low")
    assert check.bad_requests == []
    assert check.bad_answers == []


def test_refusals_keep_the_contract(checked):
    """Every kind of refusal has the envelope of the contract."""
    client, check = checked
    refused = [
        lambda: client.files.retrieve("file-none"),
        lambda: client.files.create(file=("a", b"["), purpose="fine-tune"),
        lambda: client.files.content("file-none"),
        lambda: client.fine_tuning.jobs.create(model="none", training_file="none"),
        lambda: client.fine_tuning.jobs.retrieve("none"),
        lambda: client.fine_tuning.jobs.cancel("none"),
        lambda: client.models.retrieve("none/with:marks"),
        lambda: client.models.delete("tiny"),
        lambda: client.chat.completions.create(model="none", messages=[{"role": "user", "content": "x"}]),
        lambda: client.chat.completions.create(model="tiny", messages=[]),
    ]
    for ask in refused:
        with pytest.raises(openai.APIStatusError):
            ask()
    assert check.bad_answers == []


def test_the_asynchronous_client_is_served_alike(site):
    """The asynchronous client gets the same objects, streams among them."""

    async def session(url):
        async with openai.AsyncOpenAI(base_url=url, api_key="any", max_retries=0) as client:
            made = await client.files.create(file=("a.jsonl", site.chat_lines()), purpose="fine-tune")
            job = await client.fine_tuning.jobs.create(model="tiny", training_file=made.id)
            await asyncio.to_thread(site.wait_for, sync, job.id)
            events = [event async for event in client.fine_tuning.jobs.list_events(job.id, limit=3)]
            asked = {"model": "tiny", "messages": [{"role": "user", "content": "a b"}]}
            stream = await client.chat.completions.create(**asked, stream=True)
            text = [chunk.choices[0].delta.content async for chunk in stream]
            return len(events), "".join(piece or "" for piece in text)

    with site.client() as sync:
        assert asyncio.run(session(sync.base_url)) == (12, "a b")
