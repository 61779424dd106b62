"""How many gold answers of real data sets can be read, and is each equal to itself, also when printed anew.

python bench/golds.py                 all data sets
python bench/golds.py --show math     the answers that fail in the files of that name
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measures import SHARED, percent, read_rows, table

from mathtune.answers import last_boxed
from mathtune.grading import Reason, equivalent

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where the files keep their gold answer; a file that is not named here boxes it in its solution.
FIELDS = ("answer", "Answer", "expected_answer", "final_answer", "Short Answer", "answer_val", "answer_latex")
REWRITINGS = {
    r"\left": "",
    r"\right": "",
    "(": r"\left(",
    ")": r"\right)",
    r"\frac": r"\dfrac",
    "+": " + ",
    "=": " = ",
    "^2": "^{2}",
}
# Golds that are no answers but whole texts, or tables of evaluation points.
LEFT_OUT = frozenset({"hardmath2"})


def main() -> int:
    """Read every gold and print a line a file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=SHARED / "data", help="folder of data sets")
    parser.add_argument("--rows", type=int, help="at most so many rows a file")
    parser.add_argument(
        "--show", action="append", default=[], metavar="FILE", help="print the golds that fail"
    )
    options = parser.parse_args()
    lines, total, failed = [], 0, 0
    for path in sorted(options.data.glob("*.jsonl")):
        if path.stem in LEFT_OUT:
            continue
        golds = [gold for row in read_rows(path, options.rows) for gold in golds_of(row)]
        unread = [gold for gold in golds if equivalent(gold, "0").reason is Reason.UNPARSED_GOLD]
        unequal = [gold for gold in golds if not equivalent(gold, gold)]
        changed = [gold for gold in golds if not equivalent(gold, rewritten(gold))]
        counts = [len(golds), len(unread), len(unequal), len(changed)]
        lines.append([path.stem, *map(str, counts), f"{100 - percent(len(unread), len(golds)):.2f}"])
        total, failed = total + len(golds), failed + len(unread)
        if any(name in path.stem for name in options.show):
            show({"cannot be read": unread, "is not itself": unequal, "is not itself rewritten": changed})
    print(table(["file", "golds", "unread", "not itself", "not itself rewritten", "read %"], lines))
    print(f"\nread: {100 - percent(failed, total):.3f} % of {total} golds")
    return 0


def golds_of(row: dict[str, Any]) -> Iterator[str]:
    """The gold answers of a row: several where alternatives are accepted."""
    found = next((row[name] for name in FIELDS if row.get(name) not in (None, "")), None)
    if isinstance(found, list):
        yield from map(str, found)
    elif found is not None:
        yield str(found).rpartition("####")[2].strip()
    elif boxed := last_boxed(row.get("solution") or ""):
        yield boxed


def rewritten(gold: str) -> str:
    """The same in other commands and spaces, so that no comparison of texts will do."""
    if r"\text" not in gold:  # \left( means nothing there
        for written, other in REWRITINGS.items():
            gold = gold.replace(written, other)
    return f"  {gold} "


def show(failures: dict[str, list[str]]) -> None:
    """Print golds under what is wrong with them."""
    for title, golds in failures.items():
        print(f"\n{title}:" if golds else "", end="\n" if golds else "")
        for gold in golds:
            print(f"  {gold[:200]!r}")


if __name__ == "__main__":
    sys.exit(main())
