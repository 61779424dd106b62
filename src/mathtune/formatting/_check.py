"""Check fine-tuning files before they are uploaded: each fault with its line and its cure.

Reads line by line and keeps no line, so that the memory does not grow with the file.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mathtune.errors import DataError, StorageError

from ._example import Example
from ._finding import Finding
from ._rules import ROW_RULES
from ._watched import Watched

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator


__all__ = ["Method", "check_examples", "check_file"]

Method = Literal["supervised", "dpo", "reinforcement"]

_LEAST = 10  # the server: "Training file has 7 example(s), but must have at least 10 examples"
_MOST = {"reinforcement": 50_000}  # lines of a training file
_LARGEST = 512 * 2**20  # bytes that one upload takes; larger files need the uploads in parts
_BROKEN_LINES = {"json", "encoding"}  # meant as examples, so that they count
_BOM = b"\xef\xbb\xbf"


def check_examples(
    rows: Iterable[object], *, method: Method = "supervised", limit: int = 1_000
) -> list[Finding]:
    """Check examples before they are written.

    Args:
        rows: `Example`s, or decoded lines.
        method: What they are for: `"supervised"`, `"dpo"` or `"reinforcement"`.
        limit: Stop after this many findings; the last one then says so.

    Raises:
        DataError: There is no such method.

    >>> from mathtune.formatting import Message
    >>> row = {"messages": [{"role": "user", "content": "1+1?"}, {"role": "bot", "content": "2"}]}
    >>> for finding in check_examples([row] * 10)[:1]:
    ...     print(finding)
    line 1, messages[1].role: 'bot'; write one of system, user, assistant, tool, function (role)
    """
    numbered = ((n, row.to_dict() if isinstance(row, Example) else row) for n, row in enumerate(rows, 1))
    return _limited(_rows(numbered, method), limit)


def check_file(
    path: str | os.PathLike[str], *, method: Method = "supervised", limit: int = 1_000
) -> list[Finding]:
    """Check a file before it is uploaded. 100,000 lines take a few seconds and no more memory than one.

    Args:
        path: The file.
        method: What it is for: `"supervised"`, `"dpo"` or `"reinforcement"`.
        limit: Stop after this many findings; the last one then says so.

    Raises:
        DataError: There is no such method.
        StorageError: The file cannot be read.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            found = itertools.chain(_file(file), _rows(_lines(stream), method))
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


def _file(file: Path) -> Iterator[Finding]:
    if file.suffix != ".jsonl":
        yield Finding(found=f"its name ends in {file.suffix!r}", fix="name it .jsonl", rule="suffix")
    size = file.stat().st_size
    if size > _LARGEST:
        found = f"{size / 2**20:.0f} MB"
        yield Finding(found=found, fix="split it, or upload it in parts: a file may have 512 MB", rule="size")


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


def _rows(numbered: Iterable[tuple[int, object]], method: str) -> Iterator[Finding]:
    if method not in ROW_RULES:
        raise DataError(f"expected one of {', '.join(ROW_RULES)}, found {method!r}", field="method")
    watched = Watched()
    count = 0
    for line, row in numbered:
        if isinstance(row, Finding):
            yield row
            count += row.rule in _BROKEN_LINES
            continue
        count += 1
        faults = list(ROW_RULES[method](row, line))
        yield from faults
        if method == "supervised" and not any(fault.severity == "error" for fault in faults):
            watched.see(row, line)  # type: ignore[arg-type]  # without an error it is an object
    yield from watched.findings()
    yield from _count(count, method)


def _count(count: int, method: str) -> Iterator[Finding]:
    most = _MOST.get(method)
    if count < _LEAST:
        found = f"{count} example{'' if count == 1 else 's'}"
        yield Finding(found=found, fix=f"give at least {_LEAST}", rule="too_few")
    elif most is not None and count > most:
        yield Finding(found=f"{count:,} examples", fix=f"give at most {most:,}", rule="too_many")
