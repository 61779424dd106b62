"""How long imports take, each in a fresh interpreter: the quickest and the median, and what they load.

python bench/import_time.py
"""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

from measures import table

RUNS = 15
STATEMENTS = (
    "import mathtune",
    "from mathtune import equivalent, grade",
    "from mathtune import read_problems, ChatFormatter, write_jsonl",
    "from mathtune import FineTuner, Evaluator, compare",
)
PROBE = """
import json, sys, time
before = len(sys.modules)
start = time.perf_counter()
{statement}
took = time.perf_counter() - start
print(json.dumps([took, len(sys.modules) - before]))
"""


def main() -> None:
    """Print a line a statement."""
    rows = []
    for statement in STATEMENTS:
        runs = [probe(statement) for _ in range(RUNS)]
        times = [1_000 * took for took, _ in runs]
        rows.append([f"`{statement}`", f"{min(times):.1f}", f"{median(times):.1f}", str(runs[0][1])])
    print(table(["statement", "quickest ms", "median ms", "modules"], rows))


def probe(statement: str) -> tuple[float, int]:
    """(seconds that a statement takes in a fresh interpreter, modules that it loads)."""
    command = [sys.executable, "-c", PROBE.format(statement=statement)]
    took, modules = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return took, modules


if __name__ == "__main__":
    main()
