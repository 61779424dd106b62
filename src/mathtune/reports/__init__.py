"""Runs on the same problems in; tables, sentences and one-file pages out."""

from ._compare import compare
from ._comparison import Cell, Comparison, Finding, Flip
from ._guard import Check, Guard, Standing, guard
from ._model_card import ModelCard, model_card
from ._pairing import Row

__all__ = [
    "Cell",
    "Check",
    "Comparison",
    "Finding",
    "Flip",
    "Guard",
    "ModelCard",
    "Row",
    "Standing",
    "compare",
    "guard",
    "model_card",
]
