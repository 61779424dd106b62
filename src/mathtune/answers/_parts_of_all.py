r"""What part of something, where a problem asks for that: "so 3/4 of the nails are 2 or 3 inches long"."""

from __future__ import annotations

import re

from ._answer import Answer, How

__all__ = ["part_said"]

_ASKED = re.compile(
    r"\b(?:(?:what|which) (?:fraction|part|share|portion|proportion|per ?cent(?:age)?)"
    r"|how (?P<many>many|much) of)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"""\s{0,4}(?:[^\W\d]{2,12},?\s){0,2}
    (\$?(?:(?P<share>\\[dt]?frac\{\d{1,9}\}\{\d{1,9}\}|\d[\d,]*(?:[./]\d+|\s?\\?%|\ percent))|\d[\d,]*)\$?)\s
    of\s(?:the|them|all|these|those|his|her|their|its|our|\$?\d)""",
    re.VERBOSE | re.IGNORECASE,
)
# Words under which the amount of a part is none that is worked out: "if 5 of them", "of the 3/4 of".
_HELD = re.compile(r"\b(?:if|when|since|because|as|not|of|but|only if)\b", re.IGNORECASE)
# What comes behind the part.
_GOES_ON = re.compile(
    r"=|\d\S{0,9} of the\b|\b(?:so|hence|thus|therefore|leaving|leaves|which)\b", re.IGNORECASE
)


def part_said(text: str, start: int, end: int, problem: str) -> Answer | None:
    """The part of all with which a last sentence begins, where the problem asks what part it is.

    >>> said = "So 3/4 of the nails are 2 or 3 inches long."
    >>> part_said(said, 0, len(said), "What fraction of the nails are 2 or 3 inches long?").text
    '3/4'
    """
    said = _SAID.match(text, start, end)
    if said is None or _HELD.search(text, start, said.start(1)) or _GOES_ON.search(text, said.end(), end):
        return None
    asked = _ASKED.search(problem)
    if asked is None or bool(asked["many"]) is bool(said["share"]):
        return None
    return Answer(said[1], said.span(1), How.CONCLUSION)
