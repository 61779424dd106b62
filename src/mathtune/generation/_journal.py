"""Writing from many requests at once: what gathers while one transaction is under way goes into the next.

So a hundred requests share one fsync, and the event loop never waits for the disk.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from mathtune.errors import StorageError

from ._store import Claim, Claimed, Keep, Release

if TYPE_CHECKING:
    from ._store import Step, Store

__all__ = ["Journal"]


class Journal:
    """The store's face to an event loop.

    When the disk runs full, no more claims are taken, and a reserve of room is spent on the answers of those
    requests that are under way.

    Args:
        store: Where to write.

    Raises:
        StorageError: There is no room for the reserve.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reserve = store.reserve()
        self._full: StorageError | None = None
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mathtune-store")
        self._waiting: list[tuple[Step, asyncio.Future[Claimed | None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def claim(self, key: str, model: str) -> Claimed:
        """Say that `key` is about to be asked; on disk when this returns.

        Raises:
            StorageError: The disk refused, now or before.
        """
        if self._full is not None:
            raise self._full
        claimed = await self._put(Claim(key, model))
        if claimed is None:
            raise TypeError("a claim is answered by a Claimed")
        return claimed

    async def keep(self, key: str, answer: str) -> None:
        """Keep an answer; on disk when this returns."""
        await self._put(Keep(key, answer))

    async def release(self, key: str) -> None:
        """Give a claim up, where the server has surely not acted on the request."""
        await self._put(Release(key))

    async def close(self) -> None:
        """Write what is waiting."""
        while self._writer is not None:
            await self._writer
        self._disk.shutdown()
        self._reserve.spend()

    def _take(self, steps: list[Step]) -> list[Claimed | None]:
        """Write, on the reserve where the disk is full."""
        try:
            return self._store.write(steps)
        except StorageError as error:
            self._full = self._full or error
            if not self._reserve.spend():
                raise
            return self._store.write(steps)

    async def _put(self, step: Step) -> Claimed | None:
        done: asyncio.Future[Claimed | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((step, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return await asyncio.shield(done)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                outcomes = await loop.run_in_executor(self._disk, self._take, [step for step, _ in batch])
            except Exception as error:  # noqa: BLE001  (handed to those who wait, none is lost)
                for _, done in batch:
                    done.set_exception(error)
            else:
                for (_, done), outcome in zip(batch, outcomes, strict=True):
                    done.set_result(outcome)
        self._writer = None
