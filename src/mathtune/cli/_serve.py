"""`mathtune serve`: a local server of OpenAI's fine-tuning protocol that really trains."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from mathtune.errors import DataError
from mathtune.server import DRILLS_MODEL, Console, ServerSettings, hash_keys
from mathtune.server import serve as serve_settings

__all__ = ["serve"]

KEY = "MATHTUNE_SERVER_KEY"
GENERATION_KEY = "MATHTUNE_GENERATION_KEY"


def serve(
    *,
    directory: Path = Path("runs/server"),
    host: str = "127.0.0.1",
    port: int = 8000,
    model: list[str] | None = None,
    key_file: Path | None = None,
    requests_per_minute: int | None = None,
    tokens_per_minute: int | None = None,
    python_graders: bool = False,
    wandb: bool = False,
    precision: Literal["auto", "float32", "bfloat16"] = "auto",
    generate_with: str | None = None,
) -> None:
    """Serve files, fine-tuning jobs, models and chat completions on this machine.

    The packaged model mathtune-drills-1m is always served. Keys that clients must show are taken from the
    environment variable MATHTUNE_SERVER_KEY and from a file; without one the server listens on loopback only.

    Args:
        directory: Where files, jobs and tuned models are kept; a restarted server goes on from there.
        host: The address to listen on.
        port: The port to listen on; 0 lets the system choose.
        model: A further model to serve, as NAME=FOLDER_OR_HUB_ID; may be repeated.
        key_file: A file with a key in each line, any of which lets a client in.
        requests_per_minute: Questions that each key may ask in a minute.
        tokens_per_minute: Tokens of questions and answers that each key may use in a minute.
        python_graders: Run graders of type python, whose code comes from clients, as this user.
        wandb: Let jobs report to Weights & Biases; the key is taken from WANDB_API_KEY.
        precision: What networks compute in; "auto" is bfloat16 on a GPU and float32 elsewhere.
        generate_with: Base URL of another server (vLLM, say) that answers chats with the models it has;
            its key is taken from MATHTUNE_GENERATION_KEY.
    """
    keys = _keys(key_file)
    settings = ServerSettings(
        directory=directory,
        host=host,
        port=port,
        models=dict(map(_named, model or ())),
        key_hashes=hash_keys(keys),
        requests_per_minute=requests_per_minute,
        tokens_per_minute=tokens_per_minute,
        python_graders=python_graders,
        wandb=wandb,
        precision=precision,
        generate_with=generate_with,
        generation_key=os.environ.get(GENERATION_KEY) or None,
    )

    def announce(base_url: str) -> None:
        print(f"mathtune serves {base_url}  (Ctrl-C stops it; jobs are taken up by the next start)")
        print(f"  models: {', '.join((DRILLS_MODEL, *settings.models))}")
        if generate_with is not None:
            print(f"  chats with the models of {generate_with} are answered there")
        print(f"  export OPENAI_BASE_URL={base_url} OPENAI_API_KEY={_shown_key(key_file, keys)}", flush=True)

    serve_settings(settings, announce=announce, tell=Console())


def _keys(key_file: Path | None) -> list[str]:
    keys = [key] if (key := os.environ.get(KEY)) else []
    if key_file is None:
        return keys
    try:
        lines = key_file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read: {error}", path=str(key_file), field="--key-file") from error
    found = [line.strip() for line in lines if line.strip()]
    if not found:
        raise DataError("expected a key in each line, found none", path=str(key_file), field="--key-file")
    return [*keys, *found]


def _shown_key(key_file: Path | None, keys: list[str]) -> str:
    """Say where the key is to be found, never what it is."""
    if not keys:
        return "none"
    return f"${KEY}" if os.environ.get(KEY) else f'"$(head -n 1 {key_file})"'


def _named(model: str) -> tuple[str, str]:
    name, _, place = model.partition("=")
    if not name or not place:
        raise DataError(f"expected NAME=FOLDER_OR_HUB_ID, found {model!r}", field="--model")
    if place.startswith(("/", ".", "~")) and not Path(place).is_dir():  # no hub id begins like this
        raise DataError(f"no folder {place}, found in {model!r}", field="--model")
    return name, place
