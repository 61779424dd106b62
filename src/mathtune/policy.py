"""What counts as the same answer: one frozen value that travels through the whole engine."""

from __future__ import annotations

import attrs

__all__ = ["Policy"]

# The signs by which an answer may be known, strongest first; `mathtune.answers.How` has the same values.
_SIGNS = ("boxed", "hash", "tag", "field", "phrase", "bold", "display", "conclusion", "last_number", "whole")
_FORMS = ("any", "exact", "decimal", "mixed", "reduced", "expanded", "factored")


@attrs.frozen(kw_only=True)
class Policy:
    r"""What counts as the same answer. `docs/engine/what-counts-as-equal.md` gives each default's reason.

    Attributes:
        relative_tolerance: Accept a number within this relative distance of the gold; 0 is exact.
        rounded_gold: Judge an answer that is more exact than a rounded decimal gold (of three digits or more)
            at the gold's digits. This makes the comparison one-sided: a rounded answer does not match an
            exact gold.
        decimal_digits: Accept a decimal for an exact gold if it is right to at least so many significant
            digits,
            as a computer prints them; 0 for never.
        percent: What `28\%` equals besides 0.28: "either" (28 too, the sign forgotten) or "fraction"
            (nothing else).
        units: "lenient": a unit that one side lacks is no fault; "strict": it is.
        log_base: What `\log` without a base means: "either" (natural or ten, the same on both sides), "e"
            or "10".
        form: The form that the answer must be written in: "any", "exact" (no decimals), "decimal", "mixed",
            "reduced" (nothing cancels), "expanded" or "factored" (over the rationals, in one letter).
        weakest_sign: The weakest sign by which an answer may be known in a response; a reward may ask for
            "boxed".
        work: Units of work that one comparison may cost; beyond them the verdict is "undecided".

    >>> Policy() == Policy(relative_tolerance=0.0)
    True
    """

    relative_tolerance: float = attrs.field(default=0.0, validator=attrs.validators.ge(0))
    rounded_gold: bool = True
    decimal_digits: int = attrs.field(default=12, validator=attrs.validators.ge(0))
    percent: str = attrs.field(default="either", validator=attrs.validators.in_(("either", "fraction")))
    units: str = attrs.field(default="lenient", validator=attrs.validators.in_(("lenient", "strict")))
    log_base: str = attrs.field(default="either", validator=attrs.validators.in_(("either", "e", "10")))
    form: str = attrs.field(default="any", validator=attrs.validators.in_(_FORMS))
    weakest_sign: str = attrs.field(default="whole", validator=attrs.validators.in_(_SIGNS))
    work: int = attrs.field(default=20_000, validator=attrs.validators.gt(0))
