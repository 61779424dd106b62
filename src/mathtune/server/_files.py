"""Uploaded and produced files: bytes on disk under generated names, facts in the database."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from mathtune.files import write_text

from ._arguments import one_of
from ._errors import ApiError, no_such
from ._file_check import check_json_lines
from ._idempotency import forget, made_before, remember
from ._ids import new_id
from ._pages import Page, read_page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container
    from pathlib import Path

    from ._database import Database

UPLOAD_PURPOSES: Final = ("fine-tune", "batch", "user_data")
JSON_LINES_PURPOSES: Final = frozenset({"fine-tune", "batch"})
CHUNK: Final = 1 << 20


class FileStore:
    """Files of the protocol.

    Args:
        database: The server's memory.
        folder: Where the bytes lie.
        clock: Seconds since 1970.
        largest: The most bytes a file may have.
    """

    def __init__(self, database: Database, folder: Path, *, clock: Callable[[], float], largest: int) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._largest = largest
        folder.mkdir(parents=True, exist_ok=True)

    def add(
        self,
        stream: BinaryIO,
        *,
        filename: str,
        purpose: str,
        expires_in: int | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Keep an upload, unless an earlier one with the same idempotency key has been kept.

        Raises:
            ApiError: 400 for a wrong purpose or bad JSON lines, 413 for too many bytes.
        """
        one_of(*UPLOAD_PURPOSES)(purpose, "purpose")
        path = self._folder / secrets.token_hex(16)
        try:
            size, content = store_stream(stream, path, largest=self._largest)
            if purpose in JSON_LINES_PURPOSES:
                with path.open("rb") as lines:
                    check_json_lines(lines)
            digest = json.dumps([filename, purpose, expires_in, content])
            with self._database.change() as connection:
                made = made_before(connection, "files", key, digest)
                if made is None:
                    view = self._insert(
                        connection, path, filename, purpose=purpose, size=size, expires_in=expires_in
                    )
                    now = self._clock()
                    remember(connection, "files", key, digest, object_id=view["id"], now=now)
                    return view
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        path.unlink()
        return self.get(made)

    def write(
        self,
        connection: sqlite3.Connection,
        text: str,
        *,
        filename: str,
        purpose: str,
        expires_in: int | None = None,
    ) -> str:
        """Keep text that the server made, inside the caller's transaction; give the file's id."""
        path = write_text(self._folder / secrets.token_hex(16), text)
        size = path.stat().st_size
        view = self._insert(connection, path, filename, purpose=purpose, size=size, expires_in=expires_in)
        return str(view["id"])

    def get(self, file_id: str) -> dict[str, Any]:
        """Give a file's facts.

        Raises:
            ApiError: 404.
        """
        return _view(self._row(file_id))

    def path(self, file_id: str) -> Path:
        """Give where a file's bytes lie.

        Raises:
            ApiError: 404.
        """
        return self._folder / str(self._row(file_id)["blob"])

    def page(self, *, purpose: str | None, after: str | None, limit: int, order: str) -> Page:
        """Give a page of files."""
        where = "(expires_at IS NULL OR expires_at > ?)"
        values: list[Any] = [int(self._clock())]
        if purpose is not None:
            where, values = f"{where} AND purpose = ?", [*values, purpose]
        page = read_page(self._database, "files", where, values, after=after, limit=limit, order=order)
        return page.map(_view)

    def delete(self, file_id: str) -> dict[str, Any]:
        """Forget a file and its bytes; jobs that have it keep their own copy.

        Raises:
            ApiError: 404.
        """
        path = self.path(file_id)
        with self._database.change() as connection:
            connection.execute("DELETE FROM files WHERE id = ?", (file_id,))
            forget(connection, "files", file_id)
        path.unlink(missing_ok=True)
        return {"id": file_id, "object": "file", "deleted": True}

    def sweep(self) -> None:
        """Remove expired files, and bytes that no file has (left by a kill)."""
        with self._database.change() as connection:
            gone = "SELECT id FROM files WHERE expires_at <= ?"
            for row in connection.execute(gone, (int(self._clock()),)).fetchall():
                connection.execute("DELETE FROM files WHERE id = ?", (row["id"],))
                forget(connection, "files", row["id"])
        known = {row["blob"] for row in self._database.rows("SELECT blob FROM files")}
        remove_strays(self._folder, known)

    def _insert(
        self,
        connection: sqlite3.Connection,
        path: Path,
        filename: str,
        *,
        purpose: str,
        size: int,
        expires_in: int | None,
    ) -> dict[str, Any]:
        now, file_id = int(self._clock()), new_id("file-")
        connection.execute(
            "INSERT INTO files (id, purpose, filename, bytes, created_at, expires_at, blob)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (file_id, purpose, filename, size, now, expires_in and now + expires_in, path.name),
        )
        row = connection.execute("SELECT * FROM files WHERE id = ?", (file_id,)).fetchone()
        return _view(row)

    def _row(self, file_id: str) -> sqlite3.Row:
        now = int(self._clock())
        query = "SELECT * FROM files WHERE id = ? AND (expires_at IS NULL OR expires_at > ?)"
        row = self._database.row(query, (file_id, now))
        if row is None:
            raise no_such("File", file_id)
        return row


def remove_strays(folder: Path, known: Container[str]) -> None:
    """Remove the files of a folder that have none of the known names; folders are not ours, and stay."""
    for path in folder.iterdir():
        if path.name not in known and path.is_file():
            path.unlink()


def store_stream(stream: BinaryIO, path: Path, *, largest: int) -> tuple[int, str]:
    """Write a stream to a new file, safe from a power cut; give the number of bytes and their SHA-256.

    Raises:
        ApiError: 413, when there are more than `largest`.
    """
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as target:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > largest:
                message = f"File too large: at most {largest} bytes are taken."
                raise ApiError(413, message, param="file", code="file_too_large")
            target.write(chunk)
            digest.update(chunk)
        target.flush()
        os.fsync(target.fileno())
    return size, digest.hexdigest()


def _view(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "object": "file",
        "bytes": row["bytes"],
        "created_at": row["created_at"],
        "expires_at": row["expires_at"],
        "filename": row["filename"],
        "purpose": row["purpose"],
        "status": "processed",
        "status_details": None,
    }
