"""Approximations: judged by their values in each regime."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from mathtune.errors import DataError
from mathtune.grading import Regime, grade_asymptotic, hardmath_regimes

SMALL = Regime(name="small", point=Fraction(1, 10), values=(-2 + 0j,))
LARGE = Regime(name="large", point=Fraction(10), values=(100 + 0j, 5 + 0j))


@pytest.mark.parametrize(
    ("printed", "values"),
    [
        ("[-9.5 -1.05  0.95]", (-9.5, -1.05, 0.95)),
        ("[1.+0.j 0.5 +2.25j\n 0.5 -2.25j]", (1, 0.5 + 2.25j, 0.5 - 2.25j)),
        ("[ 7.5e-16+3.25j -1j, 2j]", (7.5e-16 + 3.25j, -1j, 2j)),
        ("[(-1.5-2.5j), (3+0j)]", (-1.5 - 2.5j, 3)),
        ("-9.63e-321", (-9.63e-321,)),
        ("2.5 - 0.5*8**(1/3)\n", (1.5,)),
        ("None", ()),
    ],
)
def test_printed_numbers(printed, values):
    """Arrays and lists are read as numpy and Python print them, blanks inside a complex number included."""
    row = {"small_eval_point": "0.1", "small_numerical": "1.0", "small_analytical": printed}
    assert hardmath_regimes(row)[0].approximations == pytest.approx(values)


@pytest.mark.parametrize("printed", ["2+j", "[1e999 2]", "9" * 5_000, "j " * 9_000, "x*"])
def test_what_is_no_finite_number_has_no_value(printed):
    """A row whose own values are broken has the numerical one left to compare with."""
    row = {"small_eval_point": "0.1", "small_numerical": "1.0", "small_analytical": printed}
    assert hardmath_regimes(row)[0].approximations == ()


@pytest.mark.parametrize("point", ["1e999999999", "nan", "x", "9" * 5_000, "1/0", "٣²"])
def test_a_point_that_is_no_number_is_told(point):
    """An evaluation point that is no number of a usual size raises `DataError`, which names the field."""
    with pytest.raises(DataError, match="small_eval_point"):
        hardmath_regimes({"small_eval_point": point, "small_numerical": "1.0"})


def test_a_formula_beyond_what_a_row_may_cost_is_told():
    """A gold answer that cannot be evaluated raises `DataError` as well."""
    with pytest.raises(DataError, match="evaluated"):
        hardmath_regimes({"answer_val": "5 1/0 ft 2 in", "small_eval_point": "1", "small_numerical": "1.0"})


@pytest.mark.parametrize(
    "response",
    ["5 1/0 ft 2 in", r"\boxed{1.7\cdot 10^{308}(1+i)}", r"\boxed{x^{10^{99}}}", r"\boxed{\frac{1}{0}}"],
)
def test_hostile_approximations_earn_nothing(response):
    """What has no value, or one beyond the largest double, is far from any value."""
    assert grade_asymptotic(response, [SMALL]).score == 0
    assert grade_asymptotic(response, [SMALL, LARGE]).score == 0


def test_own_formula_is_as_good_as_the_number():
    """An answer that agrees with the data set's formula has the credit, however rough that formula is."""
    rough = Regime(name="large", point=Fraction(10), values=(120 + 0j,), approximations=(100 + 0j,))
    assert grade_asymptotic(r"\boxed{x^2}", [rough]).score == 1
    assert grade_asymptotic(r"\boxed{1.1x^2}", [rough]).score == 0


def test_powers_are_real_roots_where_the_solution_is_real():
    """(x - 8.1)^{1/3} is -2 at 0.1."""
    assert grade_asymptotic(r"\boxed{(x-8.1)^{\frac{1}{3}}}", [SMALL]).score == 1


def test_a_box_for_each_regime():
    """Boxes are taken in the order in which the response comes to the regimes."""
    response = r"For large x the roots are \boxed{x^2, \frac{x}{2}}, for small x the root is \boxed{-20x}."
    assert grade_asymptotic(response, [SMALL, LARGE]).matched == ("small", "large")
    swapped = r"For small x the root is \boxed{x^2, \frac{x}{2}}, for large x it is \boxed{-20x}."
    assert grade_asymptotic(swapped, [SMALL, LARGE]).score == 0


def test_rows_without_points():
    """Formulas c ε^p for three regimes are compared one by one."""
    row = {"answer_val": r"\frac{0.9}{\epsilon^{0.5}}, \frac{1.2}{\epsilon^{0.75}}, \frac{3}{\epsilon}"}
    regimes = hardmath_regimes(row)
    assert [regime.name for regime in regimes] == ["small", "intermediate", "large"]
    answer = r"\boxed{0.9\epsilon^{-1/2}, 1.2\epsilon^{-3/4}, \frac{4}{\epsilon}}"
    assert grade_asymptotic(answer, regimes).matched == ("small", "intermediate")


def test_solutions_of_the_data_set_have_full_credit(shared):
    """HARDMath's own solutions match both regimes, but for six that leave the real numbers."""
    text = (shared / "data" / "hardmath_mini.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    graded = [(row, hardmath_regimes(row)) for row in rows if row["question_type"][:3] != "non"]
    scores = [grade_asymptotic(row["solution"], regimes).score for row, regimes in graded]
    assert len(scores) == 237
    assert sum(score == 1 for score in scores) >= 231
    assert min(scores) >= 0.5
