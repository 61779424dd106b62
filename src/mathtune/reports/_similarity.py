"""Similarity of texts beside equality of answers: how far the former misleads.

Some studies call a solution right when the cosine of its embedding and a reference solution's reaches 0.85.
A wrong sign changes neither words nor embedding much. `similarity_study` puts both measures side by side on
the same responses.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Protocol

import attrs

from mathtune import stats
from mathtune.client import resolve_client, translated
from mathtune.errors import DataError
from mathtune.progress import progress_bar

from ._words import count, percent, points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai import OpenAI

    from mathtune.evaluation import Result, Run

__all__ = ["Embeddings", "Likeness", "Similarity", "SimilarityStudy", "TfIdf", "similarity_study"]

_WORD = re.compile(r"\\[A-Za-z]+|[A-Za-z]+|\d+|[^\sA-Za-z\d]")
_BATCH = 128  # texts a request; the protocol takes 2048, servers of one's own often fewer
_MOST_CHARACTERS = 24_000  # about 8,000 tokens, what embedding models read at most


class Similarity(Protocol):
    """A measure of how alike two texts are.

    Attributes:
        name: What it is, for the report.
    """

    @property
    def name(self) -> str:
        """What it is, for the report."""

    def of(self, pairs: Sequence[tuple[str, str]]) -> Sequence[float]:
        """Give the likeness of each pair of texts, 1 for the same."""


@attrs.frozen
class TfIdf:
    r"""Cosine of word counts, rare words counting more. Needs no model and no network.

    Words, commands, numbers and signs count each. It stands in for embeddings where there are none, and its
    name says so.

    >>> same, other = TfIdf().of([(r"So $x=\frac12$.", r"So $x=\frac12$."), ("one two", "three four")])
    >>> round(same, 6), other
    (1.0, 0.0)
    """

    name = "cosine of TF-IDF vectors (offline, in place of embeddings)"

    def of(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Give the cosine of each pair of texts, weighted by how rare words are in all of them."""
        counted = [(Counter(_WORD.findall(a)), Counter(_WORD.findall(b))) for a, b in pairs]
        texts = Counter(word for pair in counted for words in pair for word in words)
        weights = {word: math.log((1 + 2 * len(counted)) / (1 + n)) + 1 for word, n in texts.items()}
        return [_weighted_cosine(a, b, weights) for a, b in counted]


@attrs.frozen
class Embeddings:
    """Cosine of embeddings that a server of OpenAI's protocol gives.

    Attributes:
        model: The embedding model.
        client: Any `openai.OpenAI`; None takes the environment's.
    """

    model: str
    client: OpenAI | None = None

    @property
    def name(self) -> str:
        """What it is, for the report."""
        return f"cosine of embeddings by {self.model}"

    def of(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Ask for the embedding of every text once and give the cosine of each pair.

        Raises:
            ProtocolError: The server refused or could not be reached.
            DataError: The server gave another number of embeddings than texts.
        """
        client = resolve_client(self.client)
        texts = list(dict.fromkeys(text[:_MOST_CHARACTERS] or " " for pair in pairs for text in pair))
        vectors: dict[str, list[float]] = {}
        with progress_bar(total=len(texts), label="embeddings", unit="text") as bar:
            for start in range(0, len(texts), _BATCH):
                batch = texts[start : start + _BATCH]
                vectors.update(zip(batch, self._ask(client, batch), strict=True))
                bar.update(len(batch))
        return [_cosine(*(vectors[text[:_MOST_CHARACTERS] or " "] for text in pair)) for pair in pairs]

    def _ask(self, client: OpenAI, texts: list[str]) -> list[list[float]]:
        with translated("get embeddings"):
            answer = client.embeddings.create(model=self.model, input=texts, encoding_format="float")
        data = sorted(answer.data, key=lambda item: item.index)
        if len(data) != len(texts):
            raise DataError(f"expected {len(texts)} embeddings from {self.model}, got {len(data)}")
        return [item.embedding for item in data]


@attrs.frozen(kw_only=True)
class Likeness:
    """One response under both measures.

    Attributes:
        result: The response with its verdict.
        similarity: How alike it is to the reference solution.
    """

    result: Result
    similarity: float


@attrs.frozen(kw_only=True)
class SimilarityStudy:
    """A run's responses under both measures.

    Attributes:
        model: The model that gave them.
        measure: What the similarity is.
        threshold: The similarity from which a response would have been called right.
        likenesses: Every response that counts.
    """

    model: str
    measure: str
    threshold: float
    likenesses: tuple[Likeness, ...] = attrs.field(repr=False)

    def share(self, *, similar: bool | None = None, right: bool | None = None) -> float:
        """Give the share of responses that are (or are not) similar and (or are not) right."""
        kept = [
            likeness
            for likeness in self.likenesses
            if similar in (None, likeness.similarity >= self.threshold)
            and right in (None, likeness.result.correct)
        ]
        return len(kept) / len(self.likenesses)

    @property
    def area(self) -> float:
        """The chance that a right response is more similar than a wrong one; 0.5 is a coin's."""
        right = [likeness.result.correct for likeness in self.likenesses]
        return stats.area_under_roc([likeness.similarity for likeness in self.likenesses], right)

    @property
    def best_threshold(self) -> float:
        """The similarity at which to call a response right so as to agree with the verdicts most often."""
        choices = sorted({likeness.similarity for likeness in self.likenesses} | {math.inf})
        return max(choices, key=self.agreement)

    def agreement(self, threshold: float) -> float:
        """Give the share of responses on which similarity from `threshold` up and the verdict agree."""
        agreed = sum((one.similarity >= threshold) is one.result.correct for one in self.likenesses)
        return agreed / len(self.likenesses)

    def __str__(self) -> str:
        similar, right = self.share(similar=True), self.share(right=True)
        accepted, refused = self.share(similar=True, right=False), self.share(similar=False, right=True)
        return (
            f"{self.model}, {count(len(self.likenesses), 'response')}: {percent(similar)} similar at "
            f"{self.threshold:g} ({self.measure}), {percent(right)} right. Similar but wrong: "
            f"{percent(accepted)}; right but not similar: {percent(refused)}. Of a right and a wrong "
            f"response, the right one is the more similar in {percent(self.area)} of cases; a coin reaches "
            f"50 %. Even at the best threshold, {self.best_threshold:.2f}, similarity agrees with equality "
            f"of answers in {percent(self.agreement(self.best_threshold))} of responses."
        )


def similarity_study(
    *runs: Run, similarity: Similarity | None = None, threshold: float = 0.85
) -> tuple[SimilarityStudy, ...]:
    """Measure each response by its likeness to the reference solution, beside its verdict.

    Args:
        runs: Runs on problems that have solutions.
        similarity: `Embeddings(model)` for a server's embeddings; by default `TfIdf()`, offline.
        threshold: The similarity from which a response is called right.

    Returns:
        A study for each run. `print` each; `similarity_verdict` says what two of them would have shown.

    Raises:
        DataError: A problem has no solution to compare with.
    """
    measure = TfIdf() if similarity is None else similarity
    return tuple(_study(run, measure, threshold) for run in runs)


def similarity_verdict(base: SimilarityStudy, tuned: SimilarityStudy) -> str:
    """Say what the difference of two models is by similarity and what it is by equality of answers."""
    by_similarity = tuned.share(similar=True) - base.share(similar=True)
    by_equality = tuned.share(right=True) - base.share(right=True)
    return (
        f"{tuned.model} against {base.model}: {points(by_similarity)} points by similarity, "
        f"{points(by_equality)} points by equality of answers."
    )


def _study(run: Run, measure: Similarity, threshold: float) -> SimilarityStudy:
    results = [result for result in run.results if result.counts]
    lacking = [result.problem.id for result in results if not result.problem.solution]
    if lacking or not results:
        raise DataError(
            f"expected problems with solutions to compare with; {len(lacking)} of {len(results)} have none"
            + (f", the first is {lacking[0]!r}" if lacking else ""),
            field="solution",
        )
    found = measure.of([(result.response.text, result.problem.solution or "") for result in results])
    return SimilarityStudy(
        model=run.model,
        measure=measure.name,
        threshold=threshold,
        likenesses=tuple(
            Likeness(result=result, similarity=value) for result, value in zip(results, found, strict=True)
        ),
    )


def _weighted_cosine(a: Counter[str], b: Counter[str], weights: dict[str, float]) -> float:
    shared = math.fsum(a[word] * b[word] * weights[word] ** 2 for word in a.keys() & b.keys())
    sizes = [math.sqrt(math.fsum((n * weights[word]) ** 2 for word, n in words.items())) for words in (a, b)]
    return shared / (sizes[0] * sizes[1]) if all(sizes) else 0.0


def _cosine(a: Sequence[float], b: Sequence[float]) -> float:
    sizes = math.sqrt(math.fsum(x * x for x in a)), math.sqrt(math.fsum(y * y for y in b))
    return math.fsum(x * y for x, y in zip(a, b, strict=True)) / (sizes[0] * sizes[1]) if all(sizes) else 0.0
