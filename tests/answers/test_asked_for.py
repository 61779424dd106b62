"""What a problem's question picks from a response."""

from __future__ import annotations

import pytest

from mathtune.answers import asked_for, extract_answer, name_asked, settled_on


@pytest.mark.parametrize(
    ("problem", "response", "text"),
    [
        ("How many people buy it?", "So 5 people would buy it at 60 dollars.", "5"),
        ("How many of the slips have a 2?", "Thus 9 of the 12 slips have a 2 written on them.", "9"),
        ("By what number must 12 be multiplied?", "So 12 must be multiplied by 2.5 to get 30.", "2.5"),
        ("What is the area?", "So its area is 36 and its perimeter is 24.", "36"),
        ("Find $b$.", "We get $a = 3$ and $b = -5$.", "-5"),
        ("Find $x$.", "So $x = 2$ or $x = -2$.", "$x = 2$ or $x = -2$"),
        ("In what year did it end?", "It ended in 1945, six years after it began in 1939.", "1945"),
        (
            "How many goals did the Lions score?",
            "The Lions scored 4 goals, while the Bears scored 2 goals.",
            "4",
        ),
        ("How many pages did he read?", "He read 20 * 4 = 80 pages in 4 days.", "80"),
        ("How many marbles has Ann?", "Ann has 7 marbles and Ben has 5 marbles.", "7"),
        ("How many apples and pears are there?", "There are 3 apples, hence 7 fruits.", "7"),
        ("Explain.", "So he has 6 cats and 3 dogs.", "6"),
    ],
)
def test_the_question_picks_a_value(problem, response, text):
    """One value that the question's words tell replaces another; what is worked out stands."""
    assert asked_for(response, extract_answer(response), problem).text == text


@pytest.mark.parametrize(
    ("problem", "response", "text"),
    [
        ("Is it positive, negative or neutral?", "It praises all, so it is a positive review.", "positive"),
        (
            "Are they equivalent? Answer equivalent or not equivalent.",
            "They are not equivalent.",
            "not equivalent",
        ),
        ("Who has more, Ann or Ben?", "Ben has more than Ann.", "Ben"),
        ("Which is a bird? A. bat B. penguin", "The penguin is a bird.", "penguin"),
        ("Which is a bird? A. bat B. penguin", "It must be option B, as bats are mammals.", "B"),
        ("Is it odd or even?", "It may be odd or even.", "odd, even"),
        ("Is it positive or negative?", "It is hardly positive.", None),
        ("Is 7 prime or composite?", "So 7 is prime, never composite.", "prime"),
        ("How many are red or blue?", "Two are red.", None),
    ],
)
def test_the_words_offered(problem, response, text):
    """Of the words that a problem offers, the last sentence with any settles on one, or on none."""
    said = settled_on(response, problem)
    assert (said.text if said else None) == text


@pytest.mark.parametrize(
    ("problem", "response", "text"),
    [
        ("Who wrote Hamlet?", "Hamlet was written by William Shakespeare in 1600.", "William Shakespeare"),
        ("Who wrote Hamlet?", "William Shakespeare wrote Hamlet.", "William Shakespeare"),
        ("Where is the Prado?", "The Prado is in Madrid, Spain.", "Madrid"),
        ("Who won?", "Unlike Ann, Ben won.", "Ben"),
        ("Who is the oldest?", "Ann is younger than Ben, so Ben is the oldest.", "Ben"),
        ("Who won?", "It was neither Ann nor Ben.", None),
        ("Who wrote it?", "It isn't Dickens.", None),
        ("How old is the man who wrote Hamlet?", "He is older than Ben.", None),
        ("Who wrote it?", "I do not know.", None),
    ],
)
def test_the_name_asked_for(problem, response, text):
    """The name of the last sentence that the question does not hold answers who and where."""
    said = name_asked(response, problem)
    assert (said.text if said else None) == text
