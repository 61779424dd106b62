"""How fast `generate` asks, beside a bare `AsyncOpenAI` loop in the same run; and whether its memory is flat.

A stub in a process of its own answers at once, so the client is what is measured. Both loops hold the same
number of requests under way. Run it as

    python bench/evaluation_throughput.py --requests 5000 --concurrency 128
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from openai import AsyncOpenAI, OpenAI

from mathtune.formatting import Message
from mathtune.generation import Pace, Question, generate

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

TEXT = r"First I add the two numbers, then I look at the sum again. The answer is \boxed{42}. " * 8
ANSWER = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "stub",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 40, "completion_tokens": 160, "total_tokens": 200},
    }
).encode()
REPLY = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
    len(ANSWER),
    ANSWER,
)


class Stub(asyncio.Protocol):
    """Answers each whole request at once and reads nothing of it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        self.transport = transport
        self.seen = b""

    def data_received(self, data: bytes) -> None:
        """Answer when the body is whole."""
        self.seen += data
        while True:
            head, found, rest = self.seen.partition(b"\r\n\r\n")
            if not found:
                return
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            if len(rest) < length:
                return
            self.seen = rest[length:]
            self.transport.write(REPLY)  # type: ignore[attr-defined]


def serve(connection: Connection) -> None:
    """Run the stub; its port goes through the connection."""

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0, backlog=512)
        connection.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def bare(base_url: str, count: int, concurrency: int) -> float:
    """Ask with nothing but the SDK and give the seconds of CPU time that this process took."""
    numbers = iter(range(count))

    async def work(client: AsyncOpenAI) -> None:
        for number in numbers:
            await client.chat.completions.create(
                model="stub", messages=[{"role": "user", "content": f"What is {number}?"}], temperature=0.0
            )

    async with AsyncOpenAI(base_url=base_url, api_key="k", max_retries=0) as client:
        await asyncio.gather(*(work(client) for _ in range(concurrency)))
    return 0.0


def measured(label: str, count: int, work) -> tuple[float, float]:  # noqa: ANN001  (any callable)
    """Run, print and give requests a second of wall clock and of CPU time."""
    before, wall, cpu = memory(), time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{label:<28}{count / wall:>9.0f} requests/s {count / cpu:>9.0f} requests/s of CPU"
        f"   peak memory +{memory() - before:.1f} MB"
    )
    return count / wall, count / cpu


def memory() -> float:
    """Give the peak memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--concurrency", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    stub = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    stub.start()
    base_url = f"http://127.0.0.1:{ours.recv()}/v1"
    count, concurrency = options.requests, options.concurrency
    asyncio.run(bare(base_url, 200, concurrency))
    for number in range(options.rounds):
        plain = measured("bare AsyncOpenAI", count, lambda: asyncio.run(bare(base_url, count, concurrency)))
        with tempfile.TemporaryDirectory() as folder:
            ask = asker(base_url, Path(folder) / f"{number}.sqlite", concurrency)
            full = measured("generate", count, lambda ask=ask: ask(count))
            measured("generate, all from the store", count, lambda ask=ask: ask(count))
        print(f"bare / generate: {plain[0] / full[0]:.2f} by wall clock, {plain[1] / full[1]:.2f} by CPU\n")
    stub.terminate()


def asker(base_url: str, path: Path, concurrency: int):  # noqa: ANN201  (a closure over the arguments)
    """Give a function that asks so many questions."""

    def ask(count: int) -> None:
        questions = [Question(str(n), (Message("user", f"What is {n}?"),)) for n in range(count)]
        client = OpenAI(base_url=base_url, api_key="k")
        done = generate(questions, model="stub", path=path, client=client, pace=Pace(concurrency=concurrency))
        assert len(done) == count  # noqa: S101  (a benchmark of nothing would be fast)

    return ask


if __name__ == "__main__":
    main()
