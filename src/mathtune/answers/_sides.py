r"""A calculation and its result -> the result: `3 \cdot 4 = 12` -> `12`; `x^2 + y^2 = 4` stays an equation.

Only for what a sentence concludes; what stands in a box is taken as it is.
"""

from __future__ import annotations

import functools
import re

from ._words import in_any_language

__all__ = ["result_of_sides"]

# Each alternative begins with a single character or a set: for these `re` looks before it tries one.
_MARK = re.compile(
    r"[{}()\[\]<>,;$\u2264\u2265]|=(?<![<>!:]=)(?!=)|\d\d{0,2}(?:(?:,|\{,\}|,?\\!)\d{3})+"
    r"|\\(?:(?:text|mbox|textrm)\s?\{\s{0,4}(?:and|or)\s{0,4}\}()|[A-Za-z]+|.)|a(?<!\wa)nd\b|o(?<!\wo)r\b"
)
# What makes a side more than a few letters, numbers and signs.
_COMPLEX = re.compile(r"[\\{(\[<>!:,;$]|and|or")
# What a sentence calls an equation that is its answer.
_EQUATION = re.compile(
    r"(?:equations?|\blines?|circle|plane|curve|parabola|ellipse|hyperbola|sphere|graph|asymptote|directrix|locus"
    r"|condition|constraint|relation|formula|inequality|ecuaci\u00f3n|\u00e9quation|gleichung|equa\u00e7\u00e3o|equazione"
    r"|\u0443\u0440\u0430\u0432\u043d\u0435\u043d\u0438\u0435|\u65b9\u7a0b)[^.=$]{0,40}"
    r"(?:\b(?:is|are|as|by|ist|est|es|\u00e9|\u00e8)|:|\u662f|\u4e3a)[\s$\\(\[]*\Z",
    re.IGNORECASE,
)
MAX_BEFORE = 120
# Longer than a joint and an unknown.
MAX_ALSO = 24
_MODULUS = re.compile(r"\\p?mod(?![a-z])|\\bmod|\(\s*\\?(?:text\{)?\s*mod")
_RELATED = re.compile(
    r"[=\u2248\u21d2\u27f9]|\\(?:implies|Rightarrow|Longrightarrow)|\\(?:approx|simeq|equiv)"
)
_APPROXIMATELY = re.compile(r"\\approx(?![a-z])|\u2248|\\simeq(?![a-z])")
_IRRATIONAL = re.compile(
    r"\\(?:sqrt|pi|ln|log|sin|cos|tan|arctan|arccos|arcsin)(?![a-z])|[\u221a\u221b\u03c0]"
)
# A calculation with decimals has no exact value to prefer to its result.
_DECIMAL = re.compile(r"\d\.\d")
_OPERATOR = re.compile(r"\\(?:cdot|times)(?![a-z])|[-+*\u00d7]")
# An integral, a sum or a derivative on the left side is to be worked out.
_OPERATION = re.compile(
    r"\\(?:int|sum|prod|lim|[cl]?dots)(?![a-z])|\\d?frac\s?\{d|[\u222b\u2211\u220f\u2026]|\.\.\."
)
_OTHERS = r"\quad \qquad < > , ; $ and or \le \leq \ge \geq \lt \gt \ne \in \\"
_IMPLIES = re.compile(
    r"(?:\\(?:implies|Rightarrow|Longrightarrow)(?![a-z])|[\u21d2\u27f9]|\u2192(?=\s?[A-Za-z](?:_\w)?\s?=)"
    r"|\\text\{[ ,]{0,3}(?:so|thus|hence|therefore)[ ,]{0,3}\})(?:\s|\\q?quad(?![a-z])|\\[,; ])*"
)
_RELATION = re.compile(r"[=<>]|\\(?:leq?|geq?|in|equiv)(?![a-z])")
# Behind a result, what only says that it is positive, or not 0.
_SIGN_OF_RESULT = re.compile(
    r"= ?-?\d[\d.,/]{0,20}(\s{0,4}(?:[<>]|\\(?:neq?|ge|le|geq|leq|gt|lt)(?![a-z])) ?0\s?)\Z"
)
_OPENING = frozenset(["{", "(", "[", "\\{"])
_CLOSING = frozenset(["}", ")", "]", "\\}"])
_RELATIONS = frozenset({*_OTHERS.split(), "\u2264", "\u2265"})
# One letter, perhaps with an index, prime or argument: an unknown or the name of a function; or
# capitals, as a side of a triangle has. Small letters together are a product: `xy = 20` works it out.
_SYMBOL = re.compile(
    r"(?:\\[A-Za-z]+|[A-Z][A-Za-z]*|[a-z])'?(?:_(?:\w|\{[^{}]{1,8}\}))?(?:\([A-Za-z0-9, ]{1,8}\))?"
)
_WORDS = re.compile(r"\\(?:text|mathrm|mbox|textbf|mathbf|operatorname)\s?\{[^{}]*\}|\\[A-Za-z]+")
# A number and what may be its unit.
_MEASURED = re.compile(r"-?\d[\d.,]*(?:\s|~|\\[,;: ])*(?:\\(?:text|mathrm|mbox|%)|[\u00b0%]|\^\{?\\circ|\Z)")
_LETTER = re.compile(r"[A-Za-z]")
# Letters that make an equation in them a curve rather than a calculation.
_COORDINATES = frozenset("xyzrt")


def result_of_sides(text: str, start: int, end: int) -> tuple[int, int]:
    """Span of the last side, where the sides before it only calculate it; else the span as given."""
    if not _RELATED.search(text, start, end):
        return start, end
    start = _after_implication(text, start, end)
    sign = _SIGN_OF_RESULT.search(text, start, end)
    end = sign.start(1) if sign else end
    if _APPROXIMATELY.search(text, start, end):
        worked_out = _after_approximately(text, start, end)
        if worked_out:
            return worked_out, end
        end = _before_decimal(text, start, end)
    signs = _equality_signs(text, start, end)
    if not signs or (
        len(signs) > 1 and _also().search(text, max(start, signs[-1][0] - MAX_ALSO), signs[-1][0])
    ):
        return start, end
    modulus = _MODULUS.search(text, signs[-1][1], end)
    if modulus is not None and len(signs) > 1:
        end = modulus.start()
    first, last = signs[0][0], signs[-1][1]
    left, right = text[start:first].strip(), text[last:end].strip()
    if not right or not left or _SYMBOL.fullmatch(right):
        return start, end
    before = text[max(0, start - MAX_BEFORE) : start]
    if len(signs) > 1 or (not _SYMBOL.fullmatch(left) and _is_calculation(left, right, before)):
        return end - len(text[last:end].lstrip()), end
    return start, end


@functools.cache
def _also() -> re.Pattern[str]:
    """A joint in any language, and the unknown before a last equality sign: "x = 4 und x = -4"."""
    joints = sorted(map(re.escape, in_any_language("conjunction")), reverse=True)
    return re.compile(rf"[\s\d)}}$](?:{'|'.join(joints)})[\s$\\(]{{0,4}}[A-Za-z](?:_\w)?\s?$")


def _after_implication(text: str, start: int, end: int) -> int:
    r"""Where the last of several implied relations begins: `2s \ge 8 \implies s \ge 4` -> `s \ge 4`."""
    part = text[start:end]
    if "\\" not in part and "\u21d2" not in part and "\u2192" not in part:
        return start
    for arrow in reversed(list(_IMPLIES.finditer(text, start, end))):
        outside = text.count("{", start, arrow.start()) == text.count("}", start, arrow.start())
        if (
            outside
            and _RELATION.search(text, start, arrow.start())
            and _RELATION.search(text, arrow.end(), end)
        ):
            return arrow.end()
    return start


def _before_decimal(text: str, start: int, end: int) -> int:
    r"""Where the exact value ends: `2\sqrt{3} \approx 3.46` -> `2\sqrt{3}`; `10/4 \approx 3` stays."""
    sign = _APPROXIMATELY.search(text, start, end)
    if sign is None:
        return end
    left = text[start : sign.start()].rpartition("=")[2]
    if not _IRRATIONAL.search(left) or text.count("{", start, sign.start()) != text.count(
        "}", start, sign.start()
    ):
        return end
    return start + len(text[start : sign.start()].rstrip())


def _after_approximately(text: str, start: int, end: int) -> int:
    r"""Where the result of a calculation begins: `3.5 \cdot 2.54 \approx 8.9`; 0 where the value is exact."""
    *_, sign = _APPROXIMATELY.finditer(text, start, end)
    if text.count("{", start, sign.start()) != text.count("}", start, sign.start()):
        return 0
    left = text[start : sign.start()].rpartition("=")[2]
    result = text[sign.end() : end].lstrip()
    formula = not _SYMBOL.fullmatch(left.strip()) and _LETTER.search(_WORDS.sub("", left))
    worked_out = formula and _MEASURED.match(result)  # of "2 pi v / T", 83.8 m/s
    if not worked_out and (
        _IRRATIONAL.search(left) or not (_DECIMAL.search(left) and _OPERATOR.search(left))
    ):
        return 0
    return end - len(result) if result.strip("$ ") else 0


def _equality_signs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Places of the equality signs outside of brackets; none where other relations or an "and" stand by."""
    content = text[start:end]
    if "=" not in content and "\\equiv" not in content:
        return []
    if content.count("=") == 1 and content.isascii() and not _COMPLEX.search(content):
        place = start + content.index("=")
        return [(place, place + 1)]
    depth = 0
    signs: list[tuple[int, int]] = []
    congruences = 0
    for mark in _MARK.finditer(text, start, end):
        sign = mark[0]
        if depth <= 0 and (sign in _RELATIONS or mark.lastindex):
            return []
        if sign in _OPENING:
            depth += 1
        elif sign in _CLOSING:
            depth -= 1
        elif depth <= 0 and sign in {"=", "\\equiv"}:
            signs.append(mark.span())
            congruences += sign != "="
    return [] if congruences == 1 and len(signs) == 1 else signs  # a congruence to solve


def _is_calculation(left: str, right: str, before: str) -> bool:
    """Whether `left = right` says what `left` amounts to, rather than is an equation to solve or draw.

    Args:
        left: The side before the sign.
        right: The side behind it.
        before: The end of what stands before, which may call it an equation, a line or the like.
    """
    letters = set(_LETTER.findall(_WORDS.sub("", left)))
    if not letters or right.rstrip(" .").endswith("%") or _OPERATION.search(left):
        return True
    if _LETTER.search(_WORDS.sub("", right)) or right.rstrip(" .,") == "0":
        return False
    return letters.isdisjoint(_COORDINATES) or _EQUATION.search(before) is None
