"""All benchmarks, one after another: what `make bench` prints.

python bench/run.py                    all
python bench/run.py grading golds      those whose names begin so
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Modules of the benchmarks rather than benchmarks; what only `make soak` runs; and half an hour of training.
SOAKS = {"soak_grading", "soak_cases", "soak_responses"}
PARTS = frozenset({"run", "measures", "grader_worker", "methods", *SOAKS})
FIRST = ("compare_graders", "grading", "golds")


def main() -> int:
    """Run each script; a failure is reported at the end, and stops nothing."""
    wanted = tuple(sys.argv[1:])
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in PARTS)
    names.sort(key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    failed = []
    for name in names:
        if wanted and not name.startswith(wanted):
            continue
        print(f"\n# {name}\n", flush=True)
        if subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
