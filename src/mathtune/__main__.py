"""`python -m mathtune`: the same as the `mathtune` command."""

from __future__ import annotations

import sys


def run() -> int:
    """Run the command; Ctrl-C is quiet also while modules are still being imported."""
    try:
        from mathtune.cli import main

        return main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(run())
