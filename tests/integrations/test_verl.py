"""The score function for verl, on the rows that are written for it."""

from __future__ import annotations

import importlib
import inspect
import pickle
from concurrent.futures import ThreadPoolExecutor

import pyarrow
import pyarrow.parquet
import pytest

import mathtune as mt
from mathtune.errors import DataError
from mathtune.formatting import ReinforcementFormatter, verl_rows
from mathtune.integrations.verl import compute_score

KEYS = ["score", "acc", "pred", "no_answer", "cut_off", "undecided", "unparsed_gold"]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Rows of a Parquet file, as verl reads them."""
    path = tmp_path_factory.mktemp("verl") / "train.parquet"
    drills = mt.read_problems("mathtune:drills", split="train", limit=40)
    written = verl_rows(ReinforcementFormatter().format_all(drills), data_source="drills", split="train")
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(written), path)
    return pyarrow.parquet.read_table(path).to_pylist()


def score(row, said, **settings):
    """Score a response as verl's reward managers do."""
    return compute_score(
        data_source=row["data_source"],
        solution_str=said,
        ground_truth=row["reward_model"]["ground_truth"],
        extra_info=row["extra_info"],
        **settings,
    )


def test_rows_that_we_write_are_scored(rows):
    """On each row its own answer is worth 1 and another one 0, with the same keys throughout."""
    for row in rows:
        gold = row["reward_model"]["ground_truth"]
        right, wrong = score(row, rf"So \boxed{{{gold}}}."), score(row, r"So \boxed{10^{9} + 1}.")
        assert list(right) == list(wrong) == KEYS
        assert (right["score"], right["acc"], wrong["score"], wrong["acc"]) == (1.0, 1.0, 0.0, 0.0)


def test_settings_come_as_keywords(rows):
    """What a configuration says under `reward_kwargs` is the policy, and a wrong value is refused."""
    said = f"So it is {rows[0]['reward_model']['ground_truth']}."
    assert score(rows[0], said)["score"] == 1.0
    assert score(rows[0], said, weakest_sign="boxed")["score"] == 0.0
    with pytest.raises(DataError, match="weakest_sign"):
        score(rows[0], said, weakest_sign="box")


@pytest.mark.parametrize(
    ("said", "gold", "figure"),
    [
        ("", "7", "no_answer"),
        ("<think>Let me", "7", "cut_off"),
        (r"\boxed{7}", r"\frac{1}{", "unparsed_gold"),
        (r"\boxed{7}", None, "unparsed_gold"),
        (r"\boxed{\sum_{n=1}^{10^{30}} \sin n^n}", "2", "undecided"),
    ],
)
def test_why_a_score_is_nothing(said, gold, figure):
    """A score of 0 that is no wrong answer says what it is."""
    scored = compute_score("drills", said, gold)
    assert scored["score"] == 0.0
    assert [name for name in KEYS[3:] if scored[name]] == [figure]


@pytest.mark.parametrize(
    ("said", "gold", "pred"),
    [
        (("1/2", "0.5", r"\frac12", r"50\%"), "2^{-1}", "2^{-1}"),  # right ones are the gold answer
        (("0.25", r"\frac14", "1/4", ".250"), "7", "1/4"),
        (("1,000", "1000", r"1{,}000", "10^3"), "7", "1000"),
        (("x^{2}", "x^2"), "7", "x^2"),
    ],
)
def test_answers_of_one_value_are_one_vote(said, gold, pred):
    """Majorities are counted by the text of `pred`, so one value has one text."""
    assert {compute_score("any", rf"\boxed{{{each}}}", gold)["pred"] for each in said} == {pred}


def test_other_values_are_other_votes():
    """Near misses, words and numbers too long to be written out keep texts of their own."""
    said = ("1/3", "0.333", "-1/3", "(1,3)", r"\text{one third}", "1000!", "10^{400}", "3", "3\\%")
    preds = [compute_score("any", rf"\boxed{{{each}}}", "7")["pred"] for each in said]
    assert len(set(preds)) == len(said)
    assert max(map(len, preds)) < 20


HOSTILE = [
    r"\boxed{9^{9^{9^{9}}}}",
    r"\boxed{(10^{10^{10}})!}",
    r"\boxed{__import__('os').system('false')}",
    r"\boxed{\prod_{n=1}^{10^{99}} \int_0^n x^{x^x}}",
    r"\boxed{" * 2_000,
    "<think>" + "7 " * 20_000,
]


def test_threads_of_a_worker_score_alike(rows):
    """Threads, in which graders that keep time with signals fail, say what one says of hostile text, too."""
    work = [
        (row, said) for row in rows[:8] for said in [*HOSTILE, rf"\boxed{{{row['extra_info']['answer']}}}"]
    ]
    with ThreadPoolExecutor(4) as pool:
        scored = list(pool.map(lambda each: score(*each), work))
    assert scored == [score(*each) for each in work]
    assert [each["score"] for each in scored] == [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0] * 8


def test_the_problem_stands_in_the_extra_information():
    """The problem's text is taken from `extra_info` where it is there."""
    said, extra = "So the class has 7 boys and 9 girls.", {"problem": "How many girls are there?"}
    assert compute_score("any", said, 9, extra)["score"] == 1.0
    assert compute_score("any", said, 9, {"asked": extra["problem"]}, context="asked")["score"] == 1.0
    assert compute_score("any", said, 9)["score"] == 0.0
    assert compute_score("any", said, 9, extra, context=None)["score"] == 0.0


def test_verl_finds_it_by_module_and_name():
    """`pkg://` paths are imported; the function is no coroutine, pickles, and takes verl's keywords."""
    found = importlib.import_module("mathtune.integrations.verl").compute_score
    assert pickle.loads(pickle.dumps(found)) is compute_score
    assert not inspect.iscoroutinefunction(found)
    assert list(inspect.signature(found).parameters)[:4] == [
        "data_source",
        "solution_str",
        "ground_truth",
        "extra_info",
    ]
