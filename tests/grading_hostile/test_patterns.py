"""Every regular expression of the engine: its work grows with the square of a text at most."""

from __future__ import annotations

import importlib
import pkgutil
import re
from itertools import chain

import pytest

import mathtune

try:
    from re import _constants as codes
    from re import _parser as parser
except ImportError:  # Python 3.10
    import sre_constants as codes
    import sre_parse as parser

ENGINE = ("mathtune.answers.", "mathtune.grading.", "mathtune.latex.", "mathtune.algebra.")
SIGNS = " x1.,$*(\\{}-:;~'\""
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
MANY = 30  # a repeat of no more than this is no loop
MOST_IN_A_ROW = 2


def patterns():
    """The compiled patterns of the engine's modules, each with where it stands."""
    found = {}
    for module in pkgutil.walk_packages(mathtune.__path__, "mathtune."):
        if module.name.startswith(ENGINE) and "latex2sympy" not in module.name:
            for name, value in vars(importlib.import_module(module.name)).items():
                for pattern in filter(is_pattern, values_in(value)):
                    found.setdefault(pattern, f"{module.name}.{name}")
    return [pytest.param(pattern, id=where) for pattern, where in found.items()]


def values_in(value):
    """A module's value, or what its tuple, list or table holds."""
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        return chain.from_iterable(map(values_in, value))
    return [value]


def is_pattern(value):
    return isinstance(value, re.Pattern) and isinstance(value.pattern, str)


@pytest.mark.parametrize("pattern", patterns())
def test_no_three_loops_share_a_sign(pattern):
    r"""Three loops in a row over one sign, as in `\s*,?\s*\)?\s*`, cost the cube of its repetitions."""
    tree = list(parser.parse(pattern.pattern, pattern.flags))
    assert max(in_a_row(tree, sign) for sign in SIGNS) <= MOST_IN_A_ROW


def test_a_cubic_pattern_is_seen():
    """The law knows a bad pattern, and a good one that says the same."""
    bad, good = (list(parser.parse(text)) for text in (r"a\s*,?\s*\)?\s*b", r"a(?:\s*,)?(?:\s*\))?\s*b"))
    assert in_a_row(bad, " ") > MOST_IN_A_ROW >= in_a_row(good, " ")


def in_a_row(items, sign):
    """The most loops that take one sign with nothing between them that must be there, at any depth."""
    most = current = 0
    for code, argument in flat(items):
        if is_loop(code, argument) and takes(list(argument[2]), sign):
            current += 1
        elif not can_be_empty(code, argument):
            most, current = max(most, current), 0
    inside = (in_a_row(part, sign) for item in items for part in parts(*item))
    return max(most, current, *inside)


def flat(items):
    """The items of a sequence, with those of its groups in their places."""
    for code, argument in items:
        if code is codes.SUBPATTERN:
            yield from flat(list(argument[3]))
        else:
            yield code, argument


def is_loop(code, argument):
    return code in REPEATS and argument[1] > MANY


def parts(code, argument):
    """The sequences inside an item."""
    if code is codes.SUBPATTERN:
        return [list(argument[3])]
    if code is codes.BRANCH:
        return [list(branch) for branch in argument[1]]
    if code in REPEATS:
        return [list(argument[2])]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [list(argument[1])]
    return []


def can_be_empty(code, argument):
    if code in REPEATS and argument[0] == 0:
        return True
    if code is codes.BRANCH:
        return any(all(can_be_empty(*item) for item in branch) for branch in argument[1])
    if code in REPEATS or code is codes.SUBPATTERN:
        return all(can_be_empty(*item) for part in parts(code, argument) for item in part)
    return code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT)


def takes(items, sign):
    """Whether a sequence may take the sign alone."""
    return any(
        takes_one(*item, sign) and all(can_be_empty(*other) for at, other in enumerate(items) if at != place)
        for place, item in enumerate(items)
    )


def takes_one(code, argument, sign):
    if code in (codes.LITERAL, codes.NOT_LITERAL):
        return (chr(argument) == sign) == (code is codes.LITERAL)
    if code is codes.IN:
        return in_class(argument, sign)
    if code in REPEATS or code in (codes.SUBPATTERN, codes.BRANCH):
        return any(takes(part, sign) for part in parts(code, argument))
    return code is codes.ANY


def in_class(members, sign):
    negated = members[0][0] is codes.NEGATE
    return any(is_member(*member, sign) for member in members[negated:]) != negated


def is_member(code, value, sign):
    if code is codes.CATEGORY:
        return re.match(CATEGORIES[value], sign) is not None
    return value[0] <= ord(sign) <= value[1] if code is codes.RANGE else chr(value) == sign


CATEGORIES = {
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}
