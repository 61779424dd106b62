"""Problems and a model in, a Run out."""

from __future__ import annotations

import functools
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import attrs

from mathtune.errors import DataError
from mathtune.formatting import ChatFormatter
from mathtune.generation import (
    Clock,
    Pace,
    Question,
    Sampling,
    address_of,
    estimate,
    generate,
    generate_with_tools,
)
from mathtune.policy import Policy
from mathtune.problems import Problems
from mathtune.progress import progress_bar

from ._directory import LOG, STORE, run_name, save_run
from ._grades import Grader
from ._log import Log
from ._manifest import manifest_of, now
from ._prompt import prompt_differences
from ._run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from openai import AsyncOpenAI, OpenAI

    from mathtune.generation import Calculator, Estimate, Generation, Price
    from mathtune.problems import Problem

    from ._result import Result

__all__ = ["Evaluator"]


@attrs.frozen
class Evaluator:
    r"""Ask a model problems, grade what it answers, keep all of it.

    Attributes:
        client: Any `openai.OpenAI` or `openai.AsyncOpenAI`; None takes the environment's.
        directory: Where responses and runs are kept. What was answered before is not asked again.
        sampling: How to sample.
        concurrency: The most requests under way.
        mode: "live" asks by single requests, "batch" goes through the server's Batch API.
        price: The price of the tokens, where costs are to be known.
        cost_limit: The most that the responses of a run may cost, in USD.
        formatter: Turns a problem into the messages that are asked.
        policy: What counts as the same answer.
        tools: A calculator that the model may call while it answers, or None. Compare a run with and one
            without to see what it is worth.
        trained_on: The file that the model was trained on; a warning says where its prompt differs from the
            one that is asked.
        lineage: The manifest of the job that the model comes from, as `FineTuner.manifest` keeps it; the runs
            of its models hold it in theirs, so that a figure can be followed to the rows it was trained on.
        clock: Time, for tests.

    >>> import tempfile
    >>> from mathtune.problems import Problem
    >>> from mathtune.testing import StubServer
    >>> problems = [Problem(id=str(n), problem=f"What is ${n}+1$?", answer=str(n + 1)) for n in range(4)]
    >>> with StubServer(chat=lambda *_: r"It is \boxed{2}.") as server, tempfile.TemporaryDirectory() as here:
    ...     run = Evaluator(server.client(), directory=here).evaluate(problems, model="any")
    >>> run.accuracy().correct, run.accuracy().total
    (1, 4)
    """

    client: OpenAI | AsyncOpenAI | None = None
    directory: Path = attrs.field(converter=Path, kw_only=True)
    sampling: Sampling = attrs.field(factory=Sampling, kw_only=True)
    concurrency: int = attrs.field(default=16, kw_only=True)
    mode: Literal["live", "batch"] = attrs.field(default="live", kw_only=True)
    price: Price | None = attrs.field(default=None, kw_only=True)
    cost_limit: float | None = attrs.field(default=None, kw_only=True)
    formatter: ChatFormatter = attrs.field(factory=ChatFormatter, kw_only=True)
    policy: Policy = attrs.field(factory=Policy, kw_only=True)
    tools: Calculator | None = attrs.field(default=None, kw_only=True)
    trained_on: Path | None = attrs.field(
        default=None, converter=attrs.converters.optional(Path), kw_only=True
    )
    lineage: Path | None = attrs.field(default=None, converter=attrs.converters.optional(Path), kw_only=True)
    clock: Clock = attrs.field(factory=Clock, kw_only=True)

    def evaluate(self, problems: Iterable[Problem], *, model: str) -> Run:
        """Ask a model all problems, grade its answers, write the run and give it.

        Blocks, with progress bars. Killed or interrupted, it goes on from where it was when called again
        with the same arguments.

        Args:
            problems: The problems, each id once.
            model: The model's name at the server.

        Raises:
            DataError: The model has no name, two problems share an id, or `lineage` is no job's manifest.
            ProtocolError: The server refused for good, or could not be reached. What came before is kept.
            CostLimitError: Another request could cost more than is left. What came before is kept.
            StorageError: The disk refused. What came before is kept.
            KeyboardInterrupt: After Ctrl-C; its message says what is kept.
        """
        if not model:
            raise DataError("expected a model's name, found none", field="model")
        asked = list(Problems(problems))
        config = self._config(model)
        directory = self.directory / run_name(config, asked)
        log = Log(directory / LOG)
        began = now()
        tuning = self._tuning(model)
        self._warn_of_another_prompt()
        with log.framed(problems=len(asked), model=model):
            generation = self._generator(
                self._questions(asked),
                model=model,
                path=self._store,
                client=self.client,
                sampling=self.sampling,
                pace=self._pace(log),
            )
            results = self._graded(asked, generation)
            manifest = manifest_of(asked, results, generation, began=began, tuning=tuning)
            run = Run(model=model, results=results, config=config, manifest=manifest, directory=directory)
            save_run(run, directory)
        return run

    def estimate(self, problems: Iterable[Problem], *, model: str) -> Estimate:
        """Say what `evaluate` would ask and cost; asks nobody.

        Args:
            problems: The problems, each id once.
            model: The model's name at the server.

        Raises:
            DataError: Two problems share an id.
        """
        return estimate(
            self._questions(Problems(problems)),
            model=model,
            path=self._store,
            client=self.client,
            sampling=self.sampling,
            price=self.price,
        )

    def _warn_of_another_prompt(self) -> None:
        if self.trained_on is not None:
            for difference in prompt_differences(self.formatter, self.trained_on):
                warnings.warn(f"{self.trained_on}: {difference}", stacklevel=3)

    def _tuning(self, model: str) -> dict[str, Any] | None:
        """Give the manifest of the job that the model comes from; none for the base model beside it."""
        if self.lineage is None:
            return None
        try:
            manifest = json.loads(self.lineage.read_text(encoding="utf-8"))
            models = {manifest["model"], *manifest["checkpoints"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                "expected the manifest of a tuning job", path=self.lineage, field="lineage"
            ) from error
        return dict(manifest) if model in models else None

    @property
    def _generator(self) -> Callable[..., Generation]:
        return generate if self.tools is None else functools.partial(generate_with_tools, tools=self.tools)

    @property
    def _store(self) -> Path:
        return self.directory / STORE

    def _pace(self, log: Log) -> Pace:
        return Pace(
            mode=self.mode,
            concurrency=self.concurrency,
            price=self.price,
            cost_limit=self.cost_limit,
            report=log.tell,
            clock=self.clock,
        )

    def _questions(self, problems: Iterable[Problem]) -> list[Question]:
        return [Question(problem.id, self.formatter.messages(problem)) for problem in problems]

    def _config(self, model: str) -> dict[str, Any]:
        config = {
            "model": model,
            "base_url": _without_secrets(address_of(self.client)),
            "sampling": self.sampling.to_dict(),
            "formatter": attrs.asdict(self.formatter),
            "policy": attrs.asdict(self.policy),
            "tools": None if self.tools is None else attrs.asdict(self.tools),
        }
        return dict(json.loads(json.dumps(config, default=str)))  # as a reader of config.json will see it

    def _graded(self, problems: Sequence[Problem], generation: Generation) -> list[Result]:
        grader = Grader(self.policy)
        by_id = {problem.id: problem for problem in problems}
        responses = progress_bar(generation, total=len(generation), label="grading", unit="response")
        return [grader.result(by_id[response.problem_id], response) for response in responses]


def _without_secrets(base_url: str) -> str:
    """Give a server's address without user, password and query, where keys can stand."""
    parts = urlsplit(base_url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="", fragment="").geturl()
