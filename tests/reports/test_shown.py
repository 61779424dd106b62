import pytest

from mathtune.reports._shown import Typesetter, _formulas, gist


def shown(text):
    return str(Typesetter(10_000).text(text))


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("so $x=1$ holds", ["x=1"]),
        ("so $ x = 1 $ and $ y $ hold", [" x = 1 ", " y "]),
        ("$$x$$ then \\(y\\) then \\[z\\]", ["x", "y", "z"]),
        ("it costs $5 and $10 in all", []),
        ("it costs \\$5, so $x=5$", ["x=5"]),
        ("a lone $ sign and $x$", ["x"]),
        ("the answer is \\boxed{\\frac{1}{2}}.", ["\\boxed{\\frac{1}{2}}"]),
        ("\\begin{align*}a&=b\\end{align*}", ["\\begin{align*}a&=b\\end{align*}"]),
        ("$x\n\ny$ spans two paragraphs", []),
        ("$x = 5 \\text{ and } y$", ["x = 5 \\text{ and } y"]),
        ("unclosed $x and \\[y and \\boxed{z", []),
        ("[asy]draw($x$);[/asy]", [""]),
    ],
)
def test_formulas_are_found_and_money_is_not(text, formulas):
    """Delimited mathematics is found; dollars that are money are left alone."""
    assert [source for _, _, source, _ in _formulas(text)] == formulas


def test_a_text_of_openers_is_given_up_on():
    """After many formulas that never end the rest is source: looking for each end would take too long."""
    assert [source for _, _, source, _ in _formulas("\\[" * 10 + "\\(x\\)")] == ["x"]
    assert list(_formulas("\\boxed{" * 100 + "$x$")) == []


def test_everything_else_is_escaped():
    """Markup around a formula is text."""
    assert shown("<b>$x$</b>").startswith("&lt;b&gt;<math>")
    assert shown("<b>$x$</b>").endswith("</math>&lt;/b&gt;")


def test_what_cannot_be_typeset_is_shown_as_source():
    """A formula with unknown commands stays as it was written."""
    assert shown("so $\\nonsense{x}$.") == "so $\\nonsense{x}$."


def test_hidden_characters_are_spelled_out():
    """Controls, zero-width characters and marks that turn text around can be seen."""
    assert shown("a\x00b\u202ec\u200bd\r\n\t") == (
        'a<span class="control">U+0000</span>b<span class="control">U+202E</span>c'
        '<span class="control">U+200B</span>d<span class="control">U+000D</span>\n\t'
    )


def test_a_formula_with_hidden_characters_is_not_typeset():
    """Marks inside a formula are spelled out too."""
    assert shown("$x\u202ey$") == '$x<span class="control">U+202E</span>y$'


def test_a_megabyte_is_shown_by_its_ends():
    """A text of a megabyte is shown by its beginning and its end, and what is missing is counted."""
    text = "a" + "<" * 999_998 + "z"
    assert len(shown(text)) < 60_000
    assert shown(text).startswith("a&lt;")
    assert shown(text).endswith("&lt;z")
    assert "988,000 characters are not shown here" in shown(text)


def test_the_allowance_ends_typesetting():
    """When the allowance is used up, formulas are shown as their source."""
    typesetter = Typesetter(24)
    assert "<math>" in typesetter.text("$x$ ")
    assert "<math>" in typesetter.text("$y$ ")
    assert typesetter.text("$z$ ") == "$z$ "


def test_an_answer_is_mathematics_without_dollars():
    """A gold answer is typeset as it is; one in words stays words."""
    typesetter = Typesetter(1_000)
    assert "<mfrac>" in typesetter.formula("\\frac12")
    assert "<mfrac>" in typesetter.formula("$\\frac12$")
    assert typesetter.formula("\\foo <b>") == "\\foo &lt;b&gt;"


def test_a_gist_is_one_short_line():
    """A problem's beginning is on one line and bounded."""
    assert gist("one\n\ttwo  three") == "one two three"
    assert len(gist("word " * 1_000)) == 161
    assert gist("See [asy]draw();\n[/asy] here and [asy]draw(") == "See [drawing] here and [drawing]"
