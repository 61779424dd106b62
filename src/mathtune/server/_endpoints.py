"""What each route does: read the request, call a store, give the protocol's object.

Blocking work (disk, database) runs in Starlette's thread pool; nothing here decides anything of its own.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, JSONResponse

from . import _graders as graders
from ._arguments import anything, fields, integer, mapping, one_of, page_limit, text
from ._batch_request import read_batch_request
from ._chat_endpoint import answer_chat
from ._errors import ApiError, invalid, unsupported
from ._graders import read_grader
from ._idempotency import client_key
from ._job_request import read_job_request
from ._json import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from ._answers import Answers
    from ._batch_worker import BatchWorker
    from ._batches import BatchStore
    from ._catalogue import Catalogue
    from ._chats import Chats
    from ._database import Database
    from ._files import FileStore
    from ._job_folder import JobFolder
    from ._jobs import JobStore
    from ._limits import Limits
    from ._settings import ServerSettings
    from ._supervisor import Supervisor
    from ._uploads import UploadStore

    Judge = Callable[[Mapping[str, Any], list[dict[str, str]]], graders.Judged]

FORM_FIELDS: Final = frozenset({"file", "purpose", "expires_after[anchor]", "expires_after[seconds]"})
EXPIRY: Final = fields(
    {"anchor": one_of("created_at"), "seconds": integer(3_600, 2_592_000)}, required=("anchor", "seconds")
)

VALIDATION: Final = fields({"grader": anything}, required=("grader",))
GRADING: Final = fields(
    {"grader": anything, "model_sample": text(), "item": mapping}, required=("grader", "model_sample")
)


@attrs.frozen(kw_only=True)
class Services:
    """What the routes call."""

    settings: ServerSettings
    database: Database
    files: FileStore
    jobs: JobStore
    catalogue: Catalogue
    supervisor: Supervisor
    chats: Chats
    batches: BatchStore
    limits: Limits
    uploads: UploadStore
    batch_worker: BatchWorker
    answers: Answers


async def create_file(request: Request) -> Response:
    """POST /files."""
    async with request.form(max_files=1, max_fields=len(FORM_FIELDS)) as form:
        if unknown := sorted(set(form) - FORM_FIELDS):
            raise invalid(f"Unknown parameter: '{unknown[0]}'.", unknown[0], "unknown_parameter")
        upload, purpose = form.get("file"), form.get("purpose")
        if not isinstance(upload, UploadFile):
            raise _missing("file")
        if not isinstance(purpose, str):
            raise _missing("purpose")
        expires_in = _expiry({name: form[name] for name in form if name.startswith("expires_after")})
        name = (upload.filename or "file").encode("utf-8", "replace").decode()
        view = await run_in_threadpool(
            _services(request).files.add,
            upload.file,
            filename=name,
            purpose=purpose,
            expires_in=expires_in,
            key=_key(request),
        )
    return JSONResponse(view)


async def list_files(request: Request) -> Response:
    """GET /files."""
    query = request.query_params
    page = await run_in_threadpool(
        _services(request).files.page,
        purpose=query.get("purpose"),
        after=query.get("after"),
        limit=page_limit(query.get("limit"), default=10_000, highest=10_000),
        order=one_of("asc", "desc")(query.get("order", "desc"), "order"),
    )
    return JSONResponse(page.envelope_with_ends(none=""))


async def get_file(request: Request) -> Response:
    """GET /files/{file_id}."""
    return JSONResponse(await run_in_threadpool(_services(request).files.get, _id(request)))


async def delete_file(request: Request) -> Response:
    """DELETE /files/{file_id}."""
    return JSONResponse(await run_in_threadpool(_services(request).files.delete, _id(request)))


async def file_content(request: Request) -> Response:
    """GET /files/{file_id}/content."""
    files = _services(request).files
    path = await run_in_threadpool(files.path, _id(request))
    view = await run_in_threadpool(files.get, _id(request))
    return FileResponse(path, media_type="application/octet-stream", filename=view["filename"])


async def create_upload(request: Request) -> Response:
    """POST /uploads."""
    body = await read_json(request)
    return JSONResponse(await run_in_threadpool(_services(request).uploads.begin, body))


async def add_part(request: Request) -> Response:
    """POST /uploads/{id}/parts."""
    async with request.form(max_files=1, max_fields=1) as form:
        if unknown := sorted(set(form) - {"data"}):
            raise invalid(f"Unknown parameter: '{unknown[0]}'.", unknown[0], "unknown_parameter")
        data = form.get("data")
        if not isinstance(data, UploadFile):
            raise _missing("data")
        uploads = _services(request).uploads
        return JSONResponse(await run_in_threadpool(uploads.add_part, _id(request), data.file))


async def complete_upload(request: Request) -> Response:
    """POST /uploads/{id}/complete."""
    body = await read_json(request)
    return JSONResponse(await run_in_threadpool(_services(request).uploads.complete, _id(request), body))


async def cancel_upload(request: Request) -> Response:
    """POST /uploads/{id}/cancel."""
    return JSONResponse(await run_in_threadpool(_services(request).uploads.cancel, _id(request)))


async def create_job(request: Request) -> Response:
    """POST /fine_tuning/jobs."""
    services = _services(request)
    settings = services.settings
    body = await read_json(request)
    asked = read_job_request(body, python_graders=settings.python_graders, wandb=settings.wandb)
    key = _key(request)

    def create() -> dict[str, Any]:
        def lay_out(job_id: str) -> JobFolder:
            ids = asked.file_ids.items()
            paths = {param: _training_file(services.files, file_id, param) for param, file_id in ids}
            folder = services.supervisor.folder(job_id)
            folder.lay_out(paths)
            return folder

        return services.jobs.get(services.jobs.create(asked, key=key, lay_out=lay_out))

    view = await run_in_threadpool(create)
    services.supervisor.wake()
    return JSONResponse(view)


async def list_jobs(request: Request) -> Response:
    """GET /fine_tuning/jobs."""
    query = request.query_params
    pairs = {
        name.removeprefix("metadata[").removesuffix("]"): value
        for name, value in query.items()
        if name.startswith("metadata[")
    }
    page = await run_in_threadpool(
        _services(request).jobs.page,
        after=query.get("after"),
        limit=page_limit(query.get("limit"), default=20, highest=10_000),
        metadata=pairs,
        bare=query.get("metadata") == "null",
    )
    return JSONResponse(page.envelope())


async def get_job(request: Request) -> Response:
    """GET /fine_tuning/jobs/{id}."""
    return JSONResponse(await run_in_threadpool(_services(request).jobs.get, _id(request)))


async def cancel_job(request: Request) -> Response:
    """POST /fine_tuning/jobs/{id}/cancel."""
    return await _change_job(request, "cancel")


async def pause_job(request: Request) -> Response:
    """POST /fine_tuning/jobs/{id}/pause."""
    return await _change_job(request, "pause")


async def resume_job(request: Request) -> Response:
    """POST /fine_tuning/jobs/{id}/resume."""
    return await _change_job(request, "resume")


async def list_events(request: Request) -> Response:
    """GET /fine_tuning/jobs/{id}/events."""
    page = await run_in_threadpool(_services(request).jobs.events, _id(request), **_page(request, default=20))
    return JSONResponse(page.envelope())


async def list_checkpoints(request: Request) -> Response:
    """GET /fine_tuning/jobs/{id}/checkpoints."""
    asked = _page(request, default=10)
    page = await run_in_threadpool(_services(request).jobs.checkpoints, _id(request), **asked)
    return JSONResponse(page.envelope_with_ends(none=None))


async def validate_grader(request: Request) -> Response:
    """POST /fine_tuning/alpha/graders/validate."""
    given = VALIDATION(await read_json(request), "")
    return JSONResponse({"grader": read_grader(given["grader"])})


async def run_grader(request: Request) -> Response:
    """POST /fine_tuning/alpha/graders/run."""
    services, given = _services(request), GRADING(await read_json(request), "")
    judge = _judge(services, asyncio.get_running_loop())
    grader, began = read_grader(given["grader"]), time.perf_counter()
    if graders.uses(grader, "python") and not services.settings.python_graders:
        raise unsupported("grader.type", "Python graders are switched off on this server.")
    grade = await run_in_threadpool(
        graders.run_grader, grader, sample=given["model_sample"], item=given.get("item", {}), judge=judge
    )
    return JSONResponse(graders.grade_view(grader, grade, seconds=time.perf_counter() - began))


async def create_batch(request: Request) -> Response:
    """POST /batches."""
    services = _services(request)
    asked = read_batch_request(await read_json(request))
    key = _key(request)
    view = await run_in_threadpool(services.batches.create, asked, key=key)
    services.batch_worker.wake()
    return JSONResponse(view)


async def list_batches(request: Request) -> Response:
    """GET /batches."""
    page = await run_in_threadpool(_services(request).batches.page, **_page(request, default=20))
    return JSONResponse(page.envelope_with_ends(none=""))


async def get_batch(request: Request) -> Response:
    """GET /batches/{id}."""
    return JSONResponse(await run_in_threadpool(_services(request).batches.get, _id(request)))


async def cancel_batch(request: Request) -> Response:
    """POST /batches/{id}/cancel."""
    services = _services(request)
    view = await run_in_threadpool(services.batches.cancel, _id(request))
    services.batch_worker.wake()
    return JSONResponse(view)


async def list_models(request: Request) -> Response:
    """GET /models."""
    return JSONResponse({"object": "list", "data": await _services(request).chats.models()})


async def get_model(request: Request) -> Response:
    """GET /models/{model}."""
    return JSONResponse(await _services(request).chats.model(_id(request)))


async def delete_model(request: Request) -> Response:
    """DELETE /models/{model}."""
    return JSONResponse(await _services(request).chats.delete_model(_id(request)))


async def create_completion(request: Request) -> Response:
    """POST /chat/completions."""
    services = _services(request)
    return await answer_chat(
        request,
        await read_json(request),
        chats=services.chats,
        answers=services.answers,
        limits=services.limits,
    )


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    return None if key is None else client_key(request.headers.get("authorization", ""), key)


def _page(request: Request, *, default: int) -> dict[str, Any]:
    query = request.query_params
    return {
        "after": query.get("after"),
        "limit": page_limit(query.get("limit"), default=default, highest=10_000),
    }


async def _change_job(request: Request, verb: str) -> Response:
    services = _services(request)
    view = await run_in_threadpool(getattr(services.jobs, verb), _id(request))
    services.supervisor.wake()
    return JSONResponse(view)


def _judge(services: Services, loop: asyncio.AbstractEventLoop) -> Judge:
    """Give what asks a model of this server for a score, from a thread of the pool."""

    def judge(grader: Mapping[str, Any], messages: list[dict[str, str]]) -> graders.Judged:
        sampling = dict(grader.get("sampling_params") or {})
        sampling["max_completion_tokens"] = sampling.pop("max_completions_tokens", None)
        asking = services.chats.complete({"model": grader["model"], "messages": messages, **sampling})
        try:
            answer = asyncio.run_coroutine_threadsafe(asking, loop).result()
        except ApiError as error:
            raise graders.JudgeError(error.message) from error
        text = answer["choices"][0]["message"]["content"] or ""
        return graders.Judged(text=text, tokens=answer["usage"]["total_tokens"])

    return judge


def _missing(name: str) -> ApiError:
    return invalid(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")


def _expiry(given: dict[str, Any]) -> int | None:
    """Read the bracketed form fields of `expires_after`."""
    if not given:
        return None
    value: dict[str, Any] = {name[len("expires_after[") : -1]: text for name, text in given.items()}
    seconds = value.get("seconds")
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() and len(seconds) < 10:
        value["seconds"] = int(seconds)
    return int(EXPIRY(value, "expires_after")["seconds"])


def _training_file(files: FileStore, file_id: str, param: str) -> Path:
    try:
        view = files.get(file_id)
    except ApiError as error:
        raise ApiError(400, f"invalid {param}: {file_id}", param=param, code="invalid_file_id") from error
    if view["purpose"] != "fine-tune":
        message = f"The file {file_id} has the purpose '{view['purpose']}', expected 'fine-tune'."
        raise invalid(message, param)
    return files.path(file_id)
