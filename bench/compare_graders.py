"""mathtune beside Math-Verify: the same pairs, the same machine, one run, a process a grader.

Math-Verify is installed into its own environment in a cache folder, because its pins would disturb ours.
Where it cannot be installed, the table has mathtune alone, and why. Times are the grader's processor time.
Other work on the machine weighs on both alike: mathtune judges all rows several times before and after
Math-Verify's one long pass, in a new process each time, and a row's time is the mean of its passes.

    python bench/compare_graders.py                     every response, some labelled pairs of each file
    python bench/compare_graders.py --rows 100000       every pair too (about ten minutes)
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from measures import NOT_AVERAGED, SHARED, Judged, figures_of, percent, read_rows, table

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUIREMENT = "math-verify[antlr4_13_2]==0.9.0"
HEADER = [
    *("grader", "pairs", "right %", "false pos %", "pairs/s"),
    *("p50 ms", "p99 ms", "max ms", "import s", "peak MB"),
]
HERE = Path(__file__).resolve().parent
# A grader that has not answered by then never will; its process is ended and the pair counts as an error.
PATIENCE = 60.0
# Seconds of judging whose results a grader's process writes together.
TOGETHER = 0.2
# Passes of mathtune over all rows before the other grader's single pass, and as many after it.
PASSES = 3


class Grader(NamedTuple):
    """A name and the Python that can import it."""

    name: str
    python: str


class Performance(NamedTuple):
    """What a grader made of a list of pairs, and what it cost."""

    judged: list[Judged]
    import_seconds: float
    peak_mb: float


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with `pairs` and `outputs`")
    parser.add_argument("--rows", type=int, default=40, help="at most so many labelled pairs a file")
    parser.add_argument(
        "--cache", type=Path, default=cache_folder(), help="where other graders are installed"
    )
    parser.add_argument("--group", default="", help="only the groups whose names begin so")
    options = parser.parse_args()
    groups = {
        "labelled pairs": labelled(options.shared / "pairs", options.rows),
        "MATH answers": model_answers(options.shared / "outputs"),
        "full responses": responses(options.shared / "outputs"),
    }
    other = installed(options.cache)
    for title, rows in groups.items():
        if not title.startswith(options.group):
            continue
        if rows:
            report(title, rows, other)
        else:
            print(f"\n{title}: no rows under {options.shared}")
    return 0


def cache_folder() -> Path:
    """Where the user's caches live."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mathtune-bench"


def installed(cache: Path) -> Grader | None:
    """Math-Verify in its own environment, or None, with the reason printed."""
    folder = cache / "math-verify-0.9.0"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / ".installed"
    if not done.exists():
        print(f"installing {REQUIREMENT} into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
            print(f"Math-Verify cannot be installed, so mathtune stands alone: {reason}")
            return None
        done.touch()
    return Grader("math-verify", str(python))


def labelled(folder: Path, limit: int) -> list[dict[str, Any]]:
    """Labelled pairs, so many a file."""
    return [
        {**row, "file": path.stem}
        for path in sorted(folder.glob("*.jsonl"))
        if path.stem not in NOT_AVERAGED
        for row in read_rows(path, limit)
    ]


def responses(folder: Path, names: str = "*") -> list[dict[str, Any]]:
    """Real responses of the files so named, unlabelled: for speed and disagreement."""
    return [
        {
            "id": row["id"],
            "file": path.stem,
            "gold": row["gold"],
            "pred": row["pred"],
            "kind": "output",
            "label": True,
        }
        for path in sorted(folder.glob(f"{names}.jsonl"))
        for row in read_rows(path)
    ]


def model_answers(folder: Path) -> list[dict[str, Any]]:
    """The boxes of responses to MATH, as answers already taken out."""
    from mathtune.answers import last_boxed

    rows = [(row, last_boxed(row["pred"])) for row in responses(folder, "math*")]
    return [{**row, "pred": boxed, "kind": "answer"} for row, boxed in rows if boxed]


def report(title: str, rows: list[dict[str, Any]], other: Grader | None) -> None:
    """Run the graders on the rows and print a line each."""
    performances = side_by_side(rows, other)
    with_labels = title == "labelled pairs"
    lines = [line(name, performance, labels=with_labels) for name, performance in performances.items()]
    print(f"\n## {title}\n\n{table(HEADER, lines)}")
    ours = performances["mathtune"]
    tiers = Counter(one.tier or "-" for one in ours.judged)
    shares = ", ".join(f"{tier} {percent(count, len(rows)):.1f} %" for tier, count in tiers.most_common())
    print(f"\ndecided by: {shares}")
    if len(performances) > 1:
        theirs = performances["math-verify"]
        apart = sum(
            (a.outcome == "equal") != (b.outcome == "equal")
            for a, b in zip(ours.judged, theirs.judged, strict=True)
        )
        share = percent(apart, len(rows))
        ratio = speed_ratio(ours.judged, theirs.judged)
        print(f"mathtune is {ratio:.0f} times as fast; they disagree on {share:.1f} % of the pairs")
        if not with_labels:
            ratios = zip(by_file(ours.judged), by_file(theirs.judged), strict=True)
            print("by source: " + ", ".join(f"{a[0].row['file']} {speed_ratio(a, b):.0f}" for a, b in ratios))


def speed_ratio(ours: list[Judged], theirs: list[Judged]) -> float:
    """How many pairs we judge in the time that the other takes for one."""
    return figures_of(ours).per_second / figures_of(theirs).per_second


def by_file(judged: list[Judged]) -> list[list[Judged]]:
    """The judgements of each file, in the files' order."""
    files: dict[str, list[Judged]] = {}
    for one in judged:
        files.setdefault(one.row["file"], []).append(one)
    return list(files.values())


def line(name: str, performance: Performance, *, labels: bool) -> list[str]:
    """One grader's line of the table; accuracy is the average over files."""
    figures = figures_of(performance.judged)
    files = by_file(performance.judged)
    accuracy = sum(figures_of(judged).accuracy for judged in files) / len(files)
    return [
        name,
        str(figures.pairs),
        f"{accuracy:.1f}" if labels else "",
        f"{figures.false_positives:.1f}" if labels else "",
        f"{figures.per_second:,.0f}",
        f"{figures.p50:.2f}",
        f"{figures.p99:.2f}",
        f"{figures.longest:.0f}",
        f"{performance.import_seconds:.2f}",
        f"{performance.peak_mb:.0f}",
    ]


def side_by_side(rows: list[dict[str, Any]], other: Grader | None) -> dict[str, Performance]:
    """Our passes over all rows, and amid them the other grader's one: it is slow until it has warmed up."""
    own = Grader("mathtune", sys.executable)
    ours = [run(own, rows) for _ in range(PASSES)]
    theirs = {} if other is None else {other.name: run(other, rows)}
    ours += [run(own, rows) for _ in range(PASSES)]
    judged = [averaged(row) for row in zip(*(each.judged for each in ours), strict=True)]
    imports, peak = min(each.import_seconds for each in ours), max(each.peak_mb for each in ours)
    return {own.name: Performance(judged, imports, peak), **theirs}


def averaged(judged: tuple[Judged, ...]) -> Judged:
    """One row's judgement with the mean of its times."""
    return judged[0]._replace(seconds=sum(one.seconds for one in judged) / len(judged))


def run(grader: Grader, rows: list[dict[str, Any]]) -> Performance:
    """Feed rows to the grader's process; start it anew after a pair on which it hangs or dies."""
    performance = Performance([], 0.0, 0.0)
    judged = performance.judged
    together = TOGETHER
    while len(judged) < len(rows):
        performance = run_once(grader, rows[len(judged) :], performance, together)
        if len(judged) < len(rows) and not together:
            judged.append(Judged(rows[len(judged)], "error", PATIENCE, "hung"))
        together = 0.0 if together else TOGETHER  # after a hang one by one, to find the pair
    return performance


def run_once(
    grader: Grader, rows: list[dict[str, Any]], performance: Performance, together: float
) -> Performance:
    """Add to what is known what one process makes of the rows, until it is done, hangs or dies."""
    process = subprocess.Popen(
        [grader.python, str(HERE / "grader_worker.py"), grader.name, str(together)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    judged, imports, peak = performance
    answers = answers_of(process)
    try:
        imports = next(answers)["import_seconds"]
        ask(process, rows)
        for row in rows:
            told = next(answers)
            peak = max(peak, told["peak_mb"])
            judged.append(Judged(row, told["outcome"], told["seconds"], told["tier"]))
    except TimeoutError:
        pass
    finally:
        process.kill()
        process.wait()
    return Performance(judged, imports, peak)


def ask(process: subprocess.Popen[bytes], rows: list[dict[str, Any]]) -> None:
    """Send all rows."""
    assert process.stdin is not None  # noqa: S101  (opened as a pipe)
    process.stdin.writelines(json.dumps(row).encode() + b"\n" for row in rows)
    process.stdin.close()


def answers_of(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    """Give the lines of the grader.

    Raises:
        TimeoutError: It hangs, or it died.
    """
    assert process.stdout is not None  # noqa: S101  (opened as a pipe)
    pending = b""
    while True:
        *lines, pending = pending.split(b"\n")
        yield from map(json.loads, lines)
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        chunk = os.read(process.stdout.fileno(), 65_536) if ready else b""
        if not chunk:
            raise TimeoutError
        pending += chunk


if __name__ == "__main__":
    sys.exit(main())
