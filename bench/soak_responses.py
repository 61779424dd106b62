"""Whole responses around gold answers of data sets: the right answer earns, another problem's does not.

Each gold answer is put into every way to end a response, with every kind of text behind it. A finding is a
right answer that earns nothing, or the answer of another problem that does.

    python bench/soak_responses.py math_test.jsonl gsm8k_test.jsonl --rows 200
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import sys
from pathlib import Path
from typing import NamedTuple

from mathtune.answers import last_boxed
from mathtune.grading import equivalent, grade

# How a response says its answer; what follows the answer comes from `BEHIND`.
ENDINGS = {
    "box": "So we get $\\boxed{%s}$.",
    "box alone": "\\boxed{%s}",
    "box in a display": "Hence\n\\[\n\\boxed{%s}\n\\]",
    "fbox": "Therefore \\fbox{$%s$}.",
    "answer is": "The answer is $%s$.",
    "answer is, bold": "The answer is **$%s$**.",
    "final answer": "**Final Answer:** $%s$",
    "final answer below": "### Final Answer\n\n$%s$",
    "hashes": "\n#### %s",
    "claim, boxed in words": "The final answer is $\\boxed{%s}$. I hope it is correct.",
    "JSON field": '{"reasoning": "we add", "answer": "%s"}',
    "tag": "<answer>%s</answer>",
    "thoughts": "<think>Perhaps \\boxed{-91}? No.</think>\nThe answer is $%s$.",
    "thoughts and box": "<think>Perhaps 91.</think>\n$\\boxed{%s}$",
    "table": "| step | value |\n|---|---|\n| sum | 91 |\n| **answer** | $%s$ |",
    "display": "Adding up gives\n$$%s$$",
    "therefore": "Therefore, the answer is $%s$.",
    "answer with a colon": "Answer: $%s$",
    "Spanish": "Por lo tanto, la respuesta es $%s$.",
    "French": "Donc la réponse est $%s$.",
    "German": "Die Antwort ist $%s$.",
    "Chinese": "所以答案是 $%s$。",
    "Chinese box": "因此,最终答案为 $\\boxed{%s}$。",
    "Russian": "Ответ: $%s$.",
    "Portuguese": "A resposta é $%s$.",
    "Japanese": "答えは $%s$ です。",
    "Hindi": "उत्तर: $%s$",
    "bold box": "**$\\boxed{%s}$**",
    "quoted line": "> **Answer:** $%s$",
    "list item": "- Final answer: $%s$",
}  # fmt: skip
BEHIND = {
    "nothing": "",
    "blank lines": "\n\n\n",
    "politeness": "\n\nLet me know if you have any other questions!",
    "hope": " I hope this helps.",
    "end of turn": "<|im_end|>",
    "end of text": "<|endoftext|>",
    "next turn": "<|im_end|>\n<|im_start|>user\nThanks! What is 3 + 4?<|im_end|>",
    "end of turn of Llama": "<|eot_id|>",
    "end of turn of Gemma": "<end_of_turn>\n",
    "rule": "\n\n---\n",
    "stop token": "</s>",
}
WITH_END = ("JSON field", "tag", "table")  # behind which no sentence goes on in the line


class Row(NamedTuple):
    """A problem and its gold answer."""

    problem: str
    gold: str


def main() -> int:
    """Try all endings for some rows of each file; give 1 as the exit status if anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, help="JSON lines with a problem and its answer")
    parser.add_argument("--rows", type=int, default=100, help="of each file")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    generator = random.Random(options.seed)
    findings: collections.Counter[str] = collections.Counter()
    tried = 0
    for file in options.files:
        rows = read_rows(file)
        for row in generator.sample(rows, min(options.rows, len(rows))):
            other = generator.choice(rows).gold
            for law, response in check(row, other):
                tried += 1
                if law is not None:
                    findings[law] += 1
                    print(f"{law}: gold {row.gold!r}, response {response!r}", flush=True)
    print(f"{tried:,} responses, {findings.total()} findings")
    for law, count in findings.most_common():
        print(f"{count:6}  {law}")
    return min(findings.total(), 1)


def read_rows(file: Path) -> list[Row]:
    """The problems with their gold answers, in the fields that data sets use."""
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines():
        fields = {name: text for name, text in json.loads(line).items() if isinstance(text, str)}
        problem = fields.get("problem") or fields.get("question") or ""
        gold = fields.get("answer") or last_boxed(fields.get("solution", "")) or ""
        gold = gold.rpartition("####")[2].strip()
        if gold and "\n" not in gold:
            rows.append(Row(problem, gold))
    return rows


def check(row: Row, other: str) -> list[tuple[str | None, str]]:
    """Every response around the gold answer and around another one, with the law that it breaks."""
    found: list[tuple[str | None, str]] = []
    apart = not equivalent(row.gold, other, context=row.problem)
    for ending, template in ENDINGS.items():
        for behind, text in BEHIND.items():
            if text.startswith(" ") and ending in WITH_END:
                continue
            right = response_with(template, row.gold) + text
            earns = bool(grade(right, row.gold, context=row.problem))
            found.append((None if earns else f"right, earns nothing: {ending}, {behind}", right))
            if apart and not text:
                wrong = response_with(template, other)
                earns = bool(grade(wrong, row.gold, context=row.problem))
                found.append((f"wrong, earns: {ending}" if earns else None, wrong))
    return found


def response_with(template: str, answer: str) -> str:
    """A response that ends with an answer; JSON doubles its backslashes, and dollars stand once."""
    if template.startswith("{"):
        return template % json.dumps(answer.strip("$"))[1:-1]
    if "$" in answer or "####" in template:
        template = template.replace("$%s$", "%s").replace("$$%s$$", "%s")
    return "We work it out step by step: 5 + 7 = 12.\n" + template % answer


if __name__ == "__main__":
    sys.exit(main())
