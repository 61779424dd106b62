"""`{{ item.answer }}` and `{{ sample.output_text }}`: names in double braces, and nothing else.

No expression, filter or attribute of a Python object is ever evaluated: a name is looked up in JSON values.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACE: Final = re.compile(r"\{\{([^{}]*)\}\}")
NAME: Final = re.compile(r"(item|sample)((?:\.\w+|\[\d+\])*)")
STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")


class TemplateError(ValueError):
    """A place in a template names nothing."""


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Put values into the places of a template.

    Args:
        template: Text with places.
        values: `item` and `sample`, decoded from JSON.

    Raises:
        TemplateError: A place is no name, or names nothing.

    >>> fill("{{ item.answer }}!", {"item": {"answer": 42}, "sample": {}})
    '42!'
    """
    return PLACE.sub(lambda place: _text(_look_up(place.group(1).strip(), values)), template)


def check(template: str) -> None:
    """Check that every place is a name, without knowing the values.

    Raises:
        TemplateError: One is not.
    """
    for place in PLACE.finditer(template):
        _steps(place.group(1).strip())


def _look_up(name: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401  (JSON is any value)
    root, steps = _steps(name)
    found: Any = values[root]
    try:
        for step in steps:
            found = found[step]
    except (KeyError, IndexError, TypeError) as error:
        raise TemplateError(f"{{{{ {name} }}}} names nothing here") from error
    return found


def _steps(name: str) -> tuple[str, list[str | int]]:
    matched = NAME.fullmatch(name)
    if matched is None:
        raise TemplateError(f"{{{{ {name} }}}} is not a name such as item.answer or sample.output_text")
    steps = [word or int(number) for word, number in STEP.findall(matched.group(2))]
    return matched.group(1), steps


def _text(value: Any) -> str:  # noqa: ANN401  (JSON is any value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
