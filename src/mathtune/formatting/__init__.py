"""Takes a `Problem`, gives an `Example`, and examples to and from fine-tuning files."""

from __future__ import annotations

from ._chat import ChatFormatter
from ._example import Example, Message
from ._lines import read_jsonl, to_dataset, write_jsonl

__all__ = ["ChatFormatter", "Example", "Message", "read_jsonl", "to_dataset", "write_jsonl"]
