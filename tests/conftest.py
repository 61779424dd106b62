"""Which server the suites of FineTuner and Evaluator meet: the stub, or the local server behind its front."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

import mathtune.testing

IS_LOCAL = os.environ.get("MATHTUNE_TEST_SERVER") == "local"

# Tests that ask for what this server, rightly, does not do: by name, by name with parameters, or by file.
STUB_ONLY = {
    "test_tools.py": "extends the stub by calls of tools",
    "test_a_model_name_never_leaves_the_directory[]": "asks a model without a name",
    "test_batching.py": "extends the stub by batches with courses of their own",
    "test_requests_and_answers_keep_the_contract": (
        "asks for integrations and a reasoning_effort, which this server refuses; its own answers are held "
        "against the contract in tests/server"
    ),
    "test_every_flag_reaches_the_job": "asks for integrations, which this server refuses",
    "test_preferences_train_with_dpo": "wants hyperparameters as they were sent, before auto is resolved",
    "test_prompts_train_with_a_grader": "asks for a reasoning_effort, which this server refuses",
    "test_bounds_of_reinforcement": "asks for a reasoning_effort, which this server refuses",
    "test_nebius_gets_flat_hyperparameters_of_its_own": "sends arguments that only another provider knows",
    "test_cleaning_up_deletes_files_and_model": "wants a job to stay queued until it is looked at",
    "test_the_best_comes_first_and_every_saved_model_is_scored": "reads the job's id out of a model's name",
    "test_a_file_is_waited_for": "wants a file that is not ready at once",
}

if IS_LOCAL:
    spec = importlib.util.spec_from_file_location("real_server", Path(__file__).with_name("real_server.py"))
    real_server = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(real_server)
    mathtune.testing.StubServer = real_server.FrontedServer


def pytest_collection_modifyitems(items):
    """Skip, with their reasons, what only the stub can do."""
    if not IS_LOCAL:
        return
    for item in items:
        names = (item.name, getattr(item, "originalname", item.name), item.path.name)
        reason = next((STUB_ONLY[name] for name in names if name in STUB_ONLY), None)
        if reason is not None:
            item.add_marker(pytest.mark.skip(reason=f"only the stub: it {reason}"))
