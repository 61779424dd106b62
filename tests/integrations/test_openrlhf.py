"""The reward function for OpenRLHF, loaded from its file as OpenRLHF does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import mathtune as mt
import mathtune.integrations

pytestmark = pytest.mark.local


@pytest.fixture(scope="module")
def reward_func():
    """Give the function of that name in the file, which is no part of a package when it is loaded so."""
    path = Path(mathtune.integrations.__file__).with_name("openrlhf.py")
    spec = importlib.util.spec_from_file_location("reward_func", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.reward_func


def test_responses_are_rewarded_behind_their_prompts(reward_func):
    """What stands in a prompt is never the answer, and each query has a number of each kind."""
    prompt = r"Is it \boxed{7}?<|assistant|>"
    said = [r"So \boxed{7}.<|end|>", "I do not know.<|end|>", r"So \boxed{8}.<|end|>", r"\boxed{7}"]
    given = reward_func([prompt + words for words in said], [prompt] * 4, ["7", "7", "7", r"\frac{1}{"])
    assert given["rewards"].tolist() == given["scores"].tolist() == [1.0, 0.0, 0.0, 0.0]
    logs = {name: figures.tolist() for name, figures in given["extra_logs"].items()}
    assert logs == {
        "no_answer": [0.0, 1.0, 0.0, 0.0],
        "cut_off": [0.0] * 4,
        "undecided": [0.0] * 4,
        "unparsed_gold": [0.0, 0.0, 0.0, 1.0],
    }


def test_a_prompt_that_was_cut_is_no_error(reward_func):
    """Where a query does not hold its prompt, all of it is the response."""
    assert reward_func([r"long prompt\boxed{7}"], [r"a very long prompt"], [7])["rewards"].tolist() == [1.0]


def test_another_policy_is_an_argument(reward_func):
    """A file of one's own may ask for a box."""
    strict = mt.Policy(weakest_sign="boxed")
    assert reward_func(["?It is 7."], ["?"], ["7"], policy=strict)["rewards"].tolist() == [0.0]
