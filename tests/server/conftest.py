"""A server over real HTTP on loopback, with a trainer and a model that need no time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from mathtune.server import ServerSettings
from mathtune.server._app import create_app
from mathtune.server._generator import Answer, Choice, Piece
from mathtune.server._patience import patient_protocol
from mathtune.server._runner import Exit

BASE = "tiny"


class QuickRunner:
    """Reports a small training at once; waits before the end while `held`."""

    def __init__(self, *, steps=3, ending="succeeded"):
        self.steps = steps
        self.ending = ending
        self.free = threading.Event()
        self.free.set()
        self.orders = []

    def run(self, folder, stop):
        order = json.loads(folder.order.read_text())
        self.orders.append(order)
        hyperparameters = {"n_epochs": 3, "batch_size": 1, "learning_rate_multiplier": 1.0}
        with Path(order["log"]).open("a") as log:

            def say(**report):
                log.write(json.dumps(report) + "\n")
                log.flush()

            say(type="started", total_steps=self.steps, hyperparameters=hyperparameters)
            for step in range(1, self.steps + 1):
                say(type="metrics", step=step, total_steps=self.steps, train_loss=1 / step)
                kept = folder.output / f"checkpoint-{step}"
                kept.mkdir(parents=True, exist_ok=True)
                for name in ("model.safetensors", "optimizer.pt", "rng_state.pth"):
                    (kept / name).write_bytes(b"x")
                say(type="checkpoint", step=step, folder=str(kept), train_loss=1 / step)
            while not self.free.wait(0.01):
                if stop.is_set():
                    return Exit(code=-15)
            if self.ending == "crashed":
                return Exit(code=1, last_words="ZeroDivisionError: division by zero")
            if self.ending == "failed":
                say(type="failed", code="out_of_memory", message="No memory.", param=None)
                return Exit(code=0)
            final = folder.output / "model"
            final.mkdir(parents=True, exist_ok=True)
            say(type="succeeded", folder=str(final), trained_tokens=77)
        return Exit(code=0)


class EchoGenerator:
    """Says the last message again, a word a piece; notes what it was asked and what it did not end."""

    def __init__(self):
        self.asked = []
        self.left = []
        self.free = threading.Event()
        self.free.set()

    async def write(self, source, request):
        self.asked.append(request)
        try:
            for piece in self._pieces(request):
                yield piece
                await self._wait()
            await self._wait()
            text = request.messages[-1]["content"]
            told = None if request.logprobs is None else tuple(map(self._entry, text))
            said = Choice(text=text, finish_reason="stop", tokens=2, logprobs=told)
            yield Answer(choices=(said,) * request.n, prompt_tokens=5)
        except (GeneratorExit, asyncio.CancelledError):
            self.left.append(request)
            raise

    @staticmethod
    def _entry(letter):
        entry = {"token": letter, "logprob": -0.5, "bytes": list(letter.encode())}
        return {**entry, "top_logprobs": [entry]}

    async def _wait(self):
        while not self.free.is_set():  # noqa: ASYNC110  (a test sets it from its own thread)
            await asyncio.sleep(0.005)

    @staticmethod
    def _pieces(request):
        words = re.findall(r"\s*\S+", request.messages[-1]["content"]) if request.pieces else []
        for index in range(request.n if words else 0):
            for word in words[:-1]:
                yield Piece(index=index, text=word)
            yield Piece(index=index, text=words[-1], finish_reason="stop")


class QuickServer(uvicorn.Server):
    """Looks often whether it is to end."""

    async def main_loop(self):
        while not self.should_exit:  # noqa: ASYNC110  (uvicorn's own loop, only quicker)
            await asyncio.sleep(0.002)


@contextlib.contextmanager
def serving(app, patience=60.0):
    """Serve an application from a thread; give its base URL."""
    protocol = patient_protocol(patience)
    server = QuickServer(uvicorn.Config(app, port=0, http=protocol, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.should_exit = True
        thread.join()


class Site:
    """A directory with servers that follow one another in it."""

    def __init__(self, directory, **settings):
        self.runner = QuickRunner()
        self.generator = EchoGenerator()
        self.clock = time.time
        self.settings = ServerSettings(directory=directory, models={BASE: "nowhere"}, **settings)

    def app(self):
        return create_app(self.settings, runner=self.runner, generator=self.generator, clock=self.clock)

    @contextlib.contextmanager
    def client(self, api_key="any", **options):
        from openai import OpenAI

        with (
            serving(self.app(), self.settings.patience) as url,
            OpenAI(base_url=url, api_key=api_key, max_retries=0, **options) as client,
        ):
            yield client

    @staticmethod
    def chat_lines(count=12, answer="2"):
        """Give the bytes of a supervised training file."""
        messages = [{"role": "user", "content": "1+1"}, {"role": "assistant", "content": answer}]
        return (json.dumps({"messages": messages}) + "\n").encode() * count

    def upload(self, client, data=None, **others):
        content = self.chat_lines() if data is None else data
        return client.files.create(file=("train.jsonl", content), purpose="fine-tune", **others)

    def start(self, client, data=None, **others):
        """Upload a file and make a job on it."""
        training_file = self.upload(client, data).id
        return client.fine_tuning.jobs.create(model=BASE, training_file=training_file, **others)

    @staticmethod
    def wait_for(client, job_id, *statuses):
        """Wait until a job has one of the statuses, by default until it has ended."""
        pause, patience = 0.005, 200.0
        while patience > 0:
            job = client.fine_tuning.jobs.retrieve(job_id)
            if job.status in (statuses or ("succeeded", "failed", "cancelled")):
                return job
            time.sleep(pause)
            patience -= pause
            pause = min(1.1 * pause, 0.1)  # where it takes long, asking often slows the training
        raise AssertionError(f"job {job_id} is still {job.status}")


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


@pytest.fixture
def new_site(tmp_path):
    """Make a site with settings of one's own."""
    return lambda **settings: Site(tmp_path, **settings)


@pytest.fixture
def client(site):
    with site.client() as client:
        yield client


CHAT_TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- if message.role == 'assistant' -%}"
    "<|assistant|>{%- generation -%}{{ message.content }}<|end|>{%- endgeneration -%}"
    "{%- else -%}<|user|>{{ message.content }}{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}"
)


@pytest.fixture(scope="session")
def random_model(tmp_path_factory):
    """Give the folder of a network with random weights that reads bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    folder = tmp_path_factory.mktemp("models") / "random"
    special = ["<|pad|>", "<|user|>", "<|assistant|>", "<|end|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({text: index for index, text in enumerate(special + letters)}, []))
    tokenizer.add_special_tokens(special)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=special[0], eos_token=special[-1], chat_template=CHAT_TEMPLATE
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = Qwen3Config(
        vocab_size=len(special) + len(letters),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=128,
        tie_word_embeddings=True,
        pad_token_id=0,
        eos_token_id=3,
        bos_token_id=None,
    )
    Qwen3ForCausalLM(config).save_pretrained(folder)
    return str(folder)
