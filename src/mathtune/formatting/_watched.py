"""What no single line shows: answers without a box, mixed system prompts, lines that come again.

Told once for the file, with the first line that it concerns, as warnings: a server takes such a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Watched"]


class Watched:
    """Sees each chat line once and keeps counts and hashes, no text."""

    def __init__(self) -> None:
        self._lines = 0
        self._unboxed: list[int] = [0, 0]  # how many, the first line
        self._repeated: list[int] = [0, 0]
        self._prompts: dict[int, int] = {}  # hash of the system prompt -> its first line
        self._seen: set[int] = set()

    def see(self, row: Mapping[str, Any], line: int | None) -> None:
        """Take note of a line that has passed its rule."""
        messages = row["messages"]
        first, last = messages[0], messages[-1]
        self._lines += 1
        if "\\boxed" not in str(last.get("content")):
            _note(self._unboxed, line)
        self._prompts.setdefault(hash(str(first["content"])) if first["role"] == "system" else 0, line or 0)
        content = hash(tuple(str(message.get("content")) for message in messages))
        if content in self._seen:
            _note(self._repeated, line)
        self._seen.add(content)

    def findings(self) -> Iterator[Finding]:
        """Give what was seen."""
        if self._unboxed[0]:
            fix = "box the answers: the evaluation looks for them"
            yield self._warning(self._unboxed, "no \\boxed answer", fix, "no_box")
        if self._repeated[0]:
            fix = "drop them: what comes again is learned by heart"
            yield self._warning(self._repeated, "the same messages as before", fix, "repeated")
        if len(self._prompts) > 1:
            found = f"{len(self._prompts)} different system prompts (none counts as one)"
            fix = "use one, and the same in the evaluation"
            line = max(self._prompts.values())
            yield Finding(line=line, found=found, fix=fix, severity="warning", rule="mixed_system")

    def _warning(self, seen: list[int], what: str, fix: str, rule: str) -> Finding:
        found = f"{seen[0]:,} of {self._lines:,} lines, this one first, have {what}"
        return Finding(line=seen[1], found=found, fix=fix, severity="warning", rule=rule)


def _note(seen: list[int], line: int | None) -> None:
    seen[0] += 1
    if seen[0] == 1:
        seen[1] = line or 0
