"""Goes through the checks against one server."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Final

import attrs

from mathtune.errors import UnreachableError

from ._checks import CHECKS
from ._session import Session
from ._wire import Broken, NotChecked, Wire, require_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE: Final = 600.0


class Outcome(str, enum.Enum):
    """What came of a check."""

    HOLDS = "holds"
    BROKEN = "broken"
    NOT_CHECKED = "not checked"


@attrs.frozen(kw_only=True)
class Finding:
    """What came of one check.

    Attributes:
        name: The check's name.
        promise: What a server of the protocol holds, in a sentence.
        outcome: Whether this one does.
        detail: What came instead, or why it was not checked; else empty.
    """

    name: str
    promise: str
    outcome: Outcome
    detail: str = ""


def check_conformance(
    base_url: str,
    *,
    api_key: str | None = None,
    model: str | None = None,
    train: bool = False,
    patience: float = PATIENCE,
) -> Iterator[Finding]:
    """Find out what a server holds of the protocol, a finding at a time.

    Args:
        base_url: As clients take it, usually ending in `/v1`.
        api_key: The bearer, where the server asks for one.
        model: The model to ask and train; None takes the first that is listed.
        train: Make fine-tuning jobs too (about eight small ones).
        patience: Seconds that a job or batch may take.

    Raises:
        UnreachableError: No answer comes from there.
    """
    wire = Wire(base_url=base_url, api_key=api_key)
    session = Session(wire=wire, model=model or _first_model(wire), train=train, patience=patience)
    for check in CHECKS:
        yield _find(check, session)


def _find(check: Callable[[Session], None], session: Session) -> Finding:
    promise = (check.__doc__ or "").strip()
    outcome, detail = Outcome.HOLDS, ""
    try:
        check(session)
    except Broken as broken:
        outcome, detail = Outcome.BROKEN, str(broken)
    except NotChecked as reason:
        outcome, detail = Outcome.NOT_CHECKED, str(reason)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
        # an answer of another shape than every client of the protocol reads
        outcome, detail = Outcome.BROKEN, f"an answer has another shape: {type(error).__name__} {error}"
    except OSError as error:
        outcome, detail = Outcome.BROKEN, f"no answer: {error}"
    return Finding(name=check.__name__, promise=promise, outcome=outcome, detail=detail)


def _first_model(wire: Wire) -> str:
    try:
        models: list[dict[str, Any]] = require_list(wire.get("/models"), "the models")
    except OSError as error:
        raise UnreachableError(f"no answer from {wire.base_url}: {error}") from error
    except Broken as broken:
        message = f"{wire.base_url} does not list its models ({broken}); name one"
        raise UnreachableError(message) from broken
    if not models:
        raise UnreachableError(f"{wire.base_url} lists no model; name one")
    return str(models[0]["id"])
