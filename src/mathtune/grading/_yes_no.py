"""Problems that ask yes or no: `Is f continuous at 0?` is answered by `f is not continuous`, too."""

from __future__ import annotations

import functools
import itertools
import re

__all__ = ["verdict_in", "verdict_on", "yes_no_question"]

_ASKS = re.compile(
    r"(?:is|are|was|were|does|do|did|can|could|will|would|has|have|must|should)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"\b(?:determine|decide|state|find out) (?:whether|if) ([^.?]{3,200})", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?:;]\s+")
_CLAUSE = re.compile(r",\s+")
_LONGEST = 400


@functools.lru_cache(maxsize=1024)
def yes_no_question(text: str) -> str | None:
    """The last question of a problem, if yes or no is its answer; None for any other.

    >>> yes_no_question("Let f(x) = |x|. Is f continuous at 0? Explain.")
    'Is f continuous at 0'
    >>> yes_no_question("Is it a square or a circle?"), yes_no_question("What is x?")
    (None, None)
    """
    end = text.rfind("?")
    if end < 0:
        whether = _WHETHER.search(text, max(0, len(text) - _LONGEST))
        asked = whether[1] if whether else None
    else:
        sentence = _SENTENCE.split(text[max(0, end - _LONGEST) : end])[-1]
        asked = next((part for part in (sentence, _CLAUSE.split(sentence)[-1]) if _ASKS.match(part)), None)
    return None if asked is None or " or " in asked else asked


# Where the last clause of a response begins; "a number that is prime" is no clause.
_LAST_CLAUSE = re.compile(
    r"(?:\A|[.!?:;]\s|\n|(,\s)|\b(?:[Ss]o|[Hh]ence|[Tt]hus|[Tt]herefore|(means|that(?!\s(?:is|are|was|were)\b)))\b,?\s)"
    r"\s{0,4}(?=[^\n]{3,160}\Z)"
)
_SENTENCE_START = re.compile(r"[.!?:]\s|\n")
# What stands before "that" where the clause behind it is only supposed, asked or denied; and before a comma.
_LEFT_OPEN = re.compile(
    r"(?:\b(?:whether|if|suppose|assum\w+|not|cannot|never|no|nothing|nobody|none|doubt|unlikely|false)|n't)\b[^,]*\Z",
    re.IGNORECASE,
)
_WERE_IT = re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)
# How sure or how lasting a verdict is makes no other verdict of it.
_HEDGE = re.compile(
    r"\b(?:(?:there is )?no doubt(?: that)?|(?:the case|true) (?=that\b)|(?:highly|very|quite) (?=unlikely)"
    r"|(?:(?:most|very|quite|highly) )?(?:likely|probably|definitely|certainly|indeed|technically)"
    r"|any ?more|any longer|once more|once again|again|now|statistically|in (?:either|any|every) case,?)\b",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(r"\bno longer\b", re.IGNORECASE)
# A reason or an exception behind a verdict.
_REASON = re.compile(r",? (?:because|since|although|though|due to|but only|even if)\b|, (?:as|for|which) ")


# The verdict that a last sentence is, or begins with.
_ALONE = re.compile(
    r"(?:\A|[.!?:]\s|\n|\$ |, (?=(?:so|hence|thus|therefore)\b))"
    r"\s{0,4}\*{0,2}(?:(?:[Ss]o|[Hh]ence|[Tt]hus|[Tt]herefore|[Aa]nswer:),? )?"
    r"([Yy]es|[Nn]o)\b"
    r"(?:\Z|[,.!]\*{0,2}\s[^.!?\n]{1,200}\Z)"
)


# In a clause that is a formula, or cut off in one.
_NO_PROSE = re.compile(r"[=\[\]]|\\[a-z]+\{")
# An equation, of which the clause may only repeat that the question asks about it.
_SAME = re.compile(r"\b[a-z] ?= ?-?\d+(?:[./]\d+)?\b")
_FORMULA = re.compile(r"\$[^$]*\$|\\[a-z]+")
_SHORT = 3  # words of more letters name what is asked


def verdict_in(response: str, context: str) -> str:
    """`yes` or `no`, where the last clause of a response only affirms or denies what its problem asks.

    >>> verdict_in("51 is 3 times 17, so 51 is not prime.", "Is the number 51 prime?")
    'no'
    """
    question = yes_no_question(context)
    if question is None:
        return ""
    end = response.rstrip(" .!*\n$")
    alone = _ALONE.search(end, max(0, len(end) - _LONGEST))
    if alone is not None:
        return alone[1].lower()
    end = end[-_LONGEST:]
    starts = [0, *(mark.end() for mark in _SENTENCE_START.finditer(end))]
    reason = _REASON.search(end, starts[-1] + 1)
    said = _verdict_at_end(end, starts[-1], question)
    return said or (_verdict_at_end(end[: reason.start()], starts[-1], question) if reason else "")


def _verdict_at_end(end: str, start: int, question: str) -> str:
    """The verdict of the last clause, in a last sentence that begins at `start`."""
    clauses = [
        _HEDGE.sub("", _NO_LONGER.sub("not", end[mark.end() :]))
        for mark in _LAST_CLAUSE.finditer(end)
        if not _is_open(end, start, mark)
    ]
    question = _without_apostrophes(question)
    held = question.replace(" ", "")
    fresh = (
        _SAME.sub(lambda one: "" if one[0].replace(" ", "") in held else one[0], clause) for clause in clauses
    )
    words = [
        _WORD.findall(_without_apostrophes(clause.lower()))
        for clause in fresh
        if not _NO_PROSE.search(clause)
    ]
    asked = frozenset(
        _stem(word) for word in _WORD.findall(_FORMULA.sub(" ", question.lower())) if len(word) > _SHORT
    )
    near = (one for one in words if any(_stem(_affirmed(word, asked)) in asked for word in one))
    said = (verdict_on(question, " ".join(one)) for one in near)
    return next(filter(None, said), "")


def _is_open(end: str, start: int, mark: re.Match[str]) -> bool:
    """Whether the words before a clause leave open that it holds: "suppose that", "if it were, it would"."""
    if mark[2]:
        return _LEFT_OPEN.search(end, start, mark.start()) is not None
    supposed = bool(mark[1]) and " would " in end[mark.end() :]
    return supposed and _WERE_IT.search(end, start, mark.start()) is not None


_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])['\u2019](?=[A-Za-z])")


def _without_apostrophes(text: str) -> str:
    """`isn't` as one word, as the denials below are written."""
    return _APOSTROPHE.sub("", text)


_DENIALS = frozenset(
    [
        *("not", "cannot", "cant", "isnt", "doesnt", "dont", "never", "no", "impossible"),
        *("unlikely", "false", "doubt", "wont", "arent", "wasnt", "werent", "didnt", "hasnt", "havent"),
        *("couldnt", "wouldnt", "mustnt", "fail", "fails", "failed"),
    ]
)
# Of two such words, who says the one denies the other.
_CONTRARIES = (
    ("converge", "diverge"),
    ("heads", "tails"),
    ("prime", "composite"),
    ("even", "odd"),
    ("increasing", "decreasing"),
    ("invertible", "singular"),
    ("on", "off"),
)
_EMPTY = frozenset(
    word
    for line in (
        "it is are was were be this that there they he she we you i a an the to do does can could",
        "will so such exist exists always true but still also would therefore thus hence any",
        "lie lies remain remains stay stays become becomes could have been",
        "its thats theres hes shes theyre",
    )
    for word in line.split()
)


# What a response may call the thing that is asked about.
_NOUNS = "function series sequence number matrix statement claim set graph group relation map equation system"


def verdict_on(question: str, words: str) -> str:
    """`yes` or `no`, where words only affirm or deny what was asked; else nothing.

    >>> verdict_on("Is f continuous at 0", "f is not continuous"), verdict_on("Is f continuous at 0", "7")
    ('no', '')
    >>> verdict_on("Can he do it", "cannot"), verdict_on("Is it possible", "possible")
    ('no', 'yes')
    """
    asked = [_stem(word) for word in _WORD.findall(_without_apostrophes(question.lower()))]
    asked_words = frozenset(asked)
    said = _without_apostrophes(words.lower()).split()
    affirmed = [_affirmed(word, asked_words) for word in said]
    denials = sum(word in _DENIALS or one != word for one, word in zip(affirmed, said, strict=True))
    stems = [
        _stem(word) for word in affirmed if word not in _EMPTY and word not in _DENIALS and word != "possible"
    ]
    content = [word for word in stems if word in asked_words or not (word in _SUBJECTS or len(word) == 1)]
    says_it = content or denials or not {"can", "possible"}.isdisjoint(said)
    held = _in_order(content, asked) or _is_possible_to(said, content, asked)
    if not says_it or not held or denials > 1 or not _DENIALS.isdisjoint(asked):
        return ""
    return "no" if denials else "" if _is_weaker(content, asked) else "yes"


def _is_weaker(content: list[str], asked: list[str]) -> bool:
    """Whether a property is affirmed that was asked for with an adverb: `uniformly continuous`."""
    return any(
        adverb.endswith("ly") and word in content and not {adverb} <= _SELF_EVIDENT.union(content)
        for adverb, word in itertools.pairwise(asked)
    )


# Adverbs that are left out where they are understood.
_SELF_EVIDENT = frozenset(["linearly", "statistically", "really", "actually", "possibly"])


def _is_possible_to(said: list[str], content: list[str], asked: list[str]) -> bool:
    """Whether all that is said to be possible, or not, is asked for, in whatever order.

    "It is possible to cover the floor" answers "can the floor be covered", for it has no subject of its own.
    """
    if not any(pair in {("possible", "to"), ("impossible", "to")} for pair in itertools.pairwise(said)):
        return False
    named = {word.removesuffix("ed") for word in asked}
    return all(word.removesuffix("ed") in named for word in content)


def _affirmed(word: str, asked: frozenset[str]) -> str:
    """The word of the question that another denies: `consistent` of `inconsistent`, `heads` of `tails`."""
    if word in asked or _stem(word) in asked:
        return word
    contrary = _CONTRARY.get(_stem(word))
    if contrary in asked:
        return contrary
    found = _PREFIX.match(word)
    if found and word[found.end() :] in asked:
        return word[found.end() :]
    return next(
        (one for one in asked if (denied := _PREFIX.match(one)) and one[denied.end() :] == word), word
    )


_PREFIX = re.compile(r"(?:in|un|non|ir|dis)-?(?=[a-z]{4})")


def _in_order(words: list[str], asked: list[str]) -> bool:
    """Whether the words stand in the question, in their order: `Ann is taller` answers nothing about Ben."""
    rest = iter(asked)
    return all(word in rest for word in words)


def _stem(word: str) -> str:
    """`converges` and `convergent` say `converge`; `tiling` and `tile` say the same."""
    if word.startswith(("converg", "diverg")):
        return word[: word.index("verg")] + "verge"
    for ending in ("ing", "es", "s", "e"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return _SAME_STEM.get(word, word[: -len(ending)])
    return word


# What would become another word without its ending.
_SAME_STEM = {word: word for word in ("note", "notes", "being", "does", "nothing", "one", "none")}
_SUBJECTS = frozenset(map(_stem, _NOUNS.split()))
_CONTRARY = {_stem(one): _stem(other) for pair in _CONTRARIES for one, other in (pair, pair[::-1])}
