"""The checks in the order in which they are told; the docstring of each is what is held or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import _basic_checks as basic
from . import _batch_checks as batches
from . import _chat_checks as chat
from . import _file_checks as files
from . import _grader_checks as graders
from . import _job_checks as jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._session import Session

CHECKS: Final[tuple[Callable[[Session], None], ...]] = (
    basic.unknown_route,
    basic.wrong_method,
    basic.bad_json,
    basic.request_id,
    basic.wrong_key,
    basic.rate_limit_headers,
    basic.models_listed,
    basic.models_unknown,
    files.files_round_trip,
    files.files_not_json_lines,
    files.files_refusals,
    files.files_pages,
    files.files_expire,
    files.files_idempotency,
    files.uploads_parts,
    files.uploads_cancel,
    chat.chat_answers,
    chat.chat_choices,
    chat.chat_length,
    chat.chat_stop,
    chat.chat_repeats,
    chat.chat_seed,
    chat.chat_stream,
    chat.chat_pieces,
    chat.chat_logprobs,
    chat.chat_bias,
    chat.chat_penalties,
    chat.chat_tools,
    chat.chat_demanded_call,
    chat.chat_forms,
    chat.chat_schema,
    chat.chat_bad_arguments,
    chat.chat_idempotency,
    graders.graders_run,
    graders.graders_together,
    graders.graders_validated,
    batches.batches_answer,
    batches.batches_refused_lines,
    batches.batches_listed,
    jobs.jobs_refusals,
    jobs.jobs_bad_arguments,
    jobs.jobs_life,
    jobs.jobs_events,
    jobs.jobs_checkpoints,
    jobs.jobs_results,
    jobs.jobs_model,
    jobs.jobs_metadata,
    jobs.jobs_pages,
    jobs.jobs_too_few,
    jobs.jobs_pause,
    jobs.jobs_cancel,
    jobs.jobs_idempotency,
    jobs.jobs_model_deleted,
)
