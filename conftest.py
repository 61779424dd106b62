"""Run the examples of the documentation: docstrings of src/, README.md and docs/*.md (Sybil)."""

from __future__ import annotations

import gc
import os
import sys
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

ROOT = Path(__file__).parent
DOCTEST = ELLIPSIS | NORMALIZE_WHITESPACE

settings.register_profile("mathtune", deadline=None)  # a deadline fails on a busy core
settings.load_profile("mathtune")

# No test may reach a hub or an account, whatever the machine's environment says.
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
    os.environ.pop(name, None)

# The suite starts some two hundred processes: none compiles the package anew, none of two at once spins for a
# core that the other has.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ["OMP_NUM_THREADS"] = "1"


def pytest_collection_finish() -> None:
    """Keep the thousands of tests out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the repository; tests that need it skip where it is missing."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared (real data that is not shipped)")
    return folder


def enter_scratch_folder(namespace: dict[str, Any]) -> None:
    """Let the examples of one document write where they disturb nobody."""
    import tempfile

    namespace["_scratch"] = folder = tempfile.TemporaryDirectory(prefix="mathtune-docs-")
    namespace["_back"] = Path.cwd()
    os.chdir(folder.name)


def leave_scratch_folder(namespace: dict[str, Any]) -> None:
    """Go back and remove what the examples wrote."""
    os.chdir(namespace["_back"])
    namespace["_scratch"].cleanup()


docstrings = Sybil(
    parsers=[DocTestParser(optionflags=DOCTEST)],
    path="src",
    pattern="*.py",
    document_types={".py": PythonDocStringDocument},
    excludes=["**/_models/**"],
)
pages = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=DOCTEST), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    setup=enter_scratch_folder,
    teardown=leave_scratch_folder,
)
pytest_collect_file = (docstrings + pages).pytest()
