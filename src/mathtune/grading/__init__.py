"""Two answers -> a verdict.

`equivalent` compares two answers, `grade` a whole response with the gold answer (`judged_answer` gives the
answer beside its verdict), `grade_batch`, `grade_stream` and `grade_table` (Arrow) many; `Verdict`, `Outcome`
and `Reason` are what they say; `text_of` is how a table's cells are read, `VERDICT_COLUMNS` what is added to
them. `is_readable` and `audit_golds` look over gold answers before any response is judged; `to_sympy` and
`formula` hand one on. `grade_asymptotic` judges approximations by their values.
"""

from __future__ import annotations

from ._arrow import VERDICT_COLUMNS, grade_table, text_of
from ._asymptotic import AsymptoticGrade, Regime, grade_asymptotic, hardmath_regimes
from ._audit import GoldFinding, audit_golds
from ._batch import grade_batch, grade_stream
from ._exchange import to_sympy
from ._formulas import NotScalarError, formula
from ._grade import equivalent, grade, is_readable, judged_answer
from ._verdict import Outcome, Reason, Verdict

__all__ = [
    "VERDICT_COLUMNS",
    "AsymptoticGrade",
    "GoldFinding",
    "NotScalarError",
    "Outcome",
    "Reason",
    "Regime",
    "Verdict",
    "audit_golds",
    "equivalent",
    "formula",
    "grade",
    "grade_asymptotic",
    "grade_batch",
    "grade_stream",
    "grade_table",
    "hardmath_regimes",
    "is_readable",
    "judged_answer",
    "text_of",
    "to_sympy",
]
