"""Circles and lines in words -> their equations: `the circle with centre (1, 2) and radius 3`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.algebra import Expression, Variable, add, multiply, negate, power, rational

from ._values import Equation, Items, Quantity

if TYPE_CHECKING:
    from ._values import Value
    from ._words import ReadText

__all__ = ["said_circle", "said_line"]

_POINT = r"(\([^()]{1,40}\)|(?:the )?origin)"
_NUMBER = r"([^\s,]{1,40})"
_JOINT = r"(?:,? and|,? with|,)? (?:a |its )?"
_CENTER = rf"(?:with )?(?:a |its |the )?(?:cent(?:er|re)|cent(?:er|r)ed)(?: at| is| on| =)? {_POINT}"
_RADIUS = rf"(?:of |with |having )?(?:a )?radius(?: of| is| =)? {_NUMBER}"
_CIRCLE = r"(?:(?:[Tt]he|[Aa]) )?[Cc]ircle,? "
_CENTER_FIRST = re.compile(rf"{_CIRCLE}{_CENTER}{_JOINT}{_RADIUS}\Z")
_RADIUS_FIRST = re.compile(rf"{_CIRCLE}{_RADIUS}{_JOINT}{_CENTER}\Z")

_LINE = r"(?:(?:[Tt]he|[Aa]) )?(?:straight )?[Ll]ine,? "
_SLOPE = rf"(?:with |of |having )?(?:a )?slope(?: of| is| =)? {_NUMBER}"
_THROUGH = rf"(?:(?:passing|that passes|going|that goes) )?through (?:the points? )?{_POINT}"
_BY_POINTS = re.compile(rf"{_LINE}{_THROUGH} and (?:the point )?{_POINT}\Z")
_POINT_FIRST = re.compile(rf"{_LINE}{_THROUGH}{_JOINT}{_SLOPE}\Z")
_SLOPE_FIRST = re.compile(rf"{_LINE}{_SLOPE}{_JOINT}{_THROUGH}\Z")
_BY_INTERCEPT = re.compile(rf"{_LINE}{_SLOPE}{_JOINT}y-intercept(?: of| at| is| =)? {_NUMBER}\Z")

_X, _Y = Variable("x"), Variable("y")
_ZERO, _ONE, _TWO = map(rational, range(3))


def said_circle(text: str, read: ReadText) -> Value | None:
    """A circle by its centre and its radius, in either order."""
    if "ircle" not in text:
        return None
    found = _CENTER_FIRST.match(text) or _RADIUS_FIRST.match(text)
    if found is None:
        return None
    place, size = found.groups() if found.re is _CENTER_FIRST else found.groups()[::-1]
    center, radius = _point(place, read), _number(size, read)
    if center is None or radius is None:
        return None
    squares = (power(add(letter, negate(at)), _TWO) for letter, at in zip((_X, _Y), center, strict=True))
    return Equation(add(*squares), power(radius, _TWO))


def said_line(text: str, read: ReadText) -> Value | None:
    """A line by two points, by a point and its slope, or by its slope and where it meets the y-axis."""
    if "ine" not in text:
        return None
    by_points = _BY_POINTS.match(text)
    if by_points:
        first, second = (_point(place, read) for place in by_points.groups())
        if first is None or second is None or first == second:
            return None
        return _through(first, tuple(add(b, negate(a)) for a, b in zip(first, second, strict=True)))
    by_slope = _POINT_FIRST.match(text) or _SLOPE_FIRST.match(text)
    if by_slope:
        place, said = by_slope.groups() if by_slope.re is _POINT_FIRST else by_slope.groups()[::-1]
        point, slope = _point(place, read), _number(said, read)
        return None if point is None or slope is None else _through(point, (_ONE, slope))
    by_intercept = _BY_INTERCEPT.match(text)
    if by_intercept is None:
        return None
    slope, height = (_number(said, read) for said in by_intercept.groups())
    return None if slope is None or height is None else _through((_ZERO, height), (_ONE, slope))


def _through(point: tuple[Expression, ...], way: tuple[Expression, ...]) -> Equation:
    """The line through a point along a way."""
    across, up = (add(letter, negate(at)) for letter, at in zip((_X, _Y), point, strict=True))
    return (
        Equation(across, _ZERO)
        if way[0] == _ZERO
        else Equation(multiply(up, way[0]), multiply(across, way[1]))
    )


def _point(text: str, read: ReadText) -> tuple[Expression, Expression] | None:
    """Two coordinates in brackets; the origin has zeros."""
    if text.endswith("origin"):
        return _ZERO, _ZERO
    value = read(text)
    if not isinstance(value, Items) or value.kind != "tuple" or len(value.items) != len("xy"):
        return None
    first, second = (item.expression if isinstance(item, Quantity) else None for item in value.items)
    return None if first is None or second is None else (first, second)


def _number(text: str, read: ReadText) -> Expression | None:
    value = read(text)
    return value.expression if isinstance(value, Quantity) else None
