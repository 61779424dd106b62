"""Check fine-tuning files before they are uploaded: each fault with its line and its cure.

Reads line by line and keeps no line, so that the memory does not grow with the file.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import attrs

from mathtune.client import Profile, profile_named
from mathtune.errors import DataError, StorageError

from ._finding import Finding
from ._graders import item_keys
from ._rules import ROW_RULES
from ._watched import Watched

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from ._chat import ChatFormatter
    from ._graders import Grader

__all__ = ["Method", "Use", "check_examples", "check_file"]

Method = Literal["supervised", "dpo", "reinforcement"]
Use = Literal["training", "validation"]

# the server: "Training file has 7 example(s), but must have at least 10 examples"
_LEAST = {"training": 10, "validation": 1}
_MOST = {("reinforcement", "training"): 50_000, ("reinforcement", "validation"): 1_000}
_BROKEN_LINES = {"json", "encoding"}  # meant as examples, so that they count
_BOM = b"\xef\xbb\xbf"


def check_examples(
    rows: Iterable[object],
    *,
    method: Method = "supervised",
    model: str | None = None,
    formatter: ChatFormatter | None = None,
    grader: Grader | None = None,
    provider: str | Profile = "openai",
    use: Use = "training",
    limit: int = 1_000,
) -> list[Finding]:
    """Check examples before they are written.

    Args:
        rows: Examples (anything with `to_dict`), or decoded lines.
        method: What they are for: `"supervised"`, `"dpo"` or `"reinforcement"`.
        model: The model to be tuned: warns of examples that are longer than it takes.
        formatter: How the evaluation will ask: warns of examples that ask otherwise.
        grader: What will grade reinforcement examples: each has to hold what the grader reads.
        provider: Whose rules hold: `"openai"`, `"azure"`, `"bedrock"`, `"nebius"`, `"crusoe"`, `"local"`,
            or a `Profile`.
        use: What the file is for: a validation file may be short, and one for reinforcement must be.
        limit: Stop after this many findings; the last one then says so.

    Raises:
        DataError: There is no such method, provider or use.

    >>> from mathtune.formatting import Message
    >>> row = {"messages": [{"role": "user", "content": "1+1?"}, {"role": "bot", "content": "2"}]}
    >>> for finding in check_examples([row] * 10)[:1]:
    ...     print(finding)
    line 1, messages[1].role: 'bot'; write one of system, user, assistant, tool, function (role)
    """
    numbered = ((n, row.to_dict() if hasattr(row, "to_dict") else row) for n, row in enumerate(rows, 1))
    return _limited(_rows(numbered, _Plan(method, _profile(provider), use, model, formatter, grader)), limit)


def check_file(
    path: str | os.PathLike[str],
    *,
    method: Method = "supervised",
    model: str | None = None,
    formatter: ChatFormatter | None = None,
    grader: Grader | None = None,
    provider: str | Profile = "openai",
    use: Use = "training",
    limit: int = 1_000,
) -> list[Finding]:
    """Check a file before it is uploaded. 100,000 lines take a few seconds, and a hash a line of memory.

    Args:
        path: The file.
        method: What it is for: `"supervised"`, `"dpo"` or `"reinforcement"`.
        model: The model to be tuned: warns of examples that are longer than it takes.
        formatter: How the evaluation will ask: warns of examples that ask otherwise.
        grader: What will grade reinforcement examples: each has to hold what the grader reads.
        provider: Whose rules hold: `"openai"`, `"azure"`, `"bedrock"`, `"nebius"`, `"crusoe"`, `"local"`,
            or a `Profile`.
        use: What the file is for: a validation file may be short, and one for reinforcement must be.
        limit: Stop after this many findings; the last one then says so.

    Raises:
        DataError: There is no such method, provider or use.
        StorageError: The file cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as here:
    ...     _ = (Path(here) / "train.jsonl").write_text('{"messages": []}')
    ...     for finding in check_file(f"{here}/train.jsonl"):
    ...         print(finding)
    line 1, messages: ...
    file: 1 example; give at least 10 (too_few)
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            plan = _Plan(method, _profile(provider), use, model, formatter, grader)
            found = itertools.chain(_file(file, plan.profile), _rows(_lines(stream), plan))
            return _limited(found, limit)
    except StorageError:
        raise
    except OSError as error:
        raise StorageError(error.errno, f"cannot read: {error.strerror or error}", str(path)) from error


def _limited(found: Iterator[Finding], limit: int) -> list[Finding]:
    findings = list(itertools.islice(found, limit))
    if next(found, None) is not None:
        more = "check again when these are mended, or ask for a larger limit"
        findings.append(
            Finding(found=f"more than {limit} findings", fix=more, severity="warning", rule="limit")
        )
    return findings


# The file as a whole


def _profile(provider: str | Profile) -> Profile:
    return profile_named(provider) if isinstance(provider, str) else provider


def _file(file: Path, profile: Profile) -> Iterator[Finding]:
    if file.suffix != ".jsonl":
        yield Finding(found=f"its name ends in {file.suffix!r}", fix="name it .jsonl", rule="suffix")
    size = file.stat().st_size
    if size > profile.largest_file:
        fix = f"split it: {profile.name} takes files of at most {profile.largest_file:,}"
        yield Finding(found=f"{size:,} bytes", fix=fix, rule="size")
    elif size > profile.largest_request:
        fix = f"upload it in parts, as FineTuner does: one request takes {profile.largest_request:,}"
        yield Finding(found=f"{size:,} bytes", fix=fix, severity="warning", rule="parts")


def _lines(stream: Iterable[bytes]) -> Iterator[tuple[int, object]]:
    """Decode each line; one that cannot be decoded comes as its finding."""
    for number, raw in enumerate(stream, 1):
        text = raw
        if number == 1 and raw.startswith(_BOM):
            fix = "save the file as plain UTF-8"
            yield number, Finding(line=1, found="a byte order mark", fix=fix, rule="byte_order_mark")
            text = raw[len(_BOM) :]
        if number == 1 and text.lstrip().startswith(b"["):
            yield number, Finding(line=1, found="a JSON array", fix="write one object a line", rule="array")
            return
        yield number, _value(text, number)


def _value(raw: bytes, line: int) -> object:
    if not raw.strip():
        return Finding(
            line=line, found="a blank line", fix="remove it", severity="warning", rule="blank_line"
        )
    try:
        return json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8, at {error.start}"
        return Finding(line=line, found=found, fix="save the file as UTF-8", rule="encoding")
    except json.JSONDecodeError as error:
        whole = line == 1 and raw.strip() in (b"{", b"{}")
        fix = "write each object on one line" if whole else "write one JSON object a line"
        return Finding(
            line=line, found=f"no JSON: {error.msg} at character {error.pos + 1}", fix=fix, rule="json"
        )
    except RecursionError:
        return Finding(line=line, found="JSON nested too deeply", fix="write a plain object", rule="json")
    except ValueError:  # Python reads whole numbers of a few thousand digits only
        return Finding(line=line, found="a number too long to read", fix="write it as a text", rule="json")


@attrs.frozen
class _Plan:
    """What the lines are checked for."""

    method: str = attrs.field()
    profile: Profile
    use: str = attrs.field()
    model: str | None
    formatter: ChatFormatter | None
    grader: Grader | None

    @method.validator
    def _is_method(self, _: object, method: str) -> None:
        if method not in ROW_RULES:
            raise DataError(f"expected one of {', '.join(ROW_RULES)}, found {method!r}", field="method")

    @use.validator
    def _is_use(self, _: object, use: str) -> None:
        if use not in _LEAST:
            raise DataError(f"expected one of {', '.join(_LEAST)}, found {use!r}", field="use")


def _rows(numbered: Iterable[tuple[int, object]], plan: _Plan) -> Iterator[Finding]:
    if plan.method not in plan.profile.methods:
        found = f"{plan.profile.name} documents no {plan.method}"
        fix = f"use {' or '.join(plan.profile.methods)}, or ask the provider"
        yield Finding(found=found, fix=fix, severity="warning", rule="method")
    watched = Watched(plan.formatter, plan.model)
    keys = item_keys(plan.grader) if plan.grader is not None else set()
    count = 0
    for line, row in numbered:
        if isinstance(row, Finding):
            yield row
            count += row.rule in _BROKEN_LINES
            continue
        count += 1
        faults = list(ROW_RULES[plan.method](row, line, plan.profile))
        yield from faults
        if isinstance(row, Mapping) and not any(fault.severity == "error" for fault in faults):
            yield from _missing_keys(row, line, keys)
            watched.see(_conversations(row), line)
    yield from watched.findings()
    yield from _count(count, plan)


def _conversations(row: Mapping[str, Any]) -> tuple[list[Any], ...]:
    """Give what a model reads of a sound line: its messages, or what is asked with each of two outputs."""
    if "input" not in row:
        return (row["messages"],)
    asked = row["input"]["messages"]
    return ([*asked, *row["preferred_output"]], [*asked, *row["non_preferred_output"]])


def _missing_keys(row: Mapping[str, object], line: int, keys: set[str]) -> Iterator[Finding]:
    for key in sorted(keys - row.keys()):
        fix = "add it, or change the grader's template"
        yield Finding(line=line, field=key, found=f"no {key!r}, which the grader reads", fix=fix, rule="item")


def _count(count: int, plan: _Plan) -> Iterator[Finding]:
    least, most = _LEAST[plan.use], _MOST.get((plan.method, plan.use))
    if count < least:
        found = f"{count} example{'' if count == 1 else 's'}"
        yield Finding(found=found, fix=f"give at least {least}", rule="too_few")
    elif most is not None and count > most:
        yield Finding(found=f"{count:,} examples", fix=f"give at most {most:,}", rule="too_many")
