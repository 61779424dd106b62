"""The application: stores and threads put together, routes to endpoints."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from mathtune.errors import LedgerError, StorageError

from . import _endpoints as endpoints
from ._answers import Answers
from ._batch_worker import BatchWorker
from ._batches import BatchStore
from ._catalogue import Catalogue
from ._chats import Chats
from ._console import Narrator
from ._database import Database
from ._door import Door
from ._elsewhere import Elsewhere
from ._errors import ApiError
from ._files import FileStore
from ._generation_process import GenerationProcess
from ._job_progress import JobProgress
from ._jobs import JobStore
from ._lease import FileLock
from ._limits import Limits
from ._outgoing import Outgoing
from ._runner import ProcessRunner
from ._settings import packaged_models
from ._supervisor import Supervisor
from ._uploads import UploadStore
from ._wandb import require_wandb

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from ._console import News
    from ._generator import Generator
    from ._runner import Runner
    from ._settings import ServerSettings

JOB: Final = "/v1/fine_tuning/jobs/{id}"
ROUTES: Final = (
    Route("/v1/files", endpoints.create_file, methods=["POST"]),
    Route("/v1/files", endpoints.list_files, methods=["GET"]),
    Route("/v1/files/{id}", endpoints.get_file, methods=["GET"]),
    Route("/v1/files/{id}", endpoints.delete_file, methods=["DELETE"]),
    Route("/v1/files/{id}/content", endpoints.file_content, methods=["GET"]),
    Route("/v1/uploads", endpoints.create_upload, methods=["POST"]),
    Route("/v1/uploads/{id}/parts", endpoints.add_part, methods=["POST"]),
    Route("/v1/uploads/{id}/complete", endpoints.complete_upload, methods=["POST"]),
    Route("/v1/uploads/{id}/cancel", endpoints.cancel_upload, methods=["POST"]),
    Route("/v1/fine_tuning/jobs", endpoints.create_job, methods=["POST"]),
    Route("/v1/fine_tuning/jobs", endpoints.list_jobs, methods=["GET"]),
    Route(JOB, endpoints.get_job, methods=["GET"]),
    Route(f"{JOB}/cancel", endpoints.cancel_job, methods=["POST"]),
    Route(f"{JOB}/pause", endpoints.pause_job, methods=["POST"]),
    Route(f"{JOB}/resume", endpoints.resume_job, methods=["POST"]),
    Route(f"{JOB}/events", endpoints.list_events, methods=["GET"]),
    Route(f"{JOB}/checkpoints", endpoints.list_checkpoints, methods=["GET"]),
    Route("/v1/fine_tuning/alpha/graders/run", endpoints.run_grader, methods=["POST"]),
    Route("/v1/fine_tuning/alpha/graders/validate", endpoints.validate_grader, methods=["POST"]),
    Route("/v1/batches", endpoints.create_batch, methods=["POST"]),
    Route("/v1/batches", endpoints.list_batches, methods=["GET"]),
    Route("/v1/batches/{id}", endpoints.get_batch, methods=["GET"]),
    Route("/v1/batches/{id}/cancel", endpoints.cancel_batch, methods=["POST"]),
    Route("/v1/models", endpoints.list_models, methods=["GET"]),
    Route("/v1/models/{id:path}", endpoints.get_model, methods=["GET"]),  # ids contain "/" and ":"
    Route("/v1/models/{id:path}", endpoints.delete_model, methods=["DELETE"]),
    Route("/v1/chat/completions", endpoints.create_completion, methods=["POST"]),
)


def create_app(
    settings: ServerSettings,
    *,
    runner: Runner | None = None,
    generator: Generator | None = None,
    tell: Callable[[News], None] | None = None,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """Make the server as an ASGI application; it opens its directory when it is started.

    Args:
        settings: How it is to run.
        runner: What trains; by default each job in a process of its own.
        generator: What answers; by default one process with the models that were asked last.
        tell: Called with the events of jobs as they come, from a thread of its own.
        clock: Seconds since 1970.

    Raises:
        LedgerError: At the start, when another server has the directory.
        MissingExtraError: At the start, when jobs are to report to a `wandb` that is not installed.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            async with _running(settings, runner, generator, clock) as services:
                app.state.services = services
                with _narrated(services, tell):
                    yield
        except Exception as error:
            app.state.failure = error  # uvicorn only logs it; `serve` raises it
            raise

    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Door, settings=settings)],
        exception_handlers={HTTPException: _refuse},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


@contextlib.asynccontextmanager
async def _running(
    settings: ServerSettings,
    runner: Runner | None,
    generator: Generator | None,
    clock: Callable[[], float],
) -> AsyncIterator[endpoints.Services]:
    """Open the directory, take up what was left in it, and close it again."""
    if settings.wandb and runner is None:  # another runner has its own way to report
        require_wandb()
    try:
        settings.directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"cannot be the server's directory: {error.strerror}"
        raise StorageError(error.errno, said, str(settings.directory)) from error
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_sole_user(settings))
        database = Database(settings.directory / "state.db")
        stack.callback(database.close)
        if generator is None:
            process = GenerationProcess(settings.directory, precision=settings.precision)
            generator = await stack.enter_async_context(process)
        services = _services(settings, database, runner or ProcessRunner(), generator, clock)
        for store in (services.files, services.batches, services.uploads, services.supervisor):
            store.sweep()
        services.supervisor.start()
        stack.callback(services.supervisor.stop)
        services.batch_worker.start()
        stack.push_async_callback(services.batch_worker.stop)
        yield services


def _services(
    settings: ServerSettings,
    database: Database,
    runner: Runner,
    generator: Generator,
    clock: Callable[[], float],
) -> endpoints.Services:
    """Put the stores and workers together; nothing runs yet."""
    folder, organization = settings.directory, settings.organization
    files = FileStore(database, folder / "files", clock=clock, largest=settings.largest_file)
    bases = {**packaged_models(), **settings.models}
    catalogue = Catalogue(database, bases, organization=organization, started=int(clock()))
    jobs = JobStore(database, catalogue, clock=clock, organization=organization)
    progress = JobProgress(database, files, clock=clock)
    batches = BatchStore(database, files, folder / "batches", clock=clock)
    chats = Chats(catalogue, generator, _elsewhere(settings, catalogue))
    limits = Limits(
        requests=settings.requests_per_minute, tokens=settings.tokens_per_minute, clock=time.monotonic
    )
    return endpoints.Services(
        settings=settings,
        database=database,
        files=files,
        jobs=jobs,
        catalogue=catalogue,
        supervisor=Supervisor(
            jobs=jobs,
            progress=progress,
            catalogue=catalogue,
            runner=runner,
            folder=folder / "jobs",
            precision=settings.precision,
        ),
        chats=chats,
        batches=batches,
        batch_worker=BatchWorker(batches=batches, chats=chats, clock=clock),
        limits=limits,
        uploads=UploadStore(database, files, folder / "uploads", clock=clock),
        answers=Answers(database, clock=clock),
    )


def _elsewhere(settings: ServerSettings, catalogue: Catalogue) -> Elsewhere | None:
    if settings.generate_with is None:
        return None
    return Elsewhere(Outgoing(settings.generate_with, settings.generation_key), catalogue)


@contextlib.contextmanager
def _narrated(services: endpoints.Services, tell: Callable[[News], None] | None) -> Iterator[None]:
    """Tell of events meanwhile."""
    if tell is None:
        yield
        return
    narrator = Narrator(services.database, tell)
    narrator.start()
    try:
        yield
    finally:
        narrator.stop()


@contextlib.contextmanager
def _sole_user(settings: ServerSettings) -> Iterator[None]:
    lock = FileLock(settings.directory / "server.lock")
    if not lock.acquire(wait=False):
        raise LedgerError(
            f"another server runs on {settings.directory}; stop it, or choose another directory"
        )
    try:
        yield
    finally:
        lock.release()


async def _refuse(request: Request, error: Exception) -> Response:
    """Give Starlette's own refusals (no such route, wrong method, bad form) in the protocol's envelope."""
    if not isinstance(error, HTTPException):
        raise error
    place = f"{request.method} {request.url.path}"
    if error.status_code == 404:
        raise ApiError(404, f"Unknown request URL: {place}.", code="unknown_url")
    if error.status_code == 405:
        headers = error.headers or {}
        message = f"Not allowed: {place}. Use another HTTP method: {headers.get('Allow', '')}"
        raise ApiError(405, message, code="method_not_supported", headers=headers)
    raise ApiError(error.status_code, str(error.detail), code="invalid_form")
