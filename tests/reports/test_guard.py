import pytest

from mathtune.errors import DataError
from mathtune.reports import Standing, compare, guard


@pytest.fixture
def comparison(base, tuned):
    return compare(base, tuned)


def test_what_rose_passes_what_fell_fails_and_the_rest_is_open(comparison):
    """Each part stands on its own numbers: better passes, worse fails, unclear cannot be told."""
    standings = {
        cell.label: guard(comparison, cells=[cell.label]).standing for cell in comparison.cells if cell.key
    }
    assert standings == {
        "Algebra": Standing.PASS,
        "Geometry": Standing.CANNOT_TELL,
        "Number Theory": Standing.FAIL,
    }


@pytest.mark.parametrize(
    ("cells", "standing", "code"),
    [
        (["Algebra"], Standing.PASS, 0),
        (["Algebra", "Geometry"], Standing.CANNOT_TELL, 3),
        (["Algebra", "Geometry", "Number Theory"], Standing.FAIL, 1),
    ],
)
def test_the_worst_part_decides(comparison, cells, standing, code):
    """Together they pass only if all do, and one failure fails all; a command can exit with the code."""
    together = guard(comparison, cells=cells)
    assert (together.standing, together.exit_code) == (standing, code)
    assert str(together).endswith(f"Together: {standing}.")
    assert str(together).count("against base") == len(cells)


def test_a_wide_margin_lets_small_falls_pass(comparison):
    """A part passes as soon as its interval's low end is within the margin."""
    low = next(cell for cell in comparison.cells if cell.label == "Geometry").difference.low
    assert guard(comparison, cells=["Geometry"], margin=-low + 0.001).standing is Standing.PASS
    assert guard(comparison, cells=["Geometry"], margin=-low - 0.001).standing is Standing.CANNOT_TELL


def test_no_change_on_enough_problems_passes(make):
    """A model that does the same on 400 problems has not forgotten them; on 20, one cannot be that sure."""
    standings = []
    for number in (20, 400):
        problems = [make.problem(n) for n in range(number)]
        runs = [make.run(name, problems, make.right(0.5, seed=1)) for name in "ab"]
        standings.append(guard(compare(*runs)).standing)
    assert standings == [Standing.CANNOT_TELL, Standing.PASS]


def test_several_sets_are_guarded_as_wholes(make, comparison):
    """Without named cells each comparison's whole is guarded: a held-out set beside the target."""
    problems = [make.problem(n) for n in range(60)]
    fallen = compare(make.run("base", problems, lambda _: True), make.run("tuned", problems, lambda _: False))
    together = guard(comparison, fallen)
    assert [check.standing for check in together.checks] == [Standing.CANNOT_TELL, Standing.FAIL]


def test_unknown_parts_are_refused(comparison):
    """A guard on a part that is not there would always pass; it is an error that names what is there."""
    with pytest.raises(DataError, match=r"no cell is called 'Topology'; there are .*'Algebra'"):
        guard(comparison, cells=["Algebra", "Topology"])
    with pytest.raises(DataError):
        guard()
    with pytest.raises(ValueError, match="margin"):
        guard(comparison, margin=-0.1)
