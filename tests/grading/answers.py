"""Random answers, as trees of LaTeX text with their value known by construction."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

NAMES = ("x", "y", "a", "b", "t")


@st.composite
def rationals(draw):
    """(text, value): one number in one of the ways in which people write numbers."""
    value = Fraction(draw(st.integers(-9_999, 9_999)), draw(st.integers(1, 60)))
    top, below = value.numerator, value.denominator
    forms = [
        f"\\frac{{{top}}}{{{below}}}",
        f"{top}/{below}",
        f"\\dfrac{{{top}}}{{{below}}}",
        f"{2 * top}/{2 * below}",
    ]
    if below == 1:
        forms += [str(top), f"{top}.0", f"{top:,}", f"{top:,}".replace(",", "{,}")]
    if value > 1 and below > 1:
        forms.append(f"{top // below}\\frac{{{top % below}}}{{{below}}}")
    if 10**6 % below == 0:
        forms.append(f"{float(value):.6f}")
    return draw(st.sampled_from(forms)), value


numbers = st.one_of(
    st.integers(0, 99).map(str),
    st.sampled_from(["\\pi", "e", "\\sqrt{2}", "\\sqrt[3]{5}", "\\frac{1}{3}", "0.75", "\\ln 3", "2^{1/4}"]),
)
leaves = st.one_of(numbers, st.sampled_from(NAMES))


def _join(parts):
    return st.sampled_from(
        [
            f"{{{parts[0]}}} + {{{parts[1]}}}",
            f"{{{parts[0]}}} - \\left({parts[1]}\\right)",
            f"\\left({parts[0]}\\right)\\left({parts[1]}\\right)",
            f"\\frac{{{parts[0]}}}{{{parts[1]} + 7}}",
            f"\\left({parts[0]}\\right)^{{2}}",
            f"\\sin\\left({parts[0]}\\right)",
            f"\\sqrt{{\\left({parts[0]}\\right)^2 + 1}}",
            f"e^{{{parts[0]}}}",
        ]
    )


expressions = st.recursive(leaves, lambda inner: st.tuples(inner, inner).flatmap(_join), max_leaves=6)
shapes = st.one_of(
    expressions,
    st.lists(numbers, min_size=2, max_size=4).map(", ".join),
    st.lists(expressions, min_size=2, max_size=3).map(lambda items: f"({', '.join(items)})"),
    st.lists(numbers, min_size=1, max_size=3).map(lambda items: f"\\{{{', '.join(items)}\\}}"),
    st.tuples(st.integers(-9, 0), st.integers(1, 9)).map(lambda ends: f"[{ends[0]}, {ends[1]})"),
    st.tuples(st.integers(-9, 0), st.integers(1, 9)).map(lambda ends: f"{ends[0]} < x \\le {ends[1]}"),
    st.tuples(numbers, numbers).map(
        lambda e: f"\\begin{{pmatrix}} {e[0]} & 1 \\\\ 0 & {e[1]} \\end{{pmatrix}}"
    ),
    expressions.map(lambda right: f"y = {right}"),
    st.integers(1, 99).map(lambda count: f"{count}\\text{{ cm}}"),
)
hostile = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("\\{}()[]|^_&$%!'\"/*+-=<>,.:;~ \n\t0123456789xyzEie#")),
        st.characters(min_codepoint=0, max_codepoint=0x1F9FF),
    ),
    max_size=60,
)
_FRAGMENTS = (
    r"\frac \sqrt { } \left( \right) ^ _ \begin{pmatrix} \end{pmatrix} \\ & \sum \int _{k=1} ^{9} ! x 9 "
    r"\infty | \log \text{or} , \pm = < \{ \} \mid \in \mathbb{Z} dx \lim \to 0 % ^\circ ' \boxed{"
)
fragments = st.lists(st.sampled_from(_FRAGMENTS.split()), max_size=30).map(" ".join)
