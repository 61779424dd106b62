"""A run: one model on one set of problems, with every response and what became of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.frames import pandas_frame, polars_frame

from ._accuracy import accuracy_of
from ._category import Category
from ._frames import arrow_table
from ._table import html_table, text_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from datasets import Dataset

    from ._accuracy import Accuracy
    from ._result import Result

__all__ = ["Run"]


def _in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    return tuple(results)


@attrs.frozen(kw_only=True)
class Run:
    r"""One model on one set of problems.

    Attributes:
        model: The model's name as it was asked.
        results: A result for each response, in the order of the problems and their samples.
        config: What was asked for: server, sampling, prompt, policy, as JSON holds it.
        manifest: What happened: versions, the server's own names, hashes of the problems, tokens, counts.
        directory: Where the run is kept, or None.

    >>> from mathtune.problems import Problem
    >>> from mathtune.testing import StubServer
    >>> from mathtune.evaluation import Evaluator
    >>> import tempfile
    >>> sums = [Problem(id=str(n), problem=f"{n}+1?", answer=str(n + 1), level=1 + n % 2) for n in range(4)]
    >>> with StubServer(chat=lambda *_: r"\boxed{2}") as server, tempfile.TemporaryDirectory() as here:
    ...     run = Evaluator(server.client(), directory=here).evaluate(sums, model="any")
    >>> print(run)
    any: 25.0 % (1 of 4; 95 % interval 4.6 % to 69.9 %)
                right      of  accuracy  95 % interval
      level 1       0       2     0.0 %  0.0 % to 65.8 %
      level 2       1       2    50.0 %  9.5 % to 90.5 %
    not right: wrong answer 3
    """

    model: str
    results: tuple[Result, ...] = attrs.field(converter=_in_order, repr=False)
    config: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    manifest: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    directory: Path | None = None

    def accuracy(self, confidence: float = 0.95) -> Accuracy:
        """Give the share of right responses with its interval.

        Problems whose gold answer cannot be read are left out, whatever was answered. All else counts:
        a response that is cut off, refused, without an answer or undecided is not right.

        Args:
            confidence: Share of such intervals that hold the true accuracy.
        """
        return accuracy_of(self.results, confidence)

    def by(self, *fields: str, confidence: float = 0.95) -> dict[Any, Accuracy]:
        """Give the accuracy of each group of problems, groups in order, None last.

        Args:
            fields: Fields of `Problem`, as "subject" or "level". Several give a cell for each combination,
                under a tuple.
            confidence: Share of such intervals that hold the true accuracy.
        """
        groups: dict[Any, list[Result]] = {}
        for result in self.results:
            values = tuple(getattr(result.problem, field) for field in fields)
            groups.setdefault(values[0] if len(values) == 1 else values, []).append(result)
        return {key: accuracy_of(groups[key], confidence) for key in sorted(groups, key=_rank)}

    def counts(self) -> dict[Category, int]:
        """Give the number of responses of each category."""
        counted = Counter(result.category for result in self.results)
        return {category: counted[category] for category in Category}

    def to_arrow(self) -> Any:  # noqa: ANN401  (a pyarrow.Table; pyarrow publishes no types)
        """Give a `pyarrow.Table` with a row for each response."""
        return arrow_table(self)

    def to_pandas(self) -> Any:  # noqa: ANN401  (pandas is the caller's)
        """Give a `pandas.DataFrame` with a row for each response.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return pandas_frame(self.to_arrow())

    def to_polars(self) -> Any:  # noqa: ANN401  (polars is the caller's)
        """Give a `polars.DataFrame` with a row for each response.

        Raises:
            MissingExtraError: polars is not installed.
        """
        return polars_frame(self.to_arrow())

    def to_dataset(self) -> Dataset:
        """Give a `datasets.Dataset` with a row for each response."""
        from datasets import Dataset

        return Dataset(self.to_arrow())

    def __str__(self) -> str:
        return text_table(self)

    def _repr_html_(self) -> str:
        return html_table(self)


def _rank(key: object) -> tuple[tuple[bool, bool, Any], ...]:
    """Order numbers before texts before None."""
    parts = key if isinstance(key, tuple) else (key,)
    return tuple((part is None, isinstance(part, str), 0 if part is None else part) for part in parts)
