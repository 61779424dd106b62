"""Echoes: answers that only repeat the problem, or join its numbers, and so have computed nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.latex import Group, Number, Prefix, Product, Sum, to_latex

if TYPE_CHECKING:
    from mathtune.latex import Node

__all__ = ["asks_for", "joins_numbers", "repeats_problem"]

# A single fraction or root of plain entries is a value, computed or not.
_PLAIN_FORM = re.compile(r"-?\d*(?:\\frac(?:\{-?\w+\}){2}|\\sqrt(?:\[\d+\])?\{\w+\}|\w+/\w+)(?:\\pi|\w)*\Z")

# A text may be long: only its last part is searched.
_LONGEST = 20_000


def repeats_problem(answer: str, gold: str, context: str | None) -> bool:
    """Whether the answer only repeats an expression of the problem that the gold answer does not.

    A model that boxes the question has computed nothing, however equal the value.
    """
    if not context:
        return False
    squeezed = _squeeze(answer)
    if len(squeezed) < 4 or not any(sign in squeezed for sign in ("+", "-", "*", "\\", "^", "/", "!")):
        return False
    if squeezed.startswith(("\\text", "\\pi", "(", "[", "\\{")) or _PLAIN_FORM.match(squeezed):
        return False  # a fraction, root, point or set may well be said in the problem
    problem = _squeeze(context)
    return squeezed in problem and _squeeze(gold).split("=")[-1].rstrip(".") not in problem


def asks_for(node: Node, context: str) -> bool:
    """Whether an expression of several letters stands in the problem, which then asks for its value."""
    text = _squeeze(to_latex(node)).replace("\\cdot", "")
    return len(text) > 1 and text in _squeeze(context).replace("\\cdot", "")


def joins_numbers(node: Node, context: str) -> bool:
    """Whether an answer is an unevaluated sum or product of whole numbers that all stand in the problem."""
    if isinstance(node, Group) and node.body is not None and node.opening in ("", "("):
        return joins_numbers(node.body, context)
    if isinstance(node, Sum):
        parts: tuple[Node, ...] = node.terms
    elif isinstance(node, Product) and all(node.operators) and "/" not in node.operators:
        parts = node.factors
    else:
        return False
    numbers = [part.argument if isinstance(part, Prefix) else part for part in parts]
    found = set(re.findall(r"\d+", context[-_LONGEST:]))
    return all(isinstance(number, Number) and number.text in found for number in numbers)


def _squeeze(text: str) -> str:
    for mark in ("$", " ", "\n", "\\,", "\\!", "\\left", "\\right", "\\displaystyle"):
        text = text.replace(mark, "")
    return _AROUND_ONE.sub(r"\1", text.replace("\\dfrac", "\\frac").replace("\\tfrac", "\\frac"))


# Braces that may be left out: x^{4}, \frac{a}{d}.
_AROUND_ONE = re.compile(r"\{(\w)\}")
