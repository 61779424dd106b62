"""The words by which English prose turns to a conclusion, or against a value: for patterns.

Those of other languages, and of a sentence's tokens, are in `phrases.json`.
"""

from __future__ import annotations

__all__ = ["CONCLUDING", "REFUSED", "UNFIT"]

CONCLUDING = "so|thus|hence|therefore"
UNFIT = "extraneous|rejected|discarded|invalid|excluded|impossible|disregarded|contradiction"
# Behind a value, with blanks escaped, for patterns in verbose form, too.
REFUSED = (
    r"(?:(?:is|are|was|must\ be|should\ be|would\ be)\ (?:an?\ )?"
    rf"(?:(?:{UNFIT})(?!\ to\b)|wrong|incorrect|ruled\ out|too\ [a-z]+)"
    r"|(?:(?:is|are|was|does|do|can)(?:\ ?not|n't)|fails\ to)\ (?:an?\ )?"
    r"(?:valid|solution|satisfy|work|possible|allowed|in\ the\ domain)|fails(?!\ to))\b"
)
