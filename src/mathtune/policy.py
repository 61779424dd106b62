"""What counts as the same answer: one frozen value that travels through the whole engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import attrs

from mathtune.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Form", "LogBase", "Percent", "Policy", "Sign", "Units"]

# The signs by which an answer may be known, strongest first; `mathtune.answers.How` has the same values.
Sign = Literal[
    "boxed", "hash", "tag", "field", "phrase", "bold", "display", "conclusion", "last_number", "whole"
]
Form = Literal["any", "exact", "decimal", "mixed", "reduced", "simplified", "expanded", "factored", "digits"]
Percent = Literal["either", "fraction"]
Units = Literal["lenient", "strict"]
LogBase = Literal["either", "e", "10"]


def _one_of(names: object) -> Callable[..., None]:
    known = get_args(names)

    def check(_policy: Policy, attribute: attrs.Attribute[str], value: object) -> None:
        if value not in known:
            raise DataError(f"expected one of {', '.join(known)}, got {value!r}", field=attribute.name)

    return check


def _whole(least: int, most: float = float("inf")) -> Callable[..., None]:
    def check(_policy: Policy, attribute: attrs.Attribute[int], value: object) -> None:
        if type(value) is not int or not least <= value <= most:
            upwards = f"up to {most}" if most < float("inf") else "on"
            raise DataError(
                f"expected a whole number from {least} {upwards}, got {value!r}", field=attribute.name
            )

    return check


def _distance(_policy: Policy, attribute: attrs.Attribute[float], value: object) -> None:
    if not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise DataError(f"expected a finite number from 0 on, got {value!r}", field=attribute.name)


def _yes_or_no(_policy: Policy, attribute: attrs.Attribute[bool], value: object) -> None:
    if not isinstance(value, bool):
        raise DataError(f"expected True or False, got {value!r}", field=attribute.name)


@attrs.frozen(kw_only=True, cache_hash=True)
class Policy:
    r"""What counts as the same answer. `docs/engine/what-counts-as-equal.md` gives each default's reason.

    Tolerances only widen: an answer is right if it is equal, or if any one of the tolerances that are set
    lets it pass. All of them measure from the gold answer, and none is set by default.

    Attributes:
        relative_tolerance: Accept a number within this share of the gold's size; 0 for none.
        absolute_tolerance: Accept a number within this distance of the gold; 0 for none. OlympiadBench gives
            it in a row's `error`.
        significant_digits: Accept a number that is nearer to the gold than half a unit of the gold's
            significant digit of this place, as "correct to 3 significant figures"; 0 for none.
        rounded_gold: Judge an answer that is more exact than a rounded decimal gold (of three digits or more)
            at the gold's digits. This makes the comparison one-sided: a rounded answer does not match an
            exact gold.
        decimal_digits: Accept a decimal for an exact gold if it is right to at least so many significant
            digits, as a computer prints them; 0 for never.
        percent: What `28\%` equals besides 0.28: "either" (28 too, the sign forgotten) or "fraction"
            (nothing else).
        units: "lenient": a unit that one side lacks is no fault; "strict": it is.
        log_base: What `\log` without a base means: "either" (natural or ten, the same on both sides), "e"
            or "10".
        form: The form that the answer must be written in: "any", "exact" (no decimals), "decimal", "mixed",
            "reduced" (nothing cancels, no square in a root), "simplified" (reduced, like terms collected,
            no root below a fraction's line), "expanded", "factored" (over the rationals), or "digits" (no
            fewer decimal places than the gold has).
        weakest_sign: The weakest sign by which an answer may be known in a response; a reward may ask for
            "boxed".
        work: Units of work that one comparison may cost; beyond them the verdict is "undecided".

    Raises:
        DataError: A value is outside its range or set; the field is named.

    >>> Policy() == Policy(relative_tolerance=0.0)
    True
    >>> Policy(significant_digits=3).has_tolerance
    True
    """

    relative_tolerance: float = attrs.field(default=0.0, validator=_distance)
    absolute_tolerance: float = attrs.field(default=0.0, validator=_distance)
    significant_digits: int = attrs.field(default=0, validator=_whole(0, 100))
    rounded_gold: bool = attrs.field(default=True, validator=_yes_or_no)
    decimal_digits: int = attrs.field(default=12, validator=_whole(0))
    percent: Percent = attrs.field(default="either", validator=_one_of(Percent))
    units: Units = attrs.field(default="lenient", validator=_one_of(Units))
    log_base: LogBase = attrs.field(default="either", validator=_one_of(LogBase))
    form: Form = attrs.field(default="any", validator=_one_of(Form))
    weakest_sign: Sign = attrs.field(default="whole", validator=_one_of(Sign))
    work: int = attrs.field(default=20_000, validator=_whole(1))

    @property
    def has_tolerance(self) -> bool:
        """Whether numbers that are only near the gold pass."""
        return bool(self.relative_tolerance or self.absolute_tolerance or self.significant_digits)
