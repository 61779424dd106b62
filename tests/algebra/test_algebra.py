"""Exact expressions and how they compare."""

from __future__ import annotations

import threading
from fractions import Fraction

import pytest

from mathtune.algebra import (
    FLINT,
    Apply,
    Bound,
    Budget,
    BudgetExceededError,
    Constant,
    Match,
    Power,
    Rational,
    Variable,
    add,
    apply,
    compare,
    divide,
    has_name,
    multiply,
    negate,
    numeric_value,
    power,
    rational,
    substitute,
    symbols,
)

from ..presses import presses

X, Y, N = Variable("x"), Variable("y"), Variable("n")
PI, E, UNIT = Constant("pi"), Constant("e"), Constant("i")


def match(one, other):
    return compare(one, other, Budget()).match


def test_rational_arithmetic_folds():
    """A rational number is always one value, and huge powers are not computed."""
    assert add(rational(1, 2), rational(1, 3)) == rational(5, 6)
    assert power(rational(2), rational(-3)) == rational(1, 8)
    assert isinstance(power(rational(9), power(rational(9), rational(9))), Power)
    assert apply("binom", rational(7), rational(3)) == rational(35)
    assert multiply(rational(2), X, rational(3)) == multiply(rational(6), X)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            power(add(X, rational(1)), rational(2)),
            add(power(X, rational(2)), multiply(rational(2), X), rational(1)),
        ),
        (power(add(X, negate(Y)), rational(6000)), power(add(Y, negate(X)), rational(6000))),
        (power(E, multiply(UNIT, PI)), rational(-1)),
        (add(power(apply("sin", X), rational(2)), power(apply("cos", X), rational(2))), rational(1)),
        (
            Bound("sum", "k", Variable("k"), rational(1), N),
            divide(multiply(N, add(N, rational(1))), rational(2)),
        ),
        (Bound("int", "t", Variable("t"), rational(0), X), divide(power(X, rational(2)), rational(2))),
        (power(power(rational(2), rational(1, 2)), rational(2)), rational(2)),
        (Apply("ln", (power(E, X),)), X),
    ],
)
def test_equal(one, other):
    """Identities hold: polynomial, exponential, trigonometric, sums, integrals, surds."""
    assert match(one, other) is Match.EQUAL


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (power(add(X, negate(Y)), rational(6001)), power(add(Y, negate(X)), rational(6001))),
        (power(rational(3), rational(2025)), power(rational(2), rational(2025))),
        (apply("abs", add(X, rational(1000))), add(X, rational(1000))),
        (power(power(X, rational(2)), rational(1, 2)), X),
        (add(power(E, multiply(rational(10), X)), rational(1, 10**9)), power(E, multiply(rational(10), X))),
        (multiply(rational(1, 10**50), apply("cos", X)), multiply(rational(1, 10**50), apply("sin", X))),
        (X, Y),
    ],
)
def test_different(one, other):
    """Differences are found: far away, tiny, or only for negative numbers."""
    assert match(one, other) is Match.DIFFERENT


def test_no_common_domain_is_unknown():
    """Where neither side has a value nothing is said."""
    assert match(divide(rational(1), add(X, negate(X))), X) is Match.UNKNOWN


def test_budget_stops():
    """Work beyond the budget stops the comparison."""
    long = add(*(apply("sin", multiply(rational(k), X)) for k in range(1, 60)))
    with pytest.raises(BudgetExceededError):
        compare(long, add(long, rational(0), apply("cos", X)), Budget(30))


def test_substitution_and_symbols():
    """Bound variables are no free ones."""
    series = Bound("sum", "k", multiply(Variable("k"), X), rational(1), N)
    assert symbols(series) == {"x", "n"}
    assert substitute(series, {"x": rational(2), "k": rational(9)}).body == multiply(
        Variable("k"), rational(2)
    )


def test_the_variable_of_a_sum_is_free_at_its_ends_only():
    """In the sum of n from n to k, n is bound in the body and free below; k is free above."""
    total = Bound("sum", "n", add(N, X), N, Variable("k"))
    assert symbols(total) == {"x", "n", "k"}
    assert symbols(Bound("sum", "n", add(N, X), rational(1), Variable("k"))) == {"x", "k"}
    assert symbols(add(multiply(PI, E), power(rational(2), rational(1, 2)))) == frozenset()


@pytest.mark.parametrize("name", ["abs", "x", "pi"])
def test_a_name_is_found_wherever_it_stands(name):
    """A function, a letter and a constant count, in the body of a sum too; other names do not."""
    inner = multiply(PI, power(apply("abs", X), rational(3)))
    assert has_name(inner, name)
    assert has_name(Bound("sum", "n", inner, rational(1), None), name)
    assert not has_name(inner, "y")


def test_numeric_value_is_a_ball():
    """Values come with error bounds that hold the truth."""
    ball = numeric_value(power(rational(2), rational(1, 2)), Budget(), 200)
    assert (ball * ball - 2).contains(0)
    assert float(ball.real) == pytest.approx(2**0.5)


def test_digits_do_not_make_numbers_different():
    """How many decimals were written is a note, no part of the value."""
    assert Rational(Fraction(1, 2), 1) == Rational(Fraction(1, 2))
    assert hash(Rational(Fraction(1, 2), 1)) == hash(Rational(Fraction(1, 2)))


def test_ctrl_c_at_any_moment_leaves_flint_to_others():
    """Wherever it falls, other threads can compute, and flint's precision is what it was."""
    import flint

    def compute():
        return numeric_value(apply("sin", Rational(Fraction(1, 7))), Budget())

    def is_free():
        free.append(FLINT.acquire(timeout=1.0))
        FLINT.release()

    compute()
    before = flint.ctx.prec
    for _ in presses(compute):
        free = []
        other = threading.Thread(target=is_free)
        other.start()
        other.join()
        assert free == [True]
        assert flint.ctx.prec == before
