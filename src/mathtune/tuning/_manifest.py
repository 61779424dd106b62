"""Where a tuned model comes from: rows, file hashes, request, job and checkpoints on one page."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from mathtune._version import __version__
from mathtune.files import write_text
from mathtune.formatting import read_lineage

from ._secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ._job import Checkpoint, Job
    from ._ledger import SentFile
    from ._site import Site
    from ._uploads import LocalFile

__all__ = ["keep_lineages", "manifest_path", "write_manifest"]

_LINEAGES = "lineages"  # folder in the run directory, a file a SHA-256


def write_manifest(site: Site, job: Job, checkpoints: Iterable[Checkpoint]) -> dict[str, Any]:
    """Give a job's manifest, without keys, and keep it in the run directory.

    Args:
        site: The server and its ledger.
        job: The job, as last seen.
        checkpoints: The models saved on the way.

    Raises:
        StorageError: The disk refused.
    """
    directory = site.ledger.directory
    manifest: dict[str, Any] = without_secrets(_manifest_of(site, job, checkpoints))
    write_text(manifest_path(directory, job.id), json.dumps(manifest, indent=1) + "\n")
    return manifest


def _manifest_of(site: Site, job: Job, checkpoints: Iterable[Checkpoint]) -> dict[str, Any]:
    entry = site.ledger.job(job.id)  # none for a job that was started elsewhere
    roles = {"training_file": job.training_file, "validation_file": job.validation_file}
    sent = {role: site.ledger.sent_file(file_id) for role, file_id in roles.items()}
    files = {role: file for role, file in sent.items() if file is not None}
    made_of = _kept_lineages(site.ledger.directory, files.values())
    return {
        "mathtune": __version__,
        "openai": version("openai"),
        "server": site.wire.url,
        "files": {
            role: {
                "path": file.path,
                "sha256": file.sha256,
                "id": file.file_id,
                "made_of": made_of.get(file.sha256),
            }
            for role, file in files.items()
        },
        "request": entry.request if entry else None,
        "job": {**job.raw, "stop_reason": job.stop_reason},
        "model": job.fine_tuned_model or None,
        "checkpoints": {saved.model: {"step": saved.step, **saved.metrics} for saved in checkpoints},
    }


def keep_lineages(directory: Path, files: Iterable[LocalFile]) -> None:
    """Keep what files were made of, where that stands beside them: they may be written anew later.

    Raises:
        DataError: What stands beside a file is no lineage.
        StorageError: The disk refused.
    """
    for file in files:
        lineage = read_lineage(file.path)
        if lineage is not None:
            write_text(directory / _LINEAGES / f"{file.sha256}.json", json.dumps(lineage, indent=1) + "\n")


def _kept_lineages(directory: Path, files: Iterable[SentFile]) -> dict[str, Any]:
    """Give what files were made of, by their SHA-256, as far as it was kept."""
    paths = {file.sha256: directory / _LINEAGES / f"{file.sha256}.json" for file in files}
    return {
        digest: json.loads(path.read_text(encoding="utf-8"))["problems"]
        for digest, path in paths.items()
        if path.exists()
    }


def manifest_path(directory: Path, job_id: str) -> Path:
    """Give a job's file in a run directory; its id is the server's word, and not to be trusted with a path.

    >>> from pathlib import Path
    >>> [manifest_path(Path("runs"), job).name for job in ("ftjob-1", "../../etc")]
    ['ftjob-1.json', '------etc.json']
    """
    return directory / (re.sub(r"[^A-Za-z0-9_-]", "-", job_id)[:100] + ".json")
