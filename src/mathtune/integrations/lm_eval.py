"""lm-eval: the grader as a task's `process_results`, a callable, for which nothing of lm-eval is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError
from mathtune.policy import Policy

from ._judging import figures_of, judge, reward_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["MathResults", "process_results"]


@attrs.frozen(kw_only=True)
class MathResults:
    r"""What `process_results` of a task of lm-eval is to be.

    `process_results: !function mathtune.integrations.lm_eval.process_results` in a task's YAML takes one with
    these defaults; for others, make one in a module of one's own and name that.

    Attributes:
        gold: The document's field with the gold answer, text or a number.
        context: The field with the problem's text, used where a document has it. None to do without.
        policy: What counts as the same.

    >>> process_results({"answer": "0.5"}, [r"So it is $\boxed{\frac{1}{2}}$."])["exact_match"]
    1.0
    """

    gold: str = "answer"
    context: str | None = "problem"
    policy: Policy = attrs.field(factory=Policy)

    def __call__(self, doc: Mapping[str, Any], results: Sequence[str | Sequence[str]]) -> dict[str, float]:
        """Give the metrics of a document, of several responses to it their means.

        `exact_match` is 1.0 if the answer is right, else 0.0. Where the gold answer is missing or cannot be
        read it is left out, by which lm-eval takes its mean over the other documents. `no_answer`,
        `cut_off`, `undecided` and `unparsed_gold` say why it is 0.0 or left out.

        Args:
            doc: The document.
            results: The filtered response of the one request for a document, or a list of responses to it.

        Raises:
            DataError: The document has no such field, or it holds neither text nor a number.
        """
        if self.gold not in doc:
            raise DataError(f"expected such a field among {', '.join(sorted(doc))}", field=self.gold)
        responses = [results[0]] if isinstance(results[0], str) else list(results[0])
        problem = doc.get(self.context) if self.context else None
        golds, contexts = ([value] * len(responses) for value in (doc[self.gold], problem))
        verdicts = judge(responses, golds, policy=self.policy, contexts=contexts)
        rewards = [reward for verdict in verdicts if (reward := reward_of(verdict)) is not None]
        figures = [figures_of(verdict) for verdict in verdicts]
        means = {name: _mean([row[name] for row in figures]) for name in figures[0]}
        return {"exact_match": _mean(rewards), **means} if rewards else means


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


process_results = MathResults()
