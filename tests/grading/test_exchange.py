"""What an answer means, as a SymPy object."""

from __future__ import annotations

import pytest

from mathtune.errors import LatexSyntaxError
from mathtune.grading import to_sympy

sympy = pytest.importorskip("sympy", reason="needs the extra `sympy`")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"\frac{x}{2} + \sqrt{3}", "x/2 + sqrt(3)"),
        ("[0, 1)", "Interval.Ropen(0, 1)"),
        ("(0, 1)", "(0, 1)"),
        (r"\mathbb{R} \setminus \{0\}", "Union(Interval.open(-oo, 0), Interval.open(0, oo))"),
        (r"1 < x \le 2", "(x <= 2) & (1 < x)"),
        ("x = 1, y = 2", "(Eq(x, 1), Eq(y, 2))"),
        ("f(x) = x^2", "Eq(f(x), x**2)"),
        ("1, 2", "{1, 2}"),
        (r"50\%", "1/2"),
        (r"30^\circ", "pi/6"),
        (r"5\text{ cm}", "5*cm"),
        (r"J_0(x)", "besselj(0, x)"),
        (r"\sum_{k=1}^{n} k", "Sum(k, (k, 1, n))"),
    ],
)
def test_each_kind_of_answer_has_its_object(text, written):
    """Numbers, formulas, sets, intervals, relations, names and units keep their meaning."""
    assert str(to_sympy(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "9^{9^9}", "9^{9^{9^9}}", "0.5^{123456}", r"\sqrt{" + "7" * 9_000 + "}", r"(10^{10})!",
        r"\binom{10^9}{5\cdot 10^8}", r"\zeta(-10^5)", "5 1/0 ft 2 in",
        r"\sqrt{30^\circ}^{10^{99}}", "(2x)^{10^{99}}", r"2^{10^{99}+\sqrt2}",
        "3.2" + r"\times10^{-.2" * 22 + r"\times10^{-5}",
    ],
)  # fmt: skip
def test_what_sympy_would_work_out_without_end_is_a_syntax_error(text):
    """Numbers that only SymPy's eager arithmetic would write out are refused before it begins."""
    with pytest.raises(LatexSyntaxError):
        to_sympy(text)


def test_roots_in_roots_are_built_up_to_ten():
    """The sign of what stands under a root takes SymPy twice as long at every depth."""
    nested = "1"
    for _ in range(20):
        nested = rf"\sqrt{{2+\sqrt{{3}}{nested}}}"
    with pytest.raises(LatexSyntaxError):
        to_sympy(nested)
    assert str(to_sympy(r"\sqrt{2+\sqrt{2+\sqrt{2}}}")) == "sqrt(sqrt(sqrt(2) + 2) + 2)"


def test_a_limit_at_its_own_variable_is_a_syntax_error():
    """SymPy has no object for it, and says so by an error of its own."""
    with pytest.raises(LatexSyntaxError):
        to_sympy(r"\lim_{x \to x}{x}")


def test_functions_of_functions_are_built_as_they_stand():
    """What SymPy would look at twice at every depth comes back in no time; two are worked out."""
    assert str(to_sympy("csch " * 3 + "x")) == "csch(csch(csch(x)))"
    assert to_sympy("csch " * 30 + "x").count_ops() == 30
    assert str(to_sympy(r"\sin(\arcsin x)")) == "x"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (r"\lfloor \binom{-\int_0^1 x\,dx}{1,234} \rfloor", "floor(binomial(-Integral(x, (x, 0, 1)), 1234))"),
        (r"\binom{n}{1000}", "binomial(n, 1000)"),
        (r"\operatorname{Li}_{10^{50}}(1)", f"polylog({10**50}, 1)"),
        (r"\binom{5}{2} + \Gamma(\frac12)", "sqrt(pi) + 10"),
    ],
)
def test_functions_that_are_much_work_are_left_as_they_stand(text, written):
    """Special functions are worked out for small numbers, and handed on for all else."""
    assert str(to_sympy(text)) == written


def test_large_but_short_powers_have_their_object():
    """What SymPy writes out in no time is given to it."""
    assert str(to_sympy("2^{100} + x^{20000}")) == "x**20000 + 1267650600228229401496703205376"
    assert str(to_sympy("(2x)^{10}")) == "1024*x**10"
    assert str(to_sympy(r"\pi^{10^9}")) == "pi**1000000000"
    assert str(to_sympy(r"\sqrt{50} + 20!")) == "5*sqrt(2) + 2432902008176640000"


@pytest.mark.parametrize("text", ["yes", "__import__('os').system('true')", r"\frac{1}{", "x" * 20_000])
def test_what_has_no_object_is_a_syntax_error(text):
    """Words, code and broken LaTeX are refused by an error of our own; nothing is evaluated."""
    with pytest.raises(LatexSyntaxError):
        to_sympy(text)
