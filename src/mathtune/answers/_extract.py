"""From a response to its answer: the ways, strongest first; the first that finds something wins."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING

import attrs

from mathtune.policy import Policy

from ._answer import Answer, How
from ._arguments import require_texts
from ._boxes import find_boxes, has_empty_box, unboxed, without_empty_boxes
from ._branches import condition_near, with_branches
from ._claims import last_claim
from ._closing import before_closing_signs
from ._code import NOTES, blanked, without_borders, without_colours, without_struck_out
from ._conclusions import bare, conclusion, last_number, whole
from ._endings import breaks_off
from ._escapes import restore_commands
from ._fields import fields_in, last_field, tag_span, tagged, without_blank_fields
from ._final_claims import final_claim
from ._groups import box_list
from ._one_of_two import left_of_two
from ._parts import parts_before
from ._refuted import is_denied, is_guess, is_hedged, is_refused, is_withdrawn
from ._retractions import retraction_behind
from ._sentences import sentences_of
from ._texts import in_english
from ._thinking import mask_thinking
from ._usual_close import usual_close
from ._words import lowered

if TYPE_CHECKING:
    from ._boxes import Box

__all__ = ["MAX_RESPONSE", "extract_answer", "shifted"]

DEFAULT = Policy()

# Questions that a model invents for itself are looked for in so many characters at the end.
MAX_RUN_ON = 100_000
MAX_QUESTIONS = 3
MAX_OPENING = 40
_LINE_BEGINS = r"\n[ \t]{0,8}(?:#{1,4} |\*\*)?"
_ASKING = r"(?:(Human|User|Instruction)|(?:Question|Problem|Q)( ?\d{1,3})?)\*{0,2} ?[:.]"
_NEXT_QUESTION = re.compile(_LINE_BEGINS + _ASKING)
# A speaker goes on in the same line, too. Any blank may come before: asked only of a text that names one.
_NEXT_SPEAKER = re.compile(rf"(?:{_LINE_BEGINS}| (?<=[.!] )(?=Human|User)){_ASKING}")
# A user's turn in the templates of chats: a model that nobody stops goes on as the other side. Where a tool
# speaks in it, the response is still under way.
_NEXT_TURN = re.compile(
    r"(?:<\|(?:im_start|start_header_id|start)\|>user\b|<start_of_turn>user\b|<\|user\|>|\[INST\])"
    r"(?!\S{0,40}\s{1,8}(?:<tool_response>|```))"
)
# The name of one that is mostly a letter in a formula: from its first letter on, which tells the most.
_QUESTION = re.compile(r"Q(?:uestion)?(?: ?\d{1,3})?\*{0,2} ?[:.]")
_PROBLEM = re.compile(r"Problem(?: ?\d{1,3})?\*{0,2} ?[:.]")

# An empty box so near to the end is an answer left out; earlier, it is the task repeated.
EMPTY_BOX_WINDOW = 300
# More than half a million tokens. Of a longer response, only the end is looked at, where the answer stands.
MAX_RESPONSE = 2_000_000
MAX_REMEMBERED = 40
# What replaces a box, behind it: "####5", " oops".
SHORTEST_CLAIM = 5
# A fraction, root or constant.
_EXACT = re.compile(r"\\(?:[dt]?frac|sqrt|pi)|\d/\d")
SHORTEST_RETRACTION = len(" it's wrong")  # in letters; the Chinese ". No, it is 7." has seven characters
# Right before the value that is meant instead of a wrong one.
_SHOULD_BE = re.compile(
    r"\b(?:should|must) (?:(?:actually|really|instead|in fact) )?(?:be|have been) [$\\(]{0,3}\Z"
)
# Behind the number of a field.
_FIELD_ENDS = frozenset("\n,}")
# Right behind a box, these end its clause, or its formula.
_CLOSED = ".\n\\"


def extract_answer(response: str, *, policy: Policy = DEFAULT) -> Answer | None:
    r"""Take the final answer out of a response.

    Args:
        response: What a model wrote, or any text.
        policy: What counts as an answer: `policy.weakest_sign` is the weakest sign by which one may be known.

    Returns:
        The answer, or None where there is none, also where the response was cut off while thinking.

    Raises:
        TypeError: The response is no text.

    >>> extract_answer(r"So $x = \boxed{\frac{1}{2}}$.")
    Answer(text='\\frac{1}{2}', span=(15, 26), how=<How.BOXED: 'boxed'>)
    >>> extract_answer("So x is 5.", policy=Policy(weakest_sign="boxed")) is None
    True
    """
    try:
        if len(response) <= MAX_RESPONSE:
            find = _remembered if len(response) <= MAX_REMEMBERED else _answer
            return find(response, _RANK[policy.weakest_sign])
    except (TypeError, AttributeError):
        require_texts(response=response)
        raise
    offset = len(response) - MAX_RESPONSE
    return shifted(_answer(response[offset:], _RANK[policy.weakest_sign]), offset)


def shifted(answer: Answer | None, by: int) -> Answer | None:
    """An answer of a part of a response that begins so many characters later."""
    return answer and attrs.evolve(answer, span=(answer.span[0] + by, answer.span[1] + by))


def _answer(response: str, weakest: int) -> Answer | None:
    # most responses hold no thoughts, which a look for one character tells at a tenth of a call's cost
    if "<" in response or "K" in response or "\u25b7" in response:
        response, begin = mask_thinking(response)
        if begin is None:
            return None
        if begin:  # the rest says what it says without them
            return shifted(_answer(response[begin:], weakest), begin)
    text = _read_through(response)
    boxes = find_boxes(text)
    wrong = None
    while boxes and (is_denied(text, boxes[-1].start) or _is_taken_back(text, boxes[-1].end)):
        wrong = boxes.pop()
    if boxes:
        answer, withdrawn = (None, False)
        if len(text) - boxes[-1].end >= SHORTEST_CLAIM:
            answer, withdrawn = _said_behind(text, boxes[-1], weakest)
        return answer if answer or withdrawn else box_list(text, boxes)
    answer = bare(text) if " " not in text else None
    if answer is None:
        answer = _unboxed(text, weakest)
        answer = None if answer and "boxed" in answer.text else answer  # a box that is denied, or cut off
        if answer is None and wrong is not None:
            answer = _put_right(text, wrong.end + text.startswith("$", wrong.end), weakest)
    return answer if answer and _RANK[answer.how] <= weakest else None


def _is_taken_back(text: str, end: int) -> bool:
    """Whether the sentence of a box takes it back behind it."""
    if len(text) - end < SHORTEST_CLAIM or text[end + (text[end] == "$")] in _CLOSED:
        return False
    return is_withdrawn(text, end) or is_refused(text, end)


def _said_behind(text: str, box: Box, weakest: int) -> tuple[Answer | None, bool]:
    """What is said behind the last box in its place, and whether that is taken back even for nothing."""
    start, behind = box.end, lowered(text[box.end :])
    if len(behind) < SHORTEST_RETRACTION and behind.isascii() and "####" not in behind:
        return None, False
    later, withdrawn = _instead(text, start, weakest)
    if later or withdrawn:
        return later, withdrawn
    answer = None
    if "answer" in behind or "final" in behind or "####" in behind:
        answer = final_claim(text, start, behind) if weakest >= _PHRASE else None
        if answer and _repeats(answer.text, box.text):
            return None, False
        answer = answer or _marked(text, start, weakest)
    return answer or _under_conditions(text, box), False


def _instead(text: str, end: int, weakest: int, *, again: bool = False) -> tuple[Answer | None, bool]:
    """What a retraction behind a value puts in its place, and whether it takes the value back for nothing.

    Args:
        text: The response.
        end: Where the value ends.
        weakest: The rank of the weakest sign by which an answer may be known.
        again: The value stands in another's place itself: nothing more is looked for.
    """
    is_long = len(text) - end >= SHORTEST_RETRACTION or not text.isascii()
    retraction = retraction_behind(text, end) if is_long else None
    if retraction is None:
        return None, False
    later = None if again else _put_right(text, retraction[0], weakest)
    if (
        later is not None
        and not retraction[1]
        and later.text.replace(" ", "").isalpha()
        and len(later.text) > 1
    ):
        later = None  # "Actually, the answer can be checked"
    return later, retraction[1]


def _put_right(text: str, start: int, weakest: int) -> Answer | None:
    """The value that a response puts in the place of a wrong one; a number that it merely holds is none."""
    later = shifted(_unboxed(text[start:], weakest, again=True), start)
    if later is None or _RANK[later.how] > weakest:
        return None
    held = later.how in (How.LAST_NUMBER, How.WHOLE)
    return None if held and not _SHOULD_BE.search(text, start, later.span[0]) else later


def _repeats(later: str, boxed: str) -> bool:
    """Whether a value behind a box only says the box once more, be it as a decimal."""
    return later == boxed or (("." in later or "%" in later) and _EXACT.search(boxed) is not None)


def _marked(text: str, start: int, weakest: int) -> Answer | None:
    """What a response marks for a machine to read, from a place on."""
    behind = text[start:]
    fields = fields_in(behind)
    answer = _last_tag(behind) or (last_field(behind, fields) if fields else None)
    return shifted(answer, start) if answer and _RANK[answer.how] <= weakest else None


def _under_conditions(text: str, box: Box) -> Answer | None:
    """A box behind which another value follows, each under a condition."""
    if not condition_near(text, box.end):
        return None
    answer = with_branches(text, Answer(box.text, (box.start, box.end), How.BOXED))
    return answer and attrs.evolve(answer, text=unboxed(answer.text))


# Responses that are nothing but an answer repeat: each problem has its usual ones.
_remembered = functools.lru_cache(maxsize=4_096)(_answer)


def _read_through(text: str) -> str:
    """The text with its commands restored, and without questions that a model puts to itself."""
    if "\t" in text or "\x08" in text or "\x0c" in text:
        text = restore_commands(text)
    if (
        ("Q" in text and _QUESTION.search(text))
        or ("H" in text and text.rfind("Human") >= 0)  # twice as fast as `in`
        or ("P" in text and text.rfind("Problem") >= 0 and _PROBLEM.search(text))
        or ("U" in text and text.rfind("User") >= 0)
        or ("#" in text and "I" in text and text.rfind("# Instruction") >= 0)
    ):
        text = _before_next_question(text)
    turns = ("<" in text and "user" in text) or ("[" in text and "[INST]" in text)
    return _before_next_turn(text) if turns else text


def _unboxed(text: str, weakest: int, *, again: bool = False) -> Answer | None:
    """The answer of a response without a box; `again`: of what follows a retraction."""
    fields = fields_in(text)
    closing = None if fields or tag_span(text) else usual_close(text)
    if closing is not None:
        return in_english(closing, text)
    without_blanks = without_blank_fields(text, fields) if fields else None
    left_out = without_blanks is not None or has_empty_box(text[-EMPTY_BOX_WINDOW:])
    left_out |= ">" in text and text.rfind("<answer></answer>") >= 0
    text = without_borders(without_struck_out(without_colours(without_blanks or text)))
    text = before_closing_signs(blanked(text, NOTES))
    if left_out:
        text = without_empty_boxes(text)
    answer = _claim(text, fields)
    # an answer left out, a failed program or a question at the end: only an explicit claim stands for it
    if answer is None and not (left_out or breaks_off(text)):
        answer = conclusion(text) or last_number(text) or whole(text)
        answer = None if answer and " or" not in answer.text and is_guess(text, answer.span) else answer
    if answer is None or is_denied(text, answer.span[0]) or is_hedged(text, answer.span[1]):
        return None
    later, withdrawn = _instead(text, answer.span[1], weakest, again=again)
    if later or withdrawn:
        return later
    if not _is_whole(text, *answer.span):
        answer = (
            left_of_two(text, answer) or with_branches(text, answer) or parts_before(text, answer) or answer
        )
    return in_english(answer, text)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a value is all of a string, or all of a field of JSON."""
    behind = text[end : end + 1]
    return (behind == '"' and text[start - 1] == '"') or (
        behind in _FIELD_ENDS and text[start - 3 : start] == '": '
    )


def _claim(text: str, fields: list[int]) -> Answer | None:
    """What a response itself calls its answer.

    Args:
        text: The response.
        fields: Where "answer" stands in the names of its fields.
    """
    return _last_tag(text) or (last_field(text, fields) if fields else None) or last_claim(text)


def _before_next_turn(text: str) -> str:
    """The text before a turn that the model gives to the user when it has answered."""
    turn = _NEXT_TURN.search(text)
    before = before_closing_signs(text[: turn.start()]) if turn else ""
    claimed = find_boxes(before) or _claim(before, fields_in(before))
    return before if claimed or bare(before) or conclusion(before) or last_number(before) else text


def _before_next_question(text: str) -> str:
    """The text before a question that a model puts to itself when it has answered the one it was asked."""
    if _NEXT_QUESTION.match("\n" + text[:MAX_OPENING].lstrip()):
        return text  # a response that asks itself from the start
    begin = max(0, len(text) - MAX_RUN_ON)
    next_question = _NEXT_SPEAKER if "Human" in text or "User" in text else _NEXT_QUESTION
    for question in itertools.islice(next_question.finditer(text, begin), MAX_QUESTIONS):
        before = text[: question.start()]
        if find_boxes(before) or last_claim(before):
            return before
        if not question[2] and _concludes(before, merely_held=question[1] is not None):
            return before
    return text


def _concludes(text: str, *, merely_held: bool) -> bool:
    """Whether a part of a response has come to its answer, without naming it one.

    Args:
        text: The part.
        merely_held: A sentence that only holds a value will do.
    """
    answer = conclusion(before_closing_signs(text))
    if answer is None or answer.text.isalpha():  # "Here is my plan."
        return False
    return merely_held or answer.how is not How.LAST_NUMBER


def _last_tag(text: str) -> Answer | None:
    """What stands between `<answer>` and `</answer>`: an answer, or a whole solution that comes to one."""
    span = tag_span(text)
    if span is None:
        return None
    solution = _answer(text[slice(*span)], len(_RANK)) if len(sentences_of(text, *span)) > 1 else None
    if solution is None:
        return tagged(text, *span)
    return Answer(solution.text, (span[0] + solution.span[0], span[0] + solution.span[1]), How.TAG)


_RANK: dict[str, int] = {how.value: rank for rank, how in enumerate(How)}
_PHRASE = _RANK[How.PHRASE]
