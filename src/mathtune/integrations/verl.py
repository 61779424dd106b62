"""verl: the grader as `custom_reward_function`, for which nothing of verl is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.policy import Policy

from ._judging import figures_of, judge, reward_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["compute_score"]


def compute_score(
    data_source: str,  # noqa: ARG001  (verl hands it over by this name)
    solution_str: str,
    ground_truth: object,
    extra_info: Mapping[str, Any] | None = None,
    *,
    context: str | None = "problem",
    **policy: Any,  # noqa: ANN401  (the fields of `Policy`)
) -> dict[str, float | str]:
    r"""Score one response for verl, whose rows `mathtune.formatting.verl_rows` writes.

    In verl's settings, `custom_reward_function.path` is `pkg://mathtune.integrations.verl` and `.name` is
    `compute_score`; what stands under `.reward_kwargs` comes here as `context` and `policy`. It pickles, and
    uses neither signals nor processes.

    Args:
        data_source: The data set's name; not used.
        solution_str: What the model said.
        ground_truth: The gold answer, text or a number.
        extra_info: The row's own, where the problem's text may stand.
        context: The key of `extra_info` that holds the problem's text, used where a row has it. None to do
            without.
        policy: Fields of `mathtune.Policy`, as `weakest_sign="boxed"`.

    Returns:
        `score` and `acc`: 1.0 if the answer is right, else 0.0. `pred`: the answer that was taken out, by
        whose text verl counts majorities. `no_answer`, `cut_off`, `undecided`, `unparsed_gold`: 1.0 where
        that is why the score is 0.0. verl has no way to skip a row: a gold answer that is missing or broken
        scores all its responses 0.0, so that none of them gains on another, and shows as `unparsed_gold`.

    Raises:
        DataError: The gold answer is neither text nor a number, or `policy` has a value out of its range.

    >>> said = compute_score("drills", r"So it is $\boxed{\frac{1}{2}}$.", "0.5", weakest_sign="boxed")
    >>> said["score"], said["pred"], said["undecided"]
    (1.0, '\\frac{1}{2}', 0.0)
    """
    problem = (extra_info or {}).get(context) if context else None
    (verdict,) = judge([solution_str], [ground_truth], policy=Policy(**policy), contexts=[problem])
    score = reward_of(verdict) or 0.0
    return {"score": score, "acc": score, "pred": verdict.given_form, **figures_of(verdict)}
