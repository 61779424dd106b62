"""Exact expressions as rational functions: numerator and denominator in flint's exact polynomials.

What is no sum, product or whole power (`sqrt(2)`, `pi`, `sin(x)`) stands as a generator of its own, under its
own text; a root or `i` knows what its power folds to. Whatever could explode asks its size first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.algebra import (
    Add,
    Apply,
    Bound,
    Constant,
    Expression,
    Multiply,
    Power,
    Rational,
    Variable,
    rational,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TOO_LARGE", "Terms", "UnfitError", "text_of"]

_MOST_TERMS = 20_000  # of a product, before it is multiplied out
_MOST_EXPONENT = 64
_MOST_GENERATORS = 12


class UnfitError(Exception):
    """The expression is nothing for a calculator; the message says why."""


TOO_LARGE = "too complex for this calculator"


@attrs.define
class Terms:
    """A rational function over the rationals.

    Attributes:
        numerator: A `flint.fmpq_mpoly`.
        denominator: A `flint.fmpq_mpoly`, not zero.
    """

    numerator: Any
    denominator: Any

    @classmethod
    def read(cls, expression: Expression) -> Terms:
        """Turn an expression into one fraction in lowest terms.

        Raises:
            UnfitError: It has too many unknowns, or would have too many terms, or a name beyond ASCII.
            ZeroDivisionError: It divides by zero.
        """
        from flint import Ordering, fmpq_mpoly_ctx

        atoms = {text_of(atom): atom for atom in _atoms(expression)}
        if len(atoms) > _MOST_GENERATORS:
            raise UnfitError(TOO_LARGE)
        if not all(map(str.isascii, atoms)):
            raise UnfitError("names have to be plain letters")
        names = sorted(atoms, key=lambda name: (isinstance(atoms[name], Variable), name))
        context = fmpq_mpoly_ctx.get(tuple(names) or ("x",), Ordering.lex)
        generators = dict(zip(names, context.gens(), strict=False))
        relations = [r for name in names if (r := _relation(atoms[name], generators[name])) is not None]
        whole = _Reader(context, generators).read(expression)
        top, below = (_reduced(part, relations) for part in (whole.numerator, whole.denominator))
        return cls(top, below).lowest()

    def lowest(self) -> Terms:
        """Cancel what numerator and denominator share."""
        if self.denominator.is_zero():
            raise ZeroDivisionError
        if self.numerator.is_zero():
            return Terms(self.numerator, self.denominator.context().from_dict({}) + 1)
        common = self.numerator.gcd(self.denominator)
        top, below = self.numerator / common, self.denominator / common
        unit = below.leading_coefficient()
        return Terms(top / unit, below / unit)

    def __str__(self) -> str:
        if self.denominator.is_one():
            return str(self.numerator)
        return f"({self.numerator})/({self.denominator})"

    @property
    def factored(self) -> str:
        """The fraction as a product."""
        top = _factored(self.numerator)
        if self.denominator.is_one():
            return top
        return f"{top if top[0] == '(' else f'({top})'}/({_factored(self.denominator)})"

    @property
    def is_rational(self) -> bool:
        """Whether it is a rational number."""
        return bool(self.numerator.is_constant() and self.denominator.is_constant())


@attrs.define
class _Reader:
    context: Any
    generators: dict[str, Any]

    def read(self, expression: Expression) -> Terms:
        one = self.context.from_dict({}) + 1
        if isinstance(expression, Rational):
            return Terms(one * expression.value.numerator, one * expression.value.denominator)
        if isinstance(expression, Add):
            return self._sum([self.read(term) for term in expression.terms])
        if isinstance(expression, Multiply):
            return self._product([self.read(factor) for factor in expression.factors])
        exponent = _whole_exponent(expression)
        if exponent is not None and isinstance(expression, Power):
            return self._power(self.read(expression.base), exponent)
        return Terms(self.generators[text_of(expression)], one)

    def _sum(self, parts: list[Terms]) -> Terms:
        total = parts[0]
        for part in parts[1:]:
            if total.denominator == part.denominator:
                total = Terms(total.numerator + part.numerator, total.denominator)
            else:
                crossed = _times(total.numerator, part.denominator) + _times(
                    part.numerator, total.denominator
                )
                total = Terms(crossed, _times(total.denominator, part.denominator))
        return total

    def _product(self, parts: list[Terms]) -> Terms:
        total = parts[0]
        for part in parts[1:]:
            total = Terms(
                _times(total.numerator, part.numerator), _times(total.denominator, part.denominator)
            )
        return total

    def _power(self, base: Terms, exponent: int) -> Terms:
        if exponent < 0:
            if base.numerator.is_zero():
                raise ZeroDivisionError
            base, exponent = Terms(base.denominator, base.numerator), -exponent
        return self._product([base] * exponent) if exponent else self.read(rational(1))


def _times(one: Any, other: Any) -> Any:  # noqa: ANN401  (flint publishes no types)
    if len(one) * len(other) > _MOST_TERMS:
        raise UnfitError(TOO_LARGE)
    return one * other


def _whole_exponent(expression: Expression) -> int | None:
    if not isinstance(expression, Power) or not isinstance(expression.exponent, Rational):
        return None
    exponent = expression.exponent.value
    if exponent.denominator != 1:
        return None
    if abs(exponent) > _MOST_EXPONENT:
        raise UnfitError(TOO_LARGE)
    return int(exponent)


def _atoms(expression: Expression) -> list[Expression]:
    """Give the parts that stand for themselves."""
    if isinstance(expression, Rational):
        return []
    if isinstance(expression, (Add, Multiply)):
        parts = expression.terms if isinstance(expression, Add) else expression.factors
        return [atom for part in parts for atom in _atoms(part)]
    if isinstance(expression, Power) and _whole_exponent(expression) is not None:
        return _atoms(expression.base)
    return [expression]


def _relation(atom: Expression, generator: Any) -> Any:  # noqa: ANN401
    """Give the polynomial that is zero at a root or at `i`, or None."""
    if atom == Constant("i"):
        return generator**2 + 1
    if isinstance(atom, Power) and isinstance(atom.base, Rational) and isinstance(atom.exponent, Rational):
        base, exponent = atom.base.value, atom.exponent.value
        if base > 0 and exponent.denominator <= _MOST_EXPONENT and 0 < exponent.numerator <= _MOST_EXPONENT:
            power = base**exponent.numerator
            return generator**exponent.denominator * power.denominator - power.numerator
    return None


def _reduced(part: Any, relations: list[Any]) -> Any:  # noqa: ANN401
    for relation in relations:
        part = divmod(part, relation)[1]
    return part


def _factored(polynomial: Any) -> str:  # noqa: ANN401
    if polynomial.is_zero() or polynomial.is_constant():
        return str(polynomial)
    unit, factors = polynomial.factor()
    parts = [] if unit == 1 else [str(unit)]
    for factor, times in factors:
        text = f"({factor})" if len(factor) > 1 else str(factor)
        parts.append(text if times == 1 else f"{text}^{times}")
    return "*".join(parts)


def text_of(expression: Expression) -> str:
    """Give an expression in plain text, as a person types it."""
    return _PRINTED[type(expression)](expression)


def _power(expression: Power) -> str:
    if expression.exponent == rational(1, 2):
        return f"sqrt({text_of(expression.base)})"
    return f"{_inner(expression.base)}^{_inner(expression.exponent)}"


def _bound(expression: Bound) -> str:
    ends = "".join(f", {text_of(end)}" for end in (expression.lower, expression.upper) if end is not None)
    return f"{expression.kind}({text_of(expression.body)}, {expression.variable}{ends})"


def _inner(expression: Expression) -> str:
    text = text_of(expression)
    simple = isinstance(expression, (Constant, Variable, Apply)) or text.isalnum()
    return text if simple else f"({text})"


_PRINTED: dict[type, Callable[[Any], str]] = {
    Rational: lambda number: str(number.value),
    Constant: lambda constant: str(constant.name),
    Variable: lambda variable: str(variable.name),
    Add: lambda total: " + ".join(map(text_of, total.terms)),
    Multiply: lambda product: "*".join(map(_inner, product.factors)),
    Power: _power,
    Apply: lambda call: f"{call.name}({', '.join(map(text_of, call.arguments))})",
    Bound: _bound,
}
