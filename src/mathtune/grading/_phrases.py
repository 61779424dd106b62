"""Answers in words: equal when their words are, or when one is contained in the other and cannot mislead."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from mathtune.answers import REFUSED

from ._calendar import MONTHS
from ._number_words import NUMBER_WORDS, leading_number
from ._plain_words import NUMERALS, plain_words, properties
from ._said_names import untitled

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = [
    "are_opposed",
    "is_evasive",
    "is_refused",
    "points_elsewhere",
    "same_count",
    "same_words",
    "verdict_of",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATIONS = _set(
    "not no never neither nor none cannot cant isnt arent doesnt dont without except un non false fail lack"
    " lose lost last"
)
_CHOICES = _set("or between either")
# What is said of one with them is not said without them, as that Ann came second.
_TELLING = _CHOICES | _set("second third fourth fifth sixth")
_EMPTY = _set(
    "is are was were be it its of to in on at by for with as and that this there then so answer final an a "
    "the more than less most least same only just all any each both he she they we i you but"
    " due facing heading toward monotonically"
)
_VERDICTS = _set("yes no true false")
_EVASIONS = _set(
    "not never or either neither nor any other else unless except maybe perhaps if "
    "extraneous rejected invalid"
)

# Words that take back the verdict before them.
_HEDGES = _set("but however maybe perhaps unless except or although only")

# What may follow a verdict and only repeats it: yes, it is; no, it does not.
_REPEATING = _set("it is are does do not can cannot they has have will was he she this that isnt doesnt cant")
_REPEATED = {"yes": "true", "no": "false"}  # yes, it is true
_CLAIM = (["statement", "is"], ["it", "is"], ["this", "is"], ["claim", "is"], ["that", "is"])

_LONGEST_PART = 6
_QUALIFIERS = _set("absolute asymptotically conditional uniform pointwise strictly locally globally")

# Kinds of things: what stands before them tells which, so that `triangle` is not `right triangle`.
_KINDS = _set(
    "triangle quadrilateral polygon hexagon function number integer angle line circle prism pyramid curve "
    "matrix series sequence distribution ball marble player person trapezoid mean"
)


def same_words(gold: str, given: str, *, named: bool = False) -> bool:
    """Whether two normalised phrases say the same; of a person's names (`named`) the last is enough.

    >>> same_words("kafelnikov served in first game", "kafelnikov")
    True
    >>> same_words("it is not odd", "odd")
    False
    >>> same_words("two lines", "2 line"), same_words("right triangle", "triangle")
    (True, False)
    """
    first, second = plain_words(gold), plain_words(given)
    if "".join(first) == "".join(second) or _as_noun(first) == _as_noun(second):
        return bool(first)
    if not first or not second or _QUALIFIERS & set(first) - set(second):
        return False  # `converges` is less than `converges conditionally`
    if first[0] in _VERDICTS or second[0] in _VERDICTS or verdict_of(gold) or verdict_of(given):
        return _same_verdict(gold, given)
    for is_kind, same in _KINDS_OF_PHRASES:
        if is_kind(first) and is_kind(second):
            return same(first, second)
    if untitled(gold) == untitled(given):
        return untitled(gold) in (gold, given)  # Mr. Smith is no Mrs. Smith
    predicate = _is_predicate(first, second) or _is_predicate(second, first)
    surname = named and first[-1:] == second[-1:] and 1 in (len(first), len(second))
    return predicate or surname or (_numbers(first) == _numbers(second) and _same_or_contained(first, second))


def _same_verdict(gold: str, given: str) -> bool:
    """Two that say yes, or two that say no; `no, it is impossible` says `impossible`."""
    verdicts = verdict_of(gold), verdict_of(given)
    if all(verdicts) or not any(verdicts):
        return verdicts[0] == verdicts[1] != ""
    said, other = (gold, given) if verdicts[0] else (given, gold)
    rest = said.partition(", ")[2]
    return bool(rest) and other.split(maxsplit=1)[0] not in _VERDICTS and same_words(rest, other)


def _as_noun(words: list[str]) -> list[str]:
    """`the triangle is equilateral` names an `equilateral triangle`."""
    said = len(words) == 3 and words[1] in ("is", "are") and words[2] not in _NEGATIONS
    return [words[2], words[0]] if said else words


def _offers_alternatives(words: list[str]) -> bool:
    return "or" in words


def _same_alternatives(first: list[str], second: list[str]) -> bool:
    """The same on the sides of every `or`, in any order."""
    return _sides(first, "or") == _sides(second, "or")


def _is_word(text: str) -> bool:
    """Letters, and no sign whose place means something."""
    return text.replace("-", "").isalnum()


def _is_predicate(short: list[str], long: list[str]) -> bool:
    """`odd` of `the function f(x+1) is odd`: what a sentence says of its subject at its end."""
    rest = long[: -len(short)]
    ends = long[-len(short) :] == short and rest[-1:] in (["is"], ["are"]) and rest[:-1].count("is") == 0
    return ends and not _negated(long) and not any(word in _EVASIONS for word in long)


def _same_or_contained(first: list[str], second: list[str]) -> bool:
    """The same words in another order, or the one in the other."""
    if sorted(first) == sorted(second):
        free = _is_free(first, second) or bool(_QUALIFYING & set(first))
        return free and not _negated(first) and not _numbers(first) and all(map(_is_word, first))
    short, long = (second, first) if len(second) < len(first) else (first, second)
    if long[-1] in _KINDS and len(long) == _MOST_ADJECTIVES - 1 and sorted(short) == sorted(long[:-1]):
        return not _negated(long)  # right isosceles
    return _contained(short, long)


def _is_free(first: list[str], second: list[str]) -> bool:
    """Adjectives before one noun stand in any order; `Tom beats Jerry` and `f g x` have an order."""
    same_noun = first[-1] == second[-1] and 2 < len(first) <= _MOST_ADJECTIVES
    return (same_noun and min(map(len, first)) > 1 and _DIRECTED.isdisjoint(first)) or any(
        _sides(first, joint) == _sides(second, joint) for joint in _SYMMETRIC & set(first)
    )


def _sides(words: list[str], joint: str) -> list[str]:
    """What stands on the sides of a word, in one order."""
    return sorted(part.strip() for part in f" {' '.join(words)} ".split(f" {joint} "))


_MOST_ADJECTIVES = 4
# Words that join two things of which neither comes first.
_SYMMETRIC = _set("union intersect intersection plus times xor")
# Words between two things of which it matters which is which.
_DIRECTED = _set("implie imply subset superset contain divide before after over minus than exceed precede")
_QUALIFYING = _set("absolute conditional only")


def are_opposed(first: str, second: str) -> bool:
    """Whether two phrases differ by words that exclude each other.

    >>> are_opposed("km east", "km west"), are_opposed("km", "km east")
    (True, False)
    """
    words, against = plain_words(first.lower()), plain_words(second.lower())
    bearings = [[word for word in said if word in _COMPASS] for said in (words, against)]
    if all(bearings) and bearings[0] != bearings[1]:
        return True  # north of east is not east of north
    one, other = set(words), set(against)
    return any(frozenset((word, against)) in _OPPOSITES for word in one - other for against in other - one)


_COMPASS = _set("north south east west")
# Of each line a thing is one only.
_EXCLUSIVE = (
    "red blue green yellow black white orange purple brown pink",
    "removable jump infinite essential",
    "horizontal vertical oblique",
    "horizontal vertical slant",
    "acute obtuse reflex",
    "parallel perpendicular skew",
    "sum product difference quotient",
    "row column",
    "stable unstable",
    "converge diverge oscillate",
    "bounded unbounded",
    "finite infinite",
    "dependent independent",
    "consistent inconsistent",
    "kinetic potential",
    "numerator denominator",
    "domain range",
    "symmetric antisymmetric",
    "local global",
    "real imaginary",
    "permutation combination",
)
_OPPOSITES = frozenset(
    frozenset(pair.split("/"))
    for line in (
        "minimum/maximum min/max least/greatest north/south east/west left/right up/down above/below",
        "increase/decreasing increasing/decrease increasing/decreasing",
        "increase/decrease gain/loss profit/loss rise/fall before/after ahead/behind more/fewer more/less",
        "inside/outside even/odd positive/negative horizontal/vertical clockwise/counterclockwise",
        "rank/nullity ph/poh mean/median mean/mode median/mode mean/variance area/perimeter radius/diameter",
        "concave/convex smallest/largest lowest/highest upward/downward early/late earlier/later",
        "prime/composite rational/irrational",
        "clockwise/anticlockwise fast/slow faster/slower heavier/lighter older/younger taller/shorter",
        "boy/girl men/women man/woman male/female head/tail",
    )
    for pair in line.split()
) | frozenset(frozenset(pair) for words in _EXCLUSIVE for pair in combinations(words.split(), 2))


# A word, and what tells a place: the axis, or the letter of a bearing behind degrees.
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{4,}")
_PLACE = re.compile(
    r"(?:circ|°|degrees?)[\s}$]*(?:\\(?:text|mathrm)\s*\{)?\s*([NSEW])\b"
    r"|\b([xyz])[\s$}]*(?:\\text\s*\{)?[\s-]*(?:axis|intercept|coordinate)"
)


def points_elsewhere(first: str, second: str) -> bool:
    r"""Whether the words beside two equal numbers exclude each other, though words are passed over elsewhere.

    >>> points_elsewhere("90 degrees clockwise", "90 degrees counterclockwise"), points_elsewhere("3 cm", "3")
    (True, False)
    >>> points_elsewhere(r"40^\circ\text{N}", r"40^\circ\text{S}")
    True
    """
    places = _PLACE.findall(first)
    others = places and _PLACE.findall(second)
    if others:
        return bool(places != others)
    return bool(_WORD.search(first) and _WORD.search(second)) and are_opposed(
        _SIGN.sub(" ", first), _SIGN.sub(" ", second)
    )


_SIGN = re.compile(r"[^A-Za-z-]+")


def is_evasive(words: list[str]) -> bool:
    """Whether words deny, offer alternatives or set conditions, so that what they hold is no answer."""
    return any(word in _EVASIONS for word in words)


def is_refused(behind: str) -> bool:
    """Whether what is said behind a value refuses it.

    >>> is_refused("is too small"), is_refused("(wrong)"), is_refused("is the smallest")
    (True, True, False)
    """
    return _REFUSED.match(behind) is not None


_REFUSED = re.compile(
    rf"[\s$,(]{{0,4}}(?:{REFUSED}|\((?:wrong|incorrect|false|extraneous|rejected|invalid)\))"
)


def _is_circled(words: list[str]) -> bool:
    """`①③`: statements picked by their numbers, in any order."""
    return all(0x2460 <= ord(sign) <= 0x2473 for word in words for sign in word)


def _same_signs(first: list[str], second: list[str]) -> bool:
    return sorted("".join(first)) == sorted("".join(second))


def _is_date(words: list[str]) -> bool:
    return words[0] in MONTHS


def _same_date(first: list[str], second: list[str]) -> bool:
    """The same month and day; the year may be left out."""
    shared = min(len(first), len(second))
    return first[:shared] == second[:shared] and shared > 1


def _denies_several(words: list[str]) -> bool:
    return "neither" in words and "nor" in words


def _same_denied(first: list[str], second: list[str]) -> bool:
    """`neither even nor odd` denies the same in any order."""
    sides = (_sides(words[words.index("neither") + 1 :], "nor") for words in (first, second))
    return next(sides) == next(sides)


_KINDS_OF_PHRASES = (
    (properties, lambda first, second: properties(first) == properties(second)),
    (_is_circled, _same_signs),
    (_is_date, _same_date),
    (_denies_several, _same_denied),
    (_offers_alternatives, _same_alternatives),
)


def verdict_of(phrase: str) -> str:
    """The yes, no, true or false that words say, with no more than a reason behind; empty for other words."""
    words = phrase.split()
    for claim in _CLAIM:
        if words[: len(claim)] == claim:
            words = words[len(claim) :]
    verdict = words[0].rstrip(",") if words else ""
    if verdict not in _VERDICTS:
        return ""
    rest = [word for word in words[1:] if word != _REPEATED.get(verdict)]
    repeats = all(word in _REPEATING for word in rest)
    reasons = words[0].endswith(",") and not any(word in _HEDGES or word in _VERDICTS for word in rest)
    denies = any(word in _NEGATIONS for word in rest)
    verdict = {"true": "yes", "false": "no"}.get(verdict, verdict)
    return verdict if (repeats or reasons) and (verdict == "no" or not denies) else ""


def _contained(short: list[str], long: list[str]) -> bool:
    if len(short) > _LONGEST_PART or not [word for word in short if len(word) > 2 and word not in _EMPTY]:
        return False
    if long.count("is") > 1 or _negated(short) != _negated(long) or set(long) & _TELLING - set(short):
        return False
    if any(sign in word for word in long for sign in "=<>^≤≥±") or any(word[0] == "-" for word in long):
        return False  # of formulas a part is not the whole
    if long[-len(short) :] == short and _tells_which(long[: -len(short)], short):
        return False
    kind = len(short) == 1 and short[0] in _KINDS and not _EMPTY.issuperset(set(long) - {short[0]})
    if kind or ("segment" in long and "segment" not in short):
        return False  # `the triangle is equilateral` says more than its kind; a segment is a part of a line
    found = next(
        (at for at in range(len(long) - len(short) + 1) if long[at : at + len(short)] == short), None
    )
    return found is not None and _COMPARING.isdisjoint(long[:found])


def _tells_which(before: list[str], noun: list[str]) -> bool:
    """A geometric mean is no mean: words before a noun tell which, unless a sentence is about them."""
    return noun[0] not in _VERBS and before[-1] not in _VERBS and _EMPTY.isdisjoint(before)


_VERBS = _set("converge diverge open exist vanish increase decrease commute agree oscillate")


# Who stands behind such a word is not whom the sentence is about: Tom is older than Bob; and at most one
# solution may be none.
_COMPARING = _set("than beat defeat exceed precede most least after before")


def same_count(words: str, number: Fraction, unit: str | None) -> bool:
    """Whether words count so many things: `two lines` are 2, and 2 lines, but not 2 points.

    >>> from fractions import Fraction
    >>> same_count("two lines", Fraction(2), "line"), same_count("two lines", Fraction(2), "points")
    (True, False)
    """
    found = leading_number(words.split())
    if found is None or found[0] != number or is_evasive(words.split()):
        return False
    said = words.split()[found[1] :]
    things = plain_words(" ".join(said))
    if not 0 < len(things) <= _MOST_THINGS or (number != 1 and not _is_plural(said[-1])):
        return False
    return unit is None or things == plain_words(unit)


def _is_plural(word: str) -> bool:
    """Whether a word may be what is counted: `two lines`, but not `two interlinked`."""
    return word.endswith("s") or word in _PLURALS or word in NUMERALS.values()


_PLURALS = _set(
    "people men women children feet teeth mice geese sheep fish deer dice cattle vertices indices"
)

# A longer text behind a number is a sentence.
_MOST_THINGS = 3


def _numbers(words: list[str]) -> list[str]:
    """The numbers that a phrase holds, in order."""
    return [word for word in words if word in NUMBER_WORDS or any(sign.isdecimal() for sign in word)]


def _negated(words: list[str]) -> bool:
    return any(word in _NEGATIONS for word in words)
