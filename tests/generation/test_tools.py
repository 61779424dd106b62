"""Tests of answering with a calculator at hand, over real HTTP."""

from __future__ import annotations

import json

import attrs
import pytest

from mathtune.errors import CostLimitError, DataError, QuotaExceededError
from mathtune.generation import (
    Calculator,
    Pace,
    Price,
    Sampling,
    generate,
    generate_with_tools,
)
from mathtune.testing import Fault, Reply, StubServer


def tool_server(script, **options):
    """Give a model that calls tools where its script gives pairs of tool and arguments instead of a text."""

    def said(messages, _model, request):
        given = script(messages, request)
        return given if isinstance(given, str) else Reply(calls=given)

    return StubServer(chat=said, **options)


def doubling(messages, request):
    """Call the calculator until the conversation holds two results, then answer with the last one."""
    results = [m["content"] for m in messages if m["role"] == "tool"]
    if len(results) == 2:
        return f"\\boxed{{{results[-1]}}}"
    start = results[-1] if results else messages[0]["content"].split()[2].rstrip("?")
    return [["evaluate", json.dumps({"expression": f"2*{start}"})]]


@pytest.fixture
def ask(path, questions):
    def ask(server, count=4, **options):
        return generate_with_tools(
            questions(count), tools=Calculator(), model="m", path=path, client=server.client(), **options
        )

    return ask


def test_calls_are_answered_until_the_model_answers(ask):
    """Each call's result goes back; the last turn is the response, the turns between are kept."""
    with tool_server(doubling) as server:
        generation = ask(server, sampling=Sampling(n=2, seed=3))
        responses = list(generation)
        assert server.count("chat") == generation.asked == 4 * 2 * 3
    assert [(r.problem_id, r.sample, r.text) for r in responses] == [
        (str(n), sample, f"\\boxed{{{4 * n}}}") for n in range(4) for sample in range(2)
    ]
    assert [m["role"] for m in responses[0].turns] == ["assistant", "tool", "assistant", "tool"]
    called, answered = responses[2].turns[:2]
    call_id = called["tool_calls"][0]["id"]
    assert answered == {"role": "tool", "content": "2", "tool_call_id": call_id}
    seeds = {asked.body["seed"] for asked in server.requests}
    assert seeds == {3, 4}


def test_a_rerun_asks_no_turn_twice(ask):
    """Every turn is kept, so a run that stopped between two turns goes on from there."""
    no_money = Fault(on="chat", status=429, code="insufficient_quota", skip=6)
    with tool_server(doubling, faults=[no_money]) as server:
        with pytest.raises(QuotaExceededError):
            ask(server)
        first = list(ask(server))
        assert server.count("chat") == 4 * 3 + 1
        assert list(ask(server)) == first
        assert server.count("chat") == 4 * 3 + 1
    assert [response.text for response in first] == [f"\\boxed{{{4 * n}}}" for n in range(4)]


def test_a_model_that_only_calls_has_to_answer_in_the_end(ask):
    """After the allowed rounds it is asked once more, with tools forbidden."""
    with tool_server(lambda *_: [["simplify", '{"expression": "x"}']]) as server:
        (response,) = ask(server, 1, rounds=2)
        choices = [asked.body["tool_choice"] for asked in server.requests]
    assert choices == ["auto", "auto", "none"]
    assert response.text == ""


def test_bad_calls_get_an_error_back_and_many_are_cut(ask):
    """A model may call what does not exist, with arguments that are none, a hundred times at once."""

    def wild(messages, request):
        if len(messages) > 1:
            return "done"
        return [["rm -rf", "{"]] * 100

    with tool_server(wild) as server:
        (response,) = ask(server, 1)
    results = [m["content"] for m in response.turns if m["role"] == "tool"]
    assert len(results) == 8
    assert all(result.startswith("error: no tool") for result in results)


def test_the_tools_are_described_to_the_model(ask):
    """The request holds a JSON schema for each tool."""
    with tool_server(lambda *_: "done") as server:
        ask(server, 1)
        tools = server.requests[0].body["tools"]
    assert [tool["function"]["name"] for tool in tools] == ["evaluate", "simplify", "solve"]
    assert all(tool["function"]["parameters"]["type"] == "object" for tool in tools)


def test_a_run_with_tools_shares_no_answer_with_one_without(ask, path, questions):
    """The tools are in the key."""
    with tool_server(lambda *_: "done") as server:
        ask(server, 2)
        without = generate(questions(2), model="m", path=path, client=server.client())
        assert (without.stored, without.asked) == (0, 2)


def test_costs_add_up_over_the_turns_and_the_limit_holds_for_all(ask):
    """Each turn is paid; the limit is one for the whole conversation."""
    price = Price(prompt=0.0, completion=1_000_000.0)
    with tool_server(doubling) as server:
        cost = ask(server, pace=Pace(price=price)).cost
        assert cost == sum(r.usage.completion_tokens for r in ask(server)) + 4 * 2 * _tokens_of_a_call(server)
    with tool_server(doubling) as server, pytest.raises(CostLimitError):
        ask(server, pace=Pace(price=price, cost_limit=cost / 2))


def _tokens_of_a_call(server):
    calls = [a for a in server.requests if a.body["tool_choice"] == "auto" and len(a.body["messages"]) == 1]
    assert calls
    return len(json.dumps(doubling(calls[0].body["messages"], {})).split())


def test_no_round_is_refused(ask):
    """Without a round no tool could be called."""
    with tool_server(doubling) as server, pytest.raises(DataError, match="rounds"):
        ask(server, rounds=0)


def test_no_questions_are_no_conversation(ask):
    """An empty list needs no server."""
    with tool_server(doubling) as server:
        assert list(ask(server, 0)) == []
        assert server.requests == []


def test_a_calculator_is_a_value():
    """Two with the same budget are the same tool."""
    assert attrs.evolve(Calculator(), work=5) == Calculator(work=5)
