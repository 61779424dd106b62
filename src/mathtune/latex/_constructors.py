"""Calls that build something in SymPy or Python: `Rational(1, 2)`, `Interval.open(0, 1)`, `FiniteSet(1, 2)`.

Each builder gives the node that the same thing has in LaTeX, or None if the arguments do not fit.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

from typing import TYPE_CHECKING

from ._system_calls import SYSTEM_BUILDERS
from ._tree import (
    Big,
    Call,
    Cases,
    Fraction,
    Group,
    List,
    Matrix,
    Node,
    Number,
    Power,
    Prefix,
    Product,
    Relation,
    Sum,
    Symbol,
    Text,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["construct"]

_Arguments = tuple[Node, ...]


def construct(name: str, arguments: _Arguments) -> Node | None:
    """Build what the call means; None for a function."""
    build = _BUILDERS.get(name)
    return None if build is None or not arguments else build(arguments)


def _rational(arguments: _Arguments) -> Node | None:
    return Fraction(arguments[0], arguments[1]) if len(arguments) == 2 else None


def _interval(left_open: str, right_open: str) -> Callable[[_Arguments], Node | None]:
    def build(arguments: _Arguments) -> Node | None:
        ends, flags = arguments[:2], [argument == Word("True") for argument in arguments[2:]]
        if len(ends) < 2:
            return None
        endless = [(end.argument if isinstance(end, Prefix) else end) == Symbol("infty") for end in ends]
        opening = "(" if left_open or endless[0] or flags[:1] == [True] else "["
        closing = ")" if right_open or endless[1] or flags[1:] == [True] else "]"
        return Group(opening, List(", ", ends), closing)

    return build


def _items(opening: str, closing: str) -> Callable[[_Arguments], Node]:
    def build(arguments: _Arguments) -> Node:
        only = arguments[0] if len(arguments) == 1 else None
        if isinstance(only, Group) and only.opening == "[":  # set([1, 2]), as Python has it
            return Group(opening, only.body, closing)
        return Group(opening, only or List(", ", arguments), closing)

    return build


def _joined(operator: str) -> Callable[[_Arguments], Node]:
    return lambda arguments: (
        Product(arguments, (operator,) * (len(arguments) - 1)) if len(arguments) > 1 else arguments[0]
    )


def _piecewise(arguments: _Arguments) -> Node | None:
    """`Piecewise((x, x > 0), (0, True))`, and Mathematica's branches in braces with the rest behind them."""
    listed = _in_brackets(arguments[0])
    if listed and all(isinstance(item, Group) for item in listed):
        rest = tuple((value, Text("otherwise")) for value in arguments[1:])
        arguments = listed
    else:
        rest = ()
    rows = []
    for argument in arguments:
        branch = _in_brackets(argument)
        if len(branch) != len(("value", "condition")):
            return None
        value, condition = branch
        rows.append((value, Text("otherwise") if condition == Word("True") else condition))
    return Cases((*rows, *rest))


def _in_brackets(node: Node) -> _Arguments:
    """The items of `(a, b)` or `{a, b}`, the one of `{{a, b}}`; none of all else."""
    body = node.body if isinstance(node, Group) else None
    if isinstance(body, Group):
        return (body,)
    return body.items if isinstance(body, List) else ()


def _over_range(name: str) -> Callable[[_Arguments], Node | None]:
    """`Sum(n**2, (n, 1, 10))` and `Integrate[x^2, {x, 0, 1}]`: the letter and its ends are one by one."""

    def build(arguments: _Arguments) -> Node | None:
        over = _in_brackets(arguments[1]) if len(arguments) == len(("body", "range")) else ()
        known = len(over) == len(("letter", "first", "last"))
        return Call(name=name, arguments=(arguments[0], *over)) if known else None

    return build


def _only(arguments: _Arguments) -> Node | None:
    return arguments[0] if len(arguments) == 1 else None


def _matrix(arguments: _Arguments) -> Node | None:
    """`array([1, 2])` is a vector, and no interval; `Matrix([[1, 2], [3, 4]])` has its rows in brackets."""
    only = _only(arguments)
    body = only.body if isinstance(only, Group) and only.opening == "[" else None
    entries = body.items if isinstance(body, List) else ()
    flat = bool(entries) and not any(isinstance(entry, Group) for entry in entries)
    return Group("(", body, ")") if flat else only


def _terms(arguments: _Arguments) -> Node:
    return Sum(arguments) if len(arguments) > 1 else arguments[0]


def _factors(arguments: _Arguments) -> Node:
    return _joined("*")(tuple(Group("(", a, ")") if isinstance(a, Sum) else a for a in arguments))


def _power(arguments: _Arguments) -> Node | None:
    return Power(Group("(", arguments[0], ")"), arguments[1]) if len(arguments) == 2 else None


def _complex(arguments: _Arguments) -> Node | None:
    if len(arguments) != 2:
        return None
    return Sum((arguments[0], Product((Group("(", arguments[1], ")"), Symbol("i")), ("*",))))


def _equation(arguments: _Arguments) -> Node | None:
    return Relation(("=",), arguments) if len(arguments) == 2 else None


def _limit(arguments: _Arguments) -> Node | None:
    """`limit(f, x, a)`, as Maxima and SymPy have it."""
    if len(arguments) != 3:
        return None
    body, variable, place = arguments
    return Big("lim", Relation(("→",), (variable, place)), None, Group("(", body, ")"))


def _derivative(arguments: _Arguments) -> Node | None:
    """`diff(f, x, 2)`: the derivative of so high an order, one by one."""
    order = arguments[2] if len(arguments) == 3 else None
    if not isinstance(order, Number) or order.text not in _ORDERS:
        return None
    body = arguments[0]
    for _ in range(int(order.text)):
        body = Call(name="diff", arguments=(body, arguments[1]))
    return body


_ORDERS = frozenset("123456")


def _transposed(arguments: _Arguments) -> Node | None:
    return Power(arguments[0], Symbol("T")) if len(arguments) == 1 else None


def _determinant(arguments: _Arguments) -> Node | None:
    """`det(matrix([1, 2], [3, 4]))`."""
    matrix = arguments[0]
    rows = matrix.arguments if isinstance(matrix, Call) and matrix.name == "matrix" else ()
    if isinstance(matrix, Group) and isinstance(matrix.body, List):  # det([[1, 2], [3, 4]])
        rows = matrix.body.items
    cells = [row.body for row in rows if isinstance(row, Group) and row.opening == "["]
    if not cells or len(cells) < len(rows):
        return None
    return Matrix(
        "vmatrix", tuple(cell.items if isinstance(cell, List) else (cell,) for cell in cells if cell)
    )


_BUILDERS: dict[str, Callable[[_Arguments], Node | None]] = {
    "Rational": _rational,
    "Interval": _interval("", ""),
    "Interval.open": _interval("(", ")"),
    "Interval.Lopen": _interval("(", ""),
    "Interval.Ropen": _interval("", ")"),
    "FiniteSet": _items("{", "}"),
    "Tuple": _items("(", ")"),
    "Union": _joined("∪"),
    "Intersection": _joined("∩"),
    "Complement": _joined("∖"),
    "Piecewise": _piecewise,
    "int": _over_range("int"),
    "sum": _over_range("sum"),
    "product": _over_range("product"),
    "Matrix": _matrix,
    "Pow": _power,
    "complex": _complex,
    "Eq": _equation,
    "Add": _terms,
    "Mul": _factors,
    "Integer": _only,
    "limit": _limit,
    "diff": _derivative,
    "det": _determinant,
    "transpose": _transposed,
    **SYSTEM_BUILDERS,
}
