"""Takes a source (file, folder, hub id, built-in drills), gives `Problems`, clean, divided and balanced."""

from __future__ import annotations

from ._balance import BalancePlan, Cell, balance, plan_balance
from ._check import DataReport, check_problems
from ._clean import decontaminate, deduplicate
from ._compose import compose
from ._known import KnownDataset, known_dataset, known_datasets
from ._problem import Problem, Problems, Removal
from ._read import read_problems, read_rows
from ._row import Record
from ._skills import Skill, read_skills, tag_skills
from ._split import mix, split

__all__ = [
    "BalancePlan",
    "Cell",
    "DataReport",
    "KnownDataset",
    "Problem",
    "Problems",
    "Record",
    "Removal",
    "Skill",
    "balance",
    "check_problems",
    "compose",
    "decontaminate",
    "deduplicate",
    "known_dataset",
    "known_datasets",
    "mix",
    "plan_balance",
    "read_problems",
    "read_rows",
    "read_skills",
    "split",
    "tag_skills",
]
