"""What a comparison holds: cells, paired rows, flips.

How it is made is in `_compare.py`, the words are in `_words.py`, the pages in the writers beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

import attrs

from mathtune.frames import pandas_frame, polars_frame

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from mathtune.evaluation import Category, Result
    from mathtune.grading import Reason
    from mathtune.problems import Problem
    from mathtune.stats import Interval, SeedSpread

    from ._pairing import Row

__all__ = ["Cell", "Comparison", "Field", "Finding", "Flip", "in_order", "key_of", "run_labels"]

Field = Literal["subject", "level"]

_NUMBER = re.compile(r"(\d+)")


class Finding(str, Enum):
    """What a cell shows after correction for all that was tested."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"

    def __str__(self) -> str:
        return self.value


@attrs.frozen(kw_only=True)
class Cell:
    """Two models on the problems of one cell (a subject, a level, both, or all problems).

    Attributes:
        first: Name of the model that is compared with.
        second: Name of the model that is compared.
        key: The cell's subject and level as asked for; empty for all problems.
        total: Problems in the cell.
        both: Problems that both solve.
        lost: Problems that only the first solves.
        won: Problems that only the second solves.
        neither: Problems that neither solves.
        first_accuracy: The first model's accuracy with its interval.
        second_accuracy: The second model's accuracy with its interval.
        difference: The second's accuracy minus the first's, with the interval of this cell alone.
        p_value: Two-sided p-value of the paired test, before correction.
        adjusted: The p-value after Holm's correction for all tests of its family: those on all problems are
            one, those on the cells of all pairs of models are another.
        q_value: The p-value after Benjamini and Hochberg's, for a list of cells to look into.
        detectable: The smallest true difference that would have been found four times in five, or None where
            the cell is too small to show any.
        level_of_test: The level that `adjusted` is held against, for example 0.05.
        seeds: How the seeds of the second differ, where it is a recipe of several; else None. A problem is
            lost or won there if the share of the runs that solve it fell or rose.
    """

    first: str
    second: str
    key: tuple[str, ...]
    total: int
    both: int
    lost: int
    won: int
    neither: int
    first_accuracy: Interval
    second_accuracy: Interval
    difference: Interval
    p_value: float
    adjusted: float
    q_value: float
    detectable: float | None
    level_of_test: float
    seeds: SeedSpread | None = None

    @property
    def finding(self) -> Finding:
        """Whether the second model is better, worse, or one cannot tell."""
        if self.adjusted > self.level_of_test:
            return Finding.CANNOT_TELL
        return Finding.BETTER if self.difference.estimate > 0 else Finding.WORSE

    @property
    def label(self) -> str:
        """The cell's name for a reader."""
        return " · ".join(self.key) if self.key else "All problems"

    @property
    def sentence(self) -> str:
        """The cell in a plain sentence."""
        from ._words import cell_sentence

        return cell_sentence(self)


@attrs.frozen(kw_only=True)
class Flip:
    """A problem that one model solves and the other does not.

    Attributes:
        problem: The problem.
        key: Its cell.
        first: The first model's result.
        second: The second model's result.
        first_right: How many of the first's responses are right, and how many there are: more than one with
            several samples or seeds, of which `first` is one that shows the change.
        second_right: The same for the second.
    """

    problem: Problem
    key: tuple[str, ...]
    first: Result
    second: Result
    first_right: tuple[int, int]
    second_right: tuple[int, int]


@attrs.frozen(kw_only=True, repr=False)
class Comparison:
    """Models on the same problems: what changed, where, and how sure one can be.

    Attributes:
        names: The models' names, the base first; of a recipe of several seeds, the recipe's.
        seeds: How many runs stand behind each name: 1 for a model, more for a recipe.
        by: What the cells are made of.
        confidence: Confidence of every interval; the tests' level is what is missing to 1.
        samples: Samples of each problem that each run has; the first of them count, as many as all runs have.
        steps: Where in training each name stands, if that was said.
        conditions: For each run, how it was made (server, sampling, prompt, policy, versions), as far as it
            says so itself.
        cells: All cells: for each pair of models first all problems, then cell by cell.
        rows: The paired problems that count.
        excluded: Problems left out because their gold answer could not be read.
        unshared: For each run, how many of its problems were left out because not every run holds them.
    """

    names: tuple[str, ...]
    seeds: tuple[int, ...]
    by: tuple[Field, ...]
    confidence: float
    samples: tuple[int, ...]
    steps: tuple[float, ...] | None = None
    conditions: tuple[Mapping[str, str], ...] = attrs.field(default=(), hash=False)
    cells: tuple[Cell, ...]
    rows: tuple[Row, ...]
    excluded: tuple[Problem, ...]
    unshared: tuple[int, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of names that are compared, (first, second)."""
        return tuple(dict.fromkeys((cell.first, cell.second) for cell in self.cells))

    @property
    def has_seeds(self) -> bool:
        """Whether any name stands for a recipe of several seeds."""
        return max(self.seeds) > 1

    @property
    def runs(self) -> tuple[str, ...]:
        """Each run's name: "tuned" for a model, "tuned, seed 2" for the second run of a recipe."""
        return run_labels(self.names, self.seeds)

    def runs_of(self, name: str) -> range:
        """Give the positions of a name's runs, as in `runs` and in the rows' results."""
        index = self.names.index(name)
        start = sum(self.seeds[:index])
        return range(start, start + self.seeds[index])

    @property
    def test_name(self) -> str:
        """The paired test behind every p-value."""
        if self.has_seeds:
            return "test over problems and seeds"
        return "exact McNemar test" if min(self.samples) == 1 else "exact sign-flip test"

    def of_pair(self, first: str, second: str) -> tuple[Cell, ...]:
        """Give the cells of one pair, all problems first."""
        return tuple(cell for cell in self.cells if (cell.first, cell.second) == (first, second))

    def flips(self, first: str, second: str) -> tuple[Flip, ...]:
        """Give the problems that changed sides between two models, in the problems' order.

        Where problems have several samples or recipes several seeds, those whose share of right ones
        changed, shown by a pair of responses that differ.
        """
        left, right = self.runs_of(first), self.runs_of(second)
        flips = (_flip(row.problem, row.of(left), row.of(right), self.by) for row in self.rows)
        return tuple(filter(None, flips))

    def failures(self, name: str) -> Counter[Category]:
        """Count a model's results by what became of them."""
        runs = self.runs_of(name)
        return Counter(result.category for row in self.rows for result in row.of(runs))

    def reasons(self, name: str) -> Counter[Reason]:
        """Count the grader's reasons for the responses of a model that it did not accept."""
        runs = self.runs_of(name)
        verdicts = (result.verdict for row in self.rows for result in row.of(runs))
        return Counter(verdict.reason for verdict in verdicts if not verdict)

    def sentences(self) -> tuple[str, ...]:
        """Give a plain sentence for each cell, in the order of `cells`."""
        return tuple(cell.sentence for cell in self.cells)

    @property
    def headlines(self) -> tuple[str, ...]:
        """For each pair of models, what one would tell a colleague in a sentence or two."""
        from ._words import headline

        return tuple(headline(self.of_pair(*pair), self.cell_noun) for pair in self.pairs)

    @property
    def cell_noun(self) -> str:
        """What a cell is called: "subject", "level" or "cell"."""
        return self.by[0] if len(self.by) == 1 else "cell"

    @property
    def name_noun(self) -> str:
        """What a name stands for: a "model", or a "recipe" where any is one of several seeds."""
        return "recipe" if self.has_seeds else "model"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may mislead: problems left out, runs that are the same, and runs that were not made alike."""
        from ._conditions import differences, repetitions
        from ._words import left_out_unshared

        return (
            *left_out_unshared(self),
            *repetitions(self.runs, self.rows),
            *differences(self.runs, self.conditions),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """How the numbers were made, and what was left out."""
        from ._words import notes

        return notes(self)

    def __repr__(self) -> str:
        models = f"{', '.join(self.names[1:])} against {self.names[0]}"
        return f"<Comparison: {models}, {len(self.rows):,} problems, {len(self.cells)} cells>"

    def __str__(self) -> str:
        from ._plain import to_text

        return to_text(self)

    def to_markdown(self) -> str:
        """Give headlines, a table for each pair, and notes as Markdown."""
        from ._markdown import to_markdown

        return to_markdown(self)

    def to_latex(self) -> str:
        r"""Give a LaTeX table for each pair; the preamble needs `\usepackage{booktabs}`.

        A table longer than a page is a `longtable`, and the preamble needs `\usepackage{longtable}` too; that
        package sets one column of text, not two.
        """
        from ._latex import to_latex

        return to_latex(self)

    def to_arrow(self) -> Any:  # noqa: ANN401  (a pyarrow.Table; pyarrow publishes no types)
        """Give a `pyarrow.Table` with a row for each cell, for plots and tables of your own.

        Columns are the fields of `Cell`, with `_low` and `_high` beside each estimate, and one for each field
        in `by`; the rows on all problems have none there. Accuracies and differences are shares: 0.02 is two
        points. `seed_differences` and `seed_deviation` are null where the second is a single model.
        """
        from ._frames import arrow_table

        return arrow_table(self)

    def to_pandas(self) -> Any:  # noqa: ANN401  (pandas is the caller's)
        """Give the rows of `to_arrow` as a `pandas.DataFrame`.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return pandas_frame(self.to_arrow())

    def to_polars(self) -> Any:  # noqa: ANN401  (polars is the caller's)
        """Give the rows of `to_arrow` as a `polars.DataFrame`.

        Raises:
            MissingExtraError: polars is not installed.
        """
        return polars_frame(self.to_arrow())

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """Give the report as one HTML page that needs no network, and write it to `path` if one is given.

        Raises:
            StorageError: The disk refused; what was there before is as it was.
        """
        from ._html import to_html

        return to_html(self, path)

    def _repr_html_(self) -> str:
        from ._html import to_fragment

        return to_fragment(self)


def key_of(problem: Problem, by: tuple[Field, ...]) -> tuple[str, ...]:
    """Give the name of the cell that a problem belongs to, one part a field."""
    return tuple(
        (problem.subject or "No subject")
        if field == "subject"
        else ("No level" if problem.level is None else f"Level {problem.level}")
        for field in by
    )


def in_order(key: tuple[str, ...]) -> list[list[tuple[int, str]]]:
    """Give what to sort cells by: as texts, but "Level 2" before "Level 10"."""
    return [
        [(len(part) * (index % 2), part) for index, part in enumerate(_NUMBER.split(text))] for text in key
    ]


def run_labels(names: Sequence[str], seeds: Sequence[int]) -> tuple[str, ...]:
    """Give each run a name: the model's, or the recipe's with the number of its seed."""
    return tuple(
        f"{name}, seed {number}" if size > 1 else name
        for name, size in zip(names, seeds, strict=True)
        for number in range(1, size + 1)
    )


def _flip(
    problem: Problem, left: Sequence[Result], right: Sequence[Result], by: tuple[Field, ...]
) -> Flip | None:
    """Give a problem that changed with the first responses on both sides that show it."""
    before, now = (sum(result.correct for result in results) for results in (left, right))
    if before * len(right) == now * len(left):
        return None
    won = now * len(left) > before * len(right)
    first = next(result for result in left if result.correct is not won)
    second = next(result for result in right if result.correct is won)
    return Flip(
        problem=problem,
        key=key_of(problem, by),
        first=first,
        second=second,
        first_right=(before, len(left)),
        second_right=(now, len(right)),
    )
