"""A problem -> the words that it offers for an answer: labels, names, lettered options."""

from __future__ import annotations

import functools
import re

import attrs

__all__ = ["Offer", "offer_of"]

# Problems ask at their end, or before a text that they ask about.
MAX_PROBLEM = 2_000
# An option's text of more words is not repeated word by word.
MAX_WORDS = 4
_ITEM = (
    r"[\"'*\u201c]{0,2}(?:(?:the|not|an?)\ )?[A-Za-z][\w-]{1,30}"
    r"(?:\ (?-i:[A-Z])[\w-]{1,30}){0,2}[\"'*\u201d]{0,2}"
)
# Labels of several words, where commas or a terminator part them.
_WORDS = r"[A-Za-z][\w'-]{0,30}(?:\ [\w'-]{1,30}){0,3}"
# What a kind may stand before: "an even function, odd function, or neither".
_OF_KIND = "(?:function|number|integer|sequence|series|matrix|triangle|angle|event|variable)s?"
_OFFER = re.compile(
    rf"""(?:[:?]|\bone\ of:?)\ ?((?:{_WORDS},\ ){{1,9}})(?:or\ |and\ )?({_WORDS})(?=\.|\Z)
    |({_ITEM}(?:\ {_OF_KIND})?(?:,\ {_ITEM}(?:\ {_OF_KIND})?){{0,8}}),?\ or\ (?:is\ there\ )?
     ((?:not\ enough|cannot|none\ of)(?:\ \w+){{1,2}}|{_ITEM})
    |\b(yes|true)\ ?/\ ?(no|false)\b(?!\ ?/)|\(((?:\w{{2,20}}\ ?/\ ?){{1,5}}\w{{2,20}})\)
    |([\u4e00-\u9fff]{{2}})(?:\u8fd8\u662f|\u6216)([\u4e00-\u9fff]{{2}})""",
    re.VERBOSE | re.IGNORECASE,
)
_ASKING = re.compile(
    r"\A(?:Is|Was|Are|Were|Does|Did|Do|Can|Has|Which|Who|Answer|Choose|Say|State|Respond|Reply|Either) "
)
_BEHIND = re.compile(rf"(?<=[a-z]) {_OF_KIND}\Z")
# How a sentence begins that asks for one of the words that it offers.
_SELECTS = re.compile(
    r"\s*(?:is|are|was|were|does|do|did|can|which|who|whose"
    r"|what (?:emotion|sentiment|label|category|sport|kind|type|relation|tone|topic|class|stance|genre|team)"
    r"|true|yes|\(\w{2,20} ?/"
    r"|options?|labels?|choices|classify|answer|choose|decide|determine (?:if|whether)|judge|select|identify"
    r"|categori[sz]e)(?!\w)",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\s*(?:which|who|whose|what)\s", re.IGNORECASE)
_LISTING = re.compile(r"(?:\b(?:of|between|among|is|are|it|this|be)|:) (?:the |an? )?[\w-]+\Z")
_NO_LABELS = frozenset(
    ["than", "equal", "both", "either", "more", "less", "greater", "not", "if", "when", "one", "two"]
)
# A list in small letters may follow a question: "Which emotion is it? joy, fear, anger".
_SENTENCE = re.compile(r"(?:[^.?!\n]|\.(?=\d)){1,400}(?:\?(?=\ [a-z])[^.?!\n]{0,200})?")
_OPTION = re.compile(
    r"""(?:\A|[\s(])([A-H])[.):\uff0e\u3001]\s{0,4}([^\n]{1,80}?)
    (?=\s{0,4}\(?[B-H][.):\uff0e\u3001]|\.\s|\.?\s{0,4}(?:\n|\Z))""",
    re.VERBOSE,
)


@attrs.frozen
class Offer:
    """The words that a problem offers, as written, and the letters of its options."""

    words: tuple[str, ...]
    letters: str = ""


def offer_of(problem: str) -> Offer | None:
    """The words that a problem offers, if it offers any.

    >>> offer_of("Is the review positive, negative or neutral?").words
    ('positive', 'negative', 'neutral')
    >>> offer_of("What is 2 + 2?") is None
    True
    """
    return _offer(problem[:MAX_PROBLEM])


@functools.lru_cache(maxsize=1024)
def _offer(problem: str) -> Offer | None:
    """The options of a problem, or the words of its question."""
    options = _OPTION.findall(problem)
    letters = "".join(letter for letter, _ in options)
    if len(options) > 1 and letters == "ABCDEFGH"[: len(options)]:
        texts = [text.strip(" .;,") for _, text in options]
        plain = all(text and text[0].isalpha() and len(text.split()) <= MAX_WORDS for text in texts)
        return Offer(tuple(texts) if plain else (), letters)
    for sentence in _SENTENCE.findall(problem):
        selects = _SELECTS.match(sentence) or not sentence.isascii()
        offered = _OFFER.search(_behind_question(sentence)) if selects else None
        groups = [group for group in offered.groups() if group] if offered else []
        items = [
            _ASKING.sub("", _BEHIND.sub("", item.strip("\"'*\u201c\u201d ")))
            for group in groups
            for item in group.strip(", ").replace("/", ", ").replace(" or ", ", ").split(", ")
        ]
        labels = _alike(items) if items else []
        if len(labels) > 1 and _NO_LABELS.isdisjoint(label.lower() for label in labels):
            return Offer(tuple(labels))
    return None


def _behind_question(sentence: str) -> str:
    """What stands behind the comma of "Which metal melts first, tin or lead?"; not of "Which of red, ..."."""
    question, _, rest = sentence.partition(", ")
    return rest if " or " in rest and _OPEN.match(question) and not _LISTING.search(question) else sentence


def _alike(items: list[str]) -> list[str]:
    """Those written as the last is: of "more marbles, Ann or Ben" the names."""
    last = items[-1]
    if last.startswith("the "):
        return [item for item in items if item.startswith("the ")]
    return [item for item in items if item[0].isupper()] if last[0].isupper() else items
