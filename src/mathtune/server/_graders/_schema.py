"""The five graders of the protocol and mathtune's own, as clients describe them; nothing here runs one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .._arguments import anything, fields, integer, list_of, nullable, number, one_of, text
from .._errors import ApiError, invalid, unsupported
from ._formula import FormulaError, evaluate
from ._python import LONGEST_SOURCE
from ._similarity import METRICS
from ._template import TemplateError, check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._arguments import Check


def _template(value: Any, path: str) -> str:  # noqa: ANN401  (a check takes any JSON value)
    template = str(text()(value, path))
    try:
        check(template)
    except TemplateError as error:
        raise invalid(f"Invalid '{path}': {error}.", path, "invalid_template") from error
    return template


def _source(value: Any, path: str) -> str:  # noqa: ANN401  (a check takes any JSON value)
    source = str(text(shortest=1, longest=LONGEST_SOURCE)(value, path))
    try:
        compile(source, "grader.py", "exec")
    except (SyntaxError, ValueError) as error:
        raise invalid(f"Invalid '{path}': {error}.", path, "invalid_python") from error
    return source


NAMED: Final[dict[str, Check]] = {"name": text(shortest=1), "type": anything}
MESSAGE: Final = fields(
    {"role": one_of("system", "developer", "user", "assistant"), "content": _template, "type": anything},
    required=("role", "content"),
)
SAMPLING: Final = fields(
    {
        "seed": nullable(integer()),
        "top_p": nullable(number(0, 1)),
        "temperature": nullable(number(0, 2)),
        "max_completions_tokens": nullable(integer(1)),
    }
)
SINGLE: Final[Mapping[str, Check]] = {
    "string_check": fields(
        {
            **NAMED,
            "input": _template,
            "reference": _template,
            "operation": one_of("eq", "ne", "like", "ilike"),
        },
        required=("name", "input", "reference", "operation"),
    ),
    "text_similarity": fields(
        {**NAMED, "input": _template, "reference": _template, "evaluation_metric": one_of(*METRICS)},
        required=("name", "input", "reference", "evaluation_metric"),
    ),
    "python": fields({**NAMED, "source": _source, "image_tag": anything}, required=("name", "source")),
    "score_model": fields(
        {
            **NAMED,
            "model": text(shortest=1),
            "input": list_of(MESSAGE, shortest=1),
            "range": list_of(number(), shortest=2, longest=2),
            "sampling_params": nullable(SAMPLING),
        },
        required=("name", "model", "input"),
    ),
    # Not OpenAI's: the answer is taken from the text and compared as mathematics (mathtune.grading).
    "mathtune": fields(
        {**NAMED, "input": _template, "reference": _template}, required=("name", "input", "reference")
    ),
}


def read_grader(value: Any, path: str = "grader") -> dict[str, Any]:  # noqa: ANN401  (any JSON value)
    """Check a grader.

    Raises:
        ApiError: 400; the field is named.
    """
    kind = _kind(value, path)
    if kind != "multi":
        return _single(value, path)
    known: dict[str, Check] = {
        **NAMED,
        "graders": _graders,
        "calculate_output": text(shortest=1),
    }
    grader: dict[str, Any] = fields(known, required=("name", "graders", "calculate_output"))(value, path)
    _check_formula(grader, path)
    return grader


def uses(grader: Mapping[str, Any], kind: str) -> bool:
    """Tell whether a checked grader, or a part of it, is of a type."""
    return kind in (grader["type"], *(part["type"] for part in grader.get("graders", {}).values()))


def _single(value: Any, path: str) -> dict[str, Any]:  # noqa: ANN401  (any JSON value)
    kind = _kind(value, path)
    if kind == "multi":
        raise invalid("A multi grader cannot hold another one.", path, "nested_multi_grader")
    if kind == "label_model":
        raise unsupported(f"{path}.type", "label_model graders are not run by this server.")
    if kind not in SINGLE:
        known = ", ".join(f"'{name}'" for name in (*SINGLE, "multi"))
        raise invalid(f"Invalid value: '{kind}'. Supported values are: {known}.", f"{path}.type")
    checked: dict[str, Any] = SINGLE[kind](value, path)
    return checked


def _graders(value: Any, path: str) -> dict[str, Any]:  # noqa: ANN401  (a check takes any JSON value)
    """Take a map of graders, or a list of them, which are then called by their own names."""
    if isinstance(value, list):
        graders = [_single(grader, f"{path}[{index}]") for index, grader in enumerate(value)]
        return {grader["name"]: grader for grader in graders}
    if not isinstance(value, dict) or not value:
        raise invalid(f"Invalid type for '{path}': expected an object with graders.", path, "invalid_type")
    return {name: _single(grader, f"{path}.{name}") for name, grader in value.items()}


def _check_formula(grader: dict[str, Any], path: str) -> None:
    try:
        evaluate(grader["calculate_output"], dict.fromkeys(grader["graders"], 1.0))
    except FormulaError as error:
        if "value" in str(error):  # it can be read, only not for ones
            return
        where = f"{path}.calculate_output"
        raise invalid(f"Invalid '{where}': the formula {error}.", where, "invalid_formula") from error


def _kind(value: Any, path: str) -> str:  # noqa: ANN401  (any JSON value)
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise ApiError(
            400,
            f"Missing required parameter: '{path}.type'.",
            code="missing_required_parameter",
            param=f"{path}.type",
        )
    return str(value["type"])
