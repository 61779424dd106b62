"""Tests of the rule by which concurrency grows and shrinks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mathtune.generation._window import Window


def serve(window, times):
    for _ in range(times):
        window.served()


def test_it_doubles_until_the_first_refusal():
    """While all is served the limit doubles with each round of answers, up to the ceiling."""
    window = Window(ceiling=100)
    sizes = []
    for _ in range(5):
        sizes.append(window.limit)
        serve(window, window.limit)
    assert sizes == [8, 16, 32, 64, 100]


def test_after_a_refusal_it_grows_by_one_a_round():
    """Once the server has said "too many", a round of answers adds one."""
    window = Window(ceiling=100)
    serve(window, 24)
    window.limited(now=1.0, sent_at=0.5, wait=0.0)
    assert window.limit == 16
    serve(window, 17)
    assert window.limit == 17


def test_refusals_of_one_jam_halve_once():
    """Refusals of requests sent before the halving are news of the same jam."""
    window = Window(ceiling=64)
    window.limited(now=2.0, sent_at=1.0, wait=1.0)
    window.limited(now=2.1, sent_at=1.5, wait=5.0)
    assert (window.limit, window.opens_at) == (4, 7.1)
    window.limited(now=9.0, sent_at=8.0, wait=0.0)
    assert (window.limit, window.opens_at) == (2, 9.0)


steps = st.lists(st.tuples(st.booleans(), st.floats(0, 100), st.floats(0, 10)), max_size=50)


@given(st.integers(1, 50), steps)
def test_the_limit_stays_between_one_and_the_ceiling(ceiling, course):
    """Whatever the server does, at least one request may go and never more than the ceiling."""
    window = Window(ceiling=ceiling)
    for served, now, wait in course:
        before = window.opens_at
        if served:
            window.served()
        else:
            window.limited(now=now, sent_at=now, wait=wait)
        assert 1 <= window.limit <= ceiling
        assert window.opens_at >= before
