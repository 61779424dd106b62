"""Trigonometry: exact values, radians, turns, right triangles, sums of angles."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ._kind import Draft, Kind, draw, fraction, reduction

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS"]

# An exact value as (rational factor, radicand): (1/2, 3) is half the square root of three.
_Value = tuple[Fraction, int]
_HALF, _ONE, _ZERO = Fraction(1, 2), Fraction(1), Fraction(0)
_EXACT: dict[tuple[str, int], _Value] = {
    ("sin", 0): (_ZERO, 1),
    ("sin", 30): (_HALF, 1),
    ("sin", 45): (_HALF, 2),
    ("sin", 60): (_HALF, 3),
    ("sin", 90): (_ONE, 1),
    ("cos", 0): (_ONE, 1),
    ("cos", 30): (_HALF, 3),
    ("cos", 45): (_HALF, 2),
    ("cos", 60): (_HALF, 1),
    ("cos", 90): (_ZERO, 1),
    ("tan", 0): (_ZERO, 1),
    ("tan", 30): (Fraction(1, 3), 3),
    ("tan", 45): (_ONE, 1),
    ("tan", 60): (_ONE, 3),
}
_FUNCTIONS = ("sin", "cos", "tan")
_SLANTED = (120, 135, 150, 210, 225, 240, 300, 315, 330)  # special angles that need a reference angle
_TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25))


def _written(value: _Value) -> str:
    r"""Write an exact value.

    >>> _written((Fraction(-1, 2), 3)), _written((Fraction(2), 1))
    ('-\\frac{\\sqrt{3}}{2}', '2')
    """
    factor, radicand = value
    if radicand == 1 or factor == 0:
        return fraction(factor.numerator, factor.denominator)
    size = abs(factor.numerator)
    top = f"{'' if size == 1 else size}\\sqrt{{{radicand}}}"
    sign = "-" if factor < 0 else ""
    return f"{sign}{top}" if factor.denominator == 1 else f"{sign}\\frac{{{top}}}{{{factor.denominator}}}"


def _reference(function: str, angle: int) -> tuple[int, int]:
    """Give the reference angle of an angle from 0 to 360 degrees, and the function's sign there."""
    quadrant = angle // 90
    acute = (angle, 180 - angle, angle - 180, 360 - angle)[quadrant]
    positive = {"sin": (0, 1), "cos": (0, 3), "tan": (0, 2)}[function]
    return acute, 1 if quadrant in positive else -1


def _reduced(function: str, angle: int) -> tuple[str, _Value]:
    """Give the steps from f(angle) to its exact value, for a special angle from 0 to 360 degrees."""
    acute, sign = _reference(function, angle)
    factor, radicand = _EXACT[function, acute]
    value = (sign * factor, radicand)
    middle = "" if acute == angle else f" = {'-' if sign < 0 else ''}\\{function} {acute}^\\circ"
    return f"\\{function} {angle}^\\circ{middle} = {_written(value)}", value


def _times(times: int, value: _Value) -> tuple[str, str]:
    """Give the step that multiplies an exact value by a number, and the product."""
    product = _written((times * value[0], value[1]))
    written = _written(value)
    if written.startswith("-"):
        written = f"({written})"
    return f"${times} \\cdot {written} = {product}$", product


def _first_quadrant(rng: Random) -> Draft:
    (function, angle), times = rng.choice(tuple(_EXACT)), draw(rng, 2, 12)
    steps, value = _reduced(function, angle)
    product, answer = _times(times, value)
    return Draft(values=(f"{times}\\{function} {angle}^\\circ",), work=f"${steps}$, {product}", answer=answer)


def _to_radians(rng: Random) -> Draft:
    degrees = 5 * draw(rng, 1, 120)
    steps, lowest = reduction(degrees // 5, 36)
    return Draft(values=(f"{degrees}^\\circ",), work=f"${degrees} \\div 180 = {steps}$", answer=_pi(lowest))


def _pi(factor: str) -> str:
    if factor == "1":
        return "\\pi"
    return factor.replace("{1}{", "{\\pi}{", 1) if "{1}{" in factor else _pi_after_numerator(factor)


def _pi_after_numerator(factor: str) -> str:
    return factor.replace("}{", "\\pi}{", 1) if "}{" in factor else f"{factor}\\pi"


def _other_quadrants(rng: Random) -> Draft:
    function, angle, times = rng.choice(_FUNCTIONS), rng.choice(_SLANTED), draw(rng, 2, 9)
    steps, value = _reduced(function, angle)
    product, answer = _times(times, value)
    return Draft(values=(f"{times}\\{function} {angle}^\\circ",), work=f"${steps}$, {product}", answer=answer)


def _radians(rng: Random) -> Draft:
    function, angle, times = rng.choice(_FUNCTIONS), rng.choice((30, 45, 60, *_SLANTED)), draw(rng, 2, 9)
    part = Fraction(angle, 180)
    radians = _pi(fraction(part.numerator, part.denominator))
    steps, value = _reduced(function, angle)
    product, answer = _times(times, value)
    work = f"${radians} = {angle}^\\circ$, ${steps}$, {product}"
    return Draft(values=(f"{times}\\{function} {radians}",), work=work, answer=answer)


def _whole_turns(rng: Random) -> Draft:
    function, angle = rng.choice(_FUNCTIONS), rng.choice((30, 45, 60, *_SLANTED))
    turns = draw(rng, -4, 5, but=(0,))
    asked, mark = angle + 360 * turns, "-" if turns > 0 else "+"
    steps, value = _reduced(function, angle)
    work = f"${asked} {mark} {360 * abs(turns)} = {angle}$, ${steps}$"
    degrees = f"{asked}^\\circ" if asked >= 0 else f"({asked}^\\circ)"
    return Draft(values=(f"\\{function} {degrees}",), work=work, answer=_written(value))


def _right_triangle(rng: Random) -> Draft:
    (a, b, c), scale = rng.choice(_TRIPLES), draw(rng, 1, 9)
    if rng.randrange(2):
        a, b = b, a
    function = rng.choice(_FUNCTIONS)
    top, bottom = {"sin": (a, c), "cos": (b, c), "tan": (a, b)}[function]
    steps, answer = reduction(top * scale, bottom * scale)
    values = (str(a * scale), str(b * scale), str(c * scale), f"\\{function} A")
    return Draft(values=values, work=f"${values[3]} = {steps}$", answer=answer)


def _sum_of_angles(rng: Random) -> Draft:
    total = rng.choice((30, 45, 60, *_SLANTED))
    a = draw(rng, 5, total - 5)
    b = total - a
    function, asked = rng.choice(
        (
            ("sin", f"\\sin {a}^\\circ \\cos {b}^\\circ + \\cos {a}^\\circ \\sin {b}^\\circ"),
            ("cos", f"\\cos {a}^\\circ \\cos {b}^\\circ - \\sin {a}^\\circ \\sin {b}^\\circ"),
        )
    )
    steps, value = _reduced(function, total)
    work = f"$\\{function}({a}^\\circ + {b}^\\circ) = {steps}$"
    return Draft(values=(asked,), work=work, answer=_written(value))


_COMPUTE = ("Compute $@1$.", "What is $@1$?", "Find the exact value of $@1$.")

KINDS = (
    Kind(name="first quadrant", level=1, wordings=_COMPUTE, make=_first_quadrant),
    Kind(
        name="to radians",
        level=1,
        wordings=("Write $@1$ in radians.", "Convert $@1$ to radians.", "How many radians are $@1$?"),
        make=_to_radians,
    ),
    Kind(name="other quadrants", level=2, wordings=_COMPUTE, make=_other_quadrants),
    Kind(
        name="right triangle",
        level=2,
        wordings=(
            (
                "A right triangle has legs $@1$, $@2$ and hypotenuse $@3$. "
                "Angle $A$ lies opposite $@1$. Find $@4$."
            ),
            "In a right triangle with sides $@1$, $@2$, $@3$, what is $@4$ for the angle $A$ opposite $@1$?",
        ),
        make=_right_triangle,
    ),
    Kind(name="radians", level=3, wordings=_COMPUTE, make=_radians),
    Kind(name="whole turns", level=4, wordings=_COMPUTE, make=_whole_turns),
    Kind(name="sum of angles", level=5, wordings=_COMPUTE, make=_sum_of_angles),
)
