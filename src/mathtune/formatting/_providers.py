"""How servers of the protocol differ in the files that they take, as data."""

from __future__ import annotations

import attrs

from mathtune.errors import DataError

__all__ = ["Provider", "provider_named"]

_ALL = ("supervised", "dpo", "reinforcement")


@attrs.frozen(kw_only=True)
class Provider:
    """What one server takes.

    Attributes:
        name: Its name.
        largest: Bytes of a file.
        methods: The methods that it documents.
        output_roles: Who may speak in the two outputs of a preference.
    """

    name: str
    largest: int = 512 * 2**20
    methods: tuple[str, ...] = _ALL
    output_roles: tuple[str, ...] = ("assistant",)


_PROVIDERS = (
    Provider(name="openai"),
    Provider(name="azure", output_roles=("assistant", "tool")),
    Provider(name="bedrock", methods=("reinforcement",)),
    Provider(name="nebius", largest=5 * 10**9, methods=("supervised",)),
    Provider(name="crusoe", largest=3 * 10**9, methods=("supervised",)),
    Provider(name="local", largest=8 * 2**30),
)


def provider_named(name: str) -> Provider:
    """Give what is known of a server.

    Raises:
        DataError: Nothing is.
    """
    for provider in _PROVIDERS:
        if provider.name == name:
            return provider
    known = ", ".join(provider.name for provider in _PROVIDERS)
    raise DataError(f"expected one of {known}, found {name!r}", field="provider")
