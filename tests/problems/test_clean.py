"""Deduplication and decontamination: what goes, what stays, and the account of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.errors import DataError
from mathtune.problems import Problem, Problems, decontaminate, deduplicate, read_problems

DATA = Path(__file__).parents[2] / "../shared/data"

LONG = (
    "A baker fills $12$ trays with $8$ rolls each and sells all but $9$ of them before noon. "
    "In the afternoon she bakes $4$ more trays. How many rolls does she have for sale in the afternoon?"
)


def asked(*texts, answers=None):
    answers = answers or ["5"] * len(texts)
    return [
        Problem(id=str(n), problem=t, answer=a)
        for n, (t, a) in enumerate(zip(texts, answers, strict=True), 1)
    ]


def ids(problems):
    return [p.id for p in problems]


def reasons(problems):
    return [(r.problem.id, r.reason, r.other) for r in problems.removed]


@pytest.mark.parametrize(
    "again",
    [
        "Find $\\dfrac{1}{2}+x$.",
        "find $ \\frac{1}{2} + x $.",
        "Find $\\displaystyle\\frac{1}{2} + x$.",
        "Find $\\tfrac{1}{2}+x$ .",
    ],
)
def test_layout_makes_no_other_problem(again):
    """Texts that differ in spacing, dollar signs, case or kind of fraction are the same."""
    first = "Find $\\frac{1}{2}+x$."
    assert reasons(deduplicate(asked(first, again))) == [("2", "same text", "1")]


def test_the_first_stays():
    """Of problems that come again the first is kept, and every later one tells which it repeats."""
    left = deduplicate(asked("What is $1+1$?", "What is $2+2$?", "What is $1+1$?", "What is $ 1 + 1 $?"))
    assert ids(left) == ["1", "2"]
    assert reasons(left) == [("3", "same text", "1"), ("4", "same text", "1")]


def test_near_wordings_with_the_same_numbers_are_one_problem():
    """A changed word makes no new problem."""
    left = deduplicate(asked(LONG, LONG.replace("baker", "cook")))
    assert reasons(left) == [("2", "near text", "1")]
    assert left.removed[0].score > 0.8
    assert ids(deduplicate(asked(LONG, LONG.replace("baker", "cook")), near=None)) == ["1", "2"]


def test_other_numbers_or_another_question_make_another_problem():
    """Near wordings stay where numbers, or answers, differ."""
    assert ids(deduplicate(asked(LONG, LONG.replace("12", "13")))) == ["1", "2"]
    assert ids(deduplicate(asked(LONG, LONG.replace("rolls does", "loaves does"), answers=["1", "2"]))) == [
        "1",
        "2",
    ]


def test_diagrams_tell_problems_apart():
    """The same words over another drawing are another problem."""
    texts = [f"Find $x$. [asy] draw((0,0)--({n},1)); [/asy]" for n in (3, 4)]
    assert ids(deduplicate(asked(*texts))) == ["1", "2"]


@given(st.lists(st.sampled_from(["a b c", "a  b c", "$a$ b c", "x y", "x $y$", LONG]), max_size=12))
def test_deduplication_is_idempotent_and_loses_nothing(texts):
    """A second pass removes nothing, and what stays and what went are all that there was."""
    problems = asked(*texts)
    left = deduplicate(problems)
    assert deduplicate(left) == left
    assert sorted([*ids(left), *(r.problem.id for r in left.removed)]) == sorted(ids(problems))
    assert ids(left) == [p.id for p in problems if p in set(left)]


TEST = Problems(asked(LONG, "What is $17+25$?"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LONG, "same text"),
        (LONG.replace("$", ""), "same text"),
        (f"Here is a riddle for you. {LONG} Explain your answer.", "same runs of 13 words"),
        (
            LONG.replace("12", "31").replace("8", "7").replace("9", "2").replace("4", "6"),
            "same wording with other numbers",
        ),
        ("What is $17+25$?", "same text"),
    ],
)
def test_contamination_is_found_and_named(text, reason):
    """The same text, a text around it, and the same wording with other numbers each have their reason."""
    left = decontaminate(asked(text), {"held out": TEST})
    assert len(left) == 0
    assert left.removed[0].reason == reason
    assert left.removed[0].where == "held out"


@pytest.mark.parametrize(
    "text",
    [
        "What is $17+26$?",  # short wordings agree by necessity
        "A farmer has $12$ cows. How many rolls does she have for sale in the afternoon?",
        "Find all real numbers $x$ such that $x^2=4$.",
    ],
)
def test_what_is_only_alike_stays(text):
    """Short problems of one pattern, and shared idioms, are no contamination."""
    assert len(decontaminate(asked(text), TEST)) == 1


def test_the_bare_rule_counts_one_shared_run():
    """With coverage=0 a single run of 13 words is enough."""
    text = (
        "Yesterday all but $9$ of them before noon. In the afternoon she bakes $4$ more trays, then a great "
        "many other things happen to her, none of which matters to us or to anyone else at all."
    )
    assert len(decontaminate(asked(text), TEST)) == 1
    assert reasons(decontaminate(asked(text), TEST, coverage=0)) == [("1", "same runs of 13 words", "1")]


def test_several_test_sets_have_names():
    """Each removal says which test set holds the problem."""
    sets = {"bread": TEST[:1], "sums": TEST[1:]}
    left = decontaminate(asked("What is $17+25$?", LONG, "What is $x$?"), sets)
    assert [r.where for r in left.removed] == ["sums", "bread"]
    assert ids(left) == ["3"]
    assert str(left.removed[0]) == "1: same text as sums: 2 (1.00)"
    assert "2 removed" in repr(left)


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_shares_lie_between_zero_and_one(share):
    """A threshold that is no share is refused."""
    with pytest.raises(DataError, match="expected a share from 0 to 1"):
        deduplicate([], near=share)
    with pytest.raises(DataError, match="expected a share from 0 to 1"):
        decontaminate([], [], coverage=share)


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
def test_math_500_is_found_in_the_test_split_of_math():
    """All 500 problems of MATH-500 are found among MATH's 5,000 test problems, and few others."""
    test, held = read_problems(DATA / "math_test.jsonl"), read_problems(DATA / "math500.jsonl")
    left = decontaminate(test, {"math-500": held})
    same = [r for r in left.removed if r.reason == "same text"]
    assert len({r.other for r in same}) == 500
    assert len(left.removed) - len(same) < 60
