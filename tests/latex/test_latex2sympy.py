"""The extra `latex`: another package's parser, in a process of its own, gives our trees."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mathtune.errors import LatexSyntaxError, MissingExtraError
from mathtune.grading import equivalent
from mathtune.latex import MAX_CHARACTERS, Latex2Sympy, to_latex, to_text

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def other():
    with Latex2Sympy(seconds=2) as parser:
        try:
            parser.parse("x")
        except MissingExtraError as error:
            pytest.skip(str(error))
        yield parser


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{1}{2}x^2 + \sqrt{3} - y",
        r"-\frac{2}{3}",
        "0.125",
        r"x \le 3",
        r"\{1, 2\}",
        "(1, 2]",
        r"(1, 2) \cup (3, 4)",
        r"\int_0^1 x\,dx",
        r"\sum_{k=1}^{3} k^2",
        r"\prod_{k=1}^{3} k",
        r"\lim_{x \to 0} \frac{\sin x}{x}",
        r"\log_2 8 + \ln 3",
        r"\arcsin x + \cosh x",
        r"|x - 2|",
        r"\lfloor 2.5 \rfloor",
        r"5! + \binom{5}{2}",
        r"x_{12} + \phi",
        r"e^{2x}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\emptyset",
    ],
)
def test_both_parsers_mean_the_same(other, text):
    """What the package reads and we read too is the same mathematics to our engine."""
    assert equivalent(text, to_latex(other.parse(text)))


def test_text_is_never_run(other, tmp_path):
    """Code in a number's, a symbol's or a text's place stays text, and the process may not run any."""
    mark = tmp_path / "ran"
    code = f"__import__('os').system('touch {mark}')"
    for text in (
        code,
        rf"\text{{{code}}}",
        rf"\mathrm{{{code}}} + 1",
        rf"x_{{{code}}}",
        rf"\variable{{{code}}}",
    ):
        with contextlib.suppress(LatexSyntaxError):
            other.parse(text)
    assert not mark.exists()


@pytest.mark.parametrize(
    "bomb", ["(" * 3_000 + "1" + ")" * 3_000, "9" * 9_000, "^" * 200, r"\frac{" * 300, "\x00", "\ud800"]
)
def test_a_bomb_is_a_syntax_error_at_most(other, bomb):
    """A text that costs too much ends its process, not ours, and the next text is read again."""
    with contextlib.suppress(LatexSyntaxError):
        other.parse(bomb)
    assert to_text(other.parse("x+1")) == "x + 1"


def test_a_killed_process_is_replaced(other):
    """Whoever kills the process costs one text at most."""
    del other  # asked for to skip where the package is missing
    with Latex2Sympy() as parser:
        parser.parse("x")
        os.kill(parser._process.pid, signal.SIGKILL)
        with pytest.raises(LatexSyntaxError):
            parser.parse("y")
        assert to_text(parser.parse("y")) == "y"
    assert parser._process is None


def test_threads_take_turns(other):
    """Answers of one process never get into another thread's hands."""
    with ThreadPoolExecutor(8) as pool:
        texts = [f"x + {number}" for number in range(40)]
        assert [to_text(tree) for tree in pool.map(other.parse, texts)] == texts


def test_a_long_text_is_refused_before_any_process_starts():
    """The limit of length is that of `parse`."""
    parser = Latex2Sympy()
    with pytest.raises(LatexSyntaxError):
        parser.parse("x" * (MAX_CHARACTERS + 1))
    assert parser._process is None


def test_without_the_packages_the_error_names_the_extra():
    """A process that finds neither package says so, and the command that installs one is named."""
    code = (
        "import sys; sys.modules.update({'latex2sympy2_extended': None, 'latex2sympy2': None})\n"
        "from mathtune.latex._latex2sympy_worker import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert '"missing"' in done.stdout
    assert "mathtune[latex]" in str(MissingExtraError("latex2sympy2_extended", "latex", "Latex2Sympy"))


def test_ctrl_c_while_the_process_starts_mixes_up_no_answers(other):
    """After it the next text has its own answer, from a new process."""

    def press(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, press)
    with Latex2Sympy() as parser:
        signal.setitimer(
            signal.ITIMER_REAL, 0.05
        )  # Python alone takes longer to start, with SymPy much longer
        try:
            with pytest.raises(KeyboardInterrupt):
                parser.parse("y")
        finally:
            signal.signal(signal.SIGALRM, before)
        assert to_text(parser.parse("x + 1")) == to_text(other.parse("x + 1"))
