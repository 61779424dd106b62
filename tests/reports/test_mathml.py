import re
from pathlib import Path
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathtune.reports._mathml import MOST_CHARACTERS, mathml

CASES = [
    line.split(" => ")
    for line in (Path(__file__).parent / "mathml.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PIECES = r"""
\frac \sqrt { } ^ _ & \\ \left( \right) \left \right . x 12 + ' \text{ab} \begin{pmatrix} \end{pmatrix}
\begin{cases} \end{cases} \over \choose \not \pmod \hspace{1em} [ ] \boxed < > " <script> \href \sin
\alpha \mathbb{R} \overline \binom \tag \substack $ ~ % #
"""
NAMES = """
math semantics annotation mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover
munderover mtable mtr mtd
display encoding class form stretchy movablelimits lspace rspace width linethickness accent
"""
LATEX = st.lists(st.sampled_from(PIECES.split()), max_size=40).map(" ".join)
KNOWN = frozenset(NAMES.split())


@pytest.mark.parametrize(("source", "wanted"), CASES)
def test_a_formula_is_shown_as_written(source, wanted):
    """Each case of the data file gives the elements beside it."""
    shown = mathml(source)
    inner = re.search("<semantics>(.*)<annotation", shown).group(1)
    assert inner == wanted


@given(st.one_of(st.text(max_size=80), LATEX))
def test_whatever_comes_is_refused_or_well_formed(source):
    """Any text gives None, or well-formed XML of known elements and attributes with the source beside it."""
    shown = mathml(source)
    if shown is None or any(ord(c) < 32 for c in source):
        return
    root = minidom.parseString(shown).documentElement  # noqa: S318  (our own output)
    elements = [root, *root.getElementsByTagName("*")]
    assert {element.tagName for element in elements} <= KNOWN
    assert {name for element in elements for name in element.attributes.keys()} <= KNOWN  # noqa: SIM118  (no dict)
    (note,) = root.getElementsByTagName("annotation")
    assert "".join(node.data for node in note.childNodes) == source


@pytest.mark.parametrize(
    "source",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\class{big}{x}",
        r"\style{color:red}{x}",
        r"\color{red' onclick='a'}{x}",
        r"\unicode{x3c}",
        r"\require{action}",
        r"\begin{html}x\end{html}",
        r"\input{/etc/passwd}",
        r"\def\x{y}\x",
        "x^1^2",
        "x_1_2",
        "x^",
        "{x",
        "x}",
        r"\frac{1}",
        r"\left( x",
        r"\begin{pmatrix}1",
        r"\begin{pmatrix}1\end{bmatrix}",
        r"\text{x",
        "a & b",
        r"\hspace{1em;color:red}",
    ],
)
def test_what_is_not_known_is_refused(source):
    """Commands with effects, and what no LaTeX would take, are refused; the page shows the source."""
    assert mathml(source) is None


@pytest.mark.parametrize(
    "source", ["{" * 2_000, r"\frac" * 500, r"\sqrt{" * 400, "x^{" * 900, r"\left(" * 400]
)
def test_depth_is_bounded(source):
    """Nesting beyond reason is refused long before Python's own stack ends."""
    assert mathml(source) is None
    assert mathml(source + "}" * source.count("{")) is None


def test_length_is_bounded():
    """A formula of a megabyte is refused at once."""
    assert mathml("x" * MOST_CHARACTERS) is not None
    assert mathml("x" * (MOST_CHARACTERS + 1)) is None


def test_markup_in_a_text_stays_text():
    r"""`\text{<script>}` is shown as these characters."""
    assert "<mtext>&lt;script&gt;alert(1)&lt;/script&gt;</mtext>" in mathml(
        r"\text{<script>alert(1)</script>}"
    )


def test_formulas_of_real_problems_are_typeset(shared):
    """At least 99 of 100 formulas in MATH's test problems and solutions are known."""
    import json

    from mathtune.reports._shown import _formulas

    rows = (shared / "data" / "math_test.jsonl").read_text(encoding="utf-8").splitlines()[::10]
    formulas = [
        (source, display)
        for row in map(json.loads, rows)
        for text in (row["problem"], row["solution"])
        for _, _, source, display in _formulas(text)
        if source
    ]
    known = sum(mathml(source, display=display) is not None for source, display in formulas)
    assert len(formulas) > 4_000
    assert known / len(formulas) > 0.99
