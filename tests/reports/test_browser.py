"""The report in a real browser: Debian's chromium, headless, without any network."""

import json
import re
import shutil
import struct
import subprocess
from html import unescape
from pathlib import Path

import pytest

from mathtune.reports import compare

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (Debian: apt-get install chromium)"),
]
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--hide-scrollbars", "--virtual-time-budget=3000"),
)
FRAME = """<!doctype html><body style="margin:0">
<iframe src="{page}" style="width:{width}px;height:900px;border:0"></iframe>
<script>addEventListener("message", (event) => document.body.dataset.said = event.data)</script>"""
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@pytest.fixture
def chromium(tmp_path):
    """Run chromium on a file with an own, empty profile; give what it prints."""

    def run(path, *flags):
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *flags, Path(path).as_uri()]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return finished.stdout

    return run


@pytest.fixture
def ask(chromium, tmp_path):
    """Evaluate JavaScript in a page of a given width (in a frame, for windows cannot be that narrow)."""

    def ask(page, script, *, width=1280, flags=()):
        telling = "(value) => parent.postMessage(JSON.stringify(value), '*')"
        asking = f"<script>(async () => {{ {script} }})().then({telling})</script></body>"
        inner, outer = tmp_path / "inner.html", tmp_path / "outer.html"
        inner.write_text(POLICY.sub("", page).replace("</body>", asking), encoding="utf-8")
        outer.write_text(FRAME.format(page=inner.as_uri(), width=width), encoding="utf-8")
        said = re.search(r'data-said="([^"]*)"', chromium(outer, "--dump-dom", *flags))
        assert said, "the page said nothing"
        return json.loads(unescape(said.group(1)))

    return ask


@pytest.fixture
def page(make, base, tuned, problems):
    third = make.run("third-model-with-a-rather-long-name:2026-11-22", problems, make.right(0.6, seed=3))
    return compare(base, tuned, third, by=("subject", "level")).to_html()


def test_hostile_text_shows_as_text(make, chromium, tmp_path):
    """Scripts, handlers, broken HTML, marks that turn text and a line of a megabyte are text."""
    hostile = [
        "<script>document.title='pwned'</script>",
        "</script></style><img src=x onerror=\"document.title='pwned'\">",
        "<svg/onload=\"document.title='pwned'\"></svg></div></details></main>",
        "turned \u202e around",
        "long " + "<b>" * 350_000,
        "$\\text{</mtext><script>document.title='pwned'</script>}$",
    ]
    problems = [make.problem(n, problem=text, subject=text[:40]) for n, text in enumerate(hostile)]
    runs = [
        make.run(name, problems, lambda _, n=name: n == "a", say=lambda p, text: p.problem + text)
        for name in ("a", "b<script>document.title='pwned'</script>")
    ]
    compare(*runs).to_html(tmp_path / "report.html")
    seen = chromium(tmp_path / "report.html", "--dump-dom")
    (title,) = re.findall("<title>(.*?)</title>", seen)
    assert title.startswith("b&lt;script&gt;")
    assert len(re.findall("<script", seen)) == 1
    assert "<img" not in seen
    assert seen.count('class="flip"') == len(problems)
    assert "&lt;img src=x onerror=" in seen
    assert "characters are not shown here" in seen
    assert seen.rstrip().endswith("</html>")


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_fits_its_window(ask, page, width):
    """Nothing sticks out sideways, on a screen and on a phone; wide tables scroll within themselves."""
    seen = ask(
        page,
        "for (const flip of [...document.querySelectorAll('.flip')].slice(0, 20)) flip.open = true;"
        "const out = [...document.querySelectorAll('body *')]"
        ".filter((e) => !e.closest('.scroll, svg, math, .skip'))"
        ".filter((e) => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map((e) => e.outerHTML.slice(0, 80));"
        "return {wide: document.documentElement.scrollWidth, window: innerWidth, out}",
        width=width,
    )
    assert seen == {"wide": width, "window": width, "out": []}


def test_search_and_filters_choose_flips(ask, page):
    """Typing and choosing hide what does not fit, and the count says how many are left."""
    seen = ask(
        page,
        "const form = document.querySelector('.filters');"
        "const flips = [...document.querySelectorAll('.flip')];"
        "const left = async (name, value) => {"
        "  form.elements[name].value = value; form.dispatchEvent(new Event('input', {bubbles: true}));"
        "  await new Promise((done) => setTimeout(done, 300));"
        "  const shown = flips.filter((flip) => !flip.hidden);"
        "  return {shown: shown.length, sides: [...new Set(shown.map((f) => f.dataset.side))].sort(),"
        "          said: form.querySelector('output').textContent} };"
        "return [form.hidden, flips.length, await left('words', 'no such words'), await left('words', ''),"
        "        await left('side', 'lost')]",
    )
    hidden, flips, nothing, everything, lost = seen
    assert not hidden
    assert nothing["shown"] == 0
    assert everything == {"shown": flips, "sides": ["lost", "won"], "said": f"{flips} of {flips} shown"}
    assert lost["sides"] == ["lost"]
    assert 0 < lost["shown"] < flips


def test_filters_that_could_not_choose_are_not_shown(ask, base, tuned):
    """With one pair of models and no cells, only the search and "lost or won" are offered."""
    seen = ask(
        compare(base, tuned, by=()).to_html(),
        "return [...document.querySelectorAll('.filters label')]"
        ".filter((label) => label.getBoundingClientRect().width > 0)"
        ".map((label) => label.querySelector('[name]').name)",
    )
    assert seen == ["words", "side"]


def test_the_page_works_without_its_script(chromium, page, tmp_path):
    """With scripts off, all flips are there and the filters, which could do nothing, are not."""
    (tmp_path / "report.html").write_text(re.sub("<script>.*?</script>", "", page, flags=re.DOTALL))
    seen = chromium(tmp_path / "report.html", "--dump-dom")
    assert seen.count('class="flip"') == page.count('class="flip"')
    assert re.search(r'<form class="filters" hidden', seen)


@pytest.mark.parametrize(("scheme", "dark"), [(0, True), (1, False)])
def test_the_page_follows_the_readers_colours(ask, page, scheme, dark):
    """Dark readers get light text on a dark ground, others dark on light, and both with enough contrast."""
    ground, ink, soft = ask(
        page,
        "const style = getComputedStyle(document.body);"
        "return [style.backgroundColor, style.color,"
        " getComputedStyle(document.querySelector('.lead')).color]",
        flags=[f"--blink-settings=preferredColorScheme={scheme}"],
    )
    assert (_luminance(ground) < _luminance(ink)) is dark
    assert _contrast(ground, ink) > 7
    assert _contrast(ground, soft) > 4.5


def test_mathematics_is_typeset(ask, page):
    """The browser lays formulas out: a formula has a size, and its source is kept but not seen."""
    seen = ask(
        page,
        "document.querySelector('.flip').open = true;"
        "const math = document.querySelector('.body math'); const note = math.querySelector('annotation');"
        "return {math: math.getBoundingClientRect().width, note: note.getBoundingClientRect().width}",
    )
    assert seen["math"] > 10
    assert seen["note"] == 0


@pytest.mark.parametrize("width", [1280, 500])
def test_screenshots_can_be_taken(chromium, page, tmp_path, width):
    """The page paints at two widths, under its own policy."""
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    picture = tmp_path / f"{width}.png"
    chromium(tmp_path / "report.html", f"--window-size={width},1400", f"--screenshot={picture}")
    header = picture.read_bytes()[:24]
    assert struct.unpack(">II", header[16:24]) == (width, 1400)
    assert picture.stat().st_size > 50_000  # a blank page has some 5,000 bytes


def test_paper_is_light_for_dark_readers_too(ask, page):
    """The dark colours are for screens alone, so that paper gets the light ones."""
    seen = ask(
        page,
        "return [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])"
        ".filter((rule) => rule.media && rule.media.mediaText.includes('dark'))"
        ".map((rule) => rule.media.mediaText)",
    )
    assert seen
    assert all(media.startswith("screen and") for media in seen)


def test_what_the_page_folds_away_is_printed(ask, page):
    """Printing opens the page's own words and shuts them again; problems stay as the reader left them."""
    seen = ask(
        page,
        "const state = () => ['words', 'flip'].map((name) =>"
        "  [...document.querySelectorAll(`details.${name}`)].filter((part) => part.open).length);"
        "document.querySelector('details.words').open = true;"
        "const before = state(); dispatchEvent(new Event('beforeprint')); const during = state();"
        "dispatchEvent(new Event('afterprint'));"
        "return [before, during, state(), document.querySelectorAll('details.words').length]",
    )
    before, during, after, words = seen
    assert before == after == [1, 0]
    assert during == [words, 0]
    assert words > 2


def test_no_picture_is_longer_than_paper(ask, page):
    """However many cells there are, paper can break between the pictures of a figure; none is over a page."""
    heights = ask(page, "return [...document.querySelectorAll('figure svg')].map((one) => one.clientHeight)")
    assert len(heights) > 2 * 16
    assert max(heights) < 300


def test_the_page_prints(chromium, page, tmp_path):
    """It becomes a PDF of several pages, the problems at its end included."""
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    chromium(tmp_path / "report.html", "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'report.pdf'}")
    printed = (tmp_path / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", printed)) > 4


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (Debian: poppler-utils)")
def test_the_first_printed_page_is_filled(chromium, page, tmp_path):
    """The pictures of every subject begin below the verdict, where there is room, not on the next page."""
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    printed = tmp_path / "report.pdf"
    chromium(tmp_path / "report.html", "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    first = subprocess.run(["pdftotext", "-l", "1", printed, "-"], capture_output=True, text=True, check=True)
    assert "Share of problems solved" in first.stdout
    assert first.stdout.count("Algebra") > 1


def _luminance(colour):
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)
