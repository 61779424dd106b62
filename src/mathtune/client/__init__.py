"""The only package that knows `openai`: clients in, clients and mathtune's own errors out."""

from __future__ import annotations

from ._clients import async_client, connect, own_clients, resolve_client
from ._errors import WAYS_OUT, retry_after, translated
from ._profiles import PROFILES, Profile, profile_for, profile_named
from ._shutdowns import TRAINING_CLOSES, shutdown_date

__all__ = [
    "PROFILES",
    "TRAINING_CLOSES",
    "WAYS_OUT",
    "Profile",
    "async_client",
    "connect",
    "own_clients",
    "profile_for",
    "profile_named",
    "resolve_client",
    "retry_after",
    "shutdown_date",
    "translated",
]
