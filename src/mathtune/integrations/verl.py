"""verl: the grader as `custom_reward_function`, for which nothing of verl is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.algebra import Rational
from mathtune.errors import LatexSyntaxError
from mathtune.grading import NotScalarError, formula
from mathtune.latex import parse
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
        `score` and `acc`: 1.0 if the answer is right, else 0.0. `pred`: the answer, by whose text verl counts
        majorities, so it is the same for all right ones (the gold answer) and for one number however it is
        written (a fraction in lowest terms). `no_answer`, `cut_off`, `undecided`, `unparsed_gold`: 1.0 where
        that is why the score is 0.0. verl has no way to skip a row: a gold answer that is missing or broken
        scores all its responses 0.0, so that none of them gains on another, and shows as `unparsed_gold`.

    Raises:
        DataError: The gold answer is neither text nor a number, or `policy` has a value out of its range.

    >>> said = compute_score("drills", r"So it is $\boxed{\frac{1}{2}}$.", "0.5", weakest_sign="boxed")
    >>> said["score"], said["pred"], said["undecided"]
    (1.0, '0.5', 0.0)
    >>> [compute_score("drills", rf"\boxed{{{said}}}", "7")["pred"] for said in ("0.25", r"\frac14", "x^{2}")]
    ['1/4', '1/4', 'x^2']
    """
    problem = (extra_info or {}).get(context) if context else None
    (verdict,) = judge([solution_str], [ground_truth], policy=Policy(**policy), contexts=[problem])
    score = reward_of(verdict) or 0.0
    pred = str(ground_truth) if verdict else _vote(verdict.given_form)
    return {"score": score, "acc": score, "pred": pred, **figures_of(verdict)}


def _vote(answer: str) -> str:
    """Give the text by which a wrong answer is counted: of a number its fraction in lowest terms."""
    try:
        value = formula(parse(answer)) if len(answer) <= _LONGEST_NUMBER else None
    except (LatexSyntaxError, NotScalarError):
        return answer
    if isinstance(value, Rational) and all(
        n.bit_length() <= _MOST_BITS for n in value.value.as_integer_ratio()
    ):
        return str(value.value)
    return answer


_LONGEST_NUMBER = 100  # characters; longer ones count as they are written
_MOST_BITS = 1_000  # of what is written out as digits: `1000!` is a short text
