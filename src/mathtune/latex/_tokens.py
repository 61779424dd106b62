"""What a token is, and what the rules of the lexer share."""

# ruff: noqa: RUF001  (the sign of `or` looks like a letter)

from __future__ import annotations

import re
from typing import Any

from mathtune.errors import LatexSyntaxError

__all__ = ["MAX_CHARACTERS", "Token", "after_value", "matching_brace", "opens_denial", "reread"]


Token = tuple[str, Any, int, int, bool]


# The longest answers of real responses have some 2,000 characters; beyond this a text is no answer.
MAX_CHARACTERS = 10_000


def reread(text: str) -> list[Token]:
    """Give the tokens of a text within the text, without the end; the lexer stands above its rules."""
    from ._lexer import tokenize

    return tokenize(text)[:-1]


def after_value(tokens: list[Token]) -> bool:
    return bool(tokens) and tokens[-1][0] in ("num", "grp", "close", "}", "let")


def opens_denial(text: str, position: int, tokens: list[Token]) -> bool:
    r"""Whether a tilde is `not`, as in `p \land \sim q`: before a letter of propositions, behind no value."""
    behind = tokens[-1][:2] if tokens else ("open", "(")
    return behind in _BEFORE_DENIAL and _DENIED.match(text, position) is not None


_BEFORE_DENIAL = frozenset(
    [
        ("open", "("),
        ("sep", "and"),
        ("sep", "or"),
        ("op", "¬"),
        ("op", "⊕"),
        *(("rel", sign) for sign in "→⇒⇔"),
    ]
)
_DENIED = re.compile(
    r"(?:[(~¬\s]|\\(?:sim|neg|lnot)){0,8}[pqrs]\s{0,3}"
    r"(?:\Z|[)$∧∨→⇒↔⇔]|(?:and|or|v)\b|\\(?:land|lor|wedge|vee|to|oplus|iff|implies|(?:left)?[rR]ightarrow)\b)"
)


def matching_brace(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        sign = text[position]
        if sign == "{" and text[position - 1] != "\\":
            depth += 1
        elif sign == "}" and text[position - 1] != "\\":
            depth -= 1
            if depth == 0:
                return position
    raise LatexSyntaxError("expected a closing brace", text, start, start + 1)
