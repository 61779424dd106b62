"""Texts that were made to hurt: every one gets a verdict, and none costs much."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

sys.path.insert(0, str(Path(__file__).parent))

from answers import fragments, hostile
from mathtune.algebra import Budget
from mathtune.grading import Outcome, Reason, Verdict, equivalent, grade
from mathtune.policy import Policy

BOMBS = {
    "tower": "9^{9^{9^9}}",
    "factorial": "10^{10^{10}}!",
    "binomial": r"\binom{10^9}{5\cdot10^8}",
    "braces": "{" * 100_000 + "1" + "}" * 100_000,
    "parentheses": "(" * 3_000 + "1" + ")" * 3_000,
    "long letters": "a" * 10_000_000,
    "long digits": "7" * 9_999,
    "digits and decimals": "9" * 4_400 + ".5",
    "exponent": "1e999999999",
    "nuls": "\x00" * 5_000,
    "surrogates": "\ud800\udfff x",
    "deep root": r"\sqrt[1000000007]{3}",
    "huge sum": r"\sum_{k=1}^{10^{12}} k",
    "double sum": r"\sum_{k=1}^{2000}\sum_{j=1}^{2000} \sin(kj)",
    "expansion": "(a+b+c+d+e+f)^{500}",
    "nested powers": "((((x+1)^{99})^{99})^{99})^{99}",
    "huge sine": r"\sin(10^{10^{10}})",
    "exponentials": "e^{e^{e^{e^{e^{10}}}}}",
    "pole": r"\int_0^1 \frac{1}{x} dx",
    "oscillation": r"\int_0^{10^9} \sin(x^2) dx",
    "triple integral": r"\int_0^1\int_0^1\int_0^1 \sin(xyz) dx dy dz",
    "no value": r"\frac{1}{0} + \ln 0 + 0^{-1}",
    "many signs": "-" * 9_000 + "1",
    "many marks": "1" + "!" * 3_000,
    "primes": "x" + "'" * 3_000,
    "many terms": "+".join(f"x_{{{index}}}" for index in range(900)),
    "many factors": "*".join(f"(x+{index})" for index in range(900)),
    "surd set": r"\{" + ",".join(rf"\sqrt{{{index}}}" for index in range(200)) + r"\}",
    "bars": "x|" * 3_000,
    "inequalities": "x<1 or " * 1_200 + "x>2",
    "fractions": r"\frac" * 2_000,
    "functions": r"\log" * 2_000 + "x",
    "scripts": "2^" * 3_000 + "2",
    "boxes": r"\boxed{" * 1_200,
    "dollars": "$" * 9_999,
    "matrices": r"\begin{pmatrix}" * 400,
    "identically zero": r"\sin^2 x + \cos^2 x - 1",
    "ill-conditioned": r"(1+10^{-400})^{10^{400}}",
    "big gcd": r"\gcd(10^{5000},10^{4999})",
    "bessel": r"J_{1000000}(10^9)",
    "degree": r"x^{24}-x+1>0 \text{ or } x^{23}-3x+1<0",
    "foreign digits": "९" * 5_000,
    "code": "__import__('os').system('true')",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_gets_a_verdict(bomb):
    """Whatever the text and on whichever side, the result is a verdict, and not "equal" to another value."""
    for gold, answer in ((bomb, "17"), ("17", bomb), ("x^2+17", bomb), ("(1, 2)", bomb)):
        assert equivalent(gold, answer).outcome is not Outcome.EQUAL
    assert not grade(f"The answer is \\boxed{{{bomb}}}.", "17")


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile, hostile)
def test_any_text_gets_a_verdict(gold, answer):
    """No text makes `equivalent` raise."""
    assert isinstance(equivalent(gold, answer), Verdict)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fragments, fragments)
def test_any_broken_latex_gets_a_verdict(gold, answer):
    """Fragments of LaTeX in any order make neither `equivalent` nor `grade` raise."""
    assert isinstance(equivalent(gold, answer), Verdict)
    assert isinstance(grade(answer, gold), Verdict)


LONG = "7" * 4_400  # more digits than Python turns into a number, or a number into
NONSENSE = {
    "unlike numbers of signs": r"\{C\} = \pm 2+\pm 2",
    "no end under a root": r"\sqrt[3]{\sum_{k=1}^{n} 0.\overline{3}} = \sum_{k=1}^{n} \boxed{\infty}",
    "a raised digit as a day": "July ²",
    "a digit in a circle as an hour": "half past ①",
    "a digit in a circle as a place": "the ①th of May",
    "a raised digit as a divisor": "multiples of ²",
    "a raised digit before a half": "² and a half hours",
    "a digit in a circle as a base": r"\text{FF}_{①}",
    "two signs before a base": "52_{--5}",
    "unlike rows, turned": "transpose(matrix([1, 2], [3]))",
    "transposed letters": "A^T" + "AB" * 300 + "^{-T}",
    "power of a transpose": "(" * 20 + "A" + "^{999999999})" * 20 + "^T",
    "rows without commas": "[" + "[1 -2 3]" * 100 + "]",
    "a union of what is no number": r"\bigcup_{k\in\mathbb{Z}} (k\text{ at once, or later}, 2k)",
    "a long period": rf"0.\overline{{{LONG}}}",
    "a high power of a unit": f"10 m^{LONG}",
    "a long number under a sine": rf"y = \frac{{1}}{{99}} \sin {LONG} x",
    "a long number before dots": rf"x + {LONG} y + \ldots + z",
    "a long place of a sequence": f"a_{{{LONG}}} = 2, a_n = 2n - 1 (n \\ge 2)",
    "a long harmonic number": f"H_{{{LONG}}}",
    "a row without a left side": r"\begin{align*} f(g(3)) &= f(5) \\ &= \ \sigma = 2 \end{align*}",
    "a measure over zero": "5 1/0 ft 2 in",
}


@pytest.mark.parametrize("gold", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_gold_answer_that_is_nonsense_raises_nothing(gold):
    """However a gold answer is asked again, for several values or an equation, there is a verdict."""
    for response in ("so it is 5", "30^\\circ", r"y = \frac{1}{9} \sin 2x", gold):
        for context in (None, "Find x and y."):
            assert isinstance(grade(response, gold, context=context), Verdict)
            assert isinstance(equivalent(gold, response, context=context), Verdict)


@pytest.mark.parametrize(
    "gold",
    [
        r"\sum_{k=1}^n \boxed{{C</think>}}^{\binom{n}{x+y}}",
        r"\boxed{} 5",
        r"\boxed{5</think>} or 6",
        "7" * 20_000,
    ],
    ids=["thoughts in a box", "an empty box", "thoughts to the end of a box", "too long to be read"],
)
def test_blanks_around_what_cannot_be_read_change_nothing(gold):
    """A text whose box holds nothing is judged as it stands, and so is one too long for an answer."""
    assert equivalent(gold, f"  {gold} ")
    assert equivalent(f" {gold}\n", gold)


@pytest.mark.parametrize("end", [" ", "\n", "\n\n"])
def test_thousands_of_sentences_beside_the_question_get_a_verdict(end):
    """However many sentences about something else stand behind an answer, a verdict comes."""
    response = "The area is 63. " + f"Blue cats weigh 32 kilos.{end}" * 8_000
    verdict = grade(response, "63", context="What is the area of the field?")
    assert verdict.outcome is not Outcome.EQUAL


def test_work_is_bounded():
    """A comparison that would cost more than the policy allows is undecided, and says why."""
    gold, answer = r"\int_0^1 e^{\sin x + y}\,dx", r"\int_0^1 e^{y}e^{\sin x}\,dx + 0\cdot y"
    assert equivalent(gold, answer, policy=Policy(work=50)).reason is Reason.TOO_COMPLEX


def test_budget_counts_work():
    """The same comparison costs the same work every time."""
    from mathtune.algebra import Variable, add, apply, compare, power, rational

    x = Variable("x")
    one = add(power(apply("sin", x), rational(2)), power(apply("cos", x), rational(2)))
    spent = []
    for _ in range(3):
        budget = Budget()
        compare(one, rational(1), budget)
        spent.append(budget.left)
    assert len(set(spent)) == 1


PAIRS = [
    (r"\frac{1}{2}", "0.5"),
    (r"\sin^2 x + \cos^2 x", "1"),
    (r"\int_0^\infty e^{-x}\,dx", "1"),
    ("x^2 < 4", "(-2, 2)"),
    (r"\sqrt{2}+\sqrt{3}", r"\sqrt{5+2\sqrt6}"),
    (r"\sqrt{2}+\sqrt{3}", r"\sqrt{5+3\sqrt6}"),
    ("9^{9^{9^9}}", "1"),
]


def _outcomes(_: int) -> list[str]:
    return [equivalent(gold, answer).outcome.value for gold, answer in PAIRS]


def test_threads_give_the_same_verdicts():
    """Sixteen threads at once say what one says: no signal, no shared precision."""
    with ThreadPoolExecutor(16) as pool:
        assert set(map(tuple, pool.map(_outcomes, range(64)))) == {tuple(_outcomes(0))}


@pytest.mark.processes
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_give_the_same_verdicts(method):
    """Other processes say the same, however they are started."""
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system cannot {method}")
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as pool:
        texts = [list(side) for side in zip(*PAIRS, strict=True)]
        assert [verdict.outcome.value for verdict in pool.map(equivalent, *texts)] == _outcomes(0)


# Linux keeps ru_maxrss over exec, so a child begins with its parent's peak there; VmHWM begins anew.
MEASURE = """
import resource, runpy, sys
from pathlib import Path
bombs = runpy.run_path(sys.argv[1])["BOMBS"]
from mathtune import equivalent
for bomb in bombs.values():
    for pair in ((bomb, "17"), ("x^2+17", bomb), ("(1, 2)", bomb)):
        equivalent(*pair)
if sys.platform == "linux":
    lines = Path("/proc/self/status").read_text().splitlines()
    print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) >> 10)
else:
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit)
"""


@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell a process's peak of memory so")
def test_bombs_take_little_memory():
    """A process that judges all bombs stays under 300 MB, test tools and the bombs' own texts included."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, __file__], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 300
