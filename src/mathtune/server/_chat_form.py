"""What a chat's answer has to be: `tools`, `tool_choice` and `response_format`, read and checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ._arguments import boolean, fields, mapping, nullable, one_of, text
from ._errors import invalid, unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._arguments import Check

LONGEST_SCHEMA: Final = 100_000  # characters of all schemas that an answer is held to, as JSON
ANY_OBJECT: Final = {"type": "object"}


def _described(document: str) -> Check:
    """Check a JSON schema with a name and a description; `document` is the argument that holds it."""
    return fields(
        {
            "name": text(shortest=1, longest=64),
            "description": nullable(text()),
            document: nullable(mapping),
            "strict": nullable(boolean),
        },
        required=("name",),
    )


CALL: Final = fields(
    {
        "id": text(),
        "type": one_of("function"),
        "function": fields({"name": text(shortest=1), "arguments": text()}, required=("name", "arguments")),
    },
    required=("id", "type", "function"),
)
TOOL: Final = fields(
    {"type": one_of("function"), "function": _described("parameters")}, required=("type", "function")
)
_FORMATS: Final[Mapping[str, Check]] = {
    "text": fields({"type": one_of("text")}),
    "json_object": fields({"type": one_of("json_object")}),
    "json_schema": fields(
        {"type": one_of("json_schema"), "json_schema": _described("schema")}, required=("json_schema",)
    ),
}
_NAMED: Final = fields(
    {"type": one_of("function"), "function": fields({"name": text(shortest=1)}, required=("name",))},
    required=("function",),
)


def response_format(value: Any, path: str) -> Mapping[str, Any]:  # noqa: ANN401  (a check takes any JSON value)
    """Check a `response_format`."""
    kind = one_of(*_FORMATS)(mapping(value, path).get("type"), f"{path}.type")
    found: Mapping[str, Any] = _FORMATS[kind](value, path)
    return found


def tool_choice(value: Any, path: str) -> str | Mapping[str, Any]:  # noqa: ANN401  (a check takes any JSON value)
    """Check a `tool_choice`."""
    if isinstance(value, str):
        return str(one_of("none", "auto", "required")(value, path))
    if mapping(value, path).get("type") in ("allowed_tools", "custom"):
        raise unsupported(path, f"This server does not support a '{path}' of type '{value['type']}'.")
    found: Mapping[str, Any] = _NAMED(value, path)
    return found


def read_form(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a `GenerationRequest` that say what an answer has to be.

    Args:
        given: Arguments of a chat that were checked one by one.

    Raises:
        ApiError: 400; a named tool is not there, or schemas are too long.
    """
    choice = given.get("tool_choice", "auto")
    tools = () if choice == "none" else given.get("tools", ())
    names = [tool["function"]["name"] for tool in tools]
    must_call: tuple[str, ...] = ()
    if choice == "required":
        must_call = tuple(names)
    elif isinstance(choice, dict):
        must_call = (choice["function"]["name"],)
        if must_call[0] not in names:
            message = f"Tool choice 'function:{must_call[0]}' not found in 'tools' parameter."
            raise invalid(message, "tool_choice")
    schema = _schema(given.get("response_format", {}))
    functions = [tool["function"] for tool in tools]
    held = [each for each in functions if must_call or schema or each.get("strict")]
    if len(json.dumps([schema, *(each.get("parameters") for each in held)])) > LONGEST_SCHEMA:
        where = "response_format" if schema else "tools"
        message = f"Invalid schema for '{where}': more than {LONGEST_SCHEMA} characters."
        raise invalid(message, where, "invalid_json_schema")
    return {"tools": tools, "must_call": must_call, "schema": schema}


def _schema(given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    kind = given.get("type", "text")
    if kind == "text":
        return None
    schema: Mapping[str, Any] | None = given.get("json_schema", {}).get("schema")
    return ANY_OBJECT if schema is None else schema
