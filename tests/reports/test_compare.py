import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathtune import stats
from mathtune.errors import DataError
from mathtune.evaluation import Run
from mathtune.reports import Finding, compare


def test_the_counts_are_those_of_the_paired_problems(base, tuned):
    """Each cell counts its problems by who solves them, and the cells add up to the whole."""
    overall, *cells = compare(base, tuned).cells
    solved = (
        {r.problem.id for r in base.results if r.correct},
        {r.problem.id for r in tuned.results if r.correct},
    )
    assert overall.both == len(solved[0] & solved[1])
    assert overall.lost == len(solved[0] - solved[1])
    assert overall.won == len(solved[1] - solved[0])
    assert [cell.key for cell in cells] == [("Algebra",), ("Geometry",), ("Number Theory",)]
    for field in ("total", "both", "lost", "won", "neither"):
        assert sum(getattr(cell, field) for cell in cells) == getattr(overall, field)
    assert all(c.both + c.lost + c.won + c.neither == c.total for c in cells)


def test_the_numbers_are_those_of_stats(base, tuned):
    """Intervals and p-values are Wilson's, Tango's and McNemar's for the cell's counts."""
    for cell in compare(base, tuned, confidence=0.9).cells:
        assert cell.first_accuracy == stats.wilson_interval(cell.both + cell.lost, cell.total, 0.9)
        assert cell.second_accuracy == stats.wilson_interval(cell.both + cell.won, cell.total, 0.9)
        assert cell.difference == stats.paired_difference_interval(cell.lost, cell.won, cell.total, 0.9)
        assert cell.p_value == stats.mcnemar_exact(cell.lost, cell.won)
        assert cell.level_of_test == 0.1


def test_accuracies_are_those_of_the_runs(base, tuned):
    """The comparison and the run itself give one number for one thing."""
    overall = compare(base, tuned).cells[0]
    ours, theirs = overall.second_accuracy, tuned.accuracy()
    assert (ours.estimate, ours.low, ours.high) == (theirs.estimate, theirs.low, theirs.high)


def test_a_rise_a_fall_and_no_change_are_told_apart(base, tuned):
    """What was made better is found better, what was made worse worse, and the rest is not claimed."""
    found = {cell.key: cell.finding for cell in compare(base, tuned).cells[1:]}
    assert found == {
        ("Algebra",): Finding.BETTER,
        ("Geometry",): Finding.CANNOT_TELL,
        ("Number Theory",): Finding.WORSE,
    }


def test_all_models_cells_are_corrected_together(make, problems, base, tuned):
    """Holm runs over the cells of all pairs as one family and over the whole comparisons as another."""
    third = make.run("third", problems, make.right(0.6, seed=3))
    comparison = compare(base, tuned, third)
    for family in (
        [cell for cell in comparison.cells if not cell.key],
        [cell for cell in comparison.cells if cell.key],
    ):
        p_values = [cell.p_value for cell in family]
        assert tuple(cell.adjusted for cell in family) == stats.holm(p_values)
        assert tuple(cell.q_value for cell in family) == stats.benjamini_hochberg(p_values)
    assert comparison.pairs == (("base", "tuned"), ("base", "third"))


def test_all_pairs_can_be_asked_for(make, problems, base, tuned):
    """With pairs="all" the other runs are also compared with each other."""
    third = make.run("third", problems, make.right(0.6, seed=3))
    assert compare(base, tuned, third, pairs="all").pairs == (
        ("base", "tuned"),
        ("base", "third"),
        ("tuned", "third"),
    )


def test_other_choices_of_pairs_are_refused(base, tuned):
    """A misspelt choice is an error, not the default."""
    with pytest.raises(DataError, match="expected 'base' or 'all', got 'every'"):
        compare(base, tuned, pairs="every")


@pytest.mark.parametrize(
    ("by", "key"),
    [
        (("level",), ("Level 1",)),
        (("subject", "level"), ("Algebra", "Level 1")),
        (("level", "subject"), ("Level 1", "Algebra")),
    ],
)
def test_cells_are_made_of_what_was_asked(base, tuned, by, key):
    """Cells follow subject, level or both, in the order asked."""
    assert key in {cell.key for cell in compare(base, tuned, by=by).cells}


def test_no_cells_can_be_asked_for(base, tuned):
    """With by=() there is the whole and nothing else."""
    (only,) = compare(base, tuned, by=()).cells
    assert only.key == ()


def test_problems_without_subject_have_a_cell_of_their_own(make):
    """A problem without subject or level is counted under that name."""
    problems = [make.problem(n, subject=None, level=None) for n in range(8)]
    runs = [make.run(name, problems, lambda _: True) for name in "ab"]
    assert compare(*runs, by=("subject", "level")).cells[1].key == ("No subject", "No level")


def test_order_of_results_does_not_matter(base, tuned):
    """Problems are paired by id: a shuffled run gives the same comparison."""
    shuffled = attrs.evolve(tuned, results=tuned.results[::-1])
    assert compare(base, shuffled).cells == compare(base, tuned).cells


def test_comparing_the_other_way_round_mirrors(base, tuned):
    """Lost becomes won, better becomes worse, the p-value stays."""
    there, back = compare(base, tuned), compare(tuned, base)
    for cell, mirror in zip(there.cells, back.cells, strict=True):
        assert (cell.lost, cell.won, cell.adjusted) == (mirror.won, mirror.lost, mirror.adjusted)
        assert cell.difference.low == pytest.approx(-mirror.difference.high)


def test_a_run_against_itself_shows_nothing(base):
    """A model compared with itself: no flips, p = 1, cannot tell, and names that differ."""
    comparison = compare(base, base)
    assert comparison.names == ("base", "base (2)")
    assert comparison.flips(*comparison.names) == ()
    assert {cell.finding for cell in comparison.cells} == {Finding.CANNOT_TELL}
    assert {cell.p_value for cell in comparison.cells} == {1.0}


def test_unread_golds_are_left_out_and_said(make, problems):
    """Problems whose gold answer could not be read count nowhere, and a note names them."""
    problems = [*problems, make.problem(900, answer=None)]
    runs = [make.run(name, problems[:-1], make.right(0.5, seed=n)) for n, name in enumerate("ab")]
    runs = [
        attrs.evolve(run, results=(*run.results, make.result(problems[-1], "$\\boxed{3}$"))) for run in runs
    ]
    comparison = compare(*runs)
    assert comparison.cells[0].total == 90
    assert [problem.id for problem in comparison.excluded] == ["p900"]
    assert any("could not be read: 1 problem (p900)" in note for note in comparison.notes)


def test_nothing_readable_is_an_error(make):
    """If no gold answer could be read, there is nothing to compare, and that is said."""
    run = Run(model="m", results=(make.result(make.problem(1, answer=None), "4"),))
    with pytest.raises(DataError, match="none of the 1 gold answers"):
        compare(run, run)


def test_several_samples_are_compared_by_problem(make, problems):
    """With several samples a problem: clustered intervals, the sign-flip test, problems lost or won."""

    def run(name, share, seed):
        rights = [make.right(share, seed=seed + sample) for sample in range(4)]
        return Run(
            model=name,
            results=[
                make.result(p, f"$\\boxed{{{p.answer if right(p) else -1}}}$", sample=sample)
                for p in problems
                for sample, right in enumerate(rights)
            ],
        )

    base, tuned = run("base", 0.4, 10), run("tuned", 0.8, 20)
    comparison = compare(base, tuned)
    overall = comparison.cells[0]
    solved = [[sum(r.correct for r in results) for results in row.results] for row in comparison.rows]
    assert comparison.test_name == "exact sign-flip test"
    assert overall.lost == sum(a > b for a, b in solved)
    assert overall.p_value == stats.sign_flip_exact([b - a for a, b in solved])
    assert overall.second_accuracy.estimate == tuned.accuracy().estimate
    assert overall.second_accuracy.low == tuned.accuracy().low
    assert overall.finding is Finding.BETTER
    for flip in comparison.flips("base", "tuned"):
        assert flip.first.correct is not flip.second.correct


def test_only_as_many_samples_count_as_every_run_has(make, problems):
    """A run of four samples beside one of a single sample counts with its first ones, and a note says so."""
    rights = [make.right(0.5, seed=sample) for sample in range(4)]
    several = Run(
        model="several",
        results=[
            make.result(p, f"$\\boxed{{{p.answer if right(p) else -1}}}$", sample=sample)
            for p in problems
            for sample, right in enumerate(rights)
        ],
    )
    single = make.run("single", problems, make.right(0.6, seed=9))
    comparison = compare(single, several)
    assert comparison.samples == (1, 4)
    assert comparison.cells == compare(single, make.run("several", problems, rights[0])).cells
    assert "(single 1, several 4): the first one of each counts." in comparison.notes[0]


def test_several_samples_are_not_as_blind_as_changed_sides_would_say(make, problems):
    """Of eight samples some differ in most problems; what goes unseen follows from how much they do."""
    runs = [
        Run(
            model=name,
            results=[
                make.result(p, f"$\\boxed{{{p.answer if right(p) else -1}}}$", sample=sample)
                for p in problems
                for sample, right in enumerate(make.right(0.5, seed=(name, n)) for n in range(8))
            ],
        )
        for name in "ab"
    ]
    cell = compare(*runs).cells[0]
    by_sides = stats.minimal_detectable_difference(cell.total, changing=(cell.lost + cell.won) / cell.total)
    assert cell.detectable < by_sides / 2


def test_cells_stand_in_the_order_of_their_numbers(make):
    """Level 2 comes before level 10, in tables and in the matrix."""
    problems = [make.problem(n, level=1 + n % 12) for n in range(36)]
    comparison = compare(
        *(make.run(name, problems, make.right(0.5, seed=name)) for name in "ab"), by=("level",)
    )
    assert [cell.label for cell in comparison.cells[1:]] == [f"Level {n}" for n in range(1, 13)]


def test_long_names_of_cells_are_broken_between_subject_and_level(make):
    """In the terminal a level stands below a subject that leaves it no room, without a sign between."""
    problems = [make.problem(n, subject="Counting & Probability", level=1 + n % 2) for n in range(20)]
    runs = (make.run(name, problems, lambda _: True) for name in "ab")
    lines = str(compare(*runs, by=("subject", "level"))).splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("Counting & Probability "))
    assert lines[first + 1] == "  Level 1"
    assert lines[first + 2].startswith("Counting & Probability ")


def test_one_run_given_twice_is_noticed(make, base, problems):
    """Runs with the very same responses are named in a warning; they would look like "nothing changed"."""
    (warning,) = compare(base, attrs.evolve(base, model="tuned")).warnings
    assert warning.startswith("base and tuned hold the same responses")
    assert not compare(base, make.run("other", problems, make.right(0.5, seed=3))).warnings


def test_it_shows_itself_in_a_line(base, tuned):
    """At the prompt a comparison is one line, not all of its rows."""
    assert repr(compare(base, tuned)) == "<Comparison: tuned against base, 90 problems, 4 cells>"


def test_flips_hold_both_responses(base, tuned):
    """Each flip is a problem that exactly one model solves, with what both did on it."""
    comparison = compare(base, tuned)
    flips = comparison.flips("base", "tuned")
    assert len(flips) == comparison.cells[0].lost + comparison.cells[0].won
    for flip in flips:
        assert flip.first.correct is not flip.second.correct
        assert flip.first.problem == flip.second.problem == flip.problem
        assert flip.key == (flip.problem.subject,)


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_two_equal_models_are_seldom_told_apart(make, seed):
    """Two models of the same skill differ by chance only; the test's level is held over all cells."""
    problems = [make.problem(n) for n in range(30)]
    runs = [make.run(name, problems, make.right(0.5, seed=(seed, name))) for name in "ab"]
    cells = compare(*runs).cells
    assert all(cell.adjusted >= cell.p_value for cell in cells)
    assert all((cell.finding is Finding.CANNOT_TELL) == (cell.adjusted > 0.05) for cell in cells)


def test_problems_without_a_subject_make_no_cell_unless_asked_for(make):
    """A set that has no subjects is compared as a whole; one cell more would only repeat that."""
    problems = [make.problem(number, subject=None) for number in range(20)]
    runs = [make.run(name, problems, make.right(0.5, seed=name)) for name in "ab"]
    comparison = compare(*runs)
    assert (comparison.by, [cell.label for cell in comparison.cells]) == ((), ["All problems"])
    assert "subject" not in str(comparison)
    assert [cell.label for cell in compare(*runs, by=("subject",)).cells] == ["All problems", "No subject"]
    some = [*problems[:10], *(make.problem(number) for number in range(10, 20))]
    assert "No subject" in str(compare(*(make.run(n, some, make.right(0.5, seed=n)) for n in "ab")))


def test_missing_problems_are_named(base, tuned):
    """Runs on different problems are no pair; the message names ids on either side."""
    shorter = attrs.evolve(tuned, results=tuned.results[3:])
    with pytest.raises(DataError, match=r"only in 'base': 'p0', 'p1', 'p2'; evaluate both on the same"):
        compare(base, shorter)
    with pytest.raises(DataError, match=r"only in 'base': 'p0', 'p1', 'p2'; evaluate both on the same"):
        compare(shorter, base, names=("tuned", "base"))


def test_many_missing_problems_are_counted(base, tuned):
    """A long list of differing ids is shortened."""
    with pytest.raises(DataError, match=r"50 in 'tuned'; only in 'base': .*'p4' and 35 more; evaluate both"):
        compare(base, attrs.evolve(tuned, results=tuned.results[40:]))


def test_what_runs_share_is_compared_on_request(base, tuned):
    """With only_shared the problems of all runs count, and the first note says what was left out of each."""
    with pytest.raises(DataError, match=r"or compare only the 80 that all runs hold: only_shared=True"):
        compare(attrs.evolve(base, results=base.results[3:83]), tuned)
    shorter = attrs.evolve(tuned, results=tuned.results[10:])
    found = compare(attrs.evolve(base, results=base.results[:85]), shorter, only_shared=True)
    whole = compare(*(attrs.evolve(run, results=run.results[10:85]) for run in (base, tuned)))
    assert found.cells == whole.cells
    assert found.unshared == (10, 5)
    assert whole.unshared == (0, 0)
    assert found.notes[0].startswith(
        "Compared are only the 75 problems that all runs hold; left out are 10 of base and 5 of tuned."
    )
    assert found.notes[0] in found.to_html()
    assert found.notes[1:] == whole.notes


def test_runs_that_share_nothing_are_refused(base, tuned):
    """Nothing in common is nothing to compare, whatever was asked for, and no problem is paired by chance."""
    halves = attrs.evolve(base, results=base.results[:40]), attrs.evolve(tuned, results=tuned.results[40:])
    with pytest.raises(DataError, match=r"share no problem: 'base' begins with 'p0', 'p1'"):
        compare(*halves, only_shared=True)
    with pytest.raises(DataError, match=r"share$"):
        compare(*halves)


@pytest.mark.parametrize("only_shared", [False, True])
@pytest.mark.parametrize(("field", "said"), [("problem", "text"), ("answer", "gold answer")])
def test_another_problem_under_one_id_is_refused(make, base, tuned, field, said, only_shared):
    """The same id with another text or gold answer is an error, never a silent pair."""
    changed = make.result(attrs.evolve(tuned.results[0].problem, **{field: "7"}), "$\\boxed{1}$")
    other = attrs.evolve(tuned, results=(changed, *tuned.results[1:]))
    with pytest.raises(DataError, match=f"disagree on the {said} of 'p0'"):
        compare(base, other, only_shared=only_shared)


def test_a_problem_twice_is_refused(base, tuned):
    """A sample that a run holds twice is an error."""
    twice = attrs.evolve(tuned, results=(*tuned.results, tuned.results[0]))
    with pytest.raises(DataError, match="problem 'p0' twice"):
        compare(base, twice)


def test_an_unfinished_run_is_refused(make, base, tuned):
    """A run that has more samples of some problems than of others is not finished."""
    more = make.result(tuned.results[0].problem, "$\\boxed{1}$", sample=1)
    unfinished = attrs.evolve(tuned, results=(*tuned.results, more))
    with pytest.raises(DataError, match="finish the run first"):
        compare(base, unfinished)


def test_an_empty_run_is_refused():
    """A run without results cannot be compared."""
    with pytest.raises(DataError, match="holds no results"):
        compare(Run(model="a", results=()), Run(model="b", results=()))


def test_one_field_may_stand_alone(base, tuned):
    """A field's name is as good as a tuple of it, as for `balance`."""
    cells = compare(base, tuned, by="subject").cells
    assert cells == compare(base, tuned, by=("subject",)).cells


@pytest.mark.parametrize("by", ["topic", ("topic",), ("level", "level"), "subject,level"])
def test_unknown_cells_are_refused(base, tuned, by):
    """Cells are made of subject and level; anything else is an error that says so."""
    with pytest.raises(DataError, match="'subject', 'level' or both"):
        compare(base, tuned, by=by)


@pytest.mark.parametrize("names", ["ab", ("a",), ("a", "a"), ("a", "b", "c")])
def test_names_must_fit(base, tuned, names):
    """There is one name a run, and no two runs share one."""
    with pytest.raises(DataError, match="a name of its own"):
        compare(base, tuned, names=names)


def test_one_run_is_nothing_to_compare(base):
    """Comparing needs at least two runs."""
    with pytest.raises(TypeError, match="at least one other run"):
        compare(base)


def test_a_folder_in_place_of_a_run_is_told_how_to_be_read(base, tmp_path):
    """A path, as text or `Path`, is no run, and the message names the function that reads one."""
    for folder in (str(tmp_path), tmp_path):
        with pytest.raises(TypeError, match=r"load_run\('.*'\) reads one"):
            compare(base, folder)


@pytest.mark.parametrize("other", [None, {"model": "m"}, [None], 0.5])
def test_what_is_no_run_is_refused(base, other):
    """Anything else in a run's place is a TypeError that says what was given."""
    with pytest.raises(TypeError, match=r"takes runs, not (NoneType|dict|float)"):
        compare(base, other)


def test_the_run_with_tools_is_named_so(make, problems):
    """One model with and without a calculator stands side by side under names that tell them apart."""
    bare = make.run("m", problems, lambda _: False)
    armed = attrs.evolve(make.run("m", problems, lambda _: True), config={"tools": {"most_rounds": 8}})
    assert compare(bare, armed).names == ("m", "m with tools")
