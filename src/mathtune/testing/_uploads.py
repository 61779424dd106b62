"""Large files in parts, without HTTP: begun, filled, and completed into a file or cancelled."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import attrs

from ._form import Upload
from ._refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Uploads"]

_SECONDS = 3_600


@attrs.define(eq=False)
class _Begun:
    """An upload and the parts that came, by id."""

    upload: dict[str, Any]
    parts: dict[str, bytes] = attrs.field(factory=dict)


class Uploads:
    """Uploads in parts.

    Args:
        store: Makes a file of a name, bytes and a purpose.
    """

    def __init__(self, store: Callable[[str, bytes, str], dict[str, Any]]) -> None:
        self._store = store
        self._begun: dict[str, _Begun] = {}

    def begin(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        now = int(time.time())
        upload = {
            "id": f"upload_{len(self._begun) + 1:04d}",
            "object": "upload",
            "bytes": asked["bytes"],
            "created_at": now,
            "expires_at": now + _SECONDS,
            "filename": asked["filename"],
            "purpose": asked["purpose"],
            "status": "pending",
        }
        self._begun[upload["id"]] = _Begun(upload)
        return upload

    def add_part(self, upload_id: str, form: Mapping[str, str | Upload]) -> dict[str, Any]:
        begun, data = self._pending(upload_id), form.get("data")
        if not isinstance(data, Upload):
            raise Refusal(400, "'data' is a required property", param="data")
        part_id = f"part_{upload_id.removeprefix('upload_')}_{len(begun.parts) + 1:04d}"
        begun.parts[part_id] = data.content
        return {
            "id": part_id,
            "object": "upload.part",
            "created_at": int(time.time()),
            "upload_id": upload_id,
        }

    def complete(self, upload_id: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        begun = self._pending(upload_id)
        for part_id in asked["part_ids"]:
            if not isinstance(part_id, str) or part_id not in begun.parts:
                raise Refusal(400, f"The upload has no part {part_id}.", param="part_ids")
        content = b"".join(begun.parts[part_id] for part_id in asked["part_ids"])
        if len(content) != begun.upload["bytes"]:
            text = f"Expected {begun.upload['bytes']} bytes, got {len(content)}."
            raise Refusal(400, text, param="part_ids")
        if asked.get("md5") not in {None, hashlib.md5(content, usedforsecurity=False).hexdigest()}:
            raise Refusal(400, "The checksum is another one.", param="md5")
        begun.parts.clear()
        file = self._store(begun.upload["filename"], content, begun.upload["purpose"])
        begun.upload.update(status="completed", file=file)
        return begun.upload

    def cancel(self, upload_id: str) -> dict[str, Any]:
        begun = self._pending(upload_id)
        begun.parts.clear()
        begun.upload["status"] = "cancelled"
        return begun.upload

    def _pending(self, upload_id: str) -> _Begun:
        if upload_id not in self._begun:
            raise Refusal(404, f"No such Upload object: {upload_id}", param="id")
        begun = self._begun[upload_id]
        if begun.upload["status"] != "pending":
            raise Refusal(400, f"The upload is {begun.upload['status']}.", code="invalid_upload_status")
        return begun
