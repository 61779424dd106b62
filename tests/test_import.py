"""`import mathtune` is light: scripts that only read a file or grade a string pay for nothing else."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "openai",
    "datasets",
    "sympy",
    "torch",
    "transformers",
    "scipy",
    "numpy",
    "pyarrow",
    "jinja2",
    "flint",
    "cyclopts",
}


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded when it has run some code."""
    command = [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_import_loads_the_root_alone():
    """A plain import loads mathtune's root and version, and else the standard library alone."""
    added = loaded("import mathtune") - loaded("pass")
    ours = {name for name in added if name.split(".")[0] not in sys.stdlib_module_names}
    assert ours == {"mathtune", "mathtune._version"}


def test_using_the_public_names_loads_nothing_heavy():
    """Heavy packages wait for the call that needs them: naming all that mathtune exports loads none."""
    assert not HEAVY & loaded("import mathtune; [getattr(mathtune, name) for name in mathtune.__all__]")
