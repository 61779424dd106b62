"""How long it takes to read, balance, clean, divide and check data; on MATH where it lies beside this tree.

Run: `python bench/data_speed.py [--data ../shared/data]`. Without MATH it measures as many drills.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mathtune.formatting import ChatFormatter, check_file, estimate, write_jsonl
from mathtune.problems import (
    Problems,
    balance,
    check_problems,
    decontaminate,
    deduplicate,
    read_problems,
    split,
    tag_skills,
)

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = 100_000


def main() -> None:
    """Measure each step once and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data")
    folder = parser.parse_args().data
    warnings.simplefilter("ignore")
    problems, held_out = timed("read", lambda: read(folder))
    print(f"{len(problems):,} problems, {len(held_out):,} held out")
    timed("balance by subject and level", lambda: balance(problems, by=("subject", "level"), total=2_000))
    left = timed("deduplicate", lambda: deduplicate(problems))
    print(f"  {len(left.removed)} removed")
    left = timed("decontaminate", lambda: decontaminate(problems, {"held out": held_out}))
    print(f"  {len(left.removed)} removed")
    timed("split, near problems together", lambda: split(problems, {"train": 0.9, "test": 0.1}))
    timed("tag skills", lambda: tag_skills(problems))
    timed("check the dataset", lambda: check_problems(problems))
    with tempfile.TemporaryDirectory() as scratch:
        measure_file(problems, Path(scratch) / "train.jsonl")


def read(folder: Path) -> tuple[Problems, Problems]:
    """Give MATH and MATH-500, or drills."""
    if (folder / "math_train.jsonl").exists():
        train, test = (read_problems(folder / f"math_{name}.jsonl") for name in ("train", "test"))
        return train + test, read_problems(folder / "math500.jsonl")
    return read_problems("mathtune:drills", split="train", limit=12_500), read_problems(
        "mathtune:drills", split="test", limit=500
    )


def measure_file(problems: Problems, path: Path) -> None:
    """Measure formatting, and the checks of a file of 100,000 lines."""
    examples = timed("format", lambda: ChatFormatter().format_all(problems))
    timed("write", lambda: write_jsonl(examples, path))
    rows = [json.dumps(example.to_dict()) + "\n" for example in examples]
    path.write_text("".join(rows[n % len(rows)] for n in range(LINES)), encoding="utf-8")
    print(f"{LINES:,} lines, {path.stat().st_size / 2**20:.0f} MB")
    timed("check the file", lambda: check_file(path))
    timed("estimate its price", lambda: estimate(path, model="gpt-4o-mini-2024-07-18"))


def timed(name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401  (whatever the work gives)
    """Do the work, print how long it took, and give its result."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{name:32} {wall:7.2f} s ({processor:.2f} s of processor)")
    return result


if __name__ == "__main__":
    main()
