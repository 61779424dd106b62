r"""Drills against an oracle that reads the wording and works the answer out on its own.

The oracle has its own little LaTeX reader over flint's balls (300 bits): it shares nothing with the makers.
"""

from __future__ import annotations

import itertools
import math
import re
import subprocess
import sys
from collections import Counter, defaultdict
from hashlib import sha256

import pytest
from flint import arb, ctx, fmpz
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError
from mathtune.problems._drills import DRILL_SUBJECTS, drills
from mathtune.problems._drills._counting import _THINGS
from mathtune.problems._drills._geometry import _ROUND

SAMPLE = list(drills("train", seed=11, limit=4_000)) + list(drills("test", seed=11, limit=1_000))


def whole(ball):
    """Take the integer out of a ball that holds just one."""
    return int(ball.unique_fmpz())


class Reader:
    """Evaluates the LaTeX of drills: sums, products, powers, fractions, roots, factorials, functions."""

    def __init__(self, text, **variables):
        self.tokens = [*re.findall(r"\\[a-z]+|\d+|\S", text), ""]
        self.position = 0
        self.variables = variables

    def value(self):
        result = self.sum()
        assert self.tokens[self.position] == "", self.tokens[self.position :]
        return result

    def take(self):
        self.position += 1
        return self.tokens[self.position - 1]

    @property
    def next(self):
        return self.tokens[self.position]

    def sum(self):
        result = self.product()
        while self.next in {"+", "-"}:
            sign = 1 if self.take() == "+" else -1
            result += sign * self.product()
        return result

    def product(self):
        result = self.power()
        while self.next and self.next not in {"+", "-", ")", "}", "=", ",", "!"}:
            if self.next == r"\div":
                self.take()
                result /= self.power()
            else:
                if self.next == r"\cdot":
                    self.take()
                result *= self.power()
        return result

    def power(self):
        if self.next == "-":
            self.take()
            return -self.power()
        result = self.atom()
        if self.next == "!":
            self.take()
            return arb(math.factorial(whole(result)))
        if self.next == "^":
            self.take()
            if self.next == r"\circ":
                self.take()
                return result * arb.pi() / 180
            exponent = self.group() if self.next == "{" else arb(int(self.take()))
            return result ** whole(exponent)
        return result

    def atom(self):
        token = self.take()
        if token.isdigit():
            return arb(int(token))
        if token in {"(", "{"}:
            result = self.sum()
            assert self.take() in {")", "}"}
            return result
        if token in self.functions:
            return self.functions[token](self)
        return arb.pi() if token == r"\pi" else arb(self.variables[token])

    functions = {  # noqa: RUF012  (a table, never changed)
        r"\frac": lambda self: self.group() / self.group(),
        r"\binom": lambda self: arb(math.comb(whole(self.group()), whole(self.group()))),
        r"\sqrt": lambda self: self.group().sqrt(),
        r"\sin": lambda self: self.power().sin(),
        r"\cos": lambda self: self.power().cos(),
        r"\tan": lambda self: self.power().tan(),
    }

    def group(self):
        assert self.take() == "{"
        result = self.sum()
        assert self.take() == "}"
        return result


@pytest.fixture(autouse=True)
def precision():
    before, ctx.prec = ctx.prec, 300
    yield
    ctx.prec = before


def value(text, **variables):
    return Reader(text, **variables).value()


def same(a, b):
    return bool(abs(arb(a) - arb(b)) < arb(10) ** -60)


def maths(text):
    return re.findall(r"\$([^$]*)\$", text)


def numbers(problem):
    return [int(n) for n in re.findall(r"-?\d+", " ".join(maths(problem.problem)))]


def of_numbers(rule):
    return lambda problem: same(value(problem.answer), rule(*numbers(problem)))


def as_written(problem):
    return same(value(problem.answer), value(maths(problem.problem)[0]))


def ordered(rule):
    """The same, where `Subtract b from a` names the numbers the other way round."""

    def check(problem):
        found = numbers(problem)
        if problem.problem.startswith("Subtract"):
            found.reverse()
        return same(value(problem.answer), rule(*found))

    return check


def solves(problem):
    equation = next(text for text in maths(problem.problem) if "=" in text)
    unknown = next(text for text in maths(problem.problem) if len(text) == 1)
    left, right = (value(side, **{unknown: value(problem.answer)}) for side in equation.split("="))
    return same(left, right)


def polynomial(problem):
    return next(
        text.removeprefix("f(x) = ").removesuffix(" = 0") for text in maths(problem.problem) if "x" in text
    )


def value_at(problem):
    x = int(re.search(r"x = (\d+)\$|f\((\d+)\)", problem.problem).expand(r"\1\2"))
    return same(value(problem.answer), value(polynomial(problem), x=x))


def same_function(problem):
    return all(same(value(problem.answer, x=x), value(polynomial(problem), x=x)) for x in (-7, 2, 30))


def is_largest_root(problem):
    root, asked = value(problem.answer), max(maths(problem.problem), key=len).removesuffix(" = 0")
    return same(value(asked, x=root), 0) and bool(value(asked, x=root + arb(1) / 1000) > 0)


def is_remainder(problem):
    dividend, divisor = maths(problem.problem)
    return same(value(problem.answer), value(dividend, x=-value(divisor, x=0)))


def counts_divisors(problem):
    exponents = [e for _, e in fmpz(whole(value(maths(problem.problem)[0]))).factor()]
    return int(problem.answer) == math.prod(e + 1 for e in exponents)


def is_midpoint(problem):
    x, y, u, v = numbers(problem)
    middle = [int(n) for n in re.findall(r"-?\d+", problem.answer)]
    return [2 * n for n in middle] == [x + u, y + v]


def is_ratio(problem):
    a, b, c = numbers(problem)[:3]
    top, bottom = {"sin": (a, c), "cos": (b, c), "tan": (a, b)}[
        re.search(r"\\(sin|cos|tan)", problem.problem)[1]
    ]
    return a * a + b * b == c * c and same(value(problem.answer), arb(top) / bottom)


def committee(k, n):
    return sum(1 for _ in itertools.combinations(range(n), k))


ORACLES = {
    "sum": of_numbers(lambda a, b: a + b),
    "difference": ordered(lambda a, b: a - b),
    "long sum": of_numbers(lambda a, b: a + b),
    "negative difference": ordered(lambda a, b: a - b),
    "product": of_numbers(lambda a, b: a * b),
    "quotient": of_numbers(lambda a, b: arb(a) / b),
    "two products": as_written,
    "brackets": as_written,
    "long product": of_numbers(lambda a, b: a * b),
    "shift": solves,
    "scale and shift": solves,
    "taken away": solves,
    "both sides": solves,
    "equation with brackets": solves,
    "fractional solution": solves,
    "lowest terms": as_written,
    "fraction of a number": of_numbers(lambda a, b, c: arb(a) * c / b),
    "same denominator": as_written,
    "mixed number": of_numbers(lambda a, b, c: a + arb(b) / c),
    "product of fractions": as_written,
    "quotient of fractions": as_written,
    "sum of fractions": as_written,
    "difference of fractions": as_written,
    "linear value": value_at,
    "quadratic value": value_at,
    "expansion": same_function,
    "sum of polynomials": same_function,
    "larger root": is_largest_root,
    "remainder of a polynomial": is_remainder,
    "remainder": of_numbers(lambda a, b: a % b),
    "last digit": of_numbers(lambda a, b: a * b % 10),
    "divisors": counts_divisors,
    "greatest common divisor": of_numbers(math.gcd),
    "least common multiple": of_numbers(math.lcm),
    "last digit of a power": of_numbers(lambda a, b: pow(a, b, 10)),
    "remainder of a product": of_numbers(lambda a, b, m: a * b % m),
    "choices": of_numbers(lambda a, b: a * b),
    "integers between": of_numbers(lambda a, b: len(range(a, b + 1))),
    "orders": of_numbers(lambda k, n: sum(1 for _ in itertools.permutations(range(n), k))),
    "committee": of_numbers(committee),
    "factorials": as_written,
    "two committees": of_numbers(lambda a, b: committee(2, a) * committee(2, b)),
    "third angle": of_numbers(lambda a, b: (180 - a - b) * arb.pi() / 180),
    "perimeter": of_numbers(lambda a, b: a + b + a + b),
    "triangle area": of_numbers(lambda a, b: arb(a) * b / 2),
    "circle area": of_numbers(lambda r: arb.pi() * r * r),
    "circumference": of_numbers(lambda r: 2 * arb.pi() * r),
    "hypotenuse": of_numbers(lambda a, b, extra: arb(a * a + b * b).sqrt() + extra),
    "midpoint": is_midpoint,
    "slope": of_numbers(lambda x, y, u, v: arb(v - y) / (u - x)),
    "cylinder": of_numbers(lambda r, h: arb.pi() * r * r * h),
    "distance": of_numbers(lambda x, y, u, v: arb((u - x) ** 2 + (v - y) ** 2).sqrt()),
    "first quadrant": as_written,
    "to radians": as_written,
    "other quadrants": as_written,
    "right triangle": is_ratio,
    "radians": as_written,
    "whole turns": as_written,
    "sum of angles": as_written,
}


@pytest.mark.parametrize("kind", ORACLES)
def test_answers_are_right(kind):
    """Every answer is what an independent computation from the wording gives."""
    mine = [problem for problem in SAMPLE if problem.metadata["kind"] == kind]
    wrong = [(p.problem, p.answer) for p in mine if not ORACLES[kind](p)]
    assert len(mine) >= 10
    assert wrong == []


def test_every_kind_has_an_oracle():
    """No kind of drill escapes the oracle."""
    assert {problem.metadata["kind"] for problem in SAMPLE} == set(ORACLES)


def test_every_step_is_true():
    """Each chain of equations in the worked steps holds, link by link."""
    false = []
    for problem in SAMPLE:
        for text in maths(problem.solution.rpartition(" So ")[0]):
            values = [value(part) for part in text.split(" = ") if is_closed(part)]
            if not all(same(values[0], other) for other in values[1:]):
                false.append((problem.problem, text))
    assert false == []


def is_closed(text):
    """Say whether a text is one expression without unknowns."""
    return not re.search(r"[a-zA-Z,]", re.sub(r"\\(?!equiv)[a-z]+", " ", text))


def test_answers_are_in_lowest_terms():
    """No fraction of integers in an answer can be reduced, and no denominator is 1 or negative."""
    for problem in SAMPLE:
        for top, bottom in re.findall(r"\\frac\{(\d+)\}\{(-?\d+)\}", problem.answer):
            assert math.gcd(int(top), int(bottom)) == 1
            assert int(bottom) > 1


def test_the_box_holds_the_answer():
    """Every solution ends in its answer, boxed, and every dollar sign has its partner."""
    for problem in SAMPLE:
        assert problem.solution.endswith(f"$\\boxed{{{problem.answer}}}$.")
        assert problem.solution.count("$") % 2 == problem.problem.count("$") % 2 == 0
        assert "@" not in problem.problem


def test_solutions_are_short():
    """A worked solution is a line, so that a small model can learn it."""
    assert max(len(problem.solution) for problem in SAMPLE) < 200


@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_train_and_test_share_no_problem(one, other):
    """No seed puts a problem of one split into the other."""
    train = {problem.problem for problem in drills("train", seed=one, limit=160)}
    assert train.isdisjoint(problem.problem for problem in drills("test", seed=other, limit=160))


def test_a_text_belongs_to_one_kind():
    """No two kinds ask the same, so that a problem has one split."""
    kinds = defaultdict(set)
    for split, seed in itertools.product(("train", "test"), (5, 6)):
        for problem in drills(split, seed=seed, limit=8_000):
            kinds[problem.problem].add((split, problem.metadata["kind"], problem.answer))
    assert [text for text, found in kinds.items() if len(found) > 1] == []


def test_splits_are_disjoint_whatever_the_wording():
    """A held-out problem is in no other wording among the training problems either."""
    said = {split: {content(p) for p in drills(split, seed=3, limit=4_000)} for split in ("train", "test")}
    assert said["train"].isdisjoint(said["test"])


def content(problem):
    """Give what is asked without the wording around it: the kind, the mathematics, the things named."""
    things = [word for word in re.findall("[a-z]+", problem.problem) if word in (*_THINGS, *_ROUND)]
    return (problem.metadata["kind"], *maths(problem.problem), *things)


def test_no_problem_comes_twice():
    """Within one reading every text and every id is new."""
    problems = list(drills("train", seed=2, limit=8_000))
    assert len({p.problem for p in problems}) == len({p.id for p in problems}) == 8_000


def test_subjects_come_in_turn_and_levels_equally_often():
    """Every subject has the same number of problems, from level 1 to 5."""
    assert Counter(p.subject for p in drills("train", limit=800)) == dict.fromkeys(DRILL_SUBJECTS, 100)
    levels = Counter((p.subject, p.level) for p in SAMPLE)
    assert {level for _, level in levels} == {1, 2, 3, 4, 5}
    assert min(levels.values()) > 625 / 5 * 0.7


def test_sizes_without_a_limit():
    """Without a limit there are 2,000 problems a subject for training and 250 for testing."""
    assert sum(1 for _ in drills("train")) == 16_000
    assert sum(1 for _ in drills("test")) == 2_000


def test_a_limit_gives_the_first():
    """A smaller limit gives the first problems of a larger one, a subject alone the same as among others."""
    all_of_them = list(drills("test", seed=4, limit=80))
    assert list(drills("test", seed=4, limit=30)) == all_of_them[:30]
    alone = list(drills("test", seed=4, limit=10, subjects=["geometry"]))
    assert alone == [p for p in all_of_them if p.subject == "geometry"]


def test_seeds_differ():
    """Another seed gives other problems."""
    assert list(drills("train", seed=0, limit=80)) != list(drills("train", seed=1, limit=80))


# The digest of the first 800 training problems: a change here changes what the packaged model was trained on.
DIGEST = "7a252633e761a78a9343d2434c234544c838e32719bc182ffc4fcb4a0a36d552"


def digest():
    return sha256("\n".join(p.problem + p.solution for p in drills(limit=800)).encode()).hexdigest()


def test_the_problems_are_the_same_everywhere():
    """Problems do not depend on the Python, the machine or the hash seed."""
    assert digest() == DIGEST
    code = "import mathtune.problems._drills as d; print([p.id for p in d.drills(limit=80)])"
    ids = {
        subprocess.check_output([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}) for seed in "12"
    }
    assert ids == {f"{[p.id for p in drills(limit=80)]}\n".encode()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"split": "dev"}, "train and test"),
        ({"subjects": ["topology"]}, "topology"),
        ({"subjects": []}, "no subject"),
    ],
)
def test_wrong_arguments_are_named(arguments, said):
    """A split or subject that does not exist is refused with the ones that do."""
    with pytest.raises(DataError, match=said):
        list(drills(**arguments))


def test_a_subject_can_be_used_up():
    """Asking for more different problems than there are says how many there are."""
    with pytest.raises(DataError, match=r"only [\d,]+ different test drills in trigonometry"):
        list(drills("test", limit=1_000_000, subjects=["trigonometry"]))
