"""`mathtune format`: problems to a fine-tuning file."""

from __future__ import annotations

import sys
from pathlib import Path

from mathtune.errors import DataError
from mathtune.formatting import ChatFormatter, check_file, write_jsonl
from mathtune.problems import balance

from ._source import Selection

__all__ = ["format_"]


def format_(
    source: str,
    output: Path,
    /,
    *,
    selection: Selection = Selection(),
    system: str | None = None,
    prompt: str = ChatFormatter().prompt,
    balance_by: list[str] | None = None,
    total: int | None = None,
    seed: int = 0,
) -> None:
    r"""Turn maths problems into a fine-tuning file (JSONL, one conversation a line).

    Args:
        source: A .json, .jsonl or .parquet file, a folder in MATH's layout, a hub id, or mathtune:drills.
        output: The file to write.
        system: A system message for every conversation.
        prompt: The user's message; {problem} stands for the problem.
        balance_by: Take equal shares by these fields, for example --balance-by subject.
        total: With --balance-by: how many problems in all.
        seed: Decides which problems a balanced choice takes.
    """
    if total is not None and not balance_by:
        raise DataError("goes with --balance-by; --limit takes the first problems", field="--total")
    problems = selection.read(source)
    chosen = balance(problems, by=tuple(balance_by), total=total, seed=seed) if balance_by else problems
    examples = ChatFormatter(system=system, prompt=prompt).format_all(chosen)
    write_jsonl(examples, output)
    print(f"{len(examples)} examples of {len(problems)} problems written to {output}")
    for finding in check_file(output):
        print(f"mathtune: {finding}", file=sys.stderr)
