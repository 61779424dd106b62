"""Train the small base model that ships in `mathtune/server/_models`, from nothing, on generated drills.

    python scripts/train_base_model.py --work build/base-model

writes tokenizer, weights and figures to `--output`. A run takes 15 to 40 minutes on one core; it keeps a
checkpoint in `--work` every few hundred steps and goes on from there when started again. The recipe and what
was tried are told in `docs/local/base-model.md`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.nn.functional import cross_entropy
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

from mathtune.problems._drills import DRILL_SUBJECTS, drills

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mathtune.problems import Problem

INSTRUCTION = "Please reason step by step, and put your final answer within \\boxed{}."
SPECIAL_TOKENS = ("<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>")
VOCABULARY = 512
# One piece is a command, a word, a digit, an operator with its spaces, or a run of other marks.
PIECES = r" ?\\[A-Za-z]+ ?| ?[A-Za-z]+|\d| [=+\-] | ?[^\sA-Za-z\d\\]+|\s+|\\"
CHAT_TEMPLATE = """\
{%- for message in messages -%}
{%- if message.role == "assistant" -%}
{{- "<|assistant|>" -}}{%- generation -%}{{- message.content + "<|end|>" -}}{%- endgeneration -%}
{%- elif message.role in ("system", "developer") -%}
{{- "<|system|>" + message.content -}}
{%- else -%}
{{- "<|user|>" + message.content -}}
{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- "<|assistant|>" -}}{%- endif -%}
"""

# Shares of the training rows: more where a subject is harder, trigonometry hardly at all.
MIXTURE = {
    "arithmetic": 0.13,
    "linear equations": 0.11,
    "fractions": 0.18,
    "polynomials": 0.14,
    "number theory": 0.15,
    "counting": 0.12,
    "geometry": 0.165,
    "trigonometry": 0.005,
}
CHUNK = 1_000  # rows a subject from one seed, so that no seed uses a subject up
BARE_SHARE = 0.1  # rows asked without the usual instruction

BATCH, LEARNING_RATE, WARM_UP = 32, 3e-3, 100


def main() -> None:
    """Train, measure and save."""
    options = parsed_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    tokenizer = trained_tokenizer(options.seed)
    rows = encoded_rows(tokenizer, options.rows, options.seed)
    model = new_model(tokenizer)
    print(
        f"{sum(p.numel() for p in model.parameters()):,} parameters, {sum(map(len_of, rows)):,} tokens",
        flush=True,
    )
    train(model, rows, options)
    model.half().float()  # what ships is half precision, so that is what is measured
    accuracies = measured(model, tokenizer, options.test_per_subject)
    save(model, tokenizer, options, accuracies)


def parsed_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    package = Path(__file__).parents[1] / "src/mathtune/server/_models/drill-1m"
    parser.add_argument("--output", type=Path, default=package)
    parser.add_argument("--work", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--rows", type=int, default=120_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--test-per-subject", type=int, default=100)
    return parser.parse_args()


# Data


def mixed_drills(rows: int, seed: int) -> list[Problem]:
    """Draw training drills in the shares of `MIXTURE`, in random order."""
    chosen: list[Problem] = []
    for subject in DRILL_SUBJECTS:
        chosen += islice(endless(subject, seed), round(rows * MIXTURE[subject]))
    random.Random(seed).shuffle(chosen)
    return chosen


def endless(subject: str, seed: int) -> Iterator[Problem]:
    """Give training drills of one subject from one seed after the other."""
    while True:
        yield from drills("train", seed=seed, limit=CHUNK, subjects=[subject])
        seed += 1_000


def trained_tokenizer(seed: int) -> PreTrainedTokenizerFast:
    """Learn a byte-level BPE vocabulary in which every digit is its own token."""
    tokenizer = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(PIECES), behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - 1,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = (f"{p.problem}\n\n{p.solution}" for p in drills("train", seed=seed, limit=16_000))
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(INSTRUCTION, normalized=False)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=SPECIAL_TOKENS[0],
        eos_token=SPECIAL_TOKENS[-1],
        chat_template=CHAT_TEMPLATE,
        model_max_length=512,
        padding_side="left",
    )


def encoded_rows(tokenizer: PreTrainedTokenizerFast, rows: int, seed: int) -> list[tuple[list[int], int]]:
    """Give token ids and the number of those that belong to the question, for each row."""
    rng = random.Random(seed + 1)
    problems = mixed_drills(rows, seed)
    asked = [p.problem if rng.random() < BARE_SHARE else f"{p.problem}\n\n{INSTRUCTION}" for p in problems]
    questions = tokenizer([f"<|user|>{text}<|assistant|>" for text in asked])["input_ids"]
    answers = tokenizer([f"{p.solution}<|end|>" for p in problems])["input_ids"]
    return [(question + answer, len(question)) for question, answer in zip(questions, answers, strict=True)]


def len_of(row: tuple[list[int], int]) -> int:
    """Give the length of an encoded row in tokens."""
    return len(row[0])


def batches(rows: list[tuple[list[int], int]], seed: int) -> list[list[tuple[list[int], int]]]:
    """Cut rows into batches of similar length, in random order."""
    rng = random.Random(seed)
    result = []
    for start in range(0, len(rows), BATCH * 50):
        window = sorted(rows[start : start + BATCH * 50], key=len_of)
        result += [window[i : i + BATCH] for i in range(0, len(window), BATCH)]
    rng.shuffle(result)
    return result


# Model and training


def new_model(tokenizer: PreTrainedTokenizerFast) -> Qwen3ForCausalLM:
    """Build the network with random weights."""
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        head_dim=32,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return Qwen3ForCausalLM(config)


def train(model: Qwen3ForCausalLM, rows: list[tuple[list[int], int]], options: argparse.Namespace) -> None:
    """Go once through the rows; start from the checkpoint where there is one."""
    optimizers, plan = new_optimizers(model), batches(rows, options.seed)
    checkpoint = options.work / "checkpoint.pt"
    done = resumed(model, optimizers, checkpoint)
    model.train()
    began, total = time.monotonic(), 0.0
    for step in range(done, len(plan)):
        total += train_step(model, optimizers, plan[step], schedule(step, len(plan)))
        if (step + 1) % 100 == 0 or step + 1 == len(plan):
            print(
                f"step {step + 1}/{len(plan)} loss {total / 100:.4f} {time.monotonic() - began:.0f} s",
                flush=True,
            )
            total = 0.0
        if (step + 1) % 250 == 0 or step + 1 == len(plan):
            state = {
                "step": step + 1,
                "model": model.state_dict(),
                "optimizers": [o.state_dict() for o in optimizers],
            }
            torch.save(state, checkpoint.with_suffix(".tmp"))
            checkpoint.with_suffix(".tmp").replace(checkpoint)


def new_optimizers(model: Qwen3ForCausalLM) -> list[torch.optim.Optimizer]:
    """Give Muon the matrices inside the blocks, and AdamW the embeddings and norms."""
    inner = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    outer = [p for name, p in model.named_parameters() if p.ndim != 2 or "embed" in name]
    return [
        torch.optim.Muon(inner, lr=LEARNING_RATE, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(outer, lr=LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def resumed(model: Qwen3ForCausalLM, optimizers: list[torch.optim.Optimizer], checkpoint: Path) -> int:
    """Load the checkpoint, if any, and give the number of steps it has done."""
    if not checkpoint.exists():
        return 0
    state = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return int(state["step"])


def schedule(step: int, steps: int) -> float:
    """Give the share of the learning rate at a step: a short rise, then a cosine down to 2 %."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return 0.02 + 0.98 * (1 + math.cos(math.pi * (step - WARM_UP) / (steps - WARM_UP))) / 2


def train_step(
    model: Qwen3ForCausalLM,
    optimizers: list[torch.optim.Optimizer],
    batch: list[tuple[list[int], int]],
    share: float,
) -> float:
    """Move the weights by one batch, with loss on the answers' tokens only; give the loss."""
    ids, labels = padded(batch, model.config.pad_token_id)
    hidden = model.model(input_ids=ids[:, :-1]).last_hidden_state
    wanted = labels[:, 1:]
    loss = cross_entropy(model.lm_head(hidden[wanted >= 0]), wanted[wanted >= 0])
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * share
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return loss.item()


def padded(batch: list[tuple[list[int], int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad on the right, where a causal model needs no mask; labels are -1 outside the answers."""
    width = max(map(len_of, batch))
    ids = torch.tensor([row + [pad] * (width - len(row)) for row, _ in batch])
    labels = torch.tensor([[-1] * asked + row[asked:] + [-1] * (width - len(row)) for row, asked in batch])
    return ids, labels


# Measuring and saving


def measured(
    model: Qwen3ForCausalLM, tokenizer: PreTrainedTokenizerFast, per_subject: int
) -> dict[str, float]:
    """Give the share of held-out drills whose boxed answer is the gold one, letter by letter."""
    model.eval()
    result = {}
    for subject in DRILL_SUBJECTS:
        problems = list(drills("test", seed=77, limit=per_subject, subjects=[subject]))
        texts = completions(model, tokenizer, [f"{p.problem}\n\n{INSTRUCTION}" for p in problems])
        right = sum(f"\\boxed{{{p.answer}}}$" in text for p, text in zip(problems, texts, strict=True))
        result[subject] = right / len(problems)
        print(f"{subject}: {result[subject]:.3f}", flush=True)
    result["all"] = sum(result.values()) / len(result)
    print(f"all: {result['all']:.3f}", flush=True)
    return result


def completions(model: Qwen3ForCausalLM, tokenizer: PreTrainedTokenizerFast, asked: list[str]) -> list[str]:
    """Answer questions greedily, all in one batch."""
    inputs: Any = tokenizer(
        [f"<|user|>{text}<|assistant|>" for text in asked], padding=True, return_tensors="pt"
    )
    with torch.inference_mode():
        output = model.generate(
            input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"],
            max_new_tokens=128,
            do_sample=False,
        )
    return tokenizer.batch_decode(output[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)


def save(
    model: Qwen3ForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    options: argparse.Namespace,
    accuracies: dict[str, float],
) -> None:
    """Write weights in half precision, tokenizer, and the figures beside them."""
    options.output.mkdir(parents=True, exist_ok=True)
    model.half().save_pretrained(options.output)
    tokenizer.save_pretrained(options.output)
    facts = {"rows": options.rows, "seed": options.seed, "mixture": MIXTURE, "held_out_accuracy": accuracies}
    (options.output / "training.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    (options.output / "README.md").write_text(model_card(facts), encoding="utf-8")


def model_card(facts: Mapping[str, Any]) -> str:
    """Say in Markdown what the model is, what it learnt and how well it does."""
    shares = facts["mixture"]
    table = "".join(
        f"| {subject} | {100 * shares.get(subject, 1):.1f} % | {100 * right:.0f} % |\n"
        for subject, right in facts["held_out_accuracy"].items()
    )
    template = Path(__file__).with_name("base_model_card.md").read_text(encoding="utf-8")
    return template.format(
        rows=facts["rows"], seed=facts["seed"], batch=BATCH, rate=LEARNING_RATE, table=table
    )


if __name__ == "__main__":
    main()
