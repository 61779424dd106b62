"""Fakes for tests of code that uses mathtune: a script in, a real HTTP server of the protocol out.

It shares no code with `mathtune.client` or `mathtune.tuning`, so it cannot share their mistakes. It trains
nothing; `mathtune serve` does.
"""

from __future__ import annotations

from ._script import Asked, Fault, Reply, Stage, failing, succeeding
from ._stub import StubServer

__all__ = ["Asked", "Fault", "Reply", "Stage", "StubServer", "failing", "succeeding"]
