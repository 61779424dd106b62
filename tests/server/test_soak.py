"""Work that goes on while the server is killed again and again."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import openai
import pytest

pytestmark = pytest.mark.processes

KILLS = int(os.environ.get("MATHTUNE_SOAK_KILLS", "4"))
LOST = (openai.APIConnectionError, openai.InternalServerError)
ENDED = ("succeeded", "failed", "cancelled", "completed")


class Killed:
    """A server that is killed at random times and started again at once."""

    def __init__(self, directory, rng):
        self.directory = directory
        self.rng = rng
        self.start()

    def start(self):
        script = Path(__file__).with_name("quick_server.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(self.directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.process.stdout.readline().strip()
        assert self.url, "the server did not start"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def client(self):
        return openai.OpenAI(base_url=self.url, api_key="any", max_retries=0, timeout=20)


def insist(server, act, *given):
    """Repeat a request until a server lives long enough to answer it."""
    while True:
        with contextlib.suppress(*LOST), server.client() as client:
            return act(client, *given)
        time.sleep(0.05)


def make_job(client, key, file_id):
    return client.fine_tuning.jobs.create(
        model="tiny",
        training_file=file_id,
        metadata={"key": key},
        extra_headers={"Idempotency-Key": key},
    ).id


def make_batch(client, key, input_id):
    return client.batches.create(
        input_file_id=input_id,
        endpoint="/v1/chat/completions",
        completion_window="24h",
        extra_headers={"Idempotency-Key": key},
    ).id


def upload_batch(client, key):
    line = {"custom_id": key, "method": "POST", "url": "/v1/chat/completions"}
    line["body"] = {"model": "tiny", "messages": [{"role": "user", "content": key}]}
    return client.files.create(file=("b.jsonl", json.dumps(line).encode()), purpose="batch").id


def work(server, site, number, done, stop):
    """Train and run batches, each made exactly once by its key, until told to stop."""
    count = 0
    while not stop.is_set():
        key = f"{number}-{count}"
        file_id = insist(server, lambda client: site.upload(client).id)
        job_id = insist(server, make_job, key, file_id)
        batch_id = insist(server, make_batch, key, insist(server, upload_batch, key))
        done.append((key, job_id, batch_id))
        count += 1


def test_nothing_is_lost_or_made_twice(site, tmp_path):
    """Whenever the server dies: every job and batch that was promised ends well, and once."""
    rng = random.Random(7)
    server = Killed(tmp_path, rng)
    done, stop = [], threading.Event()
    workers = [threading.Thread(target=work, args=(server, site, n, done, stop)) for n in range(3)]
    for worker in workers:
        worker.start()
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.3, 2.0))
        server.kill()
        server.start()
    time.sleep(0.5)
    stop.set()
    for worker in workers:
        worker.join()
    with contextlib.closing(server.client()) as client:
        for key, job_id, batch_id in done:
            job = site.wait_for(client, job_id)
            assert (job.status, job.metadata) == ("succeeded", {"key": key})
            steps = [
                event.data["step"]
                for event in client.fine_tuning.jobs.list_events(job_id, limit=50)
                if event.type == "metrics"
            ]
            assert steps == [3, 2, 1]
            while (batch := client.batches.retrieve(batch_id)).status not in ENDED:
                time.sleep(0.01)
            assert (batch.status, batch.request_counts.completed) == ("completed", 1)
        keys = [job.metadata["key"] for job in client.fine_tuning.jobs.list(limit=100)]
        assert len(keys) == len(set(keys))
        assert {key for key, _, _ in done} <= set(keys)
    server.kill()
    assert done
