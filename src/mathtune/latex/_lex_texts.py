r"""Text commands: `\text{...}` and its kin hold words, units, conditions, or a number."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._lex_words import DEGREES, PERCENTS, is_second
from ._names import CALLED_ONLY, CONDITIONS, FUNCTIONS, SEPARATORS, SEPARATORS_IN_TEXT
from ._signs import SIMPLE
from ._tokens import matching_brace, reread

if TYPE_CHECKING:
    from ._tokens import Token

__all__ = ["skip_argument", "text_command"]


def text_command(  # noqa: PLR0917  (a rule that has read the command's name)
    text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool
) -> int:
    while end < len(text) and text[end].isspace():
        end += 1
    if text[end : end + 1] != "{":
        declared = _DECLARED.match(text, end) if name == "rm" else None
        if declared is None:
            return end
        tokens.extend(_read_text(declared.group().strip(), name, start, declared.end(), spaced))
        return declared.end()
    close = matching_brace(text, end)
    content = text[end + 1 : close].replace("~", " ").replace("\\ ", " ").replace("\\,", " ")
    bare = content.strip()
    if bare in SEPARATORS_IN_TEXT and content == f" {bare} ":
        tokens.append(("sep", SEPARATORS_IN_TEXT[bare], start, close + 1, spaced))
        return close + 1
    content = bare
    if content == "to" and tokens and tokens[-1][0] == "num":
        tokens.append(("op", ":", start, close + 1, spaced))
        return close + 1
    if content == "sec" and is_second(text, close + 1, tokens):
        tokens.append(("text", content, start, close + 1, spaced))
        return close + 1
    tokens.extend(_read_text(content, name, start, close + 1, spaced))
    return close + 1


# `{\\rm cm}`: the words up to the brace.
_DECLARED = re.compile(r"\s*[A-Za-z][A-Za-z ]*(?=\})")


def _read_text(content: str, name: str, start: int, end: int, spaced: bool) -> list[Token]:
    bare = content.strip(" ,;").lower()
    if bare in SEPARATORS:
        comma: list[Token] = [("sep", ",", start, start, spaced)] if content.startswith(",") else []
        return [*comma, ("sep", SEPARATORS[bare], start, end, spaced)]
    return _read_words(content, bare, name, start, end, spaced)


def _read_words(  # noqa: PLR0917  (a rule with what was read so far)
    content: str, bare: str, name: str, start: int, end: int, spaced: bool
) -> list[Token]:
    if not content or content in ",;.":
        return [("sep", content, start, end, spaced)] if content in (",", ";") else []
    first = bare.split(None, 1)[0] if bare else ""
    if first in CONDITIONS:
        return [("cond", content, start, end, spaced)]
    if first == "mod" and name != "operatorname":
        rest = reread(content[3:])
        return [("op", "mod", start, end, spaced), *((*token[:2], start, end, token[4]) for token in rest)]
    if content in FUNCTIONS and (content not in CALLED_ONLY or name.startswith("operatorname")):
        return [("fn", FUNCTIONS[content], start, end, spaced)]
    if content == "diag":
        return [("fn", content, start, end, spaced)]
    sign = _SIGNS.get(content) or _SIGNS.get(bare)
    if sign is not None:
        return [(*sign, start, end, spaced)]
    if len(content) == 1 and content.isalpha() and name in ("mathrm", "rm", "operatorname"):
        return [("let", content, start, end, spaced)]
    if (
        content.lstrip("\\")[:1] in tuple("-.0123456789$([")
        and not any(c.isalpha() for c in content)
        and any(map(str.isdecimal, content))
    ):
        return [(*token[:2], start, end, token[4]) for token in reread(content)]
    if name in ("mathrm", "rm") and "_" in content:  # H_2O
        return [(*token[:2], start, end, token[4]) for token in reread(content)]
    return [("text", content, start, end, spaced)]


_SIGNS = {
    **dict.fromkeys(DEGREES, ("op", "°")),
    **dict.fromkeys((*PERCENTS, "\\%"), ("op", "%")),
    "\\AA": ("text", "Å"),
    **{sign: SIMPLE[sign] for sign in "€£¥₹"},
    "\\$": ("unit", "dollar"),
}


def skip_argument(text: str, end: int) -> int:
    if text[end : end + 1] != "{":
        return end
    return matching_brace(text, end) + 1
