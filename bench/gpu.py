"""Train and ask a larger model through the local server on a GPU: tokens a second. Skips where there is none.

python bench/gpu.py                      Qwen3 of 0.6 billion random weights, LoRA, bfloat16
python bench/gpu.py --size 1.7b          a larger one
python bench/gpu.py --device cpu         the same code in bfloat16 with a very small model, on any machine
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mathtune.formatting import ChatFormatter
from mathtune.problems._drills import drills
from mathtune.server import LocalServer
from mathtune.server._settings import DRILLS_MODEL, packaged_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai import OpenAI
    from openai.types.chat import ChatCompletionMessageParam
    from openai.types.fine_tuning import FineTuningJob

# Qwen3's own shapes: hidden size, layers, heads, heads of keys and values, a head's size, inner size, tokens.
SIZES = {
    "small": (64, 2, 4, 2, 16, 128, 512),
    "tiny": (512, 16, 8, 8, 64, 1_536, 512),
    "0.6b": (1_024, 28, 16, 8, 128, 3_072, 151_936),
    "1.7b": (2_048, 28, 16, 8, 128, 6_144, 151_936),
}
NAME = "large"
DRILLS_A_ROW = 8  # so that a row has some 450 tokens
WARM_UP = 3  # steps that are not timed


def main() -> int:
    """Print the figures, or why there are none."""
    options = parsed()
    import torch

    if options.device == "cuda" and not torch.cuda.is_available():
        print("No CUDA device here: nothing is measured.")
        return 0
    if options.device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""  # for the server's processes
    device = torch.cuda.get_device_name() if options.device == "cuda" else f"{os.cpu_count()} CPU cores"
    with tempfile.TemporaryDirectory(prefix="mathtune-gpu-") as scratch:
        folder = Path(scratch)
        weights = build_model(folder / NAME, options)
        print(f"{device}: Qwen3 with {weights / 1e6:,.1f} million random weights in bfloat16", flush=True)
        measure(folder, options)
    return 0


def parsed() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--size", choices=[*SIZES], help='by default "0.6b", and "small" on a CPU')
    parser.add_argument("--rows", type=int, default=512, help="examples to train on")
    parser.add_argument("--batch", type=int, default=16, help="examples of a step")
    parser.add_argument("--questions", type=int, default=128, help="asked at once")
    parser.add_argument("--length", type=int, default=128, help="tokens of an answer")
    parser.add_argument("--full", action="store_true", help="train all weights instead of adapters")
    options = parser.parse_args()
    options.size = options.size or {"cuda": "0.6b", "cpu": "small"}[options.device]
    return options


def build_model(folder: Path, options: argparse.Namespace) -> int:
    """Write a model with random weights and the packaged model's tokenizer; give the number of weights."""
    import torch
    from transformers import AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

    hidden, layers, heads, kv_heads, head, inner, vocabulary = SIZES[options.size]
    tokenizer = AutoTokenizer.from_pretrained(packaged_models()[DRILLS_MODEL])
    config = Qwen3Config(
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=head,
        intermediate_size=inner,
        vocab_size=vocabulary,
        max_position_embeddings=4_096,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    torch.manual_seed(0)
    with torch.device(options.device):
        model = Qwen3ForCausalLM(config).to(torch.bfloat16)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return int(sum(weight.numel() for weight in model.parameters()))


def measure(folder: Path, options: argparse.Namespace) -> None:
    """Train, then ask the trained model."""
    from openai import OpenAI

    with (
        LocalServer(folder / "server", models={NAME: str(folder / NAME)}, precision="bfloat16") as server,
        OpenAI(base_url=server.base_url, api_key="any", timeout=3_600) as client,
    ):
        job = train(client, folder, options)
        print(training_line(client, job), flush=True)
        print(generation_line(client, str(job.fine_tuned_model), options), flush=True)


def train(client: OpenAI, folder: Path, options: argparse.Namespace) -> FineTuningJob:
    """Fine-tune for an epoch, and wait for the end."""
    path = folder / "train.jsonl"
    path.write_text("".join(json.dumps({"messages": row}) + "\n" for row in conversations(options.rows)))
    settings = {"n_epochs": 1, "batch_size": options.batch, "lora": not options.full}
    job = client.fine_tuning.jobs.create(
        model=NAME,
        training_file=client.files.create(file=path, purpose="fine-tune").id,
        method={"type": "supervised", "supervised": {"hyperparameters": settings}},
        seed=0,
    )
    while job.status not in ("succeeded", "failed", "cancelled"):
        time.sleep(0.5)
        job = client.fine_tuning.jobs.retrieve(job.id)
    if job.status != "succeeded":
        sys.exit(f"the job {job.status}: {job.error.message if job.error else ''}")
    return job


def conversations(rows: int) -> Iterator[list[dict[str, Any]]]:
    """Give conversations of several drills each."""
    problems, formatter = drills("train", seed=0, limit=rows * DRILLS_A_ROW), ChatFormatter()
    while drawn := list(islice(problems, DRILLS_A_ROW)):
        yield [message.to_dict() for problem in drawn for message in formatter.format(problem).messages]


def training_line(client: OpenAI, job: FineTuningJob) -> str:
    """Say how fast the steps after the first few were."""
    events = [event for event in client.fine_tuning.jobs.list_events(job.id, limit=100) if event.data]
    steps = sorted((event.data["step"], event.created_at, event.data["train_loss"]) for event in events)
    (first, began, _), (last, ended, loss) = steps[min(WARM_UP, len(steps) - 2)], steps[-1]
    tokens = job.trained_tokens * (last - first) / last
    seconds = max(1, ended - began)
    rows = job.hyperparameters.batch_size
    return (
        f"training: {tokens / seconds:,.0f} tokens/s ({last - first} steps of {rows} rows in {seconds} s, "
        f"loss {steps[0][2]:.2f} to {loss:.2f})"
    )


def generation_line(client: OpenAI, model: str, options: argparse.Namespace) -> str:
    """Say how fast many questions at once are answered."""
    problems, formatter = drills("test", seed=0, limit=options.questions), ChatFormatter()
    asked = [[message.to_dict() for message in formatter.messages(problem)] for problem in problems]

    def ask(messages: list[ChatCompletionMessageParam]) -> int:
        answer = client.chat.completions.create(
            model=model, messages=messages, max_tokens=options.length, temperature=1, seed=0
        )
        return answer.usage.completion_tokens if answer.usage else 0

    ask(asked[0])  # loads the model
    began = time.perf_counter()
    with ThreadPoolExecutor(len(asked)) as pool:
        tokens = sum(pool.map(ask, asked))
    seconds = time.perf_counter() - began
    return f"generation: {tokens / seconds:,.0f} tokens/s ({len(asked)} questions at once in {seconds:.1f} s)"


if __name__ == "__main__":
    sys.exit(main())
