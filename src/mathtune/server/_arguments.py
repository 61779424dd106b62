"""Reading the arguments of a request: checks put together from small ones, refusals worded as OpenAI's.

A check takes a JSON value and the argument's path and gives the value back, or raises `ApiError` (400).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ._errors import ApiError, invalid

Check = Callable[[Any, str], Any]

JSON_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a decimal"),
    (str, "a string"),
    (list, "an array"),
    (dict, "an object"),
)


def anything(value: Any, _path: str) -> Any:  # noqa: ANN401  (a check takes any JSON value)
    """Take any JSON value."""
    return value


def mapping(value: Any, path: str) -> dict[str, Any]:  # noqa: ANN401  (a check takes any JSON value)
    """Take an object of any fields."""
    if not isinstance(value, dict):
        raise _wrong_type("an object", value, path)
    return value


def boolean(value: Any, path: str) -> bool:  # noqa: ANN401  (a check takes any JSON value)
    """Take true or false."""
    if not isinstance(value, bool):
        raise _wrong_type("a boolean", value, path)
    return value


def text(*, shortest: int = 0, longest: int | None = None) -> Check:
    """Take a string of so many characters."""

    def check(value: Any, path: str) -> str:  # noqa: ANN401  (a check takes any JSON value)
        if not isinstance(value, str):
            raise _wrong_type("a string", value, path)
        if len(value) < shortest:
            message = f"Invalid '{path}': string too short. Expected at least {shortest} characters."
            raise invalid(message, path, "string_below_min_length")
        if longest is not None and len(value) > longest:
            message = f"Invalid '{path}': string too long. Expected at most {longest} characters, "
            raise invalid(message + f"but got {len(value)} instead.", path, "string_above_max_length")
        return value

    return check


def integer(low: int | None = None, high: int | None = None) -> Check:
    """Take a whole number within bounds."""

    def check(value: Any, path: str) -> int:  # noqa: ANN401  (a check takes any JSON value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong_type("an integer", value, path)
        _check_bounds(value, low, high, path, "integer")
        return value

    return check


def number(low: float | None = None, high: float | None = None, *, above: float | None = None) -> Check:
    """Take a number within bounds; `above` is a bound that is not itself allowed."""

    def check(value: Any, path: str) -> float:  # noqa: ANN401  (a check takes any JSON value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _wrong_type("a decimal", value, path)
        _check_bounds(value, low, high, path, "decimal")
        if above is not None and value <= above:
            message = f"Invalid '{path}': decimal below minimum value. Expected a value > {above}, "
            raise invalid(message + f"but got {value} instead.", path, "decimal_below_min_value")
        return float(value)

    return check


def one_of(*choices: Any) -> Check:  # noqa: ANN401  (any JSON value can be a choice)
    """Take one of the given values."""

    def check(value: Any, path: str) -> Any:  # noqa: ANN401  (a check takes any JSON value)
        if isinstance(value, (list, dict)) or value not in choices:
            known = ", ".join(f"'{choice}'" for choice in choices)
            raise invalid(f"Invalid value: {_shown(value)}. Supported values are: {known}.", path)
        return value

    return check


def nullable(check: Check) -> Check:
    """Take null, or what `check` takes."""
    return lambda value, path: None if value is None else check(value, path)


def auto_or(check: Check) -> Check:
    """Take "auto", or what `check` takes."""
    return lambda value, path: value if value == "auto" else check(value, path)


def list_of(check: Check, *, shortest: int = 0, longest: int | None = None) -> Check:
    """Take an array of what `check` takes."""

    def check_list(value: Any, path: str) -> list[Any]:  # noqa: ANN401  (a check takes any JSON value)
        if not isinstance(value, list):
            raise _wrong_type("an array", value, path)
        if len(value) < shortest:
            message = f"Invalid '{path}': empty array. Expected an array with minimum length {shortest}."
            raise invalid(message, path, "empty_array")
        if longest is not None and len(value) > longest:
            message = f"Invalid '{path}': array too long. Expected at most {longest} items."
            raise invalid(message, path, "array_above_max_length")
        return [check(item, f"{path}[{index}]") for index, item in enumerate(value)]

    return check_list


def text_map(*, pairs: int, key: int, value: int) -> Check:
    """Take an object of strings: so many pairs at most, so many characters in a key and in a value."""
    check_key, check_value = text(longest=key), text(longest=value)

    def check(given: Any, path: str) -> dict[str, str]:  # noqa: ANN401  (a check takes any JSON value)
        if not isinstance(given, dict):
            raise _wrong_type("an object", given, path)
        if len(given) > pairs:
            message = f"Invalid '{path}': too many properties. Expected at most {pairs} properties."
            raise invalid(message, path, "object_above_max_properties")
        return {check_key(name, path): check_value(item, f"{path}.{name}") for name, item in given.items()}

    return check


def fields(known: Mapping[str, Check], *, required: tuple[str, ...] = ()) -> Check:
    """Take an object with these fields and no others."""

    def check(value: Any, path: str) -> dict[str, Any]:  # noqa: ANN401  (a check takes any JSON value)
        if not isinstance(value, dict):
            raise _wrong_type("an object", value, path)
        prefix = f"{path}." if path else ""
        _refuse_unknown(value, known, prefix)
        for name in required:
            if name not in value:
                where = prefix + name
                raise invalid(f"Missing required parameter: '{where}'.", where, "missing_required_parameter")
        return {name: known[name](item, prefix + name) for name, item in value.items()}

    return check


def page_limit(value: str | None, *, default: int, highest: int) -> int:
    """Read a `limit` of a query string."""
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise _wrong_type("an integer", value, "limit")
    limit = int(value)
    _check_bounds(limit, 1, highest, "limit", "integer")
    return limit


def _refuse_unknown(value: Mapping[str, Any], known: Mapping[str, Check], prefix: str) -> None:
    for name in value:
        if name not in known:
            where = prefix + name
            raise invalid(f"Unknown parameter: '{where}'.", where, "unknown_parameter")


def _check_bounds(value: float, low: float | None, high: float | None, path: str, kind: str) -> None:
    if low is not None and value < low:
        side, bound, name = "below minimum", f">= {low}", "below_min_value"
    elif high is not None and value > high:
        side, bound, name = "above maximum", f"<= {high}", "above_max_value"
    else:
        return
    message = (
        f"Invalid '{path}': {kind} {side} value. Expected a value {bound}, but got {_shown(value)} instead."
    )
    raise invalid(message, path, f"{kind}_{name}")


def _wrong_type(expected: str, value: Any, path: str) -> ApiError:  # noqa: ANN401  (whatever came)
    where = f"for '{path}'" if path else "of the request body"
    message = f"Invalid type {where}: expected {expected}, but got {_json_name(value)} instead."
    return invalid(message, path or None, "invalid_type")


def _json_name(value: Any) -> str:  # noqa: ANN401  (whatever came)
    return next((name for kind, name in JSON_NAMES if isinstance(value, kind)), "null")


def _shown(value: Any) -> str:  # noqa: ANN401  (whatever came)
    shown = f"'{value}'" if isinstance(value, str) else str(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."
