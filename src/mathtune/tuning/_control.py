"""Tell a job what to do, and judge how it ended."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import attrs

from mathtune.errors import JobFailedError, ProtocolError, RequestRefusedError

from ._job import Checkpoint
from ._lifecycle import ACTIONS
from ._uploads import Uploads

if TYPE_CHECKING:
    from ._job import Job
    from ._site import Site

__all__ = ["Control"]

_log = logging.getLogger("mathtune.tuning")

_BLAMED_LINE = re.compile(r"\b(?:[Ee]xample|[Ll]ine)\s+(\d+)")


@attrs.frozen
class Control:
    """The jobs of one site."""

    site: Site

    def tell(self, job_id: str, action: str, *, reached: set[str]) -> Job:
        """Tell a job to move; asking again for what has happened is no error."""
        before = self.site.look(job_id)
        if before.status in reached:
            return before
        if before.status not in ACTIONS[action]:
            raise RequestRefusedError(f"cannot {action} job {before.id}: it is {before.status}")
        try:
            self.site.wire.tell(action, before.id)
        except ProtocolError as error:
            if error.status in {404, 405, 501}:  # the job is there: it was just looked at
                message = f"{self.site.wire.url} cannot {action} jobs"
                raise RequestRefusedError(message, status=error.status, body=error.body) from error
            after = self.site.look(before.id)
            if after.status not in reached:  # else the first answer was lost, and this is the second refusal
                raise
            return after
        return self.site.look(before.id)

    def cancel(self, job_id: str) -> Job:
        """Stop a job for good."""
        return self.tell(job_id, "cancel", reached={"cancelled"})

    def stop(self, job: Job, reason: str) -> Job:
        """Cancel a job for a reason; one that ended meanwhile is given as it ended."""
        # before the deed: a job cancelled for a reason is no failure
        self.site.ledger.note_stop(job.id, reason)
        _log.warning("job %s is stopped: %s", job.id, reason)
        try:
            return self.cancel(job.id)
        except RequestRefusedError:
            return self.ended(self.site.look(job.id))

    def saved(self, job: Job) -> list[Checkpoint]:
        """Give the models that a job saved on the way, by step; none where the server shows none."""
        try:
            raws = list(self.site.wire.checkpoints(job.id))
        except ProtocolError as error:
            if error.status not in {404, 405, 501}:
                raise
            raws = []
        return sorted(map(Checkpoint.from_raw, raws), key=lambda checkpoint: checkpoint.step)

    def ended(self, job: Job) -> Job:
        """Give a job that rests as it is.

        Raises:
            JobFailedError: It failed, was cancelled, or ended without a model.
        """
        if job.status == "failed" or (job.status == "cancelled" and job.stop_reason is None):
            raise JobFailedError(self._why(job), job=job.raw)
        if job.status == "succeeded" and not job.fine_tuned_model:  # blocked by a provider's safety tests
            told = self.site.ledger.events(job.id)
            last = told[-1].get("message") if told else "nothing"
            raise JobFailedError(f"job {job.id} ended without a model; it last said: {last}", job=job.raw)
        if job.status == "paused":
            _log.warning("job %s is paused; nothing happens until it is resumed", job.id)
        elif self.site.profile.remark:
            _log.warning("%s: %s", self.site.profile.name, self.site.profile.remark)
        return job

    def clean_up(self, ended: Job, *, model: bool) -> list[str]:
        """Delete what a finished job left on the server and give the ids."""
        files = {ended.training_file, ended.validation_file, *ended.result_files} - {None}
        if not ended.is_final:
            raise RequestRefusedError(f"cannot clean up after job {ended.id}: it is {ended.status}")
        for other in self.site.ledger.known_jobs():
            needed = files & {other.training_file, other.validation_file}
            if other.id != ended.id and not other.is_final and needed:
                raise RequestRefusedError(
                    f"cannot clean up after job {ended.id}: job {other.id} needs its files"
                )
        gone = [file for file in sorted(map(str, files)) if Uploads(self.site).remove(file)]
        if model and ended.fine_tuned_model:
            self.site.wire.delete_model(ended.fine_tuned_model)
            gone.append(ended.fine_tuned_model)
        return gone

    def _why(self, job: Job) -> str:
        if job.error is None:
            return f"job {job.id} was {job.status}"
        blamed = _BLAMED_LINE.search(job.error.message)
        file = self.site.ledger.sent_file(job.training_file)
        where = f" ({file.path if file else 'training file'}:{blamed[1]})" if blamed else ""
        return f"job {job.id} {job.status}: {job.error.message} [{job.error.code}]{where}"
