"""The tree keeps what was written."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)

# ruff: noqa: RUF001  (the signs of mathematics look like letters)

from __future__ import annotations

import pickle

import pytest

from mathtune.errors import LatexSyntaxError
from mathtune.latex import (
    MAX_CHARACTERS,
    Call,
    Fraction,
    Group,
    Grouped,
    List,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Relation,
    Repeating,
    Subscript,
    Symbol,
    Text,
    Where,
    Word,
    parse,
    to_latex,
    to_text,
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1,234", Grouped(("1", "234"))),
        ("1{,}234", Number("1234")),
        ("1, 2", List(", ", (Number("1"), Number("2")))),
        ("1,2", List(",", (Number("1"), Number("2")))),
        (r"2\frac12", Product((Number("2"), Fraction(Number("1"), Number("2"))), ("",))),
        (r"10\%", Postfix("%", Number("10"))),
        ("f(x)", Product((Symbol("f"), Group("(", Symbol("x"), ")")), ("",))),
        ("(1, 2]", Group("(", List(", ", (Number("1"), Number("2"))), "]")),
        (r"0.1\overline{6}", Repeating("0.1", "6")),
        ("52_8", Subscript(Number("52"), Number("8"))),
        (r"\sin^2 x", Call(name="sin", arguments=(Symbol("x"),), power=Number("2"))),
        ("sin(x)", Call(name="sin", arguments=(Symbol("x"),))),
        (r"\log_2 8", Call(name="log", arguments=(Number("8"),), base=Number("2"))),
        ("a<b≤c", Relation(("<", "≤"), (Symbol("a"), Symbol("b"), Symbol("c")))),
        ("x^-2", Power(Symbol("x"), Prefix("-", Number("2")))),
        (r"5\text{ cm}", Product((Number("5"), Text("cm")), ("",))),
        ("1 - \x0crac12", parse(r"1 - \frac12")),  # what JSON and Python make of an unescaped `\frac`
        ("5 miles", Product((Number("5"), Word("miles")), ("",))),
        (r"2n \text{ for all } n", Where(Product((Number("2"), Symbol("n")), ("",)), r"\text{ for all } n")),
        ("x²", Power(Symbol("x"), Number("2"))),
        ("½", Fraction(Number("1"), Number("2"))),
        (r"45^\circ", Postfix("°", Number("45"))),
        ("|x|", Group("|", Symbol("x"), "|")),
        ("2^10", Power(Number("2"), Number("10"))),
    ],
)
def test_tree(text, tree):
    """Ambiguous writing is recorded, not decided."""
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"\frac{a+b}{2}", "(a + b)/2"),
        ("|x-2||x+2|", "|x - 2| |x + 2|"),
        ("x=1 or x=2", "x = 1 or x = 2"),
        (r"1, 2, \text{ and } 3", "1, 2, 3"),
        (r"\left\{x \mid x<3\right\}", "{x ∣ x < 3}"),
        (r"\\frac{1}{2}", "1/2"),
        ("%e^(%i*%pi)", "e^(i*pi)"),
        ("x**2", "x^2"),
        ("3<sup>x</sup>", "3^x"),
        (r"{10 \choose 2}", "binom(10, 2)"),
        (r"\int_0^x e^t\,dt", "int_0^x e^t dt"),
        (r"\frac{1}{\sum_{n=1}^\infty \frac1{n^2}}", "1/(sum_(n = 1)^infty 1/n^2)"),
        (r"\left[\begin{array}{cc}1&2\\3&4\end{array}\right]", "[[1, 2], [3, 4]]"),
        (r"\begin{cases} x & x>0 \\ -x & x\le 0\end{cases}", "x if x > 0, -x if x ≤ 0"),
        (r"\begin{cases} x & x>0 \\ 1 & \text{otherwise}\end{cases}", "x if x > 0, 1 otherwise"),
    ],
)
def test_plain_text(text, plain):
    """Many ways of writing are read: LaTeX, Maxima, HTML, Unicode."""
    assert to_text(parse(text)) == plain


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (r"\frac{1}{", 9),
        ("(1, 2", 5),
        ("1 + ]", 4),
        ("x^{2}} + 1", 5),
        (r"\begin{pmatrix} 1 \end{bmatrix}", 18),
        (r"\begin{pmatrix} 1 & 2", 21),
        (r"\begin{}", 7),
        ("", 0),
    ],
)
def test_errors_mark_the_span(text, start):
    """A syntax error names the place, and is a ValueError too."""
    with pytest.raises(LatexSyntaxError) as caught:
        parse(text)
    assert caught.value.start == start
    assert isinstance(caught.value, ValueError)


def test_long_and_deep_texts_are_refused():
    """A text beyond the limits of length or depth is a syntax error."""
    for text in ("x" * (MAX_CHARACTERS + 1), "(" * 500 + "x" + ")" * 500, r"\sqrt" * 500 + "x"):
        with pytest.raises(LatexSyntaxError):
            parse(text)


def test_trees_are_values():
    """Trees are hashable and survive pickling."""
    tree = parse(r"\frac{x^2}{\sqrt{3}} + [0, 1)")
    assert pickle.loads(pickle.dumps(tree)) == tree
    assert hash(tree) == hash(parse(r"\frac{x^2}{\sqrt{3}} + [0, 1)"))


def test_printed_text_is_read_again():
    """Printing is idempotent on typical answers."""
    for text in (
        r"\frac{1}{2}\pi",
        "x=1,y=2",
        r"\begin{cases} x & x>0 \\ 0 & x\le0 \end{cases}",
        r"\int_0^1 x^2\,dx",
    ):
        printed = to_latex(parse(text))
        assert to_latex(parse(printed)) == printed


@pytest.mark.parametrize("text", ["P({1=", "P({2}, P({", "P({1", "P({"])
def test_a_set_that_breaks_off_is_an_error_of_ours(text):
    """Where a text ends within a probability's set, that is said, and nothing else is raised."""
    with pytest.raises(LatexSyntaxError):
        parse(text)
