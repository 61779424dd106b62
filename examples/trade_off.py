"""What narrow fine-tuning gives and takes: the same trigonometry, alone and among the other subjects.

    python trade_off.py --directory demo

trains the small packaged model twice on a local server, once on trigonometry alone, once on the same
trigonometry with as many drills of other subjects, and compares both with the base on held-out drills. What
comes out is measured; another `--seed` draws other problems. `--seeds 3` trains each set three times and asks
what it does on the whole, not what one training happened to do. `--base-url` and `--model` do it elsewhere.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import mathtune as mt
from mathtune.client import connect
from mathtune.server import DRILLS_MODEL, LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator

TOPIC = "trigonometry"
DRILLS = "mathtune:drills"
ENDED = "the server that was started here ends too; run the same again, and it goes on from what is saved"


def read_flags() -> argparse.Namespace:
    """Read the command line."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--directory", type=Path, default=Path("demo"))
    flags.add_argument("--base-url", help="a server of OpenAI's protocol; without it one is started here")
    flags.add_argument("--model", default=DRILLS_MODEL)
    flags.add_argument("--rows", type=int, default=3_000, help="drills in trigonometry to train on")
    flags.add_argument("--test-per-subject", type=int, default=150)
    flags.add_argument("--epochs", type=int, default=2)
    flags.add_argument("--learning-rate-multiplier", type=float, default=1.2)
    flags.add_argument("--seed", type=int, default=0)
    flags.add_argument("--seeds", type=int, default=1, help="how often to train on each set")
    return flags.parse_args()


@contextlib.contextmanager
def base_url(flags: argparse.Namespace) -> Iterator[str]:
    """Give the server's URL; start one where none was named."""
    if flags.base_url:
        yield flags.base_url
    else:
        with LocalServer(flags.directory / "server") as server:
            try:
                yield server.base_url
            except KeyboardInterrupt:
                raise KeyboardInterrupt(ENDED) from None


def training_sets(flags: argparse.Namespace) -> dict[str, mt.Problems]:
    """Draw the two sets: `rows` drills of the topic, and the same with as many of the other subjects."""
    drills = mt.read_problems(DRILLS, split="train", limit=32_000)
    others = {p.subject for p in drills} - {TOPIC}
    shares = {TOPIC: float(len(others)), **dict.fromkeys(others, 1.0)}
    return {
        "narrow": mt.balance(drills, total=flags.rows, shares={TOPIC: 1.0}, seed=flags.seed),
        "balanced": mt.balance(drills, total=2 * flags.rows, shares=shares, seed=flags.seed),
    }


def compare(url: str, flags: argparse.Namespace) -> mt.Comparison:
    """Train on both sets, then ask base and tuned models the same held-out drills."""
    server = connect(url)
    tuner = mt.FineTuner(server, directory=flags.directory)
    settings = {
        "n_epochs": flags.epochs,
        "batch_size": 16,
        "learning_rate_multiplier": flags.learning_rate_multiplier,
    }
    models = {"base": [flags.model]}
    for name, problems in training_sets(flags).items():
        path = mt.write_jsonl(
            mt.ChatFormatter().format_all(problems), flags.directory / f"{name}.jsonl", made_of=problems
        )
        jobs = (
            tuner.tune(path, model=flags.model, suffix=name, seed=seed, hyperparameters=settings)
            for seed in range(flags.seed, flags.seed + flags.seeds)
        )
        models[name] = [str(job.fine_tuned_model) for job in jobs]

    drills = mt.read_problems(DRILLS, split="test", limit=3_200)
    test = mt.balance(drills, total=8 * flags.test_per_subject, seed=flags.seed)
    exam = mt.Evaluator(server, directory=flags.directory, concurrency=128)
    runs = ([exam.evaluate(test, model=model) for model in recipe] for recipe in models.values())
    return mt.compare(*runs, names=tuple(models))


def main() -> None:
    """Train, compare, print and write `report.html`."""
    flags = read_flags()
    try:
        with base_url(flags) as url:
            comparison = compare(url, flags)
    except (mt.MathtuneError, KeyboardInterrupt) as error:
        sys.exit(f"stopped: {str(error) or 'run the same again to go on'}")
    comparison.to_html(flags.directory / "report.html")
    print(comparison)
    print(f"The same with every answer that changed sides: {flags.directory / 'report.html'}")


if __name__ == "__main__":
    main()
