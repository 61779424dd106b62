"""The body of a request: read, and refused where the protocol refuses it, before anything acts on it."""

from __future__ import annotations

import json
from typing import Any, Final

from ._form import read_form
from ._refusal import Refusal

__all__ = ["read_body", "require_body"]

_NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "upload": ("file", "purpose"),
    "begin_upload": ("filename", "purpose", "bytes", "mime_type"),
    "add_part": ("data",),
    "complete_upload": ("part_ids",),
    "create_job": ("model", "training_file"),
    "chat": ("model", "messages"),
}
# Arguments that the stub looks into, whatever the request; null counts as left out.
_TYPES: Final[dict[str, type]] = {
    "bytes": int,
    "filename": str,
    "md5": str,
    "messages": list,
    "metadata": dict,
    "method": dict,
    "model": str,
    "n": int,
    "part_ids": list,
    "suffix": str,
    "training_file": str,
    "validation_file": str,
}
_TYPE_NAMES: Final[dict[type, str]] = {
    int: "an integer",
    str: "a string",
    list: "an array",
    dict: "an object",
    bool: "a boolean",
    float: "a decimal",
}


def read_body(content_type: str, raw: bytes) -> Any:  # noqa: ANN401  (a JSON body or a form)
    """Give a body's JSON or form, None without a body, and its bytes where they are neither."""
    if not raw:
        return None
    try:
        return read_form(content_type, raw) if content_type.startswith("multipart/") else json.loads(raw)
    except (ValueError, RecursionError):
        return raw


def require_body(kind: str, body: Any) -> None:  # noqa: ANN401  (a JSON body or a form)
    """Check what `read_body` gave for a kind of request.

    Raises:
        Refusal: 400, or 404 for an unknown kind.
    """
    if kind == "unknown":
        raise Refusal(404, "Unknown request URL.", code="unknown_url")
    if isinstance(body, bytes):
        raise Refusal(400, "We could not parse the body of your request: it is neither JSON nor a form.")
    if kind in _NEEDED and not isinstance(body, dict):
        raise Refusal(400, f"Expected an object as the body of your request, got {type(body).__name__}.")
    for name in _NEEDED.get(kind, ()):
        if name not in body:
            raise Refusal(400, f"Missing required parameter: '{name}'.", param=name)
        _require_type(name, body[name])
    if isinstance(body, dict):
        for name, value in body.items():
            if value is not None:
                _require_type(name, value)


def _require_type(name: str, value: object) -> None:
    wanted = _TYPES.get(name, object)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        found = _TYPE_NAMES.get(type(value), "null")
        text = f"Invalid type for '{name}': expected {_TYPE_NAMES[wanted]}, but got {found} instead."
        raise Refusal(400, text, param=name, code="invalid_type")
