"""A run as a table for other tools, one row for each response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._result import Result
    from ._run import Run

__all__ = ["arrow_table"]

_COLUMNS = {
    "model": "string",
    "problem_id": "string",
    "sample": "int64",
    "subject": "string",
    "level": "int64",
    "source": "string",
    "problem": "string",
    "gold": "string",
    "response": "string",
    "finish_reason": "string",
    "answer": "string",
    "how": "string",
    "outcome": "string",
    "reason": "string",
    "category": "string",
    "correct": "bool_",
    "prompt_tokens": "int64",
    "completion_tokens": "int64",
}


def arrow_table(run: Run) -> Any:  # noqa: ANN401  (a pyarrow.Table; pyarrow publishes no types)
    """Give a `pyarrow.Table` with a row for each response."""
    import pyarrow

    schema = pyarrow.schema([(name, getattr(pyarrow, kind)()) for name, kind in _COLUMNS.items()])
    rows = [{"model": run.model, **_row(result)} for result in run.results]
    return pyarrow.Table.from_pylist(rows, schema=schema)


def _row(result: Result) -> dict[str, Any]:
    problem, response, answer = result.problem, result.response, result.answer
    return {
        "problem_id": problem.id,
        "sample": response.sample,
        "subject": problem.subject,
        "level": problem.level,
        "source": problem.source,
        "problem": problem.problem,
        "gold": problem.answer,
        "response": response.text,
        "finish_reason": response.finish_reason,
        "answer": answer.text if answer else None,
        "how": answer.how.value if answer else None,
        "outcome": result.verdict.outcome.value,
        "reason": result.verdict.reason.value,
        "category": result.category.value,
        "correct": result.correct,
        "prompt_tokens": response.usage.prompt_tokens if response.usage else None,
        "completion_tokens": response.usage.completion_tokens if response.usage else None,
    }
