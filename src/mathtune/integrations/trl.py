"""TRL: the grader as a reward function, a callable, for which nothing of TRL is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError
from mathtune.policy import Policy

from ._judging import figures_of, judge, reward_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Completion = str | Sequence[Mapping[str, Any]]

__all__ = ["MathReward"]


@attrs.frozen(kw_only=True)
class MathReward:
    r"""Reward of `GRPOTrainer` and the other trainers of TRL that take `reward_funcs`: is the answer right?

    It fits the rows of `mathtune.formatting.to_dataset` as they are. It is a frozen value that pickles, uses
    neither signals nor processes, and needs work that is bounded on any text.

    Attributes:
        gold: The column of gold answers, texts or numbers.
        context: The column of problem texts, used where the data set has it: options, units and domains that
            a problem asks for are taken from it, as in an evaluation. None to do without.
        policy: What counts as the same; `Policy(weakest_sign="boxed")` rewards only what stands in a box.

    >>> reward = MathReward()
    >>> said = [r"So it is $\boxed{\frac{1}{2}}$.", r"So it is $\boxed{2}$.", r"\boxed{7}"]
    >>> reward(completions=said, answer=["0.5", "0.5", None])
    [1.0, 0.0, None]
    """

    __name__ = "math_reward"  # what the trainer calls its figures

    gold: str = "answer"
    context: str | None = "problem"
    policy: Policy = attrs.field(factory=Policy)

    def __call__(
        self,
        completions: Sequence[Completion],
        *,
        log_extra: Callable[[str, list[str]], None] | None = None,
        log_metric: Callable[[str, float], None] | None = None,
        **columns: Any,  # noqa: ANN401  (a trainer's prompts, token ids, state and the data set's columns)
    ) -> list[float | None]:
        """Give a reward for each completion: 1.0 if it is right, else 0.0.

        None, by which TRL skips a row, where the gold answer is missing or cannot be read. An undecided
        comparison and a missing answer are 0.0; the shares of `no_answer`, `cut_off`, `undecided` and
        `unparsed_gold` are logged as metrics, and each verdict's reason in the table of completions.

        Args:
            completions: Texts, or conversations, of which the assistant's last message counts.
            log_extra: TRL's, for a column in the table of completions.
            log_metric: TRL's, for figures.
            columns: All else that a trainer hands over, the columns of the data set among them.

        Raises:
            DataError: There is no column of gold answers, or one is neither text nor a number.
        """
        if self.gold not in columns:
            message = (
                f"expected such a column among {', '.join(sorted(columns))}; name the gold answers' by gold="
            )
            raise DataError(message, field=self.gold)
        responses = [_said(completion) for completion in completions]
        contexts = columns.get(self.context) if self.context else None
        verdicts = judge(responses, columns[self.gold], policy=self.policy, contexts=contexts)
        if log_extra is not None:
            log_extra("verdict", [str(verdict.reason) for verdict in verdicts])
        if log_metric is not None and verdicts:
            figures = [figures_of(verdict) for verdict in verdicts]
            for name in figures[0]:
                log_metric(f"{self.__name__}/{name}", sum(row[name] for row in figures) / len(figures))
        return [reward_of(verdict) for verdict in verdicts]


def _said(completion: Completion) -> str:
    """Give a completion's text: of a conversation with tools, what the assistant says last."""
    if isinstance(completion, str):
        return completion
    spoken = [message.get("content") for message in completion if message.get("role") == "assistant"]
    content = spoken[-1] if spoken else None
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""
