"""Tree -> exact expression, for whatever is one number or formula."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from mathtune.algebra import (
    Apply,
    Constant,
    Expression,
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
    Big,
    Call,
    Fraction,
    Group,
    Grouped,
    List,
    Matrix,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Repeating,
    Root,
    Subscript,
    Sum,
    Symbol,
    Text,
    Where,
    Word,
    to_text,
)

from ._at_ends import at_place, between_ends
from ._calculus import big_value
from ._dots import with_dots
from ._factors import product_value
from ._functions import ONES, determinant, function_value, indicator, positive_part
from ._letters import FUNCTION_LETTERS, is_run
from ._numerals import DEGREE, double_factorial, in_base, integer, number_value, repeating, root
from ._slopes import named_slope, slope
from ._values import NotScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[[Node], Expression]

__all__ = ["FUNCTION_LETTERS", "NotScalarError", "formula", "in_base", "index_in_order", "number_value"]

PI = Constant("pi")
E = Constant("e")


def formula(node: Node, sign: int = 0) -> Expression:
    """The expression that a tree means.

    Args:
        node: The tree.
        sign: What `±` stands for: 1, -1, or 0 where none may occur.

    Raises:
        NotScalarError: The tree is a list, a relation, words, or has no scalar meaning.
    """
    if type(node) is Number:
        return number_value(node.text)
    rule = _RULES.get(type(node))
    if rule is None:
        raise NotScalarError
    return rule(node, sign)


def _grouped(node: Grouped, _sign: int) -> Expression:
    return number_value("".join(node.parts))


def _symbol(node: Symbol, _sign: int) -> Expression:
    return _SYMBOLS.get(node.name) or Variable(_LETTERS.get(node.name, node.name))


_SYMBOLS: dict[str, Expression] = {
    "pi": PI,
    "e": E,
    "i": Constant("i"),
    "infty": Constant("infty"),
    "imath": Constant("i"),
}
_LETTERS = {
    "top": "T",  # A^\top, transposed
    "varepsilon": "epsilon",
    "varphi": "phi",
    "vartheta": "theta",
    "varrho": "rho",
    "varsigma": "sigma",
}
_NOT_NUMBERS = frozenset(["emptyset", "forall", "exists", "therefore", "because", "square", "checkmark", "#"])


def _letter(node: Symbol, sign: int) -> Expression:
    if node.name in _NOT_NUMBERS:
        raise NotScalarError
    return _symbol(node, sign)


def _word(node: Word, _sign: int) -> Expression:
    if not is_run(node.text):
        raise NotScalarError
    return _letters_of(node.text)


def _letters_of(word: str) -> Expression:
    return multiply(*(_symbol(Symbol(letter), 0) for letter in word))


def _text(node: Text, _sign: int) -> Expression:
    name = node.text.strip()
    if len(name) == 1 and name.isalpha():
        return _symbol(Symbol(name), 0)
    if not name or not name.replace(" ", "").isalpha() or len(name) > 40 or name.startswith(("is ", "are ")):
        raise NotScalarError
    return Variable(name)


def _prefix(node: Prefix, sign: int) -> Expression:
    if node.operator == "+":
        return formula(node.argument, sign)
    if node.operator == "-":
        return negate(formula(node.argument, sign))
    if node.operator in "±∓" and sign:
        inner = formula(node.argument, sign)
        return inner if (sign > 0) == (node.operator == "±") else negate(inner)
    if node.operator == "∠" and isinstance(node.argument, Postfix) and node.argument.operator == "°":
        angle = formula(node.argument, sign)  # 2∠60°, a complex number as engineers write it
        return add(apply("cos", angle), multiply(Constant("i"), apply("sin", angle)))
    if node.operator == "∠":
        return Variable("∠" + _angle_name(node.argument))
    raise NotScalarError


def _angle_name(node: Node) -> str:
    name = to_text(node).replace(" ", "").replace("*", "")
    return min(name, name[::-1]) if len(name) == 3 else name


def _postfix(node: Postfix, sign: int) -> Expression:
    if node.operator == "'":
        return _primed(node, sign)
    inner = formula(node.argument, sign)
    if node.operator == "!":
        return apply("factorial", inner)
    if node.operator == "!!":
        return double_factorial(inner)
    if node.operator == "%":
        return divide(inner, rational(100))
    if node.operator == "°":
        return multiply(inner, DEGREE)
    if node.operator in ("th", "+"):
        return inner
    raise NotScalarError


def _primed(node: Postfix, sign: int) -> Expression:
    inner: Node = node
    marks = 0
    while isinstance(inner, Postfix) and inner.operator == "'":
        marks, inner = marks + 1, inner.argument
    if isinstance(inner, Product) and isinstance(inner.factors[0], Symbol):  # f(x)'
        raise NotScalarError
    value = formula(inner, sign)
    if isinstance(value, Variable):
        return Variable(value.name + "'" * marks)
    raise NotScalarError


def _sum(node: Sum, sign: int) -> Expression:
    for at, term in enumerate(node.terms):
        bare = term.argument if type(term) is Prefix else term
        if type(bare) is Symbol and bare.name == "ldots":
            return with_dots([formula(term, sign) for term in (*node.terms[:at], *node.terms[at + 1 :])], at)
    return add(*[formula(term, sign) for term in node.terms])


def _fraction(node: Fraction, sign: int) -> Expression:
    if isinstance(node.numerator, (Product, Word)) and isinstance(node.denominator, (Product, Word)):
        name = to_text(node)
        if slope(name) is not None:
            return Variable(named_slope(name))
    return divide(formula(node.numerator, sign), formula(node.denominator, sign))


def _power(node: Power, sign: int) -> Expression:
    if isinstance(node.exponent, Text):
        return positive_part(node.base, node.exponent, _SIGNED[sign])
    if isinstance(node.base, Subscript):
        indexed = _arranged(node, node.base) or between_ends(node, _SIGNED[sign])
        if indexed is not None:
            return indexed
    return power(formula(node.base, sign), formula(node.exponent, sign))


def _arranged(node: Power, base: Subscript) -> Expression | None:
    """`C_5^2` and `A_5^2`: combinations and arrangements with the larger number below."""
    if base.base not in _ARRANGED:
        return None
    if base.base == Symbol("C") and isinstance(base.index, Product) and isinstance(node.exponent, Symbol):
        return apply("binom", formula(base.index), formula(node.exponent))  # C_{2n}^n
    numbers = [part.text for part in (base.index, node.exponent) if isinstance(part, Number)]
    if (
        len(numbers) < 2
        or not all(text.isdecimal() for text in numbers)
        or integer(numbers[0]) < integer(numbers[1])
    ):
        return None
    return apply("binom" if base.base == Symbol("C") else "nPr", *map(number_value, numbers))


def _arranged_above(node: Subscript) -> Expression | None:
    """`C^3_{10}`, with the scripts the other way round."""
    power_of = node.base
    if not isinstance(power_of, Power) or power_of.base not in _ARRANGED:
        return None
    below = Subscript(power_of.base, node.index)
    return _arranged(Power(below, power_of.exponent), below)


_ARRANGED = (Symbol("C"), Symbol("A"), Symbol("P"))


def _subscript(node: Subscript, sign: int) -> Expression:
    if isinstance(node.index, Text) and isinstance(node.base, Group):
        return positive_part(node.base, node.index, _SIGNED[sign])
    special = indicator(node, _SIGNED[sign]) if node.base in ONES else _arranged_above(node)
    if special is not None:
        return special
    if isinstance(node.base, (Number, Grouped)):
        return _in_base(node)
    if node in _EULERS:
        return Variable("gamma")
    placed = at_place(node, _SIGNED[sign])
    if placed is not None:
        return placed
    base = formula(node.base, sign)
    if not isinstance(base, Variable) and not isinstance(base, Constant):
        raise NotScalarError
    return Variable(f"{base.name}_{to_text(index_in_order(node.index)).replace(' ', '')}")


# Euler's constant with his initial.
_EULERS = (Subscript(Symbol("gamma"), Symbol("E")), Subscript(Symbol("gamma"), Text("E")))


def index_in_order(index: Node) -> Node:
    """`1 + n` is the index n + 1, and `-1 - k + n` is n - k - 1."""
    return Sum(tuple(sorted(index.terms, key=_place_in_index))) if isinstance(index, Sum) else index


def _place_in_index(term: Node) -> tuple[bool, bool, str]:
    """Letters before numbers, and those that are added before those that are taken off."""
    bare = term.argument if isinstance(term, Prefix) else term
    return isinstance(bare, Number), bare is not term, to_text(bare)


def _in_base(node: Subscript) -> Expression:
    """`52_8` is forty-two."""
    digits = node.base.text if isinstance(node.base, Number) else ""
    index = node.index.body if isinstance(node.index, Group) else node.index
    value = in_base(digits, to_text(index)) if index is not None else None
    if value is None:
        raise NotScalarError
    return value


def _root(node: Root, sign: int) -> Expression:
    radicand = formula(node.radicand, sign)
    return root(radicand, _TWO if node.index is None else formula(node.index, sign))


_TWO = rational(2)


def _group(node: Group, sign: int) -> Expression:
    if node.body is None:
        raise NotScalarError
    if node.opening in ("|", "‖"):
        return _absolute(node.body, sign)
    if node.opening == "⌊":
        return apply("floor", formula(node.body, sign))
    if node.opening == "⌈":
        return apply("ceil", formula(node.body, sign))
    if node.opening == "⟨" and not isinstance(node.body, List):  # a mean, or what a letter generates
        return Apply("mean(", (formula(node.body, sign),))
    if node.opening in ("{", "⟨"):
        raise NotScalarError
    if (node.opening, node.closing) not in (("(", ")"), ("[", "]"), ("", "")):
        raise NotScalarError
    if isinstance(node.body, Grouped) and node.opening:
        raise NotScalarError  # (100,200) may be a pair
    return formula(node.body, sign)


def _absolute(body: Node, sign: int) -> Expression:
    """The absolute value; between bars around a matrix, its determinant; around a vector, its length."""
    inner = body.body if isinstance(body, Group) else body
    if isinstance(inner, Matrix) and len(inner.rows) == len(inner.rows[0]) > 1:
        return determinant(inner, _SIGNED[sign])
    if isinstance(inner, List) and isinstance(body, Group) and body.opening in ("(", "[", "⟨"):
        squares = [power(formula(item, sign), rational(2)) for item in inner.items]
        return root(add(*squares), rational(2))
    return apply("abs", formula(body, sign))


def _accent(node: Accent, sign: int) -> Expression:
    if node.name == "mathbb":
        raise NotScalarError
    if node.name in ("underbrace", "overbrace"):
        return formula(node.body, sign)
    if node.name in ("overline", "overarc", "overleftrightarrow"):
        letters = to_text(node.body).replace(" ", "")
        if letters.isupper() and len(letters) > 1:  # of one letter it is a mean or a complement
            return formula(node.body, sign)
    if node.name in ("overline", "bar") and isinstance(node.body, (Sum, Product, Group)):
        return _conjugate(node, sign)
    if node.name in _DOTS:
        return Variable(named_slope(to_text(node)))
    points = node.body.text if node.name == "vec" and isinstance(node.body, Word) else ""
    if len(points) == len("AB") and points.isupper() and points[1] < points[0]:
        return negate(Variable(f"vec {points[::-1]}"))  # from B to A
    return Variable(f"{node.name} {to_text(node.body)}")


_DOTS = frozenset(["dot", "ddot", "dddot"])


def _conjugate(node: Accent, sign: int) -> Expression:
    """The conjugate of a number; over letters the bar is part of a name."""
    value = formula(node.body, sign)
    return Variable(f"{node.name} {to_text(node.body)}") if symbols(value) else apply("conj", value)


def _matrix(node: Matrix, sign: int) -> Expression:
    if node.environment != "vmatrix":
        raise NotScalarError
    return determinant(node, _SIGNED[sign])


def _where(node: Where, sign: int) -> Expression:
    return formula(node.body, sign)


_RULES: dict[type, Callable[[Any, int], Expression]] = {
    Grouped: _grouped,
    Repeating: lambda node, _sign: repeating(node.text, node.period),
    Symbol: _letter,
    Word: _word,
    Text: _text,
    Prefix: _prefix,
    Postfix: _postfix,
    Sum: _sum,
    Product: lambda node, sign: product_value(node, _SIGNED[sign]),
    Fraction: _fraction,
    Power: _power,
    Subscript: _subscript,
    Root: _root,
    Group: _group,
    Call: lambda node, sign: function_value(node, _SIGNED[sign]),
    Accent: _accent,
    Big: lambda node, sign: big_value(node, _SIGNED[sign]),
    Matrix: _matrix,
    Where: _where,
}

# The same with the sign held, for the modules that read functions and integrals.
_SIGNED: dict[int, Callable[[Node], Expression]] = {sign: partial(formula, sign=sign) for sign in (-1, 0, 1)}
