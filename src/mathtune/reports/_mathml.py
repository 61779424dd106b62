r"""LaTeX mathematics as MathML, for reading only: what is written is shown, nothing is understood.

Written for hostile text: a piece is looked at once, depth and length are bounded, every text is escaped, and
no name, colour or address of the source ever becomes an attribute. What it does not know it refuses, and the
page then shows the source. (latex2mathml 3.81, the only kept library, lets
`\text{<script>}` through as it is.)
"""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from ._symbols import (
    ACCENTS,
    BLACKBOARD,
    DELIMITERS,
    ENVIRONMENTS,
    FUNCTIONS,
    IGNORED,
    INTEGRALS,
    LETTERS,
    LIMITS,
    OPERATORS,
    SIZES,
    SPACES,
    STYLES,
    TEXTS,
    UNDER,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["MOST_CHARACTERS", "mathml"]

MOST_CHARACTERS = 3_000  # of one formula; longer ones are tables of numbers that read better as source
_DEEPEST = 40  # nested groups; no formula that a person wrote has a dozen

_PIECE = re.compile(
    r"\\(?:(?:align|hspace|vspace|tag|operatorname)\*|[A-Za-z]+|.)|\d+(?:\.\d+)?|\s+|.", re.DOTALL
)
_LENGTH = re.compile(r"\s*-?(?:[\d.]+\s*)?(?:(?:em|ex|pt|mm|cm|in|mu|px)\s*)?\Z")
_SIGNS = {"-": "−", "*": "∗", "`": "‘"}  # noqa: RUF001  (the signs that readers expect)
_OPERATORS = frozenset("+-=<>/*!|:;,()[].?∣≤≥≠≈≡×÷⋅·±∓→←↔⇒⇔∈∉⊂⊆∪∩∀∃∧∨¬∑∏∫√∠⊥∥∴∵−")  # noqa: RUF001  (as written)
_NOTHING = "<mrow></mrow>"
_NO_ARGUMENT = frozenset(["", "}", "&", "^", "_", "\\\\", "\\right", "\\middle", "\\end"])
_OPENING = frozenset(["(", "[", "|", "\\left"])
_LINE_ENDS = ("\\\\", "\\cr")
_CELL_ENDS = frozenset(["&", "\\end", *_LINE_ENDS])
_DIVIDING = ("\\over", "\\choose")
_WITH_COLUMNS = frozenset(["array", "tabular", "alignat", "alignat*", "alignedat"])
_PRIME = "<mo>′</mo>"  # noqa: RUF001  (a prime)


class _Refused(Exception):  # noqa: N818  (no error: the caller shows the source)
    """The source is no mathematics that is known here."""


def mathml(source: str, *, display: bool = False) -> str | None:
    r"""Give LaTeX mathematics as a MathML element with its source beside it, or None where it is not known.

    Args:
        source: What stands between the dollars.
        display: Whether it has a line of its own.

    >>> mathml(r"x < \frac{1}{2}")[:81]
    '<math><semantics><mrow><mi>x</mi><mo>&lt;</mo><mfrac><mn>1</mn><mn>2</mn></mfrac>'
    >>> mathml(r"\href{javascript:alert(1)}{x}") is None
    True
    """
    if len(source) > MOST_CHARACTERS:
        return None
    try:
        inner = _Reader(_PIECE.findall(source)).row(frozenset([""]))
    except _Refused:
        return None
    note = f'<annotation encoding="application/x-tex">{escape(source)}</annotation>'
    kind = ' display="block"' if display else ""
    return f"<math{kind}><semantics>{inner or _NOTHING}{note}</semantics></math>"


class _Reader:
    """Pieces and a position in them. Each rule takes its pieces and gives one element, or "" for none.

    Args:
        pieces: Commands with their backslash, numbers, blanks, single characters.
    """

    __slots__ = ("_depth", "_pieces", "_position")

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces
        self._position = 0
        self._depth = 0

    def row(self, ends: frozenset[str]) -> str:
        """ROW = { ITEM }, up to one of `ends`, which is left for the caller; "" is the end of all."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Refused
        items: list[str] = []
        while (piece := self._peek()) not in ends:
            if not piece:
                raise _Refused
            items.append(self._divided(items, ends) if piece in _DIVIDING else self._item(piece))
        self._depth -= 1
        return _row(items)

    def _divided(self, above: list[str], ends: frozenset[str]) -> str:
        r"""ROW "\over" ROW, TeX's own fraction of all that stands in a group; `\choose` likewise."""
        name = self._next()
        pair = f"{_row(above) or _NOTHING}{self.row(ends) or _NOTHING}"
        above.clear()
        return _choice(pair) if name == "\\choose" else f"<mfrac>{pair}</mfrac>"

    def _peek(self) -> str:
        """Give the next piece that is no blank, without taking it; "" at the end."""
        while self._position < len(self._pieces) and self._pieces[self._position].isspace():
            self._position += 1
        return self._pieces[self._position] if self._position < len(self._pieces) else ""

    def _next(self) -> str:
        piece = self._peek()
        self._position += 1
        return piece

    def _item(self, piece: str) -> str:
        """ITEM = [ ATOM ] { "'" | "_" ARGUMENT | "^" ARGUMENT }, each script once."""
        base = "" if piece in "^_'" else self._atom(self._next())
        under: list[str] = []
        over: list[str] = []
        while (mark := self._peek()) in ("^", "_", "'", "\\limits", "\\nolimits"):
            self._position += 1
            if mark == "'":
                over.append(_PRIME)
            elif mark in "^_":
                _add_script(over if mark == "^" else under, self._argument())
        return _with_scripts(base, _row(under), _row(over), limits=piece[1:] in _STACKING)

    def _argument(self) -> str:
        """ARGUMENT = "{" ROW "}" | ATOM; of a number only the first digit, as LaTeX has it."""
        piece = self._next()
        if piece in _NO_ARGUMENT:
            raise _Refused
        if piece[0].isdigit() and len(piece) > 1:
            self._position -= 1
            self._pieces[self._position] = piece[1:]
            piece = piece[0]
        return self._atom(piece) or _NOTHING

    def _atom(self, piece: str) -> str:
        self._depth += 1
        if piece in "}&" or self._depth > _DEEPEST:
            raise _Refused
        if piece == "{":
            element = self._group()
        else:
            element = self._command(piece[1:]) if piece[0] == "\\" else _character(piece)
        self._depth -= 1
        return element

    def _group(self) -> str:
        inner = self.row(frozenset(["}"]))
        self._position += 1
        return inner or _NOTHING

    def _command(self, name: str) -> str:
        rule = self._RULES.get(name)
        if rule is not None:
            return rule(self)
        if name in FUNCTIONS:
            after = "0" if self._peek() in _OPENING else "0.17em"
            return f'<mo lspace="0.17em" rspace="{after}">{name}</mo>'
        return _SYMBOLS[name] if name in _SYMBOLS else self._dressed(name)

    def _dressed(self, name: str) -> str:
        """A command that puts its argument into another style or under a mark."""
        if name in TEXTS:
            return f"<mtext>{escape(self._text())}</mtext>"
        if name in STYLES:
            kind = f' class="{STYLES[name]}"' if STYLES[name] else ""
            return f"<mrow{kind}>{self._argument()}</mrow>"
        if name in ACCENTS:
            return f'<mover accent="true">{self._argument()}<mo>{ACCENTS[name]}</mo></mover>'
        if name in UNDER:
            return f"<munder>{self._argument()}<mo>{UNDER[name]}</mo></munder>"
        if name in SIZES:
            return _fence(self._delimiter())
        raise _Refused

    def _text(self) -> str:
        r"""The text of `\text{...}`, blanks and all; its dollars and braces are dropped."""
        first = self._next()
        if first != "{":
            return _plain(first)
        depth, parts = 1, [""]
        while depth:
            if self._position >= len(self._pieces):
                raise _Refused
            piece = self._pieces[self._position]
            self._position += 1
            depth += (piece == "{") - (piece == "}")
            parts.append(_plain(piece))
        return "".join(parts)

    def _delimiter(self) -> str:
        piece = self._next()
        known = DELIMITERS.get(piece, DELIMITERS.get(piece.removeprefix("\\")))
        if known is None:
            raise _Refused
        return known

    def _fenced(self) -> str:
        r"""FENCED = "\left" DELIMITER ROW { "\middle" DELIMITER ROW } "\right" DELIMITER."""
        parts = [_fence(self._delimiter())]
        while True:
            parts.append(self.row(frozenset(["\\right", "\\middle"])))
            last = self._next() == "\\right"
            parts.append(_fence(self._delimiter()))
            if last:
                return f"<mrow>{''.join(parts)}</mrow>"

    def _fraction(self) -> str:
        return f"<mfrac>{self._argument()}{self._argument()}</mfrac>"

    def _binomial(self) -> str:
        return _choice(f"{self._argument()}{self._argument()}")

    def _root(self) -> str:
        if self._peek() != "[":
            return f"<msqrt>{self._argument()}</msqrt>"
        self._position += 1
        index = self.row(frozenset(["]"])) or _NOTHING
        self._position += 1
        return f"<mroot>{self._argument()}{index}</mroot>"

    def _blackboard(self) -> str:
        letter = self._text().strip()
        return f"<mi>{escape(BLACKBOARD.get(letter, letter))}</mi>"

    def _over(self) -> str:
        mark, base = self._argument(), self._argument()
        return f"<mover>{base}{mark}</mover>"

    def _under(self) -> str:
        mark, base = self._argument(), self._argument()
        return f"<munder>{base}{mark}</munder>"

    def _arrow(self) -> str:
        return f"<mover><mo>→</mo>{self._argument()}</mover>"

    def _modulo(self) -> str:
        return (
            '<mrow><mspace width="0.8em"/><mo>(</mo><mtext>mod</mtext><mspace width="0.33em"/>'
            f"{self._argument()}<mo>)</mo></mrow>"
        )

    def _negated(self) -> str:
        return self._argument().replace("</mo>", "\N{COMBINING LONG SOLIDUS OVERLAY}</mo>", 1)

    def _gap(self) -> str:
        r"""`\hspace{1em}` and its like: the length must be one, and is not kept."""
        if not _LENGTH.match(self._text()):
            raise _Refused
        return '<mspace width="0.5em"/>'

    def _tag(self) -> str:
        return f'<mrow><mspace width="2em"/><mtext>({escape(self._text())})</mtext></mrow>'

    def _environment(self) -> str:
        r"""ENVIRONMENT = "\begin{name}" [ columns ] ROW { ("&" | "\\") ROW } "\end{name}"."""
        name = self._text()
        if name not in ENVIRONMENTS:
            raise _Refused
        if name in _WITH_COLUMNS:
            self._text()
        table = "".join(self._table_rows())
        if self._text() != name:
            raise _Refused
        left, right = ENVIRONMENTS[name]
        kind = "cases" if "cases" in name else "matrix" if left or right or "matrix" in name else "aligned"
        kind = "matrix" if name in ("array", "tabular") else kind
        return f'<mrow>{_fence(left)}<mtable class="{kind}">{table}</mtable>{_fence(right)}</mrow>'

    def _table_rows(self) -> Iterator[str]:
        cells: list[str] = []
        mark = "&"
        while mark != "\\end":
            cells.append(f"<mtd>{self.row(_CELL_ENDS)}</mtd>")
            mark = self._next()
            if mark != "&":
                yield f"<mtr>{''.join(cells)}</mtr>"
                cells = []
                self._skip_row_gap(mark)

    def _skip_row_gap(self, mark: str) -> None:
        r"""After `\\`, a length in brackets is not kept."""
        if mark in _LINE_ENDS and self._peek() == "[":
            length = self._pieces[self._position + 1 : self._position + 6]
            end = length.index("]") if "]" in length else 0
            if end and _LENGTH.match("".join(length[:end])):
                self._position += end + 2

    _RULES: ClassVar[dict[str, Callable[[_Reader], str]]] = {
        **dict.fromkeys(["frac", "dfrac", "tfrac", "cfrac", "nicefrac"], _fraction),
        **dict.fromkeys(["binom", "dbinom", "tbinom"], _binomial),
        **dict.fromkeys(["mathbb", "Bbb"], _blackboard),
        **dict.fromkeys(["overset", "stackrel"], _over),
        **dict.fromkeys(["pmod", "pod"], _modulo),
        **dict.fromkeys(["hspace", "hspace*", "vspace", "vspace*"], _gap),
        **dict.fromkeys(["tag", "tag*"], _tag),
        "sqrt": _root,
        "left": _fenced,
        "begin": _environment,
        "underset": _under,
        "not": _negated,
        "xrightarrow": _arrow,
    }


# Commands that stand alone, with the element that shows them; the first table that knows a name decides.
_SYMBOLS: dict[str, str] = {
    **dict.fromkeys(IGNORED, ""),
    **{name: f'<mspace width="{width}"/>' for name, width in SPACES.items()},
    **{
        name: f'<mo stretchy="false">{escape(sign)}</mo>'
        for name, sign in DELIMITERS.items()
        if name.isalpha()
    },
    **{name: f"<mo>{sign}</mo>" for name, sign in INTEGRALS.items()},
    **{name: f'<mo movablelimits="true">{sign}</mo>' for name, sign in LIMITS.items()},
    **{name: f"<mo>{escape(sign)}</mo>" if sign else "" for name, sign in OPERATORS.items()},
    **{name: f"<mi>{sign}</mi>" for name, sign in LETTERS.items()},
}
# A sign after a relation, an opening bracket or a comma belongs to what follows and stands close to it.
_SIGNED = {f"<mo>{sign}</mo>": f'<mo form="prefix">{sign}</mo>' for sign in "\N{MINUS SIGN}+±∓"}
_CLOSED = tuple(f"{sign}</mo>" for sign in ")]}|!%\N{PRIME}")
_STACKING = frozenset([*LIMITS, "overbrace", "underbrace"])


def _character(piece: str) -> str:
    if piece[0].isdigit():
        return f"<mn>{piece}</mn>"
    if piece in _OPERATORS:
        fixed = ' stretchy="false"' if piece in "()[]|" else ""
        return f"<mo{fixed}>{escape(_SIGNS.get(piece, piece))}</mo>"
    return '<mspace width="0.33em"/>' if piece == "~" else f"<mi>{escape(_SIGNS.get(piece, piece))}</mi>"


def _plain(piece: str) -> str:
    """A piece within a text."""
    if piece in ("", "{", "}", "$"):
        return ""
    if piece[0] == "\\" and len(piece) == 2 and not piece[1].isalpha():
        return piece[1]
    return "\N{NO-BREAK SPACE}" if piece.isspace() or piece == "~" else piece


def _choice(pair: str) -> str:
    return f'<mrow><mo>(</mo><mfrac linethickness="0">{pair}</mfrac><mo>)</mo></mrow>'


def _fence(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>" if sign else ""


def _row(items: list[str]) -> str:
    shown = [item for item in items if item]
    for place, (before, item) in enumerate(pairwise(shown), 1):
        if item in _SIGNED and before.startswith(("<mo>", "<mo ")) and not before.endswith(_CLOSED):
            shown[place] = _SIGNED[item]
    return shown[0] if len(shown) == 1 else f"<mrow>{''.join(shown)}</mrow>" if shown else ""


def _add_script(scripts: list[str], new: str) -> None:
    if any(script != _PRIME for script in scripts):
        raise _Refused
    scripts.append(new)


def _with_scripts(base: str, under: str, over: str, *, limits: bool) -> str:
    if not under and not over:
        return base
    kinds = ("munder", "mover", "munderover") if limits else ("msub", "msup", "msubsup")
    kind = kinds[2 if under and over else 1 if over else 0]
    return f"<{kind}>{base or _NOTHING}{under}{over}</{kind}>"
