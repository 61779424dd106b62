"""Multi-step problems: their answers are worked out, and are what the parts say."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mathtune.answers import last_boxed
from mathtune.errors import DataError
from mathtune.grading import grade
from mathtune.problems import Problem, compose, read_problems


@pytest.fixture(scope="module")
def drills():
    return read_problems("mathtune:drills", split="train", limit=200)


@pytest.mark.parametrize("steps", [2, 3, 5])
def test_composed_answers_are_right(drills, steps):
    """The answer is that of the last step over the parts' own answers, in exact fractions."""
    answers = {p.id: p.answer for p in drills}
    for problem in compose(drills, 30, steps=steps, seed=3):
        parts = [answers[name] for name in problem.metadata["composed_of"]]
        values = [number(text) for text in parts]
        asked = problem.problem.rpartition("Find $")[2]
        expected = values[0]
        for value in values[1:]:
            expected = (
                expected + value if "+" in asked else expected - value if "-" in asked else expected * value
            )
        assert number(problem.answer) == expected
        assert len(parts) == steps


def number(text):
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    if "frac" in text:
        above, below = text.rstrip("}").split("{")[1].rstrip("}"), text.rstrip("}").split("{")[2]
        return sign * Fraction(int(above), int(below))
    return sign * Fraction(text)


def test_a_composed_problem_can_be_taught_and_graded(drills):
    """Its solution holds the parts' solutions and one box, the answer."""
    for problem in compose(drills, 20):
        assert problem.solution.count("\\boxed") == 1
        assert last_boxed(problem.solution) == problem.answer
        assert grade(problem.solution, problem.answer)
        assert problem.source == "mathtune:composed"


def test_the_seed_decides(drills):
    """The same seed gives the same problems, another seed others, and ids are unique."""
    one = compose(drills, 10, seed=1)
    assert one == compose(drills, 10, seed=1)
    assert one != compose(drills, 10, seed=2)
    assert len({p.id for p in one + compose(drills, 10, seed=2)}) == 20


def test_levels_and_subjects_come_from_the_parts():
    """A composed problem is a level above its hardest part, and names the subjects of all."""
    parts = [
        Problem(id=s, problem=s, answer="2", subject=s, level=level) for s, level in (("A", 2), ("B", 3))
    ]
    (problem,) = compose(parts, 1)
    assert (problem.level, problem.subject) == (4, "A and B")
    (plain,) = compose([Problem(id=s, problem=s, answer="2") for s in "xy"], 1)
    assert (plain.level, plain.subject) == (None, None)


@pytest.mark.parametrize("answer", ["x+1", "(1,2)", "\\frac{1}{0}", "99999", None, "1e5", "12\\%"])
def test_only_plain_numbers_take_part(answer):
    """What is no plain number, or too large a one, is passed over."""
    good = Problem(id="g", problem="?", answer="1")
    with pytest.raises(DataError, match="only 1 problems have a plain number"):
        compose([good, Problem(id="b", problem="?", answer=answer)], 1)


def test_steps_have_bounds(drills):
    """One step is no composition, and names end at eight."""
    for steps in (1, 9):
        with pytest.raises(DataError, match="from 2 to 8"):
            compose(drills, 1, steps=steps)
