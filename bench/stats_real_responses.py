"""Two real models on MATH-500: compared, and by similarity of texts. Needs ../shared beside the repository.

`python bench/stats_real_responses.py [report.html]`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mathtune.answers import extract_answer
from mathtune.evaluation import Category, Result, Run
from mathtune.generation import Response
from mathtune.grading import Outcome, Reason, grade
from mathtune.problems import Problem
from mathtune.reports import compare, similarity_study, similarity_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mathtune.answers import Answer
    from mathtune.grading import Verdict

SHARED = Path(__file__).parents[1] / "../shared"
FILES = {"rho-math-1b": "math500-rho.jsonl", "GPT-4": "math500-gpt4.jsonl"}


def main() -> None:
    """Print the comparison and the study; write the page if a path is given."""
    problems = {key(row["problem"]): row for row in rows(SHARED / "data" / "math500.jsonl")}
    responses = {name: responses_of(SHARED / "outputs" / file) for name, file in FILES.items()}
    common = [k for k in problems if all(k in given for given in responses.values())]
    runs = [
        Run(model=name, results=[result(problems[k], given[k]) for k in common])
        for name, given in responses.items()
    ]
    comparison = compare(*runs)
    print(comparison)
    studies = similarity_study(*runs)
    print(*studies, similarity_verdict(*studies), sep="\n")
    if len(sys.argv) > 1:
        comparison.to_html(sys.argv[1])


def key(problem: str) -> str:
    """Give a problem's text without its blanks, which sources change."""
    return "".join(problem.split())


def rows(path: Path) -> Iterator[dict[str, object]]:
    """Give the rows of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def responses_of(path: Path) -> dict[str, str]:
    """Give the response to each problem."""
    return {key(str(row["problem"])): str(row["pred"]) for row in rows(path) if row.get("problem")}


def result(row: dict[str, object], text: str) -> Result:
    """Grade a response as the Evaluator does."""
    problem = Problem(
        id=str(row["unique_id"]),
        problem=str(row["problem"]),
        solution=str(row["solution"]),
        answer=str(row["answer"]),
        subject=str(row["subject"]),
        level=int(str(row["level"])),
    )
    answer, verdict = extract_answer(text), grade(text, str(row["answer"]), context=problem.problem)
    return Result(
        problem=problem,
        response=Response(problem_id=problem.id, text=text),
        answer=answer,
        verdict=verdict,
        category=category(answer, verdict),
    )


def category(answer: Answer | None, verdict: Verdict) -> Category:
    """Say what became of a response whose end is not known to be cut off."""
    if verdict.reason is Reason.UNPARSED_GOLD:
        return Category.UNPARSED_GOLD
    if verdict:
        return Category.CORRECT
    if answer is None:
        return Category.NO_ANSWER
    return Category.UNDECIDED if verdict.outcome is Outcome.UNDECIDED else Category.WRONG


if __name__ == "__main__":
    main()
