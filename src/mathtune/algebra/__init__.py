"""Values: exact expressions and how two of them compare, within a budget of work."""

from __future__ import annotations

from ._ball import evaluate
from ._budget import Budget, BudgetExceededError
from ._compare import Comparison, compare
from ._derivative import derivative
from ._doubles import Place, as_double, least_gap, real_order
from ._evaluation import FLINT, Evaluation, UnsupportedError, precision, whole_number
from ._expression import (
    Add,
    Apply,
    Bound,
    Constant,
    Expression,
    Multiply,
    Power,
    Rational,
    Variable,
    add,
    apply,
    divide,
    infinite_sign,
    multiply,
    negate,
    nodes,
    polynomial_root,
    power,
    rational,
    size,
    substitute,
    symbols,
    with_real_roots,
)
from ._match import Match
from ._numeric import numeric_value
from ._points import INTEGER_NAMES, POINTS, point
from ._polynomial import Quotient, TooLargeError, linear_coefficients, quotients
from ._traits import has_kink, has_log, has_name, has_step

__all__ = [
    "FLINT",
    "INTEGER_NAMES",
    "POINTS",
    "Add",
    "Apply",
    "Bound",
    "Budget",
    "BudgetExceededError",
    "Comparison",
    "Constant",
    "Evaluation",
    "Expression",
    "Match",
    "Multiply",
    "Place",
    "Power",
    "Quotient",
    "Rational",
    "TooLargeError",
    "UnsupportedError",
    "Variable",
    "add",
    "apply",
    "as_double",
    "compare",
    "derivative",
    "divide",
    "evaluate",
    "has_kink",
    "has_log",
    "has_name",
    "has_step",
    "infinite_sign",
    "least_gap",
    "linear_coefficients",
    "multiply",
    "negate",
    "nodes",
    "numeric_value",
    "point",
    "polynomial_root",
    "power",
    "precision",
    "quotients",
    "rational",
    "real_order",
    "size",
    "substitute",
    "symbols",
    "whole_number",
    "with_real_roots",
]
