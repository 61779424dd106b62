"""One line of a chat fine-tuning file as a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from mathtune.errors import ExampleError

__all__ = ["Example", "Message"]


def _in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(messages)


def _objects(tools: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(tools)


@attrs.frozen
class Message:
    """One message of a conversation.

    Attributes:
        role: "system", "user", "assistant" or "tool".
        content: The text; None beside tool calls; a tuple of parts where text and images mix.
        weight: 0 keeps an assistant's message out of the loss, 1 (and None) keeps it in.
        name: The speaker's name, where several share a role.
        tool_calls: What the assistant calls, each as the protocol writes it.
        tool_call_id: Which call a message of role "tool" answers.

    >>> Message("user", "What is $2+2$?").to_dict()
    {'role': 'user', 'content': 'What is $2+2$?'}
    """

    role: str
    content: str | tuple[Mapping[str, Any], ...] | None
    weight: int | None = attrs.field(default=None, kw_only=True)
    name: str | None = attrs.field(default=None, kw_only=True)
    tool_calls: tuple[Mapping[str, Any], ...] = attrs.field(default=(), kw_only=True)
    tool_call_id: str | None = attrs.field(default=None, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Give the message as the protocol's object, without what is not set."""
        row: dict[str, Any] = {"role": self.role, "content": _listed(self.content)}
        row |= {key: value for key in ("weight", "name") if (value := getattr(self, key)) is not None}
        if self.tool_calls:
            row["tool_calls"] = list(self.tool_calls)
        if self.tool_call_id is not None:
            row["tool_call_id"] = self.tool_call_id
        return row

    @classmethod
    def from_dict(cls, row: object) -> Message:
        """Read the protocol's object.

        Raises:
            ExampleError: It is no object, lacks a role, or has a key that a message cannot hold.
        """
        if not isinstance(row, Mapping):
            raise ExampleError(f"expected an object, found {type(row).__name__}", field="messages")
        if not isinstance(row.get("role"), str):
            raise ExampleError("expected a text, found none", field="role")
        if unknown := sorted(set(row) - _MESSAGE_KEYS):
            raise ExampleError("not a key of a message", field=unknown[0])
        content, calls = row.get("content"), row.get("tool_calls") or ()
        return cls(
            row["role"],
            tuple(content) if isinstance(content, list) else content,
            weight=row.get("weight"),
            name=row.get("name"),
            tool_calls=tuple(calls),
            tool_call_id=row.get("tool_call_id"),
        )


_MESSAGE_KEYS = {a.name for a in attrs.fields(Message)}


@attrs.frozen
class Example:
    """A conversation to learn from: the asking part and the assistant's answer.

    Attributes:
        messages: The conversation in order; the last one is the assistant's.
        tools: The tools that the assistant may call, each as the protocol writes it.
        parallel_tool_calls: False where the assistant calls one tool at a time.

    >>> example = Example((Message("user", "1+1?"), Message("assistant", "2")))
    >>> Example.from_dict(example.to_dict()) == example
    True
    """

    messages: tuple[Message, ...] = attrs.field(converter=_in_order)
    tools: tuple[Mapping[str, Any], ...] = attrs.field(default=(), converter=_objects, kw_only=True)
    parallel_tool_calls: bool | None = attrs.field(default=None, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """Give the line's object: `{"messages": [...]}`, with tools where there are some."""
        row: dict[str, Any] = {"messages": [message.to_dict() for message in self.messages]}
        if self.tools:
            row["tools"] = list(self.tools)
        if self.parallel_tool_calls is not None:
            row["parallel_tool_calls"] = self.parallel_tool_calls
        return row

    @classmethod
    def from_dict(cls, row: object) -> Example:
        """Read a line's object. `check_examples` says more about a bad one.

        Raises:
            ExampleError: It is no object with a list of messages, or has an unknown key.
        """
        if not isinstance(row, Mapping):
            raise ExampleError(f"expected an object, found {type(row).__name__}")
        if not isinstance(row.get("messages"), (list, tuple)):
            raise ExampleError("expected a list of messages", field="messages")
        if unknown := sorted(set(row) - _EXAMPLE_KEYS):
            raise ExampleError("not a key of an example", field=unknown[0])
        return cls(
            tuple(Message.from_dict(message) for message in row["messages"]),
            tools=tuple(row.get("tools") or ()),
            parallel_tool_calls=row.get("parallel_tool_calls"),
        )


_EXAMPLE_KEYS = {a.name for a in attrs.fields(Example)}


def _listed(content: str | tuple[Mapping[str, Any], ...] | None) -> str | list[Mapping[str, Any]] | None:
    return list(content) if isinstance(content, tuple) else content
