"""Fuzz the answer engine for as long as it is asked to: nothing may raise, hang, grow or break a law.

The time is shared by four ways to draw texts: from a grammar of LaTeX and of hostile text; by splicing the
cases of the tests; by repeating a few signs a thousand times; and guided by coverage with atheris, which
exists for Linux only. A finding is printed with what reproduces it.

    python bench/soak_grading.py --minutes 30
    python bench/soak_grading.py --seed 7 --only spliced
"""

from __future__ import annotations

import argparse
import contextlib
import inspect
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
import typing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from mathtune.answers import all_boxed, extract_answer, is_cut_off, last_boxed, unboxed, without_thinking
from mathtune.errors import DataError, LatexSyntaxError
from mathtune.grading import (
    Outcome,
    Reason,
    Regime,
    Verdict,
    audit_golds,
    equivalent,
    grade,
    grade_asymptotic,
    hardmath_regimes,
    to_sympy,
)
from mathtune.latex import parse, to_latex, to_text
from mathtune.policy import Form, LogBase, Percent, Policy, Sign, Units

if TYPE_CHECKING:
    from collections.abc import Callable

# No input may take longer than this, in seconds of processor time; it is the promise for any input whatever.
LIMIT = 0.25
MOST_MEGABYTES = 50  # that one round may take beyond all before it
GRACE = 120  # seconds for the last round, and to start and end

ATOMS = [
    "0", "1", "-2", "3.14", "1,234", "0.\\overline{3}", "10^{99}", "x", "y", "n", "\\pi", "e", "i",
    "\\infty", "2\\frac58", "\\text{yes}", "C", "50\\%", "30^\\circ", "5\\text{ cm}", "52_8",
    "\\emptyset", "\\mathbb{R}", "\\pm 2", "9^{9^9}",
]  # fmt: skip
# Digits that are no numbers, and numbers longer than Python writes.
ODD_NUMBERS = [
    "", "0", "00", "-1", ".", "1.", "1e999", "1e-999", "1_000", "²", "①", "½", "٣", "三",
    "7" * 4_400, "0" * 5_000,
]  # fmt: skip
NO_NUMBERS = [
    "\\emptyset", "\\{1, 2\\}", "(1, 2)", "x = 1", "x < 1", "\\text{a b c d}", "yes no", "\\ldots", "[1, .]",
    "\\begin{pmatrix} 1 & 2 \\\\ 3 \\end{pmatrix}", "matrix([1], [2, 3])", "\\infty", "()",
    "0/0", "--", "\\forall",
]  # fmt: skip
UNARY = [
    "-%s", "(%s)", "\\left(%s\\right)", "\\sqrt{%s}", "\\sqrt[3]{%s}", "|%s|", "\\sin %s", "\\ln(%s)",
    "%s!", "{%s}", "\\text{%s}", "\\boxed{%s}", "$%s$", "\\{%s\\}", "[%s, \\infty)",
    "\\lfloor %s \\rfloor", "\\sum_{k=1}^{n} %s", "\\int_0^1 %s\\,dx", "x = %s",
]  # fmt: skip
BINARY = [
    "%s+%s", "%s-%s", "%s\\cdot %s", "%s %s", "\\frac{%s}{%s}", "%s^{%s}", "%s/%s", "%s, %s",
    "(%s, %s)", "%s < x \\le %s", "%s = %s", "%s \\text{ or } %s", "[%s, %s]", "\\binom{%s}{%s}",
    "\\begin{pmatrix} %s \\\\ %s \\end{pmatrix}", "%s:%s", "%s \\cup %s",
]  # fmt: skip
NOISE = [
    "{", "}", "\\", "$", "\x00", "\ud800", "\u202e", "&", "^", "_", "\\frac", "\\left", "<think>",
    "</think>", "\\boxed{", "#### ", "**", "the answer is ", "\u7b54\u6848\u662f", "\\begin{align}",
    "\\end{align}", "\n", " ", "\\\\", "1e999999999", "\u0130", "[asy]",
]  # fmt: skip
OPENINGS = ["", "", "x = ", "So it is ", "(", "$", "\\text{", "1 ", "How many "]
CLOSINGS = ["", "", ".", ")", "}", "x", " 1", "\x01", " are there?"]


class Texts(NamedTuple):
    """What one round is about."""

    gold: str
    given: str
    response: str
    problem: str | None = None
    policy: Policy = Policy()


class Finding(NamedTuple):
    """What went wrong, and on what."""

    law: str
    texts: Texts


def main() -> int:
    """Run until the time is over; give 1 as the exit status if anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=(*DRAWN, "coverage"), help="one kind of run instead of both")
    parser.add_argument("--last", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.last is not None:
        if options.only == "coverage":
            return guided(options.minutes, options.seed, options.last)
        return unguided(options.only, options.minutes, options.seed, options.last)
    kinds = [options.only] if options.only else [*DRAWN, "coverage"]
    return max(in_process(kind, options.minutes / len(kinds), options.seed) for kind in kinds)


def in_process(kind: str, minutes: float, seed: int) -> int:
    """Run in a process of its own: what kills it is a finding as well, and the texts are told."""
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder) / "last.json"
        options = ["--only", kind, "--minutes", str(minutes), "--seed", str(seed), "--last", str(last)]
        command = [sys.executable, "-W", "ignore", __file__, *options]
        try:
            status = subprocess.run(command, check=False, timeout=60 * minutes + GRACE).returncode
        except subprocess.TimeoutExpired:
            status = "a kill, as it hung,"
        if status not in (0, 1):
            print(f"{kind}: the process ended with {status} on {last.read_text() if last.exists() else '?'}")
    return int(status != 0)


def unguided(kind: str, minutes: float, seed: int, last: Path) -> int:
    """Texts drawn at random in one of the ways."""
    generator = random.Random(seed)
    draw = DRAWN[kind](generator)
    check(Texts("\\sqrt{2}", "x", "so x = \\sqrt{2}", "Find x."))  # what is imported late is no round's work
    end = time.monotonic() + 60 * minutes
    rounds = findings = 0
    with last.open("w") as note:
        while time.monotonic() < end:
            rounds += 1
            texts = draw()
            remember(note, texts)
            for finding in check(texts):
                findings += 1
                print(f"{finding.law}: {finding.texts!r}", flush=True)
    print(f"{kind}: {rounds:,} rounds, {findings} findings")
    return min(findings, 1)


def remember(note: TextIO, texts: Texts) -> None:
    """Write down what is tried now, for the case that the process is killed by it."""
    note.seek(0)
    json.dump(texts, note, default=repr)
    note.truncate()
    note.flush()


def guided(minutes: float, seed: int, last: Path) -> int:
    """The same laws on bytes that libFuzzer makes to reach new branches."""
    try:
        import atheris  # type: ignore[import-not-found]
    except ImportError:
        print(
            "skipped: runs guided by coverage need atheris, which exists for Linux and Python 3.11 and 3.12"
        )
        return 0

    seen: set[str] = set()
    note = last.open("w")

    def one(data: bytes) -> None:
        first, _, rest = data.decode("utf-8", "replace").partition("\0")
        second, _, third = rest.partition("\0")
        texts = Texts(first, second, third)
        remember(note, texts)
        for finding in check(texts):
            if finding.law.startswith(("raises", "slow", "large")):
                raise AssertionError(finding)
            if finding.law not in seen:
                seen.add(finding.law)
                print(f"{finding.law}: {finding.texts!r}", flush=True)

    for package in ("mathtune.latex", "mathtune.algebra", "mathtune.answers", "mathtune.grading"):
        instrument(atheris, package)
    options = [
        f"-max_total_time={int(60 * minutes)}",
        f"-seed={seed + 1}",
        f"-artifact_prefix={last.parent}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(seeds(last.parent / "seeds"))], one)
    atheris.Fuzz()
    return 0


def seeds(folder: Path) -> Path:
    """Texts to start from: pairs of the test cases, so that the fuzzer need not invent LaTeX."""
    folder.mkdir()
    cases = Path(__file__).parents[1] / "tests/latex/cases/writings.tsv"
    for number, line in enumerate(cases.read_text(encoding="utf-8").splitlines()):
        (folder / str(number)).write_text(line.replace("\t", "\0"), encoding="utf-8")
    return folder


def instrument(atheris: Any, package: str) -> None:  # noqa: ANN401  (a package without types)
    """Count the branches of our own modules only: the whole interpreter would drown them."""
    for name, module in list(sys.modules.items()):
        if name.startswith(package):
            for function in vars(module).values():
                if inspect.isfunction(function) and function.__module__ == name:
                    atheris.instrument_func(function)


def from_grammar(generator: random.Random) -> Callable[[], Texts]:
    """Two expressions and a response that nobody wrote."""
    return lambda: Texts(expression(generator), expression(generator), noise(generator))


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


def from_cases(generator: random.Random) -> Callable[[], Texts]:
    """Cases of the tests whose parts are taken out, doubled, put elsewhere or from another case."""
    known = cases()
    texts = [text for case in known for text in case if text]

    def draw() -> Texts:
        gold, given, problem = generator.choice(known)
        other = generator.choice(texts)
        spliced = [splice(text, other, generator) for text in (gold, given, given)]
        return Texts(*spliced, problem and splice(problem, other, generator), some_policy(generator))

    return draw


def cases() -> list[tuple[str, str, str | None]]:
    """Gold answer, answer or response, and problem, if there is one, of all cases of the tests."""
    found: list[tuple[str, str, str | None]] = []
    for path in sorted((Path(__file__).parents[1] / "tests/grading/cases").iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            if path.suffix == ".jsonl":
                row = json.loads(line)
                found.append((row["gold"], row["response"], row.get("problem")))
            elif len(sides := MARK.split(line)) == 2:
                given, _, problem = sides[1].partition("@@")
                found.append((sides[0], given.strip(), problem.strip() or None))
    return found


MARK = re.compile(r"\s+(?:==|!=|=>|<=)\s+")
PIECE = re.compile(r"\\[a-zA-Z]+|\\.|\d+|[^\W\d]+|\s+|.", re.DOTALL)
SENTENCE = re.compile(r"[A-Z][^.\n]{8,80}\.(?=\s|\Z)")


def splice(text: str, other: str, generator: random.Random) -> str:
    """The text with up to three changes."""
    pieces = PIECE.findall(text)
    for _ in range(generator.randrange(4)):
        if not pieces:
            break
        first, after = sorted(generator.sample(range(len(pieces) + 1), 2))
        run = pieces[first:after]
        elsewhere = PIECE.findall(other)
        begin = generator.randrange(len(elsewhere))
        number = [generator.choice(ODD_NUMBERS)] if pieces[first].isdecimal() else []
        pieces[first:after] = generator.choice(
            [
                [],
                run * generator.choice((2, 2, 20)),
                run[::-1],
                elsewhere[begin : begin + generator.randrange(1, 6)],
                [generator.choice(NOISE), *run],
                [*number, *run[len(number) :]],
                [generator.choice(NO_NUMBERS), *run[1:]],
            ]
        )
    return "".join(pieces)


def some_policy(generator: random.Random) -> Policy:
    """Mostly the usual one, else one with any of its fields changed."""
    fields: dict[str, tuple[Any, ...]] = {
        "relative_tolerance": (1e-9, 1.0, 1e300),
        "absolute_tolerance": (1e-9, 5, 1e300),
        "significant_digits": (1, 3, 100),
        "rounded_gold": (False,),
        "decimal_digits": (0, 1, 10**6),
        "percent": typing.get_args(Percent),
        "units": typing.get_args(Units),
        "log_base": typing.get_args(LogBase),
        "form": typing.get_args(Form),
        "weakest_sign": typing.get_args(Sign),
        "work": (1, 10, 300),
    }
    changed = [name for name in fields if generator.random() < 0.2] if generator.random() < 0.5 else []
    return Policy(**{name: generator.choice(fields[name]) for name in changed})


def repeated(generator: random.Random) -> Callable[[], Texts]:
    """A few pieces, or a sentence, over and over, in every place."""
    texts = [text for case in cases() for text in case if text]
    known = (piece for text in texts for piece in PIECE.findall(text))
    pieces = sorted({*known, *ATOMS, *NOISE, *ODD_NUMBERS[:-2]} - {""})
    sentences = sorted({one for text in texts for one in SENTENCE.findall(text)})

    def draw() -> Texts:
        several = [generator.choice(pieces) for _ in range(generator.randrange(1, 4))]
        unit = "".join(several) if generator.random() < 0.7 else generator.choice(sentences)
        unit += generator.choice(("", " ", ", ", "\n"))
        size = generator.choice((1_000, 9_900, 50_000))
        text = generator.choice(OPENINGS) + unit * (size // len(unit)) + generator.choice(CLOSINGS)
        short = generator.choice(("17", "x = 5", "2, 3", "(1, 2)"))
        asked = generator.choice((None, text, "Find x and y.", "What is the area?", "How many are left?"))
        return Texts(text, short, text, asked)

    return draw


DRAWN: dict[str, Callable[[random.Random], Callable[[], Texts]]] = {
    "grammar": from_grammar,
    "spliced": from_cases,
    "repeated": repeated,
}


def check(texts: Texts) -> list[Finding]:
    """The laws that some texts break."""
    findings: list[Finding] = []
    before = peak_megabytes()
    for law, calls in LAWS.items():
        start = time.process_time()
        try:
            holds = law(texts)
        except Exception as error:  # noqa: BLE001  (that something raises is the finding)
            [*_, last] = traceback.extract_tb(error.__traceback__)
            where = f"{Path(last.filename).name}:{last.lineno}"
            findings.append(Finding(f"raises {error!r} in {where} where {law.__name__}", texts))
            continue
        if time.process_time() - start > calls * LIMIT:
            findings.append(Finding(f"slow where {law.__name__}", texts))
        if not holds:
            findings.append(Finding(f"not {law.__name__}", texts))
    if peak_megabytes() - before > MOST_MEGABYTES:
        findings.append(Finding("large", texts))
    return findings


def peak_megabytes() -> int:
    """The most memory that this process ever held; 0 where a system does not tell it in kilobytes."""
    if sys.platform != "linux":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def symmetric(texts: Texts) -> bool:
    """Which side is the gold answer's matters to rounding, to missing units, and where it is unreadable.

    So it does to a qualifier that only an answer adds: who says `conditionally convergent` says `convergent`.
    """
    if _QUALIFIER.search(texts.gold) or _QUALIFIER.search(texts.given):
        return True
    there = equivalent(texts.gold, texts.given, policy=STRICT)
    back = equivalent(texts.given, texts.gold, policy=STRICT)
    one_sided = {Reason.ROUNDED, Reason.UNPARSED_GOLD}
    return bool(there) == bool(back) or not one_sided.isdisjoint((there.reason, back.reason))


STRICT = Policy(units="strict")
_QUALIFIER = re.compile(
    r"absolute|asymptotic|conditional|uniform|pointwise|strictly|locally|globally", re.IGNORECASE
)


def reflexive(texts: Texts) -> bool:
    """No answer differs from itself, and blanks around it change nothing."""
    same = equivalent(texts.gold, texts.gold)
    blank = equivalent(texts.gold, f"  {texts.gold} ")
    return same.outcome is not Outcome.DIFFERENT and bool(same) == bool(blank)


def judged(texts: Texts) -> bool:
    """An answer beside its problem gets a verdict under any policy."""
    return isinstance(
        equivalent(texts.gold, texts.given, policy=texts.policy, context=texts.problem), Verdict
    )


def graded(texts: Texts) -> bool:
    """A response gets a verdict under any policy."""
    return isinstance(grade(texts.response, texts.gold, policy=texts.policy, context=texts.problem), Verdict)


def won_by_the_last_box(texts: Texts) -> bool:
    """Whatever stands before it, a box at the end is the answer."""
    answer = extract_answer(f"{texts.response}</think>\n\nIn all, the value is \\boxed{{77}}.")
    return answer is not None and answer.text == "77"


def searched(texts: Texts) -> bool:
    """What else is asked of a response raises nothing."""
    for search in (all_boxed, last_boxed, unboxed, is_cut_off, without_thinking):
        search(texts.response)
    return True


def printed(texts: Texts) -> bool:
    """What can be read can be printed, and looked over."""
    audit_golds([("gold", texts.gold)])
    try:
        tree = parse(texts.gold)
    except LatexSyntaxError:
        return True
    return isinstance(to_text(tree), str) and isinstance(to_latex(tree), str)


def exchanged(texts: Texts) -> bool:
    """SymPy gets an object, or we say that it has none."""
    try:
        return to_sympy(texts.gold) is not None
    except LatexSyntaxError:
        return True


def approximated(texts: Texts) -> bool:
    """A row of HARDMath has its regimes, or we say what is wrong with it; any response has a score."""
    row = {"answer_val": texts.gold, "small_eval_point": "0.1", "small_numerical": texts.given}
    with contextlib.suppress(DataError):
        hardmath_regimes(row)
    return 0 <= grade_asymptotic(texts.response, REGIMES, policy=texts.policy).score <= 1


REGIMES = [
    Regime(name="small", point=Fraction(1, 10), values=(1.1,)),
    Regime(name="large", point=Fraction(10), values=(3, 4j)),
]
# Each law with the calls that it makes of what has to be fast.
LAWS: dict[Callable[[Texts], bool], int] = {
    symmetric: 2,
    reflexive: 2,
    judged: 1,
    graded: 1,
    won_by_the_last_box: 1,
    searched: 5,
    printed: 4,
    exchanged: 20,  # SymPy takes its time
    approximated: 3,
}


if __name__ == "__main__":
    sys.exit(main())
