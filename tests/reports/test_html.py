import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from mathtune.errors import DataError, StorageError
from mathtune.evaluation import Category
from mathtune.reports import compare
from mathtune.reports._plots import CATEGORIES
from mathtune.reports._words import NOT_SOLVED

HOSTILE = [
    "<script>document.title='pwned'</script>",
    "</script></style></title><script>document.title='pwned'</script>",
    "<img src=x onerror=\"document.title='pwned'\">",
    "<svg onload=\"document.title='pwned'\">",
    "\"><iframe src='javascript:parent.document.title=1'></iframe>",
    "<details open ontoggle=\"document.title='pwned'\"><div></table></main>",
    "$\\text{<script>document.title='pwned'</script>}$",
    "\\boxed{\\href{javascript:alert(1)}{5}}",
    "{{ 7 * 7 }} {% for x in y %}",
    "abc \u202e right to left \u2066 and back",
    "\x00\x08\x1b[31m \ufeff",
    "<!-- -->]]>&lt;&amp;&#60;script&#62;",
]


class Elements(HTMLParser):
    """Every start tag of a page with its attributes, and the text outside script and style."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.parts, self._raw = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._raw = tag in ("script", "style")

    def handle_endtag(self, tag):
        self._raw = False

    def handle_data(self, data):
        if not self._raw:
            self.parts.append(data)

    @property
    def text(self):
        return "".join(self.parts)

    def named(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def hostile(make):
    """A page in which everything that a model or data set can name is hostile."""
    problems = [
        make.problem(n, id=f"{n} {text}", problem=text, subject=text) for n, text in enumerate(HOSTILE)
    ]
    runs = [
        make.run(f"{name} {HOSTILE[0]}", problems, right, say=lambda p, text: f"{p.problem} {text}")
        for name, right in (("a", lambda _: True), ("b", lambda _: False))
    ]
    return compare(*runs)


@pytest.fixture
def page(base, tuned):
    return compare(base, tuned).to_html()


def test_the_page_is_one_file_that_loads_nothing(page):
    """No element of the page can fetch anything, and the policy forbids it as well."""
    elements = Elements(page)
    loading = [(tag, a) for tag, a in elements.tags if {"src", "srcset", "data", "action", "style"} & set(a)]
    assert loading == []
    assert elements.named("link", "img", "iframe", "object", "embed", "base") == []
    assert all(a["href"].startswith("#") for a in elements.named("a"))
    assert "url(" not in page
    assert "@import" not in page


def test_the_policy_allows_this_style_and_this_script_only(page):
    """The Content-Security-Policy holds the hashes of the page's own style and script, and nothing more."""
    (meta,) = [a for a in Elements(page).named("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    (style,), (script,) = (
        re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script")
    )
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)
    )
    assert meta["content"] == (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_hostile_text_adds_no_element(hostile):
    """With hostile texts everywhere, the page has one script, no handler, and no element but our own."""
    elements = Elements(hostile.to_html())
    assert len(elements.named("script")) == 1
    assert len(elements.named("style")) == 1
    assert elements.named("img", "iframe", "object") == []
    assert [a for _, a in elements.tags if any(name.startswith("on") for name in a)] == []


def test_hostile_text_is_shown(hostile):
    """What the model wrote can be read on the page, character by character."""
    text = Elements(hostile.to_html()).text
    for written in HOSTILE[:6]:
        assert written in text
    assert "U+202E" in text
    assert "U+0000" in text
    assert "\u202e" not in text


def test_hostile_text_cannot_break_a_notebook(hostile):
    """The fragment for notebooks escapes as well and has neither style nor script."""
    elements = Elements(hostile._repr_html_())
    assert {tag for tag, _ in elements.tags} <= {
        "div", "p", "b", "table", "caption", "thead", "tbody", "tr", "th", "td"
    }  # fmt: skip


def test_half_a_surrogate_pair_can_be_written(make, tmp_path):
    """JSON can hold text that UTF-8 cannot; the page is written all the same."""
    problems = [make.problem(n, subject="A\ud800") for n in range(8)]
    runs = [make.run(name, problems, lambda _, n=name: n == "a") for name in "ab"]
    compare(*runs).to_html(tmp_path / "report.html")
    assert "report.html" in {path.name for path in tmp_path.iterdir()}


def test_the_page_says_what_the_comparison_says(base, tuned, page):
    """Title, sentences, notes and every flip of the comparison are on the page."""
    comparison = compare(base, tuned)
    text = Elements(page).text.replace("\N{MINUS SIGN}", "-")
    assert "tuned cannot be told from base overall, better in Algebra, worse in Number Theory" in text
    for said in (*comparison.sentences(), *comparison.notes):
        assert said in text
    flips = comparison.flips("base", "tuned")
    assert page.count('class="flip"') == len(flips)
    assert page.count('data-side="lost"') == comparison.cells[0].lost


def test_tables_and_figures_speak_to_screen_readers(page):
    """Every table has a caption and scoped heads; every figure a title and a description that are found."""
    elements = Elements(page)
    assert len(elements.named("table")) == len(elements.named("caption"))
    assert all("scope" in a for a in elements.named("th"))
    identifiers = [a["id"] for _, a in elements.tags if "id" in a]
    assert len(identifiers) == len(set(identifiers))
    wanted = [name for _, a in elements.tags for name in a.get("aria-labelledby", "").split()]
    assert set(wanted) <= set(identifiers)
    svgs = elements.named("svg")
    assert all(a.get("aria-hidden") == "true" or {"aria-label", "aria-labelledby"} & set(a) for a in svgs)


def test_a_page_for_one_cell_and_no_flips_is_whole(base):
    """A comparison without cells or flips still gives a page, which says that nothing changed."""
    page = compare(base, base, by=()).to_html()
    assert "No problem was lost or won." in page
    assert "<form" not in page


def test_the_page_is_written_whole_or_not_at_all(base, tuned, tmp_path):
    """The file holds the returned text; where it cannot be written, the error is ours."""
    written = compare(base, tuned).to_html(tmp_path / "deep" / "report.html")
    assert (tmp_path / "deep" / "report.html").read_text(encoding="utf-8") == written
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        compare(base, tuned).to_html(tmp_path / "file" / "report.html")


def test_a_page_of_many_flips_is_bounded(make):
    """Beyond a thousand flips a pair, the page says how many it leaves out."""
    problems = [make.problem(n) for n in range(1_100)]
    runs = [make.run(name, problems, lambda _, n=name: n == "b") for name in "ab"]
    page = compare(*runs).to_html()
    assert page.count('class="flip"') == 1_000
    assert "100 more are left out" in page


def test_problems_that_changed_sides_in_two_pairs_are_counted_once(make, problems, base, tuned):
    """The lead tells problems from changes: one problem that two models lose is one problem."""
    again = make.run("again", problems, lambda problem: problem.id != "p0")
    report = compare(base, tuned, again)
    changes = [flip.problem.id for pair in report.pairs for flip in report.flips(*pair)]
    assert len(set(changes)) < len(changes)
    assert (
        f"{len(set(changes))} problems, lost or won, with what each model wrote: "
        f"{len(changes)} changes in 2 pairs of models." in report.to_html()
    )


def test_every_category_has_a_colour_and_a_note():
    """What may become of a response has a colour in the page and, unless right or wrong, a note on why."""
    style = files("mathtune.reports").joinpath("_templates/report.css").read_text(encoding="utf-8")
    for category in CATEGORIES:
        assert f".k-{category.value} " in style or f".k-{category.value}," in style
    assert {*NOT_SOLVED, Category.CORRECT, Category.WRONG} == set(CATEGORIES)


def test_the_graders_reasons_are_counted(base, tuned):
    """Every response that was not accepted is counted under the grader's reason, for each model."""
    comparison = compare(base, tuned)
    wrong = sum(not result.correct for result in base.results)
    assert sum(comparison.reasons("base").values()) == wrong
    assert f'<th scope="row">different value</th><td>{wrong}</td>' in comparison.to_html()


def test_two_fields_are_laid_out_as_rows_and_columns(base, tuned):
    """By subject and level, a table has a row a subject and a column a level; by one field there is none."""
    page = compare(base, tuned, by=("subject", "level")).to_html()
    grid = page[page.index("Changes by subject and level") :].split("</table>")[0]
    assert re.findall(r'<th scope="row">(.*?)</th>', grid) == ["Algebra", "Geometry", "Number Theory"]
    assert re.findall(r'<th scope="col">(.*?)</th>', grid) == [
        "Subject",
        *(f"Level {n}" for n in range(1, 6)),
    ]
    assert len(re.findall("<td", grid)) == 15
    assert "Changes by" not in compare(base, tuned).to_html()


def test_learning_curves_are_drawn_where_steps_are_known(make, problems, base, tuned):
    """With steps, each cell has a curve whose numbers are said in words; without, there is none."""
    third = make.run("third", problems, make.right(0.6, seed=3))
    page = compare(base, tuned, third, steps=(0, 50, 100)).to_html()
    assert page.count('<figure class="panel">') == 4
    first = base.accuracy().estimate
    assert f"Share of problems solved over training: {100 * first:.1f} % at 0, " in page
    assert '<figure class="panel">' not in compare(base, tuned, third).to_html()


@pytest.mark.parametrize("steps", [(0,), (0, 0), (1, 0)])
def test_steps_must_rise(base, tuned, steps):
    """There is one step a run, and they rise."""
    with pytest.raises(DataError, match="rising steps"):
        compare(base, tuned, steps=steps)


def test_many_models_have_a_title_that_counts_them(make, problems, base, tuned):
    """With more than two pairs, the title says what is compared and each card its finding."""
    third, fourth = (make.run(name, problems, make.right(0.6, seed=3)) for name in ("third", "fourth"))
    text = Elements(compare(base, tuned, third, fourth).to_html()).text
    assert "3 models against base" in text
    assert "Better in Algebra. Worse in Number Theory. Cannot tell in the other subject." in text
    assert "3 models against each other" in Elements(compare(base, tuned, third, pairs="all").to_html()).text
