"""Which of the values in a closing sentence the problem asks for: "5 people would buy it at 60 dollars".

The words of the question decide only where they tell exactly one value of the sentence: the number beside
the noun of "how many", the value behind the "by" of "by what number", the one under the name of "what is
the". Else the answer stays as the response alone gives it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._answer import Answer, How
from ._answer_first import answer_before_bullets
from ._digressions import hits_of, is_about_else, is_in_answer, only_restates
from ._extract import extract_answer
from ._extremes import extreme_asked
from ._letters import at_letter, is_of, of_letter
from ._namings import namings
from ._number_words import said_in_word
from ._parts_of_all import part_said
from ._questions import COMPARING, PLURAL, question_of, stems_of
from ._told_apart import IN_TWO_UNITS, RESULT, either, named_together, told_apart

if TYPE_CHECKING:
    from ._questions import Question

__all__ = ["asked_for", "unasked"]

# Sentences that say again what is given, behind an answer.
MAX_RESTATED = 3
# Longer than a sentence that answers.
MAX_SENTENCE = 600
# Where a sentence ends, or takes back what it said: "17 is 92... no wait, 102".
_BOUNDARY = re.compile(
    r"\n|[.?!][$)]{0,2}(?=\s)|\b(?:no,? wait|wait,? no|oh wait|scratch that|or rather|i mean)\b",
    re.IGNORECASE,
)
# A number that is no part of a formula, and the words behind it, over the end of its formula.
_NUMBER = re.compile(
    r"""(?<![\w.,/{^\\!+*-])(?<![-+*/^]\ )
    (-?\d[\d,]*(?:\.\d+)?|\b(?:no|zero|two|three|four|five|six|seven|eight|nine|ten)\b)
    (?![\w%]|\\[%!]|[.,]\d|\s?[-+*/=^])
    (?:\$|\\\))?\)?\s{1,4}(?=((?:\$?[A-Za-z]\$?-)?[A-Za-z][\w'-]*(?:\s[A-Za-z][\w'-]*){0,4}))""",
    re.VERBOSE | re.IGNORECASE,
)
# What parts a number from a later noun.
_PARTING = frozenset(
    ["a", "an", "the", "to", "that", "of", "in", "and", "or", "at", "for", "is", "are", "than", "per"]
)
_PARTITIVE = re.compile(
    r"(?:out )?of (?:the|these|those|his|her|their|its|all|our)(?: [a-z]+ing| first| last)? ", re.IGNORECASE
)
# Before a number of all there are, not of those asked for.
_OF_ALL = re.compile(
    r"\b(?:(?<!total )of|the first|the last|among|from)"
    r"(?: (?:the|these|those|his|her|their|its|all|our))?\s\$?\Z"
)
_AMOUNT = r"(?:(?:a|the) [a-z]{1,20} of )?(\$[^$]{1,40}\$|\$?-?\d(?:[\d,.]*\d)?)"
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_ASIDE = re.compile(r"[A-Za-z] \([^()]*\Z")
_CLOSED = re.compile(r"[\d,.]*\$?\)")
_VALUES = {
    "by": re.compile(rf"\bby {_AMOUNT}", re.IGNORECASE),
    "at": re.compile(rf"\bat {_AMOUNT}", re.IGNORECASE),
    "year": re.compile(r"\b([12]\d{3})\b"),
    "date": re.compile(rf"\b(\d{{1,2}} {_MONTH}(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?)\b"),
}
# How many there are, as a last clause of words says: "so there's only one such n".
_EXISTING = re.compile(
    r"\bthere(?:['\u2019]s| is| are) (?:only |just |exactly |precisely )?"
    r"(no|zero|one|two|three|four|five|six|seven|eight|nine|ten)((?: \$?[A-Za-z-]+\$?){0,4})\Z",
    re.IGNORECASE,
)
# A count behind the list of what was counted: "the roots are -1, 0 and 1, three in all".
_IN_ALL = re.compile(
    r", (\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten) (?:in all|altogether|in total)\Z",
    re.IGNORECASE,
)
_SUCH = re.compile(r"(?: such(?: [^ ]+)?)?\Z")
# What may stand between a number and the word or sign that states it.
_BETWEEN = r"[\s$\\(]{0,4}(?:<<[^<>]{0,40}>>)?\Z"
_LED = re.compile(r"(?:=|\u2248|\b(?:is|are|was|equals|be)\b)" + _BETWEEN)
# Between two amounts of one rank.
_AND_AMOUNT = re.compile(r"s, \d| and (?:[A-Za-z ]{1,40} )?\$?\d")
_RESULTING = re.compile("=" + _BETWEEN)
MAX_LEAD = 60
# What shows that a number counts or measures something else than was asked for: behind it, in it, before it.
_OF_OTHERS = re.compile(r"\$?\s?(?:%|\\%|-[a-z]|[A-Za-z]{2,}[^s\W]s\b)|^\\?\$")
_WITH_UNIT = re.compile(r"[A-Za-z]+\Z|%|^\\?\$")
_LISTS = re.compile(r"\s{0,4}(?:They|These|Those) are\b")
# The number that the sentence before "They are 1, 2 and 4" comes to.
_COUNTED = re.compile(r"(?:=|\b(?:is|are)) ?[\s$\\(]{0,4}(\d{1,9})[$)\\]{0,3}\.\s{0,4}\Z")
_APART = re.compile(
    r"\b(?:in|of|than|after|with|from|by|for|to|at|costs?|the|an?) (?:[a-z]{1,20} )?[\s$\\(]{0,4}\Z"
)
_SINGLE = re.compile(
    r"""[\s$\\(]{0,4}(?:[A-Za-z]\ ?=\ ?)?-?
    (?:\d(?:[\d,.]|\\!)*(?:/\d+|\^\{?\\circ\}?|\\pi)?|\\[dt]?frac\{-?\d{1,9}\}\{\d{1,9}\})
    [\s$\\)]{0,4}(?:;?\\?(?:text|mbox|mathrm)\{[A-Za-z .]*\}|[A-Za-z ./%]*)""",
    re.VERBOSE,
)
# A relation, several words, or no figure at all.
_NO_VALUE = re.compile(r"=| and |(?:\A\D*|[A-Za-z]{3,} )[A-Za-z]{3,} [A-Za-z]{3,}|\d [a-z]+ /|\A\D+\Z")
_RELATION = re.compile(r"[=<>]|\\[lg]e|, | and |\\text\{ or \}")
# Behind a number: "36 apples more than Ann", "20 fewer girls than boys".
_ASKS_COMPARED = re.compile(r"\b(?:more|fewer|less|increase|decrease|difference|change)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\$? (?:[a-z]{2,15} )?(?:more|fewer|less)\b[^.;\n]{0,60}\bthan\b")
_PRONOUNS = frozenset(["it", "this", "that", "which", "It", "This"])
_LINKED = re.compile(r"\b(?:is|are|was|were)\b")


def asked_for(response: str, answer: Answer | None, problem: str) -> Answer | None:
    """The value of the closing sentence that the problem asks for; the answer as it is where that is open.

    Args:
        response: What a model said.
        answer: What was extracted from it without the problem.
        problem: The problem's text.

    >>> taken = Answer("60 dollars", (34, 44), How.LAST_NUMBER)
    >>> asked_for("So 5 people would buy the lamp at 60 dollars.", taken, "How many people buy it?").text
    '5'
    """
    last = len(response.rstrip(" .\n"))
    word = said_in_word(response, last, problem)
    if word is not None:
        return word
    first = answer_before_bullets(response, problem) if "\n- " in response or "\n* " in response else None
    if first is not None:
        return first
    start, end = _sentence(response, answer.span if answer else (last, last))
    earlier = _asked_before(response, start, end, problem) if answer is not None and end >= last else None
    picked = earlier or _picked(response, start, end, answer, problem)
    return None if picked and _compares(response, picked, problem) else picked


def _compares(response: str, answer: Answer, problem: str) -> bool:
    """Whether a number only says how many more or fewer there are, where the problem asks how many."""
    if _COMPARED.match(response, answer.span[1]) is None:
        return False
    question = question_of(problem)
    counts = question is not None and question.kind == "count"
    return counts and _ASKS_COMPARED.search(problem) is None


def _picked(response: str, start: int, end: int, answer: Answer | None, problem: str) -> Answer | None:
    """The value in a sentence that the question picks, or the answer as it is."""
    if answer is not None and " or " in response[start:end]:
        answer = either(response, start, end, answer)
    told = told_apart(response, start, end, answer, problem)
    if told is None and answer is not None and "=" in response[start:end]:
        told = extreme_asked(response, start, end, answer, problem)
    if told is None and " of " in response[start:end]:
        told = part_said(response, start, end, problem)
    question = question_of(problem)
    if told is not None or question is None:
        return told or answer
    if question.kind in ("letter", "named"):
        return answer and _named(response, start, end, question, answer)
    if question.kind in ("year", "date"):
        return _dated(response, start, end, question, answer)
    if question.kind == "count":
        found = _counted(response, start, end, question, answer)
    else:
        found = _behind(response, start, end, _VALUES[question.word])
    alone = len({one.text for one in found}) == 1
    return found[-1] if alone and not (answer and _stands(response, answer, found, question)) else answer


def _asked_before(response: str, start: int, end: int, problem: str) -> Answer | None:
    """The value in the sentence before one that is about something else and does not go on with it.

    Or before some that only say again what the problem gives, if it has more of the words asked for.
    """
    text, sentence = response[:start].rstrip(), response[start:end]
    restated = not is_about_else(sentence, problem)
    if restated:
        if not only_restates(sentence, problem):
            return None
        text = _before_restated(text, problem)
    taken = extract_answer(text)
    answer = taken and _picked(text, *_sentence(text, taken.span), taken, problem)
    if answer is None or not _is_single(answer) or answer.text.strip("$ .") in response[start:end]:
        return None
    before, question = _sentence(text, answer.span), question_of(problem)
    if before[1] < len(text.rstrip(" .$)")) or not is_in_answer(text, before, answer.span, problem):
        return None
    if restated and (
        only_restates(answer.text, problem)
        or hits_of(text[slice(*before)], problem) <= hits_of(sentence, problem)
    ):
        return None
    counts = question and question.kind == "count" and _numbers(text, *before, question, None)
    concluded = counts or answer.how is How.CONCLUSION or RESULT.search(text, before[0], answer.span[0])
    return answer if concluded else None


def _before_restated(text: str, problem: str) -> str:
    """A text without its last sentences that only say again what the problem gives."""
    for _ in range(MAX_RESTATED):
        last = len(text.rstrip(" .\n"))
        start, end = _sentence(text, (last, last))
        if not only_restates(text[start:end], problem):
            break
        text = text[:start].rstrip()
    return text


def unasked(response: str, answer: Answer) -> Answer:
    """An answer to an unknown problem: all amounts of its sentence, where none is singled out."""
    start, end = answer.span
    begin = max(0, start - MAX_SENTENCE)
    line = response[response.rfind("\n", begin, start) + 1 or begin : end + MAX_SENTENCE]
    if " or " not in line and not (answer.text[:1] in "$0123456789" and _AND_AMOUNT.search(line)):
        return answer
    return named_together(response, *_sentence(response, answer.span), answer)


def _counted(text: str, start: int, end: int, question: Question, answer: Answer | None) -> list[Answer]:
    """The numbers beside the noun: in the sentence; or in a later one, or one before what lists things.

    As in "It is 25 > 0. So there are two roots." and "There are 5. They are ...".
    """
    last = len(text.rstrip(" .\n"))
    existing = _EXISTING.search(text, max(0, last - MAX_LEAD), last)
    if existing and (_SUCH.match(existing[2]) or question.word in stems_of(existing[2])):
        return [Answer(_number_said(existing[1]), existing.span(1), How.CONCLUSION)]
    in_all = _IN_ALL.search(text, max(0, last - MAX_LEAD), last)
    found = [Answer(in_all[1], in_all.span(1), How.CONCLUSION)] if in_all else []
    found = found or _numbers(text, start, end, question, answer)
    if found or answer is None or text[:end].strip(" \n*") == answer.text:  # alone on the first line
        return found
    later = _numbers(text, *_sentence(text, (last, last)), question, None) if end < last else []
    if later or not _holds_more(answer):
        return later[-1:]
    before = max(0, start - 2)
    listed = _LISTS.match(text, start) is not None
    counted = _COUNTED.search(text, max(0, start - MAX_SENTENCE), start) if listed else None
    return _numbers(text, *_sentence(text, (before, before)), question, None) or (
        [Answer(counted[1], counted.span(1), How.CONCLUSION)] if counted else []
    )


def _sentence(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The sentence around a span."""
    begin = max(0, span[0] - MAX_SENTENCE)
    start = max((mark.end() for mark in _BOUNDARY.finditer(text, begin, span[0])), default=begin)
    stop = _BOUNDARY.search(text, span[1], span[1] + MAX_SENTENCE)
    return start, stop.start() if stop else min(len(text), span[1] + MAX_SENTENCE)


def _numbers(text: str, start: int, end: int, question: Question, answer: Answer | None) -> list[Answer]:
    """The numbers beside the noun: those of a part of all, else those of the result, else all."""
    numbers = list(_NUMBER.finditer(text, start, end))
    found = [one for one in numbers if _is_part(text[one.end() : end], question.word)]
    apart = [one for one in numbers if not _OF_ALL.search(text, start, one.start(1))]
    apart = [one for one in apart if not _is_aside(text, start, one)]
    found = found or [one for one in apart if _counts(one, question)]
    if not found and answer is not None and _holds_more(answer):
        found = [one for one in apart if _counts(one, None)]
    results = [mark.end() for mark in RESULT.finditer(text, start, end)]
    later = [one for one in found if results and one.start(1) > results[-1]]
    return [Answer(_number_said(one[1]), one.span(1), How.CONCLUSION) for one in later or found]


def _number_said(word: str) -> str:
    """What "no" before a noun says how many there are of it."""
    return "none" if word.lower() == "no" else word


def _is_aside(text: str, start: int, number: re.Match[str]) -> bool:
    """Whether a number stands in a bracket with others or with words: "30 hours (3 hours on 10 days)"."""
    place = number.start(1)
    return _ASIDE.search(text, start, place) is not None and not _CLOSED.match(text, place)


def _is_part(behind: str, noun: str) -> bool:
    """Whether "of the 12 slips" follows a number."""
    return _PARTITIVE.match(behind) is not None and noun in behind.lower()


def _counts(number: re.Match[str], question: Question | None) -> bool:
    """Whether the noun of the question, or any plural, follows a number over adjectives, and no rate."""
    words = number[2].lower().split()
    if question is not None and question.compares != (words[0] in COMPARING):
        return False
    for index, word in enumerate(words[:4]):
        noun = word.rpartition("-")[2]
        if noun in _PARTING:
            return False
        if PLURAL.fullmatch(noun) if question is None else noun in _forms(question.word):
            return words[index + 1 : index + 2] not in (["a"], ["an"], ["per"], ["each"], ["every"])
    return False


def _forms(noun: str) -> tuple[str, str, str]:
    return noun, noun + "s", noun + "es"


def _behind(text: str, start: int, end: int, value: re.Pattern[str]) -> list[Answer]:
    """The values behind "by" or "at", and all years or dates."""
    return [
        Answer(one[1].strip("$"), one.span(1), How.CONCLUSION) for one in value.finditer(text, start, end)
    ]


def _dated(text: str, start: int, end: int, question: Question, answer: Answer | None) -> Answer | None:
    """The first year or date, unless the answer is another one of the sentence."""
    found = _behind(text, start, end, _VALUES[question.kind])
    if (
        not found
        or question.gives(found[0].text)
        or (answer is not None and any(one.text in answer.text for one in found))
    ):
        return answer
    return found[0]


def _stands(text: str, answer: Answer, found: list[Answer], question: Question) -> bool:
    """Whether an answer is itself what is asked for, or a number that is worked out or stated."""
    start, end = answer.span
    counts, single = question.kind == "count", _is_single(answer)
    counted = single or (counts and any(map(str.isdigit, answer.text)))
    if counted and any(one.span[0] < end and start < one.span[1] for one in found):
        return True
    if not single:
        return False
    begin, stop = found[0].span
    if stop < start and counts and RESULT.search(text, stop, start) and not _counts_others(text, answer):
        return True  # "two take only 80, so you need 3"
    if begin > end and (RESULT.search(text, end, begin) or _BOUNDARY.search(text, end, begin)):
        return False  # "it is 10.83, so 11 boxes are needed"
    lead = max(0, start - MAX_LEAD)
    if _LED.search(text, lead, start):
        return True
    return counts and not (_counts_others(text, answer) or _APART.search(text, lead, start))


def _counts_others(text: str, answer: Answer) -> bool:
    """Whether a noun behind a number, or its unit, shows that it counts or measures something else."""
    behind = _OF_OTHERS.match(text, answer.span[1])
    return behind is not None or _WITH_UNIT.search(answer.text) is not None


def _named(text: str, start: int, end: int, question: Question, answer: Answer) -> Answer:
    """The value under the noun or letter of the question, where the answer is another's, or several."""
    letter = question.kind == "letter"
    if letter and (part := of_letter(text, start, answer, question.word)):
        return part
    if letter and "=" not in answer.text:
        return at_letter(text, start, end, question.word) or answer
    plural = question.word.endswith("s") and answer.text.count("=") > 1  # "the roots" are all of them
    if len(question.word) == 1:
        told = is_of(answer, question.word)
    else:
        told = plural or question.word not in text[start:end].lower()
    if told:
        return answer
    named = namings(text[start:end])
    under = [one for one in named if question.word in ([one.name] if letter else one.name.lower().split())]
    value = under[-1].value if under else ""
    guessed = " or " in answer.text and value in answer.text
    if not value or guessed or _LINKED.search(value) or _outweighs(answer, value, question):
        return answer
    others = (one for one in named if one not in under and one.name not in _PRONOUNS)
    of_another = any(_bare(one.value) == _bare(answer.text) for one in others)
    place = text.rfind(value, start, end)
    if place < 0 or not (letter or of_another or _holds_more(answer)):
        return answer
    return Answer(value, (place, place + len(value)), How.CONCLUSION)


def _outweighs(answer: Answer, value: str, question: Question) -> bool:
    """Whether a value is words beside an answer that is one number, or a number that the question gives."""
    single = _is_single(answer)
    # of "the slope is 3, and the line is y = 3x - 1"
    stated = question.kind == "named" and not single and value.strip("$").isdecimal()
    if question.gives(value) and not question.gives(answer.text) and any(map(str.isdigit, value)):
        return not stated
    return single and _NO_VALUE.search(value) is not None


def _is_single(answer: Answer) -> bool:
    """Whether an answer is one number, perhaps with a unit."""
    return _SINGLE.fullmatch(answer.text) is not None


def _holds_more(answer: Answer) -> bool:
    """Whether an answer is a relation, or several values."""
    if _is_single(answer) or IN_TWO_UNITS.search(answer.text):
        return False
    return _RELATION.search(answer.text) is not None


def _bare(value: str) -> str:
    return value.strip("$\\() ")
