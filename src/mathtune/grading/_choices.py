"""Multiple choice: a letter as an answer, with or without its option's text, and the options of a problem."""

# ruff: noqa: RUF001  (options in Chinese texts stand before a wide stop)
from __future__ import annotations

import re

import attrs

__all__ = ["Choice", "is_foreign_to", "is_tuple", "options", "read_choice"]


@attrs.frozen
class Choice:
    """One letter or several, in capitals, and the option's text behind it.

    `marked`: whether it is written as a choice, as `(C)` or `option C`; a bare `C` may be a variable.
    """

    letters: str
    marked: bool
    rest: str = ""


_COMMAND = r"(?:\\(?:text|textbf|mathrm|mathbf|textrm|textit)\s*\{\s*)"
_IN_OTHER_LANGUAGES = "antwort|réponse|opción|opção|opzione|letra|lettre|lettera|вариант"
_WORDS = (
    r"(?:(?:(?:choose|select|pick) )?(?:the )?(?:correct |final )?"
    rf"(?:option|choice|answer|{_IN_OTHER_LANGUAGES}|选[项择]?)"
    r"(?: is)?[\s*]*(?::[\s*]*)?)"
)
_ALONE = re.compile(
    rf"[\s$*]*({_WORDS})?({_COMMAND})?(?:([(\[])\s*)?([A-Ja-j])([\s)\]}}$*.]*)\Z", re.IGNORECASE
)
_CLOSING = re.compile(r"[)\]]?\}?\)?[$*]*\.?\**\Z")  # behind the letter, blanks aside
_BLANK = r"(?:\s|\\ |~|\\,|\\quad|\\qquad)"
_BEFORE = re.compile(
    rf"[\s$*]*(?:{_COMMAND}?\(([A-J])\)(?:\s*[.:])?(?:\s*\}})?{_BLANK}*|{_COMMAND}?([A-J])[.):](?:\s*\}})?{_BLANK}+)(?=\S)"
    # a small letter may be a factor: only before a number, set apart by a blank, and the only one
    rf"|[\s$*]*\(([a-e])\){_BLANK}+(?=[$]?-?(?:\d|\\[dt]?frac|\\sqrt))(?!.*\([a-j]\))"
)
_SEVERAL = re.compile(
    r"[\s(]*([A-H])\)?(?:\s*(?:[,;&、，和]|and|,\s*and)\s*\(?([A-H])\)?)(?:\s*(?:[,;&、，和]|and|,\s*and)\s*\(?([A-H])\)?)?"
    r"(?:\s*(?:[,;&、，和]|and|,\s*and)\s*\(?([A-H])\)?)?\s*\Z"
)
_SET_APART = re.compile(r"\\text\s*|[{}$*]")
_TOGETHER = re.compile(r"\s*([A-H]{2,5})\s*\Z")
# A second letter with its colon: `A: 3, B: 5` gives each its part.
_OTHER = re.compile(rf"(?:[,;]|\band\b)(?:\s|[$]|\\ |\\q?quad)*{_COMMAND}?[A-Z]\}}?:")
_SECOND = re.compile(
    rf"(?:\\text\s*\{{\s*)?(?:or\b|(?:and\b|/|,)[\s}}]*{_COMMAND}?\(?[A-J]\)?\W*\Z)"
)  # (B) or (D), (C) or 7
_LONGEST_LETTERS = 40
_LONGEST_CHOICE = 400  # with its option's text

# How a choice begins: a letter that no letter follows, a bracket, a word, or a command for text.
_SIGN = re.compile(
    r"[\s$*({\[]*(?:\\(?:text|math)|[A-Ja-j](?![A-Za-z])|[A-H]{2,5}\b|(?:the|correct|option|choice|answer|choose|select|pick|"
    rf"{_IN_OTHER_LANGUAGES})\b|选)",
    re.IGNORECASE,
)


def read_choice(text: str) -> Choice | None:
    r"""The choice that an answer is; None for anything else.

    >>> read_choice(r"\text{(C)}"), read_choice("C. 32")
    (Choice(letters='C', marked=True, rest=''), Choice(letters='C', marked=True, rest='32'))
    >>> read_choice("A and C").letters, read_choice("x + 1") is None
    ('AC', True)
    """
    first = text[:1]
    if first in _NO_CHOICE or (first == "\\" and text[1:5] not in {"text", "math"}):
        return None  # as most
    if len(text) > _LONGEST_CHOICE or not _SIGN.match(text):
        return None
    alone = _ALONE.match(text)
    if alone and _CLOSING.match("".join(alone[5].split())):
        if alone[4].islower() and (alone[1] or not (alone[2] or alone[3])):
            return Choice(alone[4], marked=False) if not alone[1] else None
        marked = bool(alone[1] or alone[2] or alone[3] or "**" in text)
        return Choice(alone[4], marked)
    several = _several(text) if len(text) <= _LONGEST_LETTERS else None
    before = _BEFORE.match(text) if several is None else None
    if before and not _OTHER.search(text, before.end()) and not _SECOND.match(text, before.end()):
        return Choice(
            before[1] or before[2] or before[3].upper(), marked=True, rest=text[before.end() :].strip("$* ")
        )
    return several


_NO_CHOICE = frozenset("0123456789-+.xyz")


def is_foreign_to(letter: str, text: str) -> bool:
    r"""Whether an answer has nothing of a bare A, B, C or D, which name no constant, number or set.

    >>> is_foreign_to("B", "x^4 + 1"), is_foreign_to("B", "2b")
    (True, False)
    """
    if letter not in _OF_OPTIONS or letter in text or _STYLED.search(text):
        return False
    return letter.lower() not in _LETTER_ALONE.findall(text)


_OF_OPTIONS = frozenset("ABCD")
_STYLED = re.compile("[\U0001d400-\U0001d7ff]")  # a bold B
_LETTER_ALONE = re.compile(r"(?<![\\A-Za-z])[a-d](?![A-Za-z])")


def is_tuple(text: str) -> bool:
    r"""Whether letters stand in one pair of brackets: `(A, B)` has an order, `(A), (B)` has none.

    >>> is_tuple("(A, B)"), is_tuple("(A), (B)"), is_tuple("A, B")
    (True, False, False)
    """
    return _TUPLE.match(_SET_APART.sub("", text)) is not None


_TUPLE = re.compile(r"\s*\(\s*[A-H](?:\s*,\s*[A-H]){1,7}\s*\)\s*\Z")


def _several(text: str) -> Choice | None:
    """`A, C` and `A and C`, and what may be the same written together, `AC`."""
    plain = _SET_APART.sub("", text)
    apart, together = _SEVERAL.match(plain), _TOGETHER.match(plain)
    letters = (
        [letter for letter in apart.groups() if letter] if apart else list(together[1]) if together else []
    )
    if len(letters) < 2 or len(set(letters)) < len(letters):
        return None
    return Choice("".join(sorted(letters)), marked=apart is not None)


# How options are marked: (A), [A], A), A., A: and, in brackets only, (a); in text commands or not.
_MARK = re.compile(
    rf"{_COMMAND}?(?:\(([A-Ja-j])\)|\[([A-J])\]|(?<![A-Za-z\\])([A-J])\s*(?:[).:．、]|\}}\s*\)|\)\s*\}}))"
    rf"\]?(?:\s*\.)?(?:(?:\s|\\ )*\}})?(?:\*\*)?\s*(?:\\ |~)?"
)
# The same in small letters, each at the beginning of a line.
_MARK_OF_LINE = re.compile(r"(?:\A|(?<=\n))[ \t*-]{0,8}([a-j])[).](?:\*\*)?[ \t]+")
# Before the next option.
_BULLET = re.compile(r"(?:\n[ \t]*(?:[-*\u2022]|\d[.)])[ \t]*)?(?:\*\*)?(?:\\item\[)?\Z")
# A text may be long, so only its last part is searched.
_LONGEST = 20_000
_NO_VALUE = re.compile(r"\\(?:qquad|quad|noindent|hspace\{[^{}]*\}|\\|[ ,;:()\[\]])|[&~]")


def options(context: str) -> dict[str, str]:
    r"""The options of a multiple choice: letters from A on, in order, with the text that follows each.

    >>> options("What is 2+2? (A) 3 (B) 4 (C) 5")
    {'A': '3', 'B': '4', 'C': '5'}
    >>> options(r"Which? \text{A)}\ & \pm 2 & \text{B)}\ & \pm 4 \\")
    {'A': '\\pm 2', 'B': '\\pm 4'}
    """
    text = context[-_LONGEST:]
    found = _marked(_MARK, text)
    if len(found) < 2:
        found = _marked(_MARK_OF_LINE, text)
    if len(found) < 2:
        return {}
    ends = [start for _letter, start, _end in found[1:]] + [len(text)]
    return {letter: _option(text[end:stop]) for (letter, _start, end), stop in zip(found, ends, strict=True)}


def _marked(mark: re.Pattern[str], text: str) -> list[tuple[str, int, int]]:
    """The last letters from A on that are marked in a way, in order, and where their marks stand."""
    found: list[tuple[str, int, int]] = []
    for match in mark.finditer(text):
        letter = next(filter(None, match.groups())).upper()
        if letter == "A":
            found = [("A", match.start(), match.end())]
        elif found and ord(letter) == ord(found[-1][0]) + 1:
            found.append((letter, match.start(), match.end()))
    return found


def _option(text: str) -> str:
    """An option's text without the marks that set it apart from the next one."""
    line = _BULLET.sub("", text.partition("\\end{")[0]).strip().partition("\n\n")[0]
    option = _NO_VALUE.sub(" ", line).strip(" \n\t$,;.").rstrip("\\ ")
    while option.endswith("}") and option.count("}") > option.count("{"):
        option = option[:-1].rstrip("\\ ")
    return option
