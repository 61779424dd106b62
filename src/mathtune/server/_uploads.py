"""Large files in parts: an upload is begun, gets parts, and becomes a file when it is completed."""

from __future__ import annotations

import hashlib
import io
import secrets
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from ._arguments import fields, integer, list_of, nullable, one_of, text
from ._errors import ApiError, invalid, no_such
from ._files import UPLOAD_PURPOSES, remove_strays, store_stream
from ._ids import new_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ._database import Database
    from ._files import FileStore

LARGEST_PART: Final = 64 << 20  # bytes; these bounds are OpenAI's
LARGEST_UPLOAD: Final = 8 << 30
SECONDS: Final = 3_600
CHUNK: Final = 1 << 20

EXPIRY: Final = fields(
    {"anchor": one_of("created_at"), "seconds": integer(3_600, 2_592_000)}, required=("anchor", "seconds")
)
BEGINNING: Final = fields(
    {
        "filename": text(shortest=1),
        "purpose": one_of(*UPLOAD_PURPOSES),
        "bytes": integer(1, LARGEST_UPLOAD),
        "mime_type": text(),
        "expires_after": nullable(EXPIRY),
    },
    required=("filename", "purpose", "bytes", "mime_type"),
)
COMPLETION: Final = fields(
    {"part_ids": list_of(text(), shortest=1), "md5": nullable(text())}, required=("part_ids",)
)


class UploadStore:
    """Uploads of the protocol.

    Args:
        database: The server's memory.
        files: Where a completed upload becomes a file.
        folder: Where parts lie meanwhile.
        clock: Seconds since 1970.
    """

    def __init__(
        self, database: Database, files: FileStore, folder: Path, *, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._files = files
        self._folder = folder
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)

    def begin(self, body: object) -> dict[str, Any]:
        """Begin an upload.

        Raises:
            ApiError: 400; the argument is named.
        """
        given = BEGINNING(body, "")
        upload_id, now = new_id("upload_"), int(self._clock())
        values = (
            upload_id,
            given["filename"],
            given["purpose"],
            given["bytes"],
            now,
            now + SECONDS,
            (given.get("expires_after") or {}).get("seconds"),
        )
        with self._database.change() as connection:
            connection.execute(
                "INSERT INTO uploads (id, status, filename, purpose, bytes, created_at, expires_at,"
                " file_expires_in) VALUES (?, 'pending', ?, ?, ?, ?, ?, ?)",
                values,
            )
        return self._view(upload_id)

    def add_part(self, upload_id: str, stream: BinaryIO) -> dict[str, Any]:
        """Keep a part.

        Raises:
            ApiError: 404; 400 for an upload that takes no more; 413.
        """
        self._pending(upload_id)
        path = self._folder / secrets.token_hex(16)
        part = {
            "id": new_id("part_"),
            "object": "upload.part",
            "created_at": int(self._clock()),
            "upload_id": upload_id,
        }
        try:
            size, _ = store_stream(stream, path, largest=LARGEST_PART)
            with self._database.change() as connection:
                connection.execute(
                    "INSERT INTO upload_parts (id, upload_id, created_at, bytes, blob)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (part["id"], upload_id, part["created_at"], size, path.name),
                )
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return part

    def complete(self, upload_id: str, body: object) -> dict[str, Any]:
        """Make the parts a file, in the order that is asked for.

        Raises:
            ApiError: 404; 400, when parts, size or checksum are not what was promised.
        """
        row, given = self._pending(upload_id), COMPLETION(body, "")
        paths = self._parts(upload_id, given["part_ids"], row["bytes"])
        if given.get("md5") is not None and given["md5"].lower() != _md5(paths):
            raise invalid("The checksum of the parts is another one.", "md5", "checksum_mismatch")
        made = self._files.add(
            io.BufferedReader(_Joined(paths)),
            filename=row["filename"],
            purpose=row["purpose"],
            expires_in=row["file_expires_in"],
        )
        self._end(upload_id, "completed", made["id"])
        return {**self._view(upload_id), "file": made}

    def cancel(self, upload_id: str) -> dict[str, Any]:
        """Cancel an upload and forget its parts.

        Raises:
            ApiError: 404; 400 for an upload that has ended.
        """
        self._pending(upload_id)
        self._end(upload_id, "cancelled", None)
        return self._view(upload_id)

    def sweep(self) -> None:
        """Remove the parts of uploads that have ended or expired, and bytes that no part has."""
        now = int(self._clock())
        with self._database.change() as connection:
            query = "UPDATE uploads SET status = 'expired' WHERE status = 'pending' AND expires_at <= ?"
            connection.execute(query, (now,))
            connection.execute(
                "DELETE FROM upload_parts WHERE upload_id NOT IN"
                " (SELECT id FROM uploads WHERE status = 'pending')"
            )
        known = {row["blob"] for row in self._database.rows("SELECT blob FROM upload_parts")}
        remove_strays(self._folder, known)

    def _pending(self, upload_id: str) -> sqlite3.Row:
        row = self._row(upload_id)
        status = "expired" if row["expires_at"] <= self._clock() else row["status"]
        if status != "pending":
            raise ApiError(400, f"The upload is {status}.", code="invalid_upload_status")
        return row

    def _row(self, upload_id: str) -> sqlite3.Row:
        row = self._database.row("SELECT * FROM uploads WHERE id = ?", (upload_id,))
        if row is None:
            raise no_such("Upload", upload_id)
        return row

    def _parts(self, upload_id: str, part_ids: Sequence[str], size: int) -> list[Path]:
        query = "SELECT * FROM upload_parts WHERE upload_id = ?"
        parts = {row["id"]: row for row in self._database.rows(query, (upload_id,))}
        for part_id in part_ids:
            if part_id not in parts:
                raise invalid(f"The upload has no part {part_id}.", "part_ids", "unknown_part")
        total = sum(parts[part_id]["bytes"] for part_id in part_ids)
        if total != size:
            message = f"The parts have {total} bytes; the upload was begun for {size}."
            raise invalid(message, "part_ids", "size_mismatch")
        return [self._folder / parts[part_id]["blob"] for part_id in part_ids]

    def _end(self, upload_id: str, status: str, file_id: str | None) -> None:
        query = "SELECT blob FROM upload_parts WHERE upload_id = ?"
        blobs = [row["blob"] for row in self._database.rows(query, (upload_id,))]
        with self._database.change() as connection:
            connection.execute("DELETE FROM upload_parts WHERE upload_id = ?", (upload_id,))
            connection.execute(
                "UPDATE uploads SET status = ?, file_id = ? WHERE id = ?", (status, file_id, upload_id)
            )
        for blob in blobs:
            (self._folder / blob).unlink(missing_ok=True)

    def _view(self, upload_id: str) -> dict[str, Any]:
        row = self._row(upload_id)
        names = ("id", "filename", "bytes", "purpose", "status", "created_at", "expires_at")
        return {"object": "upload", **{name: row[name] for name in names}}


class _Joined(io.RawIOBase):
    """Files one after another, read as one."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self._left = list(paths)
        self._stream: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:  # noqa: ANN401  (any buffer)
        while True:
            if self._stream is None:
                if not self._left:
                    return 0
                self._stream = self._left.pop(0).open("rb")
            piece = self._stream.read(len(target))
            if piece:
                target[: len(piece)] = piece
                return len(piece)
            self._stream.close()
            self._stream = None


def _md5(paths: Sequence[Path]) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    for path in paths:
        with path.open("rb") as stream:
            while piece := stream.read(CHUNK):
                digest.update(piece)
    return digest.hexdigest()
