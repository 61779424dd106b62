"""The checks, each a function of the session that raises `Broken`; its docstring is what is held or not.

The order of `CHECKS` is the order in which they are told.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ._session import ENDED, chat_rows
from ._wire import Broken, NotChecked, require, require_keys, require_list, require_refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._session import Session

# openai-openapi: the required keys of each object
JOB_KEYS: Final = (
    *("id", "object", "created_at", "error", "fine_tuned_model", "finished_at", "hyperparameters", "model"),
    *(
        "organization_id",
        "result_files",
        "status",
        "trained_tokens",
        "training_file",
        "validation_file",
        "seed",
    ),
)
FILE_KEYS: Final = ("id", "object", "bytes", "created_at", "filename", "purpose", "status")
EVENT_KEYS: Final = ("id", "object", "created_at", "level", "message")
CHECKPOINT_KEYS: Final = (
    *("id", "object", "created_at", "fine_tuned_model_checkpoint", "fine_tuning_job_id"),
    *("metrics", "step_number"),
)
MODEL_KEYS: Final = ("id", "object", "created", "owned_by")


def unknown_route(session: Session) -> None:
    """An unknown address is a 404 in the envelope of errors."""
    require_refusal(session.wire.get("/no/such/thing"), 404)


def bad_json(session: Session) -> None:
    """A body that is not JSON is a 400 in the envelope of errors."""
    headers = {"content-type": "application/json"}
    require_refusal(session.wire.send("POST", "/chat/completions", b"{", headers), 400)


def request_id(session: Session) -> None:
    """Every answer has an `x-request-id` of its own."""
    ids = {session.wire.get("/models").headers.get("x-request-id") for _ in range(2)}
    require(None not in ids and len(ids) == 2, f"x-request-id came as {ids}")


def files_round_trip(session: Session) -> None:
    """A file comes back as it went in, is listed, and is gone when deleted."""
    content = chat_rows()
    made = require_keys(session.wire.upload(content).json(), FILE_KEYS, "the file")
    require(made["object"] == "file", f"object is {made['object']!r}, expected 'file'")
    require(made["bytes"] == len(content), f"bytes is {made['bytes']}, expected {len(content)}")
    require(
        session.wire.get(f"/files/{made['id']}/content").body == content, "the content is not what was sent"
    )
    listed = require_list(session.wire.get("/files", {"purpose": "fine-tune"}), "the files")
    require(made["id"] in {file["id"] for file in listed}, "the new file is not listed")
    deleted = session.wire.send("DELETE", f"/files/{made['id']}").json()
    require(deleted.get("deleted") is True, f"deleting gave {deleted}")
    require_refusal(session.wire.get(f"/files/{made['id']}"), 404)


def files_not_json_lines(session: Session) -> None:
    """A fine-tuning file that is not JSON lines is refused at upload."""
    require_refusal(session.wire.upload(b"[1, 2]\n"), 400)


def files_pages(session: Session) -> None:
    """`limit` and `after` go through the files without repeating one."""
    made = [session.wire.upload(chat_rows()).json()["id"] for _ in range(3)]
    first = session.wire.get("/files", {"limit": 2}).json()
    require(len(first["data"]) == 2, f"limit=2 gave {len(first['data'])} files")
    require(first.get("has_more") is True, "has_more is not true, though there is more")
    second = require_list(session.wire.get("/files", {"limit": 2, "after": first["data"][-1]["id"]}), "files")
    seen = [file["id"] for file in (*first["data"], *second)]
    require(len(set(seen)) == len(seen), f"a file came twice: {seen}")
    for file_id in made:
        session.wire.send("DELETE", f"/files/{file_id}")


def models_listed(session: Session) -> None:
    """Models are listed and can be read by their ids, also those with `/` and `:`."""
    for model in require_list(session.wire.get("/models"), "the models"):
        require_keys(model, MODEL_KEYS, "a model")
        found = session.wire.get(f"/models/{quote(model['id'], safe='')}")
        require(found.status == 200, f"{model['id']} is listed, but reading it gave {found.status}")


def models_unknown(session: Session) -> None:
    """An unknown model is a 404, for reading and for asking."""
    name = f"none-{secrets.token_hex(4)}"
    require_refusal(session.wire.get(f"/models/{name}"), 404)
    body = {"model": name, "messages": [{"role": "user", "content": "x"}]}
    require_refusal(session.wire.post("/chat/completions", body), 404, "model_not_found")


def chat_answers(session: Session) -> None:
    """A question gets a completion with its choice and its usage."""
    answer = session.ask(max_tokens=16)
    require(answer["object"] == "chat.completion", f"object is {answer['object']!r}")
    choice = require_keys(answer["choices"][0], ("index", "message", "finish_reason"), "the choice")
    require(choice["message"].get("role") == "assistant", f"the message is {choice['message']}")
    usage = require_keys(answer["usage"], ("prompt_tokens", "completion_tokens", "total_tokens"), "usage")
    require(
        usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"],
        f"usage does not add up: {usage}",
    )


def chat_choices(session: Session) -> None:
    """`n` gives so many choices, numbered from 0."""
    indexes = [choice["index"] for choice in session.ask(n=3, max_tokens=8)["choices"]]
    require(sorted(indexes) == [0, 1, 2], f"n=3 gave the choices {indexes}")


def chat_length(session: Session) -> None:
    """`max_tokens` cuts the answer, and `finish_reason` says `length`."""
    answer = session.ask(max_tokens=1)
    require(answer["usage"]["completion_tokens"] <= 1, f"max_tokens=1 gave {answer['usage']}")
    reason = answer["choices"][0]["finish_reason"]
    require(reason in ("length", "stop"), f"finish_reason is {reason!r}")


def chat_repeats(session: Session) -> None:
    """At temperature 0 the same question gets the same answer."""
    texts = {session.ask(temperature=0, max_tokens=16)["choices"][0]["message"]["content"] for _ in range(3)}
    require(len(texts) == 1, f"three answers differed: {texts}")


def chat_stream(session: Session) -> None:
    """A stream is server-sent events: role, text, end, usage if asked for, and `[DONE]`."""
    body = {
        "model": session.model,
        "messages": [{"role": "user", "content": "What is 2 + 3?"}],
        "max_tokens": 8,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    reply = session.wire.post("/chat/completions", body)
    kind = reply.headers.get("content-type", "")
    require(kind.startswith("text/event-stream"), f"content-type is {kind!r}")
    data = [line[6:] for line in reply.body.decode().splitlines() if line.startswith("data: ")]
    require(data and data[-1] == "[DONE]", f"the stream ends with {data[-1:]}")
    chunks = [json.loads(text) for text in data[:-1]]
    require(chunks[0]["choices"][0]["delta"].get("role") == "assistant", "the first piece has no role")
    require(chunks[-1].get("usage"), "the last piece has no usage")


def chat_bad_arguments(session: Session) -> None:
    """Arguments that cannot be are refused with a 400 that names them."""
    asked = {"model": session.model, "messages": [{"role": "user", "content": "x"}]}
    for wrong in ({"temperature": 9}, {"n": 0}, {"messages": "x"}, {"no_such_argument": 1}):
        reply = session.wire.post("/chat/completions", {**asked, **wrong})
        try:
            require_refusal(reply, 400)
        except Broken as broken:
            raise Broken(f"{wrong}: {broken}") from broken


def jobs_refusals(session: Session) -> None:
    """A job on an unknown file or with an unknown argument is refused and not made."""
    body = {"model": session.model, "training_file": "file-none"}
    reply = session.wire.post("/fine_tuning/jobs", body)
    require(reply.status in (400, 404), f"an unknown file gave {reply.status}")
    require_refusal(reply, reply.status)
    body = {"model": session.model, "training_file": session.file_id(), "no_such_argument": "1"}
    require_refusal(session.wire.post("/fine_tuning/jobs", body), 400)
    require_refusal(session.wire.get("/fine_tuning/jobs/ftjob-none"), 404)


def jobs_life(session: Session) -> None:
    """A job has every required key, trains, and ends as `succeeded` with a model."""
    job = require_keys(session.trained_job(), JOB_KEYS, "the job")
    require(job["object"] == "fine_tuning.job", f"object is {job['object']!r}")
    require(job["seed"] == 1, f"seed is {job['seed']}, expected 1")
    require(job["fine_tuned_model"], "fine_tuned_model is empty")
    require(job["finished_at"], "finished_at is empty")
    require(isinstance(job["trained_tokens"], int), f"trained_tokens is {job['trained_tokens']!r}")


def jobs_events(session: Session) -> None:
    """Events come newest first, each once over all pages, and metrics tell the step."""
    path = f"/fine_tuning/jobs/{session.trained_job()['id']}/events"
    events, after = list[dict[str, Any]](), None
    while True:
        query = {"limit": 5} if after is None else {"limit": 5, "after": after}
        reply = session.wire.get(path, query)
        events += require_list(reply, "the events")
        if not reply.json().get("has_more"):
            break
        after = events[-1]["id"]
    for event in events:
        require_keys(event, EVENT_KEYS, "an event")
    times = [event["created_at"] for event in events]
    require(times == sorted(times, reverse=True), "the events are not newest first")
    require(len({event["id"] for event in events}) == len(events), "an event came twice")
    metrics = [event for event in events if event.get("type") == "metrics"]
    require(metrics, "no event is of type metrics")
    require_keys(metrics[0].get("data"), ("step", "train_loss"), "the data of a metrics event")


def jobs_checkpoints(session: Session) -> None:
    """Checkpoints are listed with their step, and can be asked."""
    path = f"/fine_tuning/jobs/{session.trained_job()['id']}/checkpoints"
    kept = require_list(session.wire.get(path), "the checkpoints")
    if not kept:
        raise NotChecked("the job left no checkpoint")
    checkpoint = require_keys(kept[0], CHECKPOINT_KEYS, "a checkpoint")
    session.ask(model=checkpoint["fine_tuned_model_checkpoint"], max_tokens=4)


def jobs_results(session: Session) -> None:
    """The result file is a table of steps, in base64 or plain."""
    files = session.trained_job()["result_files"] or []
    require(files, "result_files is empty")
    content = session.wire.get(f"/files/{files[0]}/content").body
    with contextlib.suppress(binascii.Error):  # plain, as Azure and older jobs of OpenAI have it
        content = base64.b64decode(content, validate=True)
    require(content.startswith(b"step,"), f"the result file starts with {content[:40]!r}")


def jobs_model(session: Session) -> None:
    """The tuned model is listed and answers."""
    name = session.trained_job()["fine_tuned_model"]
    listed = {model["id"] for model in require_list(session.wire.get("/models"), "the models")}
    require(name in listed, f"{name} is not listed")
    session.ask(model=name, max_tokens=4)


def jobs_metadata(session: Session) -> None:
    """Jobs are found by their metadata."""
    job = session.trained_job()
    query = {"metadata[suite]": "conformance"}
    found = require_list(session.wire.get("/fine_tuning/jobs", query), "the jobs")
    require(job["id"] in {one["id"] for one in found}, "the job is not found by its metadata")
    query = {"metadata[suite]": secrets.token_hex(8)}
    found = require_list(session.wire.get("/fine_tuning/jobs", query), "the jobs")
    require(not found, "other metadata finds jobs too")


def jobs_too_few(session: Session) -> None:
    """A file of fewer than ten examples fails the job, or is refused."""
    if not session.train:
        raise NotChecked("makes a fine-tuning job; not asked for")
    file_id = session.wire.upload(chat_rows(3)).json()["id"]
    reply = session.wire.post("/fine_tuning/jobs", {"model": session.model, "training_file": file_id})
    if reply.status != 200:
        require_refusal(reply, 400)
        return
    job = session.wait(reply.json()["id"])
    require(job["status"] == "failed", f"the job {job['status']}")
    require(job["error"]["code"] == "invalid_n_examples", f"error.code is {job['error']['code']!r}")


def jobs_cancel(session: Session) -> None:
    """A job can be cancelled, and only once."""
    job = session.new_job()
    reply = session.wire.post(f"/fine_tuning/jobs/{job['id']}/cancel")
    if reply.status != 200 and session.wait(job["id"])["status"] != "cancelled":
        raise NotChecked("the job ended before it could be cancelled")
    require(session.wait(job["id"])["status"] == "cancelled", "the job is not cancelled")
    require_refusal(session.wire.post(f"/fine_tuning/jobs/{job['id']}/cancel"), 400)


def jobs_idempotency(session: Session) -> None:
    """The same `Idempotency-Key` makes one job (OpenAI does not promise this)."""
    if not session.train:
        raise NotChecked("makes fine-tuning jobs; not asked for")
    headers = {"idempotency-key": secrets.token_hex(16)}
    body = {"model": session.model, "training_file": session.file_id()}
    made = [session.wire.post("/fine_tuning/jobs", body, headers=headers).json()["id"] for _ in range(2)]
    for job_id in set(made):
        session.wire.post(f"/fine_tuning/jobs/{job_id}/cancel")
    require(len(set(made)) == 1, f"two jobs were made: {made}")


def batches_answer(session: Session) -> None:
    """A batch answers each request under its own id."""
    lines = [
        {
            "custom_id": f"q{number}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {
                "model": session.model,
                "messages": [{"role": "user", "content": f"What is {number} + 1?"}],
                "max_tokens": 8,
            },
        }
        for number in range(3)
    ]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    made = session.wire.upload(content, purpose="batch")
    if made.status != 200:
        raise NotChecked(f"files of purpose batch are not taken ({made.status})")
    body = {
        "input_file_id": made.json()["id"],
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
    }
    reply = session.wire.post("/batches", body)
    if reply.status in (404, 405, 501):
        raise NotChecked(f"batches are not offered ({reply.status})")
    batch = _ended_batch(session, reply.json()["id"])
    require(batch["status"] == "completed", f"the batch is {batch['status']}")
    output = session.wire.get(f"/files/{batch['output_file_id']}/content").body.splitlines()
    ids = sorted(json.loads(line)["custom_id"] for line in output)
    require(ids == ["q0", "q1", "q2"], f"the output holds {ids}")


def _ended_batch(session: Session, batch_id: str) -> dict[str, Any]:
    deadline = session.clock() + session.patience
    while session.clock() < deadline:
        batch: dict[str, Any] = session.wire.get(f"/batches/{batch_id}").json()
        if batch.get("status") in ("completed", "expired", *ENDED):
            return batch
        session.sleep(0.2)
    raise Broken(f"the batch did not end within {session.patience:.0f} seconds")


CHECKS: Final[tuple[Callable[[Session], None], ...]] = (
    unknown_route,
    bad_json,
    request_id,
    files_round_trip,
    files_not_json_lines,
    files_pages,
    models_listed,
    models_unknown,
    chat_answers,
    chat_choices,
    chat_length,
    chat_repeats,
    chat_stream,
    chat_bad_arguments,
    batches_answer,
    jobs_refusals,
    jobs_life,
    jobs_events,
    jobs_checkpoints,
    jobs_results,
    jobs_model,
    jobs_metadata,
    jobs_too_few,
    jobs_cancel,
    jobs_idempotency,
)
