"""A new public name is a decision: it is made here as well."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import mathtune

PUBLIC = """
Answer ChatFormatter Comparison Evaluator Example FineTuner Job MathtuneError Message Outcome Policy Problem
Problems Reason Run Sampling Verdict __version__ audit_golds balance check_examples check_file compare
equivalent extract_answer grade grade_batch guard import_run load_run read_jsonl read_problems regrade
sample_solutions to_dataset write_jsonl
"""
INTEGRATIONS = "inspect_ai lm_eval openrlhf trl verl"


def test_the_root_exports_just_these_names():
    """The names that users import from mathtune are the pinned ones, and each of them is there."""
    assert sorted(mathtune.__all__) == sorted(PUBLIC.split())
    assert all(hasattr(mathtune, name) for name in mathtune.__all__)


def test_a_lazily_loaded_name_is_the_one_of_its_package():
    """Each name of the root is its package's own object, and a wrong name is an AttributeError."""
    listed = {name: home for home, names in mathtune._HOMES.items() for name in names}
    assert {*listed, "__version__"} == set(mathtune.__all__) == set(PUBLIC.split())
    for name, home in listed.items():
        assert getattr(mathtune, name) is getattr(importlib.import_module(f"mathtune.{home}"), name)
    with pytest.raises(AttributeError, match="no attribute 'Trainer'"):
        mathtune.Trainer  # noqa: B018  (the access is the test)


@pytest.mark.parametrize("name", sorted(m.name for m in pkgutil.iter_modules(mathtune.__path__) if m.ispkg))
def test_every_package_says_what_it_takes_and_gives(name):
    """Each package has a docstring and lists public names that exist; all its other modules are private.

    But for those of the integrations, which bear the names of the packages that they serve.
    """
    package = importlib.import_module(f"mathtune.{name}")
    assert package.__doc__
    assert all(hasattr(package, public) for public in package.__all__)
    public = {m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")}
    assert public == (set(INTEGRATIONS.split()) if name == "integrations" else set())
