"""The tiers, cheapest first: each says what it knows of two answers, or None for "not mine"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Budget, BudgetExceededError, Match
from mathtune.errors import LatexSyntaxError
from mathtune.latex import parse, to_text

from ._matching import Finding, Matcher
from ._reading import ProseError, normalise_words, read, read_words
from ._values import Phrase, Value
from ._verdict import Outcome, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.latex import Node
    from mathtune.policy import Policy

__all__ = ["TIERS", "Side"]


@attrs.define
class Side:
    """One answer: its text, and what was made of it so far."""

    text: str
    context: str | None = None
    _tree: Node | None = None
    _value: Value | None = None
    error: LatexSyntaxError | None = None

    @property
    def tree(self) -> Node | None:
        """The tree, or None if the text is no mathematics that we can read (`error` then says why)."""
        if self._tree is None and self.error is None:
            try:
                self._tree = parse(self.text)
            except LatexSyntaxError as error:
                self.error = error
        return self._tree

    @property
    def value(self) -> Value:
        """What the answer means; words where it is no mathematics."""
        if self._value is None:
            tree = self.tree
            try:
                self._value = read_words(self.text) if tree is None else read(tree)
            except ProseError:
                self._value = Phrase(normalise_words(self.text))
        return self._value

    @property
    def form(self) -> str:
        """The answer in plain text, as it was understood."""
        return self.text[:200] if self.tree is None else to_text(self.tree)[:500]


def _same_text(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """The same characters, blanks and dollar signs aside."""
    del policy, budget
    if gold.text == given.text or _squeezed(gold.text) == _squeezed(given.text):
        return Verdict(Outcome.EQUAL, Reason.SAME_TEXT, "text", gold.text[:500], given.text[:500])
    return None


def _squeezed(text: str) -> str:
    return "".join(text.replace("$", "").split())


_PLAIN = re.compile(
    r"\s*\$?\s*([-+])?\s*(?:(\d{1,18})(?:\.(\d{1,18}))?|\\[dt]?frac\s*\{(\d{1,18})\}\s*\{(\d{1,18})\}|(\d{1,18})/(\d{1,18}))\s*\$?\s*\Z"
)


def _plain_numbers(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """Two integers, decimals or fractions: decided without a tree."""
    del budget
    first = _PLAIN.match(gold.text)
    second = _PLAIN.match(given.text) if first else None
    if not first or not second:
        return None
    one, other = _ratio(first), _ratio(second)
    if one is None or other is None:
        return None
    if one[0] * other[1] == other[0] * one[1]:
        return Verdict(Outcome.EQUAL, Reason.SAME_VALUE, "number", gold.text.strip(), given.text.strip())
    if policy.relative_tolerance or (first[3] and policy.rounded_gold):
        return None  # digits or tolerance may matter
    return Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_VALUE, "number", gold.text.strip(), given.text.strip())


def _ratio(found: re.Match[str]) -> tuple[int, int] | None:
    sign, whole, fraction, top, below, left, right = found.groups()
    if whole is not None:
        digits = fraction or ""
        numerator, denominator = int(whole + digits), 10 ** len(digits)
    else:
        numerator, denominator = int(top or left), int(below or right)
    return (-numerator if sign == "-" else numerator, denominator) if denominator else None


def _values(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """The meaning of both, shape by shape."""
    first, second = gold.value, given.value
    if isinstance(first, Phrase) and isinstance(second, Phrase):
        return None
    ambiguous = "\\log" in gold.text or "\\log" in given.text
    found = Matcher(policy, budget, ambiguous).match(first, second)
    return _verdict(found, "value", gold, given)


def _words(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """Answers in words."""
    found = Matcher(policy, budget).match(gold.value, given.value)
    return _verdict(found, "words", gold, given)


def _verdict(found: Finding, tier: str, gold: Side, given: Side) -> Verdict:
    outcome = {
        Match.EQUAL: Outcome.EQUAL,
        Match.DIFFERENT: Outcome.DIFFERENT,
        Match.UNKNOWN: Outcome.UNDECIDED,
    }[found.match]
    return Verdict(outcome, found.reason, tier, gold.form, given.form)


TIERS: tuple[Callable[[Side, Side, Policy, Budget], Verdict | None], ...] = (
    _same_text,
    _plain_numbers,
    _values,
    _words,
)
_ = BudgetExceededError
