"""Numbers in Chinese characters: `一百零五`, `三分之二`, `负二点五`."""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["chinese_number"]

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1_000}
_SCALES = {"万": 10**4, "亿": 10**8}
_MOST = 30
_NUMBER = re.compile(r"(负?)(?:([^分负]+)分之)?([^分负点]+)(?:点([零一二三四五六七八九]+))?\Z")


def chinese_number(text: str) -> Fraction | None:
    """A number that is written in characters alone.

    >>> chinese_number("一百零五"), chinese_number("三分之二"), chinese_number("三百六")
    (Fraction(105, 1), Fraction(2, 3), None)
    """
    if text[:1] not in _FIRST or len(text) > _MOST:
        return None
    found = _NUMBER.match(text)
    if found is None:
        return None
    below, whole = _whole(found[2]) if found[2] else 1, _whole(found[3])
    if whole is None or not below:
        return None
    decimals = "".join(str(_DIGITS[sign]) for sign in found[4] or "零")
    value = whole / Fraction(below) + Fraction(int(decimals), 10 ** len(decimals))
    return -value if found[1] else value


_FIRST = frozenset([*_DIGITS, *_TENS, "负"])


def _whole(text: str) -> int | None:
    """`一万二千零三`: each digit with the power of ten behind it, the powers falling."""
    total, part, digit, last = 0, 0, None, 10**9
    for sign in text:
        if sign in _DIGITS:
            if digit:
                return None  # `二三`
            digit = _DIGITS[sign]
        elif sign in _TENS:
            power = _TENS[sign]
            if power >= last or digit == 0:
                return None
            part, digit, last = part + (1 if digit is None else digit) * power, None, power
        elif sign in _SCALES and (part or digit):
            total, part, digit, last = (total + part + (digit or 0)) * _SCALES[sign], 0, None, 10**9
        else:
            return None
    ends_short = digit and last > 10 and part and text[-2:-1] != "零"  # `三百六` is 360
    return None if ends_short else total + part + (digit or 0)
