r"""Two names that cannot be the same thing: x and y, AB and BC, P(A) and P(B), f(2) and f(3), y' and y''.

A name on one side only says nothing, and many names are free: the area may be called A, S or `area`. So each
rule here knows one kind of names and asks whether both are of it.
"""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
# ruff: noqa: RUF001, RUF002  (the signs of mathematics look like letters)
from __future__ import annotations

import re

from mathtune.algebra import symbols

from ._families import free_names
from ._phrases import are_opposed
from ._slopes import Slope, by_index, named_slope, slope
from ._values import (
    Inequality,
    Items,
    Labelled,
    Region,
    Table,
    Value,
    formula_of,
)

__all__ = ["OF", "names_clash", "ratio_names"]


def names_clash(gold: Value, given: Value) -> bool:
    """One letter is not another, x_1 not x_2, y' not y''; words, and f(x) against y, name things freely."""
    if isinstance(gold, Labelled) and isinstance(given, Labelled):
        return _labels_clash(gold, given)
    if isinstance(gold, Labelled) and isinstance(given, Items):
        inner = gold.value
        vector = isinstance(inner, Table) or (isinstance(inner, Items) and inner.kind == "tuple")
        own = formula_of(gold)
        letters = frozenset() if own is None else symbols(own)  # y = 2x beside x = t, y = 2t
        named = [item for item in _not_explained(given.items) if item.label not in letters]
        several = bool(gold.arguments) and len({item.label for item in named} - {gold.label}) > 1
        return not vector and (several or any(_labels_clash(gold, item) for item in named))
    if isinstance(gold, Labelled) and isinstance(given, (Inequality, Region)):
        return _bounds_clash(gold, given)
    if isinstance(given, Labelled) and isinstance(gold, (Items, Inequality, Region)):
        return names_clash(given, gold)
    return False


def _bounds_clash(gold: Labelled, given: Inequality | Region) -> bool:
    """X in [2, 5] is not 2 ≤ y ≤ 5: one letter on either side, and another one."""
    letters = free_names(given)
    return _LETTER.match(gold.label) is not None and len(letters) == 1 and gold.label not in letters


_LETTER = re.compile(r"(?:[A-Za-z]|[a-z]{2,7})\Z")


def _not_explained(items: tuple[Value, ...]) -> list[Labelled]:
    r"""The names that no other value needs: `\omega = \sqrt{k/\mu}, \mu = 2m` is about omega."""
    formulas = [formula for formula in map(formula_of, items) if formula is not None]
    needed = frozenset().union(*map(symbols, formulas))
    return [item for item in items if isinstance(item, Labelled) and item.label not in needed]


def _labels_clash(gold: Labelled, given: Labelled) -> bool:
    if gold.label.rstrip("'") == given.label.rstrip("'"):
        return gold.label != given.label or _other_place(gold.arguments, given.arguments)
    slopes = slope(gold.label), slope(given.label)
    if slopes[0] and slopes[1]:
        return _slopes_clash(slopes[0], slopes[1])
    if any(slopes):  # y = 2x is not dy/dx = 2x
        said = {by_index(label) or named_slope(label) for label in (gold.label, given.label)}
        partial = all(name.startswith("∂") for name in said)
        return any(found and found.function in (gold.label, given.label) for found in slopes) or (
            partial and len(said) > 1
        )
    if gold.label.startswith(_LIMIT) or given.label.startswith(_LIMIT):
        return _limits_clash(gold, given)
    if _formulas_clash(gold.label, given.label):
        return True
    if gold.arguments or given.arguments:
        return _functions_clash(gold, given)
    if _say_opposites(gold.label, given.label):
        return True
    if _AT in gold.label and _AT in given.label:  # a maximum at x is no maximum at n
        return gold.label.rpartition(_AT)[2] != given.label.rpartition(_AT)[2]
    points = _points(gold.label), _points(given.label)
    if points[0] and points[1]:
        product = _has_components(gold.value) or _has_components(given.value)
        return points[0] != points[1] if product else _points_clash(points[0], points[1])
    return _letters_clash(gold.label, given.label)


def _letters_clash(gold: str, given: str) -> bool:
    """X is not y, x_1 not x_2, Δx not Δy, r not theta; but the angle at A may be called alpha."""
    if gold.startswith("nabla") and given.startswith("nabla"):  # no curl is a divergence, however printed
        fields = (_ACCENT.sub(r"\1", label).partition("(")[0].rstrip() for label in (gold, given))
        return len(set(fields)) > 1
    if "\\" in gold + given and _accents_clash(gold, given):
        return True
    if gold.startswith(_CHANGE) and given.startswith(_CHANGE):
        return _letters_clash(gold.removeprefix(_CHANGE), given.removeprefix(_CHANGE))
    first, _, index = _ACCENT.sub(r"\1", gold).partition("_")
    second, _, other = _ACCENT.sub(r"\1", given).partition("_")
    greek = _GREEK.match(first), _GREEK.match(second)
    if not all(len(name) == 1 or found for name, found in zip((first, second), greek, strict=True)):
        return _calls_clash(gold, given)
    if any(greek) and (first.isupper() or second.isupper()):
        return False
    first, second = (found[1] if found else name for name, found in zip((first, second), greek, strict=True))
    return first != second or bool(index and other)


def _accents_clash(gold: str, given: str) -> bool:
    """A mean is no median with a tilde, and the conjugate of z not z; but a line may be called y or y hat."""
    marks = [_MARKED.match(name) for name in (gold, given)]
    if marks[0] and marks[1]:
        return marks[0][1] != marks[1][1]
    found = marks[0] or marks[1]
    return found is not None and found[1] == "overline" and {gold, given} & {"z", "w"} == {found[2]}


_MARKED = re.compile(r"\\(overline|tilde|hat)\{([A-Za-z])\}\Z")
_CHANGE = "Delta "
_GREEK = re.compile(r"(?:var)?(alpha|beta|gamma|delta|epsilon|theta|lambda|mu|rho|sigma|tau|phi|psi|omega)\Z")


def ratio_names(label: str) -> list[str]:
    """The parts of `a:b` and of `a/b`; none of other labels."""
    parts = label.replace(":", "/").replace(" ", "").split("/")
    return parts if len(parts) > 1 and all(part.isalpha() for part in parts) else []


def _say_opposites(one: str, other: str) -> bool:
    """Minimum and maximum, the pH and the pOH, the intercepts with two axes."""
    axes = _AXIS.match(one), _AXIS.match(other)
    apart = bool(axes[0] and axes[1] and axes[0][1] != axes[1][1])
    return apart or are_opposed(one, other) or {one, other} in _APART


def _formulas_clash(one: str, other: str) -> bool:
    """A^-1 is not A, ∇·F not ∇×F, f∘g not g∘f, A+B not A-B, 2A not A, a:b not b:a.

    These are the same letters under other signs.
    """
    if one != other and one.lstrip(_FACTOR) == other.lstrip(_FACTOR):
        return True
    ratios = ratio_names(one), ratio_names(other)
    if all(ratios):
        return ratios[0] != ratios[1] and sorted(ratios[0]) == sorted(ratios[1])
    if _OF_FORMULAS.isdisjoint(one + other):
        return False
    first, second = ("+".join(sorted(label.translate(_BARE).split("+"))) for label in (one, other))
    letters = [sorted(filter(str.isalpha, label)) for label in (first, second)]
    same_base = first.partition("^")[0] == second.partition("^")[0]
    return first != second and (same_base or letters[0] == letters[1])


_OF_FORMULAS = frozenset("^×∘*+-")
_FACTOR = "-0123456789 "
_BARE = str.maketrans("", "", " ()")
# The letter of `\\vec{u}`, which no other vector has.
_ACCENT = re.compile(r"\\(?:vec|hat|bar|overline|tilde)\{(\w)\}")
_AXIS = re.compile(r"(?:the )?([xyz])[ -]*(?:intercept|coordinate|axis)")
_LIMIT = "lim "
_AT = " at "
OF = " of "  # between a limit's place and a sequence or function that nobody knows
# Names of measures that are another's neighbours, and not the same.
_APART = ({"pH", "pOH"}, {"r", "diameter"}, {"radius", "diameter"}, {"d", "radius"}, {"area", "perimeter"})


def _limits_clash(gold: Labelled, given: Labelled) -> bool:
    """A limit at another place, and the value of the function there, are not the limit."""
    if gold.label.startswith(_LIMIT) and given.label.startswith(_LIMIT):
        (one, of), (other, of_other) = (name.label.partition(OF)[::2] for name in (gold, given))
        return one != other or bool(of and of_other and of != of_other)
    return bool(gold.arguments or given.arguments)


def _slopes_clash(one: Slope, other: Slope) -> bool:
    """Another order, another place, another function of the same name's kind, another variable."""
    if one.order != other.order or (one.place != other.place and one.place and other.place):
        return True
    functions = {one.function, other.function}
    free = functions <= {"f", "y"}  # y = f(x)
    variables = {one.variable, other.variable} - {""}
    return (len(functions) > 1 and not free) or len(variables) > 1


def _functions_clash(gold: Labelled, given: Labelled) -> bool:
    """The mean is not the variance, f(3) not g(3), P(A) not P(A ∩ B); f(x) and y may be one function."""
    (operator, place), (other, there) = _parted(gold), _parted(given)
    if operator == other:
        return _letters_of_call(place) != _letters_of_call(there)
    if gold.arguments and given.arguments and _are_two_functions(operator, other):
        return True
    same_place = place == there and not _is_variable(place)
    return same_place or (operator in _OPERATORS and other in _OPERATORS)


def _are_two_functions(one: str, other: str) -> bool:
    """F(x) is no f(x), its slope, and no g(x); but p(x) is a careless P(x), and y may be f(x)."""
    letters = len(one) == len(other) == 1 and "y" not in (one, other)
    return letters and (one.lower() != other.lower() or one in "fFgG")


def _parted(name: Labelled) -> tuple[str, str]:
    """The operator of `E[X]`, `rank(A)`, `f(3)`, and its argument."""
    operator, bracket, rest = name.label.replace("[", "(", 1).partition("(")
    if name.arguments:
        operator, bracket, rest = name.label, "(", ",".join(name.arguments)
    for font in ("\\mathbb", "\\mathrm", "\\text", "mathbb", "mathrm"):
        operator = operator.replace(font, "")
    place = rest.rstrip(")]").strip().replace(" and ", " ∩ ").replace(" or ", " ∪ ") if bracket else "?"
    return operator.strip("{} ").removeprefix("var"), place


_OPERATORS = frozenset(["E", "P", "Var", "Cov", "SD", "V", "D"])


def _is_variable(argument: str) -> bool:
    """A lower-case letter: it stands for any value, and the function's name is free."""
    return argument.isalpha() and argument.islower()


def _other_place(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """f(2) is not f(3), P(A) not P(B); but f(x) is f(t)."""
    if len(one) != len(other):
        return False
    return any(a != b and not (a.islower() and b.islower()) for a, b in zip(one, other, strict=True))


_POINTS = re.compile(r"(\\vec|\\overline|∠|\|)?[{(]?([A-Z]{1,3})[})]?\|?\Z")


def _has_components(value: Value) -> bool:
    """Whether this is a matrix or a vector: AB is not BA then, be it a product or a way from A to B."""
    return isinstance(value, Table) or (isinstance(value, Items) and value.kind == "tuple")


def _points(label: str) -> tuple[str, str] | None:
    """The sign and the letters of a segment, a vector or an angle; a lone capital is no such name."""
    found = _POINTS.match(label)
    if not found or not (found[1] or len(found[2]) > 1):
        return None
    return found[1] or "", found[2]


def _points_clash(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """AB is BA, but no other segment; an angle has a name by its vertex, too; a vector has a direction."""
    signs, letters = (one[0], other[0]), (one[1], other[1])
    if signs == ("∠", "∠"):
        vertices = [name[len(name) // 2] for name in letters]
        return vertices[0] != vertices[1] or (
            len(letters[0]) == len(letters[1]) and set(letters[0]) != set(letters[1])
        )
    if signs == ("\\vec", "\\vec"):
        return letters[0] != letters[1]
    return len(letters[0]) == len(letters[1]) and set(letters[0]) != set(letters[1])


def _calls_clash(one: str, other: str) -> bool:
    """`P(A)` is not P(B), E[X] not Var(X); but E[X] is written E(X) too, with or without a font."""
    if not all(any(bracket in label for bracket in "([") for label in (one, other)):
        return False
    return _letters_of_call(one) != _letters_of_call(other)


def _letters_of_call(label: str) -> str:
    for font in ("\\mathbb", "\\mathrm", "\\text", "mathbb", "mathrm", "Pr"):
        label = label.replace(font, "P" if font == "Pr" else "")
    return "".join(sign for sign in label if sign.isalnum() or sign in _SIGNS)


_SIGNS = "<>=≤≥∪∩|+-"
