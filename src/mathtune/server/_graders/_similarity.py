"""Measures of how alike two texts are, 0 to 1, on lower-case words.

BLEU: Papineni et al. 2002, with add-one smoothing above single words (Lin and Och 2004).
GLEU: Wu et al. 2016.
METEOR: Banerjee and Lavie 2005, exact matches only (no stems, no synonyms). ROUGE: Lin 2004, F1.
`fuzzy_match` is the normalised longest common subsequence of characters (rapidfuzz's `ratio`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

WORD: Final = re.compile(r"\w+|[^\w\s]")
LONGEST_ORDER: Final = 4


def similarity(metric: str, given: str, reference: str) -> float:
    """Compare two texts.

    Args:
        metric: One of `METRICS`.
        given: The text to judge.
        reference: What it should be.

    >>> similarity("rouge_1", "the cat", "the dog")
    0.5
    """
    return METRICS[metric](given, reference)


def _fuzzy(given: str, reference: str) -> float:
    total = len(given) + len(reference)
    return 2 * _common(given, reference) / total if total else 1.0


def _bleu(given: str, reference: str) -> float:
    words, wanted = _words(given), _words(reference)
    if not words or not wanted:
        return float(words == wanted)
    logarithms = 0.0
    for order in range(1, LONGEST_ORDER + 1):
        grams = _grams(words, order)
        shared, total = (grams & _grams(wanted, order)).total(), grams.total()
        smooth = int(order > 1)
        if shared + smooth == 0:
            return 0.0
        logarithms += math.log((shared + smooth) / (total + smooth))
    brevity = min(0.0, 1 - len(wanted) / len(words))
    return math.exp(brevity + logarithms / LONGEST_ORDER)


def _gleu(given: str, reference: str) -> float:
    words, wanted = _words(given), _words(reference)
    shared = ours = theirs = 0
    for order in range(1, LONGEST_ORDER + 1):
        first, second = _grams(words, order), _grams(wanted, order)
        shared += (first & second).total()
        ours, theirs = ours + first.total(), theirs + second.total()
    longest = max(ours, theirs)
    return shared / longest if longest else 1.0


def _meteor(given: str, reference: str) -> float:
    words, wanted = _words(given), _words(reference)
    pairs = _aligned(words, wanted)
    if not pairs:
        return float(words == wanted)
    precision, recall = len(pairs) / len(words), len(pairs) / len(wanted)
    chunks = 1 + sum((one[0] + 1, one[1] + 1) != other for one, other in pairwise(pairs))
    mean = 10 * precision * recall / (recall + 9 * precision)
    return mean * (1 - 0.5 * (chunks / len(pairs)) ** 3)


def _rouge(order: int) -> Callable[[str, str], float]:
    def rouge(given: str, reference: str) -> float:
        first, second = _grams(_words(given), order), _grams(_words(reference), order)
        return _f1((first & second).total(), first.total(), second.total())

    return rouge


def _rouge_l(given: str, reference: str) -> float:
    words, wanted = _words(given), _words(reference)
    return _f1(_common(words, wanted), len(words), len(wanted))


def _grams(words: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    """Count each run of so many words."""
    return Counter(tuple(words[at : at + order]) for at in range(len(words) - order + 1))


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _f1(shared: int, ours: int, theirs: int) -> float:
    if ours + theirs == 0:
        return 1.0
    return 2 * shared / (ours + theirs)


def _aligned(words: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Pair equal words, each once, preferring the place after the last pair."""
    free: dict[str, list[int]] = {}
    for place, word in enumerate(wanted):
        free.setdefault(word, []).append(place)
    pairs, last = list[tuple[int, int]](), -1
    for place, word in enumerate(words):
        places = free.get(word)
        if places:
            chosen = last + 1 if last + 1 in places else places[0]
            places.remove(chosen)
            pairs.append((place, chosen))
            last = chosen
    return pairs


def _common(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """Give the length of the longest common subsequence, a row of the table in one integer (Hyyrö 2004)."""
    places: dict[Hashable, int] = {}
    for place, item in enumerate(first):
        places[item] = places.get(item, 0) | (1 << place)
    whole = (1 << len(first)) - 1
    row = whole
    for item in second:
        matched = row & places.get(item, 0)
        row = ((row + matched) | (row - matched)) & whole
    return len(first) - row.bit_count()


METRICS: Final[dict[str, Callable[[str, str], float]]] = {
    "fuzzy_match": _fuzzy,
    "bleu": _bleu,
    "gleu": _gleu,
    "meteor": _meteor,
    **{f"rouge_{order}": _rouge(order) for order in range(1, 6)},
    "rouge_l": _rouge_l,
}
