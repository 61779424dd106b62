"""Sets of numbers in prose: `at least 3`, `between 2 and 3`, `all reals except 2`, `odd integers`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.algebra import Constant, Variable, add, multiply, negate, power, rational

from ._number_words import NUMBER_WORDS
from ._regions import integer_members
from ._residues import incongruent
from ._values import Items, Labelled, Named, Phrase, Quantity, Region, Statement, Value, unnamed
from ._words import POSITIVE, number_of

if TYPE_CHECKING:
    from ._words import ReadText

__all__ = [
    "all_but",
    "between",
    "bounded",
    "described",
    "ends_apart",
    "indivisible",
    "multiples",
    "strict_bound",
]

# Longer phrases first: `no less than` before `less than`.
_BOUNDS = {
    "≥": "greater than or equal to|more than or equal to|at least|(?:a |the )?minimum of|no less than"
    "|not less than|no fewer than|≥|>=|\\\\geq?\\b",
    "≤": "less than or equal to|fewer than or equal to|at most|(?:a |the )?maximum of|no more than"
    "|not more than|no greater than|up to|≤|<=|\\\\leq?\\b",
    ">": "strictly greater than|greater than|more than|larger than|bigger than|above|over|exceeding"
    "|\\\\gt\\b|>",
    "<": "strictly less than|less than|fewer than|smaller than|below|under|\\\\lt\\b|<",
}
_BOUND = re.compile(
    r"(?:([A-Za-z]) (?:is |are |must be |can be |has to be )?)?(?:"
    + "|".join(f"(?P<s{place}>{words})" for place, words in enumerate(_BOUNDS.values()))
    + r")\s*(?P<end>[^<>≤≥=]+)\Z",
    re.IGNORECASE,
)
_OR_MORE = re.compile(
    r"(\S+(?: [a-z]+)?) (?:or|and) "
    r"(?:(more|greater|above|higher|larger|up)|fewer|less|below|smaller|lower)\Z",
    re.IGNORECASE,
)
_INFINITY = Quantity(Constant("infty"))


def bounded(text: str, read: ReadText) -> Value | None:
    r"""`at least 3`, `x is greater than 3`, and the bare `\le 5`: the numbers on one side."""
    more = _OR_MORE.match(text)
    if more:
        return bounded(f"{'at least' if more[2] else 'at most'} {more[1]}", read)
    found = _BOUND.match(text)
    if not found or (found[1] and text[1:3].strip()[:1] in "<>≤≥\\"):
        return None
    end = number_of(read(found["end"]))
    if end is None:
        return None
    sign = next(sign for place, sign in enumerate(_BOUNDS) if found[f"s{place}"])
    if sign in "≥>":
        return Items(kind="tuple", items=(end, _INFINITY), opening="[" if sign == "≥" else "(", closing=")")
    low = Quantity(negate(Constant("infty")))
    return Items(kind="tuple", items=(low, end), opening="(", closing="]" if sign == "≤" else ")")


# Strict ones only: `at least 15` may say the least value, which was asked for.
_STRICT_BOUND = re.compile(
    r"(?<!\bno )(?<!\bnot )\b(over|(?:more|greater|larger|less|fewer|smaller) than|above|below|under)"
    r"\s+[\\$]*\Z",
    re.IGNORECASE,
)
_LONGEST_BOUND = 30


def strict_bound(text: str, start: int) -> str:
    """The words that make what follows a bound and no value, and nothing where there are none.

    >>> strict_bound("a speed of over 15 mph", 16), strict_bound("a speed of 15 mph", 11)
    ('over ', '')
    """
    found = _STRICT_BOUND.search(text, max(0, start - _LONGEST_BOUND), start)
    return f"{found[1]} " if found else ""


_BETWEEN = re.compile(
    r"(?:([A-Za-z]) (?:is |lies )?)?(between|from) (.+?) (and|to|through) (.+?)"
    r"(,? \(?(?:inclusive|exclusive)\)?)?\Z",
    re.IGNORECASE,
)


def between(text: str, read: ReadText) -> Value | None:
    """`between 2 and 3` without its ends, `from 2 to 3` with them."""
    found = _BETWEEN.match(text)
    if not found or (found[2].lower() == "between") != (found[4].lower() == "and"):
        return None
    ends = [number_of(read(found[3])), number_of(read(found[5]))]
    if ends[0] is None or ends[1] is None:
        return None
    closed = "inclusive" in (found[6] or "") or (found[2].lower() == "from" and not found[6])
    pair = (ends[0], ends[1])
    return Items(kind="tuple", items=pair, opening="[" if closed else "(", closing="]" if closed else ")")


_ALL_BUT = re.compile(
    r"(?:the set of )?(?:all|any|every) "
    r"(?:(real|positive)? ?(numbers?|integers?|reals?|values?)(?: of ([a-zA-Z])| ([a-zA-Z]))?|([a-zA-Z])) "
    r"(except|except for|other than|but|excluding|where|such that) (.+)\Z",
    re.IGNORECASE,
)
_SETS = {"integer": "Z", "number": "R", "real": "R", "value": "R"}


def all_but(text: str, read: ReadText) -> Value | None:
    """`all real numbers except 2`; what is left out may be said as `x = 2` or `x ≠ 2`."""
    found = _ALL_BUT.match(text)
    if not found:
        return None
    said = found[7].replace("\\neq", "≠").replace("\\ne", "≠")
    if found[6].lower() in ("where", "such that") and "≠" not in said:
        return None
    left_out = read(said.replace("≠", "="))
    letter = found[3] or found[4] or found[5]
    other = letter and isinstance(left_out, Labelled) and left_out.label != letter  # a condition on f(n)
    if left_out is None or isinstance(left_out, Phrase) or other:
        return None
    inner = unnamed(left_out)
    items = inner.items if isinstance(inner, Items) and inner.kind != "tuple" else (inner,)
    kind = _SETS[(found[2] or "value").lower().rstrip("s")]
    whole = (
        (POSITIVE if kind == "R" else Named("N")) if (found[1] or "").lower() == "positive" else Named(kind)
    )
    return Region("minus", (whole, Items(kind="set", items=items, opening="{", closing="}")))


_DESCRIBED = re.compile(
    r"(?:the set of )?(?:(all|any|every) )?(?:(positive|negative|non-?zero|non-?negative|non-?positive) )?"
    r"(?P<kind>real numbers?|reals?|numbers?|integers?|whole numbers?|natural numbers?)(?: [xn])?"
    r"(?:,? (?:(?:that|which) (?:is|are) )?(?P<rest>(?:greater|more|less|smaller|larger|at|up|above"
    r"|below|between|from|≥|>|≤|<|\\[lg]e?q?\b)[^,;]{1,60}))?\Z",
    re.IGNORECASE,
)


def described(text: str, read: ReadText) -> Value | None:
    """`all real numbers greater than 2`, `negative numbers`, `positive integers less than 5`."""
    found = _DESCRIBED.match(text)
    if not found or not (found[2] or (found["rest"] and (found[1] or found["kind"][:3].lower() != "num"))):
        return None
    parts = [_OF_SIGN[found[2].lower().replace("-", "")]] if found[2] else []
    if found["rest"]:
        bound = bounded(found["rest"], read) or between(found["rest"], read)
        if bound is None:
            return None
        parts.append(bound)
    if found["kind"][:3].lower() in ("nat", "who"):
        parts.append(POSITIVE if found["kind"][0] in "nN" else _OF_SIGN["nonnegative"])
    part = parts[0] if len(parts) == 1 else Region("and", tuple(parts))
    if found["kind"][:3].lower() in ("rea", "num"):
        return part
    members = integer_members(part, natural=False)
    if members is None:
        return Region("and", (part, Named("Z")))
    return Items(kind="set", items=tuple(Quantity(rational(m)) for m in members), opening="{", closing="}")


_ZERO = Quantity(rational(0))
_BELOW = Quantity(negate(Constant("infty")))
_OF_SIGN: dict[str, Value] = {
    "positive": POSITIVE,
    "negative": Items(kind="tuple", items=(_BELOW, _ZERO), opening="(", closing=")"),
    "nonnegative": Items(kind="tuple", items=(_ZERO, _INFINITY), opening="[", closing=")"),
    "nonpositive": Items(kind="tuple", items=(_BELOW, _ZERO), opening="(", closing="]"),
    "nonzero": Region("minus", (Named("R"), Items(kind="set", items=(_ZERO,), opening="{", closing="}"))),
}


_PARITY = re.compile(
    r"(?:all |any |the set of )?(?:(?:n|k|m|x) (?:is |are |must be )?(odd|even)"
    r"|(odd|even) (?:n|k|m|x|integers?(?: n| k| x)?|(?:natural |whole )?numbers?)"
    r"|(?:multiples of|(?:n |k |m |x |integers |numbers )?divisible by) (\d+)"
    r"|(?:(?:n|k|m|x) (?:is |must be ))?(?:a |any )?powers? of (\d+|two|three|five|ten)"
    r"|(?:(?:n|k|m|x) (?:is |must be ))?(?:a |any )?perfect (square|cube)s?)\Z",
    re.IGNORECASE,
)


_MOST_DIGITS = 9
_NOT_DIVISIBLE = re.compile(
    r"(?:(?:all|any|every|the set of) )?(?:positive )?(?:integers?|numbers?)?\s?([nkmx])?,? ?"
    r"(?:(?:that|which) )?(?:is |are |must be )?not (?:divisible by|(?:a )?multiples? of) (\d{1,2})\Z",
    re.IGNORECASE,
)


def indivisible(text: str) -> Value | None:
    """`all n not divisible by 3`: the numbers with another remainder than 0."""
    found = _NOT_DIVISIBLE.match(text)
    if not found:
        return None
    pair = (_ZERO, Quantity(rational(int(found[2]))))
    zero = Items(kind="tuple", items=pair, opening="(", closing=")")
    return incongruent(Statement("≡", Quantity(Variable(found[1] or "n")), zero))


def multiples(text: str) -> Value | None:
    """`all odd integers`, `n is even`, `multiples of 3`, `powers of 2`, `perfect squares`: a family."""
    found = _PARITY.match(text)
    if not found or len(found[3] or found[4] or "") > _MOST_DIGITS:
        return None
    if found[5]:
        return Quantity(power(Variable("k"), rational(2 if found[5].lower() == "square" else 3)))
    if found[4]:
        base = NUMBER_WORDS.get(found[4].lower()) or int(found[4])
        return Quantity(power(rational(base), Variable("k")))
    parity = (found[1] or found[2] or "").lower()
    doubled = multiply(rational(int(found[3] or 2)), Variable("k"))
    return Quantity(add(doubled, rational(1)) if parity == "odd" else doubled)


_ENDS = re.compile(r"([(\[])([^()\[\],]{1,60},[^()\[\],]{1,60})([)\]])")
_UNPRINTED = re.compile(r"\\(?:left|right)(?![a-z])|[\s$]")


def ends_apart(gold: str, given: str) -> bool:
    r"""Whether one interval among words has other ends on the other side.

    >>> ends_apart("rising on (0, 1)", "rising on $[0,1)$"), ends_apart("rising on (0, 1)", "rising")
    (True, False)
    """
    one, other = (
        {_UNPRINTED.sub("", inside): opening + closing for opening, inside, closing in _ENDS.findall(text)}
        for text in (gold, given)
    )
    return any(one[inside] != other[inside] for inside in one.keys() & other.keys())
