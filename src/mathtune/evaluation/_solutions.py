"""Training data that a model makes itself: asked several times, graded, the verified responses kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from mathtune.errors import DataError
from mathtune.formatting import ChatFormatter, Graded, PreferenceFormatter, examples_of, pairs_of
from mathtune.generation import Clock, Sampling
from mathtune.policy import Policy
from mathtune.problems import Problem

from ._category import Category
from ._evaluator import Evaluator

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from openai import AsyncOpenAI, OpenAI

    from mathtune.formatting import Example, Preference
    from mathtune.generation import Price

    from ._result import Result
    from ._run import Run

__all__ = ["Solutions", "sample_solutions"]

_TEMPERATURE = 0.8  # enough for samples to differ, where nobody asks for another one

# What is cut off, refused, unread or right but for its form says nothing about mathematics that is worse.
_FAILED = frozenset({Category.WRONG, Category.NO_ANSWER})


@attrs.frozen
class Solutions:
    r"""What a model said to problems, as training data. Any run will do, several samples a problem best.

    Attributes:
        run: The run with the responses and their verdicts.

    >>> import tempfile
    >>> from mathtune.testing import StubServer
    >>> from itertools import cycle
    >>> said = cycle([r"I add: \boxed{3}.", r"It is \boxed{4}."])
    >>> problem = Problem(id="1", problem="What is $2+2$?", answer="4")
    >>> with StubServer(chat=lambda *_: next(said)) as server, tempfile.TemporaryDirectory() as here:
    ...     solutions = sample_solutions([problem], "any", 2, client=server.client(), directory=here)
    >>> print(solutions)
    1 of 1 problems solved at least once, 0 always; 1 of 2 responses verified
    >>> [example.messages[-1].content for example in solutions.examples()]
    ['It is \\boxed{4}.']
    >>> [pair.rejected for pair in solutions.preferences()]
    ['I add: \\boxed{3}.']
    """

    run: Run

    def examples(self, *, per_problem: int = 1) -> list[Example]:
        """Give conversations that end in a verified response, asked as the run asked.

        Args:
            per_problem: At most so many of a problem, the shortest first; of those that share four words in
                five only the shortest counts.
        """
        return examples_of(self._graded(), self.formatter, per_problem)

    def preferences(self, *, per_problem: int = 1) -> list[Preference]:
        """Pair verified responses with failed ones, problem by problem, the shortest first on both sides.

        A response has failed if its answer is different or it has none. One that is cut off, refused, cannot
        be read, or is right but for its form is used for neither side.

        Args:
            per_problem: At most so many pairs of a problem.
        """
        return pairs_of(self._graded(), PreferenceFormatter(chat=self.formatter), per_problem)

    def solved(self) -> dict[str, tuple[int, int]]:
        """Give how many of a problem's responses are verified, and how many there are, by its id.

        Problems between never and always are those that preferences and reinforcement learn from.
        """
        results = self._by_problem().items()
        return {key: (sum(result.correct for result in each), len(each)) for key, each in results}

    def __str__(self) -> str:
        counts = self.solved().values()
        right, total = sum(good for good, _ in counts), sum(of for _, of in counts)
        once, always = sum(good > 0 for good, _ in counts), sum(good == of for good, of in counts)
        return (
            f"{once} of {len(counts)} problems solved at least once, {always} always; "
            f"{right} of {total} responses verified"
        )

    def _graded(self) -> Iterator[Graded]:
        for results in self._by_problem().values():
            yield Graded(
                results[0].problem,
                [result.response.text for result in results if result.correct],
                [result.response.text for result in results if result.category in _FAILED],
            )

    def _by_problem(self) -> dict[str, list[Result]]:
        grouped: dict[str, list[Result]] = {}
        for result in self.run.results:
            grouped.setdefault(result.problem.id, []).append(result)
        return grouped

    @property
    def formatter(self) -> ChatFormatter:
        """How the run asked, and how its examples ask."""
        return _formatter_of(self.run.config)


def _formatter_of(config: Mapping[str, Any]) -> ChatFormatter:
    """Give the formatter that a run's `config.json` describes."""
    said = dict(config.get("formatter") or {})
    shots = tuple(Problem.from_dict(shot) for shot in said.pop("shots", ()))
    return ChatFormatter(**said, shots=shots)


def sample_solutions(
    problems: Iterable[Problem],
    model: str,
    n: int = 8,
    *,
    directory: str | os.PathLike[str],
    client: OpenAI | AsyncOpenAI | None = None,
    sampling: Sampling | None = None,
    formatter: ChatFormatter | None = None,
    policy: Policy | None = None,
    concurrency: int = 16,
    mode: Literal["live", "batch"] = "live",
    price: Price | None = None,
    cost_limit: float | None = None,
    clock: Clock | None = None,
) -> Solutions:
    """Ask a model each problem several times and grade what it says: the raw material of self-made data.

    It works as `Evaluator` does: every response is kept as it comes, what was answered before is not asked
    again (a larger `n` asks for the further ones only), and a killed call goes on from where it was.

    Args:
        problems: The problems with their gold answers, each id once.
        model: The model's name at the server.
        n: Samples of each problem.
        directory: Where responses and runs are kept.
        client: Any client of the protocol; None takes the environment's.
        sampling: How to sample; None is a temperature of 0.8. Its `n` is the one given here.
        formatter: How the problems are asked, and the examples written; None is the default.
        policy: What counts as verified; None asks for an answer in a box, as the model is to write it.
        concurrency: The most requests under way.
        mode: "live" asks by single requests, "batch" goes through the server's Batch API.
        price: The price of the tokens, where costs are to be known.
        cost_limit: The most that the responses may cost, in USD.
        clock: Time, for tests.

    Raises:
        DataError: Several samples at temperature 0, which would all be the same; or two problems share an id.
        ProtocolError: The server refused for good, or could not be reached. What came before is kept.
        CostLimitError: Another request could cost more than is left. What came before is kept.
        StorageError: The disk refused. What came before is kept.
    """
    drawn = attrs.evolve(sampling or Sampling(temperature=_TEMPERATURE), n=n)
    if n > 1 and drawn.temperature == 0:
        raise DataError(f"{n} samples at temperature 0 are the same one; set it above 0", field="sampling")
    evaluator = Evaluator(
        client,
        directory=directory,
        sampling=drawn,
        formatter=formatter or ChatFormatter(),
        policy=policy or Policy(weakest_sign="boxed"),
        concurrency=concurrency,
        mode=mode,
        price=price,
        cost_limit=cost_limit,
        clock=clock or Clock(),
    )
    return Solutions(evaluator.evaluate(problems, model=model))
