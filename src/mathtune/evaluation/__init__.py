"""Problems and a model in, a Run out: every response with its answer, its verdict and what became of it.

`import_run` makes a run of responses that are there already.
"""

from __future__ import annotations

from ._accuracy import Accuracy
from ._category import Category
from ._directory import STORE, load_run, save_run
from ._evaluator import Evaluator
from ._import import import_run
from ._listing import KeptRun, list_runs
from ._regrade import Change, Regrade, regrade
from ._result import Result
from ._run import Run
from ._solutions import Solutions, sample_solutions
from ._unfinished import UnfinishedRun, remove_unfinished

__all__ = [
    "STORE",
    "Accuracy",
    "Category",
    "Change",
    "Evaluator",
    "KeptRun",
    "Regrade",
    "Result",
    "Run",
    "Solutions",
    "UnfinishedRun",
    "import_run",
    "list_runs",
    "load_run",
    "regrade",
    "remove_unfinished",
    "sample_solutions",
    "save_run",
]
