"""The case files: pairs and responses that a mathematician can read, a line each."""

from __future__ import annotations

import json
import re
from pathlib import Path

CASES = Path(__file__).with_name("cases")
PAIR_FILES = sorted(CASES.glob("*.txt"))
EXAMINED_FILES = sorted(CASES.glob("examined-*.jsonl"))
MARK = re.compile(r"  (==|!=|=>|!>)  ")


def pairs_of(path):
    """Give the place, gold answer, mark and answer of each line; what stands behind `  ##` is a remark."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.split("  ##")[0].rstrip()
        if text and not text.startswith("##"):
            gold, mark, given = MARK.split(text)
            yield f"{path.name}:{number}", gold, mark, given


def examined_in(path):
    """Give the place and the row of each line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        yield f"{path.name}:{number}", json.loads(line)
