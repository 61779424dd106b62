r"""Letters that name functions by habit, but may be factors: `K(k)`, `u(t - 2)`, `\eta(2)`, `B(p, q)`.

A first reading takes them for factors. Here both answers are read with the functions, and what that proves
equal is equal: a product of letters does not agree with an elliptic integral by chance.
"""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Budget, BudgetExceededError
from mathtune.latex import (
    Call,
    Group,
    List,
    Node,
    Number,
    Power,
    Prefix,
    Product,
    Relation,
    Subscript,
    Sum,
    Symbol,
    Word,
)

from ._reading import read
from ._rebuilt import rebuilt
from ._words import ProseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._finding import Finding, Task
    from ._side import Side
    from ._values import Value

__all__ = ["same_functions"]

# What a text must hold before its tree is looked at.
_CALLED = re.compile(
    r"(?:[KEFHuUBSCDQP]|\\(?:theta|eta|beta|zeta)|[ujynNU]_.|[jynNU]_\{[^{}]{1,9}\}|[uHh]_\S{1,9}"
    r"|\^\{\([12]\)\})(?:\\left)?\(|\)_[\\{a-z]"
)


@attrs.frozen(kw_only=True)
class _Habit:
    """How letters are read: K(k) by its modulus or its parameter, u(t) as a step or not."""

    by_modulus: bool
    steps: bool


def same_functions(
    task: Task, gold: Side, given: Side, compare: Callable[[Task, Value, Value], Finding]
) -> Finding | None:
    """The finding where letters name functions, if that makes two answers equal.

    Args:
        task: The policy and the work left, of which half may be spent.
        gold: One answer.
        given: The other.
        compare: Compares two values.
    """
    if "(" not in gold.text and "(" not in given.text:
        return None
    first, second = _CALLED.findall(gold.text), _CALLED.findall(given.text)
    # B(3, 4) and B(4, 3) may be points; of one function, one reading is enough
    if first == second or set(first) == set(second):
        return None
    if gold.tree is None or given.tree is None:
        return None
    limited = attrs.evolve(task, budget=Budget(task.budget.left // 2))
    steps = _are_steps(gold.text, given.text)
    before = gold.tree, given.tree
    for by_modulus in (True, False):
        habit = _Habit(by_modulus=by_modulus, steps=steps)
        trees = _rewritten(gold.tree, habit), _rewritten(given.tree, habit)
        if trees == before:
            return None
        try:
            found = compare(limited, read(trees[0]), read(trees[1]))
        except (ProseError, BudgetExceededError):
            return None
        if found.equal:
            return found
        before = trees
    return None


def _are_steps(gold: str, given: str) -> bool:
    """Whether u(t) is a step for certain: written otherwise on the other side, or by cases there.

    Of one unknown function u on both sides, u(x) is not u(2x), as a step's values would be.
    """
    first, second = set(_STEP.findall(gold)), set(_STEP.findall(given))
    if first and second:
        return first != second
    return bool(first or second) and _BY_CASES.search(given if first else gold) is not None


_STEP = re.compile(r"((?:[uUH]|\\theta|[hH]eaviside)\}?_?)(?:(?<=_)[^(]{1,9})?(?:\\left)?\(")
_BY_CASES = re.compile(r"cases|sgn|sign|max|min|\||1_|[)\]]_\+|mathbb")


def _rewritten(node: Node, habit: _Habit) -> Node:
    """The tree with calls in the place of such letters; what an equation defines keeps its name."""
    if isinstance(node, Relation) and isinstance(node.sides[0], Product):
        rest = (_rewritten(side, habit) for side in node.sides[1:])
        return Relation(node.operators, (node.sides[0], *rest))
    if isinstance(node, Product):
        return _with_calls(node, habit)
    if isinstance(node, Subscript):
        return _pochhammer(node) or node
    return rebuilt(node, lambda part: _rewritten(part, habit))


def _with_calls(node: Product, habit: _Habit) -> Node:
    factors: list[Node] = []
    operators: list[str] = []
    at = 0
    while at < len(node.factors):
        called, letter = None, node.factors[at]
        if at + 1 < len(node.factors) and not node.operators[at]:
            if isinstance(letter, Word):  # tH(t)
                factors += map(Symbol, letter.text[:-1])
                operators += [""] * (len(letter.text) - 1)
                letter = Symbol(letter.text[-1])
            called = _call(letter, node.factors[at + 1], habit)
        factors.append(_rewritten(letter, habit) if called is None else called)
        at += 1 if called is None else 2
        operators += node.operators[at - 1 : at]
    return factors[0] if len(factors) == 1 else Product(tuple(factors), tuple(operators))


def _call(letter: Node, behind: Node, habit: _Habit) -> Node | None:
    """LETTER `(` arguments `)` [`^` power], with an index or a power at the letter."""
    if isinstance(behind, Power):
        inner = _call(letter, behind.base, habit)
        return None if inner is None else Power(inner, behind.exponent)
    if not isinstance(behind, Group) or behind.opening != "(" or behind.body is None:
        return None
    body = _rewritten(behind.body, habit)
    arguments = body.items if isinstance(body, List) and body.separator.strip() in {",", ";"} else (body,)
    if isinstance(letter, Symbol):
        return _plain(letter.name, arguments, habit)
    if isinstance(letter, Subscript) and isinstance(letter.base, Symbol):
        return _indexed(letter.base.name, letter.index, arguments, habit)
    if not isinstance(letter, Power):
        return None
    if isinstance(letter.base, Subscript) and letter.base.base == Symbol("H"):
        return _hankel(letter.exponent, letter.base.index, arguments)
    inner = _call(letter.base, behind, habit) if isinstance(letter.exponent, Number) else None
    return None if inner is None else Power(inner, letter.exponent)


def _hankel(mark: Node, order: Node, arguments: tuple[Node, ...]) -> Node | None:
    """`H_0^{(1)}(x)`."""
    kind = mark.body if isinstance(mark, Group) else None
    if kind is None or kind not in (Number("1"), Number("2")) or len(arguments) != 1:
        return None
    return Call(name="hankel", arguments=(kind, order, *arguments))


def _plain(name: str, arguments: tuple[Node, ...], habit: _Habit) -> Node | None:
    found = _LETTERS.get((name, len(arguments)))
    if found == "step" and not habit.steps:
        return None
    if found in _POINTS and all(isinstance(n, Number) for n in arguments) and Number("1") in arguments:
        return None  # the points B(1, 2) and P(3, 1): 1/2 and 3 agree by chance
    if found in _ELLIPTIC and habit.by_modulus:
        arguments = (*arguments[:-1], Power(Group("(", arguments[-1], ")"), Number("2")))
    return None if found is None else Call(name=found, arguments=arguments)


_POINTS = frozenset(["Beta", "nPr"])
_ELLIPTIC = frozenset(["elliptic K", "elliptic E", "elliptic F", "incomplete E"])
# (letter, number of arguments): the function
_LETTERS = {
    ("K", 1): "elliptic K",
    ("E", 1): "elliptic E",
    ("F", 2): "elliptic F",
    ("E", 2): "incomplete E",
    **dict.fromkeys([("H", 1), ("u", 1), ("U", 1), ("theta", 1)], "step"),
    ("eta", 1): "eta",
    ("zeta", 2): "zeta",
    ("beta", 1): "dirichlet beta",
    ("B", 2): "Beta",
    ("P", 2): "nPr",
    ("S", 1): "fresnel S",
    ("C", 1): "fresnel C",
    ("D", 1): "dawson",
    ("Q", 1): "tail",
    ("U", 3): "tricomi",
}


def _indexed(name: str, index: Node, arguments: tuple[Node, ...], habit: _Habit) -> Node | None:
    """`u_2(t)` is the step at 2; of the others the index is the order."""
    if len(arguments) != 1:
        return None
    if name in ("u", "U"):
        if not habit.steps:
            return None
        return Call(name="step", arguments=(Sum((arguments[0], Prefix("-", Group("(", index, ")")))),))
    found = _ORDERED.get(name)
    return None if found is None else Call(name=found, arguments=(index, *arguments))


_ORDERED = {"j": "spherical j", "y": "spherical y", "n": "spherical y", "N": "Y"}


def _pochhammer(node: Subscript) -> Node | None:
    """`(a)_n`, the rising factorial."""
    base = node.base
    if (
        not isinstance(base, Group)
        or base.opening != "("
        or base.body is None
        or isinstance(base.body, (List, Number))
    ):
        return None
    return Call(name="rising", arguments=(base.body, node.index))
