"""`calculate_output` of a multi grader: arithmetic over the graders' names, by a parser of its own.

```
sum     = product (("+" | "-") product)*
product = sign (("*" | "/") sign)*
sign    = "-" sign | power
power   = atom ("^" sign)?
atom    = number | name | name "(" sum ("," sum)* ")" | "(" sum ")"
```
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TOKEN: Final = re.compile(r"\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(.))")
FUNCTIONS: Final[dict[str, Callable[..., float]]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "log": math.log,
}
MANY: Final = frozenset({"min", "max"})
LONGEST: Final = 2_000  # characters: the depth of the recursion below


class FormulaError(ValueError):
    """A formula cannot be read or has no value."""


class UnknownNameError(FormulaError):
    """A formula names something that is no grader."""


def evaluate(formula: str, values: Mapping[str, float]) -> float:
    """Give the value of a formula.

    Raises:
        UnknownNameError: A name is no grader.
        FormulaError: It cannot be read, or has no real value.

    >>> evaluate("0.5 * a + max(b, 0) ^ 2", {"a": 1.0, "b": 3.0})
    9.5
    """
    if len(formula) > LONGEST:
        raise FormulaError(f"longer than {LONGEST} characters")
    reader = _Reader(formula, values)
    try:
        value = float(reader.sum())
    except (ValueError, OverflowError, ZeroDivisionError, TypeError) as error:
        if isinstance(error, FormulaError):
            raise
        raise FormulaError(f"has no value: {error}") from error
    if reader.next is not None:
        raise FormulaError(f"ended before {reader.next!r}")
    if not math.isfinite(value):
        raise FormulaError("has no finite value")
    return value


class _Reader:
    """Reads a formula from left to right; each method reads one rule of the grammar above."""

    def __init__(self, text: str, values: Mapping[str, float]) -> None:
        self._tokens = [match.group(0).strip() for match in TOKEN.finditer(text.rstrip())]
        self._at = 0
        self._values = values

    @property
    def next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def sum(self) -> float:
        value = self._product()
        while self.next in ("+", "-"):
            value = value + self._product() if self._take() == "+" else value - self._product()
        return value

    def _product(self) -> float:
        value = self._sign()
        while self.next in ("*", "/"):
            value = value * self._sign() if self._take() == "*" else value / self._sign()
        return value

    def _sign(self) -> float:
        if self.next == "-":
            self._take()
            return -self._sign()
        return self._power()

    def _power(self) -> float:
        base = self._atom()
        if self.next != "^":
            return base
        self._take()
        value = base ** self._sign()
        if isinstance(value, complex):
            raise FormulaError("has no real value")
        return float(value)

    def _atom(self) -> float:
        if self.next == "(":
            self._take()
            value = self.sum()
            self._expect(")")
            return value
        token = self._take()
        if token[0].isdigit() or token[0] == ".":
            return float(token)
        if token in FUNCTIONS and self.next == "(":
            return self._call(token)
        if token in self._values:
            return float(self._values[token])
        if token[0].isalpha() or token[0] == "_":
            raise UnknownNameError(f"names {token!r}, which is no grader")
        raise FormulaError(f"cannot be read at {token!r}")

    def _call(self, name: str) -> float:
        self._expect("(")
        arguments = [self.sum()]
        while self.next == ",":
            self._take()
            arguments.append(self.sum())
        self._expect(")")
        if len(arguments) > 1 and name not in MANY:
            raise FormulaError(f"gives {name} {len(arguments)} values, expected 1")
        if name in MANY:
            return float(FUNCTIONS[name](arguments))
        return float(FUNCTIONS[name](arguments[0]))

    def _take(self) -> str:
        token = self.next
        if token is None:
            raise FormulaError("ends too early")
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self._take() != token:
            raise FormulaError(f"lacks {token!r}")
