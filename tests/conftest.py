"""Which server the suites of FineTuner and Evaluator meet: the stub, or the local server behind its front.

And Ctrl-C, which a shell switches off in what it starts in the background, is on for what the tests start.
"""

from __future__ import annotations

import os
import signal

import pytest

import mathtune.testing

IS_LOCAL = os.environ.get("MATHTUNE_TEST_SERVER") == "local"

# Tests that ask for what this server, rightly, does not do: by name, by name with parameters, or by file.
STUB_ONLY = {
    "test_nebius_gets_flat_hyperparameters_of_its_own": "sends arguments that only another provider knows",
    "test_a_file_is_waited_for": "wants a file that is not ready at once, as Azure's are not",
}

if IS_LOCAL:
    from .real_batches import BatchingServer
    from .real_server import FrontedServer

    FrontedServer.WITH_BATCHES = BatchingServer
    mathtune.testing.StubServer = FrontedServer


def pytest_configure():
    """Let the processes of the tests be interrupted, as they would be at a terminal."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """Skip, with their reasons, what only the stub can do."""
    if not IS_LOCAL:
        return
    for item in items:
        names = (item.name, getattr(item, "originalname", item.name), item.path.name)
        reason = next((STUB_ONLY[name] for name in names if name in STUB_ONLY), None)
        if reason is not None:
            item.add_marker(pytest.mark.skip(reason=f"only the stub: it {reason}"))
