"""The protocol itself, without HTTP: files, jobs, models and chat in memory."""

from __future__ import annotations

import itertools
import json
import time
from typing import TYPE_CHECKING, Any

import attrs

from ._form import Upload
from ._refusal import Refusal
from ._script import Reply, Stage
from ._uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Chat = Callable[[list[dict[str, Any]], str, dict[str, Any]], "str | Reply"]

__all__ = ["State", "token_count"]

_FINISHED = frozenset({"succeeded", "failed", "cancelled"})
_JOB_KEYS = frozenset(
    {
        "hyperparameters",
        "integrations",
        "metadata",
        "method",
        "model",
        "seed",
        "suffix",
        "training_file",
        "validation_file",
    }
)


@attrs.define(eq=False)
class _Training:
    """A job and where it is in its script."""

    job: dict[str, Any]
    stages: tuple[Stage, ...]
    position: int = -1
    events: list[dict[str, Any]] = attrs.field(factory=list)
    checkpoints: list[dict[str, Any]] = attrs.field(factory=list)


class State:
    """All that the stub server knows; `StubServer` holds its lock while it calls in."""

    def __init__(self, *, chat: Chat, stages: tuple[Stage, ...], models: Sequence[str] | None) -> None:
        self._chat = chat
        self._stages = stages
        self._models = None if models is None else list(models)
        self._numbers = itertools.count(1)
        self.files: dict[str, dict[str, Any]] = {}
        self.contents: dict[str, bytes] = {}
        self.trainings: dict[str, _Training] = {}
        self.uploads = Uploads(self._store)

    # files

    def upload(self, form: Mapping[str, str | Upload]) -> dict[str, Any]:
        file = form.get("file")
        if not isinstance(file, Upload):
            raise Refusal(400, "'file' is a required property", param="file")
        return self._store(file.filename, file.content, str(form.get("purpose")))

    def file_list(self, query: Mapping[str, str]) -> dict[str, Any]:
        wanted = query.get("purpose")
        files = [file for file in self.files.values() if wanted in {None, file["purpose"]}]
        return _page(files[::-1], query, limit=10_000)

    def file(self, file_id: str) -> dict[str, Any]:
        if file_id not in self.files:
            raise Refusal(404, f"No such File object: {file_id}", param="id")
        return self.files[file_id]

    def file_content(self, file_id: str) -> bytes:
        self.file(file_id)
        return self.contents[file_id]

    def delete_file(self, file_id: str) -> dict[str, Any]:
        self.file(file_id)
        del self.files[file_id], self.contents[file_id]
        return {"id": file_id, "object": "file", "deleted": True}

    def _store(self, name: str, content: bytes, purpose: str) -> dict[str, Any]:
        file_id = f"file-{next(self._numbers):04d}"
        self.contents[file_id] = content
        self.files[file_id] = {
            "id": file_id,
            "object": "file",
            "bytes": len(content),
            "created_at": int(time.time()),
            "filename": name,
            "purpose": purpose,
            "status": "processed",
        }
        return self.files[file_id]

    # jobs

    def create_job(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        for key in asked.keys() - _JOB_KEYS:
            raise Refusal(400, f"Unknown parameter: '{key}'.", param=key, code="unknown_parameter")
        self._require_model(str(asked.get("model")))
        for role in ("training_file", "validation_file"):
            if asked.get(role) is not None and asked[role] not in self.files:
                raise Refusal(400, f"invalid {role}: {asked[role]}", param=role)
        training = _Training(job=self._new_job(asked), stages=self._stages)
        self._tell(training, f"Created fine-tuning job: {training.job['id']}")
        self._advance(training)
        self.trainings[training.job["id"]] = training
        return training.job

    def job(self, job_id: str) -> dict[str, Any]:
        training = self._training(job_id)
        self._advance(training)
        return training.job

    def job_list(self, query: Mapping[str, str]) -> dict[str, Any]:
        wanted = {key[9:-1]: value for key, value in query.items() if key.startswith("metadata[")}
        jobs = [training.job for training in self.trainings.values()]
        found = [job for job in jobs if wanted.items() <= (job["metadata"] or {}).items()]
        return _page(found[::-1], query, limit=20)

    def events(self, job_id: str, query: Mapping[str, str]) -> dict[str, Any]:
        return _page(self._training(job_id).events[::-1], query, limit=20)

    def checkpoints(self, job_id: str, query: Mapping[str, str]) -> dict[str, Any]:
        return _page(self._training(job_id).checkpoints[::-1], query, limit=10)

    def move(self, job_id: str, status: str) -> dict[str, Any]:
        """Cancel, pause or resume a job."""
        training = self._training(job_id)
        if training.job["status"] in _FINISHED:
            raise Refusal(400, f"Job has already {training.job['status']}.", code="invalid_request")
        training.job["status"] = status
        if status == "cancelled":
            training.position = len(training.stages)
            training.job["finished_at"] = int(time.time())
        return training.job

    def _training(self, job_id: str) -> _Training:
        if job_id not in self.trainings:
            raise Refusal(404, f"Could not find fine tune: {job_id}", code="fine_tune_not_found")
        return self.trainings[job_id]

    def _new_job(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        method = asked.get("method") or {"type": "supervised", "supervised": {}}
        return {
            "object": "fine_tuning.job",
            "id": f"ftjob-{next(self._numbers):04d}",
            "created_at": int(time.time()),
            "error": {},
            "fine_tuned_model": None,
            "finished_at": None,
            "estimated_finish": None,
            "hyperparameters": _settings(method).get("hyperparameters", {}),
            "model": asked["model"],
            "organization_id": "org-stub",
            "result_files": [],
            "seed": asked.get("seed") or 0,
            "status": "validating_files",
            "trained_tokens": None,
            "training_file": asked["training_file"],
            "validation_file": asked.get("validation_file"),
            "integrations": asked.get("integrations") or [],
            "method": method,
            "metadata": asked.get("metadata"),
            "user_provided_suffix": asked.get("suffix"),
        }

    def _advance(self, training: _Training) -> None:
        if training.job["status"] == "paused" or training.position + 1 >= len(training.stages):
            return
        training.position += 1
        stage = training.stages[training.position]
        job = training.job
        job["status"] = stage.status
        job.update({key: _filled(value, job) for key, value in stage.changes.items()})
        if stage.metrics is not None:
            results = self._store("step_metrics.csv", stage.metrics, "fine-tune-results")
            job["result_files"] = [results["id"]]
        if stage.status in _FINISHED:
            job["finished_at"] = int(time.time())
        for event in stage.events:
            self._tell(training, event)
        for checkpoint in stage.checkpoints:
            training.checkpoints.append(self._checkpoint(job, checkpoint))

    def _tell(self, training: _Training, event: str | Mapping[str, Any]) -> None:
        plain = {
            "object": "fine_tuning.job.event",
            "id": f"ftevent-{next(self._numbers):04d}",
            "created_at": int(time.time()),
            "level": "info",
            "type": "message",
            "data": {},
        }
        training.events.append({**plain, **({"message": event} if isinstance(event, str) else event)})

    def _checkpoint(self, job: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
        plain = {
            "object": "fine_tuning.job.checkpoint",
            "id": f"ftckpt-{next(self._numbers):04d}",
            "created_at": int(time.time()),
            "fine_tuning_job_id": job["id"],
            "fine_tuned_model_checkpoint": f"{job['fine_tuned_model']}:ckpt-step-{fields['step_number']}",
            "metrics": {},
        }
        return {**plain, **fields}

    # models and chat

    def model_list(self) -> dict[str, Any]:
        names = [*(self._models or ()), *self._tuned()]
        return {"object": "list", "data": [_model(name) for name in names]}

    def model(self, name: str) -> dict[str, Any]:
        self._require_model(name)
        return _model(name)

    def delete_model(self, name: str) -> dict[str, Any]:
        for training in self.trainings.values():
            if training.job["fine_tuned_model"] == name:
                training.job["fine_tuned_model"] = None
                return {"id": name, "object": "model", "deleted": True}
        raise Refusal(404, f"The model '{name}' does not exist", code="model_not_found", param="model")

    def require_chat(self, asked: Mapping[str, Any]) -> None:
        self._require_model(str(asked.get("model")))
        if asked.get("stream"):
            raise Refusal(400, "the stub does not stream", param="stream", code="unsupported_parameter")

    def chat(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer a chat; called without the lock, so that slow answers run side by side."""
        replies = [self._reply(asked) for _ in range(asked.get("n") or 1)]
        prompt_tokens = len(json.dumps(asked["messages"]).split())
        completion_tokens = sum(map(token_count, replies))
        return {
            "id": f"chatcmpl-{next(self._numbers)}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": asked["model"],
            "choices": [_choice(index, reply) for index, reply in enumerate(replies)],
            "usage": {
                "prompt_tokens": prompt_tokens,
                "completion_tokens": completion_tokens,
                "total_tokens": prompt_tokens + completion_tokens,
            },
            "system_fingerprint": "stub",
        }

    def _reply(self, asked: dict[str, Any]) -> Reply:
        answer = self._chat(asked["messages"], asked["model"], asked)
        reply = Reply(text=answer) if isinstance(answer, str) else answer
        if reply.status >= 400:
            raise Refusal(reply.status, reply.text, code=reply.code, wait=reply.retry_after)
        return reply

    def _tuned(self) -> list[str]:
        jobs = (training.job for training in self.trainings.values())
        return [job["fine_tuned_model"] for job in jobs if job["fine_tuned_model"]]

    def _require_model(self, name: str) -> None:
        if self._models is not None and name not in {*self._models, *self._tuned()}:
            text = f"The model '{name}' does not exist or you do not have access to it."
            raise Refusal(404, text, code="model_not_found", param="model")


def _settings(method: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what a method says of itself, under the name of its type."""
    kind = method.get("type")
    if not isinstance(kind, str):
        raise Refusal(400, "Missing required parameter: 'method.type'.", param="method.type")
    settings = method.get(kind) or {}
    if not isinstance(settings, dict):
        raise Refusal(400, f"Invalid type for 'method.{kind}': expected an object.", param=f"method.{kind}")
    return settings


def _page_size(query: Mapping[str, str], *, limit: int) -> int:
    given = query.get("limit", str(limit))
    if not (given.isascii() and given.isdigit() and len(given) <= 9 and int(given)):
        raise Refusal(400, f"Invalid 'limit': expected a whole number above 0, got {given!r}.", param="limit")
    return int(given)


def _page(rows: list[dict[str, Any]], query: Mapping[str, str], *, limit: int) -> dict[str, Any]:
    size = _page_size(query, limit=limit)
    ids = [row["id"] for row in rows]
    start = ids.index(query["after"]) + 1 if query.get("after", "") in ids else 0  # an id may be None
    shown = rows[start : start + size]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": len(rows) > start + size,
    }


def _filled(value: object, job: Mapping[str, Any]) -> object:
    if not isinstance(value, str):
        return value
    names = {"{model}": job["model"], "{suffix}": job["user_provided_suffix"] or "", "{id}": job["id"]}
    for name, text in names.items():
        value = value.replace(name, text)
    return value


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "stub"}


def token_count(reply: Reply) -> int:
    """Count a reply's tokens as a stub does: words."""
    return len(f"{reply.text} {json.dumps(reply.calls) if reply.calls else ''}".split())


def _choice(index: int, reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text, "refusal": None}
    if reply.calls:
        functions = ({"name": name, "arguments": arguments} for name, arguments in reply.calls)
        calls = [
            {"id": f"call_{number}", "type": "function", "function": function}
            for number, function in enumerate(functions)
        ]
        message |= {"content": reply.text or None, "tool_calls": calls}
    reason = "tool_calls" if reply.calls else reply.finish_reason
    return {"index": index, "message": message, "finish_reason": reason, "logprobs": None}
