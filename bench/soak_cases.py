"""The cases of the tests under rewriting: what changes no mathematics may change no verdict.

Each side of each case is written anew in the ways of `REWRITINGS`. A finding is a verdict that changes. Print
and plain text are ways, too, but not by default: words and rare notations do not survive them. Nor are
chains, two answers that are equal to a third and not to each other: most are meant to be so, as a missing
unit, name or kind is forgiven.

    python bench/soak_cases.py
    python bench/soak_cases.py --only printed plain
    python bench/soak_cases.py --only dollars --chains
"""

from __future__ import annotations

import argparse
import collections
import itertools
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mathtune.errors import LatexSyntaxError
from mathtune.grading import Outcome, equivalent
from mathtune.latex import parse, to_latex, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mathtune.latex import Node

CASES = Path(__file__).parents[1] / "tests/grading/cases"
NUMBER = re.compile(r"[-\d.,/ ]+\Z")
MARK = re.compile(r"  (==|!=|=>|!>)  ")


class Case(NamedTuple):
    """A line of a case file."""

    place: str
    gold: str
    given: str


def main() -> int:
    """Try all rewritings; give 1 as the exit status if anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=[*REWRITINGS, *PRINTINGS], default=list(REWRITINGS))
    parser.add_argument("--chains", action="store_true", help="look for answers equal to a third only")
    options = parser.parse_args()
    cases = list(read_cases())
    ways = {name: way for name, way in {**REWRITINGS, **PRINTINGS}.items() if name in options.only}
    counts: collections.Counter[str] = collections.Counter()
    for chain in told_apart(cases) if options.chains else ():
        counts["chains"] += 1
        print(chain, flush=True)
    for case, (name, rewrite) in itertools.product(cases, ways.items()):
        changed = changed_verdict(case, rewrite)
        if changed is not None:
            counts[name] += 1
            print(f"{name} {case.place}: {changed}", flush=True)
    print(f"{len(cases):,} cases, {counts.total()} findings: {dict(counts)}")
    return min(counts.total(), 1)


def read_cases() -> Iterator[Case]:
    """All pairs of the case files."""
    for path in sorted(CASES.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            sides = MARK.split(line.split("  ##")[0].rstrip())
            if len(sides) == 3:
                yield Case(f"{path.stem}:{number}", sides[0], sides[2])


def changed_verdict(case: Case, rewrite: Callable[[str], str | None]) -> str | None:
    """How the verdict changes when one side or both are written anew; None where it does not."""
    expected = bool(equivalent(case.gold, case.given))
    gold, given = rewrite(case.gold), rewrite(case.given)
    for one, other in ((gold, case.given), (case.gold, given), (gold, given)):
        if one is None or other is None:
            continue
        verdict = equivalent(one, other)
        if bool(verdict) != expected:
            return f"{one!r} and {other!r} become {verdict.outcome.value} ({verdict.reason.value})"
    return None


def told_apart(cases: list[Case]) -> Iterator[str]:
    """Two answers that are both equal to a third, and yet different, either way round.

    A bare number is equal to itself with any unit or thing counted, so it says nothing of two of them.
    """
    equal: dict[str, list[str]] = collections.defaultdict(list)
    for case in cases:
        if NUMBER.match(case.gold) or NUMBER.match(case.given):
            continue
        if equivalent(case.gold, case.given) and equivalent(case.given, case.gold):
            equal[case.gold].append(case.given)
            equal[case.given].append(case.gold)
    for text, others in equal.items():
        for one, other in itertools.combinations(others, 2):
            if equivalent(one, other).outcome is Outcome.DIFFERENT:
                yield f"chain: {one!r} and {other!r}, both equal to {text!r}"


def delimited(opening: str, closing: str) -> Callable[[str], str | None]:
    """Put between a formula's delimiters, where there are none."""

    def rewrite(text: str) -> str | None:
        return None if any(sign in text for sign in ("$", "\\(", "\\[")) else f"{opening}{text}{closing}"

    return rewrite


def with_stop(text: str) -> str | None:
    """As the end of a sentence."""
    return None if text[-1:] in ".!?:;," else f"{text}."


def in_braces(text: str) -> str | None:
    """Grouped as LaTeX groups: a list in braces would be a set."""
    plain = "\\" not in text or any(sign in text for sign in ",;:|&$") or "\\mid" in text
    return None if plain or text.count("{") != text.count("}") else f"{{{text}}}"


def printed_by(printer: Callable[[Node], str]) -> Callable[[str], str | None]:
    """Parsed and printed."""

    def rewrite(text: str) -> str | None:
        try:
            return printer(parse(text))
        except LatexSyntaxError:
            return None

    return rewrite


SCRIPT = re.compile(r"(?<=[_^])(\{[^{}]*\})")
REWRITINGS: dict[str, Callable[[str], str | None]] = {
    "blanks around": lambda text: f"  {text} ",
    "blanks doubled": lambda text: text.replace(" ", "  "),
    "line": lambda text: f"{text}\n",
    "dollars": delimited("$", "$"),
    "inline": delimited("\\(", "\\)"),
    "display": delimited("\\[ ", " \\]"),
    "stop": with_stop,
    "displaystyle": lambda text: f"\\displaystyle {text}" if "\\" in text and "$" not in text else None,
    "dfrac": lambda text: text.replace("\\frac", "\\dfrac"),
    "braces": in_braces,
    "scripts in braces": lambda text: SCRIPT.sub(r"{\1}", text),
    "box": lambda text: f"\\boxed{{{text}}}" if "box" not in text and "$" not in text else None,
}
PRINTINGS: dict[str, Callable[[str], str | None]] = {
    "printed": printed_by(to_latex),
    "plain": printed_by(to_text),
}


if __name__ == "__main__":
    sys.exit(main())
