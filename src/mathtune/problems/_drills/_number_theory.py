"""Number theory: remainders, last digits, Euclid's algorithm, divisors."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

from ._kind import Draft, Kind, draw

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS"]


def _remainder(rng: Random) -> Draft:
    divisor, tens, ones = draw(rng, 3, 9), draw(rng, 0, 1), draw(rng, 1, 9)
    rest = draw(rng, 0, divisor - 1)
    number, left = divisor * (10 * tens + ones) + rest, divisor * ones + rest
    first = f"${number} - {divisor * 10} = {left}$, " if tens else ""
    work = f"{first}${left} - {divisor * ones} = {rest}$"
    return Draft(values=(str(number), str(divisor)), work=work, answer=str(rest))


def _last_digit(rng: Random) -> Draft:
    a, b = draw(rng, 12, 99, but=tuple(range(20, 100, 10))), draw(rng, 12, 99, but=tuple(range(20, 100, 10)))
    ones = a % 10 * (b % 10)
    return Draft(values=(str(a), str(b)), work=f"${a % 10} \\cdot {b % 10} = {ones}$", answer=str(ones % 10))


def _divisors(rng: Random) -> Draft:
    primes = sorted(rng.sample((2, 3, 5, 7, 11, 13), 2))
    a, b = draw(rng, 1, 9), draw(rng, 1, 9)
    power = " \\cdot ".join(f"{p}^{e}" if e > 1 else str(p) for p, e in zip(primes, (a, b), strict=True))
    work = f"$({a} + 1)({b} + 1) = {a + 1} \\cdot {b + 1} = {(a + 1) * (b + 1)}$"
    return Draft(values=(power,), work=work, answer=str((a + 1) * (b + 1)))


def _coprime(rng: Random, low: int, high: int) -> tuple[int, int]:
    """Draw two numbers without common divisor, the larger one first."""
    while True:
        a, b = draw(rng, low, high), draw(rng, low, high)
        if a > b and gcd(a, b) == 1:
            return a, b


def _greatest_common_divisor(rng: Random) -> Draft:
    common, (a, b) = draw(rng, 2, 9), _coprime(rng, 2, 11)
    a, b = a * common, b * common
    values, work = (str(a), str(b)), []
    while b:
        work.append(f"${a} = {a // b} \\cdot {b}{f' + {a % b}' if a % b else ''}$")
        a, b = b, a % b
    return Draft(values=values, work=", ".join(work), answer=str(common))


def _least_common_multiple(rng: Random) -> Draft:
    common, (a, b) = draw(rng, 2, 9), _coprime(rng, 2, 9)
    multiple = common * a * b
    work = (
        f"${common * a} = {common} \\cdot {a}$, ${common * b} = {common} \\cdot {b}$, "
        f"${common * a} \\cdot {b} = {multiple}$"
    )
    return Draft(values=(str(common * a), str(common * b)), work=work, answer=str(multiple))


def _last_digit_of_power(rng: Random) -> Draft:
    base, exponent = draw(rng, 2, 19, but=(10,)), draw(rng, 5, 44)
    rest = (exponent - 1) % 4 + 1
    powers = [pow(base, e, 10) for e in range(1, rest + 1)]
    cycle = ", ".join(map(str, powers))
    work = f"${exponent} = 4 \\cdot {(exponent - rest) // 4} + {rest}$, ${cycle}$"
    return Draft(values=(f"{base}^{{{exponent}}}",), work=work, answer=str(powers[-1]))


def _remainder_of_product(rng: Random) -> Draft:
    divisor = draw(rng, 3, 9)
    a, b = draw(rng, divisor + 1, 40), draw(rng, divisor + 1, 40)
    left, right = a % divisor, b % divisor
    work = (
        f"${a} \\equiv {left}$, ${b} \\equiv {right}$, "
        f"${left} \\cdot {right} = {left * right} \\equiv {left * right % divisor}$"
    )
    return Draft(values=(f"{a} \\cdot {b}", str(divisor)), work=work, answer=str(left * right % divisor))


_REMAINDER = (
    "Find the remainder when $@1$ is divided by $@2$.",
    "What remains when $@1$ is divided by $@2$?",
    "Find $@1 \\bmod @2$.",
)
_LAST_DIGIT = (
    "What is the last digit of $@1$?",
    "Find the last digit of $@1$.",
    "Find the units digit of $@1$.",
)

KINDS = (
    Kind(name="remainder", level=1, wordings=_REMAINDER, make=_remainder),
    Kind(
        name="last digit",
        level=2,
        wordings=tuple(text.replace("@1", "@1 \\cdot @2") for text in _LAST_DIGIT),
        make=_last_digit,
    ),
    Kind(
        name="divisors",
        level=3,
        wordings=(
            "How many positive divisors does $@1$ have?",
            "Count the positive divisors of $@1$.",
            "How many positive integers divide $@1$?",
        ),
        make=_divisors,
    ),
    Kind(
        name="greatest common divisor",
        level=3,
        wordings=(
            "Find the greatest common divisor of $@1$ and $@2$.",
            "What is $\\gcd(@1, @2)$?",
            "Compute $\\gcd(@1, @2)$.",
        ),
        make=_greatest_common_divisor,
    ),
    Kind(
        name="least common multiple",
        level=4,
        wordings=(
            "Find the least common multiple of $@1$ and $@2$.",
            "What is the least common multiple of $@1$ and $@2$?",
        ),
        make=_least_common_multiple,
    ),
    Kind(name="last digit of a power", level=5, wordings=_LAST_DIGIT, make=_last_digit_of_power),
    Kind(name="remainder of a product", level=5, wordings=_REMAINDER, make=_remainder_of_product),
)
