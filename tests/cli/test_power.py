"""`mathtune power`: how many problems, or how small a change."""

from __future__ import annotations

import re

import pytest

from mathtune.cli import main
from mathtune.evaluation import import_run
from mathtune.stats import crossed_difference, minimal_detectable_difference, problems_needed


def test_points_give_the_problems_for_several_shares(capsys):
    """Where nobody says how many problems change sides, the answer is given for four shares."""
    assert main(["power", "--points", "2"]) == 0
    out = capsys.readouterr().out
    needed = [int(number.replace(",", "")) for number in re.findall(r"sides: ([\d,]+) problems", out)]
    assert needed == [problems_needed(0.02, changing=share) for share in (0.05, 0.1, 0.2, 0.3)]
    assert "a chance of 80 % (exact McNemar test at the level 0.05)" in out


def test_no_fewer_problems_change_sides_than_make_the_difference(capsys):
    """Of ten points no table says what they take where 5 % of the problems change sides."""
    assert main(["power", "--points", "10"]) == 0
    out = capsys.readouterr().out
    assert re.findall(r"([\d.]+) % of the problems change sides", out) == ["10.0", "20.0", "30.0"]
    assert f"10.0 % of the problems change sides: {problems_needed(0.1)} problems" in out


def test_problems_give_the_change_that_they_show(capsys):
    """--cells divides the level, as the correction for that many tests does."""
    assert main(["power", "--problems", "150", "--changing", "0.2", "--cells", "8", "--chance", "0.9"]) == 0
    out = capsys.readouterr().out
    seen = minimal_detectable_difference(150, changing=0.2, level=0.05 / 8, power=0.9)
    assert f"20.0 % of the problems change sides: {100 * seen:.1f} points" in out
    assert "corrected for 8 tests" in out
    assert main(["power", "--problems", "5"]) == 0
    assert capsys.readouterr().out.count("none, not even if all are lost") == 4


def test_two_earlier_runs_tell_how_many_problems_change_sides(tmp_path, capsys):
    """The share of lost and won problems is taken from a pilot."""
    folders = []
    for model, right in (("base", {0, 1, 2, 3}), ("tuned", {0, 1, 4, 5, 6})):
        rows = [
            {"problem": f"What is {n}+1?", "answer": str(n + 1), "response": str(n + (n in right))}
            for n in range(20)
        ]
        folders.append(str(import_run(rows, model=model, directory=tmp_path).directory))
    assert main(["power", *folders, "--points", "5"]) == 0
    needed = problems_needed(0.05, changing=5 / 20)
    assert f"25.0 % of the problems change sides: {needed:,} problems" in capsys.readouterr().out


def test_seeds_tell_what_more_seeds_would_show(tmp_path, capsys):
    """Of a base's run and a recipe's, the smallest gain for several numbers of seeds, by their spread."""
    scores = {"base": 10, "tuned-1": 30, "tuned-2": 32, "tuned-3": 33}
    folders = []
    for model, right in scores.items():
        rows = [
            {"problem": f"What is {n}+1?", "answer": str(n + 1), "response": str(n + (n < right))}
            for n in range(60)
        ]
        folders.append(str(import_run(rows, model=model, directory=tmp_path).directory))
    assert main(["power", *folders, "--cells", "2"]) == 0
    out = capsys.readouterr().out
    table = [[float(n < right) for n in range(60)] for right in scores.values()]
    gain = crossed_difference(table[:1], table[1:])
    seen = [gain.detectable(level=0.025, seeds=number) for number in (2, 3, 5, 10)]
    said = ["none" if one is None else f"{100 * one:.1f} points" for one in seen]
    assert re.findall(r"seeds: (.+)", out) == said
    assert len(set(said)) == 4
    assert main(["power", *folders, "--points", "2"]) == 1
    assert "give no other numbers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "give one of them"),
        (["--points", "2", "--problems", "5"], "give one of them"),
        (["--points", "0"], "--points: expected more than 0"),
        (["--problems", "0"], "--problems: expected at least 1, got 0"),
        (["--points", "2", "--changing", "20"], "--changing: expected a share from 0 to 1, such as 0.2"),
        (["--points", "2", "--cells", "0"], "--cells: expected at least 1"),
        (["--points", "2", "--chance", "80"], "--chance: expected a share"),
        (["--points", "2", "run"], "run: expected the folders of two runs"),
    ],
)
def test_what_cannot_be_answered_is_refused(words, message, capsys):
    """A number out of range, none, or one run alone is an error that names the flag."""
    assert main(["power", *words]) == 1
    assert message in capsys.readouterr().err


def test_what_nobody_can_have_is_said(capsys):
    """A change too small for any number of problems is told in words."""
    assert main(["power", "--points", "0.001", "--changing", "0.9"]) == 0
    assert "more than ten million problems" in capsys.readouterr().out
