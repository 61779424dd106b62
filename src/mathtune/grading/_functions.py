r"""Functions as they are written -> expressions: `\log_2 x`, `J_0(x)`, `{}_2F_1(a,b;c;z)`, `\det A`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from mathtune.algebra import (
    Apply,
    Bound,
    Constant,
    Expression,
    Rational,
    Variable,
    add,
    apply,
    divide,
    multiply,
    negate,
    power,
    rational,
    symbols,
)
from mathtune.latex import (
    Accent,
    Call,
    Group,
    List,
    Matrix,
    Node,
    Number,
    Power,
    Prefix,
    Relation,
    Subscript,
    Symbol,
    Text,
)

from ._calculus import differentiated, with_index
from ._numerals import root
from ._values import NotScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[[Node], Expression]

__all__ = [
    "ONES",
    "chosen",
    "determinant",
    "function_value",
    "indicator",
    "minors_determinant",
    "positive_part",
    "within",
]

E = Constant("e")

_TRIGONOMETRIC = frozenset(
    ["sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch"]
)
# Larger determinants do not occur in answers, and their expansion has n! terms.
_LARGEST_DETERMINANT = 4


def function_value(node: Call, formula: Formula) -> Expression:
    """A function called by its name, in LaTeX, plain text or Maxima.

    Raises:
        NotScalarError: Its value is no number.
    """
    rule = _WRITTEN.get(node.name)
    if rule is not None:
        found: Expression | None = rule(node, formula)
        if found is not None:
            return found
    arguments = tuple(formula(argument) for argument in node.arguments)
    call = _CALLS.get(node.name)
    if call is not None and node.base is None:
        value: Expression = call(arguments)
        return value if node.power is None else power(value, formula(node.power))
    if node.name in ("log", "lg", "ln"):
        return _logarithm(node, arguments, formula)
    if not arguments or (node.base is not None and node.name not in ("max", "min", "gcd")):
        raise NotScalarError
    if node.power is None:
        return _applied(node.name, arguments)
    exponent = formula(node.power)
    if exponent == rational(-1) and node.name in _TRIGONOMETRIC:
        return apply("arc" + node.name, *arguments)
    return power(_applied(node.name, arguments), exponent)


def _applied(name: str, arguments: tuple[Expression, ...]) -> Expression:
    """A function of its arguments; `max S` is of a set or of a function, whose values are not known."""
    first = arguments[0]
    if name == "arg" and isinstance(first, Apply) and first.name in ("max(", "min("):
        return Apply(f"arg{first.name}", first.arguments)
    unknown = name in ("max", "min") and len(arguments) == 1 and symbols(first)
    return Apply(f"{name}(", arguments) if unknown else apply(name, *arguments)


def _logarithm(node: Call, arguments: tuple[Expression, ...], formula: Formula) -> Expression:
    if node.base is not None:
        base = formula(node.base)
    elif len(arguments) == 2:
        base = arguments[1]
    elif node.name == "lg":
        base = rational(10)
    else:
        base = E
    if not arguments:
        raise NotScalarError
    natural = node.name == "log" and node.base is None and len(arguments) == 1
    value = Apply("log" if natural else "ln", arguments[:1])
    exact = value if base == E else divide(value, Apply("ln", (base,)))
    return exact if node.power is None else power(exact, formula(node.power))


def _only(arguments: tuple[Expression, ...]) -> Expression:
    if len(arguments) != 1:
        raise NotScalarError
    return arguments[0]


def _exp(arguments: tuple[Expression, ...]) -> Expression:
    return power(E, _only(arguments))


def _sqrt(arguments: tuple[Expression, ...]) -> Expression:
    return root(_only(arguments), rational(2))


def _cbrt(arguments: tuple[Expression, ...]) -> Expression:
    return root(_only(arguments), rational(3))


def _nth_root(arguments: tuple[Expression, ...]) -> Expression:
    if len(arguments) == 2:
        return (
            power(arguments[0], divide(rational(1), arguments[1]))
            if not isinstance(arguments[1], Rational)
            else root(*arguments)
        )
    return root(_only(arguments), rational(2))


def _cis(arguments: tuple[Expression, ...]) -> Expression:
    angle = _only(arguments)
    return add(apply("cos", angle), multiply(Constant("i"), apply("sin", angle)))


def _not_scalar(_arguments: tuple[Expression, ...]) -> Expression:
    raise NotScalarError


_CALLS: dict[str, Any] = {
    "exp": _exp,
    "sqrt": _sqrt,
    "cbrt": _cbrt,
    "cis": _cis,
    "root": _nth_root,
    **dict.fromkeys(("matrix", "oo", "oc", "co", "cc", "union", "intersection", "vec"), _not_scalar),
}


def _written_series(node: Call, formula: Formula) -> Expression | None:
    """Maxima writes sum(f, k, a, b) and int(f, x, a, b)."""
    if len(node.arguments) not in (2, 4):
        return None
    letter = node.arguments[1]
    variable = Variable("i") if letter == Symbol("i") else formula(letter)
    if not isinstance(variable, Variable):
        raise NotScalarError
    body = with_index(node.arguments[0], variable.name, formula)
    kind = "prod" if node.name == "product" else node.name
    low, high = map(formula, node.arguments[2:]) if node.arguments[2:] else (None, None)
    return Bound(kind, variable.name, body, low, high)


def _written_derivative(node: Call, formula: Formula) -> Expression | None:
    if len(node.arguments) != 2:
        return None
    return differentiated(formula(node.arguments[0]), formula(node.arguments[1]))


def _multinomial(node: Call, formula: Formula) -> Expression | None:
    r"""`\binom{6}{1,2,3}`: the factorial over the product of the factorials."""
    if len(node.arguments) != 2 or not isinstance(node.arguments[1], List):
        return None
    parts = [apply("factorial", formula(item)) for item in node.arguments[1].items]
    return divide(apply("factorial", formula(node.arguments[0])), multiply(*parts))


def _polylogarithm(node: Call, formula: Formula) -> Expression | None:
    if node.base is None or node.power is not None or len(node.arguments) != 1:
        return None
    return apply("polylog", formula(node.base), formula(node.arguments[0]))


def _matrix_function(node: Call, formula: Formula) -> Expression | None:
    """The determinant or the trace of a matrix that is written out."""
    body = node.arguments[0] if len(node.arguments) == 1 else None
    while isinstance(body, Group) and body.body is not None:
        body = body.body
    if not isinstance(body, Matrix):
        return None
    if node.name == "det":
        return determinant(body, formula)
    return add(*(formula(row[at]) for at, row in enumerate(body.rows) if at < len(row)))


_WRITTEN: dict[str, Any] = {
    **dict.fromkeys(("sum", "product", "int"), _written_series),
    "diff": _written_derivative,
    "binom": _multinomial,
    "Li": _polylogarithm,
    "det": _matrix_function,
    "tr": _matrix_function,
}


def determinant(matrix: Matrix, formula: Formula) -> Expression:
    """The determinant of a small square matrix.

    Raises:
        NotScalarError: It is not square, or too large.
    """
    size = len(matrix.rows)
    if size > _LARGEST_DETERMINANT or any(len(row) != size for row in matrix.rows):
        raise NotScalarError
    return minors_determinant([[formula(cell) for cell in row] for row in matrix.rows])


def minors_determinant(rows: list[list[Expression]]) -> Expression:
    """The determinant, expanded along its first row; only for small matrices."""
    if len(rows) == 1:
        return rows[0][0]
    terms = []
    for column, entry in enumerate(rows[0]):
        minor = minors_determinant([row[:column] + row[column + 1 :] for row in rows[1:]])
        term = multiply(entry, minor)
        terms.append(negate(term) if column % 2 else term)
    return add(*terms)


def positive_part(base: Node, mark: Text, formula: Formula) -> Expression:
    """`(x - 1)_+` and `(x - 1)^+`.

    Raises:
        NotScalarError: The mark is no plus, or stands at no bracket.
    """
    if mark.text != "+" or not isinstance(base, Group) or base.opening not in ("(", "["):
        raise NotScalarError
    return apply("max", rational(0), formula(base))


# What an indicator is written with.
ONES = (Number("1"), Group("", Number("1"), ""), Accent("mathbb", Symbol("1")))
_ORDERINGS = frozenset("<≤>≥")


def indicator(node: Subscript, formula: Formula) -> Expression | None:
    r"""`\mathbf 1_{x > 0}`: 1 where inequalities hold and 0 elsewhere."""
    condition: Node | None = node.index
    while isinstance(condition, Group):
        condition = condition.body
    if not isinstance(condition, Relation) or not set(condition.operators) <= _ORDERINGS:
        return None
    steps = []
    for operator, pair in zip(condition.operators, itertools.pairwise(condition.sides), strict=True):
        low, high = map(formula, pair if operator in "<≤" else pair[::-1])
        steps.append(apply("step", add(high, negate(low))))
    return multiply(*steps)


def within(node: Node, following: Node, formula: Formula) -> Expression | None:
    r"""`\chi_{[0,1]}(x)`, `\mathbf 1_{(0,\infty)}(x)`: 1 where the argument lies in an interval."""
    if not isinstance(node, Subscript) or node.base not in (*ONES, Symbol("chi")):
        return None
    ends = node.index.body if isinstance(node.index, Group) and node.index.opening in {"(", "["} else None
    if not isinstance(ends, List) or not isinstance(following, Group) or following.body is None:
        return None
    sides = (ends.items[0], following.body, ends.items[-1])
    finite = tuple(side for side in sides if side not in _INFINITE)
    return indicator(Subscript(node.base, Relation(("≤",) * (len(finite) - 1), finite)), formula)


_INFINITE = (Symbol("infty"), Prefix("-", Symbol("infty")), Prefix("+", Symbol("infty")))


def chosen(factors: list[Node], at: int, formula: Formula) -> tuple[Expression, int] | None:
    """`{}_5C_2`, `{}^5C_2`, `5C2`: the value, and how many factors it takes."""
    left, middle = factors[at], factors[at + 1]
    letter = middle.base if isinstance(middle, Subscript) else middle
    name = _CHOICES.get(letter.name) if isinstance(letter, Symbol) else None
    if name is None:
        return None
    if not isinstance(middle, Subscript):
        numbers = [left, *factors[at + 2 : at + 3]]
        whole = len(numbers) == 2 and all(isinstance(n, Number) and n.text.isdecimal() for n in numbers)
        return (apply(name, *map(formula, numbers)), 3) if whole else None
    if not isinstance(left, (Subscript, Power)) or left.base not in _NOTHING:
        return None
    index = left.index if isinstance(left, Subscript) else left.exponent
    return apply(name, formula(index), formula(middle.index)), 2


_CHOICES = {"C": "binom", "P": "nPr"}
_NOTHING = (Group("", None, ""), Text(""))
