"""A file too large for one request: an upload is begun, sent in parts, and completed.

Each step whose answer is lost is sent again. That costs nothing: only the parts named at the end count, and
an unfinished upload is gone after an hour. What could make a second file is the completion alone.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import ProtocolError, RequestRefusedError, StorageError
from mathtune.progress import progress_bar

from ._once import Deed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ._site import Site

__all__ = ["PartedUpload"]

_LARGEST_PART = 64 * 1024**2  # the protocol's bound


@attrs.define(kw_only=True)
class PartedUpload:
    """The way of one file, which can be taken up where it broke off.

    Attributes:
        site: Where it goes.
        path: The file.
        name: Its name there.
        size: In bytes.
        was_begun: Whether the server has taken part in it.
    """

    site: Site
    path: Path
    name: str
    size: int
    was_begun: bool = attrs.field(default=False, init=False)
    _upload: str | None = attrs.field(default=None, init=False)
    _parts: list[str] = attrs.field(factory=list, init=False)

    def send(self) -> dict[str, Any]:
        """Send what is missing, complete the upload and give the file that it became.

        Raises:
            ProtocolError: A step failed, also when repeated; call again to go on from there.
            StorageError: The file cannot be read.
        """
        wire = self.site.wire
        if self._upload is None:
            self._upload = self._done(lambda: wire.begin_upload(self.name, self.size))["id"]
            self.was_begun = True
        upload = self._upload
        digest = hashlib.md5(usedforsecurity=False)  # which the protocol asks for
        with progress_bar(total=self.size, label=f"uploading {self.path.name}", unit="B") as bar:
            for number, part in enumerate(self._read()):
                digest.update(part)
                if number >= len(self._parts):
                    self._parts.append(self._done(lambda part=part: wire.add_part(upload, part))["id"])  # type: ignore[misc]  # (binds the loop's value)
                bar.update(len(part))
        try:
            raw = wire.complete_upload(upload, self._parts, digest.hexdigest())
        except RequestRefusedError:  # expired, or not what was begun: the next try starts afresh
            self._upload, self._parts = None, []
            raise
        if not isinstance(raw.get("file"), dict) or not isinstance(raw["file"].get("id"), str):
            raise ProtocolError(f"upload {upload} was completed without a file: {str(raw)[:200]}", body=raw)
        return dict(raw["file"])

    def _read(self) -> Iterator[bytes]:
        largest = min(_LARGEST_PART, self.site.profile.largest_request)
        try:
            with self.path.open("rb") as stream:
                while part := stream.read(largest):
                    yield part
        except OSError as error:
            raise StorageError(error.errno, f"cannot read: {error.strerror}", str(self.path)) from error

    def _done(self, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do a step that may be done twice."""
        site = self.site
        return Deed(act=act, find=lambda: None, settling=0.0, clock=site.clock, sleep=site.sleep).done(
            unsure=False
        )
