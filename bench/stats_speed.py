"""Time statistics and report at the sizes they are promised for: `python bench/stats_speed.py`."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from mathtune.answers import Answer, How
from mathtune.evaluation import Category, Result, Run
from mathtune.generation import Response
from mathtune.grading import Outcome, Reason, Verdict
from mathtune.problems import Problem
from mathtune.reports import compare
from mathtune.stats import paired_bootstrap, sign_flip_exact

if TYPE_CHECKING:
    from collections.abc import Callable

PROBLEMS = 5_000
SUBJECTS = (
    "Algebra",
    "Counting",
    "Geometry",
    "Intermediate Algebra",
    "Number Theory",
    "Prealgebra",
    "Precalculus",
)


def main() -> None:
    """Print each figure with its name."""
    chance = random.Random(0)
    first, second = ([chance.randint(0, 1) for _ in range(PROBLEMS)] for _ in range(2))
    shares, others = ([chance.random() for _ in range(PROBLEMS)] for _ in range(2))
    counts = [chance.randint(-8, 8) for _ in range(PROBLEMS)]
    show("bootstrap, 10,000 x 5,000, right or wrong", lambda: paired_bootstrap(first, second))
    show("bootstrap, 10,000 x 5,000, any scores", lambda: paired_bootstrap(shares, others))
    show("exact sign-flip test, 5,000 x 8 samples", lambda: sign_flip_exact(counts))
    base, tuned = run("base", 0.5), run("tuned", 0.55)
    comparison = compare(base, tuned, by=("subject", "level"))
    show("compare 5,000 problems by subject and level", lambda: compare(base, tuned, by=("subject", "level")))
    show("page of 5,000 problems", comparison.to_html)
    print(f"{len(comparison.to_html()) / 1e6:10.1f} MB  its size")


def show(name: str, work: Callable[[], object]) -> None:
    """Print the best of three runs, the first of which loads scipy."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    print(f"{min(times):10.3f} s   {name}")


def run(model: str, skill: float) -> Run:
    """Give a run with made-up responses of a usual length."""
    return Run(model=model, results=tuple(result(number, model, skill) for number in range(PROBLEMS)))


def result(number: int, model: str, skill: float) -> Result:
    """Give a result that is right with a chance of `skill`."""
    problem = Problem(
        id=f"p{number}",
        problem=rf"What is $\frac{{{number}}}{{7}} + {number}^2$ in lowest terms?",
        answer=rf"\frac{{{number + 7 * number**2}}}{{7}}",
        subject=SUBJECTS[number % 7],
        level=1 + number % 5,
    )
    right = random.Random(f"{model} {number}").random() < skill
    given = problem.answer if right else "0"
    text = (
        rf"First $\frac{{{number}}}{{7}}$ is taken over a common denominator. " * 20 + rf"$\boxed{{{given}}}$"
    )
    return Result(
        problem=problem,
        response=Response(problem_id=problem.id, text=text),
        answer=Answer(given or "", (0, 1), How.BOXED),
        verdict=Verdict(Outcome.EQUAL, Reason.SAME_VALUE)
        if right
        else Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_VALUE),
        category=Category.CORRECT if right else Category.WRONG,
    )


if __name__ == "__main__":
    main()
