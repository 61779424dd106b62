"""How often mathtune's verdicts agree with labelled pairs, and how fast they are.

Each file of the folder is a source of labelled pairs (JSONL: id, gold, pred, kind, label; problem if known).
Accuracy is averaged over files, not rows, so that no long file outweighs the others.

    python bench/grading.py                         all files, the table
    python bench/grading.py --show doenet           the misjudged rows of the files of that name
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from measures import NOT_AVERAGED, SHARED, Judged, figures_of, percent, read_rows, table

from mathtune.grading import equivalent, grade

HEADER = [
    "file",
    "n",
    "right %",
    "false pos %",
    "false neg %",
    "undecided",
    "pairs/s",
    "p50 ms",
    "p99 ms",
    "max ms",
]


def main() -> int:
    """Judge every pair and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, default=SHARED / "pairs", help="folder of labelled pairs")
    parser.add_argument("--rows", type=int, help="at most so many rows a file")
    parser.add_argument(
        "--show",
        action="append",
        default=[],
        metavar="FILE",
        help="print the misjudged rows of files named so",
    )
    parser.add_argument("--slow", type=float, metavar="MS", help="print the pairs that take longer")
    parser.add_argument("--no-context", action="store_true", help="do not pass the problem on")
    options = parser.parse_args()
    paths = sorted(options.pairs.glob("*.jsonl"))
    if not paths:
        print(f"no labelled pairs in {options.pairs}")
        return 0
    if options.show:
        paths = [path for path in paths if any(name in path.stem for name in options.show)]
    by_file = {
        path.stem: [judge(row, context=not options.no_context) for row in read_rows(path, options.rows)]
        for path in paths
    }
    print_table(by_file)
    if options.show:
        show([one for judged in by_file.values() for one in judged if not one.right])
    if options.slow:
        show([one for judged in by_file.values() for one in judged if one.seconds * 1_000 > options.slow])
    return 0


def judge(row: dict[str, Any], *, context: bool) -> Judged:
    """Grade one row, measuring processor time."""
    problem = row.get("problem") if context else None
    gold, pred = str(row["gold"]), str(row["pred"])
    start = time.process_time()
    if row["kind"] == "output":
        verdict = grade(pred, gold, context=problem)
    else:
        verdict = equivalent(gold, pred, context=problem)
    seconds = time.process_time() - start
    return Judged(row, verdict.outcome.value, seconds, str(verdict.tier), verdict.reason.value)


def print_table(by_file: dict[str, list[Judged]]) -> None:
    """Print a line a file, then the averages over files."""
    averaged = {name: figures_of(judged) for name, judged in by_file.items() if judged}
    rows = [
        [
            name,
            str(one.pairs),
            f"{one.accuracy:.1f}",
            f"{one.false_positives:.1f}",
            f"{one.false_negatives:.1f}",
            str(one.undecided),
            f"{one.per_second:,.0f}",
            f"{one.p50:.2f}",
            f"{one.p99:.1f}",
            f"{one.longest:.0f}",
        ]
        for name, one in averaged.items()
    ]
    print(table(HEADER, rows))
    kept = [figures for name, figures in averaged.items() if name not in NOT_AVERAGED]
    pairs = [one for name, judged in by_file.items() if name not in NOT_AVERAGED for one in judged]
    negatives = [one for one in pairs if not one.row["label"]]
    print(
        f"\nmacro average over {len(kept)} files: {sum(one.accuracy for one in kept) / len(kept):.2f} % right"
    )
    wrong = sum(not one.right for one in negatives)
    print(f"false positives: {wrong} of {len(negatives)} negatives, {percent(wrong, len(negatives)):.2f} %")
    print(f"tiers: {shares(pairs)}")


def shares(pairs: list[Judged]) -> str:
    """The share of pairs that each tier decides, and how often it is right."""
    tiers: dict[str, list[bool]] = {}
    for one in pairs:
        tiers.setdefault(one.tier or "-", []).append(one.right)
    ordered = sorted(tiers.items(), key=lambda item: -len(item[1]))
    return ", ".join(
        f"{tier} {percent(len(right), len(pairs)):.1f} % (right {percent(sum(right), len(right)):.1f} %)"
        for tier, right in ordered
    )


def show(misjudged: list[Judged]) -> None:
    """Print rows with what was made of them."""
    for one in misjudged:
        pred = str(one.row["pred"])
        tail = pred if len(pred) <= 300 else f"... {pred[-300:]}"
        print(f"\n{one.row['id']}  label {one.row['label']}, {one.outcome}: {one.reason}", end=" ")
        print(f"(tier {one.tier}, {one.seconds * 1_000:.2f} ms)")
        print(f"  gold: {one.row['gold']!r}\n  pred: {tail!r}")
        if one.row.get("note"):
            print(f"  note: {one.row['note']}")


if __name__ == "__main__":
    sys.exit(main())
