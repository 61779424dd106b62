"""A statement -> its runs of mathematics, with the units behind: "2 hours and 30 minutes", "x = 3, y = 4"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import _tokens as kinds

if TYPE_CHECKING:
    from ._statement import Statement

__all__ = [
    "CONSTANTS",
    "LATER",
    "MAX_UNIT_WORDS",
    "Run",
    "is_calculation",
    "is_plain_word",
    "is_times",
    "is_worked_out",
    "runs_of",
]

MAX_UNIT_WORDS = 3
# Infinity, the empty set, and the sets of numbers.
CONSTANTS = frozenset("\u221e\u2205\u211d\u2124\u2115\u211a\u2102")
_SIGNS = CONSTANTS | frozenset("-+|~$<>\u00b1\u2213\u221a\u221b\u2212\u2220\u2264\u2265\u20ac\u00a3")
# Signs that may stand apart from what they apply to.
_PREFIXES = frozenset("\u221a\u222b\u2211\u220f")
_WITHIN = kinds.MATHEMATICAL | {kinds.BOLD}
_ALWAYS_WITHIN = _WITHIN - {kinds.OPEN, kinds.CLOSE, kinds.INLINE, kinds.LETTER}
_OPENING = frozenset({kinds.NUMBER, kinds.COMMAND, *kinds.FORMULAS})
_SUBSTANTIAL = _OPENING | {kinds.LETTER}
_RELATIONS = frozenset("=<>\u2264\u2265")
# Signs with which a calculation goes on behind a noun; an x may be one.
_CALCULATING = frozenset("=*/+-\u00d7\u00f7\u2248<>\u2264\u2265x")
_SEPARATORS = frozenset({kinds.COMMA, kinds.BOLD})
_FACTORS = frozenset({kinds.NUMBER, kinds.OPEN})
# Behind a span of time, which they count from another time.
LATER = frozenset(["after", "before", "later", "earlier", "ago"])
_BEHIND_IN = frozenset({kinds.WORD, kinds.LETTER, kinds.NUMBER, kinds.INLINE})
# Signs between two parts of a calculation, and words that may stand before the second: "5 cats at home + 3".
_JOINING = frozenset("+-*/\u00d7\u00f7\u2013\u2212")
MAX_JOINED_WORDS = 8
_WORDS_BETWEEN = frozenset({kinds.WORD, kinds.OPEN, kinds.CLOSE})


class Run(NamedTuple):
    """A run of mathematics: first token, one after the last."""

    first: int
    after: int


def runs_of(statement: Statement, begin: int) -> list[Run]:
    runs: list[Run] = []
    index, end = begin, len(statement.tokens)
    labels = not _RELATIONS.isdisjoint(statement.seen)
    while index < end:
        if not labels and statement.kinds[index] == kinds.WORD:  # the usual case
            index += 1
        elif _starts(statement, index):
            after = _run_end(statement, index, joined=index == begin)
            if _substantial(statement, index, after):
                runs.append(Run(index, after))
            index = max(after, index + 1)
        else:
            index += 1
    return _calculations(statement, runs) if "=" in statement.seen and len(runs) > 1 else runs


def _calculations(statement: Statement, runs: list[Run]) -> list[Run]:
    """The runs, as one those that a calculation joins over words: "2 dogs at home + 3 cats = 5 pets"."""
    joined: list[Run] = []
    index = 0
    while index < len(runs):
        whole, after = runs[index], index + 1
        while after < len(runs) and _goes_on(statement, whole, runs[after]):
            whole = Run(whole.first, runs[after].after)
            after += 1
        if after > index + 1:
            whole = whole._replace(first=_behind_comma(statement, whole))
        if after > index + 1 and not is_worked_out(statement, whole):
            whole, after = runs[index], index + 1
        joined.append(whole)
        index = after
    return joined


def _behind_comma(statement: Statement, run: Run) -> int:
    """Where a calculation begins: "he ate 42, and 60 slices - 42 slices = 18"."""
    for index in range(run.after - 1, run.first, -1):
        if statement.kinds[index] == kinds.COMMA:
            return index + 1 + (statement.pieces[index + 1] in statement.words.conjunction)
    return run.first


def _goes_on(statement: Statement, run: Run, following: Run) -> bool:
    """Whether a sign of calculation leads to the next run, or the noun of the last number, with its "="."""
    pieces, place = statement.pieces, following.first
    signed = pieces[place - 1] in _JOINING or pieces[place] in _JOINING
    noun = statement.kinds[place] == kinds.WORD and not _JOINING.isdisjoint(pieces[run.first : run.after])
    return (
        (signed or noun)
        and place - run.after <= MAX_JOINED_WORDS
        and _WORDS_BETWEEN.issuperset(statement.kinds[run.after : place - 1])
        and statement.words.copula.isdisjoint(pieces[run.after : place])
    )


def _starts(statement: Statement, index: int) -> bool:
    """Whether a run of mathematics may begin here."""
    kind = statement.kinds[index]
    if kind == kinds.WORD:
        return statement.pieces[index + 1] in _RELATIONS
    if kind in _OPENING:
        return kind != kinds.INLINE or not _belongs_to_word(statement, index)
    if kind == kinds.LETTER:
        return not _article(statement, index)
    if kind == kinds.OPERATOR:
        sign = statement.pieces[index]
        adjacent = (
            statement.tokens[index].end == statement.tokens[index + 1].start
            if index + 1 < len(statement.tokens)
            else sign in CONSTANTS
        )
        return sign in _PREFIXES or (sign in _SIGNS and (adjacent or sign in CONSTANTS))
    return kind == kinds.OPEN and _mathematical_inside(statement, index)


def _belongs_to_word(statement: Statement, index: int) -> bool:
    """Whether a letter or formula is a part of a word: "the $x$-axis"."""
    if statement.pieces[index + 1] != "-" or statement.kinds[index + 2] != kinds.WORD:
        return False
    hyphen, word = statement.tokens[index + 1 : index + 3]
    return statement.tokens[index].end == hyphen.start and hyphen.end == word.start


def _mathematical_inside(statement: Statement, index: int) -> bool:
    inside = index + 1
    while statement.kinds[inside] == kinds.OPEN:
        inside += 1
    if statement.pieces[inside] in {"i", "e"} and statement.pieces[inside + 1] == ".":  # "(i.e., 3 + 4)"
        return False
    return statement.kinds[inside] != kinds.WORD and statement.kinds[inside] != ""


def _article(statement: Statement, index: int) -> bool:
    """Whether a single letter is a word: "a box", "I think"; not in "a and b" or "I, II and III"."""
    if statement.pieces[index] not in {"a", "i", "e", "o", "y", "u", "à", "è", "é"}:
        return False
    joined = statement.pieces[index + 1] in statement.words.conjunction or statement.pieces[index + 1] == ","
    if joined and statement.kinds[index + 2] == kinds.LETTER:
        return False
    if statement.kinds[index + 1] == kinds.OPERATOR:
        return False
    return kinds.WORD in (statement.kinds[index + 1], statement.kinds[index - 1])


def _run_end(statement: Statement, index: int, *, joined: bool) -> int:
    """One after the last token of the run that begins at `index`."""
    depth = 0
    while index < len(statement.tokens):
        kind = statement.kinds[index]
        if kind in _ALWAYS_WITHIN:
            pass
        elif kind == kinds.OPEN:
            if depth == 0 and not _mathematical_inside(statement, index):
                return index
            depth += 1
        elif kind == kinds.CLOSE:
            if depth == 0:
                return index
            depth -= 1
        elif depth == 0 and kind not in _WITHIN:
            unit = _with_unit(statement, index)
            onward = _continued(statement, index, joined=joined or unit > index)
            if onward is None:
                return unit
            index = onward
            continue
        elif (kind == kinds.INLINE and _names_what_is_counted(statement, index)) or (
            depth == 0 and kind == kinds.LETTER and _article(statement, index)
        ):
            return index
        index += 1
    return index


def _names_what_is_counted(statement: Statement, index: int) -> bool:
    """Whether the formula is a bare symbol behind another one, as in "has $2$ $y$-intercepts"."""
    return (
        statement.kinds[index - 1] == kinds.INLINE
        and statement.pieces[index].strip("$\\() ").isalpha()
        and not statement.pieces[index - 1].rstrip("$\\) ").endswith((",", "="))
    )


def _continued(statement: Statement, index: int, *, joined: bool) -> int | None:
    """Where mathematics goes on after a comma, a conjunction, a unit or a label; None where it does not."""
    if statement.kinds[index] == kinds.COMMA:  # no word, which the rest is about
        return _behind_separators(statement, index)
    if statement.pieces[index] == "times" and statement.kinds[index + 1] in _FACTORS:
        return index + 1
    calculates = not _CALCULATING.isdisjoint(statement.seen)
    if statement.pieces[index] in statement.words.versus and _is_ratio(statement, index):
        return index + 1
    onward = _after_words(statement, index) if joined or calculates else index
    if onward > index and _calculates(statement, onward):  # "3 boxes * 4 balls per box = 12 balls"
        return onward
    return _behind_separators(statement, onward if joined else index)


def _behind_separators(statement: Statement, separators: int) -> int | None:
    """Where mathematics goes on behind commas, conjunctions or hedges; None where it does not."""
    onward = separators
    while (
        statement.kinds[onward] in _SEPARATORS
        or statement.pieces[onward] in statement.words.conjunction
        or statement.pieces[onward] in statement.words.hedge
    ):
        onward += 1
    if separators < onward <= separators + MAX_UNIT_WORDS and _starts(statement, onward):
        aside = _belongs_to_word(statement, onward) or _says_when(statement, onward)
        return None if aside else onward
    return None


def _says_when(statement: Statement, index: int) -> bool:
    """Whether a time follows from which another counts: ", 4 years after it began"."""
    return statement.pieces[index + 1] in statement.words.unit and statement.pieces[index + 2] in LATER


def _is_ratio(statement: Statement, index: int) -> bool:
    """Whether a "to" joins a ratio or a range: "the ratio is 3 to 4", "ranges from 3 to 4"."""
    words = statement.words
    return statement.kinds[index - 1] == statement.kinds[index + 1] == kinds.NUMBER and (
        statement.pieces[index - 2] in words.origin or not words.ratio.isdisjoint(statement.seen)
    )


def _after_words(statement: Statement, index: int) -> int:
    onward = index
    while onward - index < MAX_UNIT_WORDS and (
        is_plain_word(statement, onward) or statement.pieces[onward] == "per"
    ):
        onward += 1
    return onward


def _calculates(statement: Statement, index: int) -> bool:
    """Whether a calculation goes on here, after the noun of a number."""
    return statement.pieces[index] in _CALCULATING and (
        statement.pieces[index] != "x" or is_times(statement, index)
    )


def is_times(statement: Statement, index: int) -> bool:
    """Whether the letter x is a times sign: "4 eggs x 3", "5 hours x $10"."""
    return (
        statement.pieces[index] == "x"
        and (
            statement.kinds[index + 1] in _FACTORS
            or (statement.pieces[index + 1] == "$" and statement.kinds[index + 2] == kinds.NUMBER)
        )
        and statement.kinds[index - 1] in {kinds.NUMBER, kinds.WORD, kinds.CLOSE}
    )


def is_plain_word(statement: Statement, index: int) -> bool:
    word = statement.pieces[index]
    words = statement.words
    return (
        statement.kinds[index] == kinds.WORD
        and word.isascii()  # a value says the same without its Chinese or Hindi counter
        and word not in words.conjunction
        and word not in words.clause
        and word not in words.copula
        and word not in words.circumstance
    )


def _with_unit(statement: Statement, index: int) -> int:
    """Take a unit along: "5 square cm", "5 cm^2", "5 km/h", not "5 ways to sit"."""
    units = statement.words.unit
    after = index
    while after - index < MAX_UNIT_WORDS and statement.pieces[after] in units:
        if statement.pieces[after] == "in" and statement.kinds[after + 1] in _BEHIND_IN:
            break  # "5 dollars in total"; else an inch
        after += 1
    if after > index and statement.pieces[after] == "^" and statement.kinds[after + 1] == kinds.NUMBER:
        after += 2
    if after > index and statement.pieces[after] in {"/", "per"} and statement.pieces[after + 1] in units:
        after += 2
    while after > index and statement.pieces[after] in {"²", "³"}:
        after += 1
    if after > index and statement.kinds[after] == kinds.NUMBER and statement.pieces[after + 1] in units:
        return _with_unit(statement, after + 1)  # "5 feet 8 inches"
    return after


def _substantial(statement: Statement, first: int, after: int) -> bool:
    return not _SUBSTANTIAL.isdisjoint(statement.kinds[first:after]) or not CONSTANTS.isdisjoint(
        statement.pieces[first:after]
    )


def is_worked_out(statement: Statement, run: Run) -> bool:
    """Whether a run is a calculation with its result: "5 * 2 = 10", not "x = 10"."""
    if "=" not in statement.seen:
        return False
    pieces = statement.pieces[run.first : run.after]
    if "=" not in pieces:
        return False
    equals = run.first + pieces.index("=")
    operates = any(
        statement.kinds[index] == kinds.OPERATOR
        or statement.pieces[index] in _JOINING
        or is_times(statement, index)
        for index in range(run.first + 1, equals)
    )
    return operates and is_calculation(statement, run.first, equals)


def is_calculation(statement: Statement, first: int, after: int) -> bool:
    """Whether tokens are numbers and words, rather than unknowns."""
    plain = False
    for index in range(first, after):
        kind = statement.kinds[index]
        if kind == kinds.NUMBER or kind == kinds.WORD or is_times(statement, index):  # noqa: PLR1714  (a set of attributes is built anew each time)
            plain = True
        elif (
            (kind == kinds.COMMAND and statement.pieces[index] not in statement.words.unit)  # "5 m/sec"
            or kind in kinds.FORMULAS
            or (kind == kinds.LETTER and not _unit_letter(statement, index))
        ):
            return False
    return plain


def _unit_letter(statement: Statement, index: int) -> bool:
    """Whether a letter after a number and a space is a unit, as in "5 g"; or the times sign in "5 x 3"."""
    if statement.pieces[index - 1] == "/":  # "15 ml/g", "$6/m"
        measured = statement.kinds[index - 2] == kinds.WORD or statement.pieces[index - 3] == "$"
        return measured and statement.pieces[index] in statement.words.unit
    if statement.kinds[index - 1] != kinds.NUMBER:
        return False
    apart = statement.tokens[index - 1].end < statement.tokens[index].start
    return apart and (
        statement.pieces[index] != "x" or statement.kinds[index + 1] in {kinds.NUMBER, kinds.OPEN}
    )
