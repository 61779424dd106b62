"""Tests of the warning that a model is asked otherwise than it was trained."""

from __future__ import annotations

import warnings

import pytest

from mathtune.errors import DataError
from mathtune.evaluation import Evaluator
from mathtune.formatting import ChatFormatter, write_jsonl


@pytest.fixture
def train(tmp_path, problems):
    def write(formatter):
        return write_jsonl(formatter.format_all(problems), tmp_path / "train.jsonl")

    return write


def evaluate(server, tmp_path, problems, **options):
    return Evaluator(server.client(), directory=tmp_path / "eval", **options).evaluate(
        problems[:1], model="m"
    )


def test_the_same_formatter_is_silent(server, tmp_path, problems, train):
    """Asked as trained: nothing to warn of."""
    formatter = ChatFormatter(system="Be brief.", prompt="Q: {problem} A:")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate(server, tmp_path, problems, formatter=formatter, trained_on=train(formatter))


@pytest.mark.parametrize(
    ("trained", "says"),
    [
        (ChatFormatter(system="Be brief."), "system prompt 'Be brief.', asked with none"),
        (ChatFormatter(prompt="Q: {problem}"), "trained with questions like 'Q: What is 0"),
    ],
)
def test_another_prompt_is_said(server, tmp_path, problems, train, trained, says):
    """The warning shows both prompts; the evaluation goes on."""
    with pytest.warns(UserWarning, match=says):
        run = evaluate(server, tmp_path, problems, trained_on=train(trained))
    assert len(run.results) == 1


def test_a_file_without_an_example_is_an_error(server, tmp_path, problems):
    """A file that says nothing of the training is not taken for agreement."""
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(DataError, match=r"empty\.jsonl"):
        evaluate(server, tmp_path, problems, trained_on=str(tmp_path / "empty.jsonl"))
    assert server.requests == []
