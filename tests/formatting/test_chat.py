"""The chat formatter: what is asked, what is taught, and that no text is read as a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.answers import last_boxed
from mathtune.errors import DataError
from mathtune.formatting import ChatFormatter, Message
from mathtune.problems import Problem, read_problems


def problem(**fields):
    return Problem(**{"id": "p1", "problem": "What is $2+2$?", "solution": None, "answer": "4"} | fields)


def taught(**fields):
    return ChatFormatter().format(problem(**fields)).messages[-1].content


def test_the_default_asks_for_steps_and_a_box():
    """Without a system prompt the user asks the problem and the field's usual sentence."""
    assert ChatFormatter().messages(problem()) == (
        Message(
            "user",
            "What is $2+2$?\n\nPlease reason step by step, and put your final answer within \\boxed{}.",
        ),
    )


def test_an_example_is_the_asking_part_and_the_solution():
    """What a model is trained on begins with exactly what it is sent in the evaluation."""
    formatter = ChatFormatter(system="Solve.", prompt="{problem} Box it.")
    example = formatter.format(problem(solution="It is $\\boxed{4}$."))
    assert example.messages[:-1] == formatter.messages(problem())
    assert [(m.role, m.content) for m in example.messages] == [
        ("system", "Solve."),
        ("user", "What is $2+2$? Box it."),
        ("assistant", "It is $\\boxed{4}$."),
    ]


def test_a_solution_without_the_boxed_answer_gets_it():
    """The assistant's part always ends in the gold answer's box."""
    assert taught(solution="Add.\n") == "Add.\n\nThe final answer is $\\boxed{4}$."
    assert taught(solution=None) == "The final answer is $\\boxed{4}$."
    assert taught(solution="First $\\boxed{4}$, no: $\\boxed{5}$.").endswith(
        "The final answer is $\\boxed{4}$."
    )


def test_a_solution_that_boxes_the_answer_stays_as_it_is():
    """Nothing is added where the last box is the gold answer, also in another notation."""
    assert taught(solution="So $\\boxed{4}$.") == "So $\\boxed{4}$."
    assert taught(solution="So $\\boxed{4}$.", answer=None) == "So $\\boxed{4}$."
    assert taught(solution="So $\\boxed{\\frac{1}{2}}$.", answer="1/2") == "So $\\boxed{\\frac{1}{2}}$."
    assert taught(solution="So $\\boxed{1{,}000}$.", answer="1000") == "So $\\boxed{1{,}000}$."


def test_a_problem_with_nothing_to_teach_is_named():
    """Neither solution nor answer is an error that names the problem."""
    with pytest.raises(DataError, match="problem 'p1' has neither solution nor answer"):
        ChatFormatter().format_all([problem(answer=None)])
    assert ChatFormatter().messages(problem(answer=None))


@given(st.text(), st.text(), st.text(min_size=1))
def test_no_text_is_read_as_a_template(before, after, text):
    """Braces, percent signs and backslashes of prompt and problem come through as they are."""
    if "{problem}" in before + after:
        return
    formatter = ChatFormatter(prompt=before + "{problem}" + after)
    (message,) = formatter.messages(problem(problem=text))
    assert message.content == before + text + after


@pytest.mark.parametrize(
    "hostile", ["{problem}", "{0}", "{problem.__class__}", "%s", "{{ 7*7 }}", "$problem", "\\1"]
)
def test_a_hostile_problem_is_only_text(hostile):
    """A problem that looks like a template is asked as it is, once."""
    (message,) = ChatFormatter(prompt="Solve: {problem}").messages(problem(problem=hostile))
    assert message.content == f"Solve: {hostile}"


@pytest.mark.parametrize(
    ("prompt", "count"), [("Solve it.", 0), ("{problem} {problem}", 2), ("{ problem }", 0)]
)
def test_a_prompt_needs_its_place_once(prompt, count):
    """A prompt without a place for the problem, or with two, is refused when the formatter is made."""
    with pytest.raises(DataError, match=f"expected {{problem}} once, found {count} times"):
        ChatFormatter(prompt=prompt)


def test_shots_are_shown_before_the_question():
    """Problems given as shots stand between system prompt and question, with their solutions."""
    shot = problem(id="s", problem="What is $1+1$?", answer="2")
    formatter = ChatFormatter(system="Solve.", prompt="Q: {problem}", shots=[shot])
    assert [(m.role, m.content) for m in formatter.messages(problem())] == [
        ("system", "Solve."),
        ("user", "Q: What is $1+1$?"),
        ("assistant", "The final answer is $\\boxed{2}$."),
        ("user", "Q: What is $2+2$?"),
    ]


def test_what_is_taught_can_be_read_back():
    """The last box of every formatted drill is its gold answer."""
    drills = read_problems("mathtune:drills", split="test", limit=80)
    for drill, example in zip(drills, ChatFormatter().format_all(drills), strict=True):
        assert last_boxed(example.messages[-1].content) == drill.answer
