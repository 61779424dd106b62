"""One answer while it is compared: its text, and what was made of it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from mathtune.algebra import BudgetExceededError
from mathtune.errors import LatexSyntaxError
from mathtune.latex import MAX_CHARACTERS, Number, parse, to_text

from ._choices import read_choice
from ._figures import figure, plain_ratio
from ._integer_parts import in_view_of
from ._logic import proposition, truth
from ._numerals import number_value
from ._plain import read_plain
from ._reading import read
from ._said_logic import said_proposition
from ._sequences import DOTS_OR_BARS, is_longer_than_written
from ._spans import span
from ._values import Phrase, Quantity, Value
from ._words import ProseError, normalise_words, read_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.latex import Node


__all__ = ["Side"]

T = TypeVar("T")


class _once(Generic[T]):  # noqa: N801  (a decorator)
    """A property that is worked out once; before Python 3.12 that of functools takes a lock."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work = work
        self.name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, side: Side, owner: type) -> T:
        value = self.work(side)
        setattr(side, self.name, value)
        return value


class _of_text(Generic[T]):  # noqa: N801  (used like a decorator)
    """What a function makes of a side's text, worked out once."""

    def __init__(self, work: Callable[[str], T]) -> None:
        self.work = work

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, side: Side, owner: type) -> T:
        value = self.work(side.text)
        setattr(side, self.name, value)
        return value


@attrs.define(slots=False)
class Side:
    """One answer; what it is in each reading is worked out once, as a gold answer meets many others."""

    text: str
    context: str | None = None

    # Readings of the bare text, the cheapest first; of a given answer each is asked for once, without a Side.
    ratio = _of_text(plain_ratio)
    figure = _of_text(figure)
    choice = _of_text(read_choice)

    @_once
    def tree(self) -> Node | None:
        """The tree, or None if the text is no mathematics that we can read."""
        try:
            return parse(self.text)
        except LatexSyntaxError:
            return None

    @_once
    def value(self) -> Value:
        """What the answer means; words where it is no mathematics.

        Raises:
            BudgetExceededError: The text is too long to be an answer, as it is or with its dots written out.
        """
        if len(self.text) > MAX_CHARACTERS:
            raise BudgetExceededError
        tree = self.tree
        may_be_longer = len(self.text) > _DOTS_ARE_FEW and DOTS_OR_BARS.search(self.text)
        if may_be_longer and tree is not None and is_longer_than_written(tree):
            raise BudgetExceededError
        if self.context is not None and tree is not None and "[" in self.text:
            tree = in_view_of(self.context, tree)
        if type(tree) is Number and tree.text == self.text:
            return Quantity(number_value(self.text))  # digits alone are no prose, as half of all answers
        try:
            said = said_proposition(self.text)
            value = read_plain(self.text) if said is None else truth(said)
            if value is None and tree is not None:
                value = proposition(tree) or span(tree) or read(tree)
        except ProseError:
            if tree is not None and not _SIGNS.isdisjoint(self.text):
                return Phrase(_worded(to_text(tree)))
            return read_words(self.text)
        return read_words(self.text) if value is None else value

    @property
    def form(self) -> str | Node:
        """The answer as it was understood: its tree, or the text that is no mathematics."""
        tree = None if type(self.value) is Phrase else self.tree
        if tree is None:
            return self.text[:200]
        return tree.text if type(tree) is Number else tree

    @_once
    def readable(self) -> bool:
        """Whether this is mathematics or plain words, not broken LaTeX or nothing."""
        if self.tree is not None or read_plain(self.text) is not None:
            return True
        words = self.text.strip().strip("$")
        return bool(words) and not any(sign in words for sign in "\\{}") and any(c.isalnum() for c in words)


# So many characters hold no more lists with dots than may be written out.
_DOTS_ARE_FEW = 100
# Signs of mathematics: a text without them is rather prose.
_SIGNS = frozenset("\\$<>^_{}=≤≥⊕⊗∘⋆")


# Signs that are no words: those of powers, and operations for which no other sign may stand.
_OF_POWERS = frozenset("^()[]⊕⊗∘⋆#")
_OPERATIONS = frozenset("⊕⊗∘⋆#")


def _worded(text: str) -> str:
    """The words of a formula that has no value, and how its powers stand; all of it, where it has none."""
    words = normalise_words(text)
    kept = _OF_POWERS if "^" in text else _OPERATIONS
    signs = "".join(sign for sign in text if sign in kept)
    if signs:
        words += " " + signs
    return words if any(map(str.isalnum, words)) else text
