"""Known faults of published rows without an answer of their own, mended by the text of the problem.

`patches.json` holds, by hash of the problem, the right answer, the reason, and where the question has to end
because the answer stands behind it. No text of a dataset is in it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from importlib import resources

import attrs

__all__ = ["Patch", "patch_for"]


@attrs.frozen(kw_only=True)
class Patch:
    """What is wrong with a row, and what is right.

    Attributes:
        answer: The right answer.
        why: What was wrong.
        cut: The question ends before this text.
        dataset: Where the row was found.
    """

    answer: str
    why: str
    dataset: str
    cut: str | None = None

    def mended(self, problem: str) -> str:
        """Give the question without what does not belong to it."""
        return problem if self.cut is None else problem.rpartition(self.cut)[0].rstrip()


def patch_for(problem: str) -> Patch | None:
    """Give the patch for a problem's text, if there is one."""
    return _patches().get(sha256(problem.encode()).hexdigest()[:16])


@lru_cache(maxsize=1)
def _patches() -> dict[str, Patch]:
    text = resources.files("mathtune.problems").joinpath("patches.json").read_text(encoding="utf-8")
    return {key: Patch(**patch) for key, patch in json.loads(text).items()}
