"""The calls that fine-tuning makes, each giving the JSON that came, untouched.

openai's own types are bypassed on purpose: they drop nothing, but they misread (a `multi` grader comes
back as a `string_check`) and they change with its versions; the text of the answer does not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mathtune.client import translated
from mathtune.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from openai import OpenAI

__all__ = ["Wire"]


class Wire:
    """A server, seen as files, jobs and models.

    Args:
        client: The client to talk through. Its retries serve questions; what creates something is sent once.
    """

    def __init__(self, client: OpenAI) -> None:
        self._asking = client
        self._creating = client.with_options(max_retries=0)

    @property
    def url(self) -> str:
        """The server's address, without user, password and query, where keys can stand."""
        parts = urlsplit(str(self._asking.base_url))
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=host, query="", fragment="").geturl().rstrip("/")

    # files

    def upload(self, path: Path, name: str, purpose: str = "fine-tune") -> dict[str, Any]:
        files = self._creating.files.with_raw_response
        with path.open("rb") as stream:
            return _made(f"upload {path}", lambda: files.create(file=(name, stream), purpose=purpose))  # type: ignore[arg-type]  # (purposes are an open set)

    def begin_upload(self, name: str, size: int, purpose: str = "fine-tune") -> dict[str, Any]:
        uploads = self._creating.uploads.with_raw_response
        return _made(
            f"begin the upload of {name}",
            lambda: uploads.create(bytes=size, filename=name, mime_type="text/jsonl", purpose=purpose),  # type: ignore[arg-type]  # (purposes are an open set)
        )

    def add_part(self, upload_id: str, part: bytes) -> dict[str, Any]:
        parts = self._creating.uploads.parts.with_raw_response
        return _made(f"send a part of upload {upload_id}", lambda: parts.create(upload_id, data=part))

    def complete_upload(self, upload_id: str, part_ids: list[str], md5: str) -> dict[str, Any]:
        uploads = self._creating.uploads.with_raw_response
        return _json(
            f"complete upload {upload_id}", lambda: uploads.complete(upload_id, part_ids=part_ids, md5=md5)
        )

    def file(self, file_id: str) -> dict[str, Any]:
        return _json(
            f"look at file {file_id}", lambda: self._asking.files.with_raw_response.retrieve(file_id)
        )

    def files(self, purpose: str = "fine-tune") -> Iterator[dict[str, Any]]:
        listing = self._asking.files.with_raw_response
        return _rows("list the files", lambda after: listing.list(purpose=purpose, order="desc", **after))

    def content(self, file_id: str) -> bytes:
        with translated(f"download file {file_id}"):
            return self._asking.files.content(file_id).read()

    def delete_file(self, file_id: str) -> dict[str, Any]:
        return _json(f"delete file {file_id}", lambda: self._asking.files.with_raw_response.delete(file_id))

    # jobs

    def create(self, request: Mapping[str, Any], extra: Mapping[str, Any], key: str) -> dict[str, Any]:
        jobs = self._creating.fine_tuning.jobs.with_raw_response
        # OpenAI documents no Idempotency-Key for jobs; a server that knows it closes the last gap
        headers = {"Idempotency-Key": key}
        return _made(
            f"start a fine-tuning job of {request['model']}",
            lambda: jobs.create(**request, extra_body=dict(extra) or None, extra_headers=headers),
        )

    def jobs(self, metadata: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """List jobs, newest first; servers that cannot filter give them all."""
        listing = self._asking.fine_tuning.jobs.with_raw_response
        wanted: dict[str, Any] = {"metadata": dict(metadata)} if metadata else {}
        return _rows("list the fine-tuning jobs", lambda after: listing.list(limit=100, **wanted, **after))

    def job(self, job_id: str) -> dict[str, Any]:
        jobs = self._asking.fine_tuning.jobs.with_raw_response
        return _json(f"look at job {job_id}", lambda: jobs.retrieve(job_id))

    def tell(self, action: str, job_id: str) -> dict[str, Any]:
        """Cancel, pause or resume a job."""
        act = getattr(self._asking.fine_tuning.jobs.with_raw_response, action)
        return _json(f"{action} job {job_id}", lambda: act(job_id))

    def events(self, job_id: str) -> Iterator[dict[str, Any]]:
        """List events, newest first."""
        listing = self._asking.fine_tuning.jobs.with_raw_response
        doing = f"list the events of job {job_id}"
        return _rows(doing, lambda after: listing.list_events(job_id, limit=100, **after))

    def checkpoints(self, job_id: str) -> Iterator[dict[str, Any]]:
        listing = self._asking.fine_tuning.jobs.checkpoints.with_raw_response
        return _rows(f"list the checkpoints of job {job_id}", lambda after: listing.list(job_id, **after))

    # models

    def model(self, model: str) -> dict[str, Any]:
        return _json(f"look at model {model}", lambda: self._asking.models.with_raw_response.retrieve(model))

    def delete_model(self, model: str) -> dict[str, Any]:
        return _json(f"delete model {model}", lambda: self._asking.models.with_raw_response.delete(model))


def _json(doing: str, ask: Callable[[], Any]) -> dict[str, Any]:
    with translated(doing):
        text = ask().text
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"could not {doing}: the server's answer is not JSON ({error})") from error
    if not isinstance(answer, dict):
        raise ProtocolError(
            f"could not {doing}: expected a JSON object, got {str(answer)[:200]}", body=answer
        )
    return answer


def _made(doing: str, ask: Callable[[], Any]) -> dict[str, Any]:
    """Give what was created, which has an id: without one nobody finds it again."""
    answer = _json(doing, ask)
    if not isinstance(answer.get("id"), str):
        message = f"could not {doing}: expected an object with an id, got {str(answer)[:200]}"
        raise ProtocolError(message, body=answer)
    return answer


def _rows(doing: str, ask: Callable[[dict[str, Any]], Any]) -> Iterator[dict[str, Any]]:
    """Walk through pages; a server that ignores `after` shows the same page again, which ends the walk."""
    after: dict[str, Any] = {}
    seen: set[str] = set()
    while True:
        page = _json(doing, lambda after=after: ask(after))  # type: ignore[misc]  # (binds the loop's value)
        rows = page.get("data") or []
        yield from (row for row in rows if row.get("id") is None or row["id"] not in seen)
        last = rows[-1].get("id") if rows else None
        if last is None or last in seen or page.get("has_more") is False:
            return
        seen.update(row["id"] for row in rows if row.get("id") is not None)
        after = {"after": last}
