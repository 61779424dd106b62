"""Graders of the protocol: a grader's description and what a model said in, a reward out."""

from __future__ import annotations

from ._run import Grade, Judged, JudgeError, grade_view, run_grader
from ._schema import read_grader, uses

__all__ = ["Grade", "JudgeError", "Judged", "grade_view", "read_grader", "run_grader", "uses"]
