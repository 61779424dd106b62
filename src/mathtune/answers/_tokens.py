r"""Text with mathematics in it -> tokens: whole formulas, numbers, words, marks; of the lines that matter.

A formula between delimiters is one token. A dollar sign opens one only where it closes, by Pandoc's rule, so
that prices stay prices: the opening one has no space after it, the closing one none before it and no digit
behind.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FORMULAS", "MATHEMATICAL", "Token", "formula_end", "tokens_of"]

DISPLAY = "display"  # \[...\]  $$...$$  \begin{align}...\end{align}
INLINE = "inline"  # \(...\)  $...$
NUMBER = "number"
COMMAND = "command"  # \frac outside of a formula
LETTER = "letter"  # a single one: x
WORD = "word"
OPERATOR = "operator"
OPEN = "open"
CLOSE = "close"
COMMA = "comma"
COLON = "colon"
STOP = "stop"
NEWLINE = "newline"
BOLD = "bold"
OTHER = "other"

FORMULAS = frozenset({DISPLAY, INLINE})
MATHEMATICAL = frozenset({DISPLAY, INLINE, NUMBER, COMMAND, LETTER, OPERATOR, OPEN, CLOSE})

# A formula longer than this is no answer; bounds the search for its end.
MAX_FORMULA = 4_000
# The usual formula, whole, as `formula_end` would find it: two words in it might stand between two prices.
PLAIN_FORMULA = r"\$[^$\s]{1,80}(?:(?<![A-Za-z]{2})[ ][^$\s]{1,80}){0,20}(?<!\\)\$(?!\d)"

# Signs that are a token by themselves, whatever stands beside them.
_SIGNS = {
    "\n": NEWLINE,
    **dict.fromkeys(",;\u3001\uff0c\uff1b\u060c", COMMA),
    **dict.fromkeys("([{\u27e8", OPEN),
    **dict.fromkeys(")]}\u27e9", CLOSE),
    **dict.fromkeys(":\uff1a", COLON),
    **dict.fromkeys("-+/=^|%&~\u00b0\u00b1\u00b7\u00d7\u00f7\u2032\u20ac\u00a3", OPERATOR),
    **dict.fromkeys("\u00b2\u00b3\u00b9", OPERATOR),  # superscripts, which Python counts among the letters
    **dict.fromkeys("\u00bc\u00bd\u00be", NUMBER),  # fractions, likewise
    **dict.fromkeys('"#`@', OTHER),
}
# The first group begins the token, the empty one behind an alternative tells its kind: a group around it
# would hide its first character, at which `re` looks before it tries the rest.
_LEAF = re.compile(
    rf"""[ \t\r\f\v\u00a0\u3000]*()(?:
    [A-Za-z][A-Za-z]+(?:[ ][A-Za-z]{{2,}})*(?!['\u2019-]|[^\W\d_])()  # words: the usual case first
  | [A-Za-z][A-Za-z]+(?:['\u2019][A-Za-z]+|-[A-Za-z]{{2,}})*(?![^\W\d_])()  # word
  | [{re.escape("".join(_SIGNS))}]()
  | \d\d*(?![\d.,:eE{{])()  # number: the usual ones
  | {PLAIN_FORMULA}()  # inline, whole
  | (?:\\\[|\$\$|\\begin\{{[A-Za-z]+\*?\}})()  # display, likewise
  | (?:\\\(|\$)()  # inline, to be read on
  | \\[\])]()  # other: the end of a formula that began before
  | \\(?:(?:text|textrm|textbf|mathrm|mathbf|mbox)\{{[^{{}}\n.:=$]{{0,60}}[^{{}}\s.:=$]\}}  # command: words
     |[A-Za-z]+|.)()  # command: a name
  | (?:\d(?:\d{{0,2}}(?:(?:,|\{{,\}})\d{{3}})+(?!\d)|\d*)(?:[.,]\d+)*  # number
     (?:[eE][-+]?\d+(?![A-Za-z])|(?::\d+)+)?|\.\d+|[\u2150-\u215e])()
  | (?:\*\*+|__+)()  # bold
  | (?:[AaPp]\.\s?[Mm]\b\.?|[IiEe]\.\ ?[EeGg]\.)()  # word: p.m., i.e.
  | (?:[A-Za-z]['\u2019]{{1,3}}(?=\s?[(=])  # letter: f'(x)
     |[\u03b1-\u03c9](?![\u0370-\u03ff])  # of a Greek word only the last one looks so
     |[A-Za-z](?![A-Za-z'\u2019\u00c0-\u024f\u0370-\u03ff]))()
  | [\u2070-\u208e]()  # operator: superscripts and indices
  | (?:[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+  # word, of scripts that set no space before a letter
     |[^\W\d_](?:[^\W\d_\u0900-\u097f]|[\u0900-\u0963\u0970-\u097f]  # word, in any other script
     |['\u2019](?=[^\W\d_])|-(?=[^\W\d_]{{2}}))*)()
  | (?:[.?](?=[\s*_"'\u201d)\]]|$|\\|\$)(?<!\bRs\.)  # stop; Rs. 5 and 5! = 120 go on
     |!(?=["'\u201d]|\s+(?![-+*/=^<>]))
     |[\u3002\uff01\uff1f\u0964\u061f]|(?<![A-H])\uff0e(?!\d)
     |<\|\w{{2,24}}\|>|</?(?!su[bp]>)[A-Za-z]{{2,12}}(?:\ ?[-+])?>|</s>)()  # markup
  | [*_<>!'\u2190-\u22ff]()  # operator
  | .()  # other
    )""",
    re.VERBOSE,
)
# The kind of each group above; of a sign by itself, `_SIGNS` tells it.
_KINDS = (
    *("", "", WORD, WORD, "", NUMBER, INLINE, DISPLAY, INLINE, OTHER, COMMAND, NUMBER, BOLD),
    *(WORD, LETTER, OPERATOR, WORD, STOP, OPERATOR, OTHER),
)
_LAST_OF_WORDS, _SIGN = 3, 4
# The groups that only open a formula.
_OPENINGS = frozenset({7, 8})
_FUNCTIONS = (
    "pi sqrt cbrt sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln log exp infinity inf infty"
    " mod frac union alpha beta gamma delta theta lambda sigma omega phi mu abs floor ceil det lim max min"
)
# Behind a factor: "3xsin(4x)".
_WITH_FACTOR = (letter + name for letter in "xyzt" for name in ("sin", "cos", "tan", "ln", "log", "exp"))
MATH_WORDS = frozenset([*_FUNCTIONS.split(), *_WITH_FACTOR])
# Roman numbers name statements as letters name options: "II and III".
_KINDS_OF_WORDS = dict.fromkeys(MATH_WORDS, COMMAND) | dict.fromkeys(("ii", "iii", "iv"), LETTER)
_CLOSING = {"\\[": "\\]", "\\(": "\\)", "$$": "$$"}
_WORDY = re.compile(r"[A-Za-z]{2,} +[A-Za-z]{2,}")


class Token(NamedTuple):
    """A kind, a span of the text, and what stands there in small letters."""

    kind: str
    start: int
    end: int
    piece: str


def tokens_of(text: str, start: int, end: int) -> Iterator[Token]:
    """Give the tokens of `text[start:end]`, spans counted in the whole text."""
    position = start
    make = tuple.__new__  # half the cost of a named tuple's own constructor
    while position < end:
        for leaf in _LEAF.finditer(text, position, end):
            group = leaf.lastindex or -1
            first, position = leaf.start(1), leaf.end()
            piece = text[first:position].lower()
            if group <= _LAST_OF_WORDS:
                for word in piece.split(" "):
                    last = first + len(word)
                    kind = _KINDS_OF_WORDS.get(word, WORD)
                    if kind is LETTER and not _names_statement(text, leaf.start(1), first):
                        kind = WORD
                    yield make(Token, (kind, first, last, word))
                    first = last + 1
            elif group in _OPENINGS:
                kind, position = _formula(text, _KINDS[group], first, position, end)
                yield make(Token, (kind, first, position, text[first:position].lower()))
                break  # and read on behind the formula
            else:
                kind = _SIGNS[piece] if group == _SIGN else _KINDS[group]
                yield make(Token, (kind, first, position, piece))
        else:
            return


def _names_statement(text: str, begin: int, first: int) -> bool:
    """Whether a Roman number stands by itself: "ii" numbers a part, and "Henry IV" is a name."""
    before = text[begin:first].split()[-1:]
    return text[first].isupper() and not (before and before[0][0].isupper())


def _formula(text: str, kind: str, start: int, after: int, end: int) -> tuple[str, int]:
    """The kind and end of a whole formula that opens here, or of an operator or bracket that never closes."""
    close = formula_end(text, start, after, end)
    if close >= 0:
        return kind, close
    return (OPERATOR if text[start:after] == "$" else OTHER), after


def formula_end(text: str, start: int, after: int, end: int) -> int:
    """Where the formula ends whose opening delimiter is `text[start:after]`; -1 where it never does."""
    delimiter = text[start:after]
    limit = min(end, after + MAX_FORMULA)
    if delimiter == "$":
        return _closing_dollar(text, after, limit) + 1 or -1
    closing = _CLOSING.get(delimiter) or delimiter.replace("begin", "end")
    close = text.find(closing, after, limit)
    return close + len(closing) if close >= 0 else -1


def _closing_dollar(text: str, after: int, limit: int) -> int:
    r"""Where the formula after a `$` closes, or -1 where that dollar is money. `\$` inside is a character."""
    close = text.find("$", after, limit)
    while close > 0 and text[close - 1] == "\\":
        close = text.find("$", close + 1, limit)
    if close <= after:
        return -1
    inside = text[after:close]
    if "\n\n" in inside:
        return -1
    if inside[0].isspace():
        return close if inside[-1].isspace() and not _WORDY.search(inside) else -1
    if inside[0].isdecimal() and (inside[-1].isspace() or text[close + 1 : close + 2].isdecimal()):
        return -1
    prose = " " in inside and "\\" not in inside and _WORDY.search(inside)  # words about prices
    return -1 if prose else close
