"""Tests of what responses cost and of the limit."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mathtune.errors import CostLimitError, DataError
from mathtune.generation import Pace, Price, Sampling, Usage, estimate, generate
from mathtune.generation._cost import Spending, usage_of
from mathtune.generation._request import Request
from mathtune.testing import StubServer

PRICE = Price(prompt=1.0, completion=1_000_000.0)  # so that a token written costs 1


def words(count):
    """A chat script that answers in so many words; the stub counts a word as a token."""
    return lambda *_: " ".join(["word"] * count)


@pytest.fixture
def ask(path, questions, fake):
    def ask(server, count=6, *, sampling=None, **pace):
        pace = Pace(price=PRICE, clock=fake.clock(), **pace)
        return generate(
            questions(count), model="m", path=path, client=server.client(), sampling=sampling, pace=pace
        )

    return ask


def test_the_cost_is_that_of_all_responses(ask):
    """What was asked now and what was there before are added up."""
    with StubServer(chat=words(10)) as server:
        assert ask(server, 2).cost == pytest.approx(20, rel=1e-3)
        assert ask(server, 3).cost == pytest.approx(30, rel=1e-3)


@pytest.mark.parametrize("concurrency", [1, 8])
def test_the_limit_is_kept(ask, concurrency):
    """The run stops before a request that could go beyond it, and goes on under a higher one."""
    with StubServer(chat=words(10)) as server:
        with pytest.raises(CostLimitError, match=r"4 of 20 missing responses came.*run the same again"):
            ask(server, 20, cost_limit=45.0, concurrency=concurrency)
        assert server.count("chat") == 4
        with pytest.raises(CostLimitError, match="2 of 16"):
            ask(server, 20, cost_limit=65.0, concurrency=concurrency)
        assert ask(server, 20, cost_limit=1000.0, concurrency=concurrency).asked_again == 0
        assert server.count("chat") == 20


def test_a_limit_that_is_spent_asks_nothing(ask):
    """Zero is a limit too."""
    with StubServer(chat=words(10)) as server:
        with pytest.raises(CostLimitError, match=r"0\.0000 USD of at most 0\.0 are spent"):
            ask(server, cost_limit=0.0)
        assert server.requests == []


class Blank(StubServer):
    """Its first answer to a chat has no choices, and costs what it says."""

    def answer(self, *asked):
        answer = super().answer(*asked)
        if self.count("chat") == 1:
            answer.content["choices"] = []
        return answer


def test_an_answer_without_choices_is_paid_for(ask):
    """It is asked again: that makes two to pay, and under a limit for one it is not."""
    with Blank(chat=words(10)) as server:
        assert ask(server, 1).cost == pytest.approx(20, rel=1e-3)
    with Blank(chat=words(10)) as server:
        with pytest.raises(CostLimitError, match="none of 1 missing"):
            ask(server, 1, cost_limit=15.0)
        assert server.count("chat") == 1


def test_without_a_price_there_is_no_cost(path, questions):
    """No price is guessed."""
    with StubServer() as server:
        assert generate(questions(1), model="m", path=path, client=server.client()).cost is None


def test_an_estimate_asks_nobody(path, questions):
    """It counts what is missing and takes the length from the limit of tokens, else from an assumption."""
    with StubServer() as server:
        client = server.client()
        sampling = Sampling(max_tokens=50, n=2)
        first = estimate(questions(3), model="m", path=path, client=client, sampling=sampling, price=PRICE)
        bare = estimate(questions(3), model="m", path=path, client=client)
        assert server.requests == []
    assert (first.requests, first.missing, first.completion_tokens) == (6, 6, 300)
    assert first.cost == pytest.approx(300, rel=1e-3)
    assert "at most" in str(first)
    assert (bare.completion_tokens, bare.cost) == (1500, None)
    assert "6 of 6 requests to send" in str(first)


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (0.0, "about 0.00 USD"),
        (1.0, "less than 0.01 USD"),
        (9.0, "less than 0.01 USD"),
        (10.0, "about 0.01 USD"),
        (2_500_000.0, "about 2,500.00 USD"),
    ],
)
def test_an_estimate_says_its_money(path, questions, each, said):
    """Money is US dollars and cents, and what is less than a cent is not nothing."""
    price, sampling = Price(prompt=0.0, completion=each), Sampling(max_tokens=1_000)
    with StubServer() as server:
        client = server.client()
        asked = estimate(questions(1), model="m", path=path, client=client, sampling=sampling, price=price)
    assert str(asked).endswith(f", {said}")


def test_an_estimate_learns_from_earlier_responses(ask, path, questions):
    """What the same model wrote before is the best guess of what it will write."""
    with StubServer(chat=words(7)) as server:
        ask(server, 4)
        later = estimate(questions(10), model="m", path=path, client=server.client(), price=PRICE)
    assert (later.requests, later.missing, later.completion_tokens) == (10, 6, 42)
    assert "the mean of 4 earlier responses" in later.basis


def test_a_server_that_counts_nothing_is_estimated():
    """Four characters are taken for a token."""
    request = Request(problem_id="1", sample=0, asked=0, key="k", body={"messages": [{"content": "x" * 400}]})
    usage = usage_of(request, {"choices": [{"message": {"content": "y" * 4000}}]})
    assert usage.prompt_tokens == 104
    assert 1000 <= usage.completion_tokens <= 1020
    counted = json.loads('{"usage": {"prompt_tokens": 3, "completion_tokens": 4}}')
    assert usage_of(request, counted) == Usage(prompt_tokens=3, completion_tokens=4)


def limited(count, tokens):
    body = {"messages": [], "max_tokens": tokens}
    return [Request(problem_id=str(n), sample=0, asked=0, key=str(n), body=body) for n in range(count)]


def test_a_batch_holds_what_can_be_paid_at_most():
    """In a batch nothing can be stopped, so each request counts with its limit of tokens."""
    spending = Spending(PRICE, 35.0, [Usage(completion_tokens=4)])
    assert len(spending.affordable(limited(9, 10))) == 3
    with pytest.raises(DataError, match="limit of tokens"):
        spending.affordable([Request(problem_id="1", sample=0, asked=0, key="k", body={"messages": []})])


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.integers(0, 300), st.integers(1, 5))
@example([1, 50, 50], 3, 2)
def test_the_limit_is_passed_only_by_responses_dearer_than_all_when_they_were_asked(
    costs, limit, concurrency
):
    """Whatever the order of sending and answering, the overrun is no more than such surprises explain."""
    spending = Spending(PRICE, float(limit))
    under_way, dearest, surprise = [], 0, 0
    for cost in costs:
        while under_way and (len(under_way) == concurrency or not spending.allows(len(under_way))):
            paid = under_way.pop(0)
            dearest = max(dearest, paid)
            spending.pay(Usage(completion_tokens=paid))
        if not spending.allows(len(under_way)):
            break
        surprise += max(0, cost - dearest)
        under_way.append(cost)
    assert spending.spent + sum(under_way) <= limit + surprise
