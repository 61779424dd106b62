"""Second looks at two values that are not equal shape by shape: by what they may mean together.

Each look is a function `(task, gold, given, says_integer) -> Finding | None`; None means "not mine". A look
asks for the shapes it knows first, for most pairs are plainly different.
"""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.algebra import Bound, Constant, Power, Rational, Variable, has_name, nodes, symbols

from ._clashes import names_clash
from ._constants import same_up_to_constants
from ._curves import same_curve
from ._defined import same_defined
from ._domains import on_domain
from ._families import INTEGERS, PARAMETERS, free_names, rename, same_family, same_shifted, substituted
from ._finding import SAME, Finding, Task
from ._matching import match
from ._pieces import same_pieces
from ._recurrences import same_sequence
from ._residues import same_residues
from ._respelt import same_respelt
from ._systems import same_solutions
from ._truncated import same_truncated
from ._values import (
    Equation,
    Items,
    Labelled,
    Phrase,
    Quantity,
    Restricted,
    Statement,
    Table,
    Value,
    is_by_cases,
    unnamed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.algebra import Expression

__all__ = ["LOOKS", "same_but_for_constant", "second_look", "worth_a_look"]


def second_look(task: Task, gold: Value, given: Value, *, says_integer: bool) -> Finding | None:
    """The first look that finds two values equal.

    Args:
        task: The policy and the work left.
        gold: One value.
        given: The other.
        says_integer: Whether a text says that some letter is an integer.
    """
    if not says_integer and _is_letter(gold) and _is_letter(given):
        return None
    sequence = same_sequence(task, gold, given, says_integer)
    if sequence is not None and sequence.equal:
        return sequence
    if names_clash(gold, given):
        return None
    if isinstance(gold, Restricted) and isinstance(given, Restricted):
        renamed = _families(task, gold, given, says_integer)
        if renamed is not None and renamed.equal:
            return renamed
    gold, given = _without_domain(gold), _without_domain(given)
    worded = type(gold) is Phrase or type(given) is Phrase
    lettered = not worded and (_has_letters(task, gold) or _has_letters(task, given))
    for look in LOOKS if lettered else _WITHOUT_LETTERS:
        found = look(task, gold, given, says_integer)
        if found is not None and found.equal:
            return found
    return None


def _is_letter(value: Value) -> bool:
    """One letter, as of an option: only where letters count whole numbers another may be meant by it."""
    letter = value.expression if type(value) is Quantity and value.unit is None else None
    return type(letter) is Variable and len(letter.name) == 1


def _has_letters(task: Task, value: Value) -> bool:
    """Whether there are letters, those of a function's arguments among them."""
    return bool(task.names(unnamed(value)))


def _without_domain(value: Value) -> Value:
    """The value without a condition that only says what its letter ranges over."""
    domain = isinstance(value, Restricted) and isinstance(value.condition, Statement)
    return value.value if domain and isinstance(value, Restricted) else value


def worth_a_look(task: Task, gold: Value, given: Value) -> bool:
    """Whether there is anything left to see: not beside a number, as most pairs are."""
    if task.asked.context is not None:  # it may name the interval on which a family is one number
        return not (_has_only_numbers(gold) and _has_only_numbers(given))
    if _is_number(gold):
        return _may_be_a_number(task, given, named=type(gold) is Labelled)
    if _is_number(given):
        return _may_be_a_number(task, gold, named=type(given) is Labelled)
    return not (_has_only_numbers(gold) and _has_only_numbers(given))


def _is_number(value: Value) -> bool:
    """A number written without letters; an integral without ends has none, and is none."""
    inner = value.value if type(value) is Labelled else value
    if type(inner) is not Quantity:
        return False
    kind = type(inner.expression)
    return kind is Rational or (kind is not Bound and not symbols(inner.expression))


def _may_be_a_number(task: Task, value: Value, *, named: bool) -> bool:
    """A formula with letters of numbers or definitions, or by cases; of a named number an equation, too."""
    if type(value) is Quantity:
        return not symbols(value.expression).isdisjoint(_LETTERS_OF_NUMBERS)
    if type(value) is Equation:
        return named  # it may be solved for the name
    defined = isinstance(value, Restricted) or (
        isinstance(value, Items)
        and value.kind == "list"
        and any(isinstance(item, Labelled) for item in value.items[-1:])
    )
    return defined or not task.names(value).isdisjoint(_LETTERS_OF_NUMBERS) or is_by_cases(value)


# Euler's number, the imaginary unit, and the constants of Euler and of Catalan.
_LETTERS_OF_NUMBERS = frozenset(["E", "I", "gamma", "G"])


def _has_only_numbers(value: Value) -> bool:
    """A number, or numbers in brackets, lists or tables; branches of a function are more than that."""
    if type(value) is Quantity:
        return type(value.expression) is Rational or _is_number(value)
    if isinstance(value, Items):
        return value.opening != "{=" and all(map(_has_only_numbers, value.items))
    if isinstance(value, Table):
        return all(_has_only_numbers(cell) for row in value.rows for cell in row)
    return isinstance(value, Labelled) and _has_only_numbers(value.value)


def _families(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Names that stand for any integer: the same numbers, however they are split."""
    first, second = task.names(gold), task.names(given)
    if not (first | second) & PARAMETERS:
        return None
    named = isinstance(gold, Labelled) or isinstance(given, Labelled)
    if same_family(gold, given, task.budget, integer=says_integer, named=named):
        return SAME
    shifted = same_shifted(gold, given, task.budget)
    if shifted is not None:
        return match(task, gold, shifted)
    only_gold, only_given = first - second, second - first
    if len(only_gold) != 1 or len(only_given) != 1:
        return None
    (old,), (new,) = only_given, only_gold
    restricted = new in _conditioned(gold) and old in _conditioned(given)
    if says_integer or restricted or ({old, new} <= INTEGERS and _is_angular(gold, new)):
        return match(task, gold, rename(given, old, new))
    return None


def same_but_for_constant(task: Task, gold: tuple[str, Value], given: tuple[str, Value]) -> Finding | None:
    """`f(x) = c for any constant c` and `f(x) = k, where k is a constant`: each text names its own.

    Args:
        task: The policy and the work left.
        gold: The text and the value of one answer.
        given: Those of the other.
    """
    first, second = task.names(gold[1]), task.names(given[1])
    only_gold, only_given = first - second, second - first
    if len(only_gold) != 1 or len(only_given) != 1:
        return None
    (new,), (old,) = only_gold, only_given
    if not (_is_constant(new, gold[0]) and _is_constant(old, given[0])):
        return None
    return match(task, gold[1], rename(given[1], old, new))


def _is_constant(letter: str, text: str) -> bool:
    """Whether a text calls a letter a constant, before it or behind it."""
    said = rf"constant\W{{1,9}}{re.escape(letter)}\b|(?<![A-Za-z]){re.escape(letter)}\b[^.;=]{{1,40}}constant"
    return re.search(said, text) is not None


def _conditioned(value: Value) -> frozenset[str]:
    """The letters that a condition is about, and that may therefore have any name."""
    condition = value.condition if isinstance(value, Restricted) else None
    if isinstance(condition, Statement):
        condition = condition.left
    return frozenset() if condition is None else free_names(condition)


def _is_angular(value: Value, letter: str) -> bool:
    r"""Whether a letter may count turns: k of `k\pi`, but neither of `\pi k^2` nor of `2\pi\sqrt{k}`."""
    if isinstance(value, Labelled):
        return _is_angular(value.value, letter)
    if isinstance(value, Items):
        return any(_is_angular(item, letter) for item in value.items)
    if not isinstance(value, Quantity) or not (value.unit == "degree" or has_name(value.expression, "pi")):
        return False
    powers = [node for node in nodes(value.expression) if type(node) is Power]
    of_pi = {node.exponent for node in powers if node.base == Constant("pi")}  # (k\pi)^2 has both squared
    raised = [node for node in powers if letter in symbols(node.base) and not has_name(node.base, "pi")]
    return all(node.exponent in of_pi for node in raised)


def _euler(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """A capital E on one side only is Euler's number, and an I beside it the imaginary unit."""
    del says_integer
    apart = task.names(gold) ^ task.names(given)
    if "E" not in apart or not apart <= {"E", "I"}:
        return None
    meant: dict[str, Expression] = {name: Constant(name.lower()) for name in apart}
    return match(task, *(substituted(value, meant) for value in (gold, given)))


def _constants(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    del says_integer
    return same_up_to_constants(task, gold, given)


LOOKS: tuple[Callable[[Task, Value, Value, bool], Finding | None], ...] = (
    _families,
    _euler,
    _constants,
    same_residues,
    same_solutions,
    same_curve,
    same_pieces,
    on_domain,
    same_respelt,
    same_defined,
    same_truncated,
)
# Beside words or numbers.
_WITHOUT_LETTERS = (same_residues, same_pieces, same_defined)
