"""Multi-step problems made of single-step ones, their answers worked out and checked, not guessed."""

from __future__ import annotations

import operator
import re
from fractions import Fraction
from functools import reduce
from random import Random
from typing import TYPE_CHECKING

from mathtune.errors import DataError
from mathtune.grading import equivalent

from ._problem import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["compose"]

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\\[dt]?frac\{\d+\}\{[1-9]\d*\})")
_PARTS = re.compile(r"\d+(?:\.\d+)?")
_LARGEST = 10_000  # answers beyond make the last step a test of long multiplication
_NAMES = "abcdefgh"

_LAST_STEPS: tuple[tuple[str, Callable[[Fraction, Fraction], Fraction]], ...] = (
    (" + ", operator.add),
    (" - ", operator.sub),
    (" \\cdot ", operator.mul),
)


def compose(problems: Iterable[Problem], count: int, *, steps: int = 2, seed: int = 0) -> Problems:
    r"""Make problems that ask for the sum, difference or product of the answers to several problems.

    The composed answer is worked out with exact fractions, and the grading engine has to find it equal to
    the expression it comes from. Only problems whose answer is a plain number take part, each once at most in
    a composed problem. The same problems and seed give the same result.

    Args:
        problems: Single-step problems with gold answers, from training data only.
        count: How many problems to make.
        steps: How many problems each is made of, from 2 to 8.
        seed: Which problems are put together, and how.

    Raises:
        DataError: There are fewer suitable problems than steps, or `steps` is out of range.

    >>> one = Problem(id="1", problem="What is $2+3$?", solution="$2+3=5$.", answer="5")
    >>> two = Problem(id="2", problem="What is half of $7$?", answer="\\frac{7}{2}")
    >>> made = compose([one, two], 1, seed=4)[0]
    >>> made.metadata["composed_of"], made.answer
    (['1', '2'], '\\frac{3}{2}')
    """
    if not 2 <= steps <= len(_NAMES):
        raise DataError(f"expected from 2 to {len(_NAMES)}, found {steps}", field="steps")
    suitable = [(p, value) for p in problems if (value := _value(p.answer)) is not None]
    if len(suitable) < steps:
        raise DataError(f"only {len(suitable)} problems have a plain number as answer, {steps} are needed")
    rng = Random(f"compose/{seed}")  # noqa: S311  (a data set, not a secret)
    return Problems(_composed(rng.sample(suitable, steps), rng, seed, number) for number in range(count))


def _value(answer: str | None) -> Fraction | None:
    """Read a plain number, or give None."""
    text = (answer or "").strip()
    if not _NUMBER.fullmatch(text):
        return None
    parts = [Fraction(part) for part in _PARTS.findall(text)]
    value = parts[0] if len(parts) == 1 else parts[0] / parts[1]
    return None if value > _LARGEST else -value if text.startswith("-") else value


def _composed(parts: Sequence[tuple[Problem, Fraction]], rng: Random, seed: int, number: int) -> Problem:
    sign, work = rng.choice(_LAST_STEPS)
    chosen, values = [p for p, _ in parts], [value for _, value in parts]
    names = _NAMES[: len(parts)]
    answer = _written(reduce(work, values))
    expression = sign.join(_in_brackets(value) for value in values)
    if not equivalent(answer, expression):
        raise DataError(f"worked out {answer} for {expression}, which the engine does not find equal")
    levels = [p.level for p in chosen if p.level is not None]
    asked = "\n".join(f"{n}. {p.problem}" for n, p in enumerate(chosen, 1))
    listed = ", ".join(f"${name}$" for name in names[:-1]) + f" and ${names[-1]}$"
    return Problem(
        id=f"composed-{seed}-{number}-" + "+".join(p.id for p in chosen),
        problem=f"Let {listed} be the answers to these questions, in order.\n\n{asked}\n\n"
        f"Find ${sign.join(names)}$.",
        solution="\n".join(
            (*map(_step, names, chosen), f"${sign.join(names)} = {expression} = \\boxed{{{answer}}}$.")
        ),
        answer=answer,
        subject=" and ".join(sorted({p.subject for p in chosen if p.subject})) or None,
        level=min(5, max(levels) + 1) if len(levels) == len(chosen) else None,
        source="mathtune:composed",
        metadata={"composed_of": [p.id for p in chosen]},
    )


def _step(name: str, problem: Problem) -> str:
    """Tell one part, its own box opened: the composed problem has one answer."""
    answer = problem.answer or ""
    told = (problem.solution or "").replace(f"\\boxed{{{answer}}}", answer).strip()
    return f"{told} So ${name} = {answer}$.".lstrip()


def _written(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _in_brackets(value: Fraction) -> str:
    return f"({_written(value)})" if value < 0 else _written(value)
