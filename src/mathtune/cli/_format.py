"""`mathtune format`: problems, or a run's responses to them, to a fine-tuning file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mathtune.errors import DataError
from mathtune.evaluation import Solutions, load_run
from mathtune.formatting import ChatFormatter, ReinforcementFormatter, check_file, write_jsonl
from mathtune.problems import balance

from ._source import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mathtune.formatting import Method
    from mathtune.problems import Problem

__all__ = ["format_"]

Kind = Literal["chat", "preference", "reinforcement"]

_METHODS: dict[Kind, Method] = {"chat": "supervised", "preference": "dpo", "reinforcement": "reinforcement"}


def format_(
    source: str,
    output: Path,
    /,
    *,
    kind: Kind = "chat",
    selection: Selection = Selection(),
    system: str | None = None,
    prompt: str = ChatFormatter().prompt,
    balance_by: list[str] | None = None,
    total: int | None = None,
    seed: int = 0,
    per_problem: int = 1,
    model: str | None = None,
) -> None:
    r"""Turn maths problems into a fine-tuning file (JSONL, one example a line).

    A source that is the directory of a run (`mathtune evaluate`, best with several samples) gives the
    model's own responses: verified ones to learn (chat), verified before failed ones (preference).

    Args:
        source: A .json, .jsonl, .parquet or .csv file, a folder in MATH's layout, a hub id,
            mathtune:drills, or the directory of a run.
        output: The file to write.
        kind: Conversations (chat), pairs of responses (preference), or prompts with the gold answer for a
            grader (reinforcement).
        system: A system message for every conversation.
        prompt: The user's message; {problem} stands for the problem.
        balance_by: Take equal shares by these fields: --balance-by subject --balance-by level.
        total: With --balance-by: how many problems in all.
        seed: Decides which problems a balanced choice takes.
        per_problem: From a run: at most so many examples of a problem.
        model: The model to be tuned: warns of examples that are longer than it takes.
    """
    if total is not None and not balance_by:
        raise DataError("goes with --balance-by; --limit takes the first problems", field="--total")
    if output.exists() and Path(source).exists() and output.samefile(source):
        raise DataError("is the source itself, which would be lost; name another file to write", path=output)
    chat = ChatFormatter(system=system, prompt=prompt)
    if (Path(source) / "manifest.json").is_file():
        if balance_by or chat != ChatFormatter() or selection != Selection():
            raise DataError(
                "a run is taken whole, asked as it was: leave the flags that choose or ask", path=source
            )
        made_of, examples = _of_run(source, kind, per_problem)
    else:
        problems = selection.read(source)
        made_of = balance(problems, by=tuple(balance_by), total=total, seed=seed) if balance_by else problems
        examples = _of_problems(made_of, kind, chat)
    write_jsonl(examples, output, made_of=made_of)
    print(f"{_count(examples, 'example')} of {_count(made_of, 'problem')} written to {output}")
    for finding in check_file(output, method=_METHODS[kind], model=model):
        print(f"mathtune: {finding}", file=sys.stderr)


def _count(items: Sequence[Any], noun: str) -> str:
    return f"{len(items):,} {noun}{'' if len(items) == 1 else 's'}"


def _of_problems(problems: Sequence[Problem], kind: Kind, chat: ChatFormatter) -> Sequence[Any]:
    if kind == "preference":
        raise DataError(
            "pairs are made of responses: give the directory of a run with several samples a problem, as "
            "`mathtune evaluate --n 8 --temperature 0.8` writes it",
            field="--kind",
        )
    return (
        chat.format_all(problems)
        if kind == "chat"
        else ReinforcementFormatter(chat=chat).format_all(problems)
    )


def _of_run(source: str, kind: Kind, per_problem: int) -> tuple[Sequence[Problem], Sequence[Any]]:
    """Give a run's problems and the examples of its responses, asked as the run asked."""
    solutions = Solutions(load_run(source))
    print(solutions)
    problems = list({result.problem.id: result.problem for result in solutions.run.results}.values())
    if kind == "reinforcement":
        return problems, ReinforcementFormatter(chat=solutions.formatter).format_all(problems)
    made = solutions.examples if kind == "chat" else solutions.preferences
    return problems, made(per_problem=per_problem)
