"""What a call says that was handed something else than texts; looked at only when it has failed for that."""

from __future__ import annotations

__all__ = ["require_texts"]

_MAY_BE_LEFT_OUT = ("context",)
_LONGEST_SHOWN = 80  # characters of what came


def require_texts(where: str = "", **arguments: object) -> None:
    """Name the first argument that is no text.

    Args:
        where: What the message begins with, for one row of many: `"row 3, "`.
        arguments: What came in, by the arguments' names.

    Raises:
        TypeError: One of them is neither a text nor left out.

    >>> require_texts(response="It is 4.", gold=4)
    Traceback (most recent call last):
    TypeError: gold: expected a text (str), got int 4
    """
    for name, value in arguments.items():
        left_out = value is None and name in _MAY_BE_LEFT_OUT
        if not left_out and not isinstance(value, str):
            kind = "" if value is None else f"{type(value).__name__} "
            shown = repr(value)[:_LONGEST_SHOWN]
            raise TypeError(f"{where}{name}: expected a text (str), got {kind}{shown}") from None
