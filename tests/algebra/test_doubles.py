"""Double precision proves differences and never one that is not there."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from mathtune.algebra import (
    Budget,
    Constant,
    Rational,
    Variable,
    add,
    apply,
    are_far_apart,
    multiply,
    negate,
    numeric_value,
    power,
    rational,
    substitute,
)

leaves = st.one_of(
    st.builds(rational, st.integers(-(10**12), 10**12), st.integers(1, 10**6)),
    st.sampled_from([Constant("pi"), Constant("e"), Constant("i"), rational(2**60 + 1), rational(0)]),
)
roots = st.sampled_from(
    [rational(1, 2), rational(-1, 2), rational(2), rational(-3), rational(7, 3), rational(60)]
)


def built_from(lowest):
    return st.recursive(
        lowest,
        lambda inner: st.one_of(
            st.builds(add, inner, inner),
            st.builds(multiply, inner, inner),
            st.builds(power, inner, st.one_of(roots, inner)),
            st.builds(apply, st.sampled_from(["sin", "cos", "ln"]), inner),
        ),
        max_leaves=8,
    )


closed = built_from(leaves)
PLACE = {"x": Fraction(2, 7), "y": Fraction(-5, 3)}
lettered = built_from(st.one_of(leaves, st.sampled_from([Variable("x"), Variable("y")])))


@settings(max_examples=300, deadline=None)
@given(closed, closed)
def test_what_is_far_apart_does_not_meet_in_balls(first, second):
    """A difference that doubles show is one that balls of 400 bits show too."""
    if not are_far_apart(first, second):
        return
    values = [numeric_value(side, Budget(100_000), 400) for side in (first, second)]
    assert None in values or not values[0].overlaps(values[1])


@settings(max_examples=300, deadline=None)
@given(lettered, lettered)
def test_so_is_a_difference_at_a_place(first, second):
    """What doubles show at a place is what the numbers there show in balls."""
    if not are_far_apart(first, second, PLACE):
        return
    numbers = {name: Rational(value) for name, value in PLACE.items()}
    values = [numeric_value(substitute(side, numbers), Budget(100_000), 400) for side in (first, second)]
    assert None in values or not values[0].overlaps(values[1])


@settings(max_examples=200, deadline=None)
@given(closed, closed)
def test_a_value_is_never_far_from_itself(value, other):
    """A number written in another way is not far from itself, whatever cancels."""
    assert not are_far_apart(value, add(add(value, other), negate(other)))
    assert not are_far_apart(value, multiply(multiply(value, rational(7)), rational(1, 7)))


def test_most_differences_are_seen():
    """Numbers that differ in their sixth digit are far apart; letters have no place here."""
    assert are_far_apart(power(rational(2), rational(1, 2)), rational(141421, 100000))
    assert are_far_apart(add(rational(1), Constant("i")), add(rational(1), negate(Constant("i"))))
    assert not are_far_apart(Variable("x"), rational(1))
    assert are_far_apart(power(Constant("e"), Variable("x")), rational(1), PLACE)
    assert not are_far_apart(power(Variable("y"), Variable("x")), rational(1), PLACE)  # of a negative number
    assert not are_far_apart(Variable("z"), rational(1), PLACE)
    tiny, huge = (power(rational(*ratio), Variable("n")) for ratio in ((1, 10**200), (10**150,)))
    assert not are_far_apart(multiply(tiny, huge), rational(1, 10**100), {"n": Fraction(2)})
