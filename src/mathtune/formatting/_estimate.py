"""What a job will cost, before anything is sent: tokens, epochs, price, and what will be cut."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError
from mathtune.files import read_json_lines

from ._tokens import TokenCounter, model_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._check import Method

__all__ = ["Estimate", "auto_epochs", "estimate"]

# The rule by which OpenAI chose epochs when asked for "auto"; source: its cookbook.
_EPOCHS = 3
_FEWEST_SEEN, _MOST_SEEN = 100, 25_000  # examples times epochs
_MOST_EPOCHS = 25
_CENT = 0.01


@attrs.frozen(kw_only=True)
class Estimate:
    """What a job on a file will cost.

    Attributes:
        examples: Lines of the file.
        tokens: Tokens of one pass over it, after cutting.
        longest: Tokens of the longest example, before cutting.
        cut: Lines, from 1, that are longer than the model takes: their end, which is the answer, gets lost.
        epochs: Passes over the file.
        auto_epochs: Whether the epochs come from the server's "auto" rule, as far as it is known.
        price: In USD; None where it is not known, or is paid by the hour.
        per_hour: In USD, where training is paid by the hour.
        prices_as_of: The day of the price table, or None.
        is_exact: Whether tokens were counted; False where they were estimated.
    """

    examples: int
    tokens: int
    longest: int
    cut: tuple[int, ...]
    epochs: int
    auto_epochs: bool
    price: float | None
    per_hour: float | None
    prices_as_of: str | None
    is_exact: bool

    @property
    def trained_tokens(self) -> int:
        """Tokens of all passes: what is paid for."""
        return self.tokens * self.epochs

    def __str__(self) -> str:
        about = "" if self.is_exact else "about "
        rule = ' (the "auto" rule)' if self.auto_epochs else ""
        epochs = f"{self.epochs} epoch{'' if self.epochs == 1 else 's'}{rule}"
        lines = [
            f"{self.examples:,} examples, {about}{self.tokens:,} tokens, {epochs}",
            f"{about}{self.trained_tokens:,} trained tokens",
        ]
        if self.price is not None:
            cost = "less than 0.01" if 0 < self.price < _CENT else f"{about}{self.price:,.2f}"
            rate = f"prices of {self.prices_as_of}" if self.prices_as_of else "price that was given"
            lines[1] += f", {cost} USD by the {rate}"
        elif self.per_hour is not None:
            lines[1] += f", paid by the hour: {self.per_hour:,.2f} USD (prices of {self.prices_as_of})"
        else:
            lines[1] += ", price not known"
        if self.cut:
            shown = ", ".join(map(str, self.cut[:5])) + (", ..." if len(self.cut) > 5 else "")
            lines.append(f"{len(self.cut)} examples are too long and lose their end: lines {shown}")
        return "\n".join(lines)


def auto_epochs(examples: int) -> int:
    """Give the epochs that OpenAI's "auto" stands for, as its cookbook has it.

    >>> [auto_epochs(n) for n in (10, 20, 34, 8_333, 12_000, 50_000)]
    [10, 5, 3, 3, 2, 1]
    """
    if examples * _EPOCHS < _FEWEST_SEEN:
        return min(_MOST_EPOCHS, _FEWEST_SEEN // max(1, examples))
    return max(1, min(_EPOCHS, _MOST_SEEN // examples))


def estimate(
    source: str | os.PathLike[str] | Iterable[Any],
    *,
    model: str,
    n_epochs: int | str = "auto",
    method: Method = "supervised",
    per_million: float | None = None,
    counter: TokenCounter | None = None,
) -> Estimate:
    """Estimate what training on a file costs. Nothing is sent.

    Args:
        source: The file, or its examples, or its rows.
        model: The model to be tuned.
        n_epochs: Passes over the file, or `"auto"`.
        method: What the file is for.
        per_million: USD for a million trained tokens; None takes the table's.
        counter: How tokens are counted; None counts with tiktoken if its file is at hand, else estimates.

    Raises:
        DataError: The file holds what is no example, or `n_epochs` is neither a number above 0 nor `"auto"`.
        StorageError: The file cannot be read.

    >>> row = {"messages": [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}]}
    >>> print(estimate([row] * 10, model="gpt-4o-mini-2024-07-18", counter=TokenCounter.estimating()))
    10 examples, about 170 tokens, 10 epochs (the "auto" rule)
    about 1,700 trained tokens, less than 0.01 USD by the prices of 2025-07-01
    """
    facts = model_facts(model)
    counting = counter or TokenCounter.of(facts.encoding if facts else "o200k_base")
    sizes = [_size(row, method, counting) for row in _rows(source)]
    limit = facts.longest if facts else None
    kept = [size if limit is None else min(size, limit) for size in sizes]
    epochs = auto_epochs(len(sizes)) if n_epochs == "auto" else n_epochs
    if not isinstance(epochs, int) or epochs < 1:
        raise DataError(f'expected a number above 0 or "auto", found {n_epochs!r}', field="n_epochs")
    rate = per_million if per_million is not None else facts.per_million if facts else None
    return Estimate(
        examples=len(sizes),
        tokens=sum(kept),
        longest=max(sizes, default=0),
        cut=tuple(line for line, (size, left) in enumerate(zip(sizes, kept, strict=True), 1) if size > left),
        epochs=epochs,
        auto_epochs=n_epochs == "auto",
        price=None if rate is None else sum(kept) * epochs * rate / 1e6,
        per_hour=facts.per_hour if facts and rate is None else None,
        prices_as_of=facts.as_of if facts and per_million is None else None,
        is_exact=counting.is_exact,
    )


def _rows(source: str | os.PathLike[str] | Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    if isinstance(source, (str, os.PathLike)):
        yield from (row for _, row in read_json_lines(Path(source)))
    else:
        row: Any
        for row in source:
            yield row if isinstance(row, Mapping) else row.to_dict()


def _size(row: Mapping[str, Any], method: Method, counter: TokenCounter) -> int:
    """Give the tokens of one line; of a preference those of both answers, since both are trained on."""
    try:
        if method != "dpo":
            return counter.messages(row["messages"])
        asked = row["input"]["messages"]
        outputs = (row["preferred_output"], row["non_preferred_output"])
        return sum(counter.messages([*asked, *output]) for output in outputs)
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"not an example for {method} ({error}): check_file says more") from error
