"""A fine-tuning file in, a tuned model out: on any server of OpenAI's protocol, never paid for twice."""

from __future__ import annotations

from ._job import Checkpoint, Event, Job, JobError
from ._profiles import PROFILES, Profile, profile_for
from ._tuner import FineTuner

__all__ = ["PROFILES", "Checkpoint", "Event", "FineTuner", "Job", "JobError", "Profile", "profile_for"]
