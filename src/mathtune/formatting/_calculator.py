"""A calculator for examples with tool calls: exact arithmetic, from text to text, nothing evaluated as code.

Grammar, spaces ignored:

    sum     = product (("+" | "-") product)*
    product = factor (("*" | "/") factor)*
    factor  = ("+" | "-")* atom "%"*
    atom    = number | "(" sum ")"
    number  = digits with thousands commas, and decimals
"""

from __future__ import annotations

import re
from fractions import Fraction

from mathtune.errors import LatexSyntaxError

__all__ = ["calculate"]

_TOKEN = re.compile(r"\s*(?:(?P<number>\d[\d,]*\.?\d*|\.\d+)|(?P<sign>[-+*/()%]))")
_LONGEST = (
    2_000  # characters: no solution calculates more at once, and brackets nest no deeper than Python allows
)
_DEEPEST = 50

_Token = tuple[str, int, int]  # text, start, end


def calculate(expression: str) -> str:
    """Work out an arithmetic expression exactly.

    Args:
        expression: Numbers, `+ - * /`, brackets and percent signs.

    Returns:
        An integer, a decimal where it ends, else a fraction `a/b`.

    Raises:
        LatexSyntaxError: It is no such expression; the place is named.
        ZeroDivisionError: It divides by zero.

    >>> calculate("48/2"), calculate("20*.15"), calculate("2*(3-5)"), calculate("1/3"), calculate("15%*40")
    ('24', '3', '-4', '1/3', '6')
    """
    if len(expression) > _LONGEST:
        raise LatexSyntaxError(f"longer than {_LONGEST} characters", expression, _LONGEST, len(expression))
    tokens = _tokens(expression)
    value, position = _sum(expression, tokens, 0, 0)
    if tokens[position][0]:
        raise _unexpected(expression, tokens[position])
    return _written(value)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            raise LatexSyntaxError("expected a number, a sign or a bracket", text, position, position + 1)
        tokens.append((found["number"] or found["sign"], found.start(found.lastgroup or 0), found.end()))
        position = found.end()
    return [*tokens, ("", end, end)]


def _sum(text: str, tokens: list[_Token], position: int, depth: int) -> tuple[Fraction, int]:
    value, position = _product(text, tokens, position, depth)
    while tokens[position][0] in ("+", "-"):
        sign = tokens[position][0]
        other, position = _product(text, tokens, position + 1, depth)
        value = value + other if sign == "+" else value - other
    return value, position


def _product(text: str, tokens: list[_Token], position: int, depth: int) -> tuple[Fraction, int]:
    value, position = _factor(text, tokens, position, depth)
    while tokens[position][0] in ("*", "/"):
        sign = tokens[position][0]
        other, position = _factor(text, tokens, position + 1, depth)
        value = value * other if sign == "*" else value / other
    return value, position


def _factor(text: str, tokens: list[_Token], position: int, depth: int) -> tuple[Fraction, int]:
    negative = False
    while tokens[position][0] in ("+", "-"):
        negative ^= tokens[position][0] == "-"
        position += 1
    value, position = _atom(text, tokens, position, depth)
    while tokens[position][0] == "%":
        value, position = value / 100, position + 1
    return -value if negative else value, position


def _atom(text: str, tokens: list[_Token], position: int, depth: int) -> tuple[Fraction, int]:
    token = tokens[position]
    if token[0] == "(" and depth < _DEEPEST:
        value, position = _sum(text, tokens, position + 1, depth + 1)
        if tokens[position][0] != ")":
            raise _unexpected(text, tokens[position])
        return value, position + 1
    if not token[0][:1].isdecimal() and token[0][:1] != ".":
        raise _unexpected(text, token)
    return Fraction(token[0].replace(",", "").rstrip(".")), position + 1


def _unexpected(text: str, token: _Token) -> LatexSyntaxError:
    found = f"found {token[0]!r}" if token[0] else "the expression ends"
    return LatexSyntaxError(f"expected a number, {found}", text, token[1], token[2])


def _written(value: Fraction) -> str:
    """Write an integer, or a decimal where the denominator has only twos and fives, or a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, places = value.denominator, 0
    while rest % 10 in (0, 2, 4, 5, 6, 8) and rest != 1:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        places += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}".rstrip("0")
