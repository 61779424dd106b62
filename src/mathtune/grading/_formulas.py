"""Tree -> exact expression, for whatever is one number or formula."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from fractions import Fraction as Ratio
from typing import Any

from mathtune.algebra import (
    Apply,
    Bound,
    Constant,
    Expression,
    Multiply,
    Rational,
    Variable,
    add,
    apply,
    derivative,
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
    Relation,
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

__all__ = ["NotScalarError", "formula", "number_value"]

HALF = rational(1, 2)
PI = Constant("pi")
E = Constant("e")
DEGREE = divide(PI, rational(180))

# Letters that name functions when parentheses follow them; x(x+1) and a(b+c) are products.
FUNCTION_LETTERS = frozenset("fghFGH") | {"phi", "psi", "varphi", "Phi", "Psi"}

_TRIGONOMETRIC = frozenset(
    ["sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch"]
)
_MAX_EXPONENT = 4_000
_CHUNK = 4_000


class NotScalarError(Exception):
    """The tree is no single number or formula."""


def formula(node: Node, sign: int = 0) -> Expression:
    """The expression that a tree means.

    Args:
        node: The tree.
        sign: What `±` stands for: 1, -1, or 0 where none may occur.

    Raises:
        NotScalarError: The tree is a list, a relation, words, or has no scalar meaning.
    """
    rule = _RULES.get(type(node))
    if rule is None:
        raise NotScalarError
    result: Expression = rule(node, sign)
    return result


def number_value(text: str) -> Expression:
    """The exact value of a decimal literal, however long."""
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    value = Ratio(_integer(digits or "0"), 10 ** len(fraction))
    decimals = len(fraction) if "." in mantissa else None
    if exponent:
        shift = int(exponent) if len(exponent) < 12 else 10**12
        if abs(shift) > _MAX_EXPONENT:
            return multiply(Rational(value), power(rational(10), rational(shift)))
        value *= Ratio(10) ** shift
        decimals = None if decimals is None else max(decimals - shift, 0)
    return Rational(value, decimals)


def _integer(digits: str) -> int:
    """int(digits), in pieces below Python's limit of 4,300 digits."""
    if len(digits) <= _CHUNK:
        return int(digits)
    power_of_ten: int = 10**_CHUNK
    return _integer(digits[:-_CHUNK]) * power_of_ten + int(digits[-_CHUNK:])


def _number(node: Number, _sign: int) -> Expression:
    return number_value(node.text)


def _grouped(node: Grouped, _sign: int) -> Expression:
    return number_value("".join(node.parts))


def _repeating(node: Repeating, _sign: int) -> Expression:
    _whole, _, fraction = node.text.partition(".")
    start = number_value(node.text if fraction else node.text.rstrip(".") or "0")
    size = len(node.period)
    return add(start, rational(int(node.period), 10 ** len(fraction) * (10**size - 1)))


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
    if len(node.text) > 3 and not node.text.isupper():
        raise NotScalarError
    return multiply(*(_symbol(Symbol(letter), 0) for letter in node.text))


def _text(node: Text, _sign: int) -> Expression:
    name = node.text.strip()
    if len(name) == 1 and name.isalpha():
        return _symbol(Symbol(name), 0)
    if not name or not name.replace(" ", "").isalpha() or len(name) > 40:
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
        return _double_factorial(inner)
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


def _double_factorial(value: Expression) -> Expression:
    if not isinstance(value, Rational) or value.value.denominator != 1 or not 0 <= value.value <= 2_000:
        return Apply("double factorial", (value,))
    total = 1
    for factor in range(int(value.value), 0, -2):
        total *= factor
    return rational(total)


def _sum(node: Sum, sign: int) -> Expression:
    bare = [term.argument if isinstance(term, Prefix) else term for term in node.terms]
    if Symbol("ldots") in bare:
        return _ellipsis(node, bare, sign)
    return add(*(formula(term, sign) for term in node.terms))


def _ellipsis(node: Sum, bare: list[Node], sign: int) -> Expression:
    """`a_0 + a_1 + ... + a_k`: one unknown, named by the terms shown, or by its ends if they are letters.

    Terms before the run (`n - (...)` has its own group) do not occur in answers, so the whole sum is the run.
    """
    at = bare.index(Symbol("ldots"))
    if at == 0 or at != len(bare) - 2:
        raise NotScalarError
    shown = [formula(term, sign) for term in node.terms if term != Symbol("ldots")]
    if all(isinstance(term, Variable) for term in shown):  # a_0 + a_1 + ... + a_k: its ends name it
        shown = [shown[0], shown[-1]]
    return Apply("ellipsis", tuple(sorted(shown, key=repr)))


def _product(node: Product, sign: int) -> Expression:
    factors, operators = list(node.factors), list(node.operators)
    angle = _angle(factors, operators, sign)
    if angle is not None:
        return angle
    parts: list[Expression] = []  # multiplied in one go: one by one, a long product costs its square
    at = 0
    while at < len(factors):
        operator = operators[at - 1] if at else "*"
        factor, used = _factor(factors, operators, at, sign)
        if operator == "mod":
            parts = [apply("mod", multiply(*parts), factor)]
        elif operator in ("/", "÷", ":"):
            parts.append(divide(rational(1), factor))
        elif operator in ("", "*", "×"):
            parts.append(factor)
        else:
            raise NotScalarError
        at += used
    return multiply(*parts)


def _factor(factors: list[Node], operators: list[str], at: int, sign: int) -> tuple[Expression, int]:
    """The value that starts at `at`, and how many factors it takes: mixed numbers and f(x) take several."""
    node = factors[at]
    following = factors[at + 1] if at + 1 < len(factors) and operators[at] == "" else None
    if isinstance(node, (Number, Grouped)) and following is not None:
        mixed = _mixed(node, factors, operators, at)
        if mixed is not None:
            return mixed
        if isinstance(following, (Number, Grouped)):
            raise NotScalarError  # two numbers side by side
    if following is not None and _is_chosen(node, following):
        return _chosen(node, following, sign), 2
    if following is not None:
        called = _special(node, following, sign) or _called(node, following, sign)
        if called is not None:
            return called, 2
    return formula(node, sign), 1


def _is_chosen(node: Node, following: Node) -> bool:
    """`{}_5C_2`: a lower left index before C or P."""
    left = isinstance(node, Subscript) and node.base in (Group("", None, ""), Text(""))
    right = isinstance(following, Subscript) and following.base in (Symbol("C"), Symbol("P"))
    return left and right


def _chosen(node: Node, following: Node, sign: int) -> Expression:
    if not (isinstance(node, Subscript) and isinstance(following, Subscript)):
        raise NotScalarError
    name = "binom" if following.base == Symbol("C") else "nPr"
    return apply(name, formula(node.index, sign), formula(following.index, sign))


def _special(node: Node, following: Node, sign: int) -> Expression | None:
    r"""`\Gamma(x)`, `\zeta(s)` and Bessel's `J_0(x)`: letters that name functions before parentheses."""
    if not isinstance(following, Group) or following.opening != "(" or following.body is None:
        return None
    if node == Symbol("C") and isinstance(following.body, List) and len(following.body.items) == 2:
        return apply("binom", *(formula(item, sign) for item in following.body.items))
    if isinstance(node, Symbol) and node.name in ("Gamma", "zeta") and not isinstance(following.body, List):
        return apply(node.name, formula(following.body, sign))
    if isinstance(node, Subscript) and isinstance(node.base, Symbol) and node.base.name in _BESSEL:
        return _bessel(node.base.name, node.index, following.body, sign)
    return None


def _bessel(name: str, order: Node, argument: Node, sign: int) -> Expression | None:
    try:
        return apply(name, formula(order, sign), formula(argument, sign))
    except NotScalarError:
        return None


_BESSEL = frozenset("JYIK")


def _called(node: Node, following: Node, sign: int) -> Expression | None:
    """`f(x)`, and with a mark behind: `f(x)^2` is a square, `f(x)'` a derivative."""
    name = _function_name(node)
    if name is None:
        return None
    if isinstance(following, Group) and following.opening == "(":
        return _unknown(name, following, sign)
    if isinstance(following, Power):
        inner = _called(node, following.base, sign)
        return None if inner is None else power(inner, formula(following.exponent, sign))
    if isinstance(following, Postfix) and following.operator == "'" and isinstance(node, (Symbol, Postfix)):
        return _called(Postfix("'", node), following.argument, sign)
    return None


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
    return both and _integer(numerator.text) < _integer(denominator.text)


def _function_name(node: Node) -> str | None:
    """The name of an unknown function: f, g_1, f'', f^{-1}."""
    if isinstance(node, Symbol) and node.name in FUNCTION_LETTERS:
        return node.name
    if isinstance(node, Postfix) and node.operator == "'":
        inner = _function_name(node.argument)
        if inner is None and isinstance(node.argument, Symbol):
            inner = node.argument.name
        return None if inner is None else inner + "'"
    if isinstance(node, Subscript) and _function_name(node.base) is not None:
        return to_text(node)
    if isinstance(node, Power) and _function_name(node.base) is not None:
        primes = isinstance(node.exponent, (Group, Text))
        return to_text(node) if primes or node.exponent == Prefix("-", Number("1")) else None
    return None


def _unknown(name: str, group: Group, sign: int) -> Expression:
    body = group.body
    if body is None:
        raise NotScalarError
    parts = body.items if isinstance(body, List) else (body,)
    return Apply(name + "(", tuple(formula(part, sign) for part in parts))


def _angle(factors: list[Node], operators: list[str], sign: int) -> Expression | None:
    r"""`60^\circ 42' 5''` is one angle."""
    if not (isinstance(factors[0], Postfix) and factors[0].operator == "°") or any(operators):
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
    return divide(formula(node.numerator, sign), formula(node.denominator, sign))


def _power(node: Power, sign: int) -> Expression:
    if isinstance(node.base, Call) and node.base.power is None and node.base.name in _TRIGONOMETRIC:
        pass  # sin(x)^2 is (sin x)^2
    if isinstance(node.exponent, Text):
        raise NotScalarError
    return power(formula(node.base, sign), formula(node.exponent, sign))


def _subscript(node: Subscript, sign: int) -> Expression:
    if isinstance(node.base, (Number, Grouped)):
        return _in_base(node)
    base = formula(node.base, sign)
    if not isinstance(base, Variable) and not isinstance(base, Constant):
        raise NotScalarError
    return Variable(f"{base.name}_{to_text(node.index).replace(' ', '')}")


def _in_base(node: Subscript) -> Expression:
    """`52_8` is forty-two."""
    digits = node.base.text if isinstance(node.base, Number) else ""
    index = node.index.body if isinstance(node.index, Group) else node.index
    value = in_base(digits, to_text(index)) if index is not None else None
    if value is None:
        raise NotScalarError
    return value


_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def in_base(text: str, index: str) -> Expression | None:
    """The value of digits (and letters from A, and a point) in a base from 2 to 36, or from -36 to -2."""
    if not index.lstrip("-").isdigit() or len(index) > 3 or not text or len(text) > 200:
        return None
    base = int(index)
    whole, _, fraction = text.replace(" ", "").partition(".")
    digits = [_DIGITS.find(sign) for sign in whole + fraction]
    if not 2 <= abs(base) <= 36 or any(not 0 <= digit < abs(base) for digit in digits):
        return None
    value = 0
    for digit in digits:
        value = value * base + digit
    return rational(value, base ** len(fraction)) if fraction else rational(value)


def _root(node: Root, sign: int) -> Expression:
    radicand = formula(node.radicand, sign)
    index = rational(2) if node.index is None else formula(node.index, sign)
    return root(radicand, index)


def root(radicand: Expression, index: Expression) -> Expression:
    """The root; one of odd degree is real for negative numbers too."""
    if isinstance(index, Rational) and index.value.denominator == 1 and index.value > 0:
        exact = _exact_root(radicand, int(index.value)) if index.value < 10_000 else None
        if exact is not None:
            return exact
        if index.value % 2:
            return Apply("root", (radicand, index))
    return power(radicand, divide(rational(1), index))


def _exact_root(radicand: Expression, degree: int) -> Expression | None:
    r"""`\sqrt{49}` is 7."""
    if not isinstance(radicand, Rational) or radicand.value < 0 or degree > 64:
        return None
    parts = []
    for part in (radicand.value.numerator, radicand.value.denominator):
        found = _integer_root(part, degree)
        if found is None:
            return None
        parts.append(found)
    return rational(parts[0], parts[1])


def _integer_root(value: int, degree: int) -> int | None:
    import math

    if degree == 2:
        found = math.isqrt(value)
        return found if found * found == value else None
    if value.bit_length() > 1_000:
        return None
    found = round(value ** (1 / degree))
    return next((near for near in (found - 1, found, found + 1) if near >= 0 and near**degree == value), None)


def _group(node: Group, sign: int) -> Expression:
    if node.body is None:
        raise NotScalarError
    if node.opening in ("|", "‖"):
        return apply("abs", formula(node.body, sign))
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


def _call(node: Call, sign: int) -> Expression:
    arguments = tuple(formula(argument, sign) for argument in node.arguments)
    rule = _CALLS.get(node.name)
    if rule is not None and node.base is None:
        value: Expression = rule(node, arguments)
        return value if node.power is None else power(value, formula(node.power, sign))
    if node.name in ("log", "lg", "ln"):
        return _logarithm(node, arguments, sign)
    if node.base is not None and node.name not in ("max", "min", "gcd"):
        raise NotScalarError
    if not arguments:
        raise NotScalarError
    name = node.name
    if node.power is not None:
        exponent = formula(node.power, sign)
        if exponent == rational(-1) and name in _TRIGONOMETRIC:
            return apply("arc" + name, *arguments)
        return power(apply(name, *arguments), exponent)
    return apply(name, *arguments)


def _logarithm(node: Call, arguments: tuple[Expression, ...], sign: int) -> Expression:
    if node.base is not None:
        base = formula(node.base, sign)
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
    return exact if node.power is None else power(exact, formula(node.power, sign))


def _exp(_node: Call, arguments: tuple[Expression, ...]) -> Expression:
    return power(E, _only(arguments))


def _only(arguments: tuple[Expression, ...]) -> Expression:
    if len(arguments) != 1:
        raise NotScalarError
    return arguments[0]


def _sqrt(_node: Call, arguments: tuple[Expression, ...]) -> Expression:
    return root(_only(arguments), rational(2))


def _cbrt(_node: Call, arguments: tuple[Expression, ...]) -> Expression:
    return root(_only(arguments), rational(3))


def _nth_root(_node: Call, arguments: tuple[Expression, ...]) -> Expression:
    if len(arguments) == 2:
        return (
            power(arguments[0], divide(rational(1), arguments[1]))
            if not isinstance(arguments[1], Rational)
            else root(*arguments)
        )
    return root(_only(arguments), rational(2))


def _cis(_node: Call, arguments: tuple[Expression, ...]) -> Expression:
    angle = _only(arguments)
    return add(apply("cos", angle), multiply(Constant("i"), apply("sin", angle)))


def _not_scalar(_node: Call, _arguments: tuple[Expression, ...]) -> Expression:
    raise NotScalarError


_CALLS: dict[str, Any] = {
    "exp": _exp,
    "sqrt": _sqrt,
    "cbrt": _cbrt,
    "cis": _cis,
    "root": _nth_root,
    **dict.fromkeys(("matrix", "oo", "oc", "co", "cc", "union", "intersection", "vec"), _not_scalar),
}


def _plain_call(node: Call, sign: int) -> Expression:
    """Maxima writes sum(f, k, a, b) and int(f, x, a, b)."""
    kinds = {"sum": "sum", "product": "prod", "int": "int"}
    if node.name in kinds and len(node.arguments) in (2, 4):
        body = formula(node.arguments[0], sign)
        variable = formula(node.arguments[1], sign)
        if not isinstance(variable, Variable):
            raise NotScalarError
        low, high = (
            (formula(bound, sign) for bound in node.arguments[2:]) if node.arguments[2:] else (None, None)
        )
        return Bound(kinds[node.name], variable.name, body, low, high)
    if node.name == "diff" and len(node.arguments) == 2:
        return _differentiated(formula(node.arguments[0], sign), formula(node.arguments[1], sign))
    return _call(node, sign)


def _differentiated(value: Expression, variable: Expression) -> Expression:
    """The derivative, or what stands for it where the function is unknown: diff(y, x)."""
    if isinstance(variable, Variable) and variable.name in symbols(value):
        found = derivative(value, variable.name)
        if found is not None:
            return found
    return Apply("diff(", (value, variable))


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
    return Variable(f"{node.name} {to_text(node.body)}")


def _big(node: Big, sign: int) -> Expression:
    if node.sign in ("sum", "prod"):
        return _series(node, sign)
    if node.sign == "int":
        return _integral(node, sign)
    if node.sign == "lim":
        return _limit(node, sign)
    raise NotScalarError


def _approach(target: Node) -> tuple[Node, str]:
    """`0^+` and `0+` come from above."""
    if isinstance(target, Power) and isinstance(target.exponent, Text):
        return target.base, target.exponent.text
    if isinstance(target, Postfix) and target.operator in "+-":
        return target.argument, target.operator
    return target, ""


def _limit(node: Big, sign: int) -> Expression:
    lower = node.lower
    if not (isinstance(lower, Relation) and lower.operators == ("→",) and isinstance(lower.sides[0], Symbol)):
        raise NotScalarError
    target, direction = _approach(lower.sides[1])
    side = {"+": rational(1), "-": rational(-1)}.get(direction)
    name = lower.sides[0].name
    body = formula(node.body, sign)
    return Bound("lim", name, _replace_unit(body) if name == "i" else body, formula(target, sign), side)


def _series(node: Big, sign: int) -> Expression:
    lower = node.lower
    if not (isinstance(lower, Relation) and lower.operators == ("=",)) or node.upper is None:
        raise NotScalarError
    index = lower.sides[0]
    name = _symbol(index, 0) if isinstance(index, Symbol) else None
    if isinstance(index, Symbol) and index.name == "i":
        body = _with_index(node.body, sign)
        return Bound(node.sign, "i", body, formula(lower.sides[1], sign), formula(node.upper, sign))
    if not isinstance(name, Variable):
        raise NotScalarError
    return Bound(
        node.sign,
        name.name,
        formula(node.body, sign),
        formula(lower.sides[1], sign),
        formula(node.upper, sign),
    )


def _with_index(body: Node, sign: int) -> Expression:
    """Under a sum over i the letter is an index, not the imaginary unit."""
    return _replace_unit(formula(body, sign))


def _replace_unit(value: Expression) -> Expression:
    from mathtune.algebra import Add
    from mathtune.algebra import Power as PowerOf

    if value == Constant("i"):
        return Variable("i")
    if isinstance(value, Add):
        return add(*map(_replace_unit, value.terms))
    if isinstance(value, Multiply):
        return multiply(*map(_replace_unit, value.factors))
    if isinstance(value, PowerOf):
        return power(_replace_unit(value.base), _replace_unit(value.exponent))
    if isinstance(value, Apply):
        return apply(value.name, *map(_replace_unit, value.arguments))
    return value


def _integral(node: Big, sign: int) -> Expression:
    terms = list(node.body.terms) if isinstance(node.body, Sum) else [node.body]
    for at, term in enumerate(terms):
        found = _without_differential(term)
        if found is None:
            continue
        body, name = found
        inside = [*terms[:at], body]
        integrand = formula(inside[0] if len(inside) == 1 else Sum(tuple(inside)), sign)
        lower = None if node.lower is None else formula(node.lower, sign)
        upper = None if node.upper is None else formula(node.upper, sign)
        value: Expression = Bound("int", name, integrand, lower, upper)
        rest = terms[at + 1 :]
        return add(value, *(formula(term, sign) for term in rest)) if rest else value
    raise NotScalarError


def _without_differential(node: Node) -> tuple[Node, str] | None:
    """Take `dx` off the end of a product, out of a numerator, or from under a sign."""
    if isinstance(node, Prefix) and node.operator in "+-":
        found = _without_differential(node.argument)
        return None if found is None else (Prefix(node.operator, found[0]), found[1])
    if isinstance(node, Fraction):
        found = _without_differential(node.numerator)
        return None if found is None else (Fraction(found[0], node.denominator), found[1])
    if isinstance(node, Word) and node.text[0] == "d" and len(node.text) == 2:
        return Number("1"), node.text[1]
    if not isinstance(node, Product):
        return None
    factors, operators = list(node.factors), list(node.operators)
    for at in range(len(factors)):
        last = factors[at]
        if isinstance(last, Word) and len(last.text) >= 2 and last.text[-2] == "d":
            name, kept = last.text[-1], [Symbol(letter) for letter in last.text[:-2]]
            rest = [*factors[:at], *kept, *factors[at + 1 :]]
        elif last == Symbol("d") and at + 1 < len(factors) and isinstance(factors[at + 1], Symbol):
            name = _symbol_name(factors[at + 1])
            rest = factors[:at] + factors[at + 2 :]
        elif isinstance(last, Fraction) and (found := _without_differential(last)):
            name, rest = found[1], [*factors[:at], found[0], *factors[at + 1 :]]
        else:
            continue
        marks = [o for o in operators[:at] if o] and operators[: len(rest) - 1]
        joined = tuple(marks) if marks and len(marks) == len(rest) - 1 else ("",) * (len(rest) - 1)
        if not rest:
            return Number("1"), name
        return (rest[0] if len(rest) == 1 else Product(tuple(rest), joined)), name
    return None


def _symbol_name(node: Node) -> str:
    value = formula(node)
    return value.name if isinstance(value, Variable) else "?"


def _matrix(node: Matrix, sign: int) -> Expression:
    if node.environment != "vmatrix":
        raise NotScalarError
    size = len(node.rows)
    if size > 4 or any(len(row) != size for row in node.rows):
        raise NotScalarError
    return _determinant([[formula(cell, sign) for cell in row] for row in node.rows])


def _determinant(rows: list[list[Expression]]) -> Expression:
    if len(rows) == 1:
        return rows[0][0]
    terms = []
    for column, entry in enumerate(rows[0]):
        minor = _determinant([row[:column] + row[column + 1 :] for row in rows[1:]])
        term = multiply(entry, minor)
        terms.append(negate(term) if column % 2 else term)
    return add(*terms)


def _where(node: Where, sign: int) -> Expression:
    return formula(node.body, sign)


_RULES: dict[type, Any] = {
    Number: _number,
    Grouped: _grouped,
    Repeating: _repeating,
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
    Call: _plain_call,
    Accent: _accent,
    Big: _big,
    Matrix: _matrix,
    Where: _where,
}
