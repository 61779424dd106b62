"""Answers in words: equal when their words are, or when one is contained in the other and cannot mislead."""

from __future__ import annotations

__all__ = ["is_evasive", "same_words"]

_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "none",
        "cannot",
        "can't",
        "isn't",
        "doesn't",
        "don't",
        "without",
        "except",
        "un",
        "non",
        "false",
    ]
)
_CHOICES = frozenset(["or", "between", "either"])
_EMPTY = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "be",
        "it",
        "its",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "as",
        "and",
        "that",
        "this",
        "there",
        "then",
        "so",
        "answer",
        "final",
        "an",
        "a",
        "the",
        "more",
        "than",
        "less",
        "most",
        "least",
        "same",
        "only",
        "just",
        "all",
        "any",
        "each",
        "both",
        "he",
        "she",
        "they",
        "we",
        "i",
        "you",
    ]
)
_VERDICTS = frozenset(["yes", "no", "true", "false"])
_LONGEST_PART = 6


def same_words(gold: str, given: str) -> bool:
    """Whether two normalised phrases say the same.

    >>> same_words("kafelnikov served in first game", "kafelnikov")
    True
    >>> same_words("it is not odd", "odd")
    False
    """
    first, second = gold.split(), given.split()
    if not first or not second:
        return False
    if "".join(first) == "".join(second):
        return True
    if first[0] in _VERDICTS or second[0] in _VERDICTS:
        return first[0] == second[0] and 1 in (len(first), len(second)) and not is_evasive(first + second)
    if sorted(first) == sorted(second):
        return not _negated(first) and len(first) > 2
    short, long = (second, first) if len(second) < len(first) else (first, second)
    return _contained(short, long)


def is_evasive(words: list[str]) -> bool:
    """Whether words deny, offer alternatives or set conditions, so that what they hold is no answer."""
    return any(word in _EVASIONS for word in words)


_EVASIONS = frozenset(
    [
        "not",
        "never",
        "or",
        "either",
        "neither",
        "nor",
        "any",
        "other",
        "else",
        "unless",
        "except",
        "maybe",
        "perhaps",
        "if",
    ]
)


def _contained(short: list[str], long: list[str]) -> bool:
    if len(short) > _LONGEST_PART or not [word for word in short if len(word) > 2 and word not in _EMPTY]:
        return False
    if _negated(short) != _negated(long) or set(long) & _CHOICES - set(short):
        return False
    if any(sign in word for word in long for sign in "0123456789=<>^≤≥"):
        return False  # of formulas a part is not the whole
    return any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))


def _negated(words: list[str]) -> bool:
    return any(word in _NEGATIONS for word in words)
