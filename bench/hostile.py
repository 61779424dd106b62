"""What texts of ten megabytes cost, each in a process of its own: processor time and peak memory.

python bench/hostile.py                       all texts, in every way into the engine
python bench/hostile.py --only digits boxes
python bench/hostile.py --size 9990           as long as an answer may be
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from multiprocessing import get_context
from pathlib import Path

from measures import table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/grading_hostile"))

from long_texts import TEN_MEGABYTES, UNITS, WAYS, long_text, try_out  # type: ignore[import-not-found]

# The promise for any input whatever.
MOST_SECONDS = 0.25
MOST_MEGABYTES = 300
SHOWN = 10


def main() -> int:
    """Print what costs the most; give 1 as the exit status if anything costs more than is promised."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=list(UNITS), default=list(UNITS), metavar="TEXT")
    parser.add_argument("--size", type=int, default=TEN_MEGABYTES, help="bytes of a text")
    options = parser.parse_args()
    for way in WAYS:  # what is imported late is no text's work
        try_out(way, "\\sqrt{2} + x")
    tries = [
        (name, way, *apart(way, long_text(UNITS[name], options.size)))
        for name in options.only
        for way in WAYS
    ]
    above = [one for one in tries if one[2] > MOST_SECONDS or one[3] > MOST_MEGABYTES]
    for title, column in (("slowest", 2), ("largest", 3)):
        worst = sorted(tries, key=lambda one: -one[column])[:SHOWN]
        rows = [[name, way, f"{1_000 * seconds:.0f}", str(size)] for name, way, seconds, size in worst]
        print(table([title, "as", "ms", "MB"], rows) + "\n")
    print(f"{len(tries)} tries, {len(above)} above {1_000 * MOST_SECONDS:.0f} ms or {MOST_MEGABYTES} MB")
    return min(len(above), 1)


def apart(way: str, text: str) -> tuple[float, int]:
    """What a try takes in a process that has tried nothing else, or infinity if it is killed."""
    gc.collect()
    context = get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=lambda: writing.send(try_out(way, text)))
    process.start()
    writing.close()
    try:
        seconds, megabytes = reading.recv()
    except EOFError:
        seconds, megabytes = float("inf"), 0
    process.join()
    return seconds, megabytes


if __name__ == "__main__":
    if not hasattr(os, "fork"):
        sys.exit("needs a system that can fork")
    sys.exit(main())
