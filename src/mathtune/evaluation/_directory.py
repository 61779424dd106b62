"""A run on disk: JSON and Parquet that any tool reads, each file whole or not there.

- `config.json`: what was asked for.
- `manifest.json`: what happened; written last, so where it stands the run is complete.
- `problems.parquet`: a row for each problem, with the SHA-256 of the row.
- `responses.parquet`: a row for each response, the server's whole answer in `raw`.
- `grades.parquet`: a row for each response: answer, verdict, category.
- `log.jsonl`: what happened on the way, a line an event (see `_log`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mathtune.answers import Answer, How
from mathtune.errors import DataError
from mathtune.files import write_bytes, write_text
from mathtune.formatting import problems_digest
from mathtune.generation import Response, Usage
from mathtune.grading import Outcome, Reason, Verdict
from mathtune.problems import Problem

from ._category import Category
from ._result import Result
from ._run import Run

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "CONFIG",
    "LOG",
    "MANIFEST",
    "RESPONSES",
    "RUN_FILES",
    "STORE",
    "load_run",
    "read_json",
    "run_name",
    "save_run",
]

STORE = "responses.sqlite"  # beside the folders of the runs, for all of them
CONFIG, MANIFEST, LOG = "config.json", "manifest.json", "log.jsonl"
PROBLEMS, RESPONSES, GRADES = "problems.parquet", "responses.parquet", "grades.parquet"
RUN_FILES = frozenset({CONFIG, MANIFEST, LOG, PROBLEMS, RESPONSES, GRADES})

_SHOWN = 5  # runs that a message names
_TABLES = (".jsonl", ".json", ".csv", ".parquet")
_PROBLEMS = {
    "id": "string",
    "problem": "string",
    "solution": "string",
    "answer": "string",
    "subject": "string",
    "level": "int64",
    "source": "string",
    "metadata": "string",
    "sha256": "string",
}
_RESPONSES = {
    "problem_id": "string",
    "sample": "int64",
    "text": "string",
    "finish_reason": "string",
    "model": "string",
    "prompt_tokens": "int64",
    "completion_tokens": "int64",
    "raw": "string",
    "turns": "string",
}
_GRADES = {
    "problem_id": "string",
    "sample": "int64",
    "answer": "string",
    "answer_start": "int64",
    "answer_end": "int64",
    "how": "string",
    "outcome": "string",
    "reason": "string",
    "tier": "string",
    "gold_form": "string",
    "given_form": "string",
    "category": "string",
    "correct": "bool_",
}


def run_name(config: Mapping[str, Any], problems: Iterable[Problem]) -> str:
    """Give the same folder to the same work, so that a rerun goes to the same place."""
    whole = json.dumps([config, problems_digest(problems)], sort_keys=True, default=str)
    model = re.sub(r"[^A-Za-z0-9._-]+", "-", config["model"]).strip("-.")[:60]
    return f"{model or 'model'}-{hashlib.sha256(whole.encode()).hexdigest()[:12]}"


def save_run(run: Run, directory: Path) -> None:
    """Write a run to a directory, replacing what an earlier one of the same name left there.

    Raises:
        StorageError: The disk refused.
    """
    problems = {result.problem.id: result.problem for result in run.results}
    _write_json(directory / CONFIG, run.config)
    _write_parquet(directory / PROBLEMS, _PROBLEMS, map(_problem_row, problems.values()))
    _write_parquet(directory / RESPONSES, _RESPONSES, (_response_row(r.response) for r in run.results))
    _write_parquet(directory / GRADES, _GRADES, map(_grade_row, run.results))
    _write_json(directory / MANIFEST, run.manifest)


def load_run(path: str | os.PathLike[str]) -> Run:
    """Read a run back from its directory.

    Args:
        path: The run's own directory: the one with `manifest.json`.

    Raises:
        DataError: There is no run, it is not finished, or a file is missing or not what a run holds.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as here:
    ...     save_run(Run(model="m", results=[], config={"model": "m"}), Path(here))
    ...     load_run(here).model
    'm'
    """
    directory = Path(path)
    if not all((directory / name).is_file() for name in (CONFIG, MANIFEST)):
        raise DataError(_no_run(directory), path=directory)
    config, manifest = read_json(directory / CONFIG), read_json(directory / MANIFEST)
    with _about(directory):
        problems = {row["id"]: _problem(row) for row in _rows(directory / PROBLEMS)}
        responses = _rows(directory / RESPONSES)
        grades = _rows(directory / GRADES)
        results = [
            _result(problems[response["problem_id"]], response, grade)
            for response, grade in zip(responses, grades, strict=True)
        ]
        return Run(
            model=config["model"], results=results, config=config, manifest=manifest, directory=directory
        )


def _no_run(directory: Path) -> str:
    """Say what stands there in a run's place, and what to do."""
    if directory.suffix in _TABLES:
        return "no run, but a table: import_run or `mathtune import` makes a run of its responses"
    if (directory / LOG).is_file():
        return "the run here is not finished: evaluate the same again, and it goes on from what is kept"
    runs = sorted(found.parent.name for found in directory.glob(f"*/{MANIFEST}"))
    if runs:
        more = ", ..." if len(runs) > _SHOWN else ""
        return f"no run, but a folder that holds runs: {', '.join(runs[:_SHOWN])}{more}"
    return (
        "no run here: expected the folder that Run.directory or `mathtune evaluate` names, with its "
        "config.json and manifest.json"
    )


def _problem_row(problem: Problem) -> dict[str, Any]:
    metadata = json.dumps(dict(problem.metadata), default=str)
    return problem.to_dict() | {"metadata": metadata, "sha256": problem.sha256}


def _problem(row: Mapping[str, Any]) -> Problem:
    fields = {name: value for name, value in row.items() if name != "sha256"}
    return Problem.from_dict(fields | {"metadata": json.loads(row["metadata"])})


def _response_row(response: Response) -> dict[str, Any]:
    usage = response.usage
    return {
        "problem_id": response.problem_id,
        "sample": response.sample,
        "text": response.text,
        "finish_reason": response.finish_reason,
        "model": response.model,
        "prompt_tokens": usage.prompt_tokens if usage else None,
        "completion_tokens": usage.completion_tokens if usage else None,
        "raw": json.dumps(dict(response.raw)),
        "turns": json.dumps(list(response.turns)),
    }


def _response(row: Mapping[str, Any]) -> Response:
    tokens = {name: row[name] for name in ("prompt_tokens", "completion_tokens")}
    rest = {name: row[name] for name in ("problem_id", "sample", "text", "finish_reason", "model")}
    usage = None if None in tokens.values() else Usage(**tokens)
    turns = tuple(json.loads(row["turns"]))
    return Response(**rest, usage=usage, raw=json.loads(row["raw"]), turns=turns)


def _grade_row(result: Result) -> dict[str, Any]:
    answer, verdict = result.answer, result.verdict
    return {
        "problem_id": result.problem.id,
        "sample": result.response.sample,
        "answer": answer.text if answer else None,
        "answer_start": answer.span[0] if answer else None,
        "answer_end": answer.span[1] if answer else None,
        "how": answer.how.value if answer else None,
        "outcome": verdict.outcome.value,
        "reason": verdict.reason.value,
        "tier": verdict.tier,
        "gold_form": verdict.gold_form,
        "given_form": verdict.given_form,
        "category": result.category.value,
        "correct": result.correct,
    }


def _result(problem: Problem, response: Mapping[str, Any], grade: Mapping[str, Any]) -> Result:
    if (response["problem_id"], response["sample"]) != (grade["problem_id"], grade["sample"]):
        raise DataError(
            f"the rows of {response['problem_id']!r} in responses and grades are not side by side"
        )
    answer = None
    if grade["how"] is not None:
        answer = Answer(grade["answer"], (grade["answer_start"], grade["answer_end"]), How(grade["how"]))
    verdict = Verdict(
        outcome=Outcome(grade["outcome"]),
        reason=Reason(grade["reason"]),
        tier=grade["tier"],
        gold_form=grade["gold_form"],
        given_form=grade["given_form"],
    )
    return Result(
        problem=problem,
        response=_response(response),
        answer=answer,
        verdict=verdict,
        category=Category(grade["category"]),
    )


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read one of a run's JSON files.

    Raises:
        DataError: It is missing, or no object of JSON.
    """
    with _about(path):
        value = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(value, dict):
            raise DataError("expected an object", path=path)
        return value


def _write_parquet(path: Path, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    import pyarrow
    import pyarrow.parquet as pq

    schema = pyarrow.schema([(name, getattr(pyarrow, kind)()) for name, kind in columns.items()])
    table = pyarrow.Table.from_pylist(list(rows), schema=schema)
    file = pyarrow.BufferOutputStream()
    pq.write_table(table, file, compression="zstd")
    write_bytes(path, [file.getvalue()])


def _rows(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return list(pq.read_table(path).to_pylist())


@contextlib.contextmanager
def _about(path: Path) -> Iterator[None]:
    """Translate what a file that is missing or damaged raises."""
    try:
        yield
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError(f"{error.filename or error} is missing", path=path) from error
    except (OSError, ValueError, KeyError, TypeError) as error:  # pyarrow's errors are kinds of these
        raise DataError(f"not what a run holds ({type(error).__name__}: {error})", path=path) from error
