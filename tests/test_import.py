"""`import mathtune` is light: scripts that only read a file or grade a string pay for nothing else."""

from __future__ import annotations

import json
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

PROBE = """
import json, sys, time
start = time.perf_counter()
import mathtune
took = time.perf_counter() - start
print(json.dumps([took, sorted(sys.modules)]))
"""


def probe() -> tuple[float, set[str]]:
    """Import mathtune in a fresh interpreter; give the seconds and the modules loaded."""
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    took, modules = json.loads(done.stdout)
    return took, set(modules)


def test_import_loads_nothing_heavy():
    """Importing mathtune loads attrs and our own code, and none of the heavy packages."""
    _, modules = probe()
    assert not HEAVY & modules


def test_using_the_public_names_loads_nothing_heavy_either():
    """Heavy packages wait for the call that needs them: naming all that mathtune exports loads none."""
    probe = "import mathtune, sys; [getattr(mathtune, n) for n in mathtune.__all__]; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_import_is_quick():
    """The quickest of nine imports takes under 100 ms, as the README promises."""
    assert min(probe()[0] for _ in range(9)) < 0.100
