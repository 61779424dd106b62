"""A sentence or line as its tokens, ready to be asked which words stand where."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from ._tokens import BOLD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._tokens import Token
    from ._words import Words

__all__ = ["Statement"]

_KIND, _PIECE = operator.attrgetter("kind"), operator.attrgetter("piece")
# What stands before the first token and behind the last: so many steps beyond either end may be asked for.
_NOTHING = [""] * 8


class Statement:
    """Tokens of one sentence or line of `text`, without what ends it.

    `kinds` and `pieces` have a token's kind and its text in small letters; both are empty strings outside.
    `seen` is the set of all pieces: a group of words that is disjoint with it need not be looked for.
    """

    __slots__ = ("kinds", "pieces", "seen", "text", "tokens", "words")

    def __init__(self, text: str, tokens: Sequence[Token], words: Words) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words
        self.kinds: list[str] = [*map(_KIND, tokens), *_NOTHING]
        self.pieces: list[str] = [*map(_PIECE, tokens), *_NOTHING]
        self.seen = frozenset(self.pieces)

    def last(self) -> int:
        """The place of the last token that is no mark of bold; 0 where there is none."""
        place = len(self.tokens) - 1
        while place > 0 and self.kinds[place] == BOLD:
            place -= 1
        return place

    def opening(self, first: int = 0) -> str:
        """The first four words, or those from another token on."""
        return " ".join(self.pieces[first : first + 4])
