"""Fine-tune GPT-4o mini on maths problems balanced over subjects, with a validation loss to watch.

    python fine_tune_gpt4omini_math.py --data_path=processed_data.json --output_dir=gpt4omini_finetuned

OpenAI switches gpt-4o-mini off on 2027-01-14 and takes no jobs from 2027-01-06, from most organisations
already now. `--base-url` sends the same job elsewhere: to Azure, to Nebius, or to this machine with

    mathtune serve --model gpt-4o-mini-2024-07-18=Qwen/Qwen3-0.6B
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import mathtune as mt
from mathtune.client import connect
from mathtune.problems import split

SYSTEM = r"You are a careful mathematician. Reason step by step and end with \boxed{answer}."


def read_flags() -> argparse.Namespace:
    """Read the command line; flags may be spelt with hyphens or underscores."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--data_path", "--data-path", type=Path, default=Path("processed_data.json"))
    flags.add_argument("--output_dir", "--output-dir", type=Path, default=Path("gpt4omini_finetuned"))
    flags.add_argument("--model", default="gpt-4o-mini-2024-07-18")
    flags.add_argument(
        "--base_url", "--base-url", help="the server; OPENAI_BASE_URL or OpenAI's own unless given"
    )
    flags.add_argument("--total", type=int, help="training problems, the same number from each subject")
    flags.add_argument("--seed", type=int, default=0)
    flags.add_argument("--max_tokens", "--max-tokens", type=int, default=1024)
    return flags.parse_args()


def fine_tune_and_compare(flags: argparse.Namespace) -> mt.Comparison:
    """Train on seven tenths of the problems, watch the loss on one, test on two."""
    sets = split(
        mt.read_problems(flags.data_path, on_error="skip"),
        {"train": 0.7, "validation": 0.1, "test": 0.2},
        seed=flags.seed,
    )
    sets["train"] = mt.balance(sets["train"], by=("subject",), total=flags.total, seed=flags.seed)
    formatter = mt.ChatFormatter(system=SYSTEM)
    files = {
        name: mt.write_jsonl(
            formatter.format_all(sets[name]), flags.output_dir / f"{name}.jsonl", made_of=sets[name]
        )
        for name in ("train", "validation")
    }

    server = connect(flags.base_url)
    tuner = mt.FineTuner(server, directory=flags.output_dir)
    job = tuner.start(files["train"], validation_file=files["validation"], model=flags.model, seed=flags.seed)
    for event in tuner.follow(job):
        print(event.message)

    tuned_model = tuner.wait(job).fine_tuned_model
    exam = mt.Evaluator(
        server,
        directory=flags.output_dir,
        formatter=formatter,
        sampling=mt.Sampling(max_tokens=flags.max_tokens),
    )
    return mt.compare(*(exam.evaluate(sets["test"], model=name) for name in (flags.model, tuned_model)))


if __name__ == "__main__":
    given = read_flags()
    try:
        result = fine_tune_and_compare(given)
    except (mt.MathtuneError, KeyboardInterrupt) as problem:
        sys.exit(f"stopped: {str(problem) or 'run the same again to go on'}")
    result.to_html(given.output_dir / "report.html")
    print(result)
