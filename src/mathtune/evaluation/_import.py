"""Responses that are there already in, a Run out: nothing is asked."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from mathtune._version import __version__
from mathtune.errors import DataError
from mathtune.files import name_as_text
from mathtune.generation import Response
from mathtune.grading import text_of
from mathtune.policy import Policy
from mathtune.problems import read_rows
from mathtune.progress import progress_bar

from ._directory import run_name, save_run
from ._grades import EVALUATION_COLUMNS, Grader
from ._manifest import count_categories, described, now
from ._run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mathtune.problems import Problem, Record

__all__ = ["import_run"]


def import_run(
    source: Any,  # noqa: ANN401  (what `read_problems` takes)
    *,
    model: str,
    response: str = "response",
    columns: Mapping[str, str] | None = None,
    policy: Policy | None = None,
    directory: str | os.PathLike[str] | None = None,
) -> Run:
    r"""Make a run of responses that are there already, whoever asked for them: grade them, ask nobody.

    The run is as good as one of `Evaluator` for `compare`, `regrade`, `guard` and `similarity_study`. Each
    row is a response, beside the problem that it answers; columns are found as `read_problems` finds them.
    Rows of one problem are its samples, in their order, and so are the texts of a list in one row. A column
    `finish_reason`, where there is one, tells what was cut off (`"length"`).

    Rows belong to one problem by their id, or by their problem's text where they have none; so do the
    problems of two runs that are compared. Ids that are another in each file help nobody: `columns={"id":
    "problem"}` goes by the text.

    Args:
        source: A `.json`, `.jsonl`, `.parquet` or `.csv` file, or rows in memory, as for `read_problems`.
        model: The model's name, for tables and reports.
        response: The column of the response: a text, a list of texts, or null where there is none.
        columns: The columns of fields that have no usual name: `{"answer": "label", "id": "doc_id"}`.
        policy: What counts as the same answer; None is `Policy()`.
        directory: Where to keep the run, in a folder of its own (`run.directory`); None keeps it nowhere.

    Raises:
        DataError: A column is missing, a row holds no problem, or rows of one id disagree on their problem.
        StorageError: A file cannot be read or written.

    >>> rows = [
    ...     {"problem": "What is $2+2$?", "answer": "4", "response": r"It is $\boxed{4}$."},
    ...     {"problem": "What is $2+3$?", "answer": "5", "response": "Who knows."},
    ... ]
    >>> print(import_run(rows, model="mine").accuracy())
    50.0 % (1 of 2; 95 % interval 9.5 % to 90.5 %)
    """
    if not model:
        raise DataError("expected a model's name, found none", field="model")
    chosen = policy or Policy()
    problems, responses = _read(source, columns or {}, response)
    grader = Grader(chosen)
    bar = progress_bar(responses, label="grading", unit="response")
    results = [grader.result(problems[each.problem_id], each) for each in bar]
    config = {"model": model, "policy": attrs.asdict(chosen)}
    imported = {"source": _name_of(source), "column": response, "sha256": _digest(responses)}
    manifest = {
        "mathtune": __version__,
        "python": platform.python_version(),
        "ended": now(),
        "imported": imported,
        "problems": described(list(problems.values())),
        "categories": count_categories(results),
    }
    run = Run(model=model, results=results, config=config, manifest=manifest)
    if directory is None:
        return run
    kept = Path(directory) / run_name({**config, "imported": imported}, problems.values())
    save_run(run, kept)
    return attrs.evolve(run, directory=kept)


def _read(
    source: object, columns: Mapping[str, str], column: str
) -> tuple[dict[str, Problem], list[Response]]:
    """Give the problems by their ids, and the responses problem by problem, sample by sample."""
    problems: dict[str, Problem] = {}
    responses: dict[str, list[Response]] = {}
    for problem, record in read_rows(source, columns=columns, apart=column):
        known = problems.setdefault(problem.id, _without_columns(problem))
        if known.problem != problem.problem:
            raise record.error(f"another problem has the id {problem.id!r} too", "id")
        if known.answer != problem.answer:
            raise record.error(
                f"an earlier row has another gold answer to the same problem: {known.answer!r} there, "
                f"{problem.answer!r} here; correct one, or give each row an id of its own",
                "answer",
            )
        given = responses.setdefault(problem.id, [])
        for text, reason in _texts(record, column):
            given.append(Response(problem_id=problem.id, sample=len(given), text=text, finish_reason=reason))
    return problems, [response for given in responses.values() for response in given]


def _without_columns(problem: Problem) -> Problem:
    """Leave what a row says of its response; how a data set judges an answer belongs to the problem."""
    own = ("error", *EVALUATION_COLUMNS)
    kept = {name: value for name, value in problem.metadata.items() if name in own}
    return attrs.evolve(problem, metadata=kept)


def _texts(record: Record, column: str) -> Iterator[tuple[str, str | None]]:
    """Give each response of a row, and why it ended if the row says that."""
    row: Mapping[str, Any] = record.row  # type: ignore[assignment]  # a problem was read from it
    given, reasons = row[column], row.get("finish_reason")
    texts = given if isinstance(given, (list, tuple)) else [given]
    for number, text in enumerate(texts):
        reason = reasons[number : number + 1] if isinstance(reasons, (list, tuple)) else [reasons]
        try:
            said = text_of(text) or ""
        except TypeError as error:
            raise record.error(str(error), column) from error
        # JSON can spell halves of surrogate pairs, Parquet cannot hold them
        clean = said.encode("utf-8", "replace").decode("utf-8")
        yield clean, reason[0] if reason and isinstance(reason[0], str) else None


def _name_of(source: object) -> str:
    return name_as_text(source) if isinstance(source, (str, os.PathLike)) else type(source).__name__


def _digest(responses: Iterable[Response]) -> str:
    """Tell other responses of the same model to the same problems apart."""
    rows = [(each.problem_id, each.sample, each.text, each.finish_reason) for each in responses]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
