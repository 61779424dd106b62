"""Several values that a response states one by one, in sentences: for a gold answer of as many.

The gold answer gives the shape (how many values, under which names), the problem the order in which they are
asked for; the response must give exactly as many. A part of them, or a choice among more, is never taken.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from mathtune.answers import (
    SENTENCE_END,
    Naming,
    extract_answer,
    headed_lines,
    last_list,
    lettered_parts,
    namings,
    stems_of,
    unboxed,
)

from ._several import is_half_open
from ._values import Equation, Items, Labelled

if TYPE_CHECKING:
    from mathtune.policy import Policy

    from ._values import Value

__all__ = ["are_points", "count_of_parts", "in_asked_order", "said_in_parts"]

# Problems are asked at their end.
_LONGEST_DEMAND = 600
# Boxes stand further apart than sentences that close a response.
_MOST_APART = 3_000
# Words that tell no value from another.
_GENERAL = frozenset(
    ["number", "value", "of", "in", "is", "to", "for", "on", "by", "total", "part", "solution", "root"]
)
# What numbers things of one kind, in whatever order: "the first solution", "one root", "the other".
_COUNTING = frozenset(
    [
        *("first", "second", "third", "fourth", "one", "other", "another", "two"),
        *("larger", "smaller", "greater", "lesser", "of"),
    ]
)
_NUMBERED = re.compile(r"_(?:\d|\{\d{1,3}\})")
# What a letter is called before it: "the integer roots x".
_UNKNOWN = re.compile(r".* (?=[a-z]\Z)")
_TUPLE = re.compile(r"\((?:\s?\\?[A-Za-z]+\s?,){1,5}\s?\\?[A-Za-z]+\s?\)")
_TUPLES = re.compile(r"\([^(),]{1,40},[^()]{1,80}\)")
_ARTICLE = re.compile(r"\b[Aa] (?!and\b|in\b|if\b|when\b|for\b|such\b|is\b)(?=[a-z]{2})")
_ASKS = re.compile(r"\b(?:[Ff]ind|[Dd]etermine|[Cc]ompute|[Cc]alculate|[Ww]hat|[Gg]ive|[Hh]ow many)\b")
_PART = re.compile(r"^[ \t]{0,8}\([a-h]\)[ \t]", re.MULTILINE)
# Between values, blanks aside.
_SEPARATOR = re.compile(r"and|[=,;()]+|\.\Z")
_GOLD_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_NAME_BEFORE = re.compile(r"\A\$?[A-Za-z]\w{0,2} ?= ?(?=[^=<>]+\Z)")
_LETTERS = ("abcdefgh", ("i", "ii", "iii", "iv", "v", "vi"), "123456789")


def count_of_parts(value: Value) -> int:
    """How many values a gold answer has one by one; 0 where it is one value, or one set."""
    while isinstance(value, Labelled):
        value = value.value
    if not isinstance(value, Items) or value.kind == "set" or len(value.items) < 2 or is_half_open(value):
        return 0
    return len(value.items)


def are_points(text: str) -> bool:
    """Whether an answer lists several points: "$(0, 0)$ and $(1, 1)$"."""
    return len(_TUPLES.findall(text)) > 1


def said_in_parts(response: str, gold: Value, context: str | None, policy: Policy) -> str | None:
    """The values of a response, as many as the gold answer has: a tuple, or a list if all are of one kind.

    Args:
        response: What a model said, without boxes.
        gold: The expected answer, of several parts.
        context: The problem's text, where it is known.
        policy: What counts as an answer.
    """
    count = count_of_parts(gold)
    lettered = _lettered(response, gold, count, policy)
    if lettered is not None:
        return lettered
    headed = _headed(response, policy)
    labels = _labels(gold)
    # the last ones decide, unless they are chosen by their names
    enough = None if labels or context else partial(_is_enough, count=count)
    found = headed if len(headed) == count else namings(response, enough=enough)
    labelled = _under_labels(found, labels) if labels else None
    if labelled is not None:
        return labelled
    asked = next(filter(None, (_asked_for(found, demand, count) for demand in _demands(context))), None)
    listed = [] if asked else last_list(response)
    if not asked and _is_only_one(found):
        return None
    if len(listed) == count:
        return ", ".join(map(_bare, listed))
    chosen = asked or _last(found, count)
    if chosen is None or (len({naming.name for naming in chosen}) == 1 and _narrowed(chosen)):
        return None
    return _joined(chosen, remainder=isinstance(gold, Items) and gold.opening == "R")


def in_asked_order(response: str, text: str, gold: str, value: Value, context: str) -> str | None:
    """The parts of an answer, each under a name, as a tuple in the order of these names.

    Where the gold answer names its parts itself, a list under these names; None where names do not tell.

    Args:
        response: What a model said.
        text: The answer that was taken from it: all of its boxes, or one part of a sentence.
        gold: The expected answer, of several parts; the words in it tell the order before the problem does.
        value: Its value.
        context: The problem's text.
    """
    if are_points(text):
        return None  # of which the gold answer may be one
    stated = set(_SEPARATOR.split(_close(text)))
    named = namings(_PART.sub("", unboxed(response)), _MOST_APART)
    found = [one for one in named if _close(one.value) in stated]
    labels = _labels(value)
    if labels:
        return _under_labels(found, labels)
    demands = [gold] if _GOLD_WORD.search(gold) else _ordered_demands(context)
    count = count_of_parts(value)
    chosen = next(filter(None, (_asked_for(found, demand, count) for demand in demands)), None)
    return _tuple([one.value for one in chosen]) if chosen and not _counts_only(chosen) else None


def _ordered_demands(context: str) -> list[str]:
    """What the problem asks, plainest first: a tuple of letters, what it says to find, its sentences."""
    demands = _demands(context)
    tuples = [mark[0] for demand in demands for mark in _TUPLE.finditer(demand)]
    asks = [demand[mark.start() :] for demand in demands for mark in _ASKS.finditer(demand)]
    return [*tuples[-1:], *reversed(asks), *demands]


def _close(text: str) -> str:
    """A text without blanks and signs of formulas."""
    return "".join(text.replace("$", "").split())


def _lettered(response: str, gold: Value, count: int, policy: Policy) -> str | None:
    """The answers of the parts (a), (b), ... of a response, where each has one: bare where the gold's are."""
    parts = lettered_parts(response)
    marks = [mark for mark, _ in parts]
    if len(parts) != count or not any(marks == list(letters[:count]) for letters in _LETTERS):
        return None
    answers = [extract_answer(text, policy=policy) for _, text in parts]
    texts = [answer.text for answer in answers if answer]
    items = gold.items if isinstance(gold, Items) else ()
    if not any(isinstance(item, (Labelled, Equation)) for item in items):
        texts = [_NAME_BEFORE.sub("", text) for text in texts]
    return _tuple(texts) if len(texts) == count else None


def _headed(response: str, policy: Policy) -> list[Naming]:
    """The answers of the last lines that a name heads each, under that name."""
    answers = [(name, extract_answer(text, policy=policy)) for name, text in headed_lines(response)]
    return [
        Naming(name, _NAME_BEFORE.sub("", answer.text), place)
        for place, (name, answer) in enumerate(answers)
        if answer
    ]


def _labels(gold: Value) -> list[str]:
    """The names that the gold answer gives its parts, if it names all."""
    items = gold.items if isinstance(gold, Items) else ()
    names = [item.label for item in items if isinstance(item, Labelled)]
    return names if len(names) == len(items) == len(set(names)) else []


def _under_labels(found: list[Naming], labels: list[str]) -> str | None:
    """The last value of each of the names, as a list of equations."""
    chosen = _of_labels(found, labels)
    if chosen is None:
        return None
    return ", ".join(f"{name} = {_bare(naming.value)}" for name, naming in zip(labels, chosen, strict=True))


def _of_labels(found: list[Naming], labels: list[str]) -> list[Naming] | None:
    """For each of the names the last value that it got."""
    chosen: list[Naming] = []
    for label in labels:
        wanted = set(stems_of(label))
        letter = {stem for stem in wanted if len(stem) == 1}  # the x of `axis x` names it, too
        under = [
            naming
            for naming in found
            if wanted
            and (wanted.issubset(stems_of(naming.name)) or (letter and letter == set(stems_of(naming.name))))
        ]
        if not under:
            return None
        chosen.append(under[-1])
    return chosen


def _demands(context: str | None) -> list[str]:
    """What the problem asks: its last sentence, then its last two."""
    sentences = SENTENCE_END.split(context[-_LONGEST_DEMAND:].strip()) if context else []
    return [" ".join(sentences[-count:]) for count in (1, 2) if len(sentences) >= count]


def _asked_for(found: list[Naming], demand: str, count: int) -> list[Naming] | None:
    """The last value of each name that the problem asks for, in its order, if they are as many as wanted."""
    order = stems_of(_ARTICLE.sub(" ", demand))
    asked = frozenset(order) - _GENERAL
    latest: dict[frozenset[str], Naming] = {}
    for naming in found:
        key = asked.intersection(stems_of(naming.name))
        if key:
            latest.pop(key, None)
            latest[key] = naming
    keys = [key for key in latest if not any(key < other for other in latest)]
    if len(keys) != count:
        return None
    own = {key: key.difference(*(other for other in keys if other != key)) for key in keys}
    return [latest[key] for key in sorted(keys, key=lambda key: min(map(order.index, own[key] or key)))]


def _is_only_one(found: list[Naming]) -> bool:
    """Whether the last name says that nothing else counts: "the only solution is"."""
    return bool(found) and "only" in found[-1].name.lower().split()


def _last(found: list[Naming], count: int) -> list[Naming] | None:
    """The values of the last sentence, or of the last lines with one each, if they are as many as wanted."""
    if len(found) < count:
        return None
    last = [naming for naming in found if naming.sentence == found[-1].sentence]
    if len(last) == count:
        return last
    ends = found[-count:]
    sentences = [naming.sentence for naming in ends]
    in_turn = sentences == list(range(sentences[0], sentences[0] + count))
    if in_turn and not _goes_on(found[:-count], ends):
        return ends
    return ends if len(found) == count and len({naming.name for naming in found}) == 1 else None


def _is_enough(found: list[Naming], count: int) -> bool:
    """Whether no value named further back can change what `_last` says."""
    if len(found) > count:
        return True
    sentences = [naming.sentence for naming in found]
    in_turn = sentences == list(range(sentences[0], sentences[0] + len(found))) if found else True
    return not in_turn and len({naming.name for naming in found}) > 1


def _narrowed(chosen: list[Naming]) -> bool:
    """Whether a value of one name was two at first: "x = ±5. Since lengths are positive, x = 5"."""
    return any("\\pm" in naming.value or "\u00b1" in naming.value for naming in chosen)


def _goes_on(before: list[Naming], ends: list[Naming]) -> bool:
    """Whether what was named just before may be of the same list; a letter is not, before names in words."""
    if not before or before[-1].sentence < ends[0].sentence - 1:
        return False
    return len(before[-1].name) > 1 or any(len(naming.name) == 1 for naming in ends)


def _joined(chosen: list[Naming], *, remainder: bool) -> str:
    """The values: a list where their names only count them, else a tuple; or quotient and remainder."""
    values = [naming.value for naming in chosen]
    if remainder:
        return " R ".join(map(_bare, values))
    if _counts_only(chosen):
        return ", ".join(_bare(value) for value in values)
    if all(len(naming.name) == 1 for naming in chosen):
        values = [naming.value for naming in sorted(chosen, key=lambda naming: naming.name)]
    return _tuple(values)


def _counts_only(chosen: list[Naming]) -> bool:
    """Whether names only count things of one kind: "the first root", "the other"."""
    kinds = {_UNKNOWN.sub("", _NUMBERED.sub("", naming.name.lower())) for naming in chosen}
    counted = {" ".join(word for word in kind.split() if word not in _COUNTING) for kind in kinds}
    return len(counted - {""}) <= 1


def _tuple(values: list[str]) -> str:
    return f"({', '.join(map(_bare, values))})"


def _bare(value: str) -> str:
    return value.replace("\\$", "").replace("$", "")
