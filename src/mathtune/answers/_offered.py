"""Which of the words that a problem offers (options, labels, names) a response settles on.

For questions that are answered by words: "positive, negative or neutral", "A. bat B. penguin", "Ann or Ben".
The last sentence that affirms any of them decides, if it affirms one; what it only compares with, concedes
or denies ("than Ann", "although Ann led", "not the cup", "Ann lost") does not count, and its subject comes
before all else ("Ann is taller than ..."). A comparison by the opposite word says it of the other. Where it
denies all but one, that one is left. An option's letter alone on the first line is the choice that the rest
explains; lines that take the options in turn choose the one that they do not deny.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from ._answer import Answer, How
from ._offers import offer_of
from ._questions import SENTENCE_END, content_of, stems_of
from ._sentences import QUESTION_MARKS, sentences_of
from ._turns import CONCLUDING

if TYPE_CHECKING:
    from ._offers import Offer

__all__ = ["Word", "affirmed", "settled_on"]

# Words settle a question in the last lines.
WINDOW = 600
MAX_SENTENCES = 3
# An option on the first line: its letter, and its text.
_FIRST = re.compile(
    r"\s{0,4}\*{0,2}\(?([A-H])(?:[).:]{1,2}\*{0,2}[ \t]{0,4}([^\n]{0,200})|\*{0,2}[ \t]{0,4})(?=\n)"
)
_ENUMERATOR = re.compile(r"[A-H][.):] {1,4}[^\s*]")  # a letter before the option that it names
_NEXT = re.compile(r"\s{0,4}\*{0,2}\(?[A-H][).:]")  # of options that a response repeats
# A line about an option, the last clause of it, what denies, and a question for what is denied.
_LINE = re.compile(r"^[ \t*-]{0,6}\(?(?:Option )?([A-H])[).:]\*{0,2}[ \t]{1,4}([^\n]{3,300})$", re.MULTILINE)
_CLAUSE = re.compile(r"(?<=[a-z\d)]), |; |[.!] ")
_NO = re.compile(
    r"\b(?:not|no|never|cannot|false|incorrect|wrong|fails?)\b|n['\u2019]t\b|[\u2717\u2718\u274c]"
)
_ASKS_DENIED = re.compile(
    r"\b(?:not|NOT|EXCEPT|except|false|incorrect|wrong)\b|\u9519\u8bef|\u4e0d(?:\u6b63\u786e|\u7b26\u5408|\u6210\u7acb)"
)
# Options judged one by one in Chinese: what is said right behind the letter, right or wrong.
_JUDGED = re.compile(
    r"([A-H])(?:\u9009\u9879|\u9879)?(?:\u662f|\u8bf4\u6cd5)?(?:(\u6b63\u786e|\u7b26\u5408\u9898\u610f)"
    r"|\u9519\u8bef|\u4e0d(?:\u6b63\u786e|\u7b26\u5408))"
)
_LETTER = re.compile(
    r"(?:\b(?:[Oo]ptions?|[Cc]hoices?|[Aa]nswer|with|say|pick|choose|select|must be|is|are|so|leaves)\s+|\A"
    r"|\u9009\u62e9?\s*)\(?([A-H])\)?"
    r"(?!(?<=A)\s(?!is\b|was\b|must\b|and\b|or\b)[a-z])"  # no article
    r"(?![\w'.]|\s(?:is|was|has) (?:an?|not|wrong|false|incorrect)\b)(?=[,.)*\s\u3002\uff0c\u3001]|\Z)"
)
_ANY_LETTER = re.compile(r"(?<![\w'])\(?([A-H])\)?(?![\w'])")
_ARTICLE = r"(?:the |an? |option |as )?[\"'(]?\Z"
_COMPARED = re.compile(
    r"(?:\b(?:nothing|hardly|barely|far from|without|than|rather than|instead of|against|unlike|over"
    rf"|excluding|including|that of)\s|\bwrong: ){_ARTICLE}"
)
_DENIED = re.compile(rf"(?:\b(?:[Nn]ot|no|nor|never|neither|cannot be)|n['\u2019]t(?: be)?)\s{_ARTICLE}")
# Of "not A or B" what stands before B, behind A.
_COORDINATED = re.compile(r"\)?(?:,? (?:or|nor)|,) (?:option )?\(?")
# Between a word and what is said of it: other words beside it, and remarks.
_BESIDE = re.compile(
    r"\([^()]{0,60}\)|[\s,()\"'*]|\b(?:options?|choices?|and|or|nor|the|[A-H]|both|all|clearly|team|also)\b"
)
_REFUTED = re.compile(
    r"(?:(?:is|are|was|were|do|does|did|can|could|will|would)(?:n['\u2019]t| not| never)\b|cannot\b"
    r"|(?:lost|loses?|fails?|failed)\b"
    r"|(?:is|are|was|were|gets?|got|(?:has|have|can|must) be(?:en)?) (?:\w+ly )?"
    r"(?:wrong|incorrect|false|invalid|out|ruled out|excluded|eliminated|refuted|rejected|beaten|defeated"
    r"|outscored|outperformed|too|reserved)\b)"
)
_CHOSEN = re.compile(
    r"\)?,? (?:is|must be|would be) (?:the |therefore |thus )?(?:correct|right|best|answer)\b"
)
_CONCEDED = re.compile(r"\b(?:although|though|even if|despite|while|whereas|unlike)\b[^,;]*", re.IGNORECASE)
_TURN = re.compile(r"\bbut (?!not\b)|\bhowever,? ")
# A word of truth about another sentence.
_ABOUT_ANOTHER = re.compile(r" that\b")
_RESULT = re.compile(rf"(?:\A|, |; )(?:and )?(?:{CONCLUDING}|which (?:is|puts|makes))\b", re.IGNORECASE)
_REASON = re.compile(r"\b(?:because|since)\b")
_SUBJECT = re.compile(rf"(?:(?:{CONCLUDING}|clearly|since|overall)\b,? ?)?(?:the |an? )?\Z", re.IGNORECASE)
_VERB = re.compile(r" (?:is|was|are|were|has|had|came|comes|won|did|will)\b")
# Behind a name any verb.
_ACTS = re.compile(r" (?!ties\b|tied\b)[a-z]{2,}(?:s|ed)\b")
_THAN = re.compile(rf"\bthan {_ARTICLE}")
_OPPOSITES = (
    ("more", "less"), ("more", "fewer"), ("larger", "smaller"), ("older", "younger"),
    ("longer", "shorter"), ("taller", "shorter"), ("higher", "lower"), ("faster", "slower"),
    ("heavier", "lighter"), ("earlier", "later"), ("closer", "farther"), ("better", "worse"),
)  # fmt: skip
_NAME = re.compile(r"\b[A-Z][a-z]+\b")
# Where options begin, words that only ask for one, and what may stand before an option that is told of.
_OPTIONS = re.compile(r"(?:\A|\s)\(?A[.):]")
_ASKING = frozenset(
    ["question", "which", "what", "who", "following", "these", "one", "answer", "correct", "choose", "best"]
)
_KIND = re.compile(r"\bwhich (?:of \w+ (?:following )?)?\w+", re.IGNORECASE)
_HEADING = re.compile(r"\s*(?:Answer )?(?:[Cc]hoices|[Oo]ptions):?\Z")
_SUBJECT_ALONE = re.compile(r"\s*(?:[Tt]he |[Aa]n? )?")
# All that stands between words of which a guess takes none.
_EITHER = re.compile(
    r"(?:[\s,/()*.]|\b(?:or|and|it|may|might|can|could|be|maybe|perhaps|possibly|either|else|the|an?|option|is)\b)*"
)


class Word(NamedTuple):
    """A word of an offer, and where it stands in a sentence."""

    place: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.place + len(self.text)


def settled_on(response: str, problem: str) -> Answer | None:
    """The one of the problem's words that the response settles on, if it offers any; or those it guesses.

    >>> asked = "Is the review positive, negative or neutral?"
    >>> settled_on("It praises all, and so it expresses a positive sentiment.", asked).text
    'positive'
    """
    offer = offer_of(problem)
    if offer is None:
        return None
    first = _first_line(response, problem) if offer.letters else None
    if first is not None:
        return first
    begin = max(0, len(response) - WINDOW)
    alone = _option_alone(response[begin:], offer.letters, problem) if offer.letters else None
    alone = alone or (offer.letters and _judged_alone(response[begin:], offer.letters, problem)) or None
    if alone is not None:
        return Answer(alone[1], (begin + alone.start(1), begin + alone.end(1)), How.CONCLUSION)
    spans = sentences_of(response, begin, len(response))
    for place, (start, end) in enumerate(reversed(spans[-MAX_SENTENCES:])):
        passed = response.startswith(QUESTION_MARKS, end) or (response[start] == "(" and start > begin)
        passed = passed or _ENUMERATOR.match(response, start) is not None
        found = [] if passed else _said(response[start:end], offer, problem)
        if found:
            read = spans[: len(spans) - place]
            restated = _restated(response, read, offer, problem) if offer.letters else None
            return restated or _settled(response, start, found, problem)
    return None


def _restated(response: str, spans: list[tuple[int, int]], offer: Offer, problem: str) -> Answer | None:
    """The option of an earlier sentence in the question's words, where a later one tells what others are.

    "The unit of force is the newton. The joule is the unit of energy": the subject of a sentence that
    concludes nothing and lacks a word of the question is only told of.
    """
    start, end = spans[-1]
    told = _words_in(response[start:end], offer.words)
    asked = content_of(_asking(problem)) - _ASKING
    subject = told and _SUBJECT_ALONE.fullmatch(response, start, start + told[0].place)
    if not (subject and asked) or asked <= content_of(response[start:end]):
        return None
    for first, last in reversed(spans[:-1]):
        if asked <= content_of(response[first:last]) and not response.startswith(QUESTION_MARKS, last):
            said = affirmed(response[first:last], _words_in(response[first:last], offer.words), problem)
            return _settled(response, first, said, problem) if said else None
    return None


def _asking(problem: str) -> str:
    """The sentence of a problem that its options follow."""
    before = _HEADING.sub("", _OPTIONS.split(problem, maxsplit=1)[0].strip())
    return _KIND.sub("", SENTENCE_END.split(before)[-1])


def _first_line(response: str, problem: str) -> Answer | None:
    """The letter alone, or with its option's text, on the first of several lines."""
    first = _FIRST.match(response)
    if (
        first is None
        or (first[2] and first[2].strip(" .*") not in problem)
        or _NEXT.match(response, first.end())
    ):
        return None
    return Answer(first[1], first.span(1), How.CONCLUSION)


def _option_alone(text: str, letters: str, problem: str) -> re.Match[str] | None:
    """The one option that is affirmed, or denied if that is asked for, where lines take all in turn."""
    lines = list(_LINE.finditer(text))[-len(letters) :]
    if "".join(line[1] for line in lines) != letters or text[lines[-1].end() :].strip():
        return None
    asked = _ASKS_DENIED.search(problem) is not None
    found = [line for line in lines if (_NO.search(_CLAUSE.split(line[2])[-1]) is not None) is asked]
    return found[0] if len(found) == 1 else None


def _judged_alone(text: str, letters: str, problem: str) -> re.Match[str] | None:
    """The one option that is right, or wrong if that is asked for, where each is judged in Chinese."""
    if text.isascii():
        return None
    judged = {one[1]: one for one in _JUDGED.finditer(text)}
    wanted = _ASKS_DENIED.search(problem) is None
    found = [one for one in judged.values() if (one[2] is not None) is wanted]
    return found[0] if set(letters) == judged.keys() and len(found) == 1 else None


def _of_its_clause(response: str, start: int, found: list[Word], problem: str) -> list[Word]:
    """The word of the one clause that is about what is asked for, if the others are not.

    "Ann is now the keeper, and Bob is now the striker" answers what Bob is by the second.
    """
    places = [start + word.place for word in found]
    clauses = [
        frozenset(_NAME.findall(response[before:place]))
        for before, place in itertools.pairwise([start, *places])
    ]
    names = frozenset(_NAME.findall(problem))
    own = [names & words.difference(*(other for other in clauses if other is not words)) for words in clauses]
    asked = frozenset(_NAME.findall(_asking(problem)))
    hits = [word for word, name in zip(found, own, strict=True) if name & asked]
    return hits if all(own) and len(hits) == 1 else []


def _settled(response: str, start: int, found: list[Word], problem: str) -> Answer | None:
    """The word of a sentence that affirms one; all of them where they are only listed."""
    texts = list({word.text.lower(): word.text for word in found}.values())
    if len(texts) > 1:
        apart = _of_its_clause(response, start, found, problem)
        found, texts = (apart, [apart[0].text]) if apart else (found, texts)
    span = start + found[0].place, start + found[-1].end
    between = (response[start + one.end : start + other.place] for one, other in itertools.pairwise(found))
    if len(texts) > 1 and not all(map(_EITHER.fullmatch, between)):
        return None
    return Answer(", ".join(texts), span, How.CONCLUSION)


def _said(sentence: str, offer: Offer, problem: str) -> list[Word]:
    """The words of an offer that a sentence affirms, or the one that it leaves."""
    found, every = _words_in(sentence, offer.words), offer.words
    if offer.letters and (marks := list(_LETTER.finditer(sentence))):
        named = {mark.start(1): mark[1] for mark in (*marks, *_ANY_LETTER.finditer(sentence))}
        found, every = [Word(*one) for one in sorted(named.items())], tuple(offer.letters)
    return affirmed(sentence, found, problem) or _left(_denied(sentence, found), every, found)


def affirmed(sentence: str, found: list[Word], problem: str) -> list[Word]:
    """The words that a sentence affirms; its subject, or its conclusion, first.

    >>> affirmed("Bob is slower than Ann.", [Word(0, "Bob"), Word(19, "Ann")], "Who is faster?")
    [Word(place=19, text='Ann')]
    """
    chosen = [one for one in found if _CHOSEN.match(sentence, one.end)]
    if len(chosen) == 1:
        return chosen
    if " than " in sentence and _is_opposite(sentence, problem):
        return [one for one in found if _THAN.search(sentence, 0, one.place)]
    denied = _denied(sentence, found)
    said = [one for one in found if one not in denied and not _is_aside(sentence, one)]
    reason = _REASON.search(sentence, said[0].place) if said else None
    said = [one for one in said if reason is None or one.place < reason.start()]
    return _concluded(sentence, said) if said else []


def _is_opposite(sentence: str, problem: str) -> bool:
    """Whether a sentence compares by the opposite of what is asked for: "slower" of who is faster."""
    said, asked = frozenset(stems_of(sentence)), frozenset(stems_of(problem))
    pairs = (*_OPPOSITES, *(pair[::-1] for pair in _OPPOSITES))
    return any(
        one in said and one not in asked and other in asked and other not in said for one, other in pairs
    )


def _denied(sentence: str, found: list[Word]) -> list[Word]:
    """Those that a sentence denies: "not A or B", "A is wrong", "A and B don't match"."""
    denied: list[Word] = []
    for one in found:
        before = denied[-1].end if denied else one.end
        coordinated = _COORDINATED.fullmatch(sentence, before, one.place)
        if coordinated or _DENIED.search(sentence, 0, one.place) or _is_refuted(sentence, one, found):
            denied.append(one)
    return denied


def _is_refuted(sentence: str, one: Word, found: list[Word]) -> bool:
    """Whether a verb behind a word, and behind others beside it, denies it."""
    position, ends = one.end, {other.place: other.end for other in found}
    while position < len(sentence):
        beside = _BESIDE.match(sentence, position)
        after = beside.end() if beside else ends.get(position, position)
        if after == position:
            break
        position = after
    return _REFUTED.match(sentence, position) is not None


def _is_aside(sentence: str, one: Word) -> bool:
    """Whether a word is only compared with, conceded, or said of another sentence."""
    conceded = any(mark.start() <= one.place < mark.end() for mark in _CONCEDED.finditer(sentence))
    about = one.text.lower() in {"true", "false"} and _ABOUT_ANOTHER.match(sentence, one.end)
    return conceded or bool(about) or _COMPARED.search(sentence, 0, one.place) is not None


def _left(denied: list[Word], every: tuple[str, ...], found: list[Word]) -> list[Word]:
    """The one word of an offer that a sentence does not deny, where it denies all others."""
    refused = {one.text.lower() for one in denied}
    left = [word for word in every if word.lower() not in refused]
    plain = not any(word.lower().startswith("not ") for word in every)
    return (
        [Word(found[-1].place, left[0])]
        if plain and len(left) == 1 and len(refused) == len(every) - 1
        else []
    )


def _concluded(sentence: str, affirmed: list[Word]) -> list[Word]:
    """Those behind the last "so" or "but"; the subject alone, where a verb follows it."""
    turns = [mark.end() for sign in (_RESULT, _TURN) for mark in sign.finditer(sentence)]
    last = max((turn for turn in turns if turn <= affirmed[-1].place), default=0)
    concluded = [one for one in affirmed if one.place >= last]
    for one in concluded:
        subject = _SUBJECT.fullmatch(sentence[last : one.place].lstrip(" ,"))
        acts = one.text[:1].isupper() and _ACTS.match(sentence, one.end)
        if subject and (acts or _VERB.match(sentence, one.end)):
            return [one]
    return concluded


def _words_in(sentence: str, words: tuple[str, ...]) -> list[Word]:
    """Where words of an offer stand, the longer before the shorter that they hold, without articles."""
    found: list[Word] = []
    lower = sentence.lower()
    for word in sorted(words, key=len, reverse=True):
        bare = re.sub(r"\A(?:the|an?) ", "", word.lower())
        edges = ("(?<![\\w-])", "s?(?![\\w-])") if bare.isascii() else ("", "")  # Chinese sets no spaces
        for mark in re.finditer(re.escape(bare).join(edges), lower):
            if not any(one.place <= mark.start() < one.end for one in found):
                found.append(Word(mark.start(), sentence[mark.start() : mark.end()]))
    return sorted(found)
