"""Write constraints.txt from what is installed in this environment.

Run it with the Python of a fresh `.venv` after `make test` passed with newer versions:
`.venv/bin/python scripts/freeze_constraints.py > constraints.txt`. A release that needs a newer
Python than our floor is pinned for those Pythons only; older ones resolve freely.
"""

from __future__ import annotations

from importlib.metadata import distributions

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

FLOOR, NEWEST = 10, 14
OWN = {"mathtune", "pip", "setuptools", "wheel"}
# Releases of myst-parser for older Pythons want older ones of these.
BOUND = {"docutils": "myst-parser", "markdown-it-py": "myst-parser", "jsonschema-rs": "schemathesis"}
# The last schemathesis for Python 3.10, 4.24, takes any jsonschema-rs from 0.49 on, and fails with 0.59.
OLDER = {"jsonschema-rs": "<0.50"}


def main() -> None:
    """Print one pin a line, sorted by name."""
    print("# What `make demo` and `make test` install. Made by scripts/freeze_constraints.py.")
    pins = {canonicalize_name(d.metadata["Name"]): d for d in distributions()}
    for name in sorted(pins.keys() - OWN):
        version = Version(pins[name].version).public  # without "+cpu": the same pin fits every build
        bound = pins.get(BOUND.get(name, name), pins[name])
        pin = marker(bound.metadata.get("Requires-Python") or "")
        print(f"{name}=={version}{pin}")
        if name in OLDER and ">=" in pin:
            print(f"{name}{OLDER[name]}{pin.replace('>=', '<')}")


def marker(requires_python: str) -> str:
    """Give the environment marker that keeps a pin off Pythons that its release refuses."""
    wanted = SpecifierSet(requires_python)
    fitting = [minor for minor in range(FLOOR, NEWEST + 1) if wanted.contains(f"3.{minor}.9")]
    return "" if fitting[0] == FLOOR else f'; python_version >= "3.{fitting[0]}"'


if __name__ == "__main__":
    main()
