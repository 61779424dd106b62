"""What a check of a fine-tuning file finds."""

from __future__ import annotations

from typing import Literal

import attrs

__all__ = ["Finding", "Severity"]

Severity = Literal["error", "warning"]


@attrs.frozen(kw_only=True)
class Finding:
    """One fault of a fine-tuning file, where it is and how to mend it.

    Attributes:
        line: The line, from 1; None where the file as a whole is meant.
        field: The place in the line, such as `messages[1].role`; empty where the line as a whole is meant.
        found: What is there.
        fix: What to do.
        severity: `"error"` where a server refuses the file or trains on something else than is meant,
            `"warning"` where it takes it and the result may disappoint.
        rule: The rule's short name; the same fault has the same name in every file.

    >>> print(Finding(line=3, field="messages[0].role", found="'bot'", fix="write 'assistant'", rule="role"))
    line 3, messages[0].role: 'bot'; write 'assistant' (role)
    """

    line: int | None = None
    field: str = ""
    found: str
    fix: str
    severity: Severity = "error"
    rule: str

    def __str__(self) -> str:
        place = ", ".join(
            part for part in ("file" if self.line is None else f"line {self.line}", self.field) if part
        )
        mark = "" if self.severity == "error" else "warning: "
        return f"{mark}{place}: {self.found}; {self.fix} ({self.rule})"
