"""Letters that are names: points of figures, and Roman numbers."""

from __future__ import annotations

from mathtune.algebra import (
    Expression,
    Multiply,
    Rational,
    Variable,
    rational,
)

__all__ = ["letters_of", "roman_number", "roman_value", "same_name"]


def letters_of(value: Expression) -> str:
    """The letters of a name of points: ABC, ∠ABC, △ABC; empty for anything else."""
    factors = value.factors if type(value) is Multiply else (value,)
    names = []
    for factor in factors:
        if type(factor) is not Variable:
            return ""
        names.append(factor.name)
    if names[0] in ("triangle", "Delta") and len(names) > 1:
        del names[0]
    letters = "".join(names).removeprefix("∠")
    return letters if letters.isalpha() and letters.isupper() else ""


def same_name(gold: Expression, given: Expression) -> bool:
    """An angle or triangle against its bare letters; two angles or segments are settled before."""
    if (
        isinstance(gold, Variable) == isinstance(given, Variable)
        and not _is_triangle(gold)
        and not _is_triangle(given)
    ):
        return False
    if _is_triangle(gold) != _is_triangle(given) and not (_is_bare(gold) or _is_bare(given)):
        return False
    first, second = letters_of(gold), letters_of(given)
    return len(first) == 3 and second in (first, first[::-1])


def _is_bare(value: Expression) -> bool:
    """Letters without a sign of angle or triangle."""
    return isinstance(value, Multiply) and not _is_triangle(value)


def _is_triangle(value: Expression) -> bool:
    return isinstance(value, Multiply) and value.factors[0] in (Variable("triangle"), Variable("Delta"))


_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman_value(value: Expression) -> Rational | None:
    """III as 3: two letters or more, in capitals, in the one way that Romans wrote the number."""
    letters = letters_of(value)
    number = roman_number(letters) if len(letters) > 1 else None
    return None if number is None else rational(number)


def roman_number(letters: str) -> int | None:
    """The number that Roman numerals write in the one way that counts.

    >>> roman_number("XIV"), roman_number("IIX")
    (14, None)
    """
    if not 0 < len(letters) <= _MOST_NUMERALS or not set(letters) <= set(_ROMAN):
        return None
    numbers = [_ROMAN[letter] for letter in letters]
    total = sum(-n if n < max(numbers[at:]) else n for at, n in enumerate(numbers))
    return total if _to_roman(total) == letters else None


_MOST_NUMERALS = 15


def _to_roman(number: int) -> str:
    digits = ("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50), ("XL", 40)
    written = ""
    for letters, value in (*digits, ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)):
        written += letters * (number // value)
        number %= value
    return written
