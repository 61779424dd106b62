"""Double precision proves differences and never one that is not there."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mathtune.algebra import (
    Budget,
    Constant,
    Place,
    Rational,
    Variable,
    add,
    apply,
    as_double,
    least_gap,
    multiply,
    negate,
    numeric_value,
    power,
    rational,
    real_order,
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
            st.builds(
                apply, st.sampled_from(["sin", "cos", "ln", "arctan", "tanh", "abs", "f(", "gh("]), inner
            ),
            st.builds(apply, st.just("f("), inner, inner),
        ),
        max_leaves=8,
    )


closed = built_from(leaves)
PLACE = Place({"x": Fraction(2, 7), "y": Fraction(-5, 3)}, 1.0)
lettered = built_from(st.one_of(leaves, st.sampled_from([Variable("x"), Variable("y")])))


@settings(max_examples=300, deadline=None)
@given(closed, closed)
def test_what_is_far_apart_does_not_meet_in_balls(first, second):
    """A difference that doubles show is one that balls of 400 bits show too."""
    if not least_gap(first, second):
        return
    values = [numeric_value(side, Budget(100_000), 400) for side in (first, second)]
    assert None in values or not values[0].overlaps(values[1])


@settings(max_examples=300, deadline=None)
@given(lettered, lettered)
def test_so_is_a_difference_at_a_place(first, second):
    """What doubles show at a place is what the numbers there show in balls."""
    if not least_gap(first, second, PLACE):
        return
    numbers = {name: Rational(value) for name, value in PLACE.letters.items()}
    values = [numeric_value(substitute(side, numbers), Budget(100_000), 400) for side in (first, second)]
    assert None in values or not values[0].overlaps(values[1])


@settings(max_examples=200, deadline=None)
@given(closed, closed)
def test_a_value_is_never_far_from_itself(value, other):
    """A number written in another way is not far from itself, whatever cancels."""
    assert not least_gap(value, add(add(value, other), negate(other)))
    assert not least_gap(value, multiply(multiply(value, rational(7)), rational(1, 7)))


@settings(max_examples=300, deadline=None)
@given(lettered)
def test_no_value_is_far_from_its_ball(value):
    """What doubles enclose, the midpoint of a fine ball is not far from."""
    numbers = {name: Rational(at) for name, at in PLACE.letters.items()}
    ball = numeric_value(substitute(value, numbers), Budget(100_000), 400)
    if ball is None or not ball.imag.is_zero():
        return
    digits, exponent = ball.real.mid().man_exp()
    assume(abs(exponent) < 5_000)
    middle = Rational(Fraction(int(digits)) * Fraction(2) ** int(exponent))
    assert not least_gap(value, middle, PLACE)


@settings(max_examples=200, deadline=None)
@given(closed, closed)
def test_a_known_order_is_that_of_balls(first, second):
    """Which of two real numbers is greater, doubles say only where balls agree."""
    order = real_order(first, second)
    gap = numeric_value(add(first, negate(second)), Budget(100_000), 400) if order else None
    assert gap is None or (gap.imag.contains(0) and (gap.real > 0 if order > 0 else gap.real < 0))


def test_real_numbers_are_known_in_doubles():
    """A root of a negative number, a letter and a complex number have no double, and no order."""
    root = power(rational(2), rational(1, 2))
    assert abs(as_double(root) ** 2 - 2) < 1e-12
    assert real_order(root, rational(1)) == 1 == -real_order(rational(1), root)
    for value in (
        power(rational(-2), rational(1, 2)),
        Variable("x"),
        Constant("i"),
        power(rational(0), rational(-1)),
    ):
        assert as_double(value) is None
        assert real_order(value, rational(1)) == 0
    assert real_order(root, root) == 0


def test_most_differences_are_seen():
    """Numbers that differ in their sixth digit are far apart; letters have no place here."""
    assert least_gap(power(rational(2), rational(1, 2)), rational(141421, 100000))
    assert least_gap(add(rational(1), Constant("i")), add(rational(1), negate(Constant("i"))))
    assert not least_gap(Variable("x"), rational(1))
    assert least_gap(power(Constant("e"), Variable("x")), rational(1), PLACE)
    assert not least_gap(power(Variable("y"), Variable("x")), rational(1), PLACE)  # of a negative number
    assert not least_gap(Variable("z"), rational(1), PLACE)
    tiny, huge = (power(rational(*ratio), Variable("n")) for ratio in ((1, 10**200), (10**150,)))
    assert not least_gap(multiply(tiny, huge), rational(1, 10**100), Place({"n": Fraction(2)}))
