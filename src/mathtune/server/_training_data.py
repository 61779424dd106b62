"""Training lines -> token ids with labels: loss on the assistant's tokens, none where a message has weight 0.

Written here and not left to TRL, which knows no `weight` and refuses templates without generation marks.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import attrs

from mathtune.errors import DataError
from mathtune.files import read_json_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ._loading import Tokenizer

    Messages = Sequence[Mapping[str, Any]]
    Span = tuple[int, int]

__all__ = ["IGNORED", "TokenRow", "encoded", "plain_message", "read_rows"]

IGNORED: Final = -100  # what torch's cross entropy leaves out


@attrs.frozen
class TokenRow:
    """Tokens to learn from; labels are `IGNORED` where nothing is to be learnt."""

    input_ids: list[int]
    labels: list[int]


def read_rows(path: Path, tokenizer: Tokenizer, *, limit: int) -> list[TokenRow]:
    """Read a chat file; cut what is longer than the model's window at its end, as OpenAI does.

    An example is a row. Where the model's chat template writes a conversation's past otherwise than it wrote
    its present (as reasoning models' do), each assistant message is a row of its own, after its past.

    Args:
        path: JSON lines, each with `messages`, and `tools` where the assistant calls some.
        tokenizer: A tokenizer of transformers with a chat template.
        limit: The most tokens of a row.

    Raises:
        DataError: A line is not a chat example, or the model's chat template cannot write it; it is named.
    """
    rows: list[TokenRow] = []
    for number, line in read_json_lines(path):
        try:
            learnt = _tokenized(line, tokenizer)
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"cannot be used for training: {error}", path=path, line=number) from error
        rows += [TokenRow(row.input_ids[:limit], row.labels[:limit]) for row in learnt]
    return rows


def plain_message(message: Mapping[str, Any]) -> dict[str, Any]:
    """Give a message as chat templates want it: content one text, arguments of calls objects, no weight."""
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(part["text"] for part in content)
    plain = {
        name: message[name] for name in ("role", "name", "tool_call_id") if message.get(name) is not None
    }
    plain["content"] = content or ""
    if calls := message.get("tool_calls"):
        plain["tool_calls"] = [
            {**call, "function": {**call["function"], "arguments": _arguments(call["function"]["arguments"])}}
            for call in calls
        ]
    return plain


def encoded(
    messages: Messages, tokenizer: Tokenizer, tools: Sequence[Mapping[str, Any]] = (), **options: bool
) -> Mapping[str, list[int]]:
    """Give a conversation's tokens as the model's chat template writes them.

    Raises:
        ValueError: The template refuses the messages.
    """
    from jinja2 import TemplateError

    try:
        found = tokenizer.apply_chat_template(
            list(messages), tools=list(tools) or None, tokenize=True, return_dict=True, **options
        )
    except TemplateError as error:
        raise ValueError(f"the model's chat template refuses these messages: {error}") from error
    return {name: list(ids) for name, ids in found.items()}


def _tokenized(line: Mapping[str, Any], tokenizer: Tokenizer) -> list[TokenRow]:
    for number, message in enumerate(line["messages"], 1):
        if message.get("content") is None and not message.get("tool_calls"):
            raise ValueError(f"message {number} has no content")
    weights = [_weight(message) for message in line["messages"] if message["role"] == "assistant"]
    conversation = _Conversation([plain_message(message) for message in line["messages"]], line, tokenizer)
    conversation.check_tools()
    found = conversation.marked() or conversation.by_prefixes()
    if found is None:
        turns = zip(conversation.turns(), weights, strict=True)
        return [_row(ids, [span], [1]) for (ids, span), weight in turns if weight]
    ids, spans = found
    return [_row(ids, spans, weights)]


def _row(ids: list[int], spans: Sequence[Span], weights: Sequence[int]) -> TokenRow:
    labels = [IGNORED] * len(ids)
    for (start, end), weight in zip(spans, weights, strict=True):
        if weight:
            labels[start:end] = ids[start:end]
    return TokenRow(ids, labels)


def _weight(message: Mapping[str, Any]) -> int:
    weight = message.get("weight")
    if weight not in (None, 0, 1):
        raise ValueError(f"weight is {weight!r}, expected 0 or 1")
    return 1 if weight is None else int(weight)


def _arguments(text: Any) -> Any:  # noqa: ANN401  (the protocol's text, or already what it says)
    """Read the arguments of a call: templates write an object, the protocol a text that holds one."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the arguments of a tool call are not JSON: {text[:40]!r}") from error


class _Conversation:
    """An example as a model's chat template writes it."""

    def __init__(self, messages: Messages, line: Mapping[str, Any], tokenizer: Tokenizer) -> None:
        self._messages = messages
        self._tools = line.get("tools") or ()
        self._tokenizer = tokenizer
        self._answers = [n for n, message in enumerate(messages) if message["role"] == "assistant"]

    def check_tools(self) -> None:
        """Raise unless the template writes the tools, the calls and their results."""
        calls = [call for message in self._messages for call in message.get("tool_calls", ())]
        results = [message["content"] for message in self._messages if message["role"] == "tool"]
        if not (self._tools or calls or results):
            return
        text = self._tokenizer.decode(self._encoded(self._messages)["input_ids"])
        names = [tool["function"]["name"] for tool in (*self._tools, *calls)]
        if not all(words.strip() in text for words in (*names, *results)):
            raise ValueError("the model's chat template does not write tools, their calls and results")

    def marked(self) -> tuple[list[int], list[Span]] | None:
        """Give ids and the spans that the template marks as the assistant's; None if it marks no such."""
        if "{% generation" not in _unspaced(self._tokenizer.chat_template):
            return None
        found = self._encoded(self._messages, return_assistant_tokens_mask=True)
        spans, start = [], 0
        for marked, run in groupby(found["assistant_masks"]):
            end = start + len(list(run))
            if marked:
                spans.append((start, end))
            start = end
        return (found["input_ids"], spans) if len(spans) == len(self._answers) else None

    def by_prefixes(self) -> tuple[list[int], list[Span]] | None:
        """Give ids and the assistant's spans as what each message adds; None if the past changes."""
        ids, spans = self._encoded(self._messages)["input_ids"], []
        for index in self._answers:
            before, after = self._around(index)
            if ids[: len(after)] != after or ids[: len(before)] != before:
                return None
            spans.append((len(before), self._end(ids, len(before), len(after))))
        return ids, spans

    def turns(self) -> Iterator[tuple[list[int], Span]]:
        """Give each assistant message after what came before it, as the model will see that."""
        for index in self._answers:
            before, after = self._around(index)
            if after[: len(before)] != before:
                raise ValueError(
                    "the model's chat template changes a question when it is answered; give it "
                    "{% generation %} marks"
                )
            yield after, (len(before), self._end(after, len(before), len(after)))

    def _around(self, index: int) -> tuple[list[int], list[int]]:
        before = self._encoded(self._messages[:index], add_generation_prompt=True)["input_ids"]
        return before, self._encoded(self._messages[: index + 1])["input_ids"]

    def _end(self, ids: list[int], start: int, end: int) -> int:
        """Give where an answer ends: after its end mark, and before the break that a template puts there."""
        last = next((n for n in reversed(range(start, end)) if ids[n] == self._tokenizer.eos_token_id), None)
        if last is None or self._tokenizer.decode(ids[last + 1 : end]).strip():
            return end
        return last + 1

    def _encoded(self, messages: Messages, **options: bool) -> Mapping[str, list[int]]:
        return encoded(messages, self._tokenizer, self._tools, **options)


def _unspaced(template: object) -> str:
    return str(template).replace("{%-", "{%").replace("{%generation", "{% generation")
