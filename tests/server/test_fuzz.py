"""Requests that nobody would write, made up from the contract by schemathesis."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONTRACT = Path(__file__).parents[2] / "../shared/contracts/openai-openapi.yaml"
EXAMPLES = os.environ.get("MATHTUNE_FUZZ_EXAMPLES", "3")  # an operation; 70 make 2,000 cases in a minute
CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance"


@pytest.mark.skipif(not CONTRACT.exists(), reason=f"no contract at {CONTRACT}")
def test_no_request_breaks_the_server_or_the_contract(site, tmp_path):
    """No answer is a 5xx, and each keeps the schema of the contract."""
    with site.client() as client:
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(CONTRACT), "--url", str(client.base_url)),
            *("--phases", "fuzzing", "--max-examples", EXAMPLES, "-c", CHECKS, "--no-color"),
            *("--seed", "1", "--generation-database", "none"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-2_000:]
        assert client.models.list().data
