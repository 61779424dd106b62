"""A statement -> the value it gives: "the area of the two discs is 5 cm^2, because ..." -> "5 cm^2".

A value is a run of mathematics with its unit. Which run, where a sentence has several, its words tell: what
follows a copula, else the last that is no mere circumstance ("after 3 days").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._clauses import has_relation, is_circumstance, is_known, names_sum, of_main_clause
from ._relations import last_of_kind
from ._run_values import PLURAL_COPULAS, Value, value_of_run
from ._runs import Run, is_plain_word, is_worked_out, runs_of
from ._words import UNSPACED

if TYPE_CHECKING:
    from ._statement import Statement

__all__ = ["MARKS", "after_fillers", "is_verdict", "value_of", "words_span"]

MAX_TEXT_WORDS = 12
# No list is longer than such a number.
MAX_COUNT_DIGITS = 4
# Words between copula and value: "is the ordered pair (1, 2)".
MAX_NOUN_WORDS = 3
# Tokens of an operation in words, before its value or behind: "square root of", "to the power of".
MAX_OPERATION = 6
_OPERANDS = frozenset({kinds.NUMBER, kinds.LETTER, kinds.COMMAND, *kinds.FORMULAS})
_BEFORE_VALUE = frozenset({kinds.BOLD, kinds.COLON, kinds.NEWLINE, kinds.COMMA, kinds.OTHER})
_AMOUNTS = frozenset({kinds.NUMBER, kinds.INLINE})
_SEVERAL = re.compile(r",|;|\b(?:and|or)\b")
MARKS = frozenset({kinds.BOLD, kinds.OTHER, kinds.NEWLINE})


def value_of(statement: Statement, *, claimed: bool) -> Value | None:
    """The value that a statement gives, or None.

    Args:
        statement: The tokens.
        claimed: They follow "the answer is": then what comes first is the value, and words can be one.
    """
    universal = _universal(statement, claimed=claimed)
    if universal is not None:
        return universal
    begin = after_fillers(statement, 0)
    if claimed and is_verdict(statement, begin):
        return Value(statement.tokens[begin].start, statement.tokens[begin].end, stated=True)
    runs = runs_of(statement, begin)
    first = _claimed_run(statement, begin, runs) if claimed and runs else None
    if first is not None:
        return first
    if runs:
        return _choice(statement, runs)
    complements = statement.words.complement.issuperset(statement.pieces[begin : begin + 2])
    span = words_span(statement, begin) if claimed and not complements else None  # "expressed as a fraction"
    return Value(*span, stated=True) if span else None


def _claimed_run(statement: Statement, begin: int, runs: list[Run]) -> Value | None:
    """What comes first, with the words that bound or change it."""
    value = _operated(statement, begin, runs[0]) or _bound(statement, runs[0], after_copula=False)
    if value is None and runs[0].first == begin and of_main_clause(statement, runs[:1]):
        return value_of_run(statement, runs[0], stated=True)
    return value


def _operated(statement: Statement, begin: int, run: Run) -> Value | None:
    """The words of an operation with what it is done to: "square root of 2", "1 divided by 8", "5 to 7"."""
    words, pieces = statement.words, statement.pieces
    if words.operating.isdisjoint(statement.seen):
        return None
    before = " ".join(pieces[begin : run.first]) if run.first - begin <= MAX_OPERATION else ""
    operates = before in words.operation or any(
        _operates(statement, index) for index in range(begin + 1, run.first + MAX_OPERATION)
    )
    if not operates or "=" in statement.seen:
        return None
    span = words_span(statement, begin)
    return Value(*span, stated=True) if span else None


def _operates(statement: Statement, index: int) -> bool:
    """Whether a word makes another value of the one before it, by itself or with the one behind it."""
    words, pieces = statement.words, statement.pieces
    if pieces[index] in words.operation:
        return statement.kinds[index + 1] != kinds.WORD
    if pieces[index] in words.versus:
        number = statement.kinds[index - 1] == statement.kinds[index + 1] == kinds.NUMBER
        return number and statement.kinds[index + 2] != kinds.WORD
    paired = f"{pieces[index - 1]} {pieces[index]}" in words.operator
    return (paired or pieces[index] in words.operator) and statement.kinds[index + 1] in _OPERANDS


def _bound(statement: Statement, run: Run, *, after_copula: bool) -> Value | None:
    """What only bounds the answer, with its words: "at least 24".

    Args:
        statement: The tokens.
        run: The bound.
        after_copula: The words follow a copula; else they open the statement.
    """
    words, pieces = statement.words, statement.pieces
    first = run.first - 1 if pieces[run.first - 1] in words.bound else run.first - 2
    if pieces[run.first - 1] >= UNSPACED:
        unspaced = after_copula and pieces[run.first - 1].endswith(tuple(words.bound))
        end = value_of_run(statement, run, stated=True).end
        return Value(statement.tokens[run.first - 1].start, end, stated=False) if unspaced else None
    phrase = " ".join(pieces[max(0, first) : run.first])
    if first < 0 or phrase not in words.bound or (after_copula and phrase in words.filler):
        return None  # "there are at least 5" answers how many at least
    leads = pieces[first - 1] in words.copula or (pieces[first - 1] in words.verb and " " in phrase)
    if not (leads if after_copula else first < 2):
        return None
    end = value_of_run(statement, run, stated=True).end
    return Value(statement.tokens[first].start, end, stated=not after_copula)


def is_verdict(statement: Statement, index: int) -> bool:
    """Whether a word says yes or no to a question, and what follows only explains it."""
    words, pieces = statement.words, statement.pieces
    if pieces[index] not in words.verdict or pieces[index + 2] in words.verdict:  # "True, False"
        return False
    return (
        statement.kinds[index + 1] in {"", kinds.COMMA, kinds.COLON}
        or statement.pieces[index + 1] in statement.words.reason
    )


def _universal(statement: Statement, *, claimed: bool) -> Value | None:
    """All that a sentence says of a set in words: "is all real numbers except 2"."""
    pieces, words = statement.pieces, statement.words
    if words.universal_openings.isdisjoint(statement.seen):
        return None
    for index in range(len(statement.tokens) - 1):
        before = index - 4 if pieces[index - 1] == "of" else index - 1  # "is the set of all"
        announced = pieces[before] in words.copula if before >= 0 else claimed
        if announced and f"{pieces[index]} {pieces[index + 1]}" in words.universal:
            span = _clause(statement, index)
            return Value(*span, stated=True)
    return None


def _clause(statement: Statement, begin: int) -> tuple[int, int]:
    """Span from a token to the end of its clause, with the conditions that belong to it."""
    after = begin + 1
    ends = statement.words.clause - statement.words.defining
    while after < len(statement.tokens) and statement.pieces[after] not in ends:
        if (
            statement.kinds[after] == kinds.COMMA
            and statement.pieces[after + 1] in statement.words.conjunction
        ):
            break
        after += 1
    return statement.tokens[begin].start, statement.tokens[after - 1].end


def after_fillers(statement: Statement, index: int) -> int:
    """Skip what may stand between a copula and its value."""
    while index < len(statement.tokens):
        kind = statement.kinds[index]
        if kind in _BEFORE_VALUE or (
            kind == kinds.OPERATOR and statement.pieces[index] in {"=", "≈", "→", "⇒"}
        ):
            index += 1
        elif statement.pieces[index] in statement.words.filler_openings and (
            filler := _filler(statement, index)
        ):
            index += filler
        else:
            break
    return index


def _filler(statement: Statement, index: int) -> int:
    """How many tokens from `index` on make one filler; 0 for none."""
    first, second, third = statement.pieces[index : index + 3]
    fillers = statement.words.filler
    if f"{first} {second} {third}" in fillers:
        return 3
    if f"{first} {second}" in fillers:
        return 2
    return 1 if first in fillers else 0


def _choice(statement: Statement, runs: list[Run]) -> Value | None:
    """The value that the sentence is about; None where it denies all."""
    amount = _amount_behind_or(statement, runs[-1])
    if amount is not None:
        return value_of_run(statement, amount, stated=True)
    runs = of_main_clause(statement, runs)
    if not runs:
        return None
    telling = [run for run in runs if not _symbol_only(statement, run)] or _counted(statement) or runs
    central = telling
    if len(telling) > 1:
        fresh = [run for run in telling if not is_known(statement, run)] or telling
        central = [run for run in fresh if not is_circumstance(statement, run)] or fresh
    stated = [run for run in central if has_relation(statement, run) or _after_copula(statement, run.first)]
    picked = _picked_out(statement, runs)
    if picked is not None:
        return value_of_run(statement, picked, stated=True)
    if len(stated) > 1 and _lists(statement, stated[-1], stated[-2]):
        return value_of_run(statement, stated[-2], stated=True)
    alone = central[-1].first == 0 and central[-1].after == len(statement.tokens)
    chosen = last_of_kind(statement, _worked_out(statement, stated) or (stated or central)[-1])
    bound = _bound(statement, chosen, after_copula=True)
    return bound or value_of_run(statement, chosen, stated=alone or bool(stated))


def _amount_behind_or(statement: Statement, last: Run) -> Run | None:
    """What a quantity named before ", or" amounts to: "the smaller $t$, or $0.5$", not "3, or 5"."""
    pieces, end = statement.pieces, statement.last() + 1
    if "or" not in statement.seen or last.after < end:
        return None
    comma = next((i for i in range(end - 2, 0, -1) if pieces[i : i + 2] == [",", "or"]), 0)
    listed = any(pieces[i] == "," and statement.kinds[i - 1] in _AMOUNTS for i in range(1, comma))
    if not comma or listed or "," in pieces[comma + 2 : end] or statement.kinds[comma + 2] not in _AMOUNTS:
        return None
    word = statement.kinds[comma - 1] == kinds.WORD and pieces[comma - 1] not in statement.words.unit
    named = word or _symbol_only(statement, Run(comma - 1, comma)) or pieces[comma - 2] == "of"
    relation = has_relation(statement, Run(comma + 2, end))
    return Run(comma + 2, end) if named and not relation else None


def _picked_out(statement: Statement, runs: list[Run]) -> Run | None:
    """The last run that is the subject of a superlative: "$23$ is the largest value of $x$ with $x < 24$"."""
    if statement.words.superlative.isdisjoint(statement.seen):
        return None
    return next((run for run in reversed(runs) if _is_picked_out(statement, run)), None)


def _is_picked_out(statement: Statement, run: Run) -> bool:
    words, pieces = statement.words, statement.pieces
    after = run.after
    if pieces[after] not in words.copula:
        return False
    superlative = pieces[after + 1] in words.determiner and pieces[after + 2] in words.superlative
    return superlative and not _symbol_only(statement, run) and not _after_copula(statement, run.first)


def _worked_out(statement: Statement, stated: list[Run]) -> Run | None:
    """The last calculation, if no copula states what follows: "needs 5 * 2 = 10 spoons to make 80 balls"."""
    for run in reversed(stated) if "=" in statement.seen else ():
        if is_worked_out(statement, run):
            return run
        if statement.pieces[_before_fillers(statement, run.first - 1)] not in statement.words.verb:
            break
    return None


def _counted(statement: Statement) -> list[Run]:
    """A number in words that the sentence states: "there are two values of $y$"."""
    words = statement.words
    return [
        Run(index, index + 1)
        for index in range(1, len(statement.tokens))
        if statement.pieces[index] in words.number and statement.pieces[index - 1] in words.copula
    ]


def _lists(statement: Statement, run: Run, counted: Run) -> bool:
    """Whether a run only lists what was counted before: "there are 2 such numbers: 3 and 5"."""
    before, pieces, words = run.first - 1, statement.pieces, statement.words
    while statement.kinds[before] == kinds.NEWLINE:
        before -= 1
    count = pieces[counted.first].rpartition("=")[2].strip("$\\() ")
    if not count.isdecimal() or len(count) > MAX_COUNT_DIGITS or is_worked_out(statement, run):
        return False
    if pieces[before] in words.copula and pieces[before - 1] in words.plural:  # ", and they are 3 and 5"
        return True
    said = statement.text[statement.tokens[run.first].start : statement.tokens[run.after - 1].end]
    if has_relation(statement, run) and not _SEVERAL.search(said):
        return False  # "2 of 10 votes: $2/10 = 20 \\%$"
    return statement.kinds[before] == kinds.COLON and not _leads(statement, before - 1)


def _symbol_only(statement: Statement, run: Run) -> bool:
    """Whether a run is the bare name of something: `n`, `$x$`, `$ABC$`."""
    if run.after - run.first != 1:
        return False
    token = statement.tokens[run.first]
    return token.kind == kinds.LETTER or (
        token.kind in kinds.FORMULAS and statement.text[token.start : token.end].strip("$\\()[] ").isalpha()
    )


def _after_copula(statement: Statement, first: int) -> bool:
    """Whether a copula leads to the run that begins at `first`: "is 5", "is the point (1, 2)", "area = 5"."""
    words, before = statement.words, statement.pieces[first - 2 : first]
    placed = before == ["to", "be"]  # "we find $(x, y)$ to be $(-7, 2)$"
    joined = " ".join(before) in words.copula  # "must be", of which the second is a filler, too
    label = statement.kinds[first] == kinds.WORD  # of an equation
    if label or joined or (placed and statement.kinds[first - 3] in kinds.FORMULAS):
        return True
    index = first - 1
    for _ in range(MAX_NOUN_WORDS):
        index = _before_fillers(statement, index)
        if statement.kinds[index] == kinds.COLON or statement.pieces[index] in {"=", "≈"}:
            return True
        word = statement.pieces[index]
        if _leads(statement, index):
            return True
        if not word.isascii():
            return word.endswith(tuple(words.copula))
        if not is_plain_word(statement, index) or word == "of":
            return False
        index -= 1
    return False


def _leads(statement: Statement, index: int) -> bool:
    """Whether a value follows the word: a copula, a verb like "gives", or the "of" in "a length of"."""
    words, word, before = statement.words, statement.pieces[index], statement.pieces[index - 1]
    if word == "of":
        return before in words.measure or names_sum(statement, index)
    if word in words.versus and any(
        piece.startswith("round") for piece in statement.pieces[max(0, index - 3) : index]
    ):
        return True  # "you need to round up to 5 packs"
    if before in words.defining and (word in words.verb or word in PLURAL_COPULAS):
        return False  # "values that make $x$ an integer", "integers that are congruent to 1"
    both = f"{before} {word}"
    return word in words.copula or word in words.verb or both in words.copula or both in words.verb


def _before_fillers(statement: Statement, index: int) -> int:
    fillers = statement.words.filler
    while index >= 0:
        single = statement.kinds[index] in MARKS or statement.pieces[index] in fillers
        if not single and " ".join(statement.pieces[index - 1 : index + 1]) not in fillers:
            break
        index -= 1 if single else 2
    return index


def words_span(statement: Statement, begin: int) -> tuple[int, int] | None:
    """A value of words: "yes", "Tuesday", "one thousand"."""
    after = begin
    while after < len(statement.tokens) and (
        statement.pieces[after] not in statement.words.clause or _is_denied(statement, begin, after)
    ):
        after += 1
    while after > begin and statement.kinds[after - 1] in {kinds.BOLD, kinds.COMMA, kinds.OTHER}:
        after -= 1
    if not 0 < after - begin <= MAX_TEXT_WORDS or all(
        statement.kinds[index] not in {kinds.WORD, kinds.LETTER} for index in range(begin, after)
    ):
        return None
    return statement.tokens[begin].start, statement.tokens[after - 1].end


def _is_denied(statement: Statement, begin: int, index: int) -> bool:
    """Whether a "not" belongs to the verb of an outcome: "the limit does not exist"."""
    words, pieces = statement.words, statement.pieces
    denies = index > begin and pieces[index] in words.negation and pieces[index - 1] in words.denial
    return denies and (index == begin + 1 or pieces[index + 1] in words.outcome)
