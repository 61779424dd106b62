import re
import shutil
import subprocess

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


def test_a_name_is_never_read_as_an_option_of_the_row_above(make):
    """After the end of a row LaTeX takes a star or a bracket for its own; hyphens in a row become dashes."""
    subjects = ("[Sums]", "*Sums", "a---b")
    problems = [make.problem(n, subject=subjects[n % 3]) for n in range(6)]
    latex = compare(*(make.run(name, problems, lambda _: True) for name in "ab")).to_latex()
    assert "{[}Sums] &" in latex
    assert "{*}Sums &" in latex
    assert "a-{}-{}-b &" in latex


def test_letters_that_need_another_compiler_are_told(make, problems):
    """Letters beyond Latin-1 are named in a comment; those up to there are not, composed or not."""
    runs = [make.run(name, problems, lambda _: True) for name in "ab"]
    needed = compare(*runs, by=(), names=("ЖΩ", "e\N{COMBINING ACUTE ACCENT}")).to_latex().splitlines()
    assert needed[1] == "% pdfLaTeX may not know Ω Ж: XeLaTeX and LuaLaTeX print what their font has"
    assert "pdfLaTeX" not in compare(*runs, by=(), names=("é", "ß")).to_latex()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize(
    ("subjects", "by"), [(7, ("subject",)), (7, ("subject", "level")), (60, ("subject",))]
)
def test_pdflatex_prints_it(make, tmp_path, subjects, by):
    """Tables compile as they are, hostile names and all; with those of MATH they are as wide as the text."""
    hostile = ["[b] *c", r"\input{x} \end{table} $&%#_^^M", '<\u202e|`"~>', "é ß ·", "*s", "--"]
    math = ["Counting & Probability", "Intermediate Algebra"] * 3
    names = math if subjects == 7 else hostile
    problems = [
        make.problem(n, subject=names[n % 6] + str(n // 6) * (names is hostile)) for n in range(subjects)
    ]
    runs = [make.run(name, problems, make.right(0.5, seed=name)) for name in hostile[:2]]
    page = rf"""\documentclass{{article}}
\usepackage{{booktabs,longtable}}
\begin{{document}}
{compare(*runs, by=by).to_latex()}
\end{{document}}"""
    (tmp_path / "page.tex").write_text(page, encoding="utf-8")
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    for _ in range(3):  # a longtable finds its widths in as many
        made = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=60, check=False)
        assert made.returncode == 0, made.stdout.decode(errors="replace")[-2000:]
    assert (tmp_path / "page.pdf").stat().st_size > 0
    assert names is hostile or b"Overfull" not in made.stdout


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
