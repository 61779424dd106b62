"""Watch a job: its events in order, each once, until nothing more will come."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from mathtune.client import retry_after
from mathtune.errors import LedgerError, ProtocolError
from mathtune.progress import progress_bar

from ._job import Event
from ._lifecycle import is_known
from ._once import may_have_acted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._job import Job
    from ._site import Site

__all__ = ["Follower"]

T = TypeVar("T")

_log = logging.getLogger("mathtune.tuning")

_SHORTEST_WAIT = 1.0
"""Seconds between looks while something happens; doubled up to the profile's `poll` while nothing does."""
_OUTAGE_WAIT = 10.0
"""Seconds between tries to reach a server that is away."""
_SHOWN = 40
"""Characters of an event's message beside the bar."""
_PATIENCE = 900.0
"""Seconds without any answer after which a job is lost sight of."""
_MOST_UNCLEAR = 20
"""Looks in a row that tell nothing of a job's end, after which it is lost sight of."""
_OVERLAP = 20
"""Known events in a row after which older ones count as known too; servers add some out of order."""


@attrs.frozen(kw_only=True)
class Follower:
    """Watches one job.

    Attributes:
        site: Where it runs.
        job: The job, as last seen.
    """

    site: Site
    job: Job

    def events(self, *, after: str | None) -> Iterator[Event]:
        """Give the events after the one named, or all of them, until the job rests."""
        kept = [Event.from_raw(raw) for raw in self.site.ledger.events(self.job.id)]
        known = {event.id for event in kept}
        if after is not None and after not in known:
            raise LedgerError(
                f"no event {after!r} of job {self.job.id} has been seen in {self.site.ledger.directory}"
            )
        with contextlib.closing(progress_bar(label=f"tuning {self.job.model}", unit="step")) as bar:
            due = after is None
            for event in self._all(kept, known):
                _show(bar, event)
                if due:
                    yield event
                due = due or event.id == after

    def now(self) -> Job:
        """Give the job as it is now, waiting out a gap in the network."""
        return self._patiently(lambda: self.site.look(self.job.id))

    def _all(self, kept: list[Event], known: set[str]) -> Iterator[Event]:
        yield from kept
        wait = _SHORTEST_WAIT
        unclear = 0  # looks in a row
        while True:
            with self._interruptible():
                now = self.now()
                fresh = self._patiently(lambda: self._fresh(known, complete=now.is_resting))  # noqa: B023  (called at once)
            yield from fresh
            if now.is_resting:
                return
            unclear = 0 if is_known(now.raw.get("status")) else unclear + 1
            self._warn_or_give_up(now, unclear)
            wait = _SHORTEST_WAIT if fresh else min(2 * wait, self.site.profile.poll)
            with self._interruptible():
                self.site.sleep(wait)

    def _warn_or_give_up(self, now: Job, unclear: int) -> None:
        """Let a job with a word of the provider's own go on, and end what would be followed for ever."""
        said, is_over = now.raw.get("status"), now.finished_at is not None
        if unclear == 1:
            _log.warning("%s shows job %s with the status %r: taken as running", self._place, now.id, said)
        if unclear < _MOST_UNCLEAR or (said and isinstance(said, str) and not is_over):
            return
        ended = f" and finished_at {now.finished_at!r}" if is_over else ""
        raise ProtocolError(
            f"expected job {now.id} with a status such as 'running' or 'succeeded', got {said!r}{ended}"
            f" {unclear} times in a row from {self._place}. The job is left alone; run the same again to"
            f" take it up, or stop it with {self._cancelling}",
            body=now.raw,
        )

    def _fresh(self, known: set[str], *, complete: bool) -> list[Event]:
        """Fetch what is new, oldest first; `complete` looks through all pages."""
        raws: list[dict[str, Any]] = []
        in_a_row = 0
        for raw in self.site.wire.events(self.job.id):
            raws.append(raw)
            in_a_row = in_a_row + 1 if Event.from_raw(raw).id in known else 0
            if in_a_row >= _OVERLAP and not complete:
                break
        raws.reverse()  # the protocol shows the newest first; sorting keeps that order within a second
        raws.sort(key=lambda raw: raw.get("created_at") or 0)
        events = [Event.from_raw(raw) for raw in self.site.ledger.add_events(self.job.id, raws)]
        known.update(event.id for event in events)
        return events

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask until an answer comes: the job goes on meanwhile, so a gap in the network is no end."""
        since = self.site.clock()
        while True:
            try:
                return ask()
            except ProtocolError as error:
                if not may_have_acted(error) or self.site.clock() - since > _PATIENCE:
                    raise
                self.site.sleep(retry_after(error) or _OUTAGE_WAIT)

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        try:
            yield
        except KeyboardInterrupt:
            place = self._place
            if self.site.profile.is_local:  # it may be a `LocalServer`, which ends with this process
                place += " for as long as that server runs"
            raise KeyboardInterrupt(
                f"job {self.job.id} goes on at {place}; run the same again to take it up, or "
                f"stop it with {self._cancelling}"
            ) from None

    @property
    def _place(self) -> str:
        return self.site.wire.url

    @property
    def _cancelling(self) -> str:
        return f"FineTuner(..., directory={str(self.site.ledger.directory)!r}).cancel({self.job.id!r})"


def _show(bar: Any, event: Event) -> None:  # noqa: ANN401  (tqdm.auto picks its class at run time)
    step, total = event.data.get("step"), event.data.get("total_steps")
    if not isinstance(step, int):
        bar.set_postfix_str(event.message[:_SHOWN])
        return
    if isinstance(total, int) and bar.total != total:
        bar.reset(total=total)  # the time spent in the queue is no measure of a step
    bar.update(max(0, step - bar.n))
    loss = event.data.get("train_loss")
    if isinstance(loss, (int, float)):
        bar.set_postfix_str(f"loss {loss:.3f}")
