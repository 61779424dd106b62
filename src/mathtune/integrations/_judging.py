"""What all adapters share: responses and gold answers to verdicts, verdicts to rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.errors import DataError
from mathtune.grading import Outcome, Reason, Verdict, grade_batch, is_readable, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mathtune.policy import Policy

__all__ = ["figures_of", "judge", "reward_of"]

_FIGURES = ("no_answer", "cut_off", "undecided", "unparsed_gold")  # as the categories of an evaluation


def judge(
    responses: Sequence[str],
    golds: Sequence[object],
    *,
    policy: Policy,
    contexts: Sequence[object] | None = None,
) -> list[Verdict]:
    r"""Grade responses as an evaluation does: whether a gold answer can be used depends on it alone.

    Args:
        responses: What a model said, whole.
        golds: The expected answers, one a response: texts or numbers, None where there is none.
        policy: What counts as the same.
        contexts: The problems' texts, one a response; what is no text is passed over.

    Raises:
        DataError: A gold answer is neither text nor a number.

    >>> from mathtune.policy import Policy
    >>> said, golds = [r"\boxed{\frac12}", r"\frac{1}{"], [0.5, r"\frac{1}{"]
    >>> [str(verdict.reason) for verdict in judge(said, golds, policy=Policy())]
    ['same_value', 'unparsed_gold']
    """
    texts = [_gold_text(gold) for gold in golds]
    problems = [context if isinstance(context, str) else None for context in contexts or [None] * len(texts)]
    readable = {text: is_readable(text) for text in set(texts)}
    graded = grade_batch(responses, texts, policy=policy, contexts=problems)
    return [
        verdict if readable[text] else Verdict(Outcome.UNDECIDED, Reason.UNPARSED_GOLD, "reading", text[:200])
        for text, verdict in zip(texts, graded, strict=True)
    ]


def _gold_text(gold: object) -> str:
    try:
        return text_of(gold) or ""
    except TypeError as error:
        raise DataError(f"gold answer: {error}") from error


def reward_of(verdict: Verdict) -> float | None:
    """Give 1.0 for the right answer and 0.0 for anything else; None where the gold answer is broken.

    What is undecided is not known to be right, so it earns nothing; else a model would learn to write what
    cannot be checked.
    """
    return None if verdict.reason is Reason.UNPARSED_GOLD else float(bool(verdict))


def figures_of(verdict: Verdict) -> dict[str, float]:
    """Give what a reward of 0 hides: at most one of these is 1.0.

    >>> figures_of(Verdict(Outcome.DIFFERENT, Reason.CUT_OFF))
    {'no_answer': 0.0, 'cut_off': 1.0, 'undecided': 0.0, 'unparsed_gold': 0.0}
    """
    why = verdict.reason if verdict.reason in _FIGURES else verdict.outcome
    return {name: float(name == why) for name in _FIGURES}
