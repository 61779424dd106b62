"""Where a tuned model comes from: file hashes, request, job and checkpoints on one page."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from mathtune._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ._job import Checkpoint, Job
    from ._ledger import JobEntry, SentFile

__all__ = ["manifest_name", "manifest_of"]


def manifest_of(
    job: Job,
    *,
    server: str,
    entry: JobEntry | None,
    files: Mapping[str, SentFile | None],
    checkpoints: Iterable[Checkpoint],
) -> dict[str, Any]:
    """Give what a job's manifest holds.

    Args:
        job: The job, as last seen.
        server: The server's address.
        entry: What the ledger has of it; None for a job that was started elsewhere.
        files: "training_file" and perhaps "validation_file" -> what the ledger has of it.
        checkpoints: The models saved on the way.
    """
    return {
        "mathtune": __version__,
        "openai": version("openai"),
        "server": server,
        "files": {
            role: {"path": file.path, "sha256": file.sha256, "id": file.file_id}
            for role, file in files.items()
            if file is not None
        },
        "request": entry.request if entry else None,
        "job": {**job.raw, "stop_reason": job.stop_reason},
        "model": job.fine_tuned_model or None,
        "checkpoints": {saved.model: {"step": saved.step, **saved.metrics} for saved in checkpoints},
    }


def manifest_name(job_id: str) -> str:
    """Give a file name for a job; its id is the server's word, and not to be trusted with a path.

    >>> manifest_name("ftjob-1"), manifest_name("../../etc")
    ('ftjob-1.json', '------etc.json')
    """
    return re.sub(r"[^A-Za-z0-9_-]", "-", job_id)[:100] + ".json"
