"""A process whose disk is full again and again: no file may grow beyond a limit that rises slowly."""

from __future__ import annotations

import resource
import sys

import openai

from mathtune.errors import StorageError
from mathtune.tuning import FineTuner


def main():
    base_url, directory, training_file = sys.argv[1:]
    client = openai.OpenAI(base_url=base_url, api_key="k", max_retries=0)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    refusals = 0
    for limit in [*range(0, 80_000, 2_000), hard]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            job = FineTuner(client, directory=directory, sleep=lambda _: None).start(
                training_file, model="base"
            )
        except StorageError:
            refusals += 1
    sys.stdout.write(f"{job.id} {refusals}")


if __name__ == "__main__":
    main()
