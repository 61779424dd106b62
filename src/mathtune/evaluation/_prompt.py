"""Whether a model is asked as it was trained: another prompt costs accuracy and looks like lost skill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.errors import ExampleError
from mathtune.files import read_json_lines
from mathtune.formatting import Example

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mathtune.formatting import ChatFormatter

__all__ = ["prompt_differences"]

_SHOWN = 80  # characters of a prompt that a warning shows
_SYSTEM = frozenset({"system", "developer"})


def prompt_differences(formatter: ChatFormatter, training_file: Path) -> list[str]:
    """Say how the messages that a formatter asks with differ from those of a training file's first example.

    Args:
        formatter: What will ask.
        training_file: The file that the model was trained on, as `write_jsonl` writes it.

    Raises:
        DataError: The file holds no example.
    """
    line, row = next(read_json_lines(training_file), (None, None))
    if line is None:
        raise ExampleError("holds no example", path=training_file)
    try:
        example = Example.from_dict(row)
    except ExampleError as error:
        raise ExampleError(error.message, path=training_file, line=line, field=error.field) from error
    return list(_differences(formatter, example))


def _differences(formatter: ChatFormatter, example: Example) -> Iterator[str]:
    system = next((m.content for m in example.messages if m.role in _SYSTEM), None)
    if system != formatter.system:
        yield f"trained with the system prompt {_short(system)}, asked with {_short(formatter.system)}"
    before, _, after = formatter.prompt.partition("{problem}")
    asked = [m.content for m in example.messages if m.role == "user" and isinstance(m.content, str)]
    if asked and not (asked[-1].startswith(before) and asked[-1].endswith(after)):
        yield f"trained with questions like {_short(asked[-1])}, asked with {_short(formatter.prompt)}"


def _short(content: object) -> str:
    if content is None:
        return "none"
    text = str(content)
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN // 2]} ... {text[-_SHOWN // 2 :]}")
