"""What responses cost: the price, what is spent, when to stop, and an estimate before.

Prices differ by server and change; no table of them is kept here. Money is a float, in USD.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import CostLimitError, DataError

from ._response import Usage, read_usage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._request import Request

__all__ = ["Estimate", "Price", "Spending", "estimate_of", "usage_of"]

_CHARACTERS_A_TOKEN = 4  # of English and LaTeX, roughly, for any tokenizer in use
_ASSUMED_COMPLETION = 500  # tokens of a worked solution, where nothing better is known
_MILLION = 1_000_000
_CENT = 0.01


@attrs.frozen(kw_only=True)
class Price:
    """The price of tokens.

    Attributes:
        prompt: USD for a million tokens read.
        completion: USD for a million tokens written.

    >>> Price(prompt=0.15, completion=0.60).cost(Usage(prompt_tokens=2_000, completion_tokens=1_000))
    0.0009
    """

    prompt: float = attrs.field(validator=attrs.validators.ge(0))
    completion: float = attrs.field(validator=attrs.validators.ge(0))

    def cost(self, usage: Usage) -> float:
        """Give the cost of a response."""
        tokens = usage.prompt_tokens * self.prompt + usage.completion_tokens * self.completion
        return round(tokens / _MILLION, 12)


class Spending:
    """What has been spent, and whether another request may be sent.

    Args:
        price: The price; None knows no costs and stops nothing.
        limit: The most that may be spent, in USD; None stops nothing.
        paid: What the responses that are there already have cost.

    Raises:
        DataError: A limit without a price.
    """

    def __init__(self, price: Price | None, limit: float | None, paid: Sequence[Usage] = ()) -> None:
        if limit is not None and price is None:
            raise DataError("a limit needs the price of the tokens", field="cost_limit")
        self.limit = limit
        self._price = price
        self.spent = 0.0
        self._dearest: float | None = None
        for usage in paid:
            self.pay(usage)

    def pay(self, usage: Usage) -> None:
        """Count a response."""
        if self._price is not None:
            cost = self._price.cost(usage)
            self.spent += cost
            self._dearest = max(cost, self._dearest or 0.0)

    def allows(self, under_way: int) -> bool:
        """Whether another request may be sent beside those under way.

        Each of them is taken to cost as much as the dearest so far; the very first goes alone.
        """
        if self.limit is None:
            return True
        if self._dearest is None:
            return under_way == 0 and self.spent < self.limit
        return self.spent + (under_way + 1) * self._dearest <= self.limit

    def affordable(self, requests: Sequence[Request]) -> list[Request]:
        """Give the first of the requests, as many as fit the limit at the most that they can cost."""
        if self.limit is None or self._price is None:
            return list(requests)
        left, fitting = self.limit - self.spent, []
        for request in requests:
            left -= self._price.cost(_most(request))
            if left < 0:
                break
            fitting.append(request)
        return fitting

    @property
    def exhausted(self) -> CostLimitError:
        """The error that says so."""
        return CostLimitError(
            f"{self.spent:,.4f} USD of at most {self.limit} are spent, and another request could go beyond;"
            " raise the cost limit to go on"
        )


@attrs.frozen(kw_only=True)
class Estimate:
    """What a call would ask and cost, asked of nobody.

    Attributes:
        requests: Requests in all.
        missing: Those that would be sent; the answers of the others are in the store, or come with these.
        prompt_tokens: Tokens that they would read, roughly.
        completion_tokens: Tokens that they would write.
        basis: What the tokens written are taken from.
        cost: What they would cost, in USD; None without a price.
    """

    requests: int
    missing: int
    prompt_tokens: int
    completion_tokens: int
    basis: str
    cost: float | None

    def __str__(self) -> str:
        cost = "" if self.cost is None else f", {_in_words(self.cost)}"
        return (
            f"{self.missing} of {self.requests} requests to send:"
            f" about {self.prompt_tokens:,} tokens read and {self.completion_tokens:,} written"
            f" ({self.basis}){cost}"
        )


def _in_words(cost: float) -> str:
    return "less than 0.01 USD" if 0 < cost < _CENT else f"about {cost:,.2f} USD"


def estimate_of(
    requests: Sequence[Request], missing: Sequence[Request], known: Sequence[Usage], price: Price | None
) -> Estimate:
    """Estimate what the missing ones of some requests would cost.

    Args:
        requests: All requests.
        missing: Those without an answer.
        known: Tokens of earlier responses of the same model.
        price: The price, if it is known.
    """
    each, basis = _completion(missing, known)
    read, written = sum(map(_prompt_tokens, missing)), round(each * len(missing))
    usage = Usage(prompt_tokens=read, completion_tokens=written)
    return Estimate(
        requests=len(requests),
        missing=len(missing),
        prompt_tokens=read,
        completion_tokens=written,
        basis=basis,
        cost=None if price is None else price.cost(usage),
    )


def _prompt_tokens(request: Request) -> int:
    """Give the tokens that a request's messages are, roughly: four characters each, and four a message."""
    messages = request.body["messages"]
    characters = sum(len(str(message.get("content") or "")) for message in messages)
    return characters // _CHARACTERS_A_TOKEN + 4 * len(messages)


def usage_of(request: Request, raw: Mapping[str, Any]) -> Usage:
    """Give the tokens of an answer: as the server counts them, else roughly, four characters each."""
    counted = read_usage(raw.get("usage"))
    if counted is not None:
        return counted
    written = sum(len(str(choice)) for choice in raw.get("choices") or ())
    return Usage(prompt_tokens=_prompt_tokens(request), completion_tokens=written // _CHARACTERS_A_TOKEN)


def _completion(missing: Sequence[Request], known: Sequence[Usage]) -> tuple[float, str]:
    """Give the tokens that a response is expected to have, and what that rests on."""
    if known:
        mean = sum(usage.completion_tokens for usage in known) / len(known)
        return mean, f"the mean of {len(known)} earlier responses"
    if missing and (most := _token_limit(missing[0])):
        return most, "the token limit, so at most"
    return _ASSUMED_COMPLETION, f"assuming {_ASSUMED_COMPLETION} a response"


def _most(request: Request) -> Usage:
    limit = _token_limit(request)
    if limit is None:
        raise DataError(
            "a limit of cost in batch mode needs a limit of tokens in the sampling", field="cost_limit"
        )
    return Usage(prompt_tokens=_prompt_tokens(request), completion_tokens=limit)


def _token_limit(request: Request) -> int | None:
    limit = request.body.get("max_completion_tokens", request.body.get("max_tokens"))
    return limit if isinstance(limit, int) else None
