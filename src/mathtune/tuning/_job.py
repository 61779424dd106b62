"""What a server shows of fine-tuning, as values. Readers are lenient: providers leave out, add and rename."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import ProtocolError

from ._lifecycle import FINAL, RESTING, plain_status

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Checkpoint", "Event", "Job", "JobError"]


@attrs.frozen(kw_only=True)
class JobError:
    """Why a job failed.

    Attributes:
        code: The server's code, for example "invalid_n_examples".
        message: The server's sentence.
        param: The argument to blame, where there is one.
    """

    code: str | None
    message: str
    param: str | None = None


@attrs.frozen(kw_only=True)
class Job:
    """A fine-tuning job as the server last showed it.

    Attributes:
        id: The server's id.
        status: In the protocol's own words: validating_files, queued, running, paused, succeeded, failed or
            cancelled; `raw["status"]` has the server's word.
        model: The base model.
        fine_tuned_model: The tuned model's name; empty until there is one.
        training_file: The training file's id.
        validation_file: The validation file's id, where there is one.
        created_at: Unix seconds, like the two that follow.
        finished_at: When it ended.
        estimated_finish: When the server thinks that it will end.
        trained_tokens: Tokens that were trained (and paid for).
        method: "supervised", "dpo" or "reinforcement".
        hyperparameters: As resolved by the server, where it shows that.
        seed: The seed that the server used.
        metadata: The pairs given at creation, ours among them.
        result_files: Ids of the files with metrics.
        error: Why it failed.
        stop_reason: Why it was stopped early from here.
        raw: All that the server said, as it said it.
    """

    id: str
    status: str
    model: str
    fine_tuned_model: str = ""
    training_file: str | None = None
    validation_file: str | None = None
    created_at: float | None = None
    finished_at: float | None = None
    estimated_finish: float | None = None
    trained_tokens: int | None = None
    method: str = "supervised"
    hyperparameters: Mapping[str, Any] = attrs.field(factory=dict, hash=False)
    seed: int | None = None
    metadata: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    result_files: tuple[str, ...] = ()
    error: JobError | None = None
    stop_reason: str | None = None
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def is_final(self) -> bool:
        """Whether the job has ended for good."""
        return self.status in FINAL

    @property
    def is_resting(self) -> bool:
        """Whether the job has ended or waits to be resumed."""
        return self.status in RESTING

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> Job:
        """Read a job object of the protocol.

        Raises:
            ProtocolError: It has no id.

        >>> Job.from_raw({"id": "ftjob-1", "status": "notRunning", "model": "m", "error": {}}).status
        'queued'
        """
        if not isinstance(raw.get("id"), str):
            raise ProtocolError(f"expected a fine-tuning job with an id, got {str(raw)[:200]}", body=raw)
        method = raw.get("method") or {}
        kind = method.get("type") or "supervised"
        hyperparameters = (method.get(kind) or {}).get("hyperparameters") or raw.get("hyperparameters") or {}
        return cls(
            id=raw["id"],
            status=plain_status(raw.get("status")),
            model=raw.get("model") or "",
            fine_tuned_model=raw.get("fine_tuned_model") or "",
            training_file=raw.get("training_file"),
            validation_file=raw.get("validation_file"),
            created_at=raw.get("created_at"),
            finished_at=raw.get("finished_at"),
            estimated_finish=raw.get("estimated_finish"),
            trained_tokens=raw.get("trained_tokens"),
            method=kind,
            hyperparameters=hyperparameters,
            seed=raw.get("seed"),
            metadata=raw.get("metadata") or {},
            result_files=tuple(raw.get("result_files") or ()),
            error=_error(raw.get("error")),
            raw=raw,
        )


@attrs.frozen(kw_only=True)
class Event:
    """Something that a job said.

    Attributes:
        id: The server's id, or a digest of the event where the server gives none.
        created_at: Unix seconds.
        level: "info", "warn" or "error".
        type: "message", "metrics", "moderation_checks" or another word of the server.
        message: The sentence.
        data: For metrics: step, total_steps, train_loss and the like.
        raw: All that the server said, as it said it.
    """

    id: str
    created_at: float
    level: str
    type: str
    message: str
    data: Mapping[str, Any] = attrs.field(factory=dict, hash=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> Event:
        """Read an event object of the protocol.

        >>> Event.from_raw({"id": "e1", "created_at": 5, "message": "Step 1/3"}).level
        'info'
        """
        return cls(
            id=event_id(raw),
            created_at=raw.get("created_at") or 0,
            level=raw.get("level") or "info",
            type=raw.get("type") or "message",
            message=raw.get("message") or "",
            data=raw.get("data") or {},
            raw=raw,
        )


def event_id(raw: Mapping[str, Any]) -> str:
    """Name an event, also where the server does not."""
    said = raw.get("id")
    if isinstance(said, str):
        return said
    return hashlib.sha256(repr(sorted(raw.items())).encode()).hexdigest()[:24]


@attrs.frozen(kw_only=True)
class Checkpoint:
    """A model saved on the way; usable like the tuned model itself.

    Attributes:
        id: The server's id.
        model: The name under which the model can be asked.
        step: The step it was saved at.
        created_at: Unix seconds.
        metrics: train_loss, valid_loss, full_valid_loss and the like.
        raw: All that the server said, as it said it.
    """

    id: str
    model: str
    step: int
    created_at: float | None = None
    metrics: Mapping[str, float] = attrs.field(factory=dict, hash=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> Checkpoint:
        """Read a checkpoint object of the protocol."""
        return cls(
            id=raw["id"],
            model=raw["fine_tuned_model_checkpoint"],
            step=raw["step_number"],
            created_at=raw.get("created_at"),
            metrics={name: value for name, value in (raw.get("metrics") or {}).items() if value is not None},
            raw=raw,
        )


def _error(said: object) -> JobError | None:
    # OpenAI and Azure send {} or an object of nulls for "no error"
    if not isinstance(said, dict) or not (said.get("code") or said.get("message")):
        return None
    return JobError(code=said.get("code"), message=said.get("message") or "", param=said.get("param"))
