"""`equivalent` and `grade`: the tiers in turn, under one budget."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Budget, BudgetExceededError
from mathtune.answers import (
    MAX_RESPONSE,
    Answer,
    How,
    all_boxed,
    asked_for,
    equation_around,
    extract_answer,
    is_cut_off,
    left_of_two,
    name_asked,
    require_texts,
    settled_on,
    shifted,
    unasked,
    with_branches,
)
from mathtune.latex import MAX_CHARACTERS
from mathtune.policy import Policy

from ._asked import LONGEST_PROBLEM
from ._asked_unit import in_asked_unit
from ._calendar import with_year_first
from ._forms import has_form
from ._number_tiers import whole_numbers
from ._said_parts import are_points, count_of_parts, in_asked_order, said_in_parts
from ._sequences import DOTS
from ._side import Side
from ._tiers import TIERS
from ._units import read_unit
from ._unwrapped import unwrapped
from ._values import Equation, Items, unnamed
from ._verdict import Outcome, Reason, Verdict
from ._yes_no import verdict_in

if TYPE_CHECKING:
    from ._values import Value

__all__ = ["DEFAULT", "TOO_COMPLEX", "equivalent", "grade", "is_readable", "judged_answer"]


DEFAULT = Policy()
TOO_COMPLEX = (BudgetExceededError, RecursionError, OverflowError, MemoryError, ZeroDivisionError)
# What is remembered; longer answers are rare, and their trees large. So are problems as long as this.
_MOST_CHARACTERS = 200
_LONGEST_REMEMBERED = 2_000


def equivalent(gold: str, given: str, *, policy: Policy = DEFAULT, context: str | None = None) -> Verdict:
    r"""Say whether two answers are the same mathematics.

    Args:
        gold: The expected answer, as LaTeX or plain mathematics.
        given: The answer to judge.
        policy: What counts as the same.
        context: The problem's text, where it is known: options, domains and units are taken from it.

    Raises:
        TypeError: An argument is no text. No text raises: what cannot be decided is `Outcome.UNDECIDED`, with
            its reason.

    >>> equivalent("\\frac{1}{2}", "0.5").reason
    <Reason.SAME_VALUE: 'same_value'>
    >>> bool(equivalent("(1, 2]", "1 < x \\le 2"))
    True
    >>> equivalent("x^2 + 2x + 1", "(x+1)^2 + 1").outcome
    <Outcome.DIFFERENT: 'different'>
    """
    try:
        short = len(gold) + len(given) <= _MOST_CHARACTERS
        if short and context is None and policy is DEFAULT:
            return _remembered_by_default(gold, given)
        if context is not None:  # however long a problem is, no more than its end is looked at
            context = context[-LONGEST_PROBLEM:]
        if short and (context is None or len(context) <= _LONGEST_REMEMBERED):
            return _remembered(gold, given, policy, context)
        if max(len(gold), len(given)) > MAX_CHARACTERS:
            return _too_long(gold, given)
        return _decided(gold, given, policy, context)
    except TOO_COMPLEX:
        return Verdict(Outcome.UNDECIDED, Reason.TOO_COMPLEX, "", gold[:200], given[:200])
    except (TypeError, AttributeError):
        require_texts(gold=gold, given=given, context=context)
        raise


def _decided(gold: str, given: str, policy: Policy, context: str | None) -> Verdict:
    """The verdict of the first tier that has one."""
    numbers = whole_numbers(gold, given, policy)
    if numbers is not None:
        return numbers
    budget = Budget(policy.work)
    if context is not None and ("MM/DD/YYYY" in context or "DD/MM/YYYY" in context):
        gold, given = with_year_first(gold, context), with_year_first(given, context)
    first = _gold_side(_boxed(gold, policy) if "box" in gold else gold, context)
    if context is not None:
        given = in_asked_unit(given, first.text, context)
    second = _given_side(_boxed(given, policy) if "box" in given else given, context)
    for tier in TIERS:
        verdict = tier(first, second, policy, budget)
        if verdict is not None:
            return verdict if policy.form == "any" else _in_form(verdict, first, second, policy)
    return Verdict(Outcome.UNDECIDED, Reason.UNPARSED_ANSWER, "", gold[:200], given[:200])


# Answers repeat: right ones above all, and each problem has its usual wrong ones.
_remembered = functools.lru_cache(maxsize=4_096)(_decided)


@functools.lru_cache(maxsize=4_096)
def _remembered_by_default(gold: str, given: str) -> Verdict:
    """The same without a policy to hash, which takes as long as comparing two short numbers."""
    return _decided(gold, given, DEFAULT, None)


def _gold_side(text: str, context: str | None) -> Side:
    """Give a gold answer as it was read before: every model and every sample meets the same ones."""
    short = len(text) <= _MOST_CHARACTERS and (context is None or len(context) <= _LONGEST_REMEMBERED)
    known = _known_gold(text, context) if short else None
    return known or _last_gold(text, context)


@functools.lru_cache(maxsize=1)
def _given_side(text: str, context: str | None) -> Side:
    """Give an answer as it was read just before, to be looked at once more."""
    return Side(unwrapped(text), context)


@functools.lru_cache(maxsize=2048)
def _known_gold(text: str, context: str | None) -> Side | None:
    """None for one with dots: they may stand for thousands of values, which are not kept for long."""
    return None if DOTS.search(text) else Side(unwrapped(text), context)


@functools.lru_cache(maxsize=2)
def _last_gold(text: str, context: str | None) -> Side:
    """A response is compared up to three times, with the problem and without."""
    return Side(unwrapped(text), context)


def _in_form(verdict: Verdict, gold: Side, given: Side, policy: Policy) -> Verdict:
    """The right value in another form than was asked for is not the answer."""
    if not verdict or given.tree is None or has_form(given.tree, policy.form, gold.tree):
        return verdict
    return attrs.evolve(verdict, outcome=Outcome.DIFFERENT, reason=Reason.DIFFERENT_FORM)


def _too_long(gold: str, given: str) -> Verdict:
    """Texts too long to be answers are compared as texts only."""
    if gold.strip() == given.strip():
        return Verdict(Outcome.EQUAL, Reason.SAME_TEXT, "text", gold[:200], given[:200])
    reason = Reason.UNPARSED_GOLD if len(gold) > MAX_CHARACTERS else Reason.TOO_COMPLEX
    return Verdict(Outcome.UNDECIDED, reason, "text", gold[:200], given[:200])


def is_readable(gold: str) -> bool:
    r"""Whether a gold answer is mathematics or plain words; a broken one tells nothing about a response.

    >>> is_readable("\frac{1}{2}"), is_readable("east"), is_readable("\frac{1}{"), is_readable("  ")
    (True, True, False, False)
    """
    if len(gold) > MAX_CHARACTERS:
        return False
    try:
        return _gold_side(_boxed(gold, DEFAULT), None).readable
    except TOO_COMPLEX:
        return False


def _boxed(text: str, policy: Policy) -> str:
    """An answer may come with its box, a data set's gold too; the box then holds the answer."""
    if "boxed" not in text and "\\fbox" not in text:
        return text
    text = unwrapped(text)
    answer = extract_answer(text, policy=policy)
    if answer is not None and answer.how not in _WEAK:
        return answer.text
    unclosed = _UNCLOSED.match(text) if text.count("{") > text.count("}") else None
    return unclosed[1] if unclosed else text  # an empty or hidden box holds none


# A box whose end was lost with what stood behind it.
_UNCLOSED = re.compile(r"[\s$]*\\{1,2}(?:boxed|fbox)\s*\{(.*)", re.DOTALL)


def grade(response: str, gold: str, *, policy: Policy = DEFAULT, context: str | None = None) -> Verdict:
    r"""Take the final answer out of a response and compare it with the gold answer.

    Args:
        response: What a model said, whole.
        gold: The expected answer.
        policy: What counts as the same.
        context: The problem's text, where it is known.

    Raises:
        TypeError: An argument is no text.

    >>> grade("So x is $\\boxed{\\frac{3}{4}}$.", "0.75").outcome
    <Outcome.EQUAL: 'equal'>
    >>> grade("", "7").reason
    <Reason.NO_ANSWER: 'no_answer'>
    >>> grade("", r"\\frac{1}{").reason
    <Reason.UNPARSED_GOLD: 'unparsed_gold'>
    """
    try:
        return judged_answer(response, gold, policy=policy, context=context)[1]
    except (TypeError, AttributeError):
        require_texts(response=response, gold=gold, context=context)
        raise


def judged_answer(
    response: str, gold: str, *, policy: Policy = DEFAULT, context: str | None = None
) -> tuple[Answer | None, Verdict]:
    r"""Give the answer that `grade` compares, and what it says of it.

    That is not always what `extract_answer` takes out: the question may pick among the values of a closing
    sentence, and a gold answer of several values is compared with all that the response says.

    Args:
        response: What a model said, whole.
        gold: The expected answer.
        policy: What counts as the same.
        context: The problem's text, where it is known.

    >>> answer, verdict = judged_answer("The first root is 3. The other root is 5.", "3,5")
    >>> answer.text, bool(verdict)
    ('3, 5', True)
    """
    if len(response) > MAX_RESPONSE:
        begin = len(response) - MAX_RESPONSE
        answer, verdict = judged_answer(response[begin:], gold, policy=policy, context=context)
        return shifted(answer, begin), verdict
    if context is not None:
        context = context[-LONGEST_PROBLEM:]
    answer = extract_answer(response, policy=policy)
    if (answer is None or answer.how in _WEAK) and policy.weakest_sign in _IN_PROSE:
        asked = _as_asked(response, answer, context) if context else answer and unasked(response, answer)
        if asked is not answer and not (answer and left_of_two(response, answer)):
            answer = asked and (with_branches(response, asked) or asked)
    if answer is None:
        return None, _unanswered(response, gold)
    if answer.how is How.BOXED and answer.text[-1:].isdecimal() and not gold.isdecimal():
        answer = _with_unit(response, answer)
    verdict = equivalent(gold, answer.text, policy=policy, context=context)
    if context is None and (verdict.outcome is _EQUAL or gold.isdecimal()):
        return answer, verdict
    try:
        again = _reconsidered(response, gold, answer, verdict, policy=policy, context=context)
    except TOO_COMPLEX:  # reading the gold answer once more
        again = None
    return (answer, verdict) if again is None else (attrs.evolve(answer, text=again[0]), again[1])


def _with_unit(response: str, answer: Answer) -> Answer:
    """A boxed number with the unit of measure that ends its clause behind the box."""
    end = answer.span[1] + 1
    if not response[end : end + 5].lstrip("$ \\)],")[:1].isalpha():
        return answer  # as most
    behind = _UNIT_BEHIND.match(response, answer.span[1])
    if behind is None or not _FIGURE.fullmatch(answer.text) or read_unit(behind[1]).is_noun:
        return answer
    return attrs.evolve(answer, text=f"{answer.text} \\text{{ {behind[1]}}}")


def _reconsidered(
    response: str, gold: str, answer: Answer, verdict: Verdict, *, policy: Policy, context: str | None
) -> tuple[str, Verdict] | None:
    """All that the gold answer is a whole of, with its verdict; None where the one on the answer stands."""
    if len(gold) > MAX_CHARACTERS:
        return None
    if context and len(gold) > 2:
        ordered = _by_names(response, gold, answer, policy=policy, context=context)
        if ordered is not None:
            return ordered
    if verdict.outcome is _EQUAL or gold.isdecimal():  # digits are never several values
        return None
    if _DECIMAL_COMMA.fullmatch(gold) and "," in response[slice(*answer.span)] and "." in answer.text:
        found = equivalent(gold.replace(",", "."), answer.text, policy=policy, context=context)
        return (answer.text, found) if found else None
    whole = _whole(response, gold, answer, policy=policy, context=context)
    if whole is None:
        return None
    found = equivalent(gold, whole, policy=policy, context=context)
    return (whole, found) if found else None


def _unanswered(response: str, gold: str) -> Verdict:
    """No answer is a wrong one, unless there is nothing to be right by."""
    if not gold.isdecimal() and not is_readable(gold):
        return Verdict(Outcome.UNDECIDED, Reason.UNPARSED_GOLD, "reading", gold[:200], "")
    reason = Reason.CUT_OFF if is_cut_off(response) else Reason.NO_ANSWER
    return Verdict(Outcome.DIFFERENT, reason, "extraction", gold[:200], "")


def _as_asked(response: str, answer: Answer | None, context: str) -> Answer | None:
    """The answer that the question picks: a word that it offers, a name, or one of the closing values."""
    if answer is not None and len(answer.text) == 1 and answer.text.isupper():
        return answer  # an option's letter
    said = settled_on(response, context)
    if said is not None and ", " in said.text and answer is not None and _DIGIT.search(answer.text):
        said = None  # words that it only lists, beside a number
    if said is None and (answer is None or answer.text.lstrip("$-(")[:1].isdecimal()):
        said = name_asked(response, context)
    if said is None and (word := verdict_in(response, context)):
        return Answer(word, answer.span if answer else (0, 0), How.CONCLUSION)
    return said or asked_for(response, answer, context)


def _by_names(
    response: str, gold: str, answer: Answer, *, policy: Policy, context: str
) -> tuple[str, Verdict] | None:
    """Values under names in the order of these, with their verdict; None where that does not decide."""
    value = _gold_side(gold, None).value
    if not count_of_parts(value) or (answer.how is not How.BOXED and answer.how not in _IN_PROSE):
        return None
    boxes = all_boxed(response) if answer.how is How.BOXED else answer
    said = boxes and in_asked_order(response, boxes.text, gold, value, context)
    if not said:
        return None
    listed = said.startswith("(") and not (isinstance(value, Items) and value.kind == "tuple")
    expected = f"({gold.strip('$ ')})" if listed else gold
    found = equivalent(expected, said, policy=policy, context=context)
    return (said, found) if found or found.reason is Reason.DIFFERENT_VALUE else None


def _whole(response: str, gold: str, answer: Answer, *, policy: Policy, context: str | None) -> str | None:
    """What an answer is a part of, where the gold is a whole of its kind: several values, or an equation."""
    expected = _gold_side(gold, None)
    if expected.figure is not None:
        return None
    count = count_of_parts(expected.value)
    if count and "boxed" in response:
        boxes = all_boxed(response)
        # exactly as many as were boxed one by one, so that guessing earns nothing
        if boxes is not None and boxes.text != answer.text and _is_list_of(boxes.text, count):
            return boxes.text
    elif count and policy.weakest_sign in _IN_PROSE and not _is_whole(answer, expected.value):
        refused = left_of_two(response, answer)  # what it leaves of two values is all
        return None if refused else said_in_parts(response, expected.value, context, policy)
    if "=" in gold and isinstance(expected.value, Equation):
        equation = equation_around(response, answer)
        return equation.text if equation else None
    return None


_DIGIT = re.compile(r"\d")
_FIGURE = re.compile(r"-?[\d,.]+")
# Behind a box up to the end of the clause.
_UNIT_BEHIND = re.compile(
    r"\}(?:\\[ ,])?(?:\$|\\[)\]])? ?(?:\\text\{ ?)?"
    r"([A-Za-z\u4e00-\u9fff][A-Za-z\u4e00-\u9fff /^\d\u00b2\u00b3]{0,24}?)\}?\$?(?:[.,;:)\n\u3002\uff0c]|\Z)"
)
# As the response's language writes it, too.
_DECIMAL_COMMA = re.compile(r"\$?-?\d+,\d+\$?")
_EQUAL = Outcome.EQUAL  # a member of an enumeration takes ten times as long to look up
# Signs by which a sentence's value is known, of which the question may choose another.
_WEAK = (How.CONCLUSION, How.LAST_NUMBER, How.DISPLAY, How.WHOLE)
# Signs under which what sentences say may count.
_IN_PROSE = (How.CONCLUSION, How.LAST_NUMBER, How.WHOLE)


def _is_whole(answer: Answer, gold: Value) -> bool:
    """Whether an answer is a whole of the gold answer's kind, or more points than one.

    It has as many parts, or is announced as the answer and stands in the same brackets.
    """
    if are_points(answer.text):
        return True
    given = _given_side(answer.text, None).value
    if not (isinstance(given, Items) and isinstance(gold, Items)):
        return False
    if answer.how not in _IN_PROSE and gold.opening and gold.opening == given.opening:
        return True
    if len(given.items) != len(gold.items):
        return False
    kinds = [isinstance(unnamed(value.items[0]), Items) for value in (given, gold)]
    return kinds[0] is kinds[1]


def _is_list_of(text: str, count: int) -> bool:
    return count_of_parts(Side(text).value) == count
