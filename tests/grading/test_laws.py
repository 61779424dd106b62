"""Laws that hold for every answer, on random ones."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from answers import expressions, rationals, shapes
from mathtune.grading import Outcome, equivalent
from mathtune.grading._number_words import leading_number, read_number_words
from mathtune.latex import parse, to_latex

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(shapes)
def test_reflexive_under_rewriting(answer):
    """An answer equals itself with other blanks, braces, brackets' sizes, fractions and dollar signs."""
    for other in (
        answer,
        f" {answer} ",
        f"${answer}$",
        f"{{{answer}}}" if "," not in answer else answer,
        answer.replace(" ", "  "),
        answer.replace("\\frac", "\\dfrac"),
        answer.replace("\\left(", "\\bigl(").replace("\\right)", "\\bigr)"),
        f"\\displaystyle {answer}",
        f"{answer}.",
        answer.replace("+", " + ").replace("-", " - ").replace("{", "{ ").replace("(", "( "),
        answer.replace("(", "\\left(").replace(")", "\\right)") if _has_plain_brackets(answer) else answer,
        answer.replace("{", "{{").replace("}", "}}") if _has_plain_braces(answer) else answer,
    ):
        assert equivalent(answer, other), other


def _has_plain_brackets(answer):
    """Whether each bracket has its own kind of partner, and none is sized already."""
    return "left" not in answer and answer.count("(") == answer.count(")") and "[" not in answer


def _has_plain_braces(answer):
    """Whether braces only group: they name no environment, and hold no words."""
    return not any(sign in answer for sign in ("\\{", "\\begin", "\\text"))


@quick
@given(shapes)
def test_printing_keeps_the_value(answer):
    """What the printer writes is read as the same answer, and printed the same again."""
    printed = to_latex(parse(answer))
    assert to_latex(parse(printed)) == printed
    assert equivalent(answer, printed)


@quick
@given(shapes, shapes)
def test_symmetric(gold, given_answer):
    """Which answer is the gold makes no difference, rounded decimals aside."""
    assume("0.75" not in gold + given_answer)
    assert equivalent(gold, given_answer).outcome is equivalent(given_answer, gold).outcome


@quick
@given(rationals(), rationals())
def test_numbers_are_exact(one, other):
    """Two numbers are equal exactly if their values are, however they are written."""
    assume("." not in one[0] and "." not in other[0])
    assert bool(equivalent(one[0], other[0])) == (one[1] == other[1])


@quick
@given(rationals(), st.integers(1, 10**12))
def test_a_perturbed_number_is_different(number, step):
    """No tolerance is applied to exact numbers."""
    text, value = number
    assume("." not in text)
    moved = value + Fraction(1, step)
    assert (
        equivalent(text, f"\\frac{{{moved.numerator}}}{{{moved.denominator}}}").outcome is Outcome.DIFFERENT
    )


@quick
@given(st.integers(1_000, 9_999), st.integers(1, 400), st.integers(-2, 2))
def test_a_decimal_is_equal_to_the_fractions_that_it_rounds(thousandths, below, step):
    """A gold answer of three places is a fraction at most half a thousandth away, and no other."""
    gold = Fraction(thousandths, 1_000)
    fraction = Fraction(round(gold * below) + step, below)
    verdict = equivalent(f"{thousandths / 1_000:.3f}", f"{fraction.numerator}/{fraction.denominator}")
    assert bool(verdict) == (abs(fraction - gold) * 2_000 <= 1), verdict


@quick
@given(expressions)
def test_a_rewritten_expression_is_equal(expression):
    """Adding zero, multiplying by one and commuting keep an expression."""
    assume(equivalent(expression, expression).outcome is Outcome.EQUAL)
    for other in (
        f"0 + ({expression})",
        f"({expression}) \\cdot 1",
        f"1 + ({expression}) - 1",
        f"-(-({expression}))",
    ):
        assert equivalent(expression, other), other


@quick
@given(expressions)
def test_a_perturbed_expression_is_not_equal(expression):
    """A change in the ninth digit is not overlooked."""
    other = f"({expression}) \\cdot 1.000000001 + \\frac{{\\pi}}{{10^8}}"
    assert not equivalent(expression, other), other


ASKED = [
    (r"\frac{1}{2}", "0.5"),
    (r"\sqrt{2}+\sqrt{3}", r"\sqrt{5+2\sqrt6}"),
    (r"\{1, 2, 3\}", "3, 2, 1"),
    ("x = 1, y = 2", "y = 2, x = 1"),
    (r"e^{x} + \sin^2 x + \cos^2 x", "1 + e^x"),
    ("1,234.5", "1234.5"),
    ("ISTANBUL", "istanbul"),
    ("x^2 < 4", "(-2, 2)"),
]


NUMBER_WORDS = [
    "a",
    "an",
    "and",
    "dozen",
    "half",
    "halves",
    "hundred",
    "minus",
    "negative",
    "one",
    "point",
    "quarter",
    "seven",
    "thirds",
    "thousand",
    "twenty",
    "twice",
    "twenty-five",
    "miles",
]
# A sign, a number, its scale and what follows it, each but the number as it may be missing.
LONG_NUMBERS = (
    ("minus", "negative", ""),
    ("a", "half a", "one", "seven", "twenty", "twenty-five"),
    ("dozen", "hundred", "thirds", "thousand", ""),
    ("and a half", "and seven", "point seven", "seven hundred and seven", ""),
)


def test_what_is_a_number_in_words_begins_with_one():
    """A phrase that is a number is the leading number of itself, and of itself with a unit behind it."""
    phrases = itertools.chain(
        *(itertools.product(NUMBER_WORDS, repeat=count) for count in (1, 2, 3)),
        itertools.product(*LONG_NUMBERS),
    )
    numbers = 0
    for phrase in map(" ".join, phrases):
        number = read_number_words(phrase)
        if number is not None:
            numbers += 1
            parts = phrase.replace("-", " ").split()
            assert leading_number(parts) == (number, len(parts)), phrase
            assert leading_number([*parts, "metres"]) == (number, len(parts)), phrase
    assert numbers > 500


@pytest.mark.processes
def test_neither_hash_seed_nor_locale_matters():
    """Processes with other hash seeds and languages say the same in the same words, from a cold start."""
    code = f"from mathtune import equivalent\nfor pair in {ASKED!r}: print(equivalent(*pair).explain())"
    said = set()
    for seed, language in (("0", "C"), ("1", "C.UTF-8"), ("77", "tr_TR.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": language, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        said.add(done.stdout)
    assert said == {"".join(f"{equivalent(*pair).explain()}\n" for pair in ASKED)}


@quick
@given(shapes, shapes)
def test_order_of_calls_does_not_matter(first, second):
    """A verdict is the same before and after other comparisons."""
    before = equivalent(first, second)
    equivalent(second, first)
    equivalent("\\int_0^1 \\sin x\\,dx", "1-\\cos 1")
    assert equivalent(first, second) == before
