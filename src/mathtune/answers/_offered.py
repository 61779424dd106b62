"""Which of the words that a problem offers (options, labels, names) a response settles on.

For questions that are answered by words: "positive, negative or neutral", "A. bat B. penguin", "Ann or Ben".
The last sentence that holds any of them decides, if it holds one; what it only compares with or denies ("than
Ann", "not the cup") does not count, and its subject comes before all else ("Ann is taller than ...").
"""

from __future__ import annotations

import functools
import re

import attrs

from ._answer import Answer, How
from ._sentences import sentences_of

__all__ = ["settled_on"]

# Problems ask at their end, or before a text that they ask about.
MAX_PROBLEM = 2_000
# Words settle a question in the last lines.
WINDOW = 600
MAX_SENTENCES = 3
# An option's text of more words is not repeated word by word.
MAX_WORDS = 4
_ITEM = r"[\"'*\u201c]{0,2}(?:(?:the|not|an?)\ )?[A-Za-z][\w-]{1,30}[\"'*\u201d]{0,2}"
# What a kind may stand before: "an even function, odd function, or neither".
_OF_KIND = "(?:function|number|integer|sequence|series|matrix|triangle|angle|event|variable)s?"
_OFFER = re.compile(
    rf"""({_ITEM}(?:\ {_OF_KIND})?(?:,\ {_ITEM}(?:\ {_OF_KIND})?){{0,8}}),?\ or\ ({_ITEM})
    |(?:[:?]|\bone\ of:?)\ ?((?:{_ITEM},\ ){{2,9}}{_ITEM})(?=\.|\Z)
    |\b(yes|true)\ ?/\ ?(no|false)\b
    |([\u4e00-\u9fff]{{2}})(?:\u8fd8\u662f|\u6216)([\u4e00-\u9fff]{{2}})""",
    re.VERBOSE | re.IGNORECASE,
)
_BEHIND = re.compile(rf"(?<=[a-z]) {_OF_KIND}\Z")
# How a sentence begins that asks for one of the words that it offers.
_SELECTS = re.compile(
    r"\s*(?:is|are|was|were|does|do|did|can|which|who|whose|what (?:emotion|sentiment|label|category)"
    r"|options?|labels?|choices|classify|answer|choose|decide|determine (?:if|whether)|judge|select|identify"
    r"|categori[sz]e)\b",
    re.IGNORECASE,
)
_NO_LABELS = frozenset(
    ["than", "equal", "both", "either", "more", "less", "greater", "not", "if", "when", "one", "two"]
)
# A list in small letters may follow a question: "Which emotion is it? joy, fear, anger".
_SENTENCE = re.compile(r"[^.?!\n]{1,400}(?:\?(?=\ [a-z])[^.?!\n]{0,200})?")
_OPTION = re.compile(
    r"""(?:\A|[\s(])([A-H])[.):\uff0e\u3001]\s{0,4}([^\n]{1,80}?)
    (?=\s{0,4}\(?[B-H][.):\uff0e\u3001]|\.\s|\.?\s{0,4}(?:\n|\Z))""",
    re.VERBOSE,
)
_LETTER = re.compile(
    r"(?:\b(?:option|choice|answer|with|say|pick|choose|select|must be|is|so|leaves)\s+|\A)\(?([A-H])\)?"
    r"(?![\w'.]|\s(?:is|was|has) (?:an?|not|wrong|false|incorrect)\b)(?=[,.)*\s]|\Z)"
)
_ANY_LETTER = re.compile(r"(?<![\w'])\(?([A-H])\)?(?![\w'])")
_DROPPED = re.compile(
    r"(?:\b(?:not|no|nor|never|neither|nothing|hardly|barely|far from|without"
    r"|than|rather than|instead of|against|unlike|over|excluding"
    r"|that of|n't)\s|\bwrong: )"
    r"(?:the |an? |option |as )?[\"'(]?\Z"
)
_RESULT = re.compile(
    r"(?:\A|, |; )(?:and )?(?:so|therefore|thus|hence|which (?:is|puts|makes))\b", re.IGNORECASE
)
_REASON = re.compile(r"\b(?:because|since)\b")
_SUBJECT = re.compile(
    r"(?:(?:so|thus|hence|therefore|clearly|since|overall)\b,? ?)?(?:the |an? )?\Z", re.IGNORECASE
)
_VERB = re.compile(r" (?:is|was|are|were|has|had|came|comes|will)\b")


@attrs.frozen
class Offer:
    """The words that a problem offers, as written, and whether they are the texts of lettered options."""

    words: tuple[str, ...]
    lettered: bool = False


def settled_on(response: str, problem: str) -> Answer | None:
    """The one of the problem's words that the response settles on, if it offers any.

    >>> asked = "Is the review positive, negative or neutral?"
    >>> settled_on("It praises all, and so it expresses a positive sentiment.", asked).text
    'positive'
    """
    offer = _offer(problem[:MAX_PROBLEM])
    if offer is None:
        return None
    begin = max(0, len(response) - WINDOW)
    spans = sentences_of(response, begin, len(response))[-MAX_SENTENCES:]
    for start, end in reversed(spans):
        found = _said(response[start:end], offer)
        if found:
            place, word = found[0]
            alone = len({said.lower() for _, said in found}) == 1
            span = start + place, start + place + len(word)
            return Answer(word, span, How.CONCLUSION) if alone else None
    return None


@functools.lru_cache(maxsize=1024)
def _offer(problem: str) -> Offer | None:
    """The options of a problem, or the words of its question."""
    options = _OPTION.findall(problem)
    letters = "".join(letter for letter, _ in options)
    if len(options) > 1 and letters == "ABCDEFGH"[: len(options)]:
        texts = [text.strip(" .;,") for _, text in options]
        plain = all(text and text[0].isalpha() and len(text.split()) <= MAX_WORDS for text in texts)
        return Offer(tuple(texts) if plain else (), lettered=True)
    for sentence in _SENTENCE.findall(problem):
        offered = _OFFER.search(sentence) if _SELECTS.match(sentence) or not sentence.isascii() else None
        groups = [group for group in offered.groups() if group] if offered else []
        items = [
            _BEHIND.sub("", item.strip("\"'*\u201c\u201d ")) for group in groups for item in group.split(", ")
        ]
        labels = _alike(items) if items else []
        if len(labels) > 1 and _NO_LABELS.isdisjoint(label.lower() for label in labels):
            return Offer(tuple(labels))
    return None


def _alike(items: list[str]) -> list[str]:
    """Those written as the last is: of "more marbles, Ann or Ben" the names."""
    last = items[-1]
    if last.startswith("the "):
        return [item for item in items if item.startswith("the ")]
    return [item for item in items if item[0].isupper()] if last[0].isupper() else items


def _said(sentence: str, offer: Offer) -> list[tuple[int, str]]:
    """The places and words of an offer that a sentence affirms; its subject, or its conclusion, first."""
    found = _words_in(sentence, offer.words)
    if offer.lettered and (chosen := list(_LETTER.finditer(sentence))):
        named = {mark.start(1): mark[1] for mark in (*chosen, *_ANY_LETTER.finditer(sentence))}
        found = sorted(named.items())
    affirmed = [one for one in found if not _DROPPED.search(sentence[: one[0]])]
    reason = _REASON.search(sentence, affirmed[0][0]) if affirmed else None
    affirmed = [one for one in affirmed if reason is None or one[0] < reason.start()]
    result = [mark.end() for mark in _RESULT.finditer(sentence)]
    concluded = [one for one in affirmed if result and one[0] > result[-1]] or affirmed
    begin = result[-1] if result and concluded and concluded[0][0] > result[-1] else 0
    for place, word in concluded:
        subject = _SUBJECT.fullmatch(sentence[begin:place].lstrip(" ,"))
        if subject and _VERB.match(sentence, place + len(word)):
            return [(place, word)]
    return concluded


def _words_in(sentence: str, words: tuple[str, ...]) -> list[tuple[int, str]]:
    """Where words of an offer stand, the longer before the shorter that they hold, without articles."""
    found: list[tuple[int, str]] = []
    lower = sentence.lower()
    for word in sorted(words, key=len, reverse=True):
        bare = re.sub(r"\A(?:the|an?) ", "", word.lower())
        edges = ("(?<![\\w-])", "s?(?![\\w-])") if bare.isascii() else ("", "")  # Chinese sets no spaces
        for mark in re.finditer(re.escape(bare).join(edges), lower):
            if not any(place <= mark.start() < place + len(other) for place, other in found):
                found.append((mark.start(), sentence[mark.start() : mark.end()]))
    return sorted(found)
