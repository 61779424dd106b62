"""Questions and a model in, responses out, each kept as it comes and none paid for twice."""

from __future__ import annotations

from ._clock import Clock
from ._generate import Generation, generate
from ._request import Question
from ._response import Response, Usage
from ._sampling import Sampling

__all__ = ["Clock", "Generation", "Question", "Response", "Sampling", "Usage", "generate"]
