"""The runs of a sentence -> those of its main clause, without conditions, reasons, asides, circumstances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _tokens as kinds
from ._purposes import MAX_COUNTED, purpose_behind
from ._runs import LATER, is_worked_out

if TYPE_CHECKING:
    from ._runs import Run
    from ._statement import Statement

__all__ = [
    "clause_after_condition",
    "has_relation",
    "is_circumstance",
    "is_known",
    "last_clause",
    "names_sum",
    "of_main_clause",
    "opens_reason",
]


# Tokens behind ", which" of which one shows that the clause only compares.
MAX_COMPARISON = 7


# What a value does that solves something.
# Behind a comma, what leads to a result: "leaving 5".
_RESULTING = frozenset(
    ["leaving", "giving", "making", "yielding", "leading", "resulting", "totaling", "totalling", "bringing",
     "meaning", "equaling", "creating", "getting", "producing", "finding"]
)  # fmt: skip
# What is done with a result once it stands.
_CHECKED = frozenset(["verified", "checked", "confirmed", "seen", "shown"])
# Between a result and what it comes from.
_ARROWS = frozenset("\u2192\u21d2")
_PERCENTS = frozenset({kinds.NUMBER, kinds.INLINE, kinds.OPERATOR})
_HOLDING = frozenset(["satisfy", "work", "hold", "fit", "count", "qualify"])


def of_main_clause(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those that the sentence is about; each part of it that is left out leaves something."""
    for part in _PARTS:
        runs = part(statement, runs) or runs
        if len(runs) == 1:  # nothing more to leave out
            break
    return _affirmed(statement, runs)


def _affirmed(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those that the sentence does not deny: 15 in "it is not 14 but 15"; none of "it is not 17"."""
    if statement.words.negation.isdisjoint(statement.seen) or not runs:
        return runs
    return [run for run in runs if not _is_denied(statement, run)]


def _is_denied(statement: Statement, run: Run) -> bool:
    """Whether a run is said not to be: "is not 17", "cannot be equal to 17", "I don't think it is 17"."""
    words, pieces = statement.words, statement.pieces
    if pieces[run.after] in words.copula and pieces[run.after + 1] in words.negation:
        return True  # "17 is not needed"
    if not _HOLDING.isdisjoint(statement.seen) and _does_not_hold(statement, run.after):
        return True
    place = run.first - 1
    while place > 0 and (
        pieces[place] in words.copula
        or pieces[place] in words.verb
        or f"{pieces[place - 1]} {pieces[place]}" in words.copula
    ):
        place -= 1
    if pieces[place] in words.negation or (
        _refuses(statement, run.first - 1) and not is_worked_out(statement, run)
    ):
        return True
    held = next((index for index in range(place, 0, -1) if pieces[index] in words.opinion), 0)
    return held > 0 and not words.negation.isdisjoint(pieces[max(0, held - 2) : held + 1])


def _does_not_hold(statement: Statement, after: int) -> bool:
    """Whether a value is said not to solve what it was to solve: "$x = -1$, does not satisfy it"."""
    after += statement.kinds[after] == kinds.COMMA
    denied = not statement.words.negation.isdisjoint(statement.pieces[after : after + 2])
    return denied and not _HOLDING.isdisjoint(statement.pieces[after + 1 : after + 3])


def _refuses(statement: Statement, verb: int) -> bool:
    """Whether a verb right before a value is denied: "we don't include -11", not "does not exceed 5"."""
    words, pieces = statement.words, statement.pieces
    bounding = pieces[verb] in words.bound or pieces[verb] in words.exclusive or pieces[verb] == "exceed"
    return pieces[verb - 1] in words.negation and statement.kinds[verb] == kinds.WORD and not bounding


def _after_condition(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those after the comma in "If she gives 3 away, she has 14 left"."""
    clause = clause_after_condition(statement)
    if clause:
        behind = [run._replace(first=max(run.first, clause)) for run in runs if run.after > clause]
    else:
        behind = runs
    rest = [_behind_comma(statement, run) for run in behind]
    if rest != behind and any(_is_stated(statement, run) for run in behind[:-1]):
        return behind
    return rest


def _behind_comma(statement: Statement, run: Run) -> Run:
    """Of "by 3, $x = 5$" or "when $y = 3$, $x = 600$" the second part."""
    words, word = statement.words, statement.pieces[run.first - 1]
    if word not in words.condition and word not in words.circumstance:
        return run
    depth = 0
    for index in range(run.first, run.after - 1):
        depth += (statement.kinds[index] == kinds.OPEN) - (statement.kinds[index] == kinds.CLOSE)
        rest = run._replace(first=index + 1)
        if depth == 0 and _ends_clause(statement, index):
            several = kinds.COMMA in statement.kinds[rest.first : rest.after]
            return rest if has_relation(statement, rest) and not several else run
    return run


def clause_after_condition(statement: Statement) -> int:
    """Where the main clause begins behind an opening "if", "since" or "when"; 0 where there is none."""
    condition = statement.words.condition
    if statement.pieces[0] not in condition and statement.pieces[1] not in condition:
        return 0
    depth = 0
    for index, kind in enumerate(statement.kinds):
        depth += (kind == kinds.OPEN) - (kind == kinds.CLOSE)
        following = statement.pieces[index + 1] if index < len(statement.tokens) else ""
        if following in statement.words.reason or following in statement.words.relative:
            continue  # "From a $10 bill he gets $7, as it cost $3"
        if depth <= 0 and _ends_clause(statement, index):
            return index + 1
    return 0


def _ends_clause(statement: Statement, index: int) -> bool:
    """Whether a comma stands here, or within the delimiters of a formula: `$x = 2,$ $y = 3$`."""
    kind = statement.kinds[index]
    if kind == kinds.DISPLAY:
        return statement.pieces[index].rpartition("\\")[0].rstrip().endswith(",")
    return kind == kinds.COMMA or (
        kind == kinds.INLINE and statement.pieces[index].rstrip("$\\) ").endswith(",")
    )


def _after_so(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those of "so it is $70" in "She pays $64 and a tax, so it is $70"."""
    clause = last_clause(statement)
    if not clause:
        return runs
    runs = [run for run in runs if run.first >= clause]
    central = [run for run in runs if not is_circumstance(statement, run)]
    return runs if len(central) == 1 or any(_is_stated(statement, run) for run in runs) else []


def _is_stated(statement: Statement, run: Run) -> bool:
    """Whether a copula leads to a run, over a filler, or an equality sign stands in it."""
    words, pieces = statement.words, statement.pieces
    place = run.first - 1
    while place > 0 and (pieces[place] in words.filler or statement.kinds[place] == kinds.BOLD):
        place -= 1
    if pieces[place] == "of" and pieces[place - 1] in words.measure:
        return True
    return pieces[place] in words.copula or pieces[place] in words.verb or has_relation(statement, run)


def last_clause(statement: Statement) -> int:
    """Where the clause begins behind the last ", so" or "→ sum" of a sentence; 0 where there is none."""
    therefore = statement.words.therefore
    if therefore.isdisjoint(statement.seen) and _ARROWS.isdisjoint(statement.seen):
        return 0
    for index in range(len(statement.tokens) - 1, 0, -1):
        if statement.pieces[index] in _ARROWS and statement.kinds[index + 1] == kinds.WORD:
            return index + 1
        if statement.pieces[index] in therefore and _ends_clause(statement, index - 1):
            if statement.pieces[index + 1] in statement.words.approximately:
                continue  # "it is $5/36$, so about 14 %"
            return index + 1
    return 0


def _before_reason(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those before "because each side is 5", ", whose sum is 15", ", which is 3 more than 9"."""
    words, seen = statement.words, statement.seen
    if words.explaining.isdisjoint(seen):
        return runs
    for index in range(1, len(statement.tokens)):
        if statement.pieces[index] not in words.explaining or not opens_reason(statement, index):
            continue
        before_it = statement.kinds[1:index]
        if before_it.count(kinds.OPEN) > before_it.count(kinds.CLOSE):
            continue
        before = [run for run in runs if run.after <= index]
        if statement.pieces[index] in words.listing and not _counts(statement, before):
            continue
        end = next(
            (place for place in range(index, len(statement.tokens)) if _ends_clause(statement, place)), None
        )
        after = [run for run in runs if end is not None and run.first > end and _is_stated(statement, run)]
        if before and not after:
            return before
    return runs


def opens_reason(statement: Statement, index: int) -> bool:
    """Whether a clause begins here that only explains what stands before it."""
    words, pieces = statement.words, statement.pieces
    word = pieces[index]
    if word in words.listing:
        return True
    if word == "i.e.":
        return pieces[index + 1] in words.approximately
    if word in words.reason:
        joined = pieces[index - 1] in words.conjunction or pieces[index - 1] in words.clause
        capital = statement.text[statement.tokens[index].start].isupper()
        line = statement.kinds[index - 1] == kinds.NEWLINE and statement.kinds[index - 2] != kinds.WORD
        bare = line or word not in words.relative  # "since" needs no comma, "whose" does, or a formula's line
        return not joined and not capital and (bare or _ends_clause(statement, index - 1))
    counts = word == "one" or word in words.number
    if not (counts or word in words.clause) or not _ends_clause(statement, index - 1):
        return False
    if counts and not (words.bound | LATER).isdisjoint(pieces[index + 1 : index + 3]):
        return True  # ", one point below 90", ", six years after it began"
    return _remarks(statement, index)


def _remarks(statement: Statement, index: int) -> bool:
    """Whether a clause only checks or compares: ", which can be verified", ", which is under 65"."""
    words, pieces = statement.words, statement.pieces
    if not _CHECKED.isdisjoint(pieces[index + 2 : index + 4]):
        return True
    if pieces[index + 1] not in words.copula or pieces[index] not in words.clause:
        return False
    compares = not words.comparison.isdisjoint(pieces[index + 2 : index + MAX_COMPARISON])
    return compares or pieces[index + 2] in words.approximately or pieces[index + 2] in words.bound


def _counts(statement: Statement, runs: list[Run]) -> bool:
    """Whether one of the runs is a number that the sentence states: "there are $3$ solutions, namely"."""
    return any(
        _is_stated(statement, run) and statement.pieces[run.first].strip("$\\() ").isdecimal() for run in runs
    )


def _before_such_that(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those before a condition: "$5$ values of $x$ such that $f(x) = 2$", unless one follows it."""
    if "such" not in statement.seen:
        return runs
    pieces = statement.pieces
    place = next((i for i in range(len(statement.tokens)) if pieces[i : i + 2] == ["such", "that"]), 0)
    before = [run for run in runs if run.after <= place]
    linked = any(pieces[run.first - 1] in statement.words.copula for run in runs[len(before) :])
    return before if any(_is_stated(statement, run) for run in before) and not linked else runs


def _before_participle(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those before what is done besides: "You save $20, paying $80"; not before ", leaving 5"."""
    for index in range(2, len(statement.tokens)):
        piece = statement.pieces[index]
        if not piece.endswith("ing") or statement.pieces[index - 1] != "," or piece in _RESULTING:
            continue
        before = [run for run in runs if run.after < index]
        told = any(has_relation(statement, run) for run in runs[len(before) :])
        if not told and any(not is_circumstance(statement, run) for run in before):
            return before
    return runs


def _before_purpose(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those before "to cook 90 eggs" in "it takes 45 minutes to cook 90 eggs"; not before "to get 5"."""
    if statement.words.versus.isdisjoint(statement.seen):
        return runs
    for run in runs:
        purpose = purpose_behind(statement, run)
        if purpose:
            later = [one for one in runs if one.first > run.after]
            object_ = purpose + 2 if statement.kinds[purpose + 1] == kinds.WORD else 0
            behind = [one for one in later if one.first > object_]
            if object_:  # "to get a profit of $20"
                behind = [one for one in behind if statement.pieces[one.first - 1] != "of"]
            stated = any(_is_stated(statement, one) for one in behind)
            return runs if stated else runs[: -len(later) or None]
    return runs


def _outside_brackets(statement: Statement, runs: list[Run]) -> list[Run]:
    """Those that do not stand in brackets behind another: "they are 8 and 13 (their sum is 21)"."""
    if kinds.OPEN not in statement.kinds:
        return runs
    depth = 0
    outside: list[Run] = []
    position = 0
    for run in runs:
        for index in range(position, run.first):
            depth += (statement.kinds[index] == kinds.OPEN) - (statement.kinds[index] == kinds.CLOSE)
        position = run.after
        inside = statement.kinds[run.first : run.after]
        central = any(not is_circumstance(statement, one) for one in outside)
        beside = central and run.first - outside[-1].after <= MAX_COUNTED
        if depth <= 0 and not (central and _is_bracketed_remark(statement, run, beside=beside)):
            outside.append(run)
        depth += inside.count(kinds.OPEN) - inside.count(kinds.CLOSE)
    return outside


def _is_bracketed_remark(statement: Statement, run: Run, *, beside: bool) -> bool:
    """Whether a run behind a word is a bracket with words in it: "27 games (6 wins and 21 losses)".

    Args:
        statement: The tokens.
        run: The bracket.
        beside: The value and its noun stand right before it, where words are not needed: "35 workers (70%)".
    """
    inside = statement.kinds[run.first : run.after]
    if inside[0] != kinds.OPEN or statement.kinds[run.first - 1] != kinds.WORD:
        return False
    apart = statement.tokens[run.first - 1].end < statement.tokens[run.first].start
    if beside and apart and kinds.COMMA not in inside:
        return True
    pieces = zip(inside, statement.pieces[run.first : run.after], strict=True)
    return any(kind == kinds.WORD and piece not in statement.words.conjunction for kind, piece in pieces)


def is_circumstance(statement: Statement, run: Run) -> bool:
    """Whether a run says when or under what, rather than what: "after 3 days", "if $x = 2$", "of the 80"."""
    return not is_worked_out(statement, run) and _is_circumstantial(statement, run)


def is_known(statement: Statement, run: Run) -> bool:
    """Whether a run is an amount known before, or counts from one: "for the $44 bill", ", 4 days later"."""
    words, pieces = statement.words, statement.pieces
    word, before = pieces[run.first - 1], pieces[run.first - 2]
    if pieces[run.after] in LATER:
        return statement.kinds[run.first - 1] == kinds.COMMA
    if word not in words.definite or before in words.copula or before in words.verb:
        return False
    if has_relation(statement, run):
        return False
    end = statement.tokens[run.after - 1].end
    ordinal = statement.text[end : end + 1].isalpha()  # "on the 18th floor"
    return (statement.kinds[run.after] == kinds.WORD and not ordinal) or before in words.definite


def _is_circumstantial(statement: Statement, run: Run) -> bool:
    words = statement.words
    place = run.first - 1
    if statement.pieces[place] == "the" and statement.pieces[place - 1] == "of":
        place -= 1
        if statement.kinds[place - 1] == kinds.NUMBER:
            return True
    word, before = statement.pieces[place], statement.pieces[place - 1]
    if word.endswith("ing") and before in words.circumstance and before not in words.verb:
        return True  # "after giving 16 away"
    both = f"{before} {word}"
    if both in words.filler or both in words.verb:  # "is given by", "is at"
        return False
    if word == "of":
        counted = statement.kinds[place - 1] in _PERCENTS and has_relation(statement, run)
        measured = before in words.measure or names_sum(statement, place)
        return _sets_terms(statement, place - 1) if measured else not counted
    if has_relation(statement, run):
        return word in words.condition or word in {"where", "when"}
    opens = run.first == 1 and word in words.condition
    return opens or word in words.circumstance or both in words.circumstance


def names_sum(statement: Statement, of: int) -> bool:
    """Whether an "of" leads from a noun to its sum of money: "a tip of $6", not "on a bill of $50"."""
    pieces, words = statement.pieces, statement.words
    before = pieces[of - 3] if of > 2 else ""
    given = before in words.circumstance or before in {"", "on", "of", "to"}
    return pieces[of + 1] == "$" and pieces[of - 2] in words.article and (before == "at" or not given)


def _sets_terms(statement: Statement, noun: int) -> bool:
    """Whether a known noun only says under what, or how dear: "500 computers at the new price of $770"."""
    words, pieces = statement.words, statement.pieces
    start = next((i for i in range(noun - 1, noun - MAX_COUNTED, -1) if pieces[i] in words.definite), 0)
    return start > 1 and pieces[start - 1] == "at" and pieces[start - 2] not in words.copula


def has_relation(statement: Statement, run: Run) -> bool:
    """Whether a run holds an equality sign."""
    start, end = statement.tokens[run.first].start, statement.tokens[run.after - 1].end
    return statement.text.find("=", start, end) >= 0


_PARTS = (
    _after_condition,
    _after_so,
    _before_reason,
    _before_such_that,
    _before_participle,
    _before_purpose,
    _outside_brackets,
)
