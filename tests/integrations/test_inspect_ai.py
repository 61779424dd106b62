"""The scorer in an evaluation of inspect, and the error without it."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

ABSENT = """
import sys
sys.modules["inspect_ai"] = None
try:
    import mathtune.integrations.inspect_ai
except ImportError as error:
    print(error)
"""


def test_without_inspect_the_error_says_what_to_install():
    """Importing the scorer without its package names the command that installs it."""
    said = subprocess.run([sys.executable, "-c", ABSENT], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "math_scorer needs inspect-ai: pip install 'mathtune[inspect]'"


@pytest.fixture
def scored(tmp_path):
    """Give a function that has inspect score pairs of output and target."""
    inspect_ai = pytest.importorskip("inspect_ai", reason="needs inspect-ai: make integrations")
    from inspect_ai.dataset import Sample
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    from mathtune.integrations.inspect_ai import math_scorer

    def run(pairs, **policy):
        outputs = [ModelOutput.from_content("mockllm/model", said) for said, _ in pairs]
        for output in outputs:
            output.usage = ModelUsage()  # else the mock counts tokens with a file from the network
        samples = [Sample(input="What is it?", target=target) for _, target in pairs]
        model = get_model("mockllm/model", custom_outputs=outputs)
        task = inspect_ai.Task(dataset=samples, scorer=math_scorer(**policy))
        (log,) = inspect_ai.eval(task, model=model, log_dir=str(tmp_path), display="none", max_connections=1)
        return log

    return run


def test_scores_are_those_of_an_evaluation(scored):
    """Right, wrong, no answer and undecided count; what has a broken target does not."""
    log = scored(
        [
            (r"\boxed{\frac12}", "0.5"),
            (r"\boxed{2}", "3"),
            ("", "7"),
            ("<think>Let me", "7"),
            (r"\boxed{\sum_{n=1}^{10^{30}} \sin n^n}", "2"),
            (r"\boxed{7}", r"\frac{1}{"),
        ]
    )
    scores = [sample.scores["math_scorer"] for sample in log.samples]
    assert [score.value for score in scores[:-1]] == ["C", "I", "N", "N", "N"]
    assert math.isnan(scores[-1].value)
    assert [score.reason for score in scores] == [
        None,
        None,
        "no_answer",
        "cut_off",
        "no_common_domain",
        "unparsed_gold",
    ]
    assert scores[0].explanation == r"The answer \frac12 has the same value as the expected answer 0.5."
    assert log.results.scores[0].metrics["accuracy"].value == 0.2
    assert log.results.scores[0].unscored_samples == 1


def test_one_of_several_targets_suffices(scored):
    """A target that is met counts before one that is not, and that before one that cannot be read."""
    pairs = [
        (r"\boxed{7}", ["8", "7"]),
        (r"\boxed{9}", [r"\frac{1}{", "7"]),
        (r"\boxed{9}", [r"\frac{1}{", ""]),
    ]
    values = [sample.scores["math_scorer"].value for sample in scored(pairs).samples]
    assert values[:2] == ["C", "I"]
    assert math.isnan(values[2])


def test_the_policy_is_kept_in_the_log(scored):
    """Fields of the policy are the scorer's arguments, so that a log tells how it was scored."""
    log = scored([("It is 7.", "7")], weakest_sign="boxed")
    assert log.samples[0].scores["math_scorer"].value == "N"
    assert log.eval.scorers[0].options == {"weakest_sign": "boxed"}
