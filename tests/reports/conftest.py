"""Runs made of texts: real problems, real extraction, real verdicts; only the asking is left out."""

import random
from types import SimpleNamespace

import pytest

from mathtune.answers import extract_answer
from mathtune.evaluation import Category, Result, Run
from mathtune.generation import Response
from mathtune.grading import Outcome, Reason, grade
from mathtune.problems import Problem

SUBJECTS = ("Algebra", "Geometry", "Number Theory")


def make_problem(number, **changes):
    fields = {
        "id": f"p{number}",
        "problem": f"What is ${number} + {number + 1}$?",
        "answer": str(2 * number + 1),
        "subject": SUBJECTS[number % len(SUBJECTS)],
        "level": 1 + number % 5,
    }
    return Problem(**fields | changes)


def make_result(problem, text, *, sample=0, finish_reason="stop"):
    response = Response(problem_id=problem.id, sample=sample, text=text, finish_reason=finish_reason)
    verdict = grade(text, problem.answer or "")
    answer = extract_answer(text)
    if problem.answer is None or verdict.reason is Reason.UNPARSED_GOLD:
        category = Category.UNPARSED_GOLD
    elif finish_reason == "length":
        category = Category.CUT_OFF
    elif verdict:
        category = Category.CORRECT
    elif answer is None:
        category = Category.NO_ANSWER
    else:
        category = Category.UNDECIDED if verdict.outcome is Outcome.UNDECIDED else Category.WRONG
    return Result(problem=problem, response=response, answer=answer, verdict=verdict, category=category)


def make_run(model, problems, right, *, say=None):
    """Give a run that answers rightly where `right(problem)` holds, in the words of `say(problem, text)`."""
    results = []
    for problem in problems:
        given = problem.answer if right(problem) else "-1"
        text = f"Adding both numbers gives $\\boxed{{{given}}}$."
        results.append(make_result(problem, say(problem, text) if say else text))
    return Run(model=model, results=tuple(results))


def random_right(share, seed):
    """Give a `right` for `make_run`: a share of problems, by subject where `share` is a dict."""

    def right(problem):
        wanted = share.get(problem.subject, 0.5) if isinstance(share, dict) else share
        return random.Random(f"{seed} {problem.id}").random() < wanted

    return right


@pytest.fixture(scope="session")
def make():
    """The makers above, for tests to build what they need."""
    return SimpleNamespace(problem=make_problem, result=make_result, run=make_run, right=random_right)


@pytest.fixture
def problems():
    return [make_problem(number) for number in range(90)]


@pytest.fixture
def base(problems):
    return make_run("base", problems, random_right(0.5, seed=1))


@pytest.fixture
def tuned(problems):
    shares = {"Algebra": 1.0, "Geometry": 0.5, "Number Theory": 0.0}
    return make_run("tuned", problems, random_right(shares, seed=2))
