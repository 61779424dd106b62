"""What datasets call the columns of a problem. Data only: a new dataset is a new word here, not a new branch.

Names are compared in lower case with everything but letters and digits as `_`; `a.b` looks into a nested
object. The first column that is there and not empty wins.
"""

from __future__ import annotations

__all__ = ["COLUMNS", "NO_ANSWERS"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("unique_id", "id", "uuid", "problem_id", "question_id", "problem_idx", "idx", "index"),
    "problem": (
        "problem",
        "question",
        "problem_text",
        "problem_statement",
        "informal_statement",  # PutnamBench
        "prompt",  # HARDMath2; verl's layout, where it is a list of messages
        "query",
        "instruction",
        "input",
    ),
    "solution": (
        "solution",
        "reference_solution",  # NeMo-Skills
        "generated_solution",  # OpenMathInstruct-2
        "informal_solution",  # PutnamBench
        "worked_solution",
        "reasoning",  # OdysseyMath
    ),
    "answer": (
        "answer",
        "final_answer",  # OlympiadBench
        "expected_answer",  # NeMo-Skills
        "short_answer",  # IMO-AnswerBench
        "answer_number",  # SciBench: the same value as answer_latex, without layout
        "answer_latex",
        "answer_val",  # HARDMath
        "ground_truth",
        "reward_model.ground_truth",  # verl
        "gold",
        "target",
    ),
    "subject": (
        "subject",
        "type",  # MATH
        "problem_type",  # NuminaMath
        "subfield",  # OlympiadBench, TheoremQA
        "category",
        "domain",  # Omni-MATH
        "topic",
        "data_topic",  # CollegeMath
        "field",
        "label",  # OdysseyMath
        "question_type",  # HARDMath
    ),
    "level": ("level",),
    "source": ("source", "data_source"),
}

# What stands in an answer column where there is no answer (NuminaMath-1.5), in lower case.
NO_ANSWERS = {"proof", "notfound", "n/a", "none"}
