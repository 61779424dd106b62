"""The words by which English prose turns to a conclusion, or against a value: for patterns.

Those of other languages, and of a sentence's tokens, are in `phrases.json`.
"""

from __future__ import annotations

__all__ = ["CONCLUDING", "UNFIT"]

CONCLUDING = "so|thus|hence|therefore"
UNFIT = "extraneous|rejected|discarded|invalid|excluded|impossible|disregarded|contradiction"
