"""The tiers, cheapest first: each says what it knows of two answers, or None for "not mine"."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.algebra import Budget, Match
from mathtune.answers import Answer, How, extract_answer
from mathtune.latex import List, Relation, Text

from ._asked import NOTHING_ASKED, Asked, as_asked
from ._chemistry import same_molecule
from ._choices import Choice, is_foreign_to, is_tuple, options, read_choice
from ._context import asks_for
from ._distributions import same_distribution
from ._finding import OTHER, SAME, Finding, Task
from ._looks import same_but_for_constant, second_look, worth_a_look
from ._matching import match, match_numbers
from ._matrix_letters import are_matrices, columns, same_with_matrices
from ._named_functions import same_functions
from ._number_tiers import figures, number_and_words, plain_numbers
from ._objections import objection
from ._phrases import is_evasive, is_refused, points_elsewhere
from ._said_sets import ends_apart, strict_bound
from ._scalars import match_quantities
from ._side import Side
from ._structures import as_structure
from ._values import Equation, Phrase, Quantity, Value
from ._verdict import Outcome, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.latex import Node
    from mathtune.policy import Policy


__all__ = ["TIERS"]


def _same_text(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """The same characters, blanks and dollar signs aside."""
    del policy, budget
    same = gold.text == given.text
    if not same:
        first, second = gold.text.replace("$", "").strip(), given.text.replace("$", "").strip()
        if first[:1] != second[:1] or "".join(first.split()) != "".join(second.split()):
            return None
        first, second = (_BLANK.sub("", " ".join(text.split())) for text in (first, second))
        same = first == second
    if same and gold.text.strip():
        return Verdict(Outcome.EQUAL, Reason.SAME_TEXT, "text", gold.text[:500], given.text[:500])
    return None


# A blank between two digits parts two numbers: 1 1/2 is not 11/2.
_BLANK = re.compile(r" (?![\d.])|(?<![\d.]) ")


def _unreadable(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """A gold answer that is neither mathematics nor words says nothing about the response."""
    del policy, budget
    if gold.tree is None and not gold.readable:
        return Verdict(Outcome.UNDECIDED, Reason.UNPARSED_GOLD, "reading", gold.text[:200], given.text[:200])
    if given.tree is not None or len(given.text.split()) > 2:  # a sentence may hold an answer
        return None
    if not given.readable:
        return Verdict(
            Outcome.UNDECIDED, Reason.UNPARSED_ANSWER, "reading", gold.text[:200], given.text[:200]
        )
    return None


def _matrices(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """Of matrices AB is not BA, and (AB)^T is B^T A^T."""
    del policy, budget
    if gold.context is None and "^" not in gold.text:
        return None
    if not are_matrices(gold.text, given.text, gold.context) or gold.tree is None or given.tree is None:
        return None
    same = same_with_matrices(gold.tree, given.tree, columns(gold.text, given.text))
    return None if same is None else _verdict(SAME if same else OTHER, "value", gold, given)


def _names(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """One chemical formula, or one distribution by its names; as mathematics both would be products."""
    if same_molecule(gold.text, given.text):
        return _verdict(SAME, "value", gold, given)
    if (gold.text[-1:] not in _CLOSING or given.text[-1:] not in _CLOSING) and "chi" not in gold.text:
        return None
    pairs = same_distribution(gold.text, given.text)
    task = Task(policy, budget)
    same = bool(pairs) and all(match(task, Side(one).value, Side(other).value).equal for one, other in pairs)
    return _verdict(SAME, "value", gold, given) if same else None


_CLOSING = (")", "]")


def _choices(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """A letter of a multiple choice, alone, before its option, or for an option that the problem lists."""
    wanted, said = gold.choice, read_choice(given.text)
    if wanted is None and said is None:
        return None
    if wanted is not None and said is not None:
        several = len(wanted.letters) > 1 and wanted.letters == said.letters
        if several and _in_order(gold, given):
            return None
        belied = bool(said.rest) and _is_belied(wanted, said, gold, policy, budget)
        return _verdict(OTHER, "choice", gold, given) if belied else _letters(wanted, said, gold, given)
    choice, other = (wanted, given) if wanted is not None else (said, gold)
    option = (
        "" if choice is None else choice.rest or options(gold.context or "").get(choice.letters.upper(), "")
    )
    if choice is None or not option:
        return _apart(choice, gold, given) if choice and gold.context is None else None
    verdict = _same_option(Side(option), other, policy, budget)
    if verdict is None or not (verdict or not choice.rest):
        return None
    reason = Reason.SAME_CHOICE if verdict else verdict.reason
    return Verdict(verdict.outcome, reason, "choice", gold.form, given.form)


def _apart(choice: Choice, gold: Side, given: Side) -> Verdict | None:
    """A letter beside what has nothing of it is another answer, whatever else stands there."""
    texts = gold.text[:200].strip(), given.text[:200].strip()
    apart = is_foreign_to(choice.letters, given.text if choice is gold.choice else gold.text)
    return Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_VALUE, "choice", *texts) if apart else None


def _in_order(gold: Side, given: Side) -> bool:
    """Whether the order of several letters counts: it is asked for, or they are two tuples of no options."""
    if gold.context is not None and Asked(gold.context).ordered:
        return True
    return is_tuple(gold.text) and is_tuple(given.text) and not options(gold.context or "")


def _same_option(option: Side, other: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """An option's text against an answer, whichever of them is the gold."""
    tiers = (_same_text, plain_numbers, _values, _words)
    first = _first_of(tiers, option, other, policy, budget)
    return first or _first_of(tiers, other, option, policy, budget) or first


def _is_belied(wanted: Choice, said: Choice, gold: Side, policy: Policy, budget: Budget) -> bool:
    """Whether another number stands behind a letter than its option has: `C) 13` where C is 12."""
    option = wanted.rest or options(gold.context or "").get(wanted.letters.upper(), "")
    tier = plain_numbers if "." in option + said.rest else figures  # a decimal may be rounded
    found = tier(Side(option.strip("$")), Side(said.rest.strip("$")), policy, budget)
    return found is not None and not found


def _letters(wanted: Choice, said: Choice, gold: Side, given: Side) -> Verdict | None:
    """Letters decide where one side shows that it is a choice; two bare letters may be variables."""
    listed = wanted.letters.upper() in options(gold.context or "")
    marked = wanted.marked or said.marked or listed
    if wanted.letters == said.letters or (marked and wanted.letters.upper() == said.letters.upper()):
        return _verdict(Finding(Match.EQUAL, Reason.SAME_CHOICE), "choice", gold, given)
    return (
        _verdict(Finding(Match.DIFFERENT, Reason.DIFFERENT_VALUE), "choice", gold, given) if marked else None
    )


def _first_of(
    tiers: tuple[Callable[[Side, Side, Policy, Budget], Verdict | None], ...],
    gold: Side,
    given: Side,
    policy: Policy,
    budget: Budget,
) -> Verdict | None:
    for tier in tiers:
        verdict = tier(gold, given, policy, budget)
        if verdict is not None:
            return verdict
    return None


def _values(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """The meaning of both, shape by shape."""
    first, second = gold.value, given.value
    if type(first) is Phrase and type(second) is Phrase:
        return None
    if type(first) is not type(second):
        first, second = as_structure(gold.tree, first, second), as_structure(given.tree, second, first)
    ambiguous = "\\log" in gold.text or "\\log" in given.text
    ambiguous = ambiguous or (gold.context is not None and _says_common_log(gold.context))
    task = Task(policy, budget, ambiguous, NOTHING_ASKED if gold.context is None else Asked(gold.context))
    if task.asked.context is not None:
        first, second = as_asked(task.asked, (gold.tree, first), (given.tree, second))
    named = same_functions(task, gold, given, _compared)
    if named is not None:
        return _verdict(_confirmed(named, gold, given), "value", gold, given)
    if type(first) is Quantity and type(second) is Quantity:
        numbers = match_numbers(task, first, second)
        if numbers is not None and not numbers.equal:
            return _verdict(numbers, "value", gold, given)
        found = numbers or match_quantities(task, first, second)
    else:
        found = SAME if first == second else match(task, first, second)
    if not found.equal and worth_a_look(task, first, second):
        integer = _says_integer(gold) or _says_integer(given)
        found = second_look(task, first, second, says_integer=integer) or found
    if not found.equal:
        if (type(second) is Phrase) != (type(first) is Phrase):
            return None
        found = _same_otherwise(task, gold, given) or found
    return _verdict(_confirmed(found, gold, given), "value", gold, given)


def _same_otherwise(task: Task, gold: Side, given: Side) -> Finding | None:
    """What the texts tell where the values do not: the problem's equation, a constant's name."""
    found = _answer_to_equation(task, gold, given)
    if found is None and "constant" in gold.text and "constant" in given.text:
        found = _equal_or_none(
            same_but_for_constant(task, (gold.text, gold.value), (given.text, given.value))
        )
    return found


def _compared(task: Task, first: Value, second: Value) -> Finding:
    found = match(task, first, second)
    return found if found.equal else second_look(task, first, second, says_integer=False) or found


def _confirmed(found: Finding, gold: Side, given: Side) -> Finding:
    """What was found of two values, unless something beside equal ones objects."""
    return (objection(gold, given) or found) if found.equal else found


def _answer_to_equation(task: Task, gold: Side, given: Side) -> Finding | None:
    """`x + y + z = 22` answers a problem that asks for x + y + z with 22."""
    if gold.context is None:
        return None
    side = given if isinstance(given.value, Equation) else gold
    if not isinstance(side.value, Equation) or isinstance(gold.value, Equation) == isinstance(
        given.value, Equation
    ):
        return None
    tree = side.tree
    if not isinstance(tree, Relation) or not asks_for(tree.sides[0], gold.context):
        return None
    right = Quantity(side.value.right)
    pair = (gold.value, right) if side is given else (right, given.value)
    return _equal_or_none(match(task, *pair))


def _equal_or_none(found: Finding | None) -> Finding | None:
    return found if found is not None and found.equal else None


def _says_common_log(context: str) -> bool:
    """Whether a problem says that its logarithms have base 10, which log(x) in plain text has not."""
    return "log" in context and _COMMON_LOG.search(context) is not None


_COMMON_LOG = re.compile(r"\bcommon log|\bbase[ -](?:\$)?10\b")


def _says_integer(side: Side) -> bool:
    return _INTEGER.search(side.text) is not None


_INTEGER = re.compile(r"integer|natural number|mathbb(?: Z|\{[ZN]\})|\\Z|[ℤℕ]")


def _words(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """Answers in words."""
    mixed = isinstance(gold.value, Phrase) != isinstance(given.value, Phrase)
    if mixed and gold.context is None:
        return None  # `_values` compared them, and nothing that the problem asks stood in the way
    found = match(_asked_of(gold, policy, budget), gold.value, given.value)
    if found.equal and "," in gold.text and ends_apart(gold.text, given.text):
        found = Finding(Match.DIFFERENT, Reason.DIFFERENT_WORDS)
    return _verdict(found, "words", gold, given) if found.equal or not mixed else None


def _asked_of(gold: Side, policy: Policy, budget: Budget) -> Task:
    """The comparison of words, in view of what the problem asks."""
    return Task(policy, budget, asked=NOTHING_ASKED if gold.context is None else Asked(gold.context))


def _sentences(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """A sentence against a value: the sentence's own answer is taken out of it."""
    sides = []
    for side, other in ((gold, given), (given, gold)):
        unspaced = side.text >= _UNSPACED > other.text
        sentence = unspaced or len(side.text.split()) > 2
        if isinstance(side.value, Phrase) and sentence and not _states_several(side.tree):
            if is_evasive(side.value.words.split()):
                return _verdict(
                    match(_asked_of(gold, policy, budget), gold.value, given.value), "words", gold, given
                )
            said = _said(side)
            answer = extract_answer(said, policy=policy)
            held = unspaced and (_BOUNDING.search(said) or (answer and answer.how is How.LAST_NUMBER))
            if answer is None or answer.text == said or held or _is_part(answer, said):
                return _verdict(
                    match(_asked_of(gold, policy, budget), gold.value, given.value), "words", gold, given
                )
            sides.append(Side(strict_bound(said, answer.span[0]) + answer.text, side.context))
        else:
            sides.append(side)
    for tier in (_same_text, plain_numbers, _values, _words):
        verdict = tier(sides[0], sides[1], policy, budget)
        if verdict is not None:
            if verdict and points_elsewhere(gold.text, given.text):
                return _verdict(Finding(Match.DIFFERENT, Reason.DIFFERENT_WORDS), "sentence", gold, given)
            return Verdict(verdict.outcome, verdict.reason, "sentence", gold.form, given.form)
    return _verdict(match(_asked_of(gold, policy, budget), gold.value, given.value), "words", gold, given)


def _states_several(tree: Node | None) -> bool:
    r"""`\operatorname{Cov} \ne 0, r = 0` says two things, and is no sentence whose last one answers."""
    items = tree.items if isinstance(tree, List) else ()
    return bool(items) and all(isinstance(item, Relation) and ":" not in item.operators for item in items)


def _said(side: Side) -> str:
    """A sentence, and of one in a text command what it holds if that has one number."""
    words = side.tree.text if isinstance(side.tree, Text) else ""
    return words if len(_NUMBER.findall(words)) == 1 else side.text


_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_UNSPACED = "\u3040"  # from here on, words need no blanks between them
_BOUNDING = re.compile("[\u81f3\u6700][\u5c11\u591a]")  # the Chinese "at least", "at most"


def _is_part(answer: Answer, text: str) -> bool:
    """Whether an answer is the last of several numbers of a phrase, or what its words calculate with."""
    before, behind = text[: answer.span[0]], text[answer.span[1] :]
    if _CALCULATES.search(before) or _RELATED.search(before) or _HEADED.search(behind) or is_refused(behind):
        return True
    rest = before + behind
    return answer.how == "last_number" and any(sign.isdecimal() for sign in rest)


# The next of several named values: `domain: [0, 1), range: all real numbers`.
_HEADED = re.compile(r"[,;] (?:and )?[a-z]+:\s", re.IGNORECASE)
# Words before their argument: `twice 8`, `half of the number 6`, `one less than 10`.
_CALCULATES = re.compile(
    r"\b(?:span|twice|thrice|double|triple|half|anything but|(?:more|less|fewer|greater) than"
    r"|(?:square|cube)(?: root)?|reciprocal|opposite|inverse|factorial)"
    r"(?: of)?(?: the)?(?: number)?[\s${}\\]*\Z",
    re.IGNORECASE,
)
# Words before a number by which a phrase tells a thing: `divisors of 12`, `a circle of radius 12`.
_RELATED = re.compile(
    r"(?:\b(?:multiple|divisor|factor|digit|none|numbers?|prime)s? (?:of|up to)(?: the)?(?: number)?"
    r"|\b(?:near|close to|as large as|as small as|exceeds?|divides?|divisible by)"
    r"|\b(?:multiplied|divided|increased|decreased|reduced) by|\b(?:first|degree|power|order|might be|guess)"
    r"|\ba[n]? [a-z]+ (?:of|with) (?:radius|diameter|side|perimeter|area|length|width|height|volume|slope))"
    r"[\s${}\\]*\Z",
    re.IGNORECASE,
)


def _verdict(found: Finding, tier: str, gold: Side, given: Side) -> Verdict:
    return Verdict(found.outcome, found.reason, tier, gold.form, given.form)


TIERS: tuple[Callable[[Side, Side, Policy, Budget], Verdict | None], ...] = (
    plain_numbers,
    _same_text,
    figures,
    number_and_words,
    _unreadable,
    _matrices,
    _names,
    _choices,
    _values,
    _words,
    _sentences,
)
