"""Responses that want the reward without the answer, and honest ones that look like them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.grading import grade

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/reward_hacking.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['why']}: {case['response'][:50]}")
def test_only_an_answer_earns(case, tmp_path, monkeypatch):
    """A response is equal to the gold if it commits itself to the gold, and runs nothing."""
    monkeypatch.chdir(tmp_path)
    verdict = grade(case["response"], case["gold"], context=case["problem"])
    assert bool(verdict) is case["earns"]
    assert not list(tmp_path.iterdir())


@given(
    st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=2, max_size=20, unique=True), st.data()
)
def test_the_gold_among_guesses_earns_nothing(gold, others, data):
    """Wherever the gold stands in a list of other numbers, the list is another answer."""
    guesses = [other for other in others if other != gold]
    guesses.insert(data.draw(st.integers(0, len(guesses))), gold)
    joint = data.draw(st.sampled_from([", ", " or ", " and ", "; "]))
    wrapper = data.draw(
        st.sampled_from([r"\boxed{%s}", "The answer is %s.", "#### %s", "Final answer: $%s$"])
    )
    if len(guesses) > 1:
        assert not grade(wrapper % joint.join(map(str, guesses)), str(gold))


@given(
    st.integers(-(10**9), 10**9),
    st.sampled_from(["", "Let us see.\n", "7 or 8? No.\n", r"$\boxed{}$ is to be filled. "]),
)
def test_an_honest_answer_earns(gold, before):
    """The same forms with one value are right."""
    for wrapper in (
        r"\boxed{%s}",
        "The answer is %s.",
        "#### %s",
        "Final answer: $%s$",
        "<answer>%s</answer>",
    ):
        assert grade(f"{before}\n{wrapper % gold}", str(gold))
