"""What is said behind a value to take it back: "Wait, that's wrong", "Correction:", "I made a mistake"."""

from __future__ import annotations

import re

from ._words import lowered

__all__ = ["retraction_behind"]

# Behind a value, a retraction begins in so many characters.
WINDOW = 600
_HESITATING = (
    r"(?:(?:wait|oops|hmm+|no|oh|sorry|edit|update|actually|but|however|hold on)\b"
    r"[ ,.!:;\u2026\u2014-]{1,6}){0,4}"
)
# Of a text in small letters: `re` reads that several times as fast as one whose letters may be of any case.
_RETRACTION = re.compile(
    rf"""[.!,;)\n$*\u2026\u2014\u3002\uff0c-][\s*$]{{0,6}}{_HESITATING}(?:
    (i\ (?:disagree|was\ wrong) | scratch\ that | ignore\ (?:that|this)
    | (?:this|that|it|the\ (?:above|answer|value|result))
      (?:['\u2019]s|\ is|\ was|\ (?:can(?:no|['\u2019])t|must|seems|looks)(?:\ be)?)
      \ (?:(?:clearly|actually|also)\ )?
      (?:wrong|incorrect|mistaken|an?\ (?:mistake|error)|not\ (?:right|correct)))
      (?=\*{{0,2}}(?:[.!,:;\n\u2013\u2014(-]|\Z|\ [\u2013\u2014(-]|\ (?:because|since|as)\b))
  | i(?:\ have|['\u2019]ve)?\ (?:just\ )?(?:made|see|found|spotted)\ (?:an?|my|the)
    \ (?:[a-z]{{1,20}}\ )?(?:mistake|error)
  | (?:wait|hold\ on|oh|hmm+|no)[ ,.!:\u2026\u2014-]{{1,6}}i(?:['\u2019]ve|\ have)?\ (?:missed|overlooked
      |forgot(?:ten)?(?!\ to\ (?!count|add|include|multiply|divide|subtract|consider)))\b
  | (?:wait|hmm+|actually|oh)[ ,]{{1,2}}no\.
  | (?<=[.\s])no,\ (?:that['\u2019]s|that\ is|that\ (?:assumes|counts|includes|ignores))\b
  # the Chinese "wait", "no", "I have miscounted", "correction"
  | (?:\u7b49\u7b49|\u7b49\u4e00\u4e0b)?[\uff0c,]?(?:\u4e0d\u5bf9(?=[\uff0c,\u3002])|\u66f4\u6b63
      |\u6211(?:\u7b97|\u5f04|\u641e|\u770b|\u6570)\u9519\u4e86)
  | i\ mis[a-z]{{4,10}}\b | correction\ ?: | oops\b | actually[ ,]{{1,2}}(?:no\b|the\ answer\b)
    )""",
    re.VERBOSE,
)
_VALUE = re.compile(r"\d|\\[A-Za-z]")


def retraction_behind(text: str, end: int) -> tuple[int, bool] | None:
    """Where a retraction ends that follows a value, and whether it calls the value itself wrong.

    Args:
        text: The response.
        end: Where the value ends.

    >>> retraction_behind("It was 17. Wait, that's wrong.", 9)
    (29, True)
    >>> retraction_behind("It was 17. Nothing was wrong.", 9) is None
    True
    """
    behind = lowered(text[end : end + WINDOW])
    if not (  # one of these is in every retraction, and in little else
        "wrong" in behind
        or "incorrect" in behind
        or "mis" in behind
        or "error" in behind
        or "not right" in behind
        or "not correct" in behind
        or "forgot" in behind
        or "overlooked" in behind
        or "disagree" in behind
        or "correction" in behind
        or "oops" in behind
        or "scratch that" in behind
        or "ignore th" in behind
        or "actually" in behind
        or "no." in behind
        or "\u9519\u4e86" in behind
        or "\u4e0d\u5bf9" in behind
        or "\u66f4\u6b63" in behind
        or "no, that" in behind
    ):
        return None
    found = _RETRACTION.search(behind)
    if found is None or (found[1] and _VALUE.search(behind, 0, found.start())):
        return None  # "Some say 70, but that is wrong"
    return end + found.end(), found[1] is not None or found[0].endswith(":")
