"""How a server is to run, as one frozen value."""

from __future__ import annotations

import hashlib
import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

import attrs

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DRILLS_MODEL: Final = "mathtune-drills-1m"
MEBIBYTE: Final = 1 << 20
HIGHEST_PORT: Final = 65_535


def packaged_models() -> dict[str, str]:
    """Give the folder of the small model that comes in the package, by its name."""
    folder = Path(__file__).parent / "_models" / "drill-1m"
    return {DRILLS_MODEL: str(folder)} if folder.is_dir() else {}


def hash_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Give the SHA-256 of each key: what the server remembers of it.

    >>> [len(digest) for digest in hash_keys(["sk-local"])]
    [64]
    """
    return tuple(hashlib.sha256(key.encode()).hexdigest() for key in keys)


def is_loopback(host: str) -> bool:
    """Tell whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_url(url: str) -> None:
    """Check the base URL of another server.

    Raises:
        DataError: It is none.
    """
    place = urlsplit(url)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise DataError(f"expected http://HOST:PORT/v1, found {url!r}", field="generate_with")


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _check_port(_settings: object, field: attrs.Attribute[int], port: int) -> None:
    if not 0 <= port <= HIGHEST_PORT:
        raise DataError(f"expected 0 to {HIGHEST_PORT}, found {port}", field=field.name)


def _check_limit(_settings: object, field: attrs.Attribute[int | None], limit: int | None) -> None:
    if limit is not None and limit < 1:
        raise DataError(f"expected 1 or more, found {limit}", field=field.name)


@attrs.frozen(kw_only=True)
class ServerSettings:
    """How a server is to run.

    Attributes:
        directory: Where files, jobs and models are kept; made if missing. One server at a time may have it.
        models: Further base models: a folder or an id on the hub, by the name that clients use.
        host: The address to listen on. Beyond this machine only with a key.
        port: The port; 0 lets the system choose.
        key_hashes: `hash_keys` of the keys that clients may present; none lets everyone on this machine in.
        organization: The part of a tuned model's name between the base and the suffix.
        hosts: Names in a request's `Host` that are taken without a key, besides loopback addresses: a web
            page that made its name point at this machine is refused.
        python_graders: Whether graders of type `python` are run. Their code comes from clients, and runs
            without network but as this user: it can read and write this user's files.
        wandb: Whether jobs may report to Weights & Biases, by `wandb`, which has to be installed; its key is
            that of this process's environment.
        precision: What networks compute in: "auto" (bfloat16 on a GPU, float32 elsewhere), "float32" or
            "bfloat16".
        requests_per_minute: Questions that each key may ask the models; None is no limit.
        tokens_per_minute: Tokens of questions and answers for each key; None is no limit.
        generate_with: Base URL of another server of the protocol that answers chats with the models it has,
            vLLM for one; None answers all here.
        generation_key: The bearer that it asks for.
        largest_file: Bytes.
        largest_body: Bytes of any other request.
        patience: Seconds that a client may let pass in the head of a request (twice, at most) and between
            two pieces of its body.

    Raises:
        DataError: The host is not loopback and there is no key, `generate_with` is no URL, there is no such
            port, or a limit is below 1.

    >>> ServerSettings(directory="server", host="0.0.0.0")
    Traceback (most recent call last):
    ...
    mathtune.errors.DataError: field 'host': '0.0.0.0' can be reached from outside: give a key
    """

    directory: Path = attrs.field(converter=Path)
    models: Mapping[str, str] = attrs.field(factory=dict)
    host: str = "127.0.0.1"
    port: int = attrs.field(default=0, validator=_check_port)
    key_hashes: tuple[str, ...] = attrs.field(default=(), converter=_texts, repr=False)
    organization: str = "local"
    hosts: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    python_graders: bool = False
    wandb: bool = False
    precision: Literal["auto", "float32", "bfloat16"] = attrs.field(
        default="auto", validator=attrs.validators.in_(("auto", "float32", "bfloat16"))
    )
    requests_per_minute: int | None = attrs.field(default=None, validator=_check_limit)
    tokens_per_minute: int | None = attrs.field(default=None, validator=_check_limit)
    generate_with: str | None = None
    generation_key: str | None = attrs.field(default=None, repr=False)
    largest_file: int = 512 * MEBIBYTE
    largest_body: int = 32 * MEBIBYTE
    patience: float = 60.0

    def __attrs_post_init__(self) -> None:
        if not is_loopback(self.host) and not self.key_hashes:
            message = f"{self.host!r} can be reached from outside: give a key"
            raise DataError(message, field="host")
        if self.generate_with is not None:
            check_url(self.generate_with)
