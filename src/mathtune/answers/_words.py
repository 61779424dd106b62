"""The words that announce, join and end answers, by language: data in `phrases.json`, read once."""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "UNSPACED",
    "WINDOW",
    "Words",
    "beginnings_by_sign",
    "in_any_language",
    "kinds_of_letters",
    "lowered",
    "nouns",
    "nouns_by_beginning",
    "words_of",
]

# An answer is claimed near the end; what a response says earlier than this many characters is not looked at.
WINDOW = 16_384

# Kana, Chinese characters and Hangul, from here on, need no space between words.
UNSPACED = "\u3040"
_COMMON_PARTS = ("ans", "final", "choice", "option", "ergebnis", "spost", "\u9009", "\u7b54", "\u6700")


def _words(listed: Iterable[str]) -> frozenset[str]:
    return frozenset(listed)


def _openings(listed: Iterable[str]) -> tuple[str, ...]:
    """What a text may begin with, as `str.startswith` wants it."""
    return tuple(listed)


def _spaced_out(listed: Iterable[str]) -> tuple[str, ...]:
    """What stands between two words."""
    return tuple(f" {phrase} " for phrase in listed)


@attrs.frozen(kw_only=True)
class Words:
    """One language's words around answers, in small letters.

    Args:
        answer: Nouns that mean the answer.
        final: Nouns that announce a final statement.
        verb_before: Words before `answer` that make it a verb, or another answer than the response's own.
        complement: Words that may stand between the noun and its copula: "the answer *to* the question is".
        copula: What links a subject and its value.
        verb: What leads to a value as a copula does, but is no sign of an answer: "gives", "costs".
        need: Words for what something takes, behind which a purpose may follow: "needs 9 to make 12".
        measure: Nouns whose "of" leads to their value: "a length of 5".
        condition: Openings of a clause that comes before the main one.
        filler: What may stand between copula and value.
        conclusion: Openings of a concluding sentence.
        choosing: Openings of a sentence that picks an option: "I'd go with B".
        therefore: Words with which a sentence turns to its conclusion.
        clause: Words that open a new clause, where a value has ended.
        rejected: What is said about an answer without being one: "is correct".
        circumstance: Words before a number that is not what the sentence is about: "after 3 days".
        conjunction: Words for "and" and "or".
        disjoining: Words that show that two values are not one answer: "no, wait".
        hedge: Words with which a guess is offered: "or maybe".
        modal: Verbs that lead from an answer to its value as a copula does, between spaces: " should be ".
        universal: Beginnings of a set in words: "all real".
        defining: Openings of a clause that says which members a set has.
        negation: Words that deny what follows.
        comparison: Words behind ", which is" that only compare the value before: "3 more than", "half of".
        relative: Words of `reason` that belong to the noun before them where no comma parts them.
        decimal: The signs of a decimal fraction, beside the point.
        listing: What opens a list of what was counted: "namely".
        determiner: Words before a noun, which tell it from a verb.
        definite: Those of them, and the like, before an amount that is known already: "towards the $44 bill".
        exclusive: Words by which a check leaves one value of several: "only $2$ works".
        plural: Words that stand for several things said before: "they are 3 and 5".
        label: Nouns that head an answer in words: "*Label*: spam".
        superlative: Words by which a sentence picks out its subject: "$23$ is the *largest* value of $x$".
        operation: Words that make another value of the one beside them: "*twice* 5", "$2$ *cubed*".
        operator: Words between two values of which they make one: "1 *divided by* 8".
        month: Their names, before the number of a day.
        article: Those of them that name a kind: "a", "an".
        demonstrative: Words that stand for what was said before: "this".
        describing: What leads from a kind to its details: "an ellipse *with* semi-axes 3 and 2".
        origin: Words before the first end of a range: "from 3 to 4".
        sign: Words for the sign of a number: "minus 3".
        hypothetical: Verbs of what is not the case: "for two weeks it *would* be 12".
        opinion: Verbs that hold another sentence: "I do not *think* that it is 5".
        bound: Words that make a number a bound: "at least".
        check: Openings of a check of the answer, which may have several sentences.
        reason: Openings of a clause behind the main one, whose values explain it: "because", "whose".
        approximately: Words for a rounded value.
        ratio: Nouns whose value has two sides: "the ratio is 3 to 4".
        versus: Words between them.
        number: Small numbers in words.
        verdict: What answers a question by itself: "yes".
        outcome: Words that end a sentence as its answer: "converges", "exist".
        denial: Words before an outcome that belong to it: "does not exist".
        absence: What a sentence may say there is none of: "no solution".
        none: Words for "no" or "infinitely many" before such a noun, or with a verb between.
        speaker: Words by which somebody speaks instead of answering: "I do not know".
        trailing: Words that close a sentence after its value.
        common: Frequent words by which the language is known.
        unit: Words that belong to a number as its unit; others after it are left out.
        afterthought: Openings of a sentence that comes after the conclusion.
        universal_openings: The first words of `universal`.
        filler_openings: The first words of `filler`.
        operating: The last words of `operation`, `operator` and `versus`: without one, no words calculate.
        leading: Words that may stand between a noun that announces an answer and the answer itself.
        explaining: All words that may open a clause which only explains what stands before it.
        concluding: `conclusion` and `therefore` together.
    """

    answer: frozenset[str] = attrs.field(converter=_words)
    final: frozenset[str] = attrs.field(converter=_words)
    verb_before: frozenset[str] = attrs.field(converter=_words)
    complement: frozenset[str] = attrs.field(converter=_words)
    copula: frozenset[str] = attrs.field(converter=_words)
    verb: frozenset[str] = attrs.field(converter=_words)
    need: frozenset[str] = attrs.field(converter=_words)
    measure: frozenset[str] = attrs.field(converter=_words)
    condition: frozenset[str] = attrs.field(converter=_words)
    filler: frozenset[str] = attrs.field(converter=_words)
    conclusion: tuple[str, ...] = attrs.field(converter=_openings)
    choosing: tuple[str, ...] = attrs.field(converter=_openings)
    therefore: frozenset[str] = attrs.field(converter=_words)
    clause: frozenset[str] = attrs.field(converter=_words)
    rejected: frozenset[str] = attrs.field(converter=_words)
    circumstance: frozenset[str] = attrs.field(converter=_words)
    conjunction: frozenset[str] = attrs.field(converter=_words)
    disjoining: frozenset[str] = attrs.field(converter=_words)
    hedge: frozenset[str] = attrs.field(converter=_words)
    modal: tuple[str, ...] = attrs.field(converter=_spaced_out)
    universal: frozenset[str] = attrs.field(converter=_words)
    defining: frozenset[str] = attrs.field(converter=_words)
    negation: frozenset[str] = attrs.field(converter=_words)
    comparison: frozenset[str] = attrs.field(converter=_words)
    relative: frozenset[str] = attrs.field(converter=_words)
    decimal: frozenset[str] = attrs.field(converter=_words)
    listing: frozenset[str] = attrs.field(converter=_words)
    determiner: frozenset[str] = attrs.field(converter=_words)
    definite: frozenset[str] = attrs.field(converter=_words)
    exclusive: frozenset[str] = attrs.field(converter=_words)
    plural: frozenset[str] = attrs.field(converter=_words)
    label: frozenset[str] = attrs.field(converter=_words)
    superlative: frozenset[str] = attrs.field(converter=_words)
    operation: frozenset[str] = attrs.field(converter=_words)
    operator: frozenset[str] = attrs.field(converter=_words)
    month: frozenset[str] = attrs.field(converter=_words)
    article: frozenset[str] = attrs.field(converter=_words)
    demonstrative: frozenset[str] = attrs.field(converter=_words)
    describing: frozenset[str] = attrs.field(converter=_words)
    opinion: frozenset[str] = attrs.field(converter=_words)
    sign: frozenset[str] = attrs.field(converter=_words)
    origin: frozenset[str] = attrs.field(converter=_words)
    hypothetical: frozenset[str] = attrs.field(converter=_words)
    bound: frozenset[str] = attrs.field(converter=_words)
    check: tuple[str, ...] = attrs.field(converter=_openings)
    reason: frozenset[str] = attrs.field(converter=_words)
    approximately: frozenset[str] = attrs.field(converter=_words)
    ratio: frozenset[str] = attrs.field(converter=_words)
    versus: frozenset[str] = attrs.field(converter=_words)
    number: frozenset[str] = attrs.field(converter=_words)
    verdict: frozenset[str] = attrs.field(converter=_words)
    outcome: frozenset[str] = attrs.field(converter=_words)
    denial: frozenset[str] = attrs.field(converter=_words)
    absence: frozenset[str] = attrs.field(converter=_words)
    none: frozenset[str] = attrs.field(converter=_words)
    speaker: frozenset[str] = attrs.field(converter=_words)
    trailing: frozenset[str] = attrs.field(converter=_words)
    common: frozenset[str] = attrs.field(converter=_words)
    unit: frozenset[str] = attrs.field(converter=_words)
    afterthought: tuple[str, ...] = attrs.field(converter=_openings)
    universal_openings: frozenset[str] = attrs.field(init=False)
    filler_openings: frozenset[str] = attrs.field(init=False)
    operating: frozenset[str] = attrs.field(init=False)
    leading: frozenset[str] = attrs.field(init=False)
    explaining: frozenset[str] = attrs.field(init=False)
    concluding: tuple[str, ...] = attrs.field(init=False)

    @universal_openings.default
    def _universal_openings(self) -> frozenset[str]:
        return frozenset(phrase.split()[0] for phrase in self.universal)

    @filler_openings.default
    def _filler_openings(self) -> frozenset[str]:
        return frozenset(phrase.split()[0] for phrase in self.filler)

    @operating.default
    def _operating(self) -> frozenset[str]:
        return frozenset(phrase.split()[-1] for phrase in self.operation | self.operator | self.versus)

    @leading.default
    def _leading(self) -> frozenset[str]:
        return self.copula | self.complement | {phrase.split()[0] for phrase in self.modal}

    @explaining.default
    def _explaining(self) -> frozenset[str]:
        return self.reason | self.clause | self.listing | self.number | {"one", "i.e."}

    @concluding.default
    def _concluding_openings(self) -> tuple[str, ...]:
        return (*self.conclusion, *sorted(self.therefore))


@functools.cache
def languages() -> dict[str, Words]:
    """All languages by code, English first; a language may have no words of a kind."""
    raw: dict[str, dict[str, list[str]]] = json.loads(
        resources.files(__package__).joinpath("phrases.json").read_text(encoding="utf-8")
    )
    none: dict[str, list[str]] = {field.name: [] for field in attrs.fields(Words) if field.init}
    return {code: Words(**(none | lists)) for code, lists in raw.items()}


@functools.cache
def in_any_language(name: str) -> frozenset[str]:
    """The words of one kind in all languages together."""
    lists: list[frozenset[str]] = [getattr(words, name) for words in languages().values()]
    return frozenset().union(*lists)


@functools.cache
def nouns() -> dict[str, Words]:
    """Every noun that announces an answer, with its language."""
    return {noun: words for words in languages().values() for noun in sorted(words.answer | words.final)}


@functools.cache
def nouns_by_beginning() -> dict[str, list[str]]:
    """The nouns by the shortest one of their language that they begin with: "answer" is found by "ans"."""
    known = nouns()
    groups: dict[str, list[str]] = {}
    beginning = next(iter(known))
    for noun, words in known.items():  # in the order of the alphabet: longer ones follow
        if not (noun.startswith(beginning) and words is known[beginning]):
            beginning = noun
        groups.setdefault(beginning, []).append(noun)
    return groups


@functools.cache
def beginnings_by_sign(letters: str) -> dict[str, tuple[str, ...]]:
    """What nouns begin with by a part that several have in common: a text without the part has none of them.

    Args:
        letters: The kinds of letters in the text, as `kinds_of_letters` gives them: no other nouns are in it.
            Or "english", for the nouns of this language alone.
    """
    groups: dict[str, list[str]] = {}
    for noun in nouns_by_beginning():
        if letters == "english":
            is_held = noun in languages()["en"].answer | languages()["en"].final
        else:
            is_held = letters in {"all", kinds_of_letters(noun)} or noun.isascii()
        if is_held:
            sign = next((sign for sign in _COMMON_PARTS if sign in noun), noun)
            groups.setdefault(sign, []).append(noun)
    return {sign: tuple(group) for sign, group in groups.items()}


def kinds_of_letters(text: str) -> str:
    """The kinds of letters in a text: "ascii", "latin" with accents or signs of mathematics, or "all"."""
    if text.isascii():
        return "ascii"
    return "all" if _ANY_SCRIPT.search(text) else "latin"


def lowered(text: str) -> str:
    """The text with small letters in its end, of the same length, which a few capitals would change."""
    if len(text) > WINDOW:
        return text[:-WINDOW] + lowered(text[-WINDOW:])
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def words_of(text: str) -> Words:
    """The words of the language that a text is written in; English where none stands out."""
    known = languages()
    if not text.isascii() and _ANY_SCRIPT.search(text):
        for script, code in _SCRIPTS:
            if script.search(text):
                return known[code]
    if " the " in text:  # no other language has the word, and most responses do
        return known["en"]
    seen = in_any_language("common").intersection(text.lower().split())
    if known["en"].common >= seen:
        return known["en"]
    return max(_spaced(), key=lambda words: len(seen & words.common))


@functools.cache
def _spaced() -> tuple[Words, ...]:
    """The languages that are told apart by their frequent words, English first."""
    return tuple(words for words in languages().values() if words.common)


_ANY_SCRIPT = re.compile("[\u0400-\u097f\u3040-\ud7af]")  # none of the signs of mathematics
# Japanese before Chinese, which share characters but not kana.
_SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7af]"), "ko"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0400-\u04ff]"), "ru"),
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0900-\u097f]"), "hi"),
)
