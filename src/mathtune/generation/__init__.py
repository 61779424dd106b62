"""Questions and a model in, responses out, each kept as it comes and none paid for twice."""

from __future__ import annotations

from ._calculator import Calculator
from ._clock import Clock
from ._cost import Estimate, Price
from ._generate import Generation, address_of, estimate, generate
from ._kept import KeptResponses, kept_responses
from ._pace import Pace
from ._request import Question
from ._response import Response, Usage
from ._sampling import Sampling
from ._tools import generate_with_tools

__all__ = [
    "Calculator",
    "Clock",
    "Estimate",
    "Generation",
    "KeptResponses",
    "Pace",
    "Price",
    "Question",
    "Response",
    "Sampling",
    "Usage",
    "address_of",
    "estimate",
    "generate",
    "generate_with_tools",
    "kept_responses",
]
