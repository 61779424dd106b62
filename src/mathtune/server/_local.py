"""Starting the server: in this process until it is told to stop, or in a process of its own."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from typing import IO, TYPE_CHECKING, Any, Final

from mathtune.errors import MathtuneError, MissingExtraError, UnreachableError

from ._settings import ServerSettings, hash_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from starlette.applications import Starlette
    from typing_extensions import Self

    from ._console import News

LOG: Final = logging.getLogger("mathtune.server")
GRACE_SECONDS: Final = 20


def serve(
    settings: ServerSettings,
    *,
    announce: Callable[[str], object] = lambda _url: None,
    tell: Callable[[News], None] | None = None,
) -> None:
    """Run the server in this process until SIGINT or SIGTERM.

    Args:
        settings: How it is to run.
        announce: Called with the base URL once the server answers.
        tell: Called with what happens to jobs; `Console()` shows it.

    Raises:
        MissingExtraError: The extra `local` is not installed.
        LedgerError: Another server has the directory.
        UnreachableError: The address cannot be listened on.
    """
    try:
        import uvicorn

        from ._app import create_app
        from ._patience import patient_protocol
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "local", "the local server") from error
    _raise_file_limit()
    listener = _listen(settings)
    base_url = f"http://{_shown_host(settings.host)}:{listener.getsockname()[1]}/v1"

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                announce(base_url)

    app = create_app(settings, tell=tell)
    config = uvicorn.Config(
        app,
        http=patient_protocol(settings.patience),
        lifespan="on",
        log_config=None,
        access_log=False,
        # longer than clients poll: a connection that closes while a request is on its way looks like a crash
        timeout_keep_alive=int(settings.patience),
        timeout_graceful_shutdown=GRACE_SECONDS // 4,
    )
    with listener, _quiet_about(app):
        try:
            Announcing(config).run(sockets=[listener])
        except SystemExit:  # uvicorn's word for a failed start
            if isinstance(failure := getattr(app.state, "failure", None), Exception):
                raise failure from None
            raise


@contextlib.contextmanager
def _quiet_about(app: Starlette) -> Iterator[None]:
    """Keep two things out of the log: why a start failed, which `serve` raises, and clients' broken forms."""

    def starts(_record: logging.LogRecord) -> bool:
        return getattr(app.state, "failure", None) is None

    with _kept_from("uvicorn.error", starts), _kept_from("python_multipart.multipart", _is_no_broken_form):
        yield


@contextlib.contextmanager
def _kept_from(name: str, passes: Callable[[logging.LogRecord], bool]) -> Iterator[None]:
    """Let a logger of another package say only what passes."""
    logger = logging.getLogger(name)
    logger.addFilter(passes)
    try:
        yield
    finally:
        logger.removeFilter(passes)


def _is_no_broken_form(record: logging.LogRecord) -> bool:
    """Whether the form parser speaks of more than a client's form: that client is told, with a 400.

    Where logging has been set up all goes there; without, Python would print it between our lines.
    """
    return record.levelno > logging.WARNING or logging.getLogger(record.name).hasHandlers()


class LocalServer:
    """The server in a process of its own, for tests, notebooks and examples; it ends with this one.

    Args:
        directory: Where it keeps its state; None for a temporary one that is removed at the end.
        models: Further base models: a folder or hub id, by name.
        api_keys: Keys that clients may present; none lets everyone on this machine in.
        port: The port; 0 lets the system choose.
        options: Further fields of `ServerSettings` that JSON can hold, such as `generate_with` or
            `requests_per_minute`.

    >>> with LocalServer() as server:
    ...     server.base_url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        models: Mapping[str, str] | None = None,
        api_keys: Sequence[str] = (),
        port: int = 0,
        **options: Any,  # noqa: ANN401  (each as ServerSettings has it)
    ) -> None:
        self._options = options
        self._stack = contextlib.ExitStack()
        self._directory = directory
        self._models = dict(models or {})
        self._key_hashes = hash_keys(api_keys)
        self._port = port
        self._process: subprocess.Popen[str] | None = None
        self._base_url: str | None = None

    @property
    def base_url(self) -> str:
        """The URL to give to a client; it ends in `/v1`."""
        if self._base_url is None:
            raise UnreachableError("the server is not running: use it in a `with` block, or call start()")
        return self._base_url

    @property
    def pid(self) -> int:
        """The number of the server's process."""
        if self._process is None:
            raise UnreachableError("the server is not running: use it in a `with` block, or call start()")
        return self._process.pid

    def start(self) -> Self:
        """Start the server unless it runs, and wait until it answers.

        Raises:
            UnreachableError: It ended instead; its last words are in the message.
        """
        if self._process is None:
            with contextlib.ExitStack() as stack:  # a start that fails, or that Ctrl-C ends, leaves nothing
                words = stack.enter_context(tempfile.TemporaryFile("w+"))
                process = self._launch(stack, words)
                self._base_url = _announced(process, words)
                self._process = process
                self._stack = stack.pop_all()
        return self

    def stop(self) -> None:
        """Stop the server; running jobs are taken up by the next one in the same directory."""
        self._base_url = None
        self._process = None
        self._stack.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _launch(self, stack: contextlib.ExitStack, words: IO[str]) -> subprocess.Popen[str]:
        """Begin the process, with its settings on the way to it; the stack ends it."""
        directory = self._directory
        if directory is None:
            directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="mathtune-server-"))
        settings = {
            "directory": os.fspath(directory),
            "models": self._models,
            "key_hashes": self._key_hashes,
            "port": self._port,
            **self._options,
        }
        process = subprocess.Popen(  # our own module, no shell
            [sys.executable, "-m", "mathtune.server._local"],
            stdin=subprocess.PIPE,  # its end tells the server that we are gone
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
            start_new_session=True,  # Ctrl-C is ours alone; we end the server when we end
        )
        stack.callback(_end, process)
        process.stdin.write(json.dumps(settings) + "\n")  # type: ignore[union-attr]  # opened as a pipe
        process.stdin.flush()  # type: ignore[union-attr]  # likewise
        return process


def _announced(process: subprocess.Popen[str], words: IO[str]) -> str:
    """Wait for the base URL that a server announces.

    Raises:
        UnreachableError: It ended instead.
    """
    line = process.stdout.readline()  # type: ignore[union-attr]  # opened as a pipe
    if not line:
        process.wait()
        words.seek(0)
        last = words.read()[-2000:]
        raise UnreachableError(f"the local server did not start (status {process.returncode}):\n{last}")
    return str(json.loads(line)["base_url"])


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):  # settings that it never read
                pipe.close()


def main() -> None:
    """Serve as a `LocalServer` asks on standard input, and end when that ends."""
    settings: dict[str, Any] = json.loads(sys.stdin.readline())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def announce(base_url: str) -> None:
        print(json.dumps({"base_url": base_url}), flush=True)  # noqa: T201  (the answer to our parent)

    try:
        serve(ServerSettings(**settings), announce=announce)
    except MathtuneError as error:
        sys.exit(str(error))  # its parent reads it in the log


def _end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _listen(settings: ServerSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    address = (settings.host.strip("[]"), settings.port)
    try:
        return socket.create_server(address, family=family, backlog=1024)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise UnreachableError(f"cannot listen on {place}: {error.strerror}; choose another port") from error


def _shown_host(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _raise_file_limit() -> None:
    """Allow as many open connections as the system lets this process have."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):  # macOS refuses "unlimited"; the soft limit stays
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()
