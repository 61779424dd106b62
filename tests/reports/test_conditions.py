import attrs
import pytest

from mathtune.evaluation import Evaluator, load_run
from mathtune.generation import Sampling
from mathtune.reports import compare
from mathtune.testing import StubServer


@pytest.fixture
def answers(make):
    """Problems, and a server on which one model knows all answers and another half of them."""
    problems = [make.problem(number) for number in range(20)]
    golds = {problem.problem: problem.answer for problem in problems}

    def chat(messages, model, request):
        (question,) = (text for text in golds if text in messages[-1]["content"])
        right = model == "tuned" or problems.index(next(p for p in problems if p.problem == question)) % 2
        return f"$\\boxed{{{golds[question] if right else -1}}}$"

    with StubServer(chat=chat) as server:
        yield problems, server


def test_evaluated_and_loaded_runs_are_compared(answers, tmp_path):
    """Runs as the Evaluator makes and stores them are compared, with all that they say about themselves."""
    problems, server = answers
    evaluator = Evaluator(server.client(), directory=tmp_path)
    base, tuned = (evaluator.evaluate(problems, model=model) for model in ("base", "tuned"))
    comparison = compare(base, load_run(tuned.directory))
    overall = comparison.cells[0]
    assert (overall.total, overall.won, overall.lost) == (20, 10, 0)
    assert comparison.conditions[1]["served as"] == "tuned"
    assert comparison.conditions[0]["sampling.temperature"] == "0.0"
    assert not any("not made alike" in note for note in comparison.notes)
    page = comparison.to_html()
    assert "How the runs were made" in page
    assert "put your final answer within" in page


def test_runs_that_were_not_made_alike_are_named(answers, tmp_path):
    """Another temperature or prompt may be the difference, and the first note says so."""
    problems, server = answers
    base = Evaluator(server.client(), directory=tmp_path).evaluate(problems, model="base")
    warm = Evaluator(server.client(), directory=tmp_path, sampling=Sampling(temperature=0.7))
    comparison = compare(base, warm.evaluate(problems, model="tuned"))
    assert comparison.warnings == comparison.notes[:1]
    assert '<p class="warning"' in comparison.to_html()
    assert comparison.notes[0] == (
        "The runs were not made alike, which may be the difference: sampling.temperature is '0.0' for base, "
        "'0.7' for tuned."
    )


def test_a_run_made_by_hand_tells_nothing(base, tuned):
    """Without configuration there is nothing to show, and nothing to differ."""
    comparison = compare(base, attrs.evolve(tuned, config={"sampling": {"temperature": 1}}))
    assert comparison.conditions == ({}, {"sampling.temperature": "1"})
    assert not any("not made alike" in note for note in comparison.notes)
    assert "How the runs were made" not in compare(base, tuned).to_html()


def test_a_password_in_an_address_is_not_shown(base, tuned):
    """A server's address is shown without user, password and query."""
    secret = attrs.evolve(tuned, config={"base_url": "http://me:secret@host:8000/v1?key=secret"})
    comparison = compare(base, secret)
    assert comparison.conditions[1]["server"] == "http://host:8000/v1"
    assert "secret" not in comparison.to_html()
