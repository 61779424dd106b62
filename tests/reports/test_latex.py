import re

import pytest

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
    quoted = compare(*runs, by=(), names=('the "best"', "b")).to_latex()
    assert r"the {\char34}best{\char34}" in quoted


@pytest.mark.parametrize("subjects", [34, 35, 120])
def test_a_table_longer_than_a_page_breaks_over_pages(make, subjects):
    """Up to a page of rows it floats; beyond, it is a longtable with caption and head for every page."""
    problems = [make.problem(n, subject=f"Subject {n % subjects}") for n in range(subjects)]
    runs = [make.run(name, problems, make.right(0.5, seed=name)) for name in "ab"]
    latex = compare(*runs).to_latex()
    long = subjects + 1 > 35
    assert latex.startswith(
        "% needs \\usepackage{booktabs,longtable}\n" if long else "% needs \\usepackage{booktabs}\n"
    )
    begun = re.findall(r"\\begin\{(\w+)\}", latex)
    assert begun == (["longtable"] if long else ["table", "tabular"])
    assert re.findall(r"\\end\{(\w+)\}", latex) == begun[::-1]
    parts = re.findall(r"\\(?:endfirsthead|endhead|endfoot|endlastfoot)\b", latex)
    assert parts == (["\\endfirsthead", "\\endhead", "\\endfoot", "\\endlastfoot"] if long else [])
    rows = [line for line in latex.splitlines() if line.endswith(r"\\") and "&" in line]
    assert {len(re.split(r"(?<!\\)&", row)) for row in rows} == {8}
    assert len(rows) == 1 + subjects + (2 if long else 1)
    assert latex.count(r"\caption") == (2 if long else 1)
