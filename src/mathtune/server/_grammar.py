"""What an answer has to be -> which tokens may come next, by llguidance: JSON of a schema, calls of tools.

A grammar is written here in llguidance's own dialect of Lark; it turns grammars into masks over a vocabulary,
with bounds on the work that a client's schema can cause.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mathtune.errors import MissingExtraError

from ._prompt import RefusedError
from ._tool_calls import CALL_BEGINS, CALL_ENDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from ._generator import GenerationRequest
    from ._loading import LoadedModel, Tokenizer

    Matcher: TypeAlias = Any  # of llguidance

ANY_OBJECT: Final = {"type": "object"}
# As Python writes JSON, and no other space: a small model would write nothing else for long.
SPACE: Final = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}

# Any text, in which the mark of a call begins a call.
TEXT_WITH_CALLS: Final = (
    "start: spoken* TEXT",
    "spoken: begun body",
    f"begun[lazy]: TEXT {json.dumps(CALL_BEGINS)}",
    r"TEXT: /(.|\n)*/",
)


class Follower:
    """Follows one answer while it is written.

    Args:
        matcher: At the beginning of the answer.

    Attributes:
        allowed: Whether each token of the vocabulary may come next.
        ended: Whether nothing can come any more.
        broken: Whether the grammar became too much work: nothing can be told of the rest.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self.ended = self.broken = False
        self.allowed = self._look()

    def take(self, token: int) -> None:
        """Go on by a token that is allowed."""
        self._matcher.consume_token(token)
        self.broken = self._matcher.is_error()
        self.ended = not self.broken and self._matcher.is_stopped()
        if not (self.broken or self.ended):
            self.allowed = self._look()

    def _look(self) -> NDArray[np.bool_]:
        mask = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        self.broken = self._matcher.is_error()
        return np.unpackbits(mask, bitorder="little").astype(bool)


def new_followers(loaded: LoadedModel, request: GenerationRequest, ends: frozenset[int]) -> list[Follower]:
    """Give a follower for each of a request's answers; none where they may be anything.

    Args:
        loaded: The model.
        request: What was asked.
        ends: The tokens that end an answer.

    Raises:
        RefusedError: The schema cannot be held to, or the vocabulary is of a kind that is not known.
        MissingExtraError: llguidance is not installed.
    """
    grammar = grammar_of(request)
    if grammar is None:
        return []
    try:
        from llguidance import LLMatcher
    except ModuleNotFoundError as error:
        raise MissingExtraError("llguidance", "local", "an answer of a given form") from error
    size = int(loaded.model.get_input_embeddings().weight.shape[0])
    tokens = _vocabulary(loaded.tokenizer, max(size, len(loaded.tokenizer)), ends)
    matcher = LLMatcher(tokens, grammar, log_level=0)
    if not matcher.is_error():
        matcher.compute_bitmask()  # some schemas turn out to allow nothing only here
    if matcher.is_error():
        raise _refusal(request, matcher.get_error())
    matcher.reset()
    return [Follower(matcher.deep_copy()) for _ in range(request.n)]


def grammar_of(request: GenerationRequest) -> str | None:
    """Give the grammar of what a request asks for; None where an answer may be any text.

    >>> from ._generator import GenerationRequest
    >>> print(grammar_of(GenerationRequest(messages=(), schema={"type": "object"})))
    start: json
    json: %json {"type": "object", "x-guidance": {...}}
    """
    functions = [tool["function"] for tool in request.tools]
    if request.must_call:
        demanded = [function for function in functions if function["name"] in request.must_call]
        return "\n".join(("start: calls", *_calls(demanded)))
    if request.schema is not None:
        start = "start: json | calls" if functions else "start: json"
        return "\n".join((start, f"json: {_json(request.schema)}", *_calls(functions)))
    if any(function.get("strict") for function in functions):
        return "\n".join((*TEXT_WITH_CALLS, *_bodies(functions, strict_only=True)))
    return None


def _calls(functions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give the rules of calls one after the other, in the form that is read."""
    if not functions:
        return []
    one = f"call: {json.dumps(CALL_BEGINS)} body"
    return ['calls: call ("\\n" call)*', one, *_bodies(functions)]


def _bodies(functions: Sequence[Mapping[str, Any]], *, strict_only: bool = False) -> list[str]:
    """Give the rules of what follows the mark of a call; each tool's arguments are a document of their own.

    Args:
        functions: The tools, of which one is called.
        strict_only: Whether only tools that ask for it have their arguments held to their schemas.
    """
    rules = ["body: " + " | ".join(f"body{number}" for number in range(len(functions)))]
    for number, function in enumerate(functions):
        opening = f'\n{{"name": {json.dumps(function["name"])}, "arguments": '
        closing = f"}}\n{CALL_ENDS}"
        held = function.get("strict") or not strict_only
        schema = (function.get("parameters") if held else None) or ANY_OBJECT
        rules.append(f"body{number}: {json.dumps(opening)} arguments{number} {json.dumps(closing)}")
        rules.append(f"arguments{number}: {_json(schema)}")
    return rules


def _json(schema: Mapping[str, Any]) -> str:
    return "%json " + json.dumps({**schema, "x-guidance": SPACE})


@functools.lru_cache(maxsize=8)
def _vocabulary(tokenizer: Tokenizer, size: int, ends: frozenset[int]) -> Any:  # noqa: ANN401  (of llguidance)
    from llguidance.hf import from_tokenizer

    try:
        return from_tokenizer(tokenizer, n_vocab=size, eos_token=sorted(ends))
    except ValueError as error:
        message = f"The answers of this model cannot be held to a form: {error}"
        raise RefusedError(message, code="unsupported_parameter", param="response_format") from error


def _refusal(request: GenerationRequest, said: str) -> RefusedError:
    where = "response_format" if request.schema is not None and not request.must_call else "tools"
    first = said.splitlines()[0] if said else "it allows nothing"
    return RefusedError(f"Invalid schema for '{where}': {first}", code="invalid_json_schema", param=where)
