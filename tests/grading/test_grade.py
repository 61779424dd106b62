"""Whole responses, context, policy, batches, golds."""

from __future__ import annotations

import math
import pickle
import re
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from mathtune.answers import extract_answer
from mathtune.errors import DataError
from mathtune.grading import (
    GoldFinding,
    Outcome,
    Reason,
    Regime,
    Verdict,
    audit_golds,
    equivalent,
    grade,
    grade_asymptotic,
    grade_batch,
    is_readable,
    to_sympy,
)
from mathtune.policy import Policy


@pytest.mark.parametrize(
    ("response", "gold", "equal"),
    [
        (r"So the sum is $\boxed{\frac{3}{4}}$.", "0.75", True),
        ("We add 3 and 4.\n#### 7", "7", True),
        (r"\boxed{10} or maybe \boxed{12} or \boxed{14}", "12", False),
        (r"The roots are $\boxed{-2}$ and $\boxed{5}$.", "5, -2", True),
        (r"The roots are $\boxed{-2}$ and $\boxed{5}$.", "-2", False),
        (r"$\boxed{}$", "3", False),
        ("<think>It is 5, so \\boxed{5}", "5", False),
    ],
)
def test_a_response_is_judged_by_its_answer(response, gold, equal):
    """The final answer counts; guesses, empty boxes and unfinished thoughts earn nothing."""
    assert bool(grade(response, gold)) == equal


def test_the_question_in_the_box_earns_nothing():
    """An answer that repeats an expression of the problem is not an answer, however equal its value."""
    problem = r"Compute $3\tan 40^\circ + \cos 20^\circ$ rounded down."
    verdict = equivalent("3", r"\lfloor 3\tan 40^\circ + \cos 20^\circ\rfloor", context=problem)
    assert verdict.outcome is Outcome.EQUAL
    echoed = equivalent(r"2\sqrt{3}+1-\sqrt{12}", r"7 - 2\cdot 3", context=r"What is $7 - 2\cdot 3$?")
    assert echoed.reason is Reason.REPEATS_PROBLEM


def test_options_of_the_problem_are_known():
    """A letter is judged by the option it stands for, and a value by its letter."""
    problem = "What is 3 + 4? (A) 5 (B) 6 (C) 7 (D) 8"
    assert equivalent("C", "7", context=problem)
    assert equivalent("7", "(C)", context=problem)
    assert not equivalent("C", "8", context=problem)


def test_the_base_that_the_problem_asks_for():
    """Digits without their base are read in the base that the problem names."""
    assert equivalent("204_5", "204", context="Find the quotient in base 5.")
    assert not equivalent("204_5", "204")


def read_asked():
    path = Path(__file__).with_name("cases") / "asked.tsv"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text, _, problem = line.partition("  @@ ")
        for mark in ("  ==  ", "  !=  ", "  =>  ", "  !>  "):
            if mark in text and not line.startswith("##"):
                yield pytest.param(
                    *text.split(mark), mark.strip(), problem or None, id=f"{path.stem}:{number}"
                )


@pytest.mark.parametrize(("gold", "given", "mark", "problem"), list(read_asked()))
def test_the_problem_says_how_its_answer_is_read(gold, given, mark, problem):
    """Digits, unit, percent, order and domain that the problem names decide; marks as in the other files."""
    assert bool(equivalent(gold, given, context=problem)) == (mark[0] == "=")
    if mark in ("==", "!="):
        assert bool(equivalent(given, gold, context=problem)) == (mark == "==")


@pytest.mark.parametrize(
    ("gold", "given", "policy", "equal"),
    [
        ("200", "199", Policy(relative_tolerance=0.01), True),
        ("200", "203", Policy(relative_tolerance=0.01), False),
        ("0.001", "0.0011", Policy(absolute_tolerance=0.001), True),
        ("5", "5.1", Policy(absolute_tolerance=0.1), True),
        ("5", "5.11", Policy(absolute_tolerance=0.1), False),
        ("0", "0.05", Policy(relative_tolerance=0.1), False),
        (r"\pi", "3.14", Policy(significant_digits=3), True),
        (r"\pi", "3.15", Policy(significant_digits=3), False),
        (r"\pi", "3.15", Policy(significant_digits=3, absolute_tolerance=0.01), True),
        ("12345", "12300", Policy(significant_digits=3), True),
        ("12345", "12400", Policy(significant_digits=3), False),
        ("(1, 2)", "(1.001, 2)", Policy(relative_tolerance=0.01), True),
        ("x", "1.001x", Policy(relative_tolerance=0.01), False),
        ("3 + 4i", "3.001 + 4i", Policy(relative_tolerance=0.001), True),
        (r"5\text{ cm}", r"51\text{ mm}", Policy(relative_tolerance=0.02), True),
    ],
)
def test_tolerances_measure_from_the_gold_and_only_widen(gold, given, policy, equal):
    """A number passes if any of the tolerances that are set lets it pass; letters have none."""
    verdict = equivalent(gold, given, policy=policy)
    assert bool(verdict) is equal
    assert not equivalent(gold, given)
    assert not equal or verdict.reason is Reason.WITHIN_TOLERANCE


@pytest.mark.parametrize(
    "wrong",
    [
        {"relative_tolerance": -0.1},
        {"absolute_tolerance": float("nan")},
        {"absolute_tolerance": float("inf")},
        {"significant_digits": -1},
        {"percent": "sometimes"},
        {"form": "pretty"},
        {"work": 0},
        {"work": 10.5},
        {"significant_digits": 101},
        {"decimal_digits": -1},
        {"rounded_gold": "yes"},
        {"relative_tolerance": "0.1"},
    ],
)
def test_a_policy_that_means_nothing_is_refused(wrong):
    """A value outside its range or set is refused when the policy is made; field and value are named."""
    ((field, value),) = wrong.items()
    with pytest.raises(DataError, match=r"expected .*, got") as caught:
        Policy(**wrong)
    assert caught.value.field == field
    assert repr(value) in str(caught.value)


def test_policy_sets_tolerance_percent_and_units():
    """Tolerance, percent and units are as strict as the policy says."""
    assert not equivalent(r"\pi", "3.14")
    assert (
        equivalent(r"\pi", "3.14", policy=Policy(relative_tolerance=0.01)).reason is Reason.WITHIN_TOLERANCE
    )
    assert not equivalent("1000000", "1000001")
    assert not equivalent(r"28\%", "28", policy=Policy(percent="fraction"))
    assert equivalent("5\\text{ cm}", "5", policy=Policy(units="strict")).reason is Reason.DIFFERENT_UNIT
    assert not equivalent(r"\log 2", r"\ln 2", policy=Policy(log_base="10"))
    assert not equivalent("30.52", r"\frac{1587}{52}", policy=Policy(rounded_gold=False))


def test_an_unreadable_gold_is_told_apart():
    """A broken gold answer says nothing about a response."""
    for gold in (r"\frac{1}{", "}{", "", "   ", "$$"):
        assert equivalent(gold, "5").reason is Reason.UNPARSED_GOLD
        assert not is_readable(gold)
    assert is_readable(r"\text{Friday}")


def test_no_answer_and_cut_off_are_told_apart():
    """A response without an answer is wrong, and the reason says so."""
    assert grade("", "5").reason is Reason.NO_ANSWER
    assert grade("<think>let me see", "5").reason is Reason.CUT_OFF


def test_no_answer_is_not_wrong_where_the_gold_answer_cannot_be_read():
    """A broken gold answer is reported as such, whatever the response says or leaves out."""
    for response in ("", r"so it is $\boxed{5}$", "<think>let me see"):
        verdict = grade(response, r"\frac{1}{")
        assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.UNPARSED_GOLD)


def test_verdicts_travel():
    """Verdicts are hashable, survive pickling and explain themselves."""
    verdict = equivalent("1/2", "0.5")
    assert pickle.loads(pickle.dumps(verdict)) == verdict
    assert len({verdict, equivalent("1/2", "0.5")}) == 1
    assert "0.5" in verdict.explain()
    for reason in Reason:
        assert Verdict(Outcome.DIFFERENT, reason, "", "1", "2").explain().endswith(".")


def test_verdicts_are_compared_by_their_forms():
    """A verdict shows, hashes and travels by the printed forms, whether it was made of trees or of texts."""
    verdict = equivalent(r"\frac{1}{2}x", "x+1")
    told = Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_VALUE, "value", "1/2 x", "x + 1")
    assert (verdict.gold_form, verdict.given_form) == (told.gold_form, told.given_form)
    assert (verdict, hash(verdict), repr(verdict)) == (told, hash(told), repr(told))
    assert pickle.dumps(verdict) == pickle.dumps(told)
    assert repr(told).endswith("tier='value', gold_form='1/2 x', given_form='x + 1')")
    assert verdict != equivalent(r"\frac{1}{2}x", "x+2")


def test_no_answer_is_said_to_differ_from_its_own_words():
    """Two ways of writing that look alike when shown are not called another value of the same text."""
    said = Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_VALUE, "value", "10m", "10m").explain()
    assert said == "The answer 10m looks like the expected one, but as it is written it means something else."
    assert (
        equivalent("10m", "10").explain() == "The answer 10 has another value than the expected answer 10 m."
    )


def test_batch_judges_like_one_by_one():
    """A batch gives, in order, what single calls give."""
    responses, golds = [r"\boxed{1}", r"\boxed{2}", r"\boxed{1}"], ["1", "1", "1"]
    assert grade_batch(responses, golds) == [grade(r, g) for r, g in zip(responses, golds, strict=True)]
    with pytest.raises(DataError, match="got 3 responses, 2 golds and 3 contexts"):
        grade_batch(responses, golds[:2])


def test_audit_names_bad_golds():
    """Missing and unreadable golds are found before any response is judged."""
    found = audit_golds([("a", "1/2"), ("b", ""), ("c", r"\frac{2}{"), ("d", 0.5), ("e", None)])
    assert found == [
        GoldFinding("b", "", "missing"),
        GoldFinding("c", r"\frac{2}{", "unreadable"),
        GoldFinding("e", "", "missing"),
    ]
    with pytest.raises(TypeError, match="'f': expected text or a number, found list"):
        audit_golds([("f", ["1/2"])])


NO_TEXTS = [4, 0.5, float("nan"), b"x", ["x"], {"x": 1}, {"x"}, Path("x"), True]


@pytest.mark.parametrize("other", [None, *NO_TEXTS], ids=repr)
def test_an_argument_that_is_no_text_is_named(other):
    """A number, a list or None in a text's place is a TypeError with the argument's name and what came."""
    got = re.escape("None" if other is None else f"{type(other).__name__} {other!r}")
    for name, call in {
        "response": lambda: grade(other, "4"),
        "gold": lambda: grade("It is x.", other),
        "given": lambda: equivalent("x", other),
        "row 2, response": lambda: grade_batch(["It is 4.", other], ["4", "4"]),
        "row 1, gold": lambda: grade_batch(["It is 4.", "4"], [other, "4"]),
    }.items():
        with pytest.raises(TypeError, match=rf"^{name}: expected a text \(str\), got {got}$"):
            call()
    with pytest.raises(TypeError, match=r"^gold: expected a text"):
        equivalent(other, "x")
    with pytest.raises(TypeError, match=r"^response: expected a text"):
        extract_answer(other)


def test_a_problem_that_is_no_text_is_named():
    """The problem may be left out, which None says; anything else is a text."""
    with pytest.raises(TypeError, match=r"^context: expected a text \(str\), got int 7$"):
        equivalent("x", "x", context=7)
    assert equivalent("x", "x", context=None)


def test_one_text_is_no_batch():
    """A text in the place of many is an error, not graded letter by letter."""
    with pytest.raises(TypeError, match=r"^responses: expected a list of texts, got one text; grade\(\)"):
        grade_batch("44", ["4", "4"])
    with pytest.raises(TypeError, match=r"^golds: expected a list of texts"):
        grade_batch(["4", "4"], "44")


def test_sympy_objects_are_built():
    """Answers become SymPy objects without any text being evaluated."""
    import sympy

    x = sympy.Symbol("x")
    assert to_sympy(r"\frac{x^2}{2}+\ln x") == x**2 / 2 + sympy.log(x)
    assert to_sympy(r"\{1, 2\}") == sympy.FiniteSet(1, 2)
    assert to_sympy("x < 3") == (x < 3)
    assert to_sympy(r"\begin{pmatrix} 1 & 2 \end{pmatrix}") == sympy.Matrix([[1, 2]])


def test_common_answers_need_no_flint():
    """Numbers and fractions are decided before python-flint is imported."""
    import subprocess

    code = (
        "import sys; from mathtune.grading import equivalent; assert equivalent('1/2','0.5'); "
        "assert not equivalent('7','8'); assert equivalent('x+1','1+x'); sys.exit('flint' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_approximation_earns_by_regime():
    """A formula that is near the truth in one regime of two earns half; roots must all be met."""
    small = Regime(name="small", point=Fraction(1, 100), values=(1.01005,))
    large = Regime(name="large", point=Fraction(20), values=(math.exp(20),))
    assert grade_asymptotic("1 + x", [small, large]).matched == ("small",)
    assert grade_asymptotic("e^x", [small, large]).score == 1.0
    assert grade_asymptotic("[1 + x, e^x]", [small, large]).score == 1.0
    roots = Regime(name="small", point=Fraction(1, 100), values=(10.0, -10.0))
    assert grade_asymptotic(r"\pm\frac{1}{\sqrt{\epsilon}}", [roots]).score == 1.0
    assert grade_asymptotic(r"\frac{1}{\sqrt{\epsilon}}", [roots]).score == 0.0


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("factored", "2(x-1)(x+1)", "(2x-2)(x+1)"),
        ("factored", "(x-1)^2", "x^2-2x+1"),
        ("expanded", "x^2-2x+1", "(x-1)^2"),
        ("reduced", r"\frac{1}{2}", r"\frac{2}{4}"),
        ("reduced", r"2\sqrt{3}", r"\sqrt{12}"),
        ("exact", r"\frac{1}{2}", "0.5"),
        ("decimal", "0.5", r"\frac{1}{2}"),
        ("mixed", r"2\frac{1}{2}", r"\frac{5}{2}"),
        ("mixed", r"-1\frac{1}{3}\text{ cm}", r"-\frac{4}{3}\text{ cm}"),
        ("factored", "3(x-y)(x+y)", "3(x^2-y^2)"),
        ("factored", "(a+b)(c+d)", "a(c+d)+b(c+d)"),
        ("factored", "x(x+2y)^2", "(x^2+2xy)(x+2y)"),
        ("expanded", "2ab+2ac", "2a(b+c)"),
        ("reduced", r"\frac{x}{2}", r"\frac{2x}{4}"),
        ("reduced", "x+1", r"\frac{x^2-1}{x-1}"),
        ("simplified", "5x", "2x+3x"),
        ("simplified", r"\frac{\sqrt{2}}{2}", r"\frac{1}{\sqrt{2}}"),
        ("simplified", r"4\sqrt{2}", r"\sqrt{2}+3\sqrt{2}"),
        ("digits", "0.50", "0.5"),
    ],
)
def test_a_form_can_be_asked_for(form, good, bad):
    """With a form in the policy the right value in another form is different, and the reason says so."""
    policy = Policy(form=form)
    assert equivalent(bad, good, policy=policy)
    assert equivalent(good, bad, policy=policy).reason is Reason.DIFFERENT_FORM
    assert equivalent(good, bad)


def test_rounding_that_the_problem_asks_for():
    """Where the problem asks to round, a gold of few digits is a rounded one."""
    assert not equivalent("0.7", r"\frac{2}{3}")
    assert (
        equivalent("0.7", r"\frac{2}{3}", context="Give the answer to the nearest tenth.").reason
        is Reason.ROUNDED
    )
