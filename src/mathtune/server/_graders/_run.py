"""A checked grader and what a model said -> a reward, with the protocol's flags for what went wrong."""

from __future__ import annotations

import contextlib
import json
import math
from typing import TYPE_CHECKING, Any, Final

import attrs

from ._formula import FormulaError, UnknownNameError, evaluate
from ._python import GraderFailedError, IsolationError, run_python
from ._similarity import similarity
from ._template import TemplateError, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FLAGS: Final = (
    "formula_parse_error",
    "sample_parse_error",
    "truncated_observation_error",
    "unresponsive_reward_error",
    "invalid_variable_error",
    "other_error",
    "python_grader_server_error",
    "python_grader_runtime_error",
    "model_grader_server_error",
    "model_grader_refusal_error",
    "model_grader_parse_error",
)
DETAILS: Final = (
    "python_grader_server_error_type",
    "python_grader_runtime_error_details",
    "model_grader_server_error_details",
)
INSTRUCTION: Final = (
    'Answer with JSON only: {"steps": [...], "result": NUMBER}, where the result is your score.'
)


@attrs.frozen(kw_only=True)
class Judged:
    """What a model said that was asked for a score: its text, and the tokens that it took."""

    text: str
    tokens: int


class JudgeError(RuntimeError):
    """The model that was to give a score did not answer."""


@attrs.define(kw_only=True)
class Grade:
    """What a grader gave.

    Attributes:
        reward: The score; 0 where something went wrong.
        errors: The flags that are set, with their details.
        parts: The rewards of the graders that a multi grader holds.
        tokens: What each judging model took, by name.
    """

    reward: float = 0.0
    errors: dict[str, Any] = attrs.field(factory=dict)
    parts: dict[str, float] = attrs.field(factory=dict)
    tokens: dict[str, int] = attrs.field(factory=dict)


def run_grader(
    grader: Mapping[str, Any],
    *,
    sample: str,
    item: Mapping[str, Any],
    judge: Callable[[Mapping[str, Any], list[dict[str, str]]], Judged],
) -> Grade:
    """Score what a model said.

    Args:
        grader: As `read_grader` gives it.
        sample: The model's text.
        item: The row that it was asked about.
        judge: Asks the model of a score_model grader; raises `JudgeError`.
    """
    values = {"item": dict(item), "sample": _sample(sample)}
    if grader["type"] != "multi":
        return _single(grader, values, judge)
    grade = Grade()
    for name, part in grader["graders"].items():
        given = _single(part, values, judge)
        grade.parts[name] = given.reward
        grade.errors |= given.errors
        grade.tokens |= given.tokens
    try:
        grade.reward = evaluate(grader["calculate_output"], grade.parts)
    except UnknownNameError:
        grade.errors["invalid_variable_error"] = True
    except FormulaError:
        grade.errors["formula_parse_error"] = True
    return grade


def grade_view(grader: Mapping[str, Any], grade: Grade, *, seconds: float) -> dict[str, Any]:
    """Give the protocol's answer to `alpha/graders/run`."""
    return {
        "reward": grade.reward,
        "metadata": {
            "name": grader["name"],
            "type": grader["type"],
            "errors": {**dict.fromkeys(FLAGS, False), **dict.fromkeys(DETAILS), **grade.errors},
            "execution_time": seconds,
            "scores": grade.parts or {grader["name"]: grade.reward},
            "token_usage": sum(grade.tokens.values()) or None,
            "sampled_model_name": next(iter(grade.tokens), None),
        },
        "sub_rewards": grade.parts,
        "model_grader_token_usage_per_model": grade.tokens,
    }


def _sample(text: str) -> dict[str, Any]:
    sample: dict[str, Any] = {
        "output_text": text,
        "output_tools": [],
        "choices": [{"message": {"role": "assistant", "content": text}}],
    }
    with contextlib.suppress(ValueError, RecursionError):  # a template that asks for it then names nothing
        sample["output_json"] = json.loads(text)
    return sample


def _single(
    grader: Mapping[str, Any],
    values: Mapping[str, Any],
    judge: Callable[[Mapping[str, Any], list[dict[str, str]]], Judged],
) -> Grade:
    try:
        if grader["type"] == "python":
            return Grade(reward=run_python(grader["source"], sample=values["sample"], item=values["item"]))
        if grader["type"] == "score_model":
            return _score_by_model(grader, values, judge)
        given, reference = fill(grader["input"], values), fill(grader["reference"], values)
    except TemplateError:
        return Grade(errors={"invalid_variable_error": True})
    except GraderFailedError as error:
        details = {"python_grader_runtime_error_details": str(error)}
        return Grade(errors={"python_grader_runtime_error": True, **details})
    except IsolationError as error:
        return Grade(
            errors={"python_grader_server_error": True, "python_grader_server_error_type": str(error)}
        )
    return Grade(reward=_compare(grader, given, reference))


def _compare(grader: Mapping[str, Any], given: str, reference: str) -> float:
    if grader["type"] == "text_similarity":
        return similarity(grader["evaluation_metric"], given, reference)
    if grader["type"] == "mathtune":
        from mathtune.grading import grade

        return float(bool(grade(given, reference)))
    operation = grader["operation"]
    if operation in ("eq", "ne"):
        return float((given == reference) == (operation == "eq"))
    if operation == "ilike":
        given, reference = given.casefold(), reference.casefold()
    return float(reference in given)


def _score_by_model(
    grader: Mapping[str, Any],
    values: Mapping[str, Any],
    judge: Callable[[Mapping[str, Any], list[dict[str, str]]], Judged],
) -> Grade:
    messages = [{"role": part["role"], "content": fill(part["content"], values)} for part in grader["input"]]
    messages[-1]["content"] += f"\n\n{INSTRUCTION}"
    try:
        judged = judge(grader, messages)
    except JudgeError as error:
        return Grade(
            errors={"model_grader_server_error": True, "model_grader_server_error_details": str(error)}
        )
    tokens = {str(grader["model"]): judged.tokens}
    try:
        score = float(json.loads(judged.text)["result"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return Grade(errors={"model_grader_parse_error": True}, tokens=tokens)
    low, high = grader.get("range") or (0.0, 1.0)
    reward = min(max(score, low), high) if math.isfinite(score) else 0.0
    return Grade(reward=reward, tokens=tokens)
