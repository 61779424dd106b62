"""What people say around a value: `about 12`, `the answer is 12`, `12 in total`, `12 (since 5 + 7 = 12)`."""

# ruff: noqa: RUF001  (brackets as Chinese texts have them)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import negate

from ._words import number_of

if TYPE_CHECKING:
    from ._values import Value
    from ._words import ReadText

__all__ = ["LABEL", "corrected", "without_mark", "without_remark"]

# `**Final Answer:** $x^2$`
LABEL = re.compile(
    r"[\s*]*(?:(?:the )?(?:final |correct )?(?:answer|solution|result)(?: is:?(?=\s)|\**\s?:\**))\s*(?=\S)",
    re.IGNORECASE,
)
# What a tilde denies: it is `about` before anything else.
_PROPOSITION = r"(?:[(~¬\s]|\\(?:sim|neg|lnot)){0,8}[pqrs]\s*(?:\Z|[^\w\s^({.,;])"
_LEADS = re.compile(
    r"(?:(?:approximately|approx\.?|about|roughly|around|nearly|almost|exactly|(?:only|just)(?=\s+[\d\\$-])|both"
    r"|equal to|equals|a total of|(?:the )?(?:value|answer|solution|result) is"
    r"|it(?: is|['’]s)(?=\s+(?:[\d\\$-]|[A-Z]\Z)))\s+|(?:\\sim(?![a-z])|~)(?!" + _PROPOSITION + r")|[≈=])"
    r"\s*(.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_TRAILS = re.compile(
    r"(.+?),? \(?(?:approximately|approx\.?|or so|in total|altogether|exactly|in all)\)?\Z", re.IGNORECASE
)
_TRAILING = ("approximately", "approx", "or so", "in total", "altogether", "exactly", "in all")
_SIGNED = re.compile(r"(negative|minus|positive) (\S.*)\Z", re.IGNORECASE)


def without_mark(text: str, read_text: ReadText) -> Value | None:
    """`about 12`, `12 (approximately)`, `both 2 and 3`, `negative 3`."""
    found = _LEADS.match(text)
    if not found and text.rstrip(".)").lower().endswith(_TRAILING):
        found = _TRAILS.match(text)
    if found:
        return read_text(found[1])
    signed = _SIGNED.match(text)
    if not signed:
        return None
    value = number_of(read_text(signed[2]))
    if value is None or any(sign in signed[2] for sign in "+-"):
        return None
    minus = signed[1].lower() != "positive"
    return attrs.evolve(value, expression=negate(value.expression)) if minus else value


_CORRECTED = re.compile(
    r"(?:[A-Za-z][\w'’]* ){0,6}not (?!only )[^,;]{1,20}?,? (?:but|it(?: is|['’]s)) ([\d$\\-].*)\Z",
    re.DOTALL,
)


def corrected(text: str, read_text: ReadText) -> Value | None:
    """`not 10 but 12`, `It is not 10, it's 12`: the latter."""
    found = _CORRECTED.match(text)
    return read_text(found[1]) if found else None


_REMARK = re.compile(
    r"(.+?) ?(?:"
    r"\((?:since|because|as|given|check|so|rounded|exact|exactly|(?:extraneous|reject(?:ed)?|discard(?:ed)?)(?!\))|ignore|recall|note"
    r"|attained|achieved|reached|obtained|occurring|where|when)\b.*\)"
    r"|\(not (?=[\d$\\-])[^()]*\)|, (?:and )?not (?=[\d$\\-])[^,;]*|, (?:since|because) .*"
    r"|, (?:which is )?(?:attained|achieved|reached|obtained|occurring) (?:when|at|for|if|by) .*"
    r"|\([^()]* (?:is|are) (?:extraneous|rejected|excluded|not valid|invalid|not a solution)\)"
    r"|[（(][^（）()]*[答略][^（）()]*[）)])\Z",
    re.DOTALL,
)
_ROUGHLY = re.compile(
    r"(.+?),? \(?(?:or |which is |i\.e\.,? )?(?:approximately|approx\.?|about|roughly|around|nearly) "
    r"([^()]*\d[^()]*)\)?\Z",
    re.DOTALL,
)
_NEARLY = re.compile("approx|about|roughly|around|nearly")


def without_remark(text: str, read_text: ReadText) -> Value | None:
    """`10 (since 1 + 2 + 3 + 4 = 10)`: the value alone; `2/3 (about 0.67)`: either of the two."""
    found = _REMARK.match(text) if "(" in text or ", " in text or "（" in text else None
    if found:
        return read_text(found[1].rstrip(", "))
    roughly = _ROUGHLY.match(text) if _NEARLY.search(text) else None
    return read_text(f"{roughly[1].strip(' $')} \\approx {roughly[2].strip(' $')}") if roughly else None
