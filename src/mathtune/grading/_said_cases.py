r"""Functions by cases in a line of text: `x + 1 \text{ if } x \ge 0, 1 - x \text{ otherwise}`."""

from __future__ import annotations

import re

from mathtune.algebra import Variable
from mathtune.errors import LatexSyntaxError
from mathtune.latex import Cases, Node, Relation, Text, Where, parse

from ._families import free_names
from ._phrases import are_opposed, same_words
from ._values import Inequality, Items, Labelled, Quantity, Region, Restricted, Value, unnamed
from ._words import normalise_words

__all__ = ["cases_in_line", "conditions_apart", "has_branches", "parity_in", "stated_cases"]

_TEXT = re.compile(r"\\text\s*\{([^{}]*)\}")
_CONDITION = re.compile(
    r"(?<![A-Za-z\\])(?:if(?![A-Za-z])|when(?![A-Za-z])|for(?= (?:(?:even|odd) [a-z]|[a-z] (?:even|odd))\b))"
)
_LAST = re.compile(
    r"(.*?)[\s,;]*(?:(?<![A-Za-z])and\s+)?(?<![A-Za-z])(?:otherwise|else)[\s,]+(\S.*)\Z", re.DOTALL
)
_JOINT = r"(.*)(?:[,;]|(?<![A-Za-z])and(?![A-Za-z]))\s*(\S.*?)\s*"
_VALUE_BEFORE = re.compile(rf"{_JOINT}(?:otherwise|elsewhere|else)\W*\Z", re.DOTALL)
_FOLLOWING = re.compile(rf"{_JOINT}\Z", re.DOTALL)
_MOST_BRANCHES = 6
_MOST_CHARACTERS = 1_000  # finding the last value costs their square


def has_branches(condition: str) -> bool:
    """Whether a condition goes on with other values: `if x > 0, otherwise -5`."""
    words = _flat(condition).replace(",", " ").split()
    return (
        any(word in ("else", "otherwise", "but") for word in words[1:])
        or len(_CONDITION.findall(_flat(condition))) > 1
    )


def parity_in(condition: str) -> Quantity | None:
    """The letter and its parity, of `if n is even` and `for odd k`, as `n even` is read."""
    found = _PARITY.match(_flat(condition)) if "even" in condition or "odd" in condition else None
    if found is None:
        return None
    return Quantity(Variable(found[1] or found[4]), found[2] or found[3])


_PARITY = re.compile(
    r"(?:if|when|where|for|provided)(?: all| any| every)? "
    r"(?:\$?([a-z])\$?(?: is)?(?: an)? (even|odd)(?: integer| number)?|(even|odd) \$?([a-z])\$?)\W*\Z"
)


def stated_cases(items: list[Value]) -> Value | None:
    """The function that `f(x) = 2x for x < 1 and f(x) = 3 - x for x ≥ 1` states case by case."""
    cases = [item for item in items if isinstance(item, Restricted) and isinstance(item.condition, _BOUNDS)]
    if not len(cases) == len(items) > 1:
        return None
    values = [unnamed(case.value) for case in cases]
    names = {(case.value.label, case.value.arguments) for case in cases if isinstance(case.value, Labelled)}
    letters = {free_names(case.condition) for case in cases}
    one_letter = len(letters) == 1 and len(next(iter(letters))) == 1
    if not one_letter or len(names) > 1 or not all(isinstance(value, Quantity) for value in values):
        return None
    pieces = (
        Items(kind="tuple", items=(value, case.condition), opening="(", closing=")")
        for value, case in zip(values, cases, strict=True)
    )
    function = Items(kind="set", items=tuple(pieces), opening="{=", closing="}")
    return Labelled(names.pop()[0], function, tuple(*letters)) if names else function


_BOUNDS = (Inequality, Region)


def conditions_apart(first: str, second: str) -> bool:
    r"""Whether two conditions in words exclude each other, or say that one letter is two things.

    >>> conditions_apart("if n is prime", "if n is odd"), conditions_apart("if n is odd", "if $n$ is odd")
    (True, False)
    """
    apart = are_opposed(normalise_words(first), normalise_words(second))
    if apart or ("\\notin" in first) != ("\\notin" in second):
        return True
    if _RELATION.search(first) is None and _RELATION.search(second) is None:
        numbers = [set(_NUMBER.findall(condition)) for condition in (first, second)]
        if all(numbers) and numbers[0] != numbers[1]:
            return True  # for a cost of $200
    said = [_IS.match(_flat(condition)) for condition in (first, second)]
    if said[0] is None or said[1] is None or said[0][1] != said[1][1]:
        return False
    return not same_words(*(normalise_words(found[2]) for found in said if found))


_RELATION = re.compile(r"[=<>≤≥≠]|\\(?:in|notin|[lg]eq?|[lg]t|neq?|equiv)(?![A-Za-z])")
_NUMBER = re.compile(r"\d+")
# What a letter is, in words: `if n is a multiple of 4`.
_IS = re.compile(r"(?:if|when) \$?([A-Za-z])\$? is (?:an? |the )?([a-z][^$\\<>=]*)\Z")


def _flat(condition: str) -> str:
    return " ".join(_TEXT.sub(r" \1 ", condition).split())


def cases_in_line(node: Where) -> Node | None:
    """The same as an environment `cases`; None for words that are none.

    >>> from mathtune.latex import parse
    >>> len(cases_in_line(parse("1 if x > 0, 2 if x < 0, otherwise 3")).rows)
    3
    """
    text = _flat(node.condition)
    rows = _rows(text) if len(text) <= _MOST_CHARACTERS else None
    if not rows or len(rows) > _MOST_BRANCHES:
        return None
    name, first = _named(node.body)
    values: list[Node] = [first]
    try:
        values += [parse(value) for value, _condition in rows[1:]]
    except LatexSyntaxError:
        return None
    conditions = (Where(Text(""), condition) for _value, condition in rows)
    cases = Cases(tuple(zip(values, conditions, strict=True)))
    return cases if name is None else Relation(("=",), (name, cases))


def _named(body: Node) -> tuple[Node | None, Node]:
    """What stands before an equals sign, and the first value."""
    if isinstance(body, Relation) and body.operators == ("=",):
        return body.sides[0], body.sides[1]
    return None, body


def _rows(text: str) -> list[tuple[str, str]] | None:
    """Each value with its condition; the first value stands before the text."""
    _before, *parts = _CONDITION.split(text)
    rows: list[tuple[str, str]] = []
    value = ""
    for part in parts[:-1]:
        found = _FOLLOWING.match(part)
        if not found:
            return None
        rows.append((value, f"if {found[1].strip(' ,;')}"))
        value = found[2]
    last = _VALUE_BEFORE.match(parts[-1]) or _LAST.match(parts[-1]) if parts else None
    if last:
        return [*rows, (value, f"if {last[1].strip(' ,;')}"), (last[2].strip(" ."), "otherwise")]
    return [*rows, (value, f"if {parts[-1].strip(' .,;')}")] if rows else None
