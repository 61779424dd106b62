"""inspect: the grader as a scorer, `mathtune/math_scorer` on its command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.errors import MissingExtraError
from mathtune.grading import Outcome, Reason, Verdict
from mathtune.policy import Policy

from ._judging import judge

try:
    from inspect_ai.scorer import (
        CORRECT,
        INCORRECT,
        NOANSWER,
        Score,
        Scorer,
        Target,
        accuracy,
        scorer,
        stderr,
    )
except ModuleNotFoundError as error:
    raise MissingExtraError("inspect-ai", "inspect", "math_scorer") from error

if TYPE_CHECKING:
    from inspect_ai.solver import TaskState

__all__ = ["math_scorer"]


@scorer(metrics=[accuracy(), stderr()])  # type: ignore[untyped-decorator]  # inspect may not be there
def math_scorer(**policy: Any) -> Scorer:  # noqa: ANN401  (the fields of `Policy`)
    """Score a sample's output against its target as mathematics, with the sample's input as the problem.

    Its scores are those of a mathtune evaluation, so that accuracies agree:

    - correct, incorrect: the answer is the target, or another one. Of several targets one suffices.
    - no answer (0 in an accuracy): the output has none, was cut off, or the comparison is undecided; `reason`
      says which.
    - unscored (in no accuracy): the target is missing or cannot be read.

    `explanation` is the verdict in a sentence, `answer` what was taken out of the output.

    Args:
        policy: Fields of `mathtune.Policy`, as `weakest_sign="boxed"`.

    Raises:
        DataError: `policy` has a value out of its range.
    """
    rule = Policy(**policy)

    async def score(state: TaskState, target: Target) -> Score:
        golds = list(target) or [""]
        said = [state.output.completion] * len(golds)
        verdicts = judge(said, golds, policy=rule, contexts=[state.input_text] * len(golds))
        return _score(min(verdicts, key=_rank))

    return score


def _rank(verdict: Verdict) -> int:
    """Of several targets, one that is met comes first, and one that cannot be read last."""
    return 2 if verdict.reason is Reason.UNPARSED_GOLD else int(not verdict)


def _score(verdict: Verdict) -> Score:
    said = {"answer": verdict.given_form or None, "explanation": verdict.explain()}
    if verdict.reason is Reason.UNPARSED_GOLD:
        return Score.unscored(reason=str(verdict.reason), **said)
    if verdict:
        return Score(value=CORRECT, **said)
    if verdict.outcome is Outcome.UNDECIDED or verdict.reason in {Reason.NO_ANSWER, Reason.CUT_OFF}:
        return Score(value=NOANSWER, reason=str(verdict.reason), **said)
    return Score(value=INCORRECT, **said)
