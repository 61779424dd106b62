"""`mathtune serve`: a local server of OpenAI's fine-tuning protocol that really trains."""

from __future__ import annotations

import os
from pathlib import Path

from mathtune.errors import DataError
from mathtune.server import Console, ServerSettings, hash_keys
from mathtune.server import serve as serve_settings

__all__ = ["serve"]

KEY = "MATHTUNE_SERVER_KEY"


def serve(
    *,
    directory: Path = Path("runs/server"),
    host: str = "127.0.0.1",
    port: int = 8000,
    model: list[str] | None = None,
) -> None:
    """Serve files, fine-tuning jobs, models and chat completions on this machine.

    The packaged model mathtune-drills-1m is always served. A key that clients must show is taken from the
    environment variable MATHTUNE_SERVER_KEY; without one the server listens on loopback only.

    Args:
        directory: Where files, jobs and tuned models are kept; a restarted server goes on from there.
        host: The address to listen on.
        port: The port to listen on; 0 lets the system choose.
        model: A further model to serve, as NAME=FOLDER_OR_HUB_ID; may be repeated.
    """
    key = os.environ.get(KEY)
    settings = ServerSettings(
        directory=directory,
        host=host,
        port=port,
        models=dict(map(_named, model or ())),
        key_hashes=hash_keys([key] if key else []),
    )
    serve_settings(settings, announce=_announce, tell=Console())


def _named(model: str) -> tuple[str, str]:
    name, _, place = model.partition("=")
    if not name or not place:
        raise DataError(f"expected NAME=FOLDER_OR_HUB_ID, found {model!r}", field="--model")
    if place.startswith(("/", ".", "~")) and not Path(place).is_dir():  # no hub id begins like this
        raise DataError(f"no folder {place}, found in {model!r}", field="--model")
    return name, place


def _announce(base_url: str) -> None:
    key = f"${KEY}" if os.environ.get(KEY) else "none"
    print(f"mathtune serves {base_url}  (Ctrl-C stops it; jobs are taken up by the next start)")
    print(f"  export OPENAI_BASE_URL={base_url} OPENAI_API_KEY={key}", flush=True)
