"""Sums, integrals, limits and derivatives as they are written -> expressions with a bound variable."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import (
    Add,
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
    infinite_sign,
    multiply,
    negate,
    power,
    rational,
    size,
    substitute,
    symbols,
)
from mathtune.algebra import Power as PowerOf
from mathtune.latex import (
    Big,
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

from ._antiderivative import integrated
from ._difference_quotients import has_unknown, quotient_of_differences
from ._values import NotScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[[Node], Expression]

__all__ = ["big_value", "differential_operator", "differentiated", "with_index"]

INFINITY = Constant("infty")
ONE = rational(1)


def big_value(node: Big, formula: Formula) -> Expression:
    """A sum, product, integral or limit.

    Raises:
        NotScalarError: It is another big sign, or its bounds are not written as usual.
    """
    if node.sign in ("sum", "prod"):
        return _series(node, formula)
    if node.sign == "int":
        return _integral(node, formula)
    if node.sign == "lim":
        return _limit(node, formula)
    if node.sign in _REGIONS and node.lower is not None and node.upper is None:
        return _over_region(node, node.lower, formula)
    raise NotScalarError


def _approach(target: Node) -> tuple[Node, str]:
    """`0^+` and `0+` come from above."""
    if isinstance(target, Power) and isinstance(target.exponent, Text):
        return target.base, target.exponent.text
    if isinstance(target, Postfix) and target.operator in "+-":
        return target.argument, target.operator
    return target, ""


def _limit(node: Big, formula: Formula) -> Expression:
    lower = node.lower
    if not (isinstance(lower, Relation) and lower.operators == ("→",)):
        raise NotScalarError
    target, direction = _approach(lower.sides[1])
    side = {"+": rational(1), "-": rational(-1)}.get(direction)
    letter = lower.sides[0]
    if isinstance(letter, Product) and letter.factors[0] == Symbol("Delta"):
        letter = letter.factors[0]  # Δx is small with Δ
    name = letter.name if isinstance(letter, Symbol) else _variable_name(letter, formula)
    body, place = with_index(node.body, name, formula), formula(target)
    return quotient_of_differences(body, name, place) or Bound("lim", name, body, place, side)


def _series(node: Big, formula: Formula) -> Expression:
    index, low, high = _series_range(node)
    name = index.name if isinstance(index, Symbol) else _variable_name(index, formula)
    body = with_index(node.body, name, formula)
    return Bound(node.sign, name, body, formula(low), INFINITY if high is None else formula(high))


def _series_range(node: Big) -> tuple[Node, Node, Node | None]:
    """The index and its ends: `n=1` with a bound above, `n≥1`, or `1≤k≤n`."""
    lower = node.lower
    if not isinstance(lower, Relation):
        raise NotScalarError
    if lower.operators == ("=",) and node.upper is not None:
        return lower.sides[0], lower.sides[1], node.upper
    if lower.operators == ("≥",) and node.upper is None:
        return lower.sides[0], lower.sides[1], None
    if lower.operators == ("≤", "≤") and node.upper is None:
        return lower.sides[1], lower.sides[0], lower.sides[2]
    raise NotScalarError


def with_index(body: Node, name: str, formula: Formula) -> Expression:
    """Under a sum over i the letter is an index, not the imaginary unit."""
    value = formula(body)
    return _replace_unit(value) if name == "i" else value


def _replace_unit(value: Expression) -> Expression:
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


def _integral(node: Big, formula: Formula) -> Expression:
    """`∫ f dx + g`: the integral ends with its differential; of several signs the inner takes the first."""
    signs, inner = [node], node.body
    while isinstance(inner, Big) and inner.sign == "int":
        signs.append(inner)
        inner = inner.body
    terms = list(inner.terms) if isinstance(inner, Sum) else [inner]
    for at, term in enumerate(terms):
        body, names = _without_differentials(term, len(signs))
        if len(names) < len(signs):
            continue
        inside = [*terms[:at], body]
        value = formula(inside[0] if len(inside) == 1 else Sum(tuple(inside)))
        for sign, name in zip(reversed(signs), names, strict=True):
            value = integrated(value) if isinstance(value, Bound) else value
            ends = tuple(None if end is None else formula(end) for end in (sign.lower, sign.upper))
            value = _between(name, value, *ends)
        return add(value, *(formula(term) for term in terms[at + 1 :]))
    raise NotScalarError


def _over_region(node: Big, region: Node, formula: Formula) -> Expression:
    r"""`\iint_R xy\,dA`: over a box one integral after the other, else an unknown of region and body."""
    letters = _REGIONS[node.sign]
    *terms, last = node.body.terms if isinstance(node.body, Sum) else (node.body,)
    last, names = _without_differentials(last, len(letters))
    if len(names) not in (1, len(letters)) or (len(names) == 1 and names[0] not in "AVS"):
        raise NotScalarError
    value, sides = add(*map(formula, (*terms, last))), _sides_of(region, len(letters))
    if sides is None:
        many = value.factors[0] if isinstance(value, Multiply) else ONE
        scale = many if isinstance(many, Rational) else ONE
        return multiply(scale, Apply(f"{node.sign} {to_text(region)}(", (divide(value, scale),)))
    for name, (low, high) in zip(letters, sides, strict=True):
        value = _between(
            name, integrated(value) if isinstance(value, Bound) else value, formula(low), formula(high)
        )
    return value


# The coordinates that the integrals run over.
_REGIONS = {"iint": "xy", "iiint": "xyz"}


def _sides_of(region: Node, count: int) -> list[tuple[Node, Node]] | None:
    r"""The intervals of `[0,1]^2` and `[0,1] \times [0,2]`."""
    if isinstance(region, Power) and region.exponent == Number(str(count)):
        factors: tuple[Node, ...] = (region.base,) * count
    else:
        factors = region.factors if isinstance(region, Product) and set(region.operators) == {"×"} else ()  # noqa: RUF001  (the sign between sets)
    ends = [f.body.items for f in factors if isinstance(f, Group) and isinstance(f.body, List)]
    pairs = [(pair[0], pair[1]) for pair in ends if len(pair) == len(("low", "high"))]
    return pairs if len(pairs) == len(factors) == count else None


def _between(
    name: str, value: Expression, lower: Expression | None = None, upper: Expression | None = None
) -> Expression:
    """The integral; from infinity down it is that upwards, with the other sign."""
    if lower is not None and upper is not None and (infinite_sign(lower) > 0 or infinite_sign(upper) < 0):
        return negate(Bound("int", name, value, upper, lower))
    return Bound("int", name, value, lower, upper)


def _without_differentials(node: Node, count: int) -> tuple[Node, list[str]]:
    names: list[str] = []
    while len(names) < count:
        found = _without_differential(node)
        if found is None:
            break
        node = found[0]
        names.append(found[1])
    return node, names


def _without_differential(node: Node) -> tuple[Node, str] | None:
    """Take `dx` off the end of a product or an argument, out of a numerator, or from under a sign."""
    if isinstance(node, Prefix) and node.operator in "+-":
        found = _without_differential(node.argument)
        return None if found is None else (Prefix(node.operator, found[0]), found[1])
    if isinstance(node, Fraction):
        found = _without_differential(node.numerator)
        return None if found is None else (Fraction(found[0], node.denominator), found[1])
    if isinstance(node, Call) and node.arguments:  # \sin x\,dx
        found = _without_differential(node.arguments[-1])
        whole = found is None or isinstance(node.arguments[-1], (Word, Group))
        return None if whole or found is None else (_with_last(node, found[0]), found[1])
    if isinstance(node, Word):
        return _without_factor(Product((node,), ()))
    return _without_factor(node) if isinstance(node, Product) else None


def _with_last(node: Call, argument: Node) -> Node:
    return attrs.evolve(node, arguments=(*node.arguments[:-1], argument))


def _without_factor(node: Product) -> tuple[Node, str] | None:
    """The product without its first differential, for which a 1 stands where something is divided."""
    factors, operators = _apart(list(node.factors), list(node.operators))
    for at, last in enumerate(factors):
        used, kept = 1, list[Node]()
        if isinstance(last, Word) and (differentials := _DIFFERENTIALS.match(last.text)):
            before, name, others = differentials.groups()
            kept = [*map(Symbol, before), *([Word(others)] if others else [])]
        elif last == Symbol("d") and at + 1 < len(factors) and isinstance(factors[at + 1], Symbol):
            used, name = 2, _differential_name(factors[at + 1])
        elif isinstance(last, (Fraction, Call)) and (found := _without_differential(last)):
            kept, name = [found[0]], found[1]
        else:
            continue
        return _product_of(factors, operators, slice(at, at + used), kept), name
    return None


def _product_of(factors: list[Node], operators: list[str], removed: slice, kept: list[Node]) -> Node:
    """The product with `kept` in the place of what is removed."""
    before, behind = operators[: removed.start], operators[removed.stop - 1 :]
    if not kept and "/" in behind[:1]:
        kept, before = [Number("1")], [*before[:-1], before[-1] or "*"] if before else []
    elif not kept:
        before, behind = (before, behind[1:]) if before and behind else (before[:-1], behind[1:])
    rest = [*factors[: removed.start], *kept, *factors[removed.stop :]]
    joined = (*before, *[""] * (len(kept) - 1), *behind)
    if not rest:
        return Number("1")
    return rest[0] if len(rest) == 1 else Product(tuple(rest), joined)


def _apart(factors: list[Node], operators: list[str]) -> tuple[list[Node], list[str]]:
    r"""`drd\theta`: the d at the end of a word belongs to the letter behind it."""
    for at, (word, letter) in enumerate(itertools.pairwise(factors)):
        if (
            isinstance(word, Word)
            and isinstance(letter, Symbol)
            and word.text[-1] == "d"
            and len(word.text) > 2
        ):
            parted = [*factors[:at], Word(word.text[:-1]), Symbol("d"), *factors[at + 1 :]]
            return parted, [*operators[:at], "", *operators[at:]]
    return factors, operators


# `dx`, `xdx`, `dydx`: of several differentials the first belongs to the inner sign.
_DIFFERENTIALS = re.compile(r"([A-Za-z]*?)d([A-Za-z])((?:d[A-Za-z])*)\Z")


def _differential_name(node: Node) -> str:
    return node.name if isinstance(node, Symbol) else "?"


def _variable_name(node: Node, formula: Formula) -> str:
    value = formula(node)
    if not isinstance(value, Variable):
        raise NotScalarError
    return value.name


def differential_operator(node: Node) -> tuple[Node, Node] | None:
    r"""`\frac{d}{dx}`, `(d/dx)`, `\frac{d^n}{dx^n}`, `\frac{\partial}{\partial x}`: in what, how often."""
    if isinstance(node, Group) and node.opening == "(" and node.body is not None:
        node = node.body
        node = Fraction(*node.factors) if isinstance(node, Product) and node.operators == ("/",) else node
    if not isinstance(node, Fraction):
        return None
    above = node.numerator
    top, times = (above.base, above.exponent) if isinstance(above, Power) else (above, _ONCE)
    if top not in _SIGNS_OF_SLOPES or not isinstance(times, (Number, Symbol)):
        return None
    name = _operator_variable(node.denominator)
    return None if name is None else (name, times)


_ONCE = Number("1")
_SIGNS_OF_SLOPES = (Symbol("d"), Symbol("partial"))


def _operator_variable(node: Node) -> Node | None:
    if isinstance(node, Word):  # dx
        return Symbol(node.text[1:]) if len(node.text) == 2 and node.text[0] == "d" else None
    if isinstance(node, Power):  # dx^2
        return _operator_variable(node.base)
    if not isinstance(node, Product) or node.factors[0] not in _SIGNS_OF_SLOPES:
        return None
    last = node.factors[-1].base if isinstance(node.factors[-1], Power) else node.factors[-1]
    return last if len(node.factors) == 2 and isinstance(last, (Symbol, Subscript)) else None


# Of higher or unknown order, and of longer formulas, a derivative is known by its values only.
_HIGHEST_WRITTEN = 4
_LARGEST_DIFFERENTIATED = 300


def differentiated(value: Expression, variable: Expression, order: Expression = ONE) -> Expression:
    """The derivative, or what stands for it where the function is unknown: diff(y, x)."""
    if not isinstance(variable, Variable):
        return Apply("diff(", (value, variable))
    if not isinstance(order, Rational) or order.value > _HIGHEST_WRITTEN:
        return _of_high_order(value, variable, order)
    for done in range(int(order.value)):
        if size(value) > _LARGEST_DIFFERENTIATED:  # each derivative may be several times as long
            return _of_high_order(value, variable, add(order, rational(-done)))
        found = derivative(value, variable.name) if variable.name in symbols(value) else None
        if found is None and variable.name in symbols(value) and not has_unknown(value):
            return _of_high_order(value, variable, add(order, rational(-done)))
        value = _sloped(value, variable) if found is None else found
    return value


def _sloped(value: Expression, variable: Variable) -> Expression:
    """f'(x) of f(x); of anything else that nobody knows diff(..., x)."""
    if isinstance(value, Apply) and value.name.endswith("(") and value.arguments == (variable,):
        return Apply(f"{value.name[:-1]}'(", (variable,))
    return Apply("diff(", (value, variable))


def _of_high_order(value: Expression, variable: Variable, order: Expression) -> Expression:
    """A derivative that is not written out, at the place where it is asked for."""
    inner = f"#{variable.name}"
    body = substitute(value, {variable.name: Variable(inner)})
    return Bound("diff", inner, body, order, variable)
