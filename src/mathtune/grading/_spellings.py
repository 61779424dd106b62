"""Words against words, and words against numbers and letters that spell the same."""

from __future__ import annotations

import re

from mathtune.algebra import (
    Constant,
    Match,
    Multiply,
    Rational,
    Variable,
    rational,
    symbols,
)
from mathtune.answers import offer_of

from ._finding import Finding, Task
from ._intervals import UnsolvableError
from ._letter_units import factors_of
from ._phrases import same_count, same_words, verdict_of
from ._points import roman_number
from ._regions import same_region, solve
from ._values import (
    Equation,
    Inequality,
    Items,
    Labelled,
    Named,
    Phrase,
    Quantity,
    Region,
    Value,
)
from ._verdict import Reason
from ._words import EMPTY
from ._yes_no import verdict_on

__all__ = ["match_phrase_and_value", "match_phrases"]


def match_phrases(task: Task, gold: Phrase, given: Phrase) -> Finding:
    """Words against words."""
    named = gold.is_name or given.is_name
    same = same_words(gold.words, given.words, named=named)
    same = same and not _are_two_labels(task, gold.words, given.words)
    if same or _same_verdict(task, gold.words, given.words):
        return Finding(Match.EQUAL, Reason.SAME_WORDS)
    return Finding(Match.DIFFERENT, Reason.DIFFERENT_WORDS)


def _are_two_labels(task: Task, gold: str, given: str) -> bool:
    """Whether the problem offers both as labels to choose from: `agree` and `strongly agree`."""
    if gold == given or task.asked.context is None:
        return False
    offer = offer_of(task.asked.context)
    return offer is not None and {gold, given} <= {word.lower().removeprefix("the ") for word in offer.words}


def _same_verdict(task: Task, gold: str, given: str) -> bool:
    """Whether one says yes or no, and the other the same in the words of the problem's question."""
    verdicts = verdict_of(gold), verdict_of(given)
    if not any(verdicts) or all(verdicts) or task.asked.context is None or task.asked.question is None:
        return False
    other = verdict_on(task.asked.question, given if verdicts[0] else gold)
    return other in verdicts and other != ""


def match_phrase_and_value(task: Task, gold: Value, given: Value) -> Finding:
    r"""`C` and `\text{C}`: one letter, once as a symbol and once as a word."""
    phrase, value = (gold, given) if isinstance(gold, Phrase) else (given, gold)
    if isinstance(phrase, Phrase) and any(says(task, phrase.words, value) for says in _SAYINGS):
        return Finding(Match.EQUAL, Reason.SAME_WORDS)
    first, second = _spelling(gold), _spelling(given)
    if first is not None and second is not None and (first == second or _is_short_for(first, second)):
        return Finding(Match.EQUAL, Reason.SAME_WORDS)
    return Finding(Match.DIFFERENT, Reason.DIFFERENT_KIND)


def _is_numeral(task: Task, words: str, value: Value) -> bool:
    """`xiv` is fourteen."""
    del task
    number = roman_number(words.upper()) if len(words) > 1 and isinstance(value, Quantity) else None
    return number is not None and isinstance(value, Quantity) and rational(number) == value.expression


def _is_truth(task: Task, words: str, value: Value) -> bool:
    """A condition that always holds, `x^2 + 1 > 0`, is true; `x > 1 and x < 0` is false."""
    if isinstance(value, Equation) and not symbols(value.left) | symbols(value.right):
        return words == "false"  # 1 = 0; a true one is a value said twice
    if words not in ("true", "false") or not isinstance(value, (Inequality, Region)):
        return False
    try:
        found = solve(value, task.budget)
    except UnsolvableError:
        return False
    if words == "false":
        return not found
    return same_region(found, solve(Named("R"), task.budget), task.same)


_NAME = re.compile(r"[A-Z][a-z]{2}\Z")


def _is_name_in(task: Task, words: str, value: Value) -> bool:
    """`Bob`, which is spelled as a product, of `Bob is the tallest` and `Mr. Bob`."""
    del task
    factors = factors_of(value.expression) if isinstance(value, Quantity) else ()
    name = "".join(factor.name for factor in factors if isinstance(factor, (Variable, Constant)))
    return _NAME.match(name) is not None and len(name) == len(factors) and same_words(words, name.lower())


_ASKS_EXISTENCE = re.compile(
    r"(?:is|are) there|do(?:es)? .*exists?\b|do(?:es)? .*ha(?:s|ve)\b", re.IGNORECASE
)


def _denies_existence(task: Task, words: str, value: Value) -> bool:
    """`No` to `Is there such a triangle?` says that there is none."""
    if value != EMPTY or task.asked.context is None or verdict_of(words) != "no":
        return False
    question = task.asked.question
    return question is not None and _ASKS_EXISTENCE.match(question) is not None


def _is_short_for(first: str, second: str) -> bool:
    """`T` for `true`, `Jan` for `January`, whichever of them was read as letters."""
    short, long = sorted((first, second), key=len)
    return (len(short) == 1 and long in ("true", "false") and long[0] == short) or (
        len(short) > 2 and same_words(short, long)
    )


def _is_initial(task: Task, words: str, value: Value) -> bool:
    """`Y` is yes and `N` no, as online homework has it; a small letter is a variable."""
    del task
    letter = value.expression if isinstance(value, Quantity) else None
    return isinstance(letter, Variable) and words in _BY_INITIAL.get(letter.name, ())


_BY_INITIAL = {"Y": ("yes", "true"), "N": ("no", "false")}


def _is_count(task: Task, words: str, value: Value) -> bool:
    """`two lines` are 2."""
    del task
    number = value.expression if isinstance(value, Quantity) else None
    unit = value.unit if isinstance(value, Quantity) else None
    return isinstance(number, Rational) and same_count(words, number.value, unit)


def _is_thing_in(task: Task, words: str, value: Value) -> bool:
    """`Plan B` of `Plan B is cheaper`."""
    del task
    letter = (
        value.value.expression if isinstance(value, Labelled) and isinstance(value.value, Quantity) else None
    )
    if not isinstance(value, Labelled) or not isinstance(letter, Variable):
        return False
    return len(words.split()) > 2 and same_words(words, f"{value.label} {letter.name.lower()}")


def _is_place(task: Task, words: str, value: Value) -> bool:
    """`x-axis` is y = 0, and `origin` the point of zeros."""
    del task
    place = _PLACES.get(words)
    if place is None:
        return False
    if isinstance(value, Labelled):  # y = 0, and not the slope of it
        return value.label == place and value.value == Quantity(rational(0))
    point = isinstance(value, Items) and value.kind == "tuple" and value.opening == "("
    return point and not place and isinstance(value, Items) and set(value.items) == {Quantity(rational(0))}


# The letter that is 0 there; at the origin both are.
_PLACES = {"x-axis": "y", "x axis": "y", "y-axis": "x", "y axis": "x", "origin": ""}

# What words may say of a value.
_SAYINGS = (
    _is_place,
    _is_numeral,
    _is_count,
    _denies_existence,
    _is_truth,
    _is_name_in,
    _is_thing_in,
    _is_initial,
)


def _spelling(value: Value) -> str | None:
    if isinstance(value, Phrase):
        return value.words.strip("().").replace(" ", "")
    if isinstance(value, Quantity):
        expression = value.expression
        factors = expression.factors if isinstance(expression, Multiply) else (expression,)
        names = [f.name for f in factors if isinstance(f, (Variable, Constant))]
        return "".join(names).lower() if len(names) == len(factors) else None
    return None
