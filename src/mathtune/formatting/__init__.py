"""Takes a `Problem`, gives an `Example`, and examples to and from fine-tuning files, which it checks."""

from __future__ import annotations

from ._chat import ChatFormatter
from ._check import check_examples, check_file
from ._example import Example, Message
from ._finding import Finding
from ._lines import read_jsonl, to_dataset, write_jsonl

__all__ = [
    "ChatFormatter",
    "Example",
    "Finding",
    "Message",
    "check_examples",
    "check_file",
    "read_jsonl",
    "to_dataset",
    "write_jsonl",
]
