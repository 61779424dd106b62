"""One grader in a process of its own: pairs come in as JSON lines, judgements go out as JSON lines.

Runs under the grader's own Python, so that it imports nothing but the standard library and that grader. The
first line out tells the import time, each other line one judgement, with the peak memory so far. So many
seconds' worth of judgements are written together, because a grader is used in a loop of its own rather than
with a pipe between any two pairs; with 0 each is written at once, to find the pair on which a grader hangs.

    python bench/grader_worker.py mathtune 0.2 < pairs.jsonl
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


# What a grader loads only when it needs it counts as import, not as the first pair's time: a box, and prose.
WARM_UP = (
    {"gold": r"\sqrt{2} + \sin x", "pred": r"The answer is \boxed{\sin x + 2^{1/2}}", "kind": "output"},
    {"gold": r"\frac{3}{2}", "pred": r"Therefore, the value of $x$ is $\frac{6}{4}$.", "kind": "output"},
)


def main() -> int:
    """Judge each line of standard input."""
    start = time.perf_counter()
    judge = GRADERS[sys.argv[1]]()
    for row in WARM_UP:
        judge(row)
    gc.collect()  # what the import left behind, which the first rows would else be charged for
    write([{"import_seconds": time.perf_counter() - start}])
    rows = [json.loads(line) for line in sys.stdin]  # all at once, so that no waiting chills the caches
    together = float(sys.argv[2])
    while rows:
        judged = judge_for(together, judge, rows)
        write(judged)
        del rows[: len(judged)]
    return 0


def judge_for(
    seconds: float, judge: Callable[[dict[str, Any]], tuple[str, str]], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Judge rows for so long, at least one. A row's seconds are its share of the processor time of them all.

    The clock of a process's own time is a question to the operating system, which costs some hundredths of a
    usual row: it is asked once for all, and for each row the usual clock.
    """
    judged: list[dict[str, Any]] = []
    start, processor = time.perf_counter(), time.process_time()
    while len(judged) < len(rows) and (not judged or time.perf_counter() - start < seconds):
        judged.append(timed(judge, rows[len(judged)]))
    worked = (time.process_time() - processor) / (time.perf_counter() - start)
    return [{**each, "seconds": each["seconds"] * worked} for each in judged]


def timed(judge: Callable[[dict[str, Any]], tuple[str, str]], row: dict[str, Any]) -> dict[str, Any]:
    """What a grader makes of a row, and the seconds until it is known."""
    start = time.perf_counter()
    try:
        outcome, tier = judge(row)
    except Exception as error:  # noqa: BLE001  (whatever a grader raises is its judgement)
        outcome, tier = "error", type(error).__name__
    return {"outcome": outcome, "tier": tier, "seconds": time.perf_counter() - start}


def write(values: list[dict[str, Any]]) -> None:
    """Give lines at once, each with the peak memory."""
    peak = peak_mb()
    sys.stdout.writelines(json.dumps({**value, "peak_mb": peak}) + "\n" for value in values)
    sys.stdout.flush()


def peak_mb() -> float:
    """The most memory that this process ever held, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1_024 if sys.platform != "darwin" else peak / 1_048_576


def mathtune() -> Callable[[dict[str, Any]], tuple[str, str]]:
    """This library, with its defaults; the problem's text is passed on where it is known."""
    from mathtune.grading import equivalent, grade

    def judge(row: dict[str, Any]) -> tuple[str, str]:
        gold, pred, problem = str(row["gold"]), str(row["pred"]), row.get("problem")
        if row["kind"] == "output":
            verdict = grade(pred, gold, context=problem)
        else:
            verdict = equivalent(gold, pred, context=problem)
        return verdict.outcome.value, str(verdict.tier)

    return judge


def math_verify() -> Callable[[dict[str, Any]], tuple[str, str]]:
    """Math-Verify as its authors advise it for model outputs: LaTeX and expressions, the box first."""
    import logging

    from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify  # type: ignore[import-not-found]

    logging.disable(logging.CRITICAL)
    configuration = [LatexExtractionConfig(boxed_match_priority=0), ExprExtractionConfig()]

    def parsed(text: str, *, whole: bool) -> list[Any]:
        delimited = any(sign in text for sign in ("$", r"\(", r"\[", r"\boxed"))
        if whole and not delimited:
            found: list[Any] = parse(f"${text}$", extraction_config=configuration)
            if found:
                return found
        return list(parse(text, extraction_config=configuration))

    def judge(row: dict[str, Any]) -> tuple[str, str]:
        gold = parsed(str(row["gold"]), whole=True)
        pred = parsed(str(row["pred"]), whole=row["kind"] != "output")
        return ("equal" if verify(gold, pred) else "different"), ""

    return judge


GRADERS = {"mathtune": mathtune, "math-verify": math_verify}

if __name__ == "__main__":
    sys.exit(main())
