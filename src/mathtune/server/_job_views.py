"""Stored jobs, events and checkpoints as the protocol's objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._json import kept

if TYPE_CHECKING:
    import sqlite3


def job_view(row: sqlite3.Row, *, organization: str) -> dict[str, Any]:
    """Give the protocol's job object, with every required key."""
    hyperparameters = kept(row["hyperparameters"], {})
    kind, method = row["method_type"], kept(row["method"], {})
    method.pop("type", None)
    return {
        "id": row["id"],
        "object": "fine_tuning.job",
        "created_at": row["created_at"],
        "finished_at": row["finished_at"],
        "estimated_finish": row["estimated_finish"],
        "status": row["status"],
        "model": row["model"],
        "fine_tuned_model": row["fine_tuned_model"],
        "organization_id": f"org-{organization}",
        "training_file": row["training_file"],
        "validation_file": row["validation_file"],
        "result_files": [row["result_file"]] if row["result_file"] else [],
        "trained_tokens": row["trained_tokens"],
        "hyperparameters": hyperparameters if kind == "supervised" else {},
        "method": {"type": kind, kind: {**method, "hyperparameters": hyperparameters}},
        "seed": row["seed"],
        "user_provided_suffix": row["suffix"],
        "metadata": kept(row["metadata"], None),
        "integrations": kept(row["integrations"], []),
        "error": kept(row["error"], None),
    }


def event_view(row: sqlite3.Row) -> dict[str, Any]:
    """Give the protocol's event object."""
    return {
        "id": row["id"],
        "object": "fine_tuning.job.event",
        "created_at": row["created_at"],
        "level": row["level"],
        "message": row["message"],
        "type": row["type"],
        "data": kept(row["data"], {}),
    }


def checkpoint_view(row: sqlite3.Row) -> dict[str, Any]:
    """Give the protocol's checkpoint object."""
    return {
        "id": row["id"],
        "object": "fine_tuning.job.checkpoint",
        "created_at": row["created_at"],
        "fine_tuned_model_checkpoint": row["model"],
        "fine_tuning_job_id": row["job_id"],
        "step_number": row["step"],
        "metrics": kept(row["metrics"], {}),
    }
