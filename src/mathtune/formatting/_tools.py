"""Examples in which the assistant uses a calculator: GSM8K's notes `<<48/2=24>>` as calls with results."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Any, Literal

import attrs

from mathtune.answers import last_boxed
from mathtune.errors import DataError, LatexSyntaxError
from mathtune.grading import equivalent
from mathtune.problems import Problems

from ._calculator import calculate
from ._chat import ChatFormatter
from ._example import Example, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mathtune.problems import Problem

__all__ = ["CALCULATOR", "ToolFormatter"]

CALCULATOR: Mapping[str, Any] = {
    "type": "function",
    "function": {
        "name": "calculator",
        "description": "Work out an arithmetic expression exactly.",
        "parameters": {
            "type": "object",
            "properties": {
                "expression": {
                    "type": "string",
                    "description": "Numbers, + - * /, brackets and percent signs.",
                }
            },
            "required": ["expression"],
            "additionalProperties": False,
        },
    },
}

_NOTE = re.compile(r"<<([^<>\n]*)=([^<>=\n]*)>>")
_HASHES = "####"


@attrs.frozen(kw_only=True)
class ToolFormatter:
    r"""Turn a solution with calculator notes into a conversation with calculator calls.

    Each note becomes a call of the tool `calculator`; its result is worked out by mathtune, exactly, and has
    to be what the note says, rounded where the note is.

    Attributes:
        chat: How the problem is asked.

    >>> from mathtune.problems import read_problems
    >>> text = "She has 3*4 = <<3*4=12>>12 eggs.\n#### 12"
    >>> (p,) = read_problems([{"question": "How many eggs?", "answer": text}])
    >>> for message in ToolFormatter().format(p).messages[1:]:
    ...     print(message.role, repr(message.content))
    assistant 'She has 3*4 ='
    tool '12'
    assistant '12 eggs.\n\nThe final answer is $\\boxed{12}$.'
    """

    chat: ChatFormatter = attrs.field(factory=ChatFormatter)

    def format(self, problem: Problem) -> Example:
        """Give the conversation.

        Raises:
            DataError: There is no note, or one that is not right; the problem's id is named.
        """
        text = _noted(problem)
        messages = (*self.chat.messages(problem), *_spoken(problem, text))
        return Example(messages, tools=(CALCULATOR,), parallel_tool_calls=False)

    def format_all(
        self, problems: Iterable[Problem], *, on_error: Literal["raise", "skip"] = "raise"
    ) -> list[Example]:
        """Give one example for each problem, in order.

        Args:
            problems: The problems.
            on_error: What to do with a problem without notes, or with one that is not right: `"raise"`, or
                `"skip"` it and warn.

        Raises:
            DataError: A problem has no note, or one that is not right; its id is named.
        """
        if on_error == "raise":
            return [self.format(problem) for problem in Problems(problems)]
        tried = [self._tried(problem) for problem in Problems(problems)]
        if skipped := [error for error in tried if isinstance(error, DataError)]:
            warnings.warn(f"{len(skipped)} problems were skipped; the first: {skipped[0]}", stacklevel=2)
        return [example for example in tried if isinstance(example, Example)]

    def _tried(self, problem: Problem) -> Example | DataError:
        try:
            return self.format(problem)
        except DataError as error:
            return error


def _noted(problem: Problem) -> str:
    """Give the solution with its notes: as it was read, or as the row had it."""
    for text in (problem.solution, *problem.metadata.values()):
        if isinstance(text, str) and _NOTE.search(text):
            before, hashes, _ = text.rpartition(_HASHES)
            return (before if hashes else text).strip()
    raise DataError(f"problem {problem.id!r} has no calculator notes <<...=...>>", field="solution")


def _spoken(problem: Problem, text: str) -> Iterator[Message]:
    end = 0
    for number, note in enumerate(_NOTE.finditer(text), 1):
        call = f"call_{number}"
        arguments = json.dumps({"expression": note[1].strip()})
        function = {"name": "calculator", "arguments": arguments}
        said = text[end : note.start()].strip()
        yield Message(
            "assistant", said or None, tool_calls=({"id": call, "type": "function", "function": function},)
        )
        yield Message("tool", _result(problem, note[1], note[2]), tool_call_id=call)
        end = note.end()
    yield Message("assistant", _closed(text[end:].strip(), problem))


def _result(problem: Problem, expression: str, noted: str) -> str:
    try:
        result = calculate(expression)
    except (LatexSyntaxError, ZeroDivisionError) as error:
        raise DataError(f"problem {problem.id!r}: {expression!r} cannot be calculated ({error})") from error
    if not equivalent(result, noted) and not equivalent(noted, result):
        raise DataError(f"problem {problem.id!r}: {expression!r} is {result}, the note says {noted!r}")
    return result


def _closed(said: str, problem: Problem) -> str:
    if problem.answer is None or last_boxed(said) is not None:
        return said
    return f"{said}\n\nThe final answer is $\\boxed{{{problem.answer}}}$.".strip()
