"""Training files on their way to a server: checked here, sent once, ready there."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import ExampleError, ProtocolError, RequestRefusedError, StorageError
from mathtune.files import name_as_text
from mathtune.formatting import check_file

from ._once import Deed
from ._parts import PartedUpload

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from mathtune.client import Profile
    from mathtune.formatting import Finding, Method, Use

    from ._site import Site

__all__ = ["LocalFile", "Uploads"]

_log = logging.getLogger("mathtune.tuning")

_PROCESSING = 1800.0
"""Seconds that a server may take to look through a file; openai's own helper waits as long."""
_POLL = 2.0
_READY = frozenset({"processed", "succeeded", "uploaded"})
_SPOILT = frozenset({"error", "failed", "deleted", "deleting"})


@attrs.frozen(kw_only=True)
class LocalFile:
    """A checked file on this machine.

    Attributes:
        path: Where it is.
        sha256: The digest of its bytes.
        size: In bytes.
    """

    path: Path
    sha256: str
    size: int

    @classmethod
    def checked(
        cls, path: str | os.PathLike[str], *, method: Method, use: Use, profile: Profile, model: str
    ) -> LocalFile:
        """Read a file and refuse what the server would refuse.

        Raises:
            ExampleError: It breaks a rule of the protocol; the first line to blame is named.
            StorageError: It cannot be read.
        """
        findings = cls.looked_at(path, method=method, use=use, profile=profile, model=model)
        fault = cls.fault(path, findings)
        if fault is not None:
            raise fault
        for finding in findings:
            _log.warning("%s: %s", path, finding)
        return cls._measured(Path(path))

    @staticmethod
    def looked_at(
        path: str | os.PathLike[str], *, method: Method, use: Use, profile: Profile, model: str
    ) -> list[Finding]:
        """Give what a check finds that is not seen to here."""
        findings = check_file(path, method=method, model=model, provider=profile, use=use)
        return [finding for finding in findings if finding.rule != "parts"]

    @staticmethod
    def fault(path: str | os.PathLike[str], findings: Iterable[Finding]) -> ExampleError | None:
        """Give the first error among the findings as one to raise."""
        errors = [finding for finding in findings if finding.severity == "error"]
        if not errors:
            return None
        first = errors[0]
        more = f" (and {len(errors) - 1} more findings)" if len(errors) > 1 else ""
        message = f"{first.found}; {first.fix}{more}"
        return ExampleError(message, path=path, line=first.line, field=first.field or None)

    @classmethod
    def _measured(cls, path: Path) -> LocalFile:
        digest = hashlib.sha256()
        try:
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
            size = path.stat().st_size
        except OSError as error:
            raise StorageError(error.errno, f"cannot read: {error.strerror}", str(path)) from error
        return cls(path=path, sha256=digest.hexdigest(), size=size)

    @property
    def upload_name(self) -> str:
        """The name on the server: by it an upload is found again whose answer was lost."""
        return f"{name_as_text(self.path.stem)[:64]}-{self.sha256[:16]}.jsonl"


@attrs.frozen
class Uploads:
    """The files of one run directory on one server."""

    site: Site

    def place(self, file: LocalFile) -> tuple[str, bool]:
        """Give the file's id on the server and whether it was sent just now."""
        entry = self.site.ledger.file(self.site.server, file.sha256)
        if entry is not None and entry.raw is not None and self._is_there(entry.raw["id"]):
            return entry.raw["id"], False
        unsure = entry is not None and entry.raw is None
        if not unsure:
            self.site.ledger.intend_file(self.site.server, file.sha256, file.path)
        deed = Deed(
            act=self._sender(file),
            find=lambda: self._found(file),
            settling=0.0,  # a second upload costs nothing
            clock=self.site.clock,
            sleep=self.site.sleep,
        )
        raw = deed.done(unsure=unsure)
        self.site.ledger.settle_file(self.site.server, file.sha256, raw)
        return raw["id"], True

    def _sender(self, file: LocalFile) -> Callable[[], dict[str, Any]]:
        """Give what sends a file: in one request, or in parts where it is too large for one."""

        def whole() -> dict[str, Any]:
            return self.site.wire.upload(file.path, file.upload_name)

        if file.size <= self.site.profile.largest_request:
            return whole
        upload = PartedUpload(site=self.site, path=file.path, name=file.upload_name, size=file.size)

        def parted() -> dict[str, Any]:
            try:
                return upload.send()
            except ProtocolError as error:
                if upload.was_begun or error.status not in {404, 405, 501}:
                    raise
            _log.warning("%s takes no uploads in parts; %s is sent whole", self.site.wire.url, file.path)
            return whole()

        return parted

    def wait(self, file_id: str) -> None:
        """Wait until the server has looked through the file.

        Raises:
            ExampleError: The server found fault with it.
            ProtocolError: It took longer than half an hour.
        """
        until = self.site.clock() + _PROCESSING
        while True:
            raw = self.site.wire.file(file_id)
            status = raw.get("status")
            if status in _READY or status is None:
                return
            if status in _SPOILT:
                self.site.ledger.forget_file(file_id)
                raise ExampleError(
                    f"the server refused file {file_id}: {raw.get('status_details') or status}"
                )
            if self.site.clock() >= until:
                raise ProtocolError(f"file {file_id} is still {status!r} after {_PROCESSING:g} s", body=raw)
            self.site.sleep(_POLL)

    def remove(self, file_id: str) -> bool:
        """Delete a file on the server, and tell whether it was there."""
        self.site.ledger.forget_file(file_id)
        try:
            self.site.wire.delete_file(file_id)
        except RequestRefusedError as error:
            if error.status != 404:
                raise
            return False
        return True

    def _is_there(self, file_id: str) -> bool:
        try:
            return self.site.wire.file(file_id).get("status") not in _SPOILT
        except RequestRefusedError as error:
            if error.status != 404:
                raise
            return False

    def _found(self, file: LocalFile) -> dict[str, Any] | None:
        for raw in self.site.wire.files():
            if raw.get("filename") == file.upload_name and raw.get("bytes") in {file.size, None}:
                return raw
        return None
