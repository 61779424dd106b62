"""How each run was made, and whether the runs were made alike: else a difference may come from that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mathtune.evaluation import Run

    from ._pairing import Row

__all__ = ["conditions_of", "differences", "repetitions"]

_MUST_AGREE = ("sampling.", "formatter.", "policy.", "mathtune")
_MOST_CHARACTERS = 2_000  # of a value; a prompt with examples may be pages
_HASH = 16  # characters of a hash that tell sets of problems apart


def conditions_of(run: Run) -> dict[str, str]:
    """Give what a run says about how it was made, name by name; nothing for one made by hand."""
    config, manifest = run.config, run.manifest
    facts: dict[str, Any] = {
        "server": _address(config.get("base_url")),
        "served as": _names(manifest.get("served_models")),
        "fingerprint": _names(manifest.get("fingerprints")),
        "asked from": manifest.get("began"),
        "asked until": manifest.get("ended"),
        "problems": str(_inner(manifest, "problems", "sha256") or "")[:_HASH],
        "sources": _names(_inner(manifest, "problems", "sources")),
        "tokens read": _inner(manifest, "tokens", "prompt"),
        "tokens written": _inner(manifest, "tokens", "completion"),
        "mathtune": manifest.get("mathtune"),
        **dict(_flat(config, ("sampling", "formatter", "policy"))),
    }
    return {name: str(value)[:_MOST_CHARACTERS] for name, value in facts.items() if value not in (None, "")}


def differences(names: Sequence[str], conditions: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Say in which ways the runs that tell were not asked, or not graded, alike."""
    telling = [(name, known) for name, known in zip(names, conditions, strict=True) if known]
    keys = dict.fromkeys(key for _, known in telling for key in known if key.startswith(_MUST_AGREE))
    for key in keys:
        values = [known.get(key, "not given") for _, known in telling]
        if len(set(values)) > 1:
            each = ", ".join(
                f"{_short(value)} for {name}" for (name, _), value in zip(telling, values, strict=True)
            )
            yield f"The runs were not made alike, which may be the difference: {key} is {each}."


def repetitions(names: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """Name the runs that hold the very responses of an earlier one."""
    first: dict[tuple[str, ...], str] = {}
    for run, name in enumerate(names):
        said = tuple(result.response.text for row in rows for result in row.results[run])
        if said in first:
            yield (
                f"{first[said]} and {name} hold the same responses, word for word: is it one run, "
                "given twice, or one model under two names?"
            )
        first.setdefault(said, name)


def _flat(config: Mapping[str, Any], names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        for key, value in (config.get(name) or {}).items():
            if value not in (None, "", [], {}, ()):
                yield f"{name}.{key}", value


def _inner(manifest: Mapping[str, Any], *keys: str) -> Any:  # noqa: ANN401  (JSON is any value)
    value: Any = manifest
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _names(tally: object) -> str:
    """Give the names of a tally, without those that are unknown."""
    known = tally if isinstance(tally, Mapping) else {}
    return ", ".join(name for name in known if name and name != "unknown")


def _address(url: object) -> str:
    """Give a server's address without user, password or query."""
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not parts.hostname:
        return ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def _short(value: str) -> str:
    line = " ".join(value.split())
    return repr(line if len(line) <= 60 else f"{line[:60]}...")
