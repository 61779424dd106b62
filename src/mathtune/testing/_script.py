"""What a stub server is told to do, and what it keeps of what it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Asked", "Fault", "Reply", "Stage", "failing", "succeeding"]


@attrs.frozen(kw_only=True)
class Asked:
    """One request as it came.

    Attributes:
        kind: What was asked for: "chat", "create_job", "upload", ... (the names in `StubServer`).
        path: The path below the base URL, query and all.
        headers: Header names in lower case.
        body: The JSON body; for uploads the form's fields, the file as bytes; None without one; the bytes
            that came where they are neither.
    """

    kind: str
    path: str
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: Any


def _pairs(given: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, arguments) for name, arguments in given)


@attrs.frozen(kw_only=True)
class Reply:
    """An answer to a chat, where a plain text is not enough.

    Attributes:
        text: What the model says.
        calls: Tools that it calls: the name and the arguments (JSON) of each.
        finish_reason: "stop", or "length" for a text that was cut off.
        status: An HTTP status of 400 or more makes the answer an error with `text` as its message.
        code: The error's code.
        retry_after: The error's Retry-After, in seconds.
    """

    text: str = ""
    calls: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_pairs)
    finish_reason: str = "stop"
    status: int = 200
    code: str | None = None
    retry_after: float | None = None


@attrs.frozen(kw_only=True)
class Fault:
    """What goes wrong with requests of one kind.

    Attributes:
        on: The kind of request, or "*" for every kind.
        status: The HTTP status of the error; None with `cut` or for a mere delay.
        code: The error's code, for example "insufficient_quota".
        message: The error's message.
        retry_after: Seconds for the Retry-After header.
        acts: Whether the server does what it was asked before it fails.
        cut: Close the connection instead of answering.
        delay: Seconds before the answer, for time-outs.
        skip: How many such requests pass unharmed first.
        times: How many requests are hit; None hits all that follow.
    """

    on: str
    status: int | None = None
    code: str | None = None
    message: str = "The server had an error while processing your request."
    retry_after: float | None = None
    acts: bool = False
    cut: bool = False
    delay: float = 0.0
    skip: int = 0
    times: int | None = 1


@attrs.frozen(kw_only=True)
class Stage:
    """One step in the life of a job; each look at the job moves it one stage on.

    Attributes:
        status: The job's status from here on, any text.
        events: Events that appear with it: texts, or mappings laid over a plain event.
        changes: Fields laid over the job. "{model}", "{suffix}", "{id}" in texts are filled in.
        metrics: A CSV that becomes the job's result file.
        checkpoints: Checkpoints that appear with it: mappings laid over a plain one.
    """

    status: str
    events: tuple[str | Mapping[str, Any], ...] = ()
    changes: Mapping[str, Any] = attrs.field(factory=dict)
    metrics: bytes | None = None
    checkpoints: tuple[Mapping[str, Any], ...] = ()


def succeeding(*, steps: int = 3) -> tuple[Stage, ...]:
    """Give the stages of a job that trains for some steps and succeeds.

    >>> [stage.status for stage in succeeding(steps=2)]
    ['validating_files', 'queued', 'running', 'running', 'succeeded']
    """
    losses = {step: round(2.0 / (1 + step), 3) for step in range(1, steps + 1)}
    table = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n" + "".join(
        f"{step},{loss},{1 - loss / 4},,\n" for step, loss in losses.items()
    )
    return (
        Stage(status="validating_files", events=("Validating training file",)),
        Stage(status="queued", events=("Files validated, moving job to queued state",)),
        *(_training(step, steps, loss) for step, loss in losses.items()),
        Stage(
            status="succeeded",
            events=("New fine-tuned model created", "The job has successfully completed"),
            changes={"fine_tuned_model": "ft:{model}:stub:{suffix}:{id}", "trained_tokens": 100 * steps},
            metrics=table.encode(),
            checkpoints=({"step_number": steps, "metrics": {"step": steps, "train_loss": losses[steps]}},),
        ),
    )


def _training(step: int, steps: int, loss: float) -> Stage:
    data = {"step": step, "total_steps": steps, "train_loss": loss}
    event = {"type": "metrics", "message": f"Step {step}/{steps}: training loss={loss}", "data": data}
    return Stage(status="running", events=(event,))


def failing(*, code: str, message: str) -> tuple[Stage, ...]:
    """Give the stages of a job that fails.

    >>> failing(code="exceeded_quota", message="no money")[-1].changes["error"]["code"]
    'exceeded_quota'
    """
    error = {"code": code, "message": message, "param": "training_file"}
    event = {"level": "error", "message": message}
    return (
        Stage(status="validating_files"),
        Stage(status="failed", events=(event,), changes={"error": error}),
    )
