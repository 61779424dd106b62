"""From plain code to the askers and back: progress shown, interrupts answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.client import own_clients
from mathtune.errors import CostLimitError, ProtocolError, StorageError
from mathtune.progress import progress_bar

from ._asking import Asker, Tally, with_note
from ._batching import BatchAsker
from ._journal import Journal
from ._thread import run_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai import AsyncOpenAI, OpenAI

    from ._cost import Spending
    from ._pace import Pace
    from ._request import Request
    from ._store import Store

__all__ = ["ask_missing"]

_POOL = 16  # connections of one client: its pool looks at all of them for each request


def ask_missing(
    missing: Sequence[Request], store: Store, client: OpenAI | AsyncOpenAI, pace: Pace, spending: Spending
) -> Tally:
    """Ask requests until all have an answer in the store; every way out says what is kept."""
    session = _Session(missing, store, client, pace, spending)
    if missing:
        with progress_bar(total=len(missing), label="asking", unit="response") as bar:
            try:
                run_apart(session.work, halt=session.halt, tick=lambda: session.show(bar))
            except KeyboardInterrupt as interrupt:
                raise KeyboardInterrupt(session.kept) from interrupt
            except ProtocolError as error:
                raise with_note(error, session.kept) from error
            except CostLimitError as error:
                raise CostLimitError(f"{error}; {session.kept}") from error
            except StorageError as error:
                raise StorageError(f"{error}; {session.kept}") from error
            session.show(bar)
    return session.tally


class _Session:
    def __init__(
        self,
        missing: Sequence[Request],
        store: Store,
        client: OpenAI | AsyncOpenAI,
        pace: Pace,
        spending: Spending,
    ) -> None:
        self.tally = Tally()
        self._missing = missing
        self._store = store
        self._client = client
        self._pace = pace
        self._spending = spending
        self._asker: Asker | BatchAsker | None = None
        self._halted = False

    @property
    def _in_batches(self) -> bool:
        return self._pace.mode == "batch"

    @property
    def done(self) -> int:
        return self.tally.done

    @property
    def kept(self) -> str:
        """What is kept, and how to go on."""
        missing = f"{len(self._missing)} missing responses came"
        if self._in_batches:
            going_on = "; batches under way go on at the server; run the same again to go on from there"
        else:
            going_on = "; run the same again to go on from there" if self.done else ""
        kept = (
            f"{self.done} of {missing} and are kept in {self._store.path}"
            if self.done
            else f"none of {missing}"
        )
        return kept + going_on

    def show(self, bar: Any) -> None:  # noqa: ANN401  (tqdm picks its class at run time)
        """Move the bar, and say beside it what holds the server up."""
        troubles = {"told to wait": self.tally.limited, "faults": self.tally.faults}
        bar.set_postfix_str(", ".join(f"{name} {n}" for name, n in troubles.items() if n), refresh=False)
        bar.update(self.done - bar.n)

    def halt(self) -> None:
        self._halted = True
        if self._asker is not None:
            self._asker.halt()

    async def work(self) -> None:
        async with own_clients(self._client, self._pools()) as clients:
            plain = [client.with_options(max_retries=0) for client in clients]
            journal = Journal(self._store)
            try:
                self._asker = self._batch_asker(plain[0]) if self._in_batches else self._live(plain, journal)
                if not self._halted:
                    await self._asker.ask_all(self._missing)
            finally:
                await journal.close()

    def _pools(self) -> int:
        return 1 if self._in_batches else -(-self._pace.concurrency // _POOL)

    def _live(self, clients: list[AsyncOpenAI], journal: Journal) -> Asker:
        return Asker(
            clients,
            journal,
            self.tally,
            spending=self._spending,
            pace=self._pace,
        )

    def _batch_asker(self, client: AsyncOpenAI) -> BatchAsker:
        return BatchAsker(
            client,
            self._store,
            self.tally,
            spending=self._spending,
            pace=self._pace,
        )
