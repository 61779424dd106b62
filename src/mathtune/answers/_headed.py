"""Parts of a response that a name or a letter heads: "Mean: (2 + 4)/2 = 3", "(a) x = 4"."""

from __future__ import annotations

import re

from ._namings import WINDOW, readable

__all__ = ["headed_lines", "lettered_parts"]

MOST_IN_PARTS = 200_000  # characters at the end, for parts with letters
_HEADED = re.compile(
    r"[ \t]{0,8}(?:[-*\u2022][ \t])?\*{0,2}([A-Za-z][A-Za-z' -]{1,40})\*{0,2}:\*{0,2}[ \t](.+)"
)
# A line or sentence begins: behind a single character, for which `re` looks first.
_LETTERED = re.compile(
    r"""(?:\n|\ (?:(?<=[.;$)]\ )|(?=\([a-h]\)\ [A-Z$\\\d])(?<=[\w%]\ )))[ \t#*]{0,8}
    (?:(?:(?:For\ |In\ )?[Pp]art\ )?\(?(?:([a-h])|(iii|ii?|iv|vi?)|([1-9]))\)[*:.,]{0,4}
    |[Pp]art\ (?:([A-Ha-h])|([1-9]))[:.][*]{0,2}
    |([1-9])\.(?=[^\n]{1,40}(?:\n|\Z)))  # a line that is no step
    (?=\s)""",
    re.VERBOSE,
)


def headed_lines(response: str) -> list[tuple[str, str]]:
    """The last lines of a response, where a name heads each: "Mean: (2 + 4)/2 = 3"."""
    found: list[tuple[str, str]] = []
    for line in reversed(readable(response)[-WINDOW:].split("\n")):
        headed = _HEADED.fullmatch(line)
        if headed:
            found.insert(0, (headed[1], headed[2]))
        elif line.strip():
            break
    return found


def lettered_parts(response: str) -> list[tuple[str, str]]:
    """The parts of a response that begin with (a), (b), ...: each letter with its text, the last time."""
    text = "\n" + readable(response)[-MOST_IN_PARTS:]
    marks = list(_LETTERED.finditer(text))
    letters = [mark[mark.lastindex or 0].lower() for mark in marks]
    first = max((place for place, letter in enumerate(letters) if letter in {"a", "i", "1"}), default=0)
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    texts = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return list(zip(letters, texts, strict=True))[first:]
