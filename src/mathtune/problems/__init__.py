"""Takes a source (file, folder, hub id, built-in drills), gives `Problems`."""

from __future__ import annotations

from ._problem import Problem, Problems
from ._read import read_problems

__all__ = ["Problem", "Problems", "read_problems"]
