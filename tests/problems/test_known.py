"""The registry of published datasets: complete, readable, and true to the table that it was made from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mathtune.errors import DataError
from mathtune.problems import known_dataset, known_datasets, read_problems

TABLE = Path(__file__).parents[2] / "../shared/conventions.md"

VALUES = {  # what a made row holds in a column that is read; any other column holds a number
    "problem": "What is $20+7$?",
    "question": "What is $20+7$?",
    "informal_statement": "What is $20+7$?",
    "prompt": [{"role": "user", "content": "What is $20+7$?"}],
    "solution": "It is $\\boxed{27}$.",
    "generated_solution": "It is $\\boxed{27}$.",
    "informal_solution": "It is $\\boxed{27}$.",
    "answer": "27",
    "final_answer": ["$27$"],
    "expected_answer": "27",
    "answer_val": "27",
    "reward_model": {"style": "rule", "ground_truth": "27"},
    "type": "Algebra",
    "level": "Level 3",
}


def made_row(known):
    row = {name: VALUES.get(name.lower(), 7) for name in known.columns}
    if "####" in known.answer:
        row["answer"] = "Add: <<20+7=27>>27.\n#### 27"
    return row


@pytest.mark.parametrize("known", known_datasets(), ids=lambda known: known.name)
def test_a_row_of_each_dataset_is_read(known):
    """A row with the columns of the registry gives the answer from where the registry says it stands."""
    (problem,) = read_problems([made_row(known)])
    assert (problem.problem, problem.answer) == ("What is $20+7$?", "27")


@pytest.mark.parametrize("known", known_datasets(), ids=lambda known: known.name)
def test_entries_are_whole(known):
    """Each entry says where its answer is, and names only datasets that exist."""
    assert known.splits
    assert all(rows is None or rows > 0 for rows in known.splits.values())
    column = re.search(r"`(\w+)`", known.answer)
    assert (column[1] if column else known.answer.partition(".")[0]) in known.columns
    assert all(known_dataset(held) for held in known.holds)
    assert known_dataset(known.name) is known
    assert known.config is None or known.config in known.configs
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", known.id)


def test_names_are_unique():
    """A short name means one dataset."""
    names = [known.name for known in known_datasets()]
    assert len(set(names)) == len(names)


def test_a_dataset_that_is_not_on_the_hub_says_where_it_is():
    """The message tells the address from which to download."""
    with pytest.raises(DataError, match=r"download it from https://github\.com/sarahmart/HARDMath"):
        read_problems("hardmath")


@pytest.mark.skipif(not TABLE.exists(), reason="needs ../shared/conventions.md")
def test_every_dataset_of_the_table_is_known():
    """No hub id of the table of conventions is missing."""
    table = TABLE.read_text(encoding="utf-8").partition("## 2. Datasets")[2].partition("\n## ")[0]
    cells = [
        line.split("|")[1]
        for line in table.splitlines()
        if line.startswith("| ") and "id on the hub" not in line
    ]
    named = {name for cell in cells for name in re.findall(r"[\w.-]+/[\w.-]+", cell)}
    assert len(named) > 25
    assert named - {known.id for known in known_datasets()} == set()
