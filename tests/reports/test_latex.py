import re

from mathtune.reports import compare


def test_every_row_has_eight_columns(base, tuned):
    """A table for each pair: booktabs rules, a caption, and as many columns in each row as are declared."""
    table = compare(base, tuned).to_latex()
    rows = [line for line in table.splitlines() if line.endswith(r"\\")]
    assert len(rows) == 1 + 4
    assert {len(re.split(r"(?<!\\)&", row)) for row in rows} == {8}
    for rule in (r"\toprule", r"\midrule", r"\bottomrule", r"\caption"):
        assert rule in table


def test_findings_carry_arrows(base, tuned):
    """A better cell has an arrow up, a worse one an arrow down, an unclear one none."""
    lines = compare(base, tuned).to_latex().splitlines()
    (better,), (worse,), (unclear,) = (
        [line for line in lines if line.startswith(name)] for name in ("Algebra", "Number Theory", "Geometry")
    )
    assert r"\uparrow" in better
    assert r"\downarrow" in worse
    assert "arrow" not in unclear


def test_names_are_escaped(make, problems):
    """What is special to LaTeX in a name is printed, never run."""
    runs = [
        make.run(name, problems, lambda _: True) for name in (r"a_b & c%", "\\input{/etc/passwd}\n^~\u202e")
    ]
    table = compare(*runs, by=()).to_latex()
    assert r"a\_b \& c\%" in table
    assert r"\textbackslash{}input\{/etc/passwd\} \textasciicircum{}\textasciitilde{}" in table
    assert "\u202e" not in table
