"""Tree -> exact expression, for whatever is one number or formula."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)

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

from ._calculus import big_value, differential_operator, differentiated
from ._dots import product_with_dots, with_dots
from ._functions import ONES, chosen, determinant, function_value, indicator, positive_part
from ._letters import FUNCTION_LETTERS, called, hypergeometric
from ._numerals import double_factorial, in_base, integer, number_value, repeating, root
from ._slopes import primed, slope
from ._values import NotScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[[Node], Expression]

__all__ = ["FUNCTION_LETTERS", "NotScalarError", "formula", "in_base", "number_value"]

HALF = rational(1, 2)
PI = Constant("pi")
E = Constant("e")
DEGREE = divide(PI, rational(180))


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
    if len(node.text) > _LONGEST_PRODUCT and not node.text.isupper():
        raise NotScalarError
    return _letters_of(node.text)


# A longer run of small letters is a word.
_LONGEST_PRODUCT = 3


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


def _product(node: Product, sign: int) -> Expression:
    factors, operators = list(node.factors), list(node.operators)
    if "ldots" in [factor.name for factor in factors if type(factor) is Symbol]:
        return _dotted(factors, operators, sign)
    whole = _angle(factors, operators, sign) if type(factors[0]) is Postfix else None
    if operators[:2] == ["/", ""]:
        whole = _derivative_in_line(factors, operators, sign)
    if whole is not None:
        return whole
    parts: list[Expression] = []  # multiplied in one go: one by one, a long product costs its square
    at = 0
    while at < len(factors):
        operator = operators[at - 1] if at else "*"
        factor, used = _factor(factors, operators, at, sign)
        if operator == "mod":
            parts = [apply("mod", multiply(*parts), factor)]
        elif operator in ("/", "÷", ":"):
            parts.append(divide(rational(1), factor))
        elif operator == "×" and parts and _is_vector(factor) and _is_vector(parts[-1]):
            parts[-1] = _cross(parts[-1], factor)
        elif operator in ("", "*", "×"):
            parts.append(factor)
        else:
            raise NotScalarError
        at += used
    return multiply(*parts)


_DOTS = Symbol("ldots")


def _dotted(factors: list[Node], operators: list[str], sign: int) -> Expression:
    r"""`2 \cdot 4 \cdots 100`."""
    at = factors.index(_DOTS)
    if not set(operators) <= {"", "*", "×"} or factors.count(_DOTS) > 1:
        raise NotScalarError
    return product_with_dots([formula(factor, sign) for factor in factors if factor != _DOTS], at)


def _is_vector(value: Expression) -> bool:
    return isinstance(value, Variable) and value.name.startswith("vec ")


def _cross(one: Expression, other: Expression) -> Expression:
    """Of two vectors with an arrow: turned round it is the opposite."""
    if repr(one) <= repr(other):
        return Apply("cross(", (one, other))
    return negate(Apply("cross(", (other, one)))


def _derivative_in_line(factors: list[Node], operators: list[str], sign: int) -> Expression | None:
    """`d/dx sin x`, as plain text has it."""
    if factors[0] not in (Symbol("d"), Symbol("partial")):
        return None
    found = differential_operator(Fraction(factors[0], factors[1]))
    if found is None:
        return None
    rest = Product(tuple(factors[2:]), tuple(operators[2:]))
    return differentiated(formula(rest, sign), formula(found[0], sign), formula(found[1], sign))


def _factor(factors: list[Node], operators: list[str], at: int, sign: int) -> tuple[Expression, int]:
    """The value that starts at `at`, and how many factors it takes: mixed numbers and f(x) take several."""
    node = factors[at]
    if at + 1 == len(factors) or operators[at] != "":
        slashed = at + 1 < len(factors) and operators[at] == "/"
        return (_slope_in_line(factors, at) if slashed else None) or (formula(node, sign), 1)
    following = factors[at + 1]
    choice = chosen(factors, at, _SIGNED[sign])
    if choice is not None:
        return choice
    if type(node) in _SIGNS and type(following) in _SIGNS and type(following) is not Number:
        return formula(node, sign), 1  # as in most products: 2x, 3√2
    if isinstance(node, (Number, Grouped)):
        mixed = _mixed(node, factors, operators, at)
        if mixed is not None:
            return mixed
        if isinstance(following, (Number, Grouped)):
            raise NotScalarError  # two numbers side by side
    return _applied(factors, operators, at, sign)


def _applied(factors: list[Node], operators: list[str], at: int, sign: int) -> tuple[Expression, int]:
    """A derivative's sign, a function's name or a letter, and what it is applied to, if it is."""
    node, following, signed = factors[at], factors[at + 1], _SIGNED[sign]
    operator = differential_operator(node) if isinstance(node, Fraction) else None
    if operator is not None:
        rest = Product(tuple(factors[at + 1 :]), tuple(operators[at + 1 :]))
        value = differentiated(signed(rest), signed(operator[0]), signed(operator[1]))
        return value, len(factors) - at
    several = hypergeometric(factors, at, signed) if isinstance(node, Subscript) else None
    if several is not None:
        return several
    run = _letters_and_call(node.text, following, signed) if isinstance(node, Word) else None
    value_of_call = run or called(node, following, signed) or _at_zero(node, following)
    value_of_call = value_of_call or _numbered(node, following)
    return (formula(node, sign), 1) if value_of_call is None else (value_of_call, 2)


# What is a factor by itself, whatever stands beside it but a number.
_SIGNS = frozenset([Number, Symbol, Root])


def _letters_and_call(word: str, following: Node, signed: Formula) -> Expression | None:
    """`xf(x)`: the last letter of a run is the function's name."""
    if word[-1] not in FUNCTION_LETTERS or not word[:-1].islower() or len(word) > _LONGEST_PRODUCT:
        return None
    inner = called(Symbol(word[-1]), following, signed)
    return None if inner is None else multiply(_letters_of(word[:-1]), inner)


def _numbered(node: Node, following: Node) -> Variable | None:
    """`C1`, as plain text has the constant C_1: a factor would stand in front."""
    if not isinstance(node, Symbol) or node.name in _SYMBOLS or not isinstance(following, Number):
        return None
    return Variable(f"{node.name}_{following.text}") if following.text in _DIGITS else None


_DIGITS = frozenset("0123456789")


def _slope_in_line(factors: list[Node], at: int) -> tuple[Expression, int] | None:
    """`dy/dx` and `(d v)/(d t)` in plain text: the name of a derivative."""
    pair = factors[at : at + 2]
    if not all(isinstance(part, (Word, Group)) for part in pair):
        return None
    name = "/".join(map(to_text, pair))
    return None if slope(name) is None else (Variable(primed(name)), 2)


def _at_zero(node: Node, following: Node) -> Expression | None:
    """`Q(0)` is the value at 0 of a quantity that changes: nobody multiplies a letter by 0."""
    if not isinstance(node, Symbol) or node.name in _SYMBOLS or not isinstance(following, Group):
        return None
    at_zero = following.opening == "(" and following.body == Number("0")
    return Apply(f"{node.name}(", (rational(0),)) if at_zero else None


def _mixed(node: Node, factors: list[Node], operators: list[str], at: int) -> tuple[Expression, int] | None:
    r"""`2\frac12` and `2 1/2`: a whole number right before a proper fraction of whole numbers."""
    if not (isinstance(node, Number) and node.text.isdigit()) or (at and operators[at - 1] == ""):
        return None
    after = factors[at + 1]
    if isinstance(after, Fraction) and _is_proper(after.numerator, after.denominator):
        return add(formula(node), formula(after)), 2
    slash = at + 2 < len(factors) and operators[at + 1] == "/"
    if slash and isinstance(after, Number) and _is_proper(after, factors[at + 2]):
        return add(formula(node), divide(formula(after), formula(factors[at + 2]))), 3
    return None


def _is_proper(numerator: Node, denominator: Node) -> bool:
    if not (isinstance(numerator, Number) and isinstance(denominator, Number)):
        return False
    both = numerator.text.isdigit() and denominator.text.isdigit()
    return both and integer(numerator.text) < integer(denominator.text)


def _angle(factors: list[Node], operators: list[str], sign: int) -> Expression | None:
    r"""`60^\circ 42' 5''` is one angle."""
    if not isinstance(factors[0], Postfix) or factors[0].operator != "°" or any(operators):
        return None
    scales = {"°": 1, "'": 60, "''": 3600, '"': 3600}
    terms = []
    for factor in factors:
        marks, inner = "", factor
        while isinstance(inner, Postfix) and inner.operator in ("'", '"', "°"):
            marks, inner = marks + inner.operator, inner.argument
        if marks not in scales or not isinstance(inner, Number):
            return None
        terms.append(divide(formula(inner, sign), rational(scales[marks])))
    return multiply(add(*terms), DEGREE)


def _fraction(node: Fraction, sign: int) -> Expression:
    if isinstance(node.numerator, (Product, Word)) and isinstance(node.denominator, (Product, Word)):
        name = to_text(node)
        if slope(name) is not None:
            return Variable(primed(name))
    return divide(formula(node.numerator, sign), formula(node.denominator, sign))


def _power(node: Power, sign: int) -> Expression:
    if isinstance(node.exponent, Text):
        return positive_part(node.base, node.exponent, _SIGNED[sign])
    arranged = _arranged(node)
    if arranged is not None:
        return arranged
    return power(formula(node.base, sign), formula(node.exponent, sign))


def _arranged(node: Power) -> Expression | None:
    """`C_5^2` and `A_5^2`: combinations and arrangements with the larger number below."""
    base = node.base
    if not isinstance(base, Subscript) or base.base not in _ARRANGED:
        return None
    if base.base == Symbol("C") and isinstance(base.index, Product) and isinstance(node.exponent, Symbol):
        return apply("binom", formula(base.index), formula(node.exponent))  # C_{2n}^n
    numbers = [part.text for part in (base.index, node.exponent) if isinstance(part, Number)]
    if (
        len(numbers) < 2
        or not all(text.isdigit() for text in numbers)
        or integer(numbers[0]) < integer(numbers[1])
    ):
        return None
    return apply("binom" if base.base == Symbol("C") else "nPr", *map(number_value, numbers))


_ARRANGED = (Symbol("C"), Symbol("A"), Symbol("P"))


def _subscript(node: Subscript, sign: int) -> Expression:
    if isinstance(node.index, Text) and isinstance(node.base, Group):
        return positive_part(node.base, node.index, _SIGNED[sign])
    holds = indicator(node, _SIGNED[sign]) if node.base in ONES else None
    if holds is not None:
        return holds
    if isinstance(node.base, (Number, Grouped)):
        return _in_base(node)
    if node in _EULERS:
        return Variable("gamma")
    base = formula(node.base, sign)
    if not isinstance(base, Variable) and not isinstance(base, Constant):
        raise NotScalarError
    return Variable(f"{base.name}_{to_text(_in_order(node.index)).replace(' ', '')}")


# Euler's constant with his initial.
_EULERS = (Subscript(Symbol("gamma"), Symbol("E")), Subscript(Symbol("gamma"), Text("E")))


def _in_order(index: Node) -> Node:
    """`1 + n` is the index n + 1."""
    if isinstance(index, Sum) and len(index.terms) == 2 and isinstance(index.terms[0], Number):
        return index if isinstance(index.terms[1], Prefix) else Sum(index.terms[::-1])
    return index


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
    if (
        node.name in ("overline", "overarc", "overleftrightarrow")
        and to_text(node.body).replace(" ", "").isupper()
    ):
        return formula(node.body, sign)
    if node.name in ("overline", "bar") and isinstance(node.body, (Sum, Product, Group)):
        return _conjugate(node, sign)
    return Variable(f"{node.name} {to_text(node.body)}")


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
    Product: _product,
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
