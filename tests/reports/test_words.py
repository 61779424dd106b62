import pytest

from mathtune.reports import compare
from mathtune.reports._words import count, p_text, percent, points


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (percent(0.58), "58.0 %"),
        (points(0.0614), "+6.1"),
        (points(-0.2), "-20.0"),
        (points(-0.0001), "0.0"),
        (p_text(0.0004), "< 0.001"),
        (p_text(0.0123), "0.012"),
        (p_text(0.34), "0.34"),
        (p_text(1.0), "1"),
        (count(1, "problem"), "1 problem"),
        (count(1200, "problem"), "1,200 problems"),
    ],
)
def test_numbers_read_as_papers_print_them(shown, text):
    """Shares, differences, p-values and counts have one way of being written."""
    assert shown == text


def test_a_finding_says_size_interval_test_and_counts(base, tuned):
    """A cell that shows something says how much, how sure, and from how many problems."""
    algebra = next(cell for cell in compare(base, tuned).cells if cell.key == ("Algebra",))
    assert algebra.sentence == (
        f"Algebra: better by {100 * algebra.won / 30:.1f} points (95 % interval "
        f"{points(algebra.difference.low)} to {points(algebra.difference.high)}; adjusted p < 0.001): "
        f"{algebra.won} won, 0 lost of 30 problems."
    )


def test_an_unclear_cell_says_what_it_could_have_seen(base, tuned):
    """A cell that cannot tell says so, and how large a change would have had to be."""
    geometry = next(cell for cell in compare(base, tuned).cells if cell.key == ("Geometry",))
    assert geometry.sentence.startswith("Geometry: cannot tell (")
    assert (
        f"less than {100 * geometry.detectable:.1f} points would likely have gone unseen" in geometry.sentence
    )


def test_a_tiny_cell_says_that_it_is_too_small(make):
    """Four problems can never show anything, and the sentence says so."""
    problems = [make.problem(n) for n in range(4)]
    runs = [make.run(name, problems, lambda _, n=name: n == "b") for name in "ab"]
    assert "4 problems are too few to show any change" in compare(*runs, by=()).sentences()[0]


def test_the_headline_names_where(base, tuned):
    """The headline gives the whole, then where it is better, worse and unclear."""
    (headline,) = compare(base, tuned).headlines
    assert headline.startswith("Overall, cannot tell whether tuned is better or worse than base: ")
    assert headline.endswith("Better in Algebra. Worse in Number Theory. Cannot tell in the other subject.")


def test_a_headline_without_findings_counts_the_cells(base, make, problems):
    """Where no cell shows anything, the headline says in how many one cannot tell."""
    same = make.run("same", problems, make.right(0.5, seed=8))
    (headline,) = compare(base, same).headlines
    assert headline.endswith("Cannot tell in any of the 3 subjects.")


def test_responses_that_did_not_count_are_named(make, problems, base):
    """Cut-off and missing answers are told apart from wrong ones in a note."""

    def say(problem, text):
        return "" if problem.level == 1 else text

    silent = make.run("silent", problems, lambda _: True, say=say)
    notes = compare(base, silent).notes
    assert any(
        note.startswith("Without a final answer") and note.endswith("base 0, silent 18.") for note in notes
    )
    assert not any(note.startswith("Cut off") for note in notes)


def test_the_terminal_table_fits_a_hundred_columns(base, tuned):
    """No line is wider than 100 columns, also with long names of cells."""
    text = str(compare(base, tuned, by=("subject", "level")))
    assert max(map(len, text.splitlines())) <= 100
    assert "\nNumber Theory    " in text
    assert "\n  Level 1\n" in text


def test_a_cell_says_below_which_change_it_is_blind(make):
    """A cell without a finding shows it in points, or that it would see none; one with a finding nothing."""
    problems = [make.problem(n, subject="Few" if n < 3 else "Many") for n in range(40)]
    runs = [make.run(name, problems, lambda p, n=name: (p.subject == "Few") == (n == "a")) for name in "ab"]
    lines = str(compare(*runs)).splitlines()
    few, many = (next(line for line in lines if line.startswith(name)) for name in ("Few", "Many"))
    assert few.split()[-4:] == ["0.25", "any", "cannot", "tell"]
    assert many.split()[-3:] == ["<", "0.001", "better"]
    same = make.run("c", problems, lambda p: p.subject == "Few" or p.id == "p7")
    assert "±" in compare(runs[0], same).to_markdown()


def test_control_characters_never_reach_the_terminal(make, problems):
    """A model's name that holds an escape sequence is printed without it."""
    runs = [make.run(name, problems, lambda _: True) for name in ("base", "evil\x1b[2J")]
    assert "\x1b" not in str(compare(*runs))


def test_markdown_is_a_table_that_names_cannot_break(make, problems):
    """Every row has eleven cells, whatever a name holds."""
    runs = [make.run(name, problems, lambda _: True) for name in ("a|b", "<b>*c*</b>\nd")]
    lines = compare(*runs).to_markdown().splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == 2 + 4
    assert {row.replace("\\|", "").count("|") for row in rows} == {12}
    assert "<b>" not in "".join(lines).replace("\\<", "")
