r"""Letters that name functions before parentheses: `J_0(x)`, `W(e)`, `{}_2F_1(a,b;c;z)`, and unknown f(x)."""

# ruff: noqa: PLR0911, RUF001  (one return a case; the sign of division is no letter)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.algebra import (
    Apply,
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
    Group,
    List,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Relation,
    Subscript,
    Symbol,
    Text,
    Word,
    to_text,
)

from ._values import NotScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[[Node], Expression]

__all__ = ["FUNCTION_LETTERS", "LONGEST_RUN", "called", "hypergeometric", "is_run", "names_function"]

# Functions whose names are often set as text.
FUNCTION_WORDS = {
    **{name: name for name in ("Ai", "Bi", "Si", "Ci", "erf", "erfc", "erfi", "Shi", "Chi", "Ei")},
    **{name: name for name in ("Im", "Re", "sn", "cn", "dn")},
    "li": "Li",
    **dict.fromkeys(["Heaviside", "UnitStep"], "step"),
    **dict.fromkeys(["sign", "sgn", "signum"], "sgn"),
}
_JACOBI = ("sn", "cn", "dn")

# Letters that name functions when parentheses follow them; x(x+1) and a(b+c) are products.
FUNCTION_LETTERS = frozenset("fghFGH") | {"phi", "psi", "varphi", "Phi", "Psi"}

# A longer run of small letters is a word.
LONGEST_RUN = 3
_VOWELS = frozenset("aeiouy")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def is_run(word: str) -> bool:
    """Whether letters are multiplied, and no word: few, capitals, without a vowel, or as in the alphabet."""
    return len(word) <= LONGEST_RUN or word.isupper() or _VOWELS.isdisjoint(word) or word in _ALPHABET


_NOTHING = (Group("", None, ""), Text(""))


def names_function(node: Node) -> bool:
    r"""Whether a word in a text command names a function: `\text{Ai}`, `\text{cn}^2`, `\mathrm{Li}_2`."""
    while isinstance(node, (Power, Postfix, Subscript)):
        node = node.argument if isinstance(node, Postfix) else node.base
    return isinstance(node, Text) and (node.text.strip() in FUNCTION_WORDS or node.text.strip() == "Li")


def called(node: Node, following: Node, formula: Formula) -> Expression | None:
    """A letter before parentheses, where it names a function: `J_0(x)`, `W(e)`, `f(x)`, `f(x)^2`."""
    if not isinstance(following, (Group, Power, Postfix)):
        return None
    if isinstance(node, Power) and names_function(node.base):
        inner = called(node.base, following, formula)
        return None if inner is None else power(inner, formula(node.exponent))
    return _special(node, following, formula) or _unknown_function(node, following, formula)


def _special(node: Node, following: Node, formula: Formula) -> Expression | None:
    if not isinstance(following, Group) or following.opening != "(" or following.body is None:
        return None
    body, letter = following.body, _letter(node)
    items = body.items if isinstance(body, List) else (body,)
    if letter in _JACOBI and isinstance(body, Relation) and body.operators == ("∣",):
        letter, items = f"{letter}|", body.sides
    rule = _SPECIAL.get((letter, len(items)))
    if rule is None:
        return None
    index = _index(node, formula)
    try:
        arguments = tuple(formula(item) for item in items)
    except NotScalarError:
        return None
    if isinstance(rule, str):
        return apply(rule, *arguments) if index is None else None
    found: Expression | None = rule(index, arguments)
    return found


def _letter(node: Node) -> str:
    r"""`J`, `J_`, `J_'`, `\psi^(`: the letter, and what hangs on it."""
    if isinstance(node, Symbol):
        return node.name
    if isinstance(node, Text):
        return node.text.strip()
    if isinstance(node, Word):
        return node.text if node.text in _JACOBI else ""
    if isinstance(node, Subscript) and isinstance(node.base, (Symbol, Text)):
        return _letter(node.base) + "_"
    if isinstance(node, Postfix) and node.operator == "'":
        return _letter(node.argument) + "'"
    if isinstance(node, Power) and isinstance(node.base, Symbol) and isinstance(node.exponent, Group):
        return node.base.name + "^("
    return ""


def _index(node: Node, formula: Formula) -> Expression | None:
    if isinstance(node, Postfix):
        return _index(node.argument, formula)
    inner = node.index if isinstance(node, Subscript) else node.exponent if isinstance(node, Power) else None
    try:
        return None if inner is None else formula(inner)
    except NotScalarError:
        return None


def _ordered(name: str, low: int = -(10**9)) -> Callable[..., Expression | None]:
    """A function with an order below: `J_0(x)`, `P_2(x)`; low bars the orders that are mere indices."""

    def rule(order: Expression | None, arguments: tuple[Expression, ...]) -> Expression | None:
        if order is None or (isinstance(order, Rational) and order.value < low):
            return None
        return apply(name, order, *arguments)

    return rule


def _numbered(name: str) -> Callable[..., Expression | None]:
    """A family of polynomials: only with a number below, for P_n may be anything."""

    def rule(order: Expression | None, arguments: tuple[Expression, ...]) -> Expression | None:
        whole = isinstance(order, Rational) and order.value.denominator == 1 and 0 <= order.value < 100
        return apply(name, order, *arguments) if whole and order is not None else None

    return rule


def _bessel_slope(name: str, sign: int) -> Callable[..., Expression | None]:
    """J_0' = (J_{-1} - J_1) / 2; the sign between the neighbours differs for I and K."""

    def rule(order: Expression | None, arguments: tuple[Expression, ...]) -> Expression | None:
        if order is None:
            return None
        below, above = (apply(name, add(order, rational(step)), *arguments) for step in (-1, 1))
        half = divide(add(below, multiply(rational(sign), above)), rational(2))
        return negate(half) if name == "K" else half

    return rule


def _jacobi(name: str, modulus: str) -> Callable[..., Expression]:
    """A function of Jacobi's: of a modulus behind the comma, or of one that is not said."""

    def rule(_index: Expression | None, arguments: tuple[Expression, ...]) -> Expression:
        said = power(arguments[1], rational(2)) if modulus == "k" else Variable(modulus)
        return apply(name, arguments[0], said)

    return rule


def _polygamma(order: int) -> Callable[..., Expression]:
    return lambda _index, arguments: apply("psi", rational(order), *arguments)


def _dirac(_index: Expression | None, arguments: tuple[Expression, ...]) -> Expression | None:
    """Dirac's delta, which is even and shrinks as its argument stretches; None for a factor delta."""
    argument = arguments[0]
    name = min(symbols(argument), default="delta")
    slope = None if "delta" in symbols(argument) else derivative(argument, name)
    if not isinstance(slope, Rational) or not slope.value:
        return None
    return divide(Apply("delta(", (divide(argument, slope),)), Rational(abs(slope.value)))


def _hypergeometric(arguments: tuple[Expression, ...], above: int) -> Expression:
    return apply("hypergeometric", rational(above), *arguments)


def _normal(argument: Expression) -> Expression:
    """The distribution function of the standard normal."""
    scaled = divide(argument, power(rational(2), rational(1, 2)))
    return divide(add(rational(1), apply("erf", scaled)), rational(2))


def _order_of(name: str, argument: Expression) -> Expression:
    """O(3n^2) is O(n^2): an unknown function of its argument without its factor."""
    if isinstance(argument, Multiply) and isinstance(argument.factors[0], Rational):
        argument = multiply(*argument.factors[1:])
    return Apply(name, (rational(1) if isinstance(argument, Rational) else argument,))


# (letter and what hangs on it, number of arguments): the function's name, or what makes its value
_SPECIAL: dict[tuple[str, int], Any] = {
    **{(word, 1): name for word, name in FUNCTION_WORDS.items()},
    **{(name, 1): _jacobi(name, "#m") for name in _JACOBI},
    **{(name, 2): _jacobi(name, "k") for name in _JACOBI},
    **{(f"{name}|", 2): name for name in _JACOBI},
    **{(f"{name}'", 1): f"{name}'" for name in ("Ai", "Bi")},
    **{("psi" + "'" * order, 1): _polygamma(order) for order in (1, 2, 3)},
    ("delta", 1): _dirac,
    ("Li_", 1): _ordered("polylog"),
    ("Gamma", 1): "Gamma",
    ("Gamma", 2): "Gamma",
    ("gamma", 2): "gamma",
    ("zeta", 1): "zeta",
    ("psi", 1): "psi",
    ("Phi", 1): lambda _index, arguments: _normal(arguments[0]),
    ("W", 1): "W",
    ("beta", 2): "Beta",
    ("C", 2): "binom",
    ("psi_", 1): _ordered("psi", 0),
    ("psi^(", 1): _ordered("psi", 0),
    ("W_", 1): _ordered("W"),
    ("E_", 1): _ordered("E", 1),
    ("J_", 1): _ordered("J"),
    ("Y_", 1): _ordered("Y"),
    ("I_", 1): _ordered("I"),
    ("K_", 1): _ordered("K"),
    ("P_", 1): _numbered("P"),
    ("T_", 1): _numbered("T"),
    ("U_", 1): _numbered("U"),
    ("H_", 1): _numbered("H"),
    ("L_", 1): _numbered("L"),
    ("J_'", 1): _bessel_slope("J", -1),
    ("Y_'", 1): _bessel_slope("Y", -1),
    ("I_'", 1): _bessel_slope("I", 1),
    ("K_'", 1): _bessel_slope("K", 1),
    ("O", 1): lambda _index, arguments: _order_of("O(", arguments[0]),
    ("o", 1): lambda _index, arguments: _order_of("o(", arguments[0]),
    ("Theta", 1): lambda _index, arguments: _order_of("Theta(", arguments[0]),
    ("M", 3): lambda _index, arguments: _hypergeometric((*arguments[:2], arguments[2]), 1),
}


def hypergeometric(factors: list[Node], at: int, formula: Formula) -> tuple[Expression, int] | None:
    """`{}_2F_1(a,b;c;z)`: a lower left index, F with a lower right one, and three lists."""
    if at + 2 >= len(factors):
        return None
    left, middle, group = factors[at : at + 3]
    if not (isinstance(left, Subscript) and left.base in _NOTHING and isinstance(middle, Subscript)):
        return None
    if middle.base != Symbol("F") or not isinstance(group, Group) or not isinstance(group.body, List):
        return None
    arguments: list[Expression] = []
    for part in group.body.items:
        inner = part.items if isinstance(part, List) else (part,)
        arguments.extend(formula(item) for item in inner)
    above, below = formula(left.index), formula(middle.index)
    if add(above, below, rational(1)) != rational(len(arguments)) or not isinstance(above, Rational):
        return None
    return _hypergeometric(tuple(arguments), int(above.value)), 3


def _unknown_function(node: Node, following: Node, formula: Formula) -> Expression | None:
    """`f(x)`, and with a mark behind: `f(x)^2` is a square, `f(x)'` a derivative."""
    name = _function_name(node)
    special = isinstance(following, Power) and (_letter(node), 1) in _SPECIAL
    if name is None and not special:
        return None
    if isinstance(following, Power):
        inner = called(node, following.base, formula)
        return None if inner is None else power(inner, formula(following.exponent))
    if isinstance(following, Group) and following.opening == "(" and name is not None:
        return _unknown(name, following, formula)
    if isinstance(following, Postfix) and following.operator == "'" and isinstance(node, (Symbol, Postfix)):
        return called(Postfix("'", node), following.argument, formula)
    return None


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


def _unknown(name: str, group: Group, formula: Formula) -> Expression:
    body = group.body
    if body is None:
        raise NotScalarError
    parts = body.items if isinstance(body, List) else (body,)
    return Apply(name + "(", tuple(formula(part) for part in parts))
