"""A server's base URL in, what it holds of OpenAI's fine-tuning protocol out.

Plain HTTP and no client library, so that what the server sends is what is judged.
"""

from __future__ import annotations

from ._run import Finding, Outcome, check_conformance

__all__ = ["Finding", "Outcome", "check_conformance"]
