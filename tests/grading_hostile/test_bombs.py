"""Inputs that are made to hang, fill memory or raise: every one gets a verdict."""

from __future__ import annotations

import asyncio
import pickle
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pyarrow
import pytest

from mathtune.answers import all_boxed, extract_answer, is_cut_off, last_boxed, without_thinking
from mathtune.grading import Verdict, equivalent, grade, grade_batch, grade_table

MILLION = 1_000_000
ANSWERS = {
    "tower": "9^{9^{9^9}}",
    "factorial of a power": "10^{10^{10}}!",
    "factorials": "9!!!!!!!!!!!!!!!!!!!!",
    "binomial": r"\binom{10^9}{5\cdot10^8}",
    "open braces": "{" * 100_000,
    "an index of many digits": "a_1+a_{" + "9" * 5_000 + r"}+\dots+a_n",
    "nested braces": "{" * 5_000 + "1" + "}" * 5_000,
    "nested roots": r"\sqrt{" * 2_000 + "2" + "}" * 2_000,
    "nested fractions": r"\frac{1}{" * 2_000 + "2" + "}" * 2_000,
    "nested parentheses": "(" * 20_000 + "x" + ")" * 20_000,
    "signs": "-" * 100_000 + "1",
    "digits": "7" * MILLION,
    "decimals": "0." + "3" * MILLION,
    "exponent": "1e999999999",
    "expansion": r"(a+b+c+d+e+f+g+h)^{200}",
    "product of sums": "".join(f"(x_{{{n}}}+y_{{{n}}})" for n in range(60)),
    "huge sum": r"\sum_{n=1}^{10^{12}} \frac{1}{n^2}",
    "divergent sum": r"\sum_{n=1}^{\infty} n!",
    "huge product": r"\prod_{k=1}^{10^9} k",
    "hard integral": r"\int_0^{10^9} \sin(e^x)\,dx",
    "near zero": r"e^{\pi\sqrt{163}} - 262537412640768744 + 7.5\cdot10^{-13}",
    "identically zero": r"\sqrt{2+\sqrt3} - \frac{\sqrt6+\sqrt2}{2}",
    "division by zero": r"\frac{1}{0}",
    "gcd": r"\gcd(10^{10^8}, 3)",
    "huge exponent of minus one": "(-1)^{2^{10^{15}}}",
    "huge lower number": r"\binom{-5}{2^{2^{50}}}",
    "huge floor": r"\lfloor 2^{2^{50}} \rfloor",
    "derivatives of derivatives": r"\frac{d}{dx}" * 20 + r"\sin(x^2)\cos(x^3)e^{x}\ln x",
    "high derivatives": r"\frac{d^4}{dx^4}" * 6 + r"\frac{\sin(x^2)\cos(x^3)e^{x}\ln x}{x^2+1}",
    "hypergeometric": r"{}_2F_1(10^{9},10^{9};10^{9}+1;0.9999999)",
    "power of a lettered matrix": r"\begin{pmatrix}a&b&c\\d&e&f\\g&h&i\end{pmatrix}^{12}",
    "product of lettered matrices": r"\begin{pmatrix}a&b\\c&d\end{pmatrix}" * 40,
    "nested finite sums": r"\sum_{a=1}^{2000}\sum_{b=a}^{2000}\frac{2^a}{3^b}",
    "zeta far up": r"\zeta(\frac12+10^{12}i)",
    "propositions": r"\land".join(["(p\\lor q)"] * 2_000),
    "squares up to": r"\{n^2 : n\in\mathbb{Z}, 1\le n\le 10^{9}\}",
    "floor of next to nothing": r"\lfloor e^{-10^{99}} \rfloor",
    "lower number next to nothing": r"\ln(\binom{i}{\text{yes}^{0.\overline{3} 10^{99}}})",
    "huge remainder": r"2^{2^{50}} \bmod 7",
    "huge harmonic sum": r"\sum_{k=1}^{2^{2^{50}}} \frac1k",
    "huge family": r"x = 2^{2^{50}} k, k\in\mathbb{Z}",
    "huge order": r"J_{2^{2^{50}}}(1)",
    "lists with dots": "(1,...,2000)," * 700,
    "sets by description": r"\{n^2:1\le n\le1000\}," * 380,
    "a formula for each index": "+".join([r"\sin(k)"] * 600) + ",k=0,1,...,2000",
    "a condition in each condition": r"n^2 where n\in\mathbb{Z}, 1\le n\le 1000; " * 200,
    "conditions on whole numbers": r"x\in\mathbb{Z}, 0<x<1000 or " * 350,
    "large factorials": "+".join(f"{3_000 - n}!" for n in range(1_600)),
    "large binomials": "+".join(rf"\binom{{{20_000 - n}}}{{9999}}" for n in range(450)),
    "fractions without a common factor": "+".join(f"1/{10_007 + 2 * n}^{{1400}}" for n in range(650)),
    "a product of long numbers": r"\cdot".join(f"{10_007 + 2 * n}^{{1400}}" for n in range(550)),
    "degrees": "x degrees " * 900,
    "moduli": "x \\bmod 5 " * 900,
    "residues": r"x \equiv -(" * 50 + "1" + "),1" * 50,
    "entities": "&amp;" * 2_000,
    "quotes": '"' * 9_999,
    "tags": "<b>" * 3_000,
    "styled letters": "\U0001d465" * 5_000,
    "long list": ",".join(map(str, range(20_000))),
    "deep list": "[" * 1_000 + "]" * 1_000,
    "NUL": "1\x002",
    "lone surrogate": "\ud800",
    "combining": "1" + "\u0301" * 10_000,
    "bidirectional": "\u202e21\u202c",
    "commands": r"\def\x{\x}\x" * 1_000,
    "unknown commands": r"\foo" * 20_000,
    "dollars": "$" * 100_000,
    "matrix": r"\begin{pmatrix}" + "1&" * 20_000 + r"1\end{pmatrix}",
    "environments": r"\begin{matrix}" * 2_000,
    "empty": "",
    "spaces": " " * MILLION,
    "spaces before a sign": " " * 9_000 + "\x01",
    "spaces between letters": "A" + " " * 390 + "x",
    "spaces behind an option": "(A)" + " " * 390 + "\x01",
    "spaces behind an answer's name": "the correct answer is" + " " * 370 + "\x01",
    "commas behind a case": "1 if x>0, 2" + "," * 9_000 + "x",
    "commas before another case": "1 if x > 0" + "," * 6_000 + " else 3",
    "lines before a sum": "\n" * 9_000 + "(2 b",
    "money without an amount": r"\$" * 4_999,
}
RESPONSES = {
    "ten megabytes": "a" * 10 * MILLION,
    "ten megabytes of lines": "so x = 5.\n" * MILLION,
    "open boxes": r"\boxed{" * MILLION,
    "closed boxes": r"\boxed{1}" * MILLION,
    "words": "the answer is " * MILLION,
    "nouns": "answer " * MILLION,
    "headings": "#### " * MILLION,
    "fields": '"answer": "' * MILLION,
    "tags": "<answer>" * MILLION,
    "think": "<think>" * MILLION,
    "thoughts": "<think></think>" * (MILLION // 2),
    "ends of thoughts": "</think>" * MILLION,
    "drawings": "[asy][/asy]" * MILLION,
    "rows": r"\begin{align}" * MILLION + r"\\" * MILLION,
    "bullets": "the answer is:\n" + "- 1\n" * MILLION,
    "labels": "word = " * MILLION,
    "dollars": "$1$ and " * MILLION,
    "bold": "**1** or " * MILLION,
    "length changes": "\u0130" * 2 * MILLION + "the answer is 5",
}


# Ten times what is promised, for a machine that is busy: what is not counted takes far longer.
MOST_SECONDS = 2.5


def promptly(work, *arguments):
    """What some work gives, which may take a moment of processor time."""
    start = time.process_time()
    result = work(*arguments)
    assert time.process_time() - start < MOST_SECONDS
    return result


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_gets_a_verdict(name):
    """Nothing raises or hangs, on either side; an answer equals itself or is undecided."""
    text = ANSWERS[name]
    for gold, given in ((text, "1"), ("1", text), ("x^2", text), (text, text), (text, f"{text[:-1]}z")):
        assert isinstance(promptly(equivalent, gold, given), Verdict)
    assert isinstance(promptly(grade, rf"\boxed{{{text}}}", "1"), Verdict)


@pytest.mark.parametrize("name", RESPONSES)
def test_every_response_gets_a_verdict(name):
    """Extraction looks at the end of a response, however long it is."""
    response = RESPONSES[name]
    assert isinstance(promptly(grade, response, "1"), Verdict)
    for search in (last_boxed, all_boxed, is_cut_off, without_thinking):
        promptly(search, response)


def test_a_long_response_still_gives_its_answer():
    """Ten megabytes before the box do not hide it, and the span points behind them."""
    response = "thinking aloud " * 700_000 + r"\boxed{5}"
    answer = extract_answer(response)
    assert answer is not None
    assert response[slice(*answer.span)] == answer.text == "5"


SHORT = {name: gold for name, gold in ANSWERS.items() if len(gold) < 10_000}
PAIRS = [*((name, gold, "1") for name, gold in SHORT.items()), ("plain", r"\frac{1}{2}", "0.5")]


def verdict_of(pair):
    """What a worker of a pool runs."""
    return equivalent(pair[1], pair[2])


def test_the_verdict_is_the_same_everywhere():
    """Main thread, 16 threads, a process and an executor of asyncio agree; verdicts can travel."""
    here = [verdict_of(pair) for pair in PAIRS]
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(verdict_of, PAIRS)) == here
    with ProcessPoolExecutor(1) as processes:
        assert (
            list(processes.map(equivalent, [pair[1] for pair in PAIRS], [pair[2] for pair in PAIRS])) == here
        )

    async def apart():
        loop = asyncio.get_running_loop()
        return await asyncio.gather(*(loop.run_in_executor(None, verdict_of, pair) for pair in PAIRS))

    assert asyncio.run(apart()) == here
    assert pickle.loads(pickle.dumps(here)) == here
    assert len(set(here)) <= len(here)


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_many_at_once_say_what_each_says_alone(start):
    """A batch and a table say the same, here, in a thread and in processes however they are started."""
    golds = [pair[1] for pair in PAIRS[::4]]
    responses = ["So it is 1."] * len(golds)
    alone = list(map(grade, responses, golds))
    assert grade_batch(responses, golds) == alone
    with ThreadPoolExecutor(2) as threads:
        assert threads.submit(grade_batch, responses, golds).result() == alone
    with ProcessPoolExecutor(1, mp_context=get_context(start)) as processes:
        assert processes.submit(grade_batch, responses, golds).result() == alone
    whole = [gold.encode("utf-8", "replace").decode() for gold in golds]  # Arrow holds no half of a pair
    table = grade_table(pyarrow.table({"response": responses, "gold": whole}))
    assert table.column("reason").to_pylist() == [grade("So it is 1.", gold).reason for gold in whole]
