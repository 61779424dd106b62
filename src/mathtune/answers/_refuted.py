"""Values that no answer are, by the words beside them: "page 17", "17 is wrong", "Or maybe 17"."""

from __future__ import annotations

import re

from ._turns import REFUSED

__all__ = ["is_denied", "is_guess", "is_hedged", "is_label", "is_refused", "is_withdrawn"]

_LABELS = ("page", "problem", "question", "exercise", "chapter", "section", "figure", "lemma", "theorem")
_LABEL = re.compile(rf"\b(?:{'|'.join(_LABELS)})s? #?\Z", re.IGNORECASE)
MAX_LABEL = 20
# What denies, right before a value, in several languages; Markdown's striking out begins so, too.
_DENIALS = (
    "~~", " not", "n't", " nicht", " pas", " no es", " n\u00e3o \u00e9", " non \u00e8", " \u043d\u0435",
    "\u4e0d\u662f", "\u5e76\u975e",
)  # fmt: skip
_DENIAL_ENDS = frozenset(word[-2:] for word in _DENIALS)
LONGEST_DENIAL = 14
SHORTEST_REFUSAL = len(" fails")
SHORTEST_HEDGE = len(" maybe 4")
MAX_HEDGE = 60
SHORTEST_REMARK = len("\u3067\u306f\u306a\u3044")
_WITHDRAWN = re.compile(
    r"\$?(?: (?:is|was) |,? (?:which|but (?:that|this|it)) [a-z ]{0,30}(?<!not ))"
    r"(?:wrong|incorrect|mistaken)\b"
    r"|\$?,? which (?:I|we) (?:doubt|reject)\b"
    # the Japanese and Korean "is not"
    r"|\$? ?\u3067\u306f(?:\u3042\u308a\u307e\u305b\u3093|\u306a[\u3044\u304f])"
    r"|\$?[\uac00\uc774] ?\uc544[\ub2c8\ub2d9]"
    r"|\$?,? but (?:neither|none) (?:of (?:them|these|those|which) )?"
    r"(?:(?:is|are|was|were|can|holds?|works?|fits?|solves?|satisf[a-z]{1,4}|meets?|lies?|gives?|does|do)\b)"
)
_REFUSED = re.compile(
    rf"[$\"\u201d')]{{0,3}} (?:{REFUSED}(?! to\b)|(?:is|was) (?:false|untrue)\b"
    r"|(?:cannot|can['\u2019]t|can not) be (?:right|correct|true|the answer)\b)"
)

# Behind a value, another one that it may be instead: "3 (or possibly 4)", "3, though it could also be 4".
_HEDGED = re.compile(
    r"[$\\)]{0,3},? \(?(?:or |but |though |although ){0,2}(?:it |the answer )?"
    r"(?:possibly|maybe|perhaps|(?:could|may|might)(?: (?:also|well))? be)\s[$\\(]{0,3}-?\d"
)
_BEHIND = "$\\), "  # how it begins
# A sentence that offers one more guess, and one that leaves the choice open.
_ANOTHER = re.compile(
    r"(?:[.?!]\s{1,4}|\S\s{0,3}\n\s{0,4})(?:[Oo]r(?: maybe| perhaps| possibly)?"
    r"|(?:[Ii]t|[Tt]his) (?:could|might|may) also be|Alternatively, it (?:could|might|may) be)"
    r"\s{1,4}[$\\(]{0,3}\Z"
)
# Before a value that is only named as one that may be, or that is left out.
_EXAMPLE = re.compile(r"(?:\b[Ff]or (?:instance|example)|\be\.g\.|\b[Aa]nything (?:but|except)),?\Z")
_BEFORE_EXAMPLE = ("instance", "instance,", "example", "example,", "e.g.", "e.g.,", "but", "except")
MAX_OPENING = 40
# The last words of its opening.
_BEFORE_ANOTHER = ("Or", "or", "maybe", "perhaps", "possibly", "be")
_OPEN = re.compile(
    r"\bI(?: have no idea|(?: a|['\u2019])m (?:not |un)(?:sure|certain)"
    r"| (?:do not|don['\u2019]t|cannot|can['\u2019]t) (?:know|tell|decide|say))"
    r"|\b[Oo]ne of (?:these|those|them)\b"
)
MAX_CLOSING = 160


def is_guess(text: str, span: tuple[int, int]) -> bool:
    """Whether a value is one more guess of several, or words behind it leave open which is meant.

    >>> text = "It might be 51. Or maybe 54."
    >>> is_guess(text, (25, 27))
    True
    """
    start, end = span
    opening = text[max(0, start - MAX_OPENING) : start].rstrip("$\\(").rstrip()
    if opening.endswith(_BEFORE_EXAMPLE) and _EXAMPLE.search(opening):
        return True
    return (
        opening.endswith(_BEFORE_ANOTHER) and _ANOTHER.search(text, start - MAX_OPENING, start) is not None
    ) or _OPEN.search(text, end, end + MAX_CLOSING) is not None


def is_hedged(text: str, end: int) -> bool:
    """Whether what follows a value says that it may be another one.

    >>> is_hedged("The answer is 3 (or possibly 4).", 15), is_hedged("The answer is 3 (or 3.0).", 15)
    (True, False)
    """
    if len(text) - end < SHORTEST_HEDGE or text[end] not in _BEHIND:
        return False
    near = text[end : end + MAX_HEDGE]
    hedges = " be " in near or "aybe" in near or "erhaps" in near or "ossibly" in near
    return hedges and _HEDGED.match(text, end) is not None


def is_label(text: str, start: int) -> bool:
    """Whether the number that begins here only names something.

    >>> is_label("See page 17.", 9)
    True
    """
    before = text[max(0, start - MAX_LABEL) : start]
    return before.rstrip(" #s").lower().endswith(_LABELS) and _LABEL.search(before) is not None


def is_denied(text: str, start: int) -> bool:
    """Whether the word before a value says that it is not the one.

    >>> is_denied("The answer is not $5$, I think.", 19)
    True
    """
    before = text[max(0, start - LONGEST_DENIAL) : start].rstrip(" $\\([")
    return before[-2:] in _DENIAL_ENDS and before.endswith(_DENIALS)


def is_withdrawn(text: str, end: int) -> bool:
    """Whether what follows a value takes it back.

    >>> is_withdrawn("It was 17, which turned out to be wrong.", 9)
    True
    """
    return len(text) - end >= SHORTEST_REMARK and _WITHDRAWN.match(text, end) is not None


def is_refused(text: str, end: int) -> bool:
    """Whether what follows a box says that its value does not count.

    >>> is_refused("So 17 is too large.", 5), is_refused("So 17 is the largest.", 5)
    (True, False)
    """
    return len(text) - end >= SHORTEST_REFUSAL and _REFUSED.match(text, end) is not None
