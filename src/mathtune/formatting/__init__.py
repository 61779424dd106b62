"""Takes a `Problem`, gives examples for each method of fine-tuning, their files, checks and prices."""

from __future__ import annotations

from ._chat import ChatFormatter
from ._check import check_examples, check_file
from ._estimate import Estimate, auto_epochs, estimate
from ._example import Example, Message
from ._finding import Finding
from ._graders import (
    Grader,
    MultiGrader,
    PythonGrader,
    ScoreModelGrader,
    StringCheckGrader,
    TextSimilarityGrader,
    item_keys,
)
from ._lines import read_jsonl, to_dataset, write_jsonl
from ._preference import Preference, PreferenceFormatter, preference_pairs
from ._reinforcement import ReinforcementExample, ReinforcementFormatter
from ._tokens import ModelFacts, TokenCounter, model_facts

__all__ = [
    "ChatFormatter",
    "Estimate",
    "Example",
    "Finding",
    "Grader",
    "Message",
    "ModelFacts",
    "MultiGrader",
    "Preference",
    "PreferenceFormatter",
    "PythonGrader",
    "ReinforcementExample",
    "ReinforcementFormatter",
    "ScoreModelGrader",
    "StringCheckGrader",
    "TextSimilarityGrader",
    "TokenCounter",
    "auto_epochs",
    "check_examples",
    "check_file",
    "estimate",
    "item_keys",
    "model_facts",
    "preference_pairs",
    "read_jsonl",
    "to_dataset",
    "write_jsonl",
]
