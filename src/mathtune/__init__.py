"""mathtune: did fine-tuning make this model better at mathematics, where, and by how much?

Problems to fine-tuning files, files to jobs on any server of OpenAI's protocol, models to graded
responses, runs to a paired comparison by subject and level. What is not re-exported here stands in the
packages: `mathtune.server` (a local server that trains), `mathtune.stats`, `mathtune.latex`,
`mathtune.testing` (public fakes).

A name is loaded when it is first used, so that a script pays only for what it needs
(docs/design/0003-lazy-root.md has the figures).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune._version import __version__

if TYPE_CHECKING:
    from mathtune.answers import Answer, extract_answer
    from mathtune.errors import MathtuneError
    from mathtune.evaluation import Evaluator, Run, import_run, load_run, regrade, sample_solutions
    from mathtune.formatting import (
        ChatFormatter,
        Example,
        Message,
        check_examples,
        check_file,
        read_jsonl,
        to_dataset,
        write_jsonl,
    )
    from mathtune.generation import Sampling
    from mathtune.grading import Outcome, Reason, Verdict, audit_golds, equivalent, grade, grade_batch
    from mathtune.policy import Policy
    from mathtune.problems import Problem, Problems, balance, read_problems
    from mathtune.reports import Comparison, compare, guard
    from mathtune.tuning import FineTuner, Job

__all__ = [
    "Answer",
    "ChatFormatter",
    "Comparison",
    "Evaluator",
    "Example",
    "FineTuner",
    "Job",
    "MathtuneError",
    "Message",
    "Outcome",
    "Policy",
    "Problem",
    "Problems",
    "Reason",
    "Run",
    "Sampling",
    "Verdict",
    "__version__",
    "audit_golds",
    "balance",
    "check_examples",
    "check_file",
    "compare",
    "equivalent",
    "extract_answer",
    "grade",
    "grade_batch",
    "guard",
    "import_run",
    "load_run",
    "read_jsonl",
    "read_problems",
    "regrade",
    "sample_solutions",
    "to_dataset",
    "write_jsonl",
]

# The imports above once more, for the interpreter; a test holds the two together.
_HOMES = {
    "answers": ("Answer", "extract_answer"),
    "errors": ("MathtuneError",),
    "evaluation": ("Evaluator", "Run", "import_run", "load_run", "regrade", "sample_solutions"),
    "formatting": (
        "ChatFormatter",
        "Example",
        "Message",
        "check_examples",
        "check_file",
        "read_jsonl",
        "to_dataset",
        "write_jsonl",
    ),
    "generation": ("Sampling",),
    "grading": ("Outcome", "Reason", "Verdict", "audit_golds", "equivalent", "grade", "grade_batch"),
    "policy": ("Policy",),
    "problems": ("Problem", "Problems", "balance", "read_problems"),
    "reports": ("Comparison", "compare", "guard"),
    "tuning": ("FineTuner", "Job"),
}


def __getattr__(name: str) -> object:
    """Load a public name from its package on first use (PEP 562)."""
    import importlib

    for home, names in _HOMES.items():
        if name in names:
            value: object = getattr(importlib.import_module(f"mathtune.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'mathtune' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*__all__, *globals()})
