"""Fuzz the answer engine for as long as it is asked to: nothing may raise, hang or break a law.

With atheris, which exists for Linux only, the runs are guided by coverage; without it they are drawn from a
grammar of LaTeX and of hostile text. A finding is printed, with what reproduces it, and the run goes on.

    python bench/soak_grading.py --minutes 30
    python bench/soak_grading.py --seed 7 --coverage
"""

from __future__ import annotations

import argparse
import inspect
import random
import sys
import time
from typing import Any, NamedTuple

from mathtune.answers import extract_answer
from mathtune.grading import equivalent, grade

# No input may take longer than this, in seconds of processor time; it is the promise for any input whatever.
LIMIT = 0.25

ATOMS = [
    "0",
    "1",
    "-2",
    "3.14",
    "1,234",
    "0.\\overline{3}",
    "10^{99}",
    "x",
    "y",
    "n",
    "\\pi",
    "e",
    "i",
    "\\infty",
    "2\\frac58",
]
ATOMS += [
    "\\text{yes}",
    "C",
    "50\\%",
    "30^\\circ",
    "5\\text{ cm}",
    "52_8",
    "\\emptyset",
    "\\mathbb{R}",
    "\\pm 2",
    "9^{9^9}",
]
UNARY = [
    "-%s",
    "(%s)",
    "\\left(%s\\right)",
    "\\sqrt{%s}",
    "\\sqrt[3]{%s}",
    "|%s|",
    "\\sin %s",
    "\\ln(%s)",
    "%s!",
    "{%s}",
    "\\text{%s}",
]
UNARY += [
    "\\boxed{%s}",
    "$%s$",
    "\\{%s\\}",
    "[%s, \\infty)",
    "\\lfloor %s \\rfloor",
    "\\sum_{k=1}^{n} %s",
    "\\int_0^1 %s\\,dx",
    "x = %s",
]
BINARY = [
    "%s+%s",
    "%s-%s",
    "%s\\cdot %s",
    "%s %s",
    "\\frac{%s}{%s}",
    "%s^{%s}",
    "%s/%s",
    "%s, %s",
    "(%s, %s)",
    "%s < x \\le %s",
    "%s = %s",
]
BINARY += [
    "%s \\text{ or } %s",
    "[%s, %s]",
    "\\binom{%s}{%s}",
    "\\begin{pmatrix} %s \\\\ %s \\end{pmatrix}",
    "%s:%s",
    "%s \\cup %s",
]
NOISE = [
    "{",
    "}",
    "\\",
    "$",
    "\x00",
    "\ud800",
    "\u202e",
    "&",
    "^",
    "_",
    "\\frac",
    "\\left",
    "<think>",
    "</think>",
    "\\boxed{",
    "#### ",
    "**",
]
NOISE += [
    "the answer is ",
    "\u7b54\u6848\u662f",
    "\\begin{align}",
    "\\end{align}",
    "\n",
    " ",
    "\\\\",
    "1e999999999",
    "\u0130",
    "[asy]",
]


class Finding(NamedTuple):
    """What went wrong, and on what."""

    law: str
    texts: tuple[str, ...]


def main() -> int:
    """Run until the time is over; give the number of findings as the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coverage", action="store_true", help="guide the runs by coverage (needs atheris)")
    options = parser.parse_args()
    if options.coverage:
        return guided(options.minutes, options.seed)
    generator = random.Random(options.seed)
    end = time.monotonic() + 60 * options.minutes
    rounds = findings = 0
    while time.monotonic() < end:
        rounds += 1
        for finding in check(expression(generator), expression(generator), noise(generator)):
            findings += 1
            print(f"{finding.law}: {finding.texts!r}", flush=True)
    print(f"{rounds:,} rounds, {findings} findings")
    return min(findings, 1)


def guided(minutes: float, seed: int) -> int:
    """The same laws on bytes that libFuzzer makes to reach new branches."""
    try:
        import atheris  # type: ignore[import-not-found]
    except ImportError:
        print("runs guided by coverage need atheris: pip install atheris")
        return 2

    seen: set[str] = set()

    def one(data: bytes) -> None:
        first, _, rest = data.decode("utf-8", "replace").partition("\0")
        second, _, third = rest.partition("\0")
        for finding in check(first, second, third):
            if finding.law.startswith(("raises", "slow")):
                raise AssertionError(finding)
            if finding.law not in seen:
                seen.add(finding.law)
                print(f"{finding.law}: {finding.texts!r}", flush=True)

    for package in ("mathtune.latex", "mathtune.algebra", "mathtune.answers", "mathtune.grading"):
        instrument(atheris, package)
    atheris.Setup([sys.argv[0], f"-max_total_time={int(60 * minutes)}", f"-seed={seed + 1}"], one)
    atheris.Fuzz()
    return 0


def instrument(atheris: Any, package: str) -> None:  # noqa: ANN401  (a package without types)
    """Count the branches of our own modules only: the whole interpreter would drown them."""
    for name, module in list(sys.modules.items()):
        if name.startswith(package):
            for function in vars(module).values():
                if inspect.isfunction(function) and function.__module__ == name:
                    atheris.instrument_func(function)


def expression(generator: random.Random, depth: int = 0) -> str:
    """An expression of the grammar, sometimes spoilt."""
    kind = generator.random()
    if depth > 3 or kind < 0.25:
        text = generator.choice(ATOMS)
    elif kind < 0.55:
        text = generator.choice(UNARY) % expression(generator, depth + 1)
    else:
        text = generator.choice(BINARY) % (expression(generator, depth + 1), expression(generator, depth + 1))
    if generator.random() < 0.02:
        place = generator.randrange(len(text) + 1)
        text = text[:place] + generator.choice(NOISE) + text[place:]
    return text


def noise(generator: random.Random) -> str:
    """A response that nobody wrote."""
    pieces = [
        generator.choice(NOISE if generator.random() < 0.5 else ATOMS) for _ in range(generator.randrange(40))
    ]
    return "".join(pieces) * generator.choice((1, 1, 1, 100))


def check(first: str, second: str, third: str) -> list[Finding]:
    """The laws that some texts break."""
    findings: list[Finding] = []
    try:
        start = time.process_time()
        there, back = equivalent(first, second), equivalent(second, first)
        if time.process_time() - start > 2 * LIMIT:
            findings.append(Finding("slow", (first, second)))
        if bool(there) != bool(back) and "rounded" not in there.reason.value + back.reason.value:
            findings.append(Finding("not symmetric", (first, second)))
        if equivalent(first, first).outcome.value == "different":
            findings.append(Finding("not reflexive", (first,)))
        if bool(equivalent(first, f"  {first} ")) != bool(equivalent(first, first)):
            findings.append(Finding("spaces matter", (first,)))
        start = time.process_time()
        grade(third, first)
        if time.process_time() - start > LIMIT:
            findings.append(Finding("slow", (third, first)))
        answer = extract_answer(f"{third}</think>\n\nIn all, the value is \\boxed{{77}}.")
        if answer is None or answer.text != "77":
            findings.append(Finding("a last box does not win", (third,)))
    except Exception as error:  # noqa: BLE001  (that something raises is the finding)
        findings.append(Finding(f"raises {error!r}", (first, second, third)))
    return findings


if __name__ == "__main__":
    sys.exit(main())
