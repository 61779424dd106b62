r"""What the letters of a value run through, said behind it: `k\pi, k \in \mathbb{Z}` and in brackets."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)

from __future__ import annotations

import re

import attrs

from mathtune.algebra import Variable, rational
from mathtune.latex import (
    Accent,
    Group,
    List,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Relation,
    Subscript,
    Sum,
    Symbol,
    Text,
    Word,
)

from ._families import free_names, substituted
from ._list_statements import is_statement
from ._regions import integer_members
from ._values import Inequality, Items, Named, Quantity, Region, Restricted, Statement, Table, Value

__all__ = ["domains_of", "over_domain", "parted", "run_apart", "set_apart"]


def parted(node: Node) -> tuple[Node, Relation | None]:
    r"""A formula or statement without such brackets at its end, and what stands in them.

    >>> from mathtune.latex import parse
    >>> parted(parse(r"k\pi (k \in \mathbb{Z})")) == (parse(r"k\pi"), parse(r"k \in \mathbb{Z}"))
    True
    """
    if isinstance(node, Relation):
        last, domain = parted(node.sides[-1])
        return (node if domain is None else attrs.evolve(node, sides=(*node.sides[:-1], last))), domain
    if isinstance(node, Sum):
        last, domain = parted(node.terms[-1])
        return (node if domain is None else attrs.evolve(node, terms=(*node.terms[:-1], last))), domain
    if isinstance(node, Prefix):
        last, domain = parted(node.argument)
        return (node if domain is None else attrs.evolve(node, argument=last)), domain
    if not isinstance(node, Product):
        return node, None
    behind = node.factors[-1]
    body = behind.body if isinstance(behind, Group) and behind.opening == "(" else None
    if not isinstance(body, Relation) or node.operators[-1] or not (body.operators == ("∈",) or _tends(body)):
        return node, None
    kept = node.factors[:-1]
    return (kept[0] if len(kept) == 1 else Product(kept, node.operators[:-1])), body


def set_apart(node: List) -> List:
    r"""The list with the domain in brackets behind it as an item: `x = 2k, y = k (k \in \mathbb{Z})`."""
    last, domain = parted(node.items[-1])
    return node if domain is None else attrs.evolve(node, items=(*node.items[:-1], last, domain))


def domains_of(node: List) -> list[Node]:
    """The items that say only what the letters of the others run through."""
    found = [item for item in node.items if _is_domain(item)]
    first = node.items.index(found[0]) if found else 0
    while first > 1 and isinstance(node.items[first - 1], Symbol):  # a, b ∈ R
        first -= 1
        found.insert(0, node.items[first])
    if not found and _is_index_of(node.items[-1], node.items[:-1]):
        found = [node.items[-1]]
    return found if len(found) < len(node.items) else []


def _is_index_of(last: Node, items: tuple[Node, ...]) -> bool:
    """`n ≥ 1` behind `u_0 = 1, u_n = 2u_{n-1}`: where the index starts is known from the first terms."""
    if not is_statement(last) or not isinstance(last, Relation) or not isinstance(last.sides[0], Symbol):
        return False
    said = [item for item in items if isinstance(item, Relation) and set(item.operators) == {"="}]
    terms = len(said) == len(items) and all(isinstance(item.sides[0], Subscript) for item in said)
    return terms and sum(len(item.operators) for item in said) > 1


def over_domain(value: Value, domains: list[Node]) -> Value:
    """`(t, t, t), t ∈ R` may be named by any letter; one over Z is called as whole numbers are by habit."""
    domain = domains[0]
    if len(domains) != 1 or not isinstance(domain, Relation) or domain.sides[1] not in _USUAL_LETTERS:
        return value
    letter, usual = domain.sides[0], _USUAL_LETTERS[domain.sides[1]]
    names = free_names(value)
    if not isinstance(letter, Symbol) or letter.name not in names:
        return value
    if isinstance(value, (Inequality, Region)):
        return _with_members(value, letter.name) if usual == "k" else value
    if usual == "t" and not isinstance(value, (Items, Table)):
        return Restricted(value, Statement("∈", Quantity(Variable(letter.name)), Named("R")))
    name = letter.name if usual in names or letter.name in _WHOLE else usual
    value = substituted(value, {letter.name: Variable(name)})
    return value if usual == "k" else Restricted(value, Statement("∈", Quantity(Variable(name)), Named("R")))


def _with_members(value: Value, letter: str) -> Value:
    """`1 ≤ n ≤ 3, n ∈ Z`: the condition or the numbers, whichever the other side has; of x the numbers."""
    members = integer_members(value, natural=False, most=_MOST_BEHIND)
    if members is None:
        return value
    numbers = tuple(Quantity(rational(member)) for member in members)
    members_only = Items(kind="set", items=numbers, opening="{", closing="}")
    if letter not in _WHOLE:
        return members_only  # 1 ≤ x ≤ 3 alone is an interval
    return Items(kind="approximation", items=(value, members_only))


_USUAL_LETTERS: dict[Node, str] = {
    Accent("mathbb", Symbol("R")): "t",
    Accent("mathbb", Symbol("Z")): "k",
}


_WHOLE = frozenset("nkml")
_MOST_BEHIND = 100  # members that a condition comes to, as an answer may be conditions, one after another


def _is_domain(node: Node) -> bool:
    """`k ∈ Z`, beside the values in which k occurs, and `ε → 0`, beside an approximation."""
    if _tends(node) or _is_any(node):
        return True
    if (
        not isinstance(node, Relation)
        or node.operators != ("∈",)
        or not isinstance(node.sides[0], (Symbol, Subscript, List))
    ):
        return False
    right = node.sides[1]
    base = right.base if isinstance(right, (Power, Subscript)) else right
    return isinstance(base, Accent) and base.name == "mathbb"


def _is_any(node: Node) -> bool:
    """`any integer n`, `n any integer` and `n integer`, behind the values in which n occurs."""
    if not isinstance(node, Product) or len(node.factors) > len(("any", "integer", "n")):
        return False
    words = {factor.text.strip() for factor in node.factors if isinstance(factor, (Text, Word))}
    return words in _ANY and sum(isinstance(factor, Symbol) for factor in node.factors) == 1


_ANY = (
    {"integer"},
    {"any", "integer"},
    {"an", "integer"},
    {"every", "integer"},
    {"all", "integers"},
    {"arbitrary", "integer"},
)


def _tends(node: Node) -> bool:
    r"""`\epsilon \to 0^+`, `x \to \infty`: a letter that becomes small or large."""
    if not isinstance(node, Relation) or node.operators != ("→",) or not isinstance(node.sides[0], Symbol):
        return False
    place = node.sides[1]
    while isinstance(place, (Power, Postfix, Prefix)):
        place = place.base if isinstance(place, Power) else place.argument
    return place in (Number("0"), Symbol("infty"))


def run_apart(gold: str, first: Value, given: str, second: Value) -> bool:
    r"""Whether one letter runs through all reals on one side, and through whole numbers only on the other.

    Or through positive ones, and through negative ones or through those above 5.

    An interval in brackets has all reals in it.

    >>> t, k = (Quantity(Variable(name)) for name in "tk")
    >>> run_apart(r"(t, 2t), t \in \mathbb{R}", t, r"(k, 2k), k \in \mathbb{Z}", k)
    True
    >>> run_apart(r"k\pi, k \in \mathbb{Z}", k, r"n\pi, n \in \mathbb{N}", k)
    False
    """
    runs = [
        {(name or _PLAIN_LETTERS[sign]) in "RC" for name, sign in _RUN_THROUGH.findall(text)}
        for text in (gold, given)
    ]
    if any(runs[at] == {False} and _is_interval(value) for at, value in enumerate((second, first))):
        return True
    above = [{(bool(more), end or "0") for more, end in _OF_ONE_SIGN.findall(text)} for text in (gold, given)]
    if len(above[0]) == len(above[1]) == 1 and above[0] != above[1]:
        return True
    both = bool(free_names(first)) and bool(free_names(second))  # else what is said is no letter's range
    return both and len(runs[0]) == len(runs[1]) == 1 and runs[0] != runs[1]


_RUN_THROUGH = re.compile(
    r"(?:\\in|∈) ?(?:\\(?:mathbb|Bbb|mathds) ?\{?([RCZN])\b(?!\}? ?[\^_])|([ℝℂℤℕ])(?!\s?[\^_⁺₊]))"
)
# The positive or the negative ones of a set, or those beyond a number: `\mathbb{Q}_{>0}`.
_OF_ONE_SIGN = re.compile(
    r"(?:\\in|∈) ?(?:\\mathbb ?\{?[RQZ]\}?|[ℝℚℤ])(?=[_^⁺⁻₊₋])[_^]?\{?\s*"
    r"(?:(>|\+|≥|\\ge?q?t?(?![a-z])|⁺|₊)|[<≤⁻₋-]|\\l)(?:\s*(\d+))?"
)
_PLAIN_LETTERS = {"ℝ": "R", "ℂ": "C", "ℤ": "Z", "ℕ": "N"}


def _is_interval(value: Value) -> bool:
    if isinstance(value, Region):
        return all(map(_is_interval, value.parts))
    pair = isinstance(value, Items) and value.kind == "tuple" and len(value.items) == _ENDS
    return pair and not free_names(value)  # with letters, a moving point


_ENDS = 2


def tend_apart(gold: str, given: str) -> bool:
    r"""Whether a letter tends to one place on one side, and to another on the other.

    >>> tend_apart(r"1/x, x \to 0", r"\frac1x \text{ as } x \to \infty"), tend_apart("1/x", r"1/x, x \to 0")
    (True, False)
    """
    if not (_ARROW.search(gold) and _ARROW.search(given)):
        return False
    first, second = (_places(text) for text in (gold, given))
    return any(_are_apart(first[name], second[name]) for name in first.keys() & second.keys())


def _places(text: str) -> dict[str, tuple[str, str]]:
    """Where letters tend to, and from which side, each said last."""
    found = {}
    for name, sign, place, above, side in _TENDS.findall(text):
        bare = sign.replace("+", "")
        found[name] = (f"{bare}infinity", "") if place in _FAR else (bare + place, above or side)
    return found


def _are_apart(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] != other[0] or (one[1] != other[1] and bool(one[1]) and bool(other[1]))


_FAR = frozenset(["\\infty", "∞", "infinity", "inf", "oo"])
_ARROW = re.compile(r"\\to(?![a-z])|\\(?:long)?rightarrow|→|->|\b(?:tends|goes|approaches)\b")
# `x \to 0^+`, `x tends to infinity`; under a \lim the place is part of the value
_TENDS = re.compile(
    r"(?<![\\A-Za-z{])(?<!lim )(\\?[A-Za-z]{1,10})(?:[\s$]{0,3})"
    r"(?:\\to(?![a-z])|\\(?:long)?rightarrow|→|->|(?:tends|goes) to|approaches)[\s$]{0,3}"
    r"([+-]?)(\\infty|∞|infinity|inf|oo|\d+(?:\.\d+)?|\\pi)(?:\^\{?([+-])|([+-])(?![\d.\\A-Za-z]))?"
)
