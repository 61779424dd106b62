"""Takes a source (file, folder, hub id, built-in drills), gives `Problems`, and selects among them."""

from __future__ import annotations

from ._balance import BalancePlan, Cell, balance, plan_balance
from ._known import KnownDataset, known_dataset, known_datasets
from ._problem import Problem, Problems
from ._read import read_problems

__all__ = [
    "BalancePlan",
    "Cell",
    "KnownDataset",
    "Problem",
    "Problems",
    "balance",
    "known_dataset",
    "known_datasets",
    "plan_balance",
    "read_problems",
]
