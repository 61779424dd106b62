"""What a response marks as its answer for a machine to read: `<answer>5</answer>`, `{"answer": "5"}`."""

from __future__ import annotations

import json
import re
from typing import Any

from ._answer import Answer, How
from ._claimed_values import stated
from ._escapes import undo_escapes
from ._texts import plain_answer
from ._words import WINDOW, words_of

__all__ = ["fields_in", "last_field", "tag_span", "tagged", "without_blank_fields"]

# Longer than any value of a field or tag.
MAX_VALUE = 4_000

_TAGS = ("<answer>", "<final_answer>")
# What opens a name, up to the "a" of "answer", in small letters; and its end as it is written, which is found
# without small letters for all of the text.
_OPENINGS = tuple(f"{quote}{word}a" for quote in "\"'" for word in ("", "final", "final_", "final "))
_NAME_ENDS = ('nswer"', 'NSWER"', "nswer'", "NSWER'")
LONGEST_OPENING = max(map(len, _OPENINGS))
_NAME = r'answer["\']\s{0,20}:\s{0,20}'
_FIELD = re.compile(
    _NAME
    + r"""(?:
    "((?:[^"\\]|\\.){1,4000})"  # a string
  | (\[|\{)  # a list, an object
  | '((?:[^'\\]|\\.){1,4000})'  # a string of Python's
  | ([^\s",\]}{\[][^\s,}\]]{0,200})  # a number, true, false
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Nothing, or what a template had there: "<your answer>".
_BLANK = re.compile(_NAME + r'(?:"\s{0,20}(?:<[^"<>]{0,200}>)?\s{0,20}"|null\b)', re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z]|alpha|beta|gamma|delta|theta|lambda|mu|omega")
_DENIES = re.compile(r" (?:not|never)\b|n['\u2019]t\b")
_CHOICE = re.compile(r"[A-Z]")
# A word, but no command's name, and an option's letter before its value: without either, all is the value.
_WORD = re.compile(r"[A-Za-z](?<!\\.)(?<![A-Za-z].)[A-Za-z]")
_LABELLED = re.compile(r"\s{0,8}\(?[A-Z]\)?[).:,]? ")
# LaTeX in JSON that nobody escaped.
_LONE_BACKSLASH = re.compile(r'\\(?!["\\])')
# A number keeps its digits: 0.50 is no 0.5.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, strict=False)


def fields_in(text: str) -> list[int]:
    """Where "answer" stands in the names of the answer fields of a text."""
    places: list[int] = []
    if ":" in text:
        for end in _NAME_ENDS:
            place = text.find(end, max(0, len(text) - WINDOW)) if end[-1] in text else -1
            while place >= 0:
                if _opens(text, place - 1):
                    places.append(place - 1)
                place = text.find(end, place + 1)
    return sorted(places)


def _opens(text: str, place: int) -> bool:
    """Whether a field's name has "answer" at a place, by what stands before."""
    before = text[max(0, place - LONGEST_OPENING) : place + 1].lower()
    return before.endswith(_OPENINGS)


def without_blank_fields(text: str, fields: list[int]) -> str | None:
    """The text with its empty answer fields overwritten by spaces; None where it has none."""
    last = 0
    parts: list[str] = []
    for place in fields:
        blank = _BLANK.match(text, place)
        if blank is not None:
            near = max(0, place - LONGEST_OPENING)
            start = max(text.rfind('"', near, place), text.rfind("'", near, place))
            parts += [text[last:start], " " * (blank.end() - start)]
            last = blank.end()
    return "".join([*parts, text[last:]]) if parts else None


def tag_span(text: str) -> tuple[int, int] | None:
    """Where the content of the last `<answer>...</answer>` stands; an unclosed one goes to the end.

    >>> tag_span("<answer> 5 </answer>")
    (8, 11)
    """
    if ">" not in text or text.rfind("answer>") < 0:
        return None
    start, tag = max((text.rfind(tag), tag) for tag in _TAGS)
    if start < 0:
        return None
    start += len(tag)
    end = text.find(tag.replace("<", "</"), start)
    return start, min(len(text) if end < 0 else end, start + MAX_VALUE)


def tagged(text: str, start: int, end: int) -> Answer | None:
    """The answer that a tag's content is."""
    claim = stated(text, start, end, words_of(text[start:end]), How.TAG)
    return claim or plain_answer(text, start, end, How.TAG)


def last_field(text: str, fields: list[int]) -> Answer | None:
    """The value of the last JSON field named `answer` or `final_answer`.

    >>> last_field('{"answer": [1, 2]}', [2]).text
    '1, 2'
    """
    found = None
    for place in fields:
        if found is None or place >= found.end():
            found = _FIELD.match(text, place) or found
    if found is None:
        return None
    if found[2]:
        return _structure(text, found.start(2))
    group = found.lastindex or 0
    raw = undo_escapes(found[group].replace('\\"', '"'), doubled=True)
    value = _value(raw)
    start, end = found.span(group)
    if raw == found[group]:  # nothing was undone that would shift the places in it
        start, end = start + value.span[0], start + value.span[1]
    return Answer(value.text, (start, end), How.FIELD) if value.text else None


def _structure(text: str, start: int) -> Answer | None:
    """A list as the list of its items; an object as that of its values, named by keys that are symbols."""
    part = text[start : start + MAX_VALUE]
    value, length = _decoded(part) or _decoded(_LONE_BACKSLASH.sub(r"\\\\", part)) or (None, 0)
    items = _items(value)
    if items is None and not isinstance(value, list):
        return None
    content = text[start : start + length] if items is None else ", ".join(items)
    return Answer(content, (start, min(len(text), start + length)), How.FIELD) if content else None


def _decoded(part: str) -> tuple[Any, int] | None:
    try:
        return _DECODER.raw_decode(part)
    except (ValueError, RecursionError):
        return None


def _items(value: Any) -> list[str] | None:  # noqa: ANN401  (JSON)
    """The texts of a flat list or object; None where something is nested in it."""
    if isinstance(value, dict):
        named = all(_KEY.fullmatch(key) for key in value)
        pairs = [(f"{key} = " if named else "", item) for key, item in value.items()]
    else:
        pairs = [("", item) for item in value or ()]
    if not pairs or any(isinstance(item, (list, dict)) or item is None for _, item in pairs):
        return None
    return [name + _value(undo_escapes(str(item), doubled=True)).text for name, item in pairs]


def _value(raw: str) -> Answer:
    """What a field holds: the value of a sentence; else all of it, and never words out of its middle."""
    if " " not in raw.strip() or (raw.isascii() and not (_WORD.search(raw) or _LABELLED.match(raw))):
        return plain_answer(raw, 0, len(raw), How.FIELD) or _all_of(raw)
    answer = stated(raw, 0, len(raw), words_of(raw), How.FIELD)
    if answer is None:
        return _all_of(raw)
    in_words = answer.text.replace(" ", "").isalpha() and not _CHOICE.fullmatch(answer.text)
    all_told = not raw.startswith(answer.text) or _DENIES.match(raw, len(answer.text))
    return _all_of(raw) if in_words and all_told else answer


def _all_of(raw: str) -> Answer:
    start = len(raw) - len(raw.lstrip())
    content = raw.strip()
    return Answer(content, (start, start + len(content)), How.FIELD)
