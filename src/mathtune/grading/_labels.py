r"""The names that left sides give: `x =`, `f(x) =`, `\angle ABC =`, `Minimum:`."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from mathtune.latex import (
    Accent,
    Call,
    Fraction,
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
    to_text,
)

from ._formulas import FUNCTION_LETTERS, index_in_order

__all__ = ["is_differential", "is_multiple", "label_of"]


def label_of(node: Node) -> tuple[str | None, tuple[str, ...]]:
    r"""The name that a left side gives (x, f(x), AB, |AB|, \angle ABC, V_1 : V_2, Minimum), and arguments."""
    if isinstance(node, Group):
        return _group_label(node)
    if isinstance(node, Symbol):
        known = node.name in ("pi", "infty", "emptyset", "i", "e")
        return (None if known else node.name), ()
    if isinstance(node, (Word, Text)):
        product = isinstance(node, Word) and len(node.text) < 4 and node.text.islower()  # ab = 0
        return (None if product else node.text.strip()), ()
    if isinstance(node, Power) and node.base in _SQUARED and node.exponent == Number("2"):
        return to_text(node), ()  # σ² and χ² are names of their own
    if isinstance(node, Call) and node.name in _LETTERS_CALLED and node.power is None:
        arguments = _argument_names(List(",", node.arguments))
        return (None, ()) if arguments is None else (node.name, arguments)
    if isinstance(node, (Product, Fraction, Call, Power)):
        return _compound_label(node)
    marked = isinstance(node, Postfix) and node.operator == "'" and label_of(node.argument)[0] is not None
    angle = isinstance(node, Prefix) and node.operator == "∠"
    indexed = isinstance(node, Subscript) and (
        isinstance(node.base, (Symbol, Text, Word)) or _is_slope_at_place(node)
    )
    if isinstance(node, Subscript) and isinstance(node.index, Sum):
        node = Subscript(node.base, index_in_order(node.index))
    return (to_text(node) if marked or angle or indexed or isinstance(node, Accent) else None), ()


_SQUARED = (Symbol("sigma"), Symbol("chi"))
# Functions with the names of letters: `psi(x) = ` in plain text defines another one.
_LETTERS_CALLED = frozenset(["psi", "Gamma", "Beta", "zeta"])


def _is_slope_at_place(node: Subscript) -> bool:
    r"""`\left.\frac{dy}{dx}\right|_{x=1}`."""
    base = node.base.body if isinstance(node.base, Group) and node.base.opening == "" else node.base
    index = node.index
    placed = isinstance(index, Relation) and index.operators == ("=",)
    placed = placed or (isinstance(index, Group) and isinstance(index.body, List))
    return placed and isinstance(base, Fraction) and _compound_label(base)[0] is not None


def is_multiple(node: Node) -> bool:
    """`-u(x, t)`, `2(x, y)`: what stands on the other side is no value of the name in it."""
    first = node.factors[0] if isinstance(node, Product) else None
    return isinstance(node, Prefix) or isinstance(first, (Number, Fraction))


def _group_label(node: Group) -> tuple[str | None, tuple[str, ...]]:
    if node.opening == "" and node.body is not None:
        return label_of(node.body)
    composed = isinstance(node.body, Product) and set(node.body.operators) == {"∘"}
    length = composed or (node.opening == "|" and node.body is not None and _is_points(node.body))
    return (to_text(node) if length or node.opening == "‖" else None), ()


def _compound_label(node: Product | Fraction | Call | Power) -> tuple[str | None, tuple[str, ...]]:
    if isinstance(node, Product):
        return _product_label(node)
    if isinstance(node, Fraction):
        named = _is_points(node.numerator) and _is_points(node.denominator)
        named = named or (is_differential(node.numerator) and is_differential(node.denominator))
    elif isinstance(node, Power):
        inverse = node.exponent == _MINUS_ONE
        letter = isinstance(node.base, Symbol) and node.base.name in FUNCTION_LETTERS | {"L"}
        marked = isinstance(node.exponent, (Group, Text)) and label_of(node.base)[0] is not None
        named = (inverse and letter) or marked
    else:
        named = node.name in ("max", "min", "deg", "gcd", "lcm", "det", "dim", "tr", "arg")
        named = named or (len(node.arguments) == 1 and _is_angle(node.arguments[0]))
    return (to_text(node) if named else None), ()


def _is_operator(node: Node) -> bool:
    """`d/dx`, of which the bracket behind it is no argument."""
    return isinstance(node, Fraction) and node.numerator in (Symbol("d"), Symbol("partial"))


def _product_label(node: Product) -> tuple[str | None, tuple[str, ...]]:
    factors = node.factors
    last = factors[-1]
    if len(factors) == 2 and isinstance(last, Group) and not _is_operator(factors[0]):
        applied = _applied_label(node, factors[0], last)
        if applied is not None:
            return applied
    if len(factors) == 2 and factors[0] == Symbol("m") and isinstance(last, Prefix) and last.operator == "∠":
        return to_text(last), ()  # the measure of an angle is its size
    if factors[0] == Symbol("nabla"):  # ∇f, ∇·F
        return to_text(node), ()
    if (
        node.operators.count("/") == 1
        and is_differential(factors[0])
        and any(map(is_differential, factors[1:]))
    ):
        return to_text(node), ()
    hyphen = isinstance(last, Text) and last.text[:1] == "-"  # x\\text{-intercept}
    if hyphen or all(isinstance(f, (Word, Text)) for f in factors) or isinstance(factors[0], (Word, Text)):
        return to_text(node), ()
    if _is_points(node) or (":" in node.operators and all(label_of(f)[0] for f in factors)):
        return to_text(node), ()
    if isinstance(factors[0], Symbol) and factors[0].name in ("triangle", "angle", "measuredangle", "Delta"):
        return to_text(node), ()
    return None, ()


def _applied_label(node: Product, head: Node, group: Group) -> tuple[str, tuple[str, ...]] | None:
    r"""`f(x)` as f of x; `P(A \cup B)`, `E[X]` as they stand."""
    inner = group.body.factors if isinstance(group.body, Product) else ()
    if len(inner) == len(("g", "(x)")) and all(map(_is_function, (head, inner[0]))):  # f(g(x))
        _name, named = _product_label(group.body) if isinstance(group.body, Product) else (None, ())
        return (f"({to_text(head)} ∘ {to_text(inner[0])})", named) if named else None
    quantity = _names_a_quantity(head, group.opening)
    if quantity:
        group = _of_events(group)
    name, _ = label_of(head)
    called = group.opening == "(" or (group.opening == "[" and _is_variable(group.body))  # Mathematica's y[x]
    arguments = _argument_names(group.body) if called and node.operators == ("",) else None
    if name is None and isinstance(head, Power) and head.exponent in _INVERSE and arguments:
        name = to_text(head) if isinstance(head.base, Symbol) else None  # k^{-1}(x) is no quotient
    if name is not None and arguments is not None:
        return name, arguments
    return (to_text(Product((head, group), node.operators)), ()) if quantity else None


_MINUS_ONE = Prefix("-", Number("1"))
_INVERSE = (_MINUS_ONE, Group("(", _MINUS_ONE, ")"))


def _is_variable(node: Node | None) -> bool:
    return isinstance(node, Symbol) and node.name.islower()


def _is_function(node: Node) -> bool:
    return isinstance(node, Symbol) and node.name in FUNCTION_LETTERS


def _names_a_quantity(node: Node, opening: str) -> bool:
    r"""`P(A \cup B)`, `E[X]`, `\mathbb{E}[X]`, `\mathcal{L}\{f\}`: a probability, a mean, a transform."""
    inner = node.body if isinstance(node, Accent) else node
    return (
        isinstance(inner, Symbol)
        and inner.name in ("P", "E", "L")
        and (inner is not node or inner.name != "L" or opening == "{")
    )


def _of_events(group: Group) -> Group:
    """`(A and B)` and `(A or B)` with the signs of sets."""
    body = group.body
    if not isinstance(body, List) or body.separator not in _OF_EVENTS:
        return group
    signs = (_OF_EVENTS[body.separator],) * (len(body.items) - 1)
    return Group(group.opening, Product(body.items, signs), group.closing)


_OF_EVENTS = {"and": "\N{INTERSECTION}", "or": "\N{UNION}"}


def _is_angle(node: Node) -> bool:
    return _is_points(node) or (isinstance(node, Prefix) and node.operator == "∠")


def is_differential(node: Node) -> bool:
    """dy, d^2 y, ∂u."""
    first = node.factors[0] if isinstance(node, Product) else node
    first = first.base if isinstance(first, Power) else first
    return first in (Symbol("d"), Symbol("partial")) or (isinstance(first, Word) and first.text[0] == "d")


def _argument_names(body: Node | None) -> tuple[str, ...] | None:
    if body is None:
        return None
    parts = body.items if isinstance(body, List) else (body,)
    names = []
    for part in parts:
        inner = part
        if isinstance(part, Relation) and part.operators == ("→",):
            inner = part.sides[0]
        negative = isinstance(inner, Prefix) and inner.operator == "-" and isinstance(inner.argument, Number)
        if negative or isinstance(inner, (Symbol, Subscript, Number)):
            names.append(to_text(inner))
        else:
            return None
    return tuple(names)


def _is_points(node: Node) -> bool:
    """AB, A_1B: letters that name points."""
    if isinstance(node, Word):
        return node.text.isupper()
    if isinstance(node, Symbol):
        return len(node.name) == 1 and node.name.isupper()
    if isinstance(node, Subscript):
        return _is_points(node.base)
    if isinstance(node, Accent):
        return _is_points(node.body)
    if isinstance(node, Product):
        return not any(node.operators) and all(_is_points(f) for f in node.factors)
    return False
