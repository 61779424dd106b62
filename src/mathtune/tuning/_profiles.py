"""How servers of the protocol differ, as data. Whoever meets a new server adds a value, not a branch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import attrs

from mathtune.client import TRAINING_CLOSES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = ["PROFILES", "Profile", "profile_for"]


@attrs.frozen(kw_only=True)
class Profile:
    """What one server leaves out, adds or wants otherwise.

    Attributes:
        name: Whose server it is.
        hosts: A pattern for its host names.
        lists_models: Whether `GET /models/{id}` knows every model that can be tuned.
        keeps_metadata: Whether a job shows the metadata it was created with; where not, a job whose
            answer was lost is known again by its files.
        drops: Arguments of a job that it refuses or ignores; they are not sent, with a log line.
        flat: Whether hyperparameters go to the top level (the protocol's older form) instead of `method`.
        own_hyperparameters: Names of hyperparameters beyond the protocol's; sent without a check of bounds.
        extra: Arguments beyond the protocol's that every job gets; an `extra=` of the caller goes over them.
        suffix: A pattern that suffixes must match.
        largest_file: Bytes that an upload may have.
        training_closes: The day from which nobody can create jobs.
        remark: What a user should know after a job succeeded.
        poll: Seconds between looks at a job while nothing happens.
        is_local: Whether it runs on this machine, so that a job it does not know is gone and cost nothing.
    """

    name: str
    hosts: str = attrs.field(repr=False)
    lists_models: bool = False
    keeps_metadata: bool = False
    drops: frozenset[str] = frozenset()
    flat: bool = False
    own_hyperparameters: frozenset[str] = frozenset()
    extra: Mapping[str, Any] = attrs.field(factory=dict, hash=False)
    suffix: str = r".{1,64}"
    largest_file: int = 512 * 1024**2
    training_closes: date | None = None
    remark: str | None = None
    poll: float = 10.0
    is_local: bool = False


PROFILES: Final = (
    Profile(
        name="OpenAI",
        hosts=r"(.+\.)?api\.openai\.com",
        lists_models=True,
        keeps_metadata=True,
        training_closes=TRAINING_CLOSES,
    ),
    Profile(
        name="local",
        hosts=r"localhost|127\.\d+\.\d+\.\d+|::1",
        lists_models=True,
        keeps_metadata=True,
        poll=1.0,
        is_local=True,
    ),
    Profile(
        name="Azure/Foundry",
        hosts=r".+\.(openai|services\.ai|cognitiveservices)\.azure\.com",
        # without it the server answers that the base model does not support fine-tuning (LiteLLM issue 24687)
        extra={"trainingType": "Standard"},
        suffix=r"[^.]{1,64}",
        remark="deploy the model through Azure's control plane before asking it",
    ),
    Profile(
        name="Bedrock",
        hosts=r"bedrock-mantle\..+\.api\.aws",
        drops=frozenset({"suffix"}),
    ),
    Profile(
        name="Nebius",
        hosts=r"(.+\.)?(tokenfactory|studio)\.nebius\.(com|ai)",
        drops=frozenset({"metadata"}),
        flat=True,
        own_hyperparameters=frozenset(
            {
                "context_length",
                "learning_rate",
                "lora",
                "lora_alpha",
                "lora_dropout",
                "lora_r",
                "max_grad_norm",
                "packing",
                "warmup_ratio",
                "weight_decay",
            }
        ),
        largest_file=5 * 10**9,
    ),
    Profile(name="Crusoe", hosts=r".+\.crusoecloud\.com", largest_file=3 * 10**9),
)
"""The servers known by name, from each provider's documents and notebooks as of November 2026."""

_ANY_OTHER = Profile(name="another server", hosts=".*", largest_file=8 * 1024**3)


def profile_for(url: str) -> Profile:
    """Choose the profile by a base URL's host; one that no profile names is taken as the protocol says.

    >>> profile_for("http://127.0.0.1:8000/v1").name, profile_for("https://api.openai.com/v1").name
    ('local', 'OpenAI')
    """
    host = urlsplit(url).hostname or ""
    return next((known for known in PROFILES if re.fullmatch(known.hosts, host)), _ANY_OTHER)
