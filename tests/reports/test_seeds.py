"""A recipe of several seeds against a base: the recipe is compared, not its luckiest model."""

from __future__ import annotations

import pytest

from mathtune import stats
from mathtune.errors import DataError
from mathtune.policy import Policy
from mathtune.reports import Finding, compare, guard, model_card, recompare


@pytest.fixture
def seeds(make, problems):
    """Three runs of one recipe: nearly all of Algebra, as much of the rest as the base."""
    shares = {"Algebra": 0.97, "Geometry": 0.5, "Number Theory": 0.5}
    return [make.run(f"ft:small:org:narrow-{n}", problems, make.right(shares, seed=n)) for n in (11, 12, 13)]


def test_the_numbers_are_those_of_stats(problems, base, seeds):
    """Gain, interval, p-value and spread are those over problems and seeds, for the whole and each cell."""
    comparison = compare(base, seeds)
    for cell in comparison.cells:
        ids = [p.id for p in problems if not cell.key or p.subject in cell.key]
        table = [
            [float(r.correct) for r in run.results if r.problem.id in set(ids)] for run in (base, *seeds)
        ]
        expected = stats.crossed_difference(table[:1], table[1:])
        assert cell.difference == expected.interval()
        assert cell.p_value == expected.p_value
        assert cell.seeds == expected.seeds
        assert cell.second_accuracy == stats.crossed_interval(table[1:])
        assert cell.both + cell.lost + cell.won + cell.neither == cell.total == len(ids)


def test_a_gain_of_all_seeds_is_found_and_luck_is_not(base, seeds):
    """What every seed learns is a finding; what single seeds happen to do is not."""
    found = {cell.label: cell.finding for cell in compare(base, seeds).cells}
    assert found["Algebra"] is Finding.BETTER
    assert found["Geometry"] is found["Number Theory"] is Finding.CANNOT_TELL


def test_one_lucky_model_would_have_been_a_finding(make, problems, base):
    """A gain that one seed of three has is certain for that model, and no finding for its recipe."""
    lucky = make.run("lucky", problems, lambda _: True)
    usual = [make.run(f"usual-{n}", problems, make.right(0.5, seed=n)) for n in (21, 22)]
    assert compare(base, lucky, by=()).cells[0].finding is Finding.BETTER
    assert compare(base, [lucky, *usual], by=()).cells[0].finding is Finding.CANNOT_TELL


def test_a_list_of_one_run_is_that_run(base, tuned):
    """One seed is no recipe: the test, the numbers and the words are those of two models."""
    listed, plain = compare([base], [tuned]), compare(base, tuned)
    assert listed.cells == plain.cells
    assert str(listed) == str(plain)


def test_recipes_are_named_by_what_their_models_share(base, seeds):
    """The name is the beginning that the models' names share, each run its seed's number."""
    comparison = compare(base, seeds)
    assert comparison.names == ("base", "ft:small:org:narrow")
    assert comparison.runs[1:] == tuple(f"ft:small:org:narrow, seed {n}" for n in (1, 2, 3))
    assert compare(base, seeds, names=("a", "b")).runs == ("a", "b, seed 1", "b, seed 2", "b, seed 3")
    with pytest.raises(DataError, match="each of 2 runs or recipes"):
        compare(base, seeds, names=("a", "b", "c", "d"))


def test_counts_of_responses_are_those_of_all_seeds(base, seeds, problems):
    """What became of the responses, and the flips, are taken from every seed."""
    comparison = compare(base, seeds)
    base_name, recipe = comparison.names
    assert sum(comparison.failures(recipe).values()) == 3 * len(problems)
    assert sum(comparison.failures(base_name).values()) == len(problems)
    flips, whole = comparison.flips(base_name, recipe), comparison.cells[0]
    assert len(flips) == whole.lost + whole.won
    assert all(flip.first.correct is not flip.second.correct for flip in flips)
    assert {flip.first_right[1] for flip in flips} == {1}
    assert {flip.second_right[1] for flip in flips} == {3}
    assert all((flip.second_right[0] > 3 * flip.first_right[0]) is flip.second.correct for flip in flips)
    assert f"{flips[0].second_right[0]} of its 3 responses are right" in comparison.to_html()


def test_two_recipes_can_be_compared(base, seeds, make, problems):
    """The base may be a recipe of several seeds too, and pairs="all" holds for recipes."""
    wide = [make.run(f"wide-{n}", problems, make.right(0.5, seed=n)) for n in (31, 32)]
    assert compare(wide, seeds, by=()).cells[0].difference.estimate == pytest.approx(
        compare(base, seeds, by=()).cells[0].difference.estimate
        - compare(base, wide, by=()).cells[0].difference.estimate
    )
    comparison = compare(base, seeds, wide, names=("base", "narrow", "wide"), pairs="all")
    assert comparison.pairs == (("base", "narrow"), ("base", "wide"), ("narrow", "wide"))


def test_a_single_run_among_recipes_is_told(base, tuned, seeds):
    """A recipe of one seed may stand among others, and a note says what that means."""
    notes = " ".join(compare(base, seeds, tuned, names=("base", "narrow", "other")).notes)
    assert "One run stands behind other" in notes
    assert "narrow with 3 seeds" in notes


def test_one_run_given_twice_as_two_seeds_is_told(base, seeds):
    """Two seeds with the very same responses make a warning: they would feign certainty."""
    (warning,) = compare(base, [seeds[0], seeds[0]]).warnings
    assert "hold the same responses" in warning


def test_a_recipe_without_runs_is_refused(base):
    """An empty list is an error, not a comparison with nothing."""
    with pytest.raises(DataError, match="at least one run of each recipe"):
        compare(base, [])


def test_every_form_of_the_report_shows_the_seeds(base, seeds):
    """Text, Markdown, LaTeX, page, fragment, frames and model card hold the seeds and stay rectangular."""
    comparison = compare(base, seeds, names=("base", "narrow"))
    algebra = next(cell for cell in comparison.cells if cell.key == ("Algebra",))
    assert "3 of 3 seeds rose" in algebra.sentence
    assert "on 90 problems with 3 seeds" in " ".join(str(comparison).split())
    assert max(map(len, str(comparison).splitlines())) <= 100
    assert "| Seeds up | Sd of seeds |" in comparison.to_markdown()
    assert {line.count("|") for line in comparison.to_markdown().splitlines() if line[:1] == "|"} == {12}
    assert "Up & Sd" in comparison.to_latex()
    page = comparison.to_html()
    assert page.count('class="seed"') == 3 * 4
    assert "3 of 3 up" in page
    assert "Seeds up" in comparison._repr_html_()
    row = next(row for row in comparison.to_arrow().to_pylist() if row["subject"] == "Algebra")
    assert tuple(row["seed_differences"]) == algebra.seeds.differences
    assert row["seed_deviation"] == algebra.seeds.deviation
    assert "narrow" in model_card(comparison, dataset="some/set").readme


def test_seeds_that_lie_too_far_apart_to_show_anything_are_not_called_too_few_problems(make, problems, base):
    """Where no change could be seen, the words blame the seeds, not the problems."""
    far = [
        make.run(f"far-{n}", problems, lambda _, right=right: right) for n, right in enumerate((True, False))
    ]
    comparison = compare(base, far, by=())
    assert comparison.cells[0].detectable is None
    assert "2 seeds so far apart can show no change" in comparison.sentences()[0]
    for page in (comparison.to_html(), comparison._repr_html_()):
        assert "seeds too far apart" in page
        assert "too few problems" not in page


def test_guard_and_recompare_take_recipes(base, seeds):
    """What guards and regrades models does so with recipes."""
    comparison = compare(base, seeds)
    assert guard(comparison, cells=["Algebra"], margin=0.02).exit_code == 0
    again = recompare(base, seeds, policy=Policy(weakest_sign="boxed"))
    assert len(again.regrades) == 4
    assert again.after.seeds == (1, 3)
    assert not again.conclusion_changes
