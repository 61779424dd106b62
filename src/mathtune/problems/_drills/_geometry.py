"""Geometry: angles, areas, right triangles, circles, points in the plane."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from ._kind import Draft, Kind, draw, plus, reduction

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS"]

_TRIPLES = ((3, 4, 5), (6, 8, 10), (5, 12, 13), (9, 12, 15), (8, 15, 17), (12, 16, 20), (7, 24, 25))
_ROUND = ("circle", "coin", "plate", "pond", "ring", "table", "wheel")


def _third_angle(rng: Random) -> Draft:
    a, b = draw(rng, 20, 89), draw(rng, 20, 80)
    work = f"$180 - {a} - {b} = {180 - a} - {b} = {180 - a - b}$"
    return Draft(values=(str(a), str(b)), work=work, answer=f"{180 - a - b}^\\circ")


def _perimeter(rng: Random) -> Draft:
    a, b = draw(rng, 2, 30), draw(rng, 2, 30)
    work = f"$2({a} + {b}) = 2 \\cdot {a + b} = {2 * (a + b)}$"
    return Draft(values=(str(a), str(b)), work=work, answer=str(2 * (a + b)))


def _triangle_area(rng: Random) -> Draft:
    half, height = draw(rng, 2, 12), draw(rng, 2, 12)
    base = 2 * half
    work = f"${base} \\cdot {height} \\div 2 = {half} \\cdot {height} = {half * height}$"
    return Draft(values=(str(base), str(height)), work=work, answer=str(half * height))


def _circle_area(rng: Random) -> Draft:
    shape, radius = rng.choice(_ROUND), draw(rng, 2, 15)
    work = f"${radius}^2 = {radius * radius}$"
    return Draft(values=(shape, str(radius)), work=work, answer=f"{radius * radius}\\pi")


def _circumference(rng: Random) -> Draft:
    shape, radius = rng.choice(_ROUND), draw(rng, 2, 40)
    work = f"$2 \\cdot {radius} = {2 * radius}$"
    return Draft(values=(shape, str(radius)), work=work, answer=f"{2 * radius}\\pi")


def _hypotenuse(rng: Random) -> Draft:
    a, b, c = rng.choice(_TRIPLES)
    extra = draw(rng, 1, 20)
    if rng.randrange(2):
        a, b = b, a
    work = f"$\\sqrt{{{a * a} + {b * b}}} = \\sqrt{{{c * c}}} = {c}$, ${c} + {extra} = {c + extra}$"
    return Draft(values=(str(a), str(b), str(extra)), work=work, answer=str(c + extra))


def _points(rng: Random, bound: int) -> tuple[int, int, int, int]:
    x, y, u, v = (draw(rng, -bound, bound) for _ in range(4))
    return x, y, u if u != x else x + 1, v if v != y else y + 2


def _midpoint(rng: Random) -> Draft:
    x, y, half_u, half_v = (draw(rng, -9, 9) for _ in range(4))
    u, v = 2 * half_u - x, 2 * half_v - y
    work = f"${x}{plus(u) or ' + 0'} = {2 * half_u}$, ${y}{plus(v) or ' + 0'} = {2 * half_v}$"
    return Draft(values=(f"({x}, {y})", f"({u}, {v})"), work=work, answer=f"({half_u}, {half_v})")


def _slope(rng: Random) -> Draft:
    x, y, u, v = _points(rng, 6)
    if u < x:
        x, y, u, v = u, v, x, y
    steps, answer = reduction(v - y, u - x)
    work = f"${v} - {_bracketed(y)} = {v - y}$, ${u} - {_bracketed(x)} = {u - x}$, ${steps}$"
    return Draft(values=(f"({x}, {y})", f"({u}, {v})"), work=work, answer=answer)


def _distance(rng: Random) -> Draft:
    x, y, u, v = _points(rng, 5)
    across, up = abs(u - x), abs(v - y)
    total = across * across + up * up
    steps, answer = _root(total)
    work = f"${across}^2 + {up}^2 = {across * across} + {up * up} = {total}$, ${steps}$"
    return Draft(values=(f"({x}, {y})", f"({u}, {v})"), work=work, answer=answer)


def _root(number: int) -> tuple[str, str]:
    """Give the steps that take squares out of a root, and the result."""
    side = max(k for k in range(1, isqrt(number) + 1) if number % (k * k) == 0)
    rest = number // (side * side)
    if side == 1:
        return f"\\sqrt{{{number}}}", f"\\sqrt{{{number}}}"
    root = str(side) if rest == 1 else f"{side}\\sqrt{{{rest}}}"
    middle = f" = \\sqrt{{{side}^2 \\cdot {rest}}}" if rest != 1 else ""
    return f"\\sqrt{{{number}}}{middle} = {root}", root


def _bracketed(number: int) -> str:
    return f"({number})" if number < 0 else str(number)


def _cylinder(rng: Random) -> Draft:
    radius, height = draw(rng, 2, 9), draw(rng, 2, 12)
    square = radius * radius
    work = f"${radius}^2 = {square}$, ${square} \\cdot {height} = {square * height}$"
    return Draft(values=(str(radius), str(height)), work=work, answer=f"{square * height}\\pi")


KINDS = (
    Kind(
        name="third angle",
        level=1,
        wordings=(
            "Two angles of a triangle are $@1^\\circ$ and $@2^\\circ$. Find the third angle.",
            "A triangle has angles $@1^\\circ$ and $@2^\\circ$. What is its third angle?",
        ),
        make=_third_angle,
    ),
    Kind(
        name="perimeter",
        level=1,
        wordings=(
            "A rectangle has sides $@1$ and $@2$. Find its perimeter.",
            "What is the perimeter of a rectangle with sides $@1$ and $@2$?",
        ),
        make=_perimeter,
    ),
    Kind(
        name="triangle area",
        level=2,
        wordings=(
            "A triangle has base $@1$ and height $@2$. Find its area.",
            "What is the area of a triangle with base $@1$ and height $@2$?",
        ),
        make=_triangle_area,
    ),
    Kind(
        name="circumference",
        level=2,
        wordings=(
            "A @1 has radius $@2$. Find its circumference.",
            "What is the circumference of a @1 with radius $@2$?",
        ),
        make=_circumference,
    ),
    Kind(
        name="circle area",
        level=3,
        wordings=("A @1 has radius $@2$. Find its area.", "What is the area of a @1 with radius $@2$?"),
        make=_circle_area,
    ),
    Kind(
        name="hypotenuse",
        level=3,
        wordings=(
            "A right triangle has legs $@1$ and $@2$. Find its hypotenuse plus $@3$.",
            "The legs of a right triangle are $@1$ and $@2$. What is $@3$ more than its hypotenuse?",
        ),
        make=_hypotenuse,
    ),
    Kind(
        name="midpoint",
        level=4,
        wordings=("Find the midpoint of $@1$ and $@2$.", "Which point is halfway between $@1$ and $@2$?"),
        make=_midpoint,
    ),
    Kind(
        name="slope",
        level=5,
        wordings=(
            "Find the slope of the line through $@1$ and $@2$.",
            "What is the slope of the line from $@1$ to $@2$?",
        ),
        make=_slope,
    ),
    Kind(
        name="cylinder",
        level=4,
        wordings=(
            "A cylinder has radius $@1$ and height $@2$. Find its volume.",
            "What is the volume of a cylinder with radius $@1$ and height $@2$?",
        ),
        make=_cylinder,
    ),
    Kind(
        name="distance",
        level=5,
        wordings=("Find the distance between $@1$ and $@2$.", "How far is $@1$ from $@2$?"),
        make=_distance,
    ),
)
