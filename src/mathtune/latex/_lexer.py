r"""Text -> tokens, in one pass from left to right, each token with the span it came from.

A token is a tuple `(kind, value, start, end, spaced)`; `spaced` says that a blank stands before it. One sign
chooses the rule. What only changes the look (`\left`, `\,`, `$`) is dropped; the text is never rewritten.
"""

# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.errors import LatexSyntaxError

from ._lex_commands import command
from ._lex_html import ampersand, less
from ._lex_numbers import number
from ._lex_unicode import foreign
from ._lex_words import letters
from ._signs import (
    ALONE,
    between_statements,
    brace,
    dollar,
    factorial,
    greater,
    hashes,
    percent,
    quotation,
    quote,
    simple,
    skip,
    square,
)
from ._tokens import MAX_CHARACTERS, opens_denial

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._tokens import Token

__all__ = ["tokenize"]


def tokenize(text: str) -> list[Token]:
    """Give the tokens of `text`, the last of kind "end".

    Raises:
        LatexSyntaxError: The text is too long, or has an unclosed text command.
    """
    if len(text) > MAX_CHARACTERS:
        raise LatexSyntaxError(
            f"expected at most {MAX_CHARACTERS} characters", text, MAX_CHARACTERS, len(text)
        )
    tokens: list[Token] = []
    position, spaced, size = 0, False, len(text)
    try:
        while position < size:
            sign = text[position]
            alone = ALONE.get(sign)
            if alone is not None:
                kind, value, others, before_others = alone
                if others is None or (text[position + 1 : position + 2] in others) is before_others:
                    tokens.append((kind, value, position, position + 1, spaced))
                    position, spaced = position + 1, False
                    continue
            elif sign == " ":
                position, spaced = position + 1, True
                continue
            before = len(tokens)
            rule = _RULES.get(sign) or (simple if sign < "\x80" else foreign)
            position = rule(text, position, tokens, spaced)
            spaced = len(tokens) == before
    except LatexSyntaxError as error:
        if error.text == text:
            raise
        # a text within the text, as in quotes: the mark belongs where that begins
        raise LatexSyntaxError(error.message, text, position, position + 1) from error
    tokens.append(("end", "", size, size, spaced))
    return tokens


_EATEN = {"\x0c": "f", "\x08": "b"}  # JSON or Python read `\frac` and `\boxed` as an escape


_EATEN_TAB = re.compile(r"\t(?=ext|imes|an\b|heta|frac|o\b)")


_BLANK = re.compile(r"[\s~]+")


def _blank(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    if text[position] == "\t" and (found := _EATEN_TAB.match(text, position)):
        return command(text, position, tokens, True, "t")
    if text[position] == "~" and opens_denial(text, position + 1, tokens):
        tokens.append(("op", "¬", position, position + 1, spaced))
        return position + 1
    found = _BLANK.match(text, position)
    return found.end() if found else position + 1


def _eaten(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    if text[position + 1 : position + 2].isalpha():
        return command(text, position, tokens, spaced, _EATEN[text[position]])
    return position + 1


_RULES: dict[str, Callable[[str, int, list[Token], bool], int]] = {
    **dict.fromkeys("0123456789.", number),
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", letters),
    **dict.fromkeys(" \t\n\r\v~", _blank),
    **dict.fromkeys("\x0c\x08", _eaten),
    "\\": command,
    "%": percent,
    "{": brace,
    "|": between_statements,
    **dict.fromkeys("[]", square),
    "#": hashes,
    "'": quote,
    "<": less,
    "&": ampersand,
    **dict.fromkeys('"“„', quotation),
    ">": greater,
    "!": factorial,
    "$": dollar,
    **dict.fromkeys("\x00`", skip),
}
