"""How fast a run is graded anew where answers repeat, as they do in sampling.

Run it as `python bench/evaluation_regrade.py --problems 2000 --samples 50`; the figures are per response,
so a tenth of a million tells of a million.
"""

from __future__ import annotations

import argparse
import random
import time

from mathtune.evaluation import Category, Result, Run, regrade
from mathtune.generation import Response
from mathtune.grading import equivalent
from mathtune.problems import Problem

SOLUTION = (
    "First we write the equation as $x^2 - {n}x + 1 = 0$ and complete the square. "
    "Adding both sides and simplifying, $\\frac{{{n}}}{{2}} \\pm \\sqrt{{{n}}}$ is left, "
    "which we check by putting it back. "
)
HALF, ROOT, TWICE = r"\frac{{{n}}}{{2}}", r"\sqrt{{{n}}}", r"2\sqrt{{{n}}}"
ANSWERS = ("{n}", HALF, ROOT, "{n}.5", "x = {n}", "-{n}", TWICE, "no idea")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=2000)
    parser.add_argument("--samples", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    run = Run(model="m", results=list(results(options.problems, options.samples, chance)))
    wall, cpu = time.perf_counter(), time.process_time()
    again = regrade(run)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    count = len(run.results)
    pairs = {(r.problem.id, r.answer.text if r.answer else None) for r in again.after.results}
    print(f"{count} responses, {len(pairs)} distinct pairs of problem and answer")
    print(f"{wall:.1f} s, {cpu:.1f} s of CPU")
    print(f"{cpu / count * 1e6:.0f} µs of CPU a response; a million in {cpu / count * 1e6:.0f} s")


def results(problems: int, samples: int, chance: random.Random):  # noqa: ANN201  (an iterator of results)
    """Give results whose verdicts are yet to be found."""
    blank = equivalent("1", "2")
    for number in range(problems):
        problem = Problem(id=str(number), problem=f"Solve number {number}.", answer=f"{number}")
        for sample in range(samples):
            shape = chance.choices(ANSWERS, weights=(10, 5, 3, 2, 2, 1, 1, 1))[0]
            boxed = f"So the answer is $\\boxed{{{shape.format(n=number)}}}$."
            text = SOLUTION.format(n=chance.randint(1, 99)) * 3 + boxed
            response = Response(problem_id=problem.id, sample=sample, text=text, finish_reason="stop")
            yield Result(
                problem=problem, response=response, answer=None, verdict=blank, category=Category.WRONG
            )


if __name__ == "__main__":
    main()
